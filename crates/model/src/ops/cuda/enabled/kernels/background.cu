// The implicit background logit of each pixel, -logsumexp or -max over K channels, and its gradient. Forward reads K values
// (the sum's second read comes from cache) and writes one; backward reads K + 1 and writes K. An exponential per value for
// -logsumexp; bound by memory. One thread per pixel: neighbours read neighbours.
#include "common.cuh"

// exp(v - largest), where infinity less infinity is the term of a largest channel.
template <typename A> __device__ inline A term(A v, A largest) { return exp(v == largest ? A(0) : v - largest); }

// Calls each(offset of the pixel's first channel, index of the pixel) for this thread's pixels of all images.
template <typename F> __device__ inline void for_pixels(uint64_t images, uint32_t k, uint32_t hw, F each) {
  const uint64_t step = uint64_t(gridDim.x) * blockDim.x;
  for (uint64_t i = uint64_t(blockIdx.x) * blockDim.x + threadIdx.x; i < images * hw; i += step) {
    const uint64_t image = i / hw;
    each(image * k * hw + (i - image * hw), i);
  }
}

// As on the CPU the first of equals, and a NaN only where it stands first: the sum is NaN then in any case.
template <typename T> __device__ inline arithmetic<T> largest_of(const T *v, uint32_t k, uint32_t hw) {
  arithmetic<T> best = widen(v[0]);
  for (uint32_t c = 1; c < k; ++c) {
    const arithmetic<T> next = widen(v[uint64_t(c) * hw]);
    if (next > best) best = next;
  }
  return best;
}

struct NegLse {
  template <typename T> static __device__ arithmetic<T> value(const T *v, uint32_t k, uint32_t hw) {
    using A = arithmetic<T>;
    const A largest = largest_of(v, k, hw);
    A sum = 0;
    for (uint32_t c = 0; c < k; ++c) sum += term(A(widen(v[uint64_t(c) * hw])), largest);
    return -(largest + log(sum));
  }
  template <typename T>
  static __device__ void gradient(const T *v, uint32_t k, uint32_t hw, arithmetic<T> dy, T *dv) {
    using A = arithmetic<T>;
    const A largest = largest_of(v, k, hw);
    A sum = 0;
    for (uint32_t c = 0; c < k; ++c) sum += term(A(widen(v[uint64_t(c) * hw])), largest);
    for (uint32_t c = 0; c < k; ++c) {
      const A share = term(A(widen(v[uint64_t(c) * hw])), largest) / sum;
      dv[uint64_t(c) * hw] = narrow<T>(-share * dy);
    }
  }
};

struct NegMax {
  // The first of equals, and the first NaN before all numbers.
  template <typename T>
  static __device__ uint32_t winner(const T *v, uint32_t k, uint32_t hw, arithmetic<T> &best) {
    uint32_t index = 0;
    best = widen(v[0]);
    for (uint32_t c = 1; c < k; ++c) {
      const arithmetic<T> next = widen(v[uint64_t(c) * hw]);
      if (next > best || (next != next && best == best)) {
        best = next;
        index = c;
      }
    }
    return index;
  }
  template <typename T> static __device__ arithmetic<T> value(const T *v, uint32_t k, uint32_t hw) {
    arithmetic<T> best;
    winner(v, k, hw, best);
    return -best;
  }
  template <typename T>
  static __device__ void gradient(const T *v, uint32_t k, uint32_t hw, arithmetic<T> dy, T *dv) {
    arithmetic<T> best;
    const uint32_t index = winner(v, k, hw, best);
    for (uint32_t c = 0; c < k; ++c) dv[uint64_t(c) * hw] = narrow<T>(c == index ? -dy : arithmetic<T>(0));
  }
};

#define FUNCTION(F, NAME, T, TYPE)                                                                                    \
  extern "C" __global__ void NAME##_forward_##TYPE(uint64_t images, uint32_t k, uint32_t hw, const T *v, T *y) {      \
    for_pixels(images, k, hw, [&](uint64_t at, uint64_t pixel) { y[pixel] = narrow<T>(F::value(v + at, k, hw)); });   \
  }                                                                                                                   \
  extern "C" __global__ void NAME##_backward_##TYPE(uint64_t images, uint32_t k, uint32_t hw, const T *v,             \
                                                    const T *dy, T *dv) {                                             \
    for_pixels(images, k, hw,                                                                                         \
               [&](uint64_t at, uint64_t pixel) { F::gradient(v + at, k, hw, widen(dy[pixel]), dv + at); });          \
  }
#define KERNELS(T, TYPE) FUNCTION(NegLse, neg_lse, T, TYPE) FUNCTION(NegMax, neg_max, T, TYPE)
SCRIBE_FOR_ELEMENTS(KERNELS)
