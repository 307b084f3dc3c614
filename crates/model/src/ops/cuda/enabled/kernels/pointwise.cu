// Functions of single elements and their gradients. One read and one write per element: bound by memory.
#include "common.cuh"

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

template <typename F, typename T> __device__ void forward(uint64_t count, const T *x, T *y) {
  const uint64_t step = uint64_t(gridDim.x) * blockDim.x;
  for (uint64_t i = uint64_t(blockIdx.x) * blockDim.x + threadIdx.x; i < count; i += step)
    y[i] = narrow<T>(F::value(widen(x[i])));
}

template <typename F, typename T> __device__ void backward(uint64_t count, const T *x, const T *dy, T *dx) {
  const uint64_t step = uint64_t(gridDim.x) * blockDim.x;
  for (uint64_t i = uint64_t(blockIdx.x) * blockDim.x + threadIdx.x; i < count; i += step)
    dx[i] = narrow<T>(F::gradient(widen(x[i]), widen(dy[i])));
}

#define FUNCTION(F, NAME, T, TYPE)                                                                         \
  extern "C" __global__ void NAME##_forward_##TYPE(uint64_t count, const T *x, T *y) {                     \
    forward<F, T>(count, x, y);                                                                            \
  }                                                                                                        \
  extern "C" __global__ void NAME##_backward_##TYPE(uint64_t count, const T *x, const T *dy, T *dx) {      \
    backward<F, T>(count, x, dy, dx);                                                                      \
  }
#define KERNELS(T, TYPE) FUNCTION(Relu, relu, T, TYPE) FUNCTION(LogSigmoid, log_sigmoid, T, TYPE)
SCRIBE_FOR_ELEMENTS(KERNELS)
