// Bilinear resizing. Forward: 4 reads (from cache where the picture grows) and one write per result, 9 operations.
// Backward: each gradient is read 4 times, by the inputs that it came from, 2 operations each. Both bound by memory.
//
// The places along a side come as tables that the CPU's operator computed, one set for each pair of lengths:
//   low    for each result the first of its two neighbours (the second is the next, or the same at the end)
//   weight for each result the second neighbour's weight, in the arithmetic type
//   before for i = 0 ... inputs how many results have a first neighbour below i
// so that positions are the same to the last bit, and so are the results: every product and sum is rounded by itself.
#include "pixels.cuh"
#include "position.cuh"
#include "tile.cuh"

// Pixels of the result that a block computes at most; `TILE` of `enabled/bilinear.rs`.
constexpr uint32_t TILE = 64;

// Where the four values around a result begin, and the weights of the lower and the right ones.
template <typename A> struct Between {
  uint64_t above_left, above_right, below_left, below_right;
  A down, across;
};

template <typename T, uint32_t WIDTH>
__device__ inline void blend_run(Run run, uint32_t channels, const Between<arithmetic<T>> *between,
                                 const T *__restrict__ x, T *__restrict__ y) {
  using A = arithmetic<T>;
  for_tile(run.count, channels / WIDTH, [&](uint32_t i, uint32_t pixel, uint32_t pack) {
    const Between<A> &at = between[pixel];
    const T *from = x + pack * WIDTH;
    const Packed<T, WIDTH> corners[4] = {load<WIDTH>(from + at.above_left), load<WIDTH>(from + at.above_right),
                                         load<WIDTH>(from + at.below_left), load<WIDTH>(from + at.below_right)};
    const Pack<T, WIDTH> above_left = corners[0].open(), above_right = corners[1].open();
    const Pack<T, WIDTH> below_left = corners[2].open(), below_right = corners[3].open();
    Pack<T, WIDTH> result;
#pragma unroll
    for (uint32_t k = 0; k < WIDTH; ++k) {
      result.values[k] = narrow<T>(blend(widen(above_left.values[k]), widen(above_right.values[k]),
                                         widen(below_left.values[k]), widen(below_right.values[k]), at.down, at.across));
    }
    store<WIDTH>(y + run.first * channels + uint64_t(i) * WIDTH, result);
  });
}

// A block for each run of TILE pixels; their places are computed once for all channels.
template <typename T>
__device__ void resize(uint32_t images, uint32_t channels, uint32_t h, uint32_t w, uint32_t oh, uint32_t ow,
                       const uint32_t *__restrict__ row_low, const arithmetic<T> *__restrict__ row_weight,
                       const uint32_t *__restrict__ column_low, const arithmetic<T> *__restrict__ column_weight,
                       const T *x, T *y) {
  SCRIBE_SHARED Between<arithmetic<T>> between[TILE];
  const Run run = block_run(uint64_t(images) * oh * ow, TILE);
  if (threadIdx.x < run.count) {
    const uint64_t pixel = run.first + threadIdx.x;
    const uint32_t image = uint32_t(pixel / (oh * ow)), i = uint32_t(pixel - uint64_t(image) * (oh * ow));
    const uint32_t oy = i / ow, ox = i - oy * ow, top = row_low[oy], left = column_low[ox];
    const uint32_t bottom = top + 1 < h ? top + 1 : h - 1, right = left + 1 < w ? left + 1 : w - 1;
    const uint64_t above = (uint64_t(image) * h + top) * w, below = (uint64_t(image) * h + bottom) * w;
    between[threadIdx.x] = {(above + left) * channels, (above + right) * channels, (below + left) * channels,
                            (below + right) * channels, row_weight[oy], column_weight[ox]};
  }
  __syncthreads();
  constexpr uint32_t WIDTH = WIDEST<T>;
  if (in_packs<WIDTH>(channels, x, static_cast<const T *>(y))) blend_run<T, WIDTH>(run, channels, between, x, y);
  else blend_run<T, 1>(run, channels, between, x, y);
}

// The weight of input `i` of `inputs` in a result between `low`, its first neighbour, and the next.
template <typename A> __device__ inline A share_of(uint32_t i, uint32_t low, uint32_t inputs, A weight) {
  const uint32_t high = low + 1 < inputs ? low + 1 : inputs - 1;
  return add(low == i ? 1 - weight : A(0), high == i ? weight : A(0));
}

// The results that depend on one input: those of some rows and columns of its picture.
template <typename A> struct Dependents {
  uint32_t input, inputs, begin, end;
  const uint32_t *low;
  const A *weight;
  // Results whose first neighbour is this input or the one before it.
  __device__ Dependents(uint32_t input, uint32_t inputs, const uint32_t *low, const A *weight, const uint32_t *before)
      : input(input), inputs(inputs), begin(before[input ? input - 1 : 0]), end(before[input + 1]), low(low),
        weight(weight) {}
  __device__ A share(uint32_t output) const { return share_of(input, low[output], inputs, weight[output]); }
};

template <typename T, uint32_t WIDTH>
__device__ inline void gather(const Dependents<arithmetic<T>> &rows, const Dependents<arithmetic<T>> &columns,
                              uint32_t channels, uint32_t ow, const T *__restrict__ dy, T *__restrict__ dx) {
  using A = arithmetic<T>;
  A gradients[WIDTH] = {};
  for (uint32_t ox = columns.begin; ox < columns.end; ++ox) {
    A sums[WIDTH] = {};
#pragma unroll 4
    for (uint32_t oy = rows.begin; oy < rows.end; ++oy) {
      const Pack<T, WIDTH> values = load<WIDTH>(dy + (uint64_t(oy) * ow + ox) * channels).open();
      const A share = rows.share(oy);
#pragma unroll
      for (uint32_t k = 0; k < WIDTH; ++k) sums[k] = add(sums[k], mul(share, widen(values.values[k])));
    }
    const A share = columns.share(ox);
#pragma unroll
    for (uint32_t k = 0; k < WIDTH; ++k) gradients[k] = add(gradients[k], mul(share, sums[k]));
  }
  Pack<T, WIDTH> result;
#pragma unroll
  for (uint32_t k = 0; k < WIDTH; ++k) result.values[k] = narrow<T>(gradients[k]);
  store<WIDTH>(dx, result);
}

// Each gradient is the sum over columns of its results, of the sums down each, as on the CPU.
template <typename T, uint32_t WIDTH>
__device__ inline void resize_backward_of(uint32_t images, uint32_t channels, uint32_t h, uint32_t w, uint32_t oh,
                                          uint32_t ow, const uint32_t *row_low, const arithmetic<T> *row_weight,
                                          const uint32_t *row_before, const uint32_t *column_low,
                                          const arithmetic<T> *column_weight, const uint32_t *column_before,
                                          const T *dy, T *dx) {
  for_pixels<WIDTH>(uint64_t(images) * h * w, channels, [&](uint64_t pixel, uint32_t c) {
    const uint32_t image = uint32_t(pixel / (h * w)), i = uint32_t(pixel - uint64_t(image) * (h * w));
    const Dependents<arithmetic<T>> rows(i / w, h, row_low, row_weight, row_before);
    const Dependents<arithmetic<T>> columns(i % w, w, column_low, column_weight, column_before);
    gather<T, WIDTH>(rows, columns, channels, ow, dy + uint64_t(image) * oh * ow * channels + c,
                     dx + pixel * channels + c);
  });
}

template <typename T>
__device__ void resize_backward(uint32_t images, uint32_t channels, uint32_t h, uint32_t w, uint32_t oh, uint32_t ow,
                                const uint32_t *row_low, const arithmetic<T> *row_weight, const uint32_t *row_before,
                                const uint32_t *column_low, const arithmetic<T> *column_weight,
                                const uint32_t *column_before, const T *dy, T *dx) {
  constexpr uint32_t WIDTH = WIDEST<T>;
  if (in_packs<WIDTH>(channels, dy, static_cast<const T *>(dx)))
    resize_backward_of<T, WIDTH>(images, channels, h, w, oh, ow, row_low, row_weight, row_before, column_low,
                                 column_weight, column_before, dy, dx);
  else
    resize_backward_of<T, 1>(images, channels, h, w, oh, ow, row_low, row_weight, row_before, column_low, column_weight,
                             column_before, dy, dx);
}

#define KERNELS(T, TYPE)                                                                                              \
  extern "C" __global__ void bilinear_##TYPE(uint32_t images, uint32_t channels, uint32_t h, uint32_t w, uint32_t oh, \
                                             uint32_t ow, const uint32_t *row_low, const arithmetic<T> *row_weight,   \
                                             const uint32_t *column_low, const arithmetic<T> *column_weight,          \
                                             const T *x, T *y) {                                                      \
    resize<T>(images, channels, h, w, oh, ow, row_low, row_weight, column_low, column_weight, x, y);                  \
  }                                                                                                                   \
  extern "C" __global__ void bilinear_backward_##TYPE(                                                                \
      uint32_t images, uint32_t channels, uint32_t h, uint32_t w, uint32_t oh, uint32_t ow, const uint32_t *row_low,  \
      const arithmetic<T> *row_weight, const uint32_t *row_before, const uint32_t *column_low,                        \
      const arithmetic<T> *column_weight, const uint32_t *column_before, const T *dy, T *dx) {                        \
    resize_backward<T>(images, channels, h, w, oh, ow, row_low, row_weight, row_before, column_low, column_weight,    \
                       column_before, dy, dx);                                                                        \
  }
SCRIBE_FOR_ELEMENTS(KERNELS)
