// Sums over the pixels: a convolution's bias gradient and the mean of each map. One read per element (the means write one
// value per map): bound by memory. Terms are widened to f64 and added in an order that follows from the sizes alone.
#include "pixels.cuh"

constexpr int THREADS = 256;

// Sum of each channel's part that is this block's: stage one of two.
template <typename T>
__device__ void channel_parts(uint64_t pixels, uint32_t channels, uint32_t splits, const T *__restrict__ x,
                              double *__restrict__ partial) {
  SCRIBE_SHARED double scratch[THREADS];
  const Share share(channels);
  double sum = 0;
  for_runs(pixels, channels, share, splits, [&](uint64_t at, uint64_t step, uint32_t count) {
#pragma unroll 8
    for (uint32_t i = 0; i < count; ++i) sum += double(widen(x[at + i * step]));
  });
  sum = sum_of_warps(sum, scratch);
  if (warp() == 0 && share.channel < channels) partial[uint64_t(share.split) * channels + share.channel] = sum;
}

// Stage two: a block for 32 channels.
template <typename P>
__device__ void channel_sums(uint32_t channels, uint32_t splits, const double *partial, P *sums) {
  SCRIBE_SHARED double scratch[THREADS];
  const uint32_t c = blockIdx.x * WARP + lane();
  const double sum = sum_of_parts(c < channels ? splits : 0, channels, partial + c, scratch);
  if (warp() == 0 && c < channels) sums[c] = P(sum);
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
    for (uint32_t i = warp(); i < hw; i += warps()) sum += double(widen(from[uint64_t(i) * channels + c]));
  }
  sum = sum_of_warps(sum, scratch);
  if (warp() == 0 && c < channels) means[uint64_t(image) * channels + c] = narrow<T>(arithmetic<T>(sum / hw));
}

// The gradient of a map's mean: the same for each of its pixels.
template <typename T>
__device__ void plane_means_backward(uint32_t images, uint32_t channels, uint32_t lanes, uint32_t hw,
                                     const T *__restrict__ dy, T *__restrict__ dx) {
  for_pixels(uint64_t(images) * hw, lanes, [&](uint64_t pixel, uint32_t first) {
    const uint64_t image = pixel / hw;
    for (uint32_t c = first; c < channels; c += lanes)
      dx[pixel * channels + c] = narrow<T>(widen(dy[image * channels + c]) / arithmetic<T>(hw));
  });
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
  extern "C" __global__ void plane_means_backward_##TYPE(uint32_t images, uint32_t channels, uint32_t lanes,          \
                                                         uint32_t hw, const T *dy, T *dx) {                           \
    plane_means_backward<T>(images, channels, lanes, hw, dy, dx);                                                     \
  }
SCRIBE_FOR_ELEMENTS(KERNELS)
