// The implicit background logit of each pixel, -logsumexp or -max over K channels, alone or in front of the others, and its
// gradient. Forward reads K values and writes one or K + 1; backward reads K + 1 or 2 K + 1 and writes K. An exponential per
// value for -logsumexp; bound by memory. One thread per pixel of a tile in shared memory.
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
    for (uint32_t c = 0; c < k; ++c) sum = add(sum, term(v[c], largest));
    return sum;
  }
  template <typename A> static __device__ A value(const A *v, uint32_t k) {
    const A largest = largest_of(v, k);
    return -add(largest, log(sum_of(v, k, largest)));
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

// [b, v] of a map v, K + 1 channels.
template <typename F, typename T>
__device__ void prepend(uint64_t pixels, uint32_t k, uint32_t tile, const T *v, T *z) {
  SCRIBE_DYNAMIC_SHARED(arithmetic<T>, values);
  const Run run = block_run(pixels, tile);
  const uint32_t stride = tile_stride(k + 1);
  for_tile(run.count, k, [&](uint32_t i, uint32_t pixel, uint32_t c) {
    values[pixel * stride + 1 + c] = widen(v[run.first * k + i]);
  });
  __syncthreads();
  arithmetic<T> *own = values + threadIdx.x * stride;
  if (threadIdx.x < run.count) own[0] = F::value(own + 1, k);
  store_tile(run, k + 1, values, z);
}

// The gradient of v: that of its channels in [b, v], plus that through the background.
template <typename F, typename T>
__device__ void prepend_backward(uint64_t pixels, uint32_t k, uint32_t tile, const T *v, const T *dz, T *dv) {
  SCRIBE_DYNAMIC_SHARED(arithmetic<T>, values);
  const Run run = block_run(pixels, tile);
  const uint32_t stride = tile_stride(k);
  load_tile(run, k, v, values);
  if (threadIdx.x < run.count)
    F::gradient(values + threadIdx.x * stride, k, widen(dz[(run.first + threadIdx.x) * (k + 1)]));
  __syncthreads();
  for_tile(run.count, k, [&](uint32_t i, uint32_t pixel, uint32_t c) {
    const arithmetic<T> passed = widen(dz[(run.first + pixel) * (k + 1) + 1 + c]);
    dv[run.first * k + i] = narrow<T>(passed + values[pixel * stride + c]);
  });
}

#define FUNCTION(F, NAME, T, TYPE)                                                                                    \
  extern "C" __global__ void NAME##_forward_##TYPE(uint64_t pixels, uint32_t k, uint32_t tile, const T *v, T *y) {    \
    forward<F, T>(pixels, k, tile, v, y);                                                                             \
  }                                                                                                                   \
  extern "C" __global__ void NAME##_backward_##TYPE(uint64_t pixels, uint32_t k, uint32_t tile, const T *v,           \
                                                    const T *dy, T *dv) {                                             \
    backward<F, T>(pixels, k, tile, v, dy, dv);                                                                       \
  }                                                                                                                   \
  extern "C" __global__ void NAME##_prepend_##TYPE(uint64_t pixels, uint32_t k, uint32_t tile, const T *v, T *z) {    \
    prepend<F, T>(pixels, k, tile, v, z);                                                                             \
  }                                                                                                                   \
  extern "C" __global__ void NAME##_prepend_backward_##TYPE(uint64_t pixels, uint32_t k, uint32_t tile, const T *v,   \
                                                            const T *dz, T *dv) {                                     \
    prepend_backward<F, T>(pixels, k, tile, v, dz, dv);                                                               \
  }
#define KERNELS(T, TYPE) FUNCTION(NegLse, neg_lse, T, TYPE) FUNCTION(NegMax, neg_max, T, TYPE)
SCRIBE_FOR_ELEMENTS(KERNELS)
