// The implicit background logit of each pixel, -logsumexp or -max over K channels, and its gradient. Forward reads K values
// and writes one; backward reads K + 1 and writes K. An exponential per value for -logsumexp; bound by memory. One thread
// per pixel of a tile in shared memory.
#include "tile.cuh"

// exp(v - largest), where infinity less infinity is the term of a largest channel.
template <typename A> __device__ inline A term(A v, A largest) { return exp(v == largest ? A(0) : v - largest); }

struct NegLse {
  // As on the CPU the first of equals, and a NaN only where it stands first: the sum is NaN then in any case.
  template <typename A> static __device__ A largest_of(const A *v, uint32_t k) {
    A best = v[0];
    for (uint32_t c = 1; c < k; ++c)
      if (v[c] > best) best = v[c];
    return best;
  }
  template <typename A> static __device__ A sum_of(const A *v, uint32_t k, A largest) {
    A sum = 0;
    for (uint32_t c = 0; c < k; ++c) sum += term(v[c], largest);
    return sum;
  }
  template <typename A> static __device__ A value(const A *v, uint32_t k) {
    const A largest = largest_of(v, k);
    return -(largest + log(sum_of(v, k, largest)));
  }
  // Puts the gradients in the channels' place.
  template <typename A> static __device__ void gradient(A *v, uint32_t k, A dy) {
    const A largest = largest_of(v, k), sum = sum_of(v, k, largest);
    for (uint32_t c = 0; c < k; ++c) v[c] = -(term(v[c], largest) / sum) * dy;
  }
};

struct NegMax {
  // The first of equals, and the first NaN before all numbers.
  template <typename A> static __device__ uint32_t winner(const A *v, uint32_t k) {
    uint32_t index = 0;
    for (uint32_t c = 1; c < k; ++c)
      if (v[c] > v[index] || (v[c] != v[c] && v[index] == v[index])) index = c;
    return index;
  }
  template <typename A> static __device__ A value(const A *v, uint32_t k) { return -v[winner(v, k)]; }
  // Puts the gradients in the channels' place.
  template <typename A> static __device__ void gradient(A *v, uint32_t k, A dy) {
    const uint32_t index = winner(v, k);
    for (uint32_t c = 0; c < k; ++c) v[c] = c == index ? -dy : A(0);
  }
};

template <typename F, typename T>
__device__ void forward(uint64_t pixels, uint32_t k, uint32_t tile, const T *v, T *y) {
  SCRIBE_DYNAMIC_SHARED(arithmetic<T>, values);
  const Run run = block_run(pixels, tile);
  load_tile(run, k, v, values);
  if (threadIdx.x < run.count)
    y[run.first + threadIdx.x] = narrow<T>(F::value(values + threadIdx.x * tile_stride(k), k));
}

template <typename F, typename T>
__device__ void backward(uint64_t pixels, uint32_t k, uint32_t tile, const T *v, const T *dy, T *dv) {
  SCRIBE_DYNAMIC_SHARED(arithmetic<T>, values);
  const Run run = block_run(pixels, tile);
  load_tile(run, k, v, values);
  if (threadIdx.x < run.count)
    F::gradient(values + threadIdx.x * tile_stride(k), k, widen(dy[run.first + threadIdx.x]));
  store_tile(run, k, values, dv);
}

#define FUNCTION(F, NAME, T, TYPE)                                                                                    \
  extern "C" __global__ void NAME##_forward_##TYPE(uint64_t pixels, uint32_t k, uint32_t tile, const T *v, T *y) {    \
    forward<F, T>(pixels, k, tile, v, y);                                                                             \
  }                                                                                                                   \
  extern "C" __global__ void NAME##_backward_##TYPE(uint64_t pixels, uint32_t k, uint32_t tile, const T *v,           \
                                                    const T *dy, T *dv) {                                             \
    backward<F, T>(pixels, k, tile, v, dy, dv);                                                                       \
  }
#define KERNELS(T, TYPE) FUNCTION(NegLse, neg_lse, T, TYPE) FUNCTION(NegMax, neg_max, T, TYPE)
SCRIBE_FOR_ELEMENTS(KERNELS)
