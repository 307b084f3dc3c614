// Bilinear resizing. Forward: 4 reads (from cache where the picture grows) and one write per result, 9 operations.
// Backward: each gradient is read 4 times, by the inputs that it came from, 2 operations each. Both bound by memory; the
// threads that share a pixel read its neighbours' channels as they follow each other.
//
// The places along a side come as tables that the CPU's operator computed, one set for each pair of lengths:
//   low    for each result the first of its two neighbours (the second is the next, or the same at the end)
//   weight for each result the second neighbour's weight, in the arithmetic type
//   before for i = 0 ... inputs how many results have a first neighbour below i
// so that positions are the same to the last bit, and so are the results: every product and sum is rounded by itself.
#include "pixels.cuh"

template <typename T>
__device__ void resize(uint32_t images, uint32_t channels, uint32_t lanes, uint32_t h, uint32_t w, uint32_t oh,
                       uint32_t ow, const uint32_t *__restrict__ row_low, const arithmetic<T> *__restrict__ row_weight,
                       const uint32_t *__restrict__ column_low, const arithmetic<T> *__restrict__ column_weight,
                       const T *__restrict__ x, T *__restrict__ y) {
  using A = arithmetic<T>;
  for_pixels(uint64_t(images) * oh * ow, lanes, [&](uint64_t pixel, uint32_t first) {
    const uint32_t image = uint32_t(pixel / (oh * ow)), i = uint32_t(pixel - uint64_t(image) * (oh * ow));
    const uint32_t oy = i / ow, ox = i - oy * ow;
    const uint32_t top = row_low[oy], left = column_low[ox];
    const uint32_t bottom = top + 1 < h ? top + 1 : h - 1, right = left + 1 < w ? left + 1 : w - 1;
    const A down = row_weight[oy], across = column_weight[ox];
    const T *above = x + (uint64_t(image) * h + top) * w * channels;
    const T *below = x + (uint64_t(image) * h + bottom) * w * channels;
    const uint64_t begin = uint64_t(left) * channels, end = uint64_t(right) * channels;
#pragma unroll 4
    for (uint32_t c = first; c < channels; c += lanes) {
      const A first_blend = add(mul(1 - down, widen(above[begin + c])), mul(down, widen(below[begin + c])));
      const A second_blend = add(mul(1 - down, widen(above[end + c])), mul(down, widen(below[end + c])));
      y[pixel * channels + c] = narrow<T>(add(mul(1 - across, first_blend), mul(across, second_blend)));
    }
  });
}

// The weight of input `i` of `inputs` in a result between `low`, its first neighbour, and the next.
template <typename A> __device__ inline A share_of(uint32_t i, uint32_t low, uint32_t inputs, A weight) {
  const uint32_t high = low + 1 < inputs ? low + 1 : inputs - 1;
  return add(low == i ? 1 - weight : A(0), high == i ? weight : A(0));
}

// Each gradient is the sum over columns of its results, of the sums down each, as on the CPU.
template <typename T>
__device__ void resize_backward(uint32_t images, uint32_t channels, uint32_t lanes, uint32_t h, uint32_t w, uint32_t oh,
                                uint32_t ow, const uint32_t *__restrict__ row_low,
                                const arithmetic<T> *__restrict__ row_weight, const uint32_t *__restrict__ row_before,
                                const uint32_t *__restrict__ column_low,
                                const arithmetic<T> *__restrict__ column_weight,
                                const uint32_t *__restrict__ column_before, const T *__restrict__ dy,
                                T *__restrict__ dx) {
  using A = arithmetic<T>;
  for_pixels(uint64_t(images) * h * w, lanes, [&](uint64_t pixel, uint32_t first) {
    const uint32_t image = uint32_t(pixel / (h * w)), i = uint32_t(pixel - uint64_t(image) * (h * w));
    const uint32_t row = i / w, column = i - row * w;
    // Results whose first neighbour is this input or the one before it.
    const uint32_t row_begin = row_before[row ? row - 1 : 0], row_end = row_before[row + 1];
    const uint32_t column_begin = column_before[column ? column - 1 : 0], column_end = column_before[column + 1];
    const T *from = dy + uint64_t(image) * oh * ow * channels;
    for (uint32_t c = first; c < channels; c += lanes) {
      A gradient = 0;
      for (uint32_t ox = column_begin; ox < column_end; ++ox) {
        A sum = 0;
        for (uint32_t oy = row_begin; oy < row_end; ++oy) {
          const A value = widen(from[(uint64_t(oy) * ow + ox) * channels + c]);
          sum = add(sum, mul(share_of(row, row_low[oy], h, row_weight[oy]), value));
        }
        gradient = add(gradient, mul(share_of(column, column_low[ox], w, column_weight[ox]), sum));
      }
      dx[pixel * channels + c] = narrow<T>(gradient);
    }
  });
}

#define KERNELS(T, TYPE)                                                                                              \
  extern "C" __global__ void bilinear_##TYPE(uint32_t images, uint32_t channels, uint32_t lanes, uint32_t h,          \
                                             uint32_t w, uint32_t oh, uint32_t ow, const uint32_t *row_low,           \
                                             const arithmetic<T> *row_weight, const uint32_t *column_low,             \
                                             const arithmetic<T> *column_weight, const T *x, T *y) {                  \
    resize<T>(images, channels, lanes, h, w, oh, ow, row_low, row_weight, column_low, column_weight, x, y);           \
  }                                                                                                                   \
  extern "C" __global__ void bilinear_backward_##TYPE(                                                                \
      uint32_t images, uint32_t channels, uint32_t lanes, uint32_t h, uint32_t w, uint32_t oh, uint32_t ow,           \
      const uint32_t *row_low, const arithmetic<T> *row_weight, const uint32_t *row_before,                           \
      const uint32_t *column_low, const arithmetic<T> *column_weight, const uint32_t *column_before, const T *dy,     \
      T *dx) {                                                                                                        \
    resize_backward<T>(images, channels, lanes, h, w, oh, ow, row_low, row_weight, row_before, column_low,            \
                       column_weight, column_before, dy, dx);                                                         \
  }
SCRIBE_FOR_ELEMENTS(KERNELS)
