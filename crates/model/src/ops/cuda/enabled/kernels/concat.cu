// Channels of one map copied to a place among those of another. A read and a write per element: bound by memory.
#include "pixels.cuh"

template <typename T, uint32_t WIDTH>
__device__ inline void copy_channels_of(uint64_t pixels, uint32_t channels, uint32_t from_step, uint32_t to_step,
                                        const T *__restrict__ from, T *__restrict__ to) {
  for_pixels<WIDTH>(pixels, channels, [&](uint64_t pixel, uint32_t c) {
    store<WIDTH>(to + pixel * to_step + c, load<WIDTH>(from + pixel * from_step + c).open());
  });
}

// The first `channels` of each pixel of `from`, whose pixels lie `from_step` apart, to those of `to`, `to_step` apart.
template <typename T>
__device__ void copy_channels(uint64_t pixels, uint32_t channels, uint32_t from_step, uint32_t to_step, const T *from,
                              T *to) {
  constexpr uint32_t WIDTH = WIDEST<T>;
  if (in_packs<WIDTH>(channels | from_step | to_step, from, to))
    copy_channels_of<T, WIDTH>(pixels, channels, from_step, to_step, from, to);
  else copy_channels_of<T, 1>(pixels, channels, from_step, to_step, from, to);
}

#define KERNELS(T, TYPE)                                                                                              \
  extern "C" __global__ void copy_channels_##TYPE(uint64_t pixels, uint32_t channels, uint32_t from_step,             \
                                                  uint32_t to_step, const T *from, T *to) {                           \
    copy_channels<T>(pixels, channels, from_step, to_step, from, to);                                                 \
  }
SCRIBE_FOR_ELEMENTS(KERNELS)
