// Batch normalisation with residual sum and rectifier. All passes are bound by memory; per element of x they move
//   moments           read 1              3 operations
//   normalise         read 1 (2), write 1 2 (3) operations; in brackets with a residual
//   gradient sums     read 2 (3), write 0 (1)   4 operations; in brackets with residual and rectifier
//   gradient          read 2, write 1     5 operations
// Without a residual the rectifier's mask is computed anew from x, which saves reading the result twice.
// Sums: at most 32 terms in the arithmetic type per lane, then f64, in an order that follows from the sizes alone.
// Passes without sums give each thread elements of one channel, whose factors it reads once.
#include "pixels.cuh"

constexpr int THREADS = 256;
// Values of a channel whose mean stands for its own, from all over the batch.
constexpr uint64_t SAMPLE = 8;

// A number near a channel's values, which keeps the sum of squares exact. Whoever asks finds the same one.
template <typename T>
__device__ arithmetic<T> pivot_of(uint64_t pixels, uint32_t channels, uint32_t channel, const T *__restrict__ x) {
  const uint64_t count = pixels < SAMPLE ? pixels : SAMPLE, step = pixels / count;
  arithmetic<T> sum = 0;
#pragma unroll
  for (uint64_t i = 0; i < SAMPLE; ++i)
    if (i < count) sum += widen(x[i * step * channels + channel]);
  return sum / arithmetic<T>(count);
}

template <typename T>
__device__ void moments(uint64_t pixels, uint32_t channels, uint32_t splits, const T *__restrict__ x,
                        double *__restrict__ partial) {
  using A = arithmetic<T>;
  SCRIBE_SHARED double scratch[THREADS];
  const Share share(channels);
  const bool mine = share.channel < channels;
  const A pivot = mine ? pivot_of(pixels, channels, share.channel, x) : A(0);
  double sum = 0, square = 0;
  for_runs(pixels, channels, share, splits, [&](uint64_t at, uint64_t step, uint32_t count) {
    A s = 0, q = 0;
#pragma unroll 8
    for (uint32_t i = 0; i < count; ++i) {
      const A d = widen(x[at + i * step]) - pivot;
      s += d;
      q += d * d;
    }
    sum += s;
    square += q;
  });
  sum = sum_of_warps(sum, scratch);
  square = sum_of_warps(square, scratch);
  if (warp() != 0 || !mine) return;
  partial[uint64_t(share.split * 2 + 0) * channels + share.channel] = sum;
  partial[uint64_t(share.split * 2 + 1) * channels + share.channel] = square;
  if (share.split == 0) partial[uint64_t(splits) * 2 * channels + share.channel] = pivot;
}

// A channel's mean and biased variance. A block for 32 channels.
extern "C" __global__ void statistics(uint32_t channels, uint32_t splits, double count, const double *partial,
                                      double *mean, double *var) {
  SCRIBE_SHARED double scratch[THREADS];
  const uint32_t c = blockIdx.x * WARP + lane(), parts = c < channels ? splits : 0;
  const double sum = sum_of_parts(parts, 2ull * channels, partial + c, scratch);
  const double square = sum_of_parts(parts, 2ull * channels, partial + channels + c, scratch);
  if (warp() != 0 || c >= channels) return;
  const double offset = sum / count;
  const double spread = square / count - offset * offset;
  mean[c] = partial[uint64_t(splits) * 2 * channels + c] + offset;
  // Rounding may leave a constant channel slightly below zero; NaN stays NaN.
  var[c] = spread < 0 ? 0 : spread;
}

// The scale and shift that statistics make. One thread per channel.
template <typename P, typename S>
__device__ void fold(uint32_t channels, const P *gamma, const P *beta, const S *mean, const S *var, double eps, P *scale,
                     P *shift) {
  const uint32_t c = blockIdx.x * blockDim.x + threadIdx.x;
  if (c >= channels) return;
  const double factor = double(gamma[c]) / sqrt(double(var[c]) + eps);
  scale[c] = P(factor);
  shift[c] = P(add(double(beta[c]), -mul(double(mean[c]), factor)));
}

template <typename A> __device__ inline A rectified(A v, int relu) { return relu && v < 0 ? A(0) : v; }

// y = x * scale + shift (+ residual), rectified if asked.
template <typename T>
__device__ void normalise(uint64_t count, uint32_t channels, const T *__restrict__ x,
                          const arithmetic<T> *__restrict__ scale, const arithmetic<T> *__restrict__ shift,
                          const T *__restrict__ residual, int relu, T *__restrict__ y) {
  using A = arithmetic<T>;
  const uint32_t channel = thread() % channels;
  const A a = scale[channel], b = shift[channel];
  if (residual) {
    for_elements(count, [&](uint64_t i) {
      y[i] = narrow<T>(rectified(add(add(mul(widen(x[i]), a), b), widen(residual[i])), relu));
    });
  } else {
    for_elements(count, [&](uint64_t i) { y[i] = narrow<T>(rectified(add(mul(widen(x[i]), a), b), relu)); });
  }
}

// The same with the result in x's place. Without a scale it is 1: a convolution's bias.
template <typename T>
__device__ void finish(uint64_t count, uint32_t channels, const arithmetic<T> *__restrict__ scale,
                       const arithmetic<T> *__restrict__ shift, const T *__restrict__ residual, int relu, T *y) {
  using A = arithmetic<T>;
  const uint32_t channel = thread() % channels;
  const A a = scale ? scale[channel] : A(1), b = shift[channel];
  for_elements(count, [&](uint64_t i) {
    A v = add(mul(widen(y[i]), a), b);
    if (residual) v = add(v, widen(residual[i]));
    y[i] = narrow<T>(rectified(v, relu));
  });
}

// Where the gradient before the rectifier comes from.
enum Mask { NONE, FROM_X, FROM_Y };

// The gradient before the rectifier: dy where the result is positive (or NaN), else 0.
template <Mask MASK, typename T>
__device__ inline arithmetic<T> masked(arithmetic<T> x, const T *y, uint64_t at, arithmetic<T> dy, arithmetic<T> a,
                                       arithmetic<T> b) {
  if (MASK == FROM_X) return add(mul(x, a), b) <= 0 ? arithmetic<T>(0) : dy;
  if (MASK == FROM_Y) return widen(y[at]) <= 0 ? arithmetic<T>(0) : dy;
  return dy;
}

// Sums of d, the gradient before the rectifier, and of d * (x - mean); with FROM_Y, d is kept.
template <Mask MASK, typename T>
__device__ void gradient_sums(uint64_t pixels, uint32_t channels, uint32_t splits, const T *__restrict__ x,
                              const T *__restrict__ y, const T *__restrict__ dy, const double *__restrict__ mean,
                              const arithmetic<T> *__restrict__ scale, const arithmetic<T> *__restrict__ shift,
                              T *__restrict__ kept, double *__restrict__ partial) {
  using A = arithmetic<T>;
  SCRIBE_SHARED double scratch[THREADS];
  const Share share(channels);
  const bool mine = share.channel < channels;
  const uint32_t channel = mine ? share.channel : 0;
  const A center = A(mean[channel]), a = scale[channel], b = shift[channel];
  double sum = 0, product = 0;
  for_runs(pixels, channels, share, splits, [&](uint64_t at, uint64_t step, uint32_t count) {
    A s = 0, p = 0;
#pragma unroll 4
    for (uint32_t i = 0; i < count; ++i) {
      const A v = widen(x[at + i * step]);
      const A d = masked<MASK, T>(v, y, at + i * step, widen(dy[at + i * step]), a, b);
      if (MASK == FROM_Y) kept[at + i * step] = narrow<T>(d);
      s += d;
      p += d * (v - center);
    }
    sum += s;
    product += p;
  });
  sum = sum_of_warps(sum, scratch);
  product = sum_of_warps(product, scratch);
  if (warp() != 0 || !mine) return;
  partial[uint64_t(share.split * 2 + 0) * channels + channel] = sum;
  partial[uint64_t(share.split * 2 + 1) * channels + channel] = product;
}

// What one channel's gradients are made of: [dgamma, dbeta] and [mean, scale, along, offset]. A block for 32
// channels.
template <typename P>
__device__ void coefficients(uint32_t channels, uint32_t splits, double count, int given, const double *partial,
                             const double *mean, const double *var, const P *gamma, double eps, P *daffine, P *factors) {
  SCRIBE_SHARED double scratch[THREADS];
  const uint32_t c = blockIdx.x * WARP + lane(), parts = c < channels ? splits : 0;
  const double sum = sum_of_parts(parts, 2ull * channels, partial + c, scratch);
  const double product = sum_of_parts(parts, 2ull * channels, partial + channels + c, scratch);
  if (warp() != 0 || c >= channels) return;
  const double inverse = 1 / sqrt(var[c] + eps);
  const double scale = double(gamma[c]) * inverse;
  // Given statistics are constants: then these two terms vanish.
  const double per_value = given ? 0 : scale / count;
  daffine[c] = P(product * inverse);
  daffine[channels + c] = P(sum);
  factors[c] = P(mean[c]);
  factors[channels + c] = P(scale);
  factors[2 * channels + c] = P(per_value * product * inverse * inverse);
  factors[3 * channels + c] = P(per_value * sum);
}

// dx = d * scale - (x - mean) * along - offset.
template <Mask MASK, typename T>
__device__ void gradient(uint64_t count, uint32_t channels, const T *__restrict__ x, const T *__restrict__ dy,
                         const arithmetic<T> *__restrict__ factors, const arithmetic<T> *__restrict__ scales,
                         const arithmetic<T> *__restrict__ shifts, T *__restrict__ dx) {
  using A = arithmetic<T>;
  const uint32_t c = thread() % channels;
  const A center = factors[c], scale = factors[channels + c];
  const A along = factors[2 * channels + c], offset = factors[3 * channels + c];
  const A a = scales[c], b = shifts[c];
  for_elements(count, [&](uint64_t i) {
    const A v = widen(x[i]);
    const A d = masked<MASK, T>(v, nullptr, 0, widen(dy[i]), a, b);
    dx[i] = narrow<T>(d * scale - (v - center) * along - offset);
  });
}

// Moves running statistics: r += momentum * (batch - r), the variance made unbiased. One thread per channel.
template <typename P>
__device__ void track(uint32_t channels, const double *mean, const double *var, double momentum, double unbiased,
                      P *running_mean, P *running_var, int64_t *batches) {
  const uint32_t c = blockIdx.x * blockDim.x + threadIdx.x;
  if (c == 0) *batches += 1;
  if (c >= channels) return;
  running_mean[c] = P((1 - momentum) * double(running_mean[c]) + momentum * double(P(mean[c])));
  running_var[c] = P((1 - momentum) * double(running_var[c]) + momentum * (double(P(var[c])) * unbiased));
}

#define PASSES(T, TYPE)                                                                                               \
  extern "C" __global__ void moments_##TYPE(uint64_t pixels, uint32_t channels, uint32_t splits, const T *x,          \
                                            double *partial) {                                                        \
    moments<T>(pixels, channels, splits, x, partial);                                                                 \
  }                                                                                                                   \
  extern "C" __global__ void normalise_##TYPE(uint64_t count, uint32_t channels, const T *x,                          \
                                              const arithmetic<T> *scale, const arithmetic<T> *shift,                 \
                                              const T *residual, int relu, T *y) {                                    \
    normalise<T>(count, channels, x, scale, shift, residual, relu, y);                                                \
  }                                                                                                                   \
  extern "C" __global__ void finish_##TYPE(uint64_t count, uint32_t channels, const arithmetic<T> *scale,             \
                                           const arithmetic<T> *shift, const T *residual, int relu, T *y) {           \
    finish<T>(count, channels, scale, shift, residual, relu, y);                                                      \
  }                                                                                                                   \
  MASKED(T, TYPE, NONE, plain) MASKED(T, TYPE, FROM_X, rectified) MASKED_SUMS(T, TYPE, FROM_Y, residual)

#define MASKED_SUMS(T, TYPE, MASK, NAME)                                                                              \
  extern "C" __global__ void gradient_sums_##NAME##_##TYPE(                                                           \
      uint64_t pixels, uint32_t channels, uint32_t splits, const T *x, const T *y, const T *dy, const double *mean,   \
      const arithmetic<T> *scale, const arithmetic<T> *shift, T *kept, double *partial) {                             \
    gradient_sums<MASK, T>(pixels, channels, splits, x, y, dy, mean, scale, shift, kept, partial);                    \
  }

#define MASKED(T, TYPE, MASK, NAME)                                                                                   \
  MASKED_SUMS(T, TYPE, MASK, NAME)                                                                                    \
  extern "C" __global__ void gradient_##NAME##_##TYPE(uint64_t count, uint32_t channels, const T *x, const T *dy,     \
                                                      const arithmetic<T> *factors, const arithmetic<T> *scale,       \
                                                      const arithmetic<T> *shift, T *dx) {                            \
    gradient<MASK, T>(count, channels, x, dy, factors, scale, shift, dx);                                             \
  }
SCRIBE_FOR_ELEMENTS(PASSES)

// Parameters are never bfloat16.
#define OF_CHANNELS(P, TYPE)                                                                                          \
  extern "C" __global__ void fold_##TYPE(uint32_t channels, const P *gamma, const P *beta, const double *mean,        \
                                         const double *var, double eps, P *scale, P *shift) {                         \
    fold<P, double>(channels, gamma, beta, mean, var, eps, scale, shift);                                             \
  }                                                                                                                   \
  extern "C" __global__ void fold_running_##TYPE(uint32_t channels, const P *gamma, const P *beta, const P *mean,     \
                                                 const P *var, double eps, P *scale, P *shift) {                      \
    fold<P, P>(channels, gamma, beta, mean, var, eps, scale, shift);                                                  \
  }                                                                                                                   \
  extern "C" __global__ void coefficients_##TYPE(uint32_t channels, uint32_t splits, double count, int given,         \
                                                 const double *partial, const double *mean, const double *var,        \
                                                 const P *gamma, double eps, P *daffine, P *factors) {                \
    coefficients<P>(channels, splits, count, given, partial, mean, var, gamma, eps, daffine, factors);                \
  }                                                                                                                   \
  extern "C" __global__ void track_##TYPE(uint32_t channels, const double *mean, const double *var, double momentum,  \
                                          double unbiased, P *running_mean, P *running_var, int64_t *batches) {       \
    track<P>(channels, mean, var, momentum, unbiased, running_mean, running_var, batches);                            \
  }
OF_CHANNELS(float, f32)
OF_CHANNELS(double, f64)
