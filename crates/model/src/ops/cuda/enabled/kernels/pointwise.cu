// Functions of single elements and their gradients. One read and one write per element: bound by memory.
#include "pixels.cuh"

// max(x, 0); NaN stays NaN, and its gradient passes as in PyTorch.
struct Relu {
  template <typename A> static __device__ A value(A x) { return x < 0 ? A(0) : x; }
  template <typename A> static __device__ A gradient(A x, A dy) { return x <= 0 ? A(0) : dy; }
};

// log(sigmoid(x)) from one exponential of a number that is not positive.
struct LogSigmoid {
  template <typename A> static __device__ A value(A x) { return (x > 0 ? A(0) : x) - log1p(exp(-fabs(x))); }
  template <typename A> static __device__ A gradient(A x, A dy) {
    const A e = exp(-fabs(x));
    return dy * (x > 0 ? e / (1 + e) : 1 / (1 + e));
  }
};

// Elements in packs, and one by one what is left of them, or all where an address does not allow packs.
template <typename F, typename T> __device__ void forward(uint64_t count, const T *x, T *y) {
  constexpr uint32_t WIDTH = WIDEST<T>;
  const uint64_t packed = in_packs<WIDTH>(0, x, y) ? count / WIDTH * WIDTH : 0;
  for_packs<WIDTH>(packed, [&](uint64_t i) { return load<WIDTH>(x + i); }, [&](uint64_t i, const Packed<T, WIDTH> &one) {
    Pack<T, WIDTH> values = one.open();
#pragma unroll
    for (uint32_t k = 0; k < WIDTH; ++k) values.values[k] = narrow<T>(F::value(widen(values.values[k])));
    store<WIDTH>(y + i, values);
  });
  for (uint64_t i = packed + thread(); i < count; i += uint64_t(gridDim.x) * blockDim.x)
    y[i] = narrow<T>(F::value(widen(x[i])));
}

template <typename F, typename T> __device__ void backward(uint64_t count, const T *x, const T *dy, T *dx) {
  constexpr uint32_t WIDTH = WIDEST<T>;
  struct Both {
    Packed<T, WIDTH> x, dy;
  };
  const uint64_t packed = in_packs<WIDTH>(0, x, dy, dx) ? count / WIDTH * WIDTH : 0;
  const auto both = [&](uint64_t i) { return Both{load<WIDTH>(x + i), load<WIDTH>(dy + i)}; };
  for_packs<WIDTH>(packed, both, [&](uint64_t i, const Both &both) {
    const Pack<T, WIDTH> values = both.x.open();
    Pack<T, WIDTH> gradients = both.dy.open();
#pragma unroll
    for (uint32_t k = 0; k < WIDTH; ++k)
      gradients.values[k] = narrow<T>(F::gradient(widen(values.values[k]), widen(gradients.values[k])));
    store<WIDTH>(dx + i, gradients);
  });
  for (uint64_t i = packed + thread(); i < count; i += uint64_t(gridDim.x) * blockDim.x)
    dx[i] = narrow<T>(F::gradient(widen(x[i]), widen(dy[i])));
}

// The sum of two maps of one order; `y` may be one of them.
template <typename T> __device__ void sum(uint64_t count, const T *a, const T *b, T *y) {
  constexpr uint32_t WIDTH = WIDEST<T>;
  struct Both {
    Packed<T, WIDTH> a, b;
  };
  const uint64_t packed = in_packs<WIDTH>(0, a, b, static_cast<const T *>(y)) ? count / WIDTH * WIDTH : 0;
  const auto both = [&](uint64_t i) { return Both{load<WIDTH>(a + i), load<WIDTH>(b + i)}; };
  for_packs<WIDTH>(packed, both, [&](uint64_t i, const Both &both) {
    const Pack<T, WIDTH> second = both.b.open();
    Pack<T, WIDTH> sums = both.a.open();
#pragma unroll
    for (uint32_t k = 0; k < WIDTH; ++k) sums.values[k] = narrow<T>(widen(sums.values[k]) + widen(second.values[k]));
    store<WIDTH>(y + i, sums);
  });
  for (uint64_t i = packed + thread(); i < count; i += uint64_t(gridDim.x) * blockDim.x)
    y[i] = narrow<T>(widen(a[i]) + widen(b[i]));
}

#define FUNCTION(F, NAME, T, TYPE)                                                                         \
  extern "C" __global__ void NAME##_forward_##TYPE(uint64_t count, const T *x, T *y) {                     \
    forward<F, T>(count, x, y);                                                                            \
  }                                                                                                        \
  extern "C" __global__ void NAME##_backward_##TYPE(uint64_t count, const T *x, const T *dy, T *dx) {      \
    backward<F, T>(count, x, dy, dx);                                                                      \
  }
#define KERNELS(T, TYPE)                                                                                   \
  FUNCTION(Relu, relu, T, TYPE)                                                                            \
  FUNCTION(LogSigmoid, log_sigmoid, T, TYPE)                                                               \
  extern "C" __global__ void sum_##TYPE(uint64_t count, const T *a, const T *b, T *y) {                    \
    sum<T>(count, a, b, y);                                                                                \
  }
SCRIBE_FOR_ELEMENTS(KERNELS)
