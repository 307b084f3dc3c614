// Maximum over 3x3 windows, stride 2, padding 1. Forward: each input is read 2.25 times, mostly from cache, one result and
// one byte (which element won) are written per window, 9 comparisons. Backward: one write per input and at most 4 pairs
// (gradient, winner) read. Both bound by memory; the gradient is gathered, in the order of the windows.
#include "pixels.cuh"

template <typename T>
__device__ void pool(uint32_t images, uint32_t channels, uint32_t lanes, uint32_t h, uint32_t w, const T *__restrict__ x,
                     T *__restrict__ y, uint8_t *__restrict__ winners) {
  using A = arithmetic<T>;
  const uint32_t oh = (h + 1) / 2, ow = (w + 1) / 2;
  for_pixels(uint64_t(images) * oh * ow, lanes, [&](uint64_t pixel, uint32_t first) {
    const uint32_t image = uint32_t(pixel / (oh * ow)), i = uint32_t(pixel - uint64_t(image) * (oh * ow));
    const uint32_t oy = i / ow, ox = i - oy * ow;
    for (uint32_t c = first; c < channels; c += lanes) {
      A best = -INFINITY;
      // Where nothing is larger than that, the first place inside the picture wins.
      uint32_t winner = (oy == 0 ? 3 : 0) + (ox == 0 ? 1 : 0);
#pragma unroll
      for (uint32_t ky = 0; ky < 3; ++ky) {
#pragma unroll
        for (uint32_t kx = 0; kx < 3; ++kx) {
          // One more than the place; the padding is 0, or beyond the side.
          const uint32_t row = 2 * oy + ky, column = 2 * ox + kx;
          if (row == 0 || row > h || column == 0 || column > w) continue;
          const A v = widen(x[((uint64_t(image) * h + row - 1) * w + column - 1) * channels + c]);
          if (v > best || v != v) {
            best = v;
            winner = ky * 3 + kx;
          }
        }
      }
      y[pixel * channels + c] = narrow<T>(best);
      if (winners) winners[pixel * channels + c] = uint8_t(winner);
    }
  });
}

template <typename T>
__device__ void pool_backward(uint32_t images, uint32_t channels, uint32_t lanes, uint32_t h, uint32_t w,
                              const uint8_t *__restrict__ winners, const T *__restrict__ dy, T *__restrict__ dx) {
  using A = arithmetic<T>;
  const uint32_t oh = (h + 1) / 2, ow = (w + 1) / 2;
  for_pixels(uint64_t(images) * h * w, lanes, [&](uint64_t pixel, uint32_t first) {
    const uint32_t image = uint32_t(pixel / (h * w)), i = uint32_t(pixel - uint64_t(image) * (h * w));
    const uint32_t row = i / w, column = i - row * w;
    for (uint32_t c = first; c < channels; c += lanes) {
      A sum = 0;
      for (uint32_t oy = row / 2; oy <= (row + 1) / 2 && oy < oh; ++oy)
        for (uint32_t ox = column / 2; ox <= (column + 1) / 2 && ox < ow; ++ox) {
          const uint64_t at = ((uint64_t(image) * oh + oy) * ow + ox) * channels + c;
          if (winners[at] == (row + 1 - 2 * oy) * 3 + column + 1 - 2 * ox) sum = add(sum, widen(dy[at]));
        }
      dx[pixel * channels + c] = narrow<T>(sum);
    }
  });
}

#define KERNELS(T, TYPE)                                                                                               \
  extern "C" __global__ void max_pool_##TYPE(uint32_t images, uint32_t channels, uint32_t lanes, uint32_t h,           \
                                             uint32_t w, const T *x, T *y, uint8_t *winners) {                         \
    pool<T>(images, channels, lanes, h, w, x, y, winners);                                                             \
  }                                                                                                                    \
  extern "C" __global__ void max_pool_backward_##TYPE(uint32_t images, uint32_t channels, uint32_t lanes, uint32_t h,  \
                                                      uint32_t w, const uint8_t *winners, const T *dy, T *dx) {        \
    pool_backward<T>(images, channels, lanes, h, w, winners, dy, dx);                                                  \
  }
SCRIBE_FOR_ELEMENTS(KERNELS)
