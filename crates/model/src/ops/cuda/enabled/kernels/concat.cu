// Channels of one map copied to a place among those of another. A read and a write per element: bound by memory.
#include "pixels.cuh"

// The first `channels` of each pixel of `from`, whose pixels lie `from_step` apart, to those of `to`, `to_step` apart.
template <typename T>
__device__ void copy_channels(uint64_t pixels, uint32_t channels, uint32_t lanes, uint32_t from_step, uint32_t to_step,
                              const T *__restrict__ from, T *__restrict__ to) {
  for_pixels(pixels, lanes, [&](uint64_t pixel, uint32_t first) {
#pragma unroll 4
    for (uint32_t c = first; c < channels; c += lanes) to[pixel * to_step + c] = from[pixel * from_step + c];
  });
}

#define KERNELS(T, TYPE)                                                                                              \
  extern "C" __global__ void copy_channels_##TYPE(uint64_t pixels, uint32_t channels, uint32_t lanes,                 \
                                                  uint32_t from_step, uint32_t to_step, const T *from, T *to) {       \
    copy_channels<T>(pixels, channels, lanes, from_step, to_step, from, to);                                          \
  }
SCRIBE_FOR_ELEMENTS(KERNELS)
