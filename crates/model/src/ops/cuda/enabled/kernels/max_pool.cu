// Maximum over 3x3 windows, stride 2, padding 1. Forward: each input is read 2.25 times, mostly from cache, one result and
// one byte (which element won) are written per window, 9 comparisons. Backward: one write per input and at most 4 pairs
// (gradient, winner) read. Both bound by memory; the gradient is gathered, in the order of the windows.
#include "pixels.cuh"

template <typename T, uint32_t WIDTH>
__device__ inline void pool_of(uint32_t images, uint32_t channels, uint32_t h, uint32_t w, const T *__restrict__ x,
                               T *__restrict__ y, uint8_t *__restrict__ winners) {
  using A = arithmetic<T>;
  const uint32_t oh = (h + 1) / 2, ow = (w + 1) / 2;
  for_pixels<WIDTH>(uint64_t(images) * oh * ow, channels, [&](uint64_t pixel, uint32_t c) {
    const uint32_t image = uint32_t(pixel / (oh * ow)), i = uint32_t(pixel - uint64_t(image) * (oh * ow));
    const uint32_t oy = i / ow, ox = i - oy * ow;
    A best[WIDTH];
    Pack<uint8_t, WIDTH> winner;
#pragma unroll
    for (uint32_t k = 0; k < WIDTH; ++k) {
      best[k] = -INFINITY;
      // Where nothing is larger than that, the first place inside the picture wins.
      winner.values[k] = uint8_t((oy == 0 ? 3 : 0) + (ox == 0 ? 1 : 0));
    }
#pragma unroll
    for (uint32_t ky = 0; ky < 3; ++ky) {
#pragma unroll
      for (uint32_t kx = 0; kx < 3; ++kx) {
        // One more than the place; the padding is 0, or beyond the side.
        const uint32_t row = 2 * oy + ky, column = 2 * ox + kx;
        if (row == 0 || row > h || column == 0 || column > w) continue;
        const T *from = x + ((uint64_t(image) * h + row - 1) * w + column - 1) * channels + c;
        const Pack<T, WIDTH> values = load<WIDTH>(from).open();
#pragma unroll
        for (uint32_t k = 0; k < WIDTH; ++k) {
          const A v = widen(values.values[k]);
          if (v > best[k] || v != v) {
            best[k] = v;
            winner.values[k] = uint8_t(ky * 3 + kx);
          }
        }
      }
    }
    Pack<T, WIDTH> result;
#pragma unroll
    for (uint32_t k = 0; k < WIDTH; ++k) result.values[k] = narrow<T>(best[k]);
    store<WIDTH>(y + pixel * channels + c, result);
    if (winners) store<WIDTH>(winners + pixel * channels + c, winner);
  });
}

template <typename T>
__device__ void pool(uint32_t images, uint32_t channels, uint32_t h, uint32_t w, const T *x, T *y, uint8_t *winners) {
  constexpr uint32_t WIDTH = WIDEST<T>;
  if (in_packs<WIDTH>(channels, x, y) && in_packs<WIDTH>(channels, winners))
    pool_of<T, WIDTH>(images, channels, h, w, x, y, winners);
  else pool_of<T, 1>(images, channels, h, w, x, y, winners);
}

template <typename T, uint32_t WIDTH>
__device__ inline void pool_backward_of(uint32_t images, uint32_t channels, uint32_t h, uint32_t w,
                                        const uint8_t *__restrict__ winners, const T *__restrict__ dy,
                                        T *__restrict__ dx) {
  using A = arithmetic<T>;
  const uint32_t oh = (h + 1) / 2, ow = (w + 1) / 2;
  for_pixels<WIDTH>(uint64_t(images) * h * w, channels, [&](uint64_t pixel, uint32_t c) {
    const uint32_t image = uint32_t(pixel / (h * w)), i = uint32_t(pixel - uint64_t(image) * (h * w));
    const uint32_t row = i / w, column = i - row * w;
    A sums[WIDTH] = {};
    for (uint32_t oy = row / 2; oy <= (row + 1) / 2 && oy < oh; ++oy)
      for (uint32_t ox = column / 2; ox <= (column + 1) / 2 && ox < ow; ++ox) {
        const uint64_t at = ((uint64_t(image) * oh + oy) * ow + ox) * channels + c;
        const Pack<uint8_t, WIDTH> winner = load<WIDTH>(winners + at).open();
        const Pack<T, WIDTH> gradients = load<WIDTH>(dy + at).open();
        const uint32_t own = (row + 1 - 2 * oy) * 3 + column + 1 - 2 * ox;
#pragma unroll
        for (uint32_t k = 0; k < WIDTH; ++k)
          if (winner.values[k] == own) sums[k] = add(sums[k], widen(gradients.values[k]));
      }
    Pack<T, WIDTH> result;
#pragma unroll
    for (uint32_t k = 0; k < WIDTH; ++k) result.values[k] = narrow<T>(sums[k]);
    store<WIDTH>(dx + pixel * channels + c, result);
  });
}

template <typename T>
__device__ void pool_backward(uint32_t images, uint32_t channels, uint32_t h, uint32_t w, const uint8_t *winners,
                              const T *dy, T *dx) {
  constexpr uint32_t WIDTH = WIDEST<T>;
  if (in_packs<WIDTH>(channels, dy, dx) && in_packs<WIDTH>(channels, winners))
    pool_backward_of<T, WIDTH>(images, channels, h, w, winners, dy, dx);
  else pool_backward_of<T, 1>(images, channels, h, w, winners, dy, dx);
}

#define KERNELS(T, TYPE)                                                                                              \
  extern "C" __global__ void max_pool_##TYPE(uint32_t images, uint32_t channels, uint32_t h, uint32_t w, const T *x,  \
                                             T *y, uint8_t *winners) {                                                \
    pool<T>(images, channels, h, w, x, y, winners);                                                                   \
  }                                                                                                                   \
  extern "C" __global__ void max_pool_backward_##TYPE(uint32_t images, uint32_t channels, uint32_t h, uint32_t w,     \
                                                      const uint8_t *winners, const T *dy, T *dx) {                   \
    pool_backward<T>(images, channels, h, w, winners, dy, dx);                                                        \
  }
SCRIBE_FOR_ELEMENTS(KERNELS)
