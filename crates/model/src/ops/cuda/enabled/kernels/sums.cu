// Sums over the pixels: a convolution's bias gradient and the mean of each map. One read per element (the means write one
// value per map): bound by memory. Terms are widened to f64 and added in an order that follows from the sizes alone.
#include "pixels.cuh"

// Sum of each channel's part that is this block's: stage one of two.
template <typename T, uint32_t WIDTH>
__device__ inline void channel_parts_of(uint64_t pixels, uint32_t channels, uint32_t splits, const T *__restrict__ x,
                                        double *scratch, double *__restrict__ partial) {
  const Share<WIDTH> share(channels);
  double sums[1][WIDTH] = {};
  for_runs(pixels, channels, share, splits, [&](uint64_t at, uint64_t step, uint32_t count) {
#pragma unroll 8
    for (uint32_t i = 0; i < count; ++i) {
      const Pack<T, WIDTH> values = load<WIDTH>(x + at + i * step).open();
#pragma unroll
      for (uint32_t k = 0; k < WIDTH; ++k) sums[0][k] += double(widen(values.values[k]));
    }
  });
  write_part<WIDTH, 1>(share, channels, sums, scratch, partial);
}

template <typename T>
__device__ void channel_parts(uint64_t pixels, uint32_t channels, uint32_t splits, const T *x, double *partial) {
  constexpr uint32_t WIDTH = WIDEST_SUM<T>;
  SCRIBE_SHARED double scratch[SCRATCH<WIDTH, 1>];
  if (channels % WIDTH == 0) channel_parts_of<T, WIDTH>(pixels, channels, splits, x, scratch, partial);
  else channel_parts_of<T, 1>(pixels, channels, splits, x, scratch, partial);
}

// Stage two: a block for CHANNELS channels.
template <typename P>
__device__ void channel_sums(uint32_t channels, uint32_t splits, const double *partial, P *result) {
  SCRIBE_SHARED double scratch[THREADS];
  double sums[1];
  const uint32_t c = sum_of_parts<1>(splits, channels, partial, sums, scratch);
  if (c < channels) result[c] = P(sums[0]);
}

// Mean of each picture's maps, a block for 32 channels of a picture.
template <typename T>
__device__ void plane_means(uint32_t channels, uint32_t hw, const T *__restrict__ x, T *__restrict__ means) {
  SCRIBE_SHARED double scratch[THREADS];
  const uint32_t groups = (channels + WARP - 1) / WARP;
  const uint32_t image = blockIdx.x / groups, c = blockIdx.x % groups * WARP + lane();
  const T *from = x + uint64_t(image) * hw * channels;
  double sum = 0;
  if (c < channels) {
#pragma unroll 8
    for (uint32_t i = warp(); i < hw; i += THREADS / WARP) sum += double(widen(from[uint64_t(i) * channels + c]));
  }
  scratch[threadIdx.x] = sum;
  __syncthreads();
  if (warp() != 0 || c >= channels) return;
  sum = 0;
  for (uint32_t w = 0; w < THREADS / WARP; ++w) sum += scratch[w * WARP + lane()];
  means[uint64_t(image) * channels + c] = narrow<T>(arithmetic<T>(sum / hw));
}

template <typename T, uint32_t WIDTH>
__device__ inline void plane_means_backward_of(uint32_t images, uint32_t channels, uint32_t hw,
                                               const T *__restrict__ dy, T *__restrict__ dx) {
  for_pixels<WIDTH>(uint64_t(images) * hw, channels, [&](uint64_t pixel, uint32_t c) {
    Pack<T, WIDTH> gradients = load<WIDTH>(dy + pixel / hw * channels + c).open();
#pragma unroll
    for (uint32_t k = 0; k < WIDTH; ++k)
      gradients.values[k] = narrow<T>(widen(gradients.values[k]) / arithmetic<T>(hw));
    store<WIDTH>(dx + pixel * channels + c, gradients);
  });
}

// The gradient of a map's mean: the same for each of its pixels.
template <typename T>
__device__ void plane_means_backward(uint32_t images, uint32_t channels, uint32_t hw, const T *dy, T *dx) {
  constexpr uint32_t WIDTH = WIDEST<T>;
  if (in_packs<WIDTH>(channels, dy, dx)) plane_means_backward_of<T, WIDTH>(images, channels, hw, dy, dx);
  else plane_means_backward_of<T, 1>(images, channels, hw, dy, dx);
}

#define KERNELS(T, TYPE)                                                                                              \
  extern "C" __global__ void channel_parts_##TYPE(uint64_t pixels, uint32_t channels, uint32_t splits, const T *x,    \
                                                  double *partial) {                                                  \
    channel_parts<T>(pixels, channels, splits, x, partial);                                                           \
  }                                                                                                                   \
  extern "C" __global__ void channel_sums_##TYPE(uint32_t channels, uint32_t splits, const double *partial,           \
                                                 arithmetic<T> *sums) {                                               \
    channel_sums<arithmetic<T>>(channels, splits, partial, sums);                                                     \
  }                                                                                                                   \
  extern "C" __global__ void plane_means_##TYPE(uint32_t channels, uint32_t hw, const T *x, T *means) {               \
    plane_means<T>(channels, hw, x, means);                                                                           \
  }                                                                                                                   \
  extern "C" __global__ void plane_means_backward_##TYPE(uint32_t images, uint32_t channels, uint32_t hw,             \
                                                         const T *dy, T *dx) {                                        \
    plane_means_backward<T>(images, channels, hw, dy, dx);                                                            \
  }
SCRIBE_FOR_ELEMENTS(KERNELS)
