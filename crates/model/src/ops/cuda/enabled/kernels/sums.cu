// Sums over the pixels: a convolution's bias gradient and the mean of each map. One read per element (the means write one
// value per map): bound by memory. Terms are widened to f64 and added in an order that follows from the sizes alone.
#include "planes.cuh"

constexpr int WARPS = 8;

// Sum of each channel's part that is this block's: stage one of two.
template <typename T>
__device__ void channel_parts(uint32_t images, uint32_t channels, uint32_t hw, uint32_t splits, const T *__restrict__ x,
                              double *__restrict__ partial) {
  SCRIBE_SHARED double scratch[WARPS];
  const uint32_t channel = blockIdx.x % channels, split = blockIdx.x / channels;
  double sum = 0;
  for_channel(images, channels, hw, channel, split, splits, [&](uint64_t at, uint32_t count) {
#pragma unroll 8
    for (uint32_t i = lane(); i < count; i += WARP) sum += double(widen(x[at + i]));
  });
  sum = block_sum(sum, scratch);
  if (threadIdx.x == 0) partial[split * channels + channel] = sum;
}

// Stage two, one thread per channel.
template <typename P>
__device__ void channel_sums(uint32_t channels, uint32_t splits, const double *partial, P *sums) {
  const uint32_t c = blockIdx.x * blockDim.x + threadIdx.x;
  if (c >= channels) return;
  double sum = 0;
  for (uint32_t split = 0; split < splits; ++split) sum += partial[split * channels + c];
  sums[c] = P(sum);
}

// Mean of each plane, one warp for each.
template <typename T>
__device__ void plane_means(uint64_t planes, uint32_t hw, const T *__restrict__ x, T *__restrict__ means) {
  const uint64_t warps = uint64_t(gridDim.x) * (blockDim.x / WARP);
  for (uint64_t p = uint64_t(blockIdx.x) * (blockDim.x / WARP) + threadIdx.x / WARP; p < planes; p += warps) {
    double sum = 0;
#pragma unroll 8
    for (uint32_t i = lane(); i < hw; i += WARP) sum += double(widen(x[p * hw + i]));
    sum = warp_sum(sum);
    if (lane() == 0) means[p] = narrow<T>(arithmetic<T>(sum / hw));
  }
}

// The gradient of a plane's mean: the same for each of its pixels.
template <typename T>
__device__ void plane_means_backward(uint64_t planes, uint32_t hw, const T *__restrict__ dy, T *__restrict__ dx) {
  for_pieces(planes, hw, [&](uint64_t plane, uint32_t first, uint32_t count) {
    const T value = narrow<T>(widen(dy[plane]) / arithmetic<T>(hw));
    for (uint32_t i = lane(); i < count; i += WARP) dx[plane * hw + first + i] = value;
  });
}

#define KERNELS(T, TYPE)                                                                                              \
  extern "C" __global__ void channel_parts_##TYPE(uint32_t images, uint32_t channels, uint32_t hw, uint32_t splits,   \
                                                  const T *x, double *partial) {                                      \
    channel_parts<T>(images, channels, hw, splits, x, partial);                                                       \
  }                                                                                                                   \
  extern "C" __global__ void channel_sums_##TYPE(uint32_t channels, uint32_t splits, const double *partial,           \
                                                 arithmetic<T> *sums) {                                               \
    channel_sums<arithmetic<T>>(channels, splits, partial, sums);                                                     \
  }                                                                                                                   \
  extern "C" __global__ void plane_means_##TYPE(uint64_t planes, uint32_t hw, const T *x, T *means) {                 \
    plane_means<T>(planes, hw, x, means);                                                                             \
  }                                                                                                                   \
  extern "C" __global__ void plane_means_backward_##TYPE(uint64_t planes, uint32_t hw, const T *dy, T *dx) {          \
    plane_means_backward<T>(planes, hw, dy, dx);                                                                      \
  }
SCRIBE_FOR_ELEMENTS(KERNELS)
