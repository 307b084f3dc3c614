// The gradients of batch normalisation with residual sum and rectifier. All passes are bound by memory; per element of x they
// move
//   gradient sums     read 2 (3), write 0 (1)   4 operations; in brackets with residual and rectifier
//   gradient          read 2, write 1           5 operations
// Without a residual the rectifier's mask is computed anew from x, which saves reading the result twice.
// Sums: at most 32 terms in the arithmetic type per lane, then f64, in an order that follows from the sizes alone.
// The gradient's terms nearly cancel where a channel has few values, so its products and sums are rounded one by one, as
// the CPU's are.
#include "pixels.cuh"

// Where the gradient before the rectifier comes from.
enum Mask { NONE, FROM_X, FROM_Y };

// The gradient before the rectifier: dy where the result is positive (or NaN), else 0. The result is `y` or made of `x`.
template <Mask MASK, typename A> __device__ inline A masked(A x, A y, A dy, A a, A b) {
  if (MASK == FROM_X) return add(mul(x, a), b) <= 0 ? A(0) : dy;
  if (MASK == FROM_Y) return y <= 0 ? A(0) : dy;
  return dy;
}

// Sums of d, the gradient before the rectifier, and of d * (x - mean); with FROM_Y, d is kept.
template <Mask MASK, typename T, uint32_t WIDTH>
__device__ inline void gradient_sums_of(uint64_t pixels, uint32_t channels, uint32_t splits, const T *__restrict__ x,
                                        const T *__restrict__ y, const T *__restrict__ dy,
                                        const double *__restrict__ mean, const arithmetic<T> *__restrict__ scale,
                                        const arithmetic<T> *__restrict__ shift, T *__restrict__ kept, double *scratch,
                                        double *__restrict__ partial) {
  using A = arithmetic<T>;
  const Share<WIDTH> share(channels);
  A center[WIDTH], a[WIDTH], b[WIDTH];
#pragma unroll
  for (uint32_t k = 0; k < WIDTH; ++k) {
    const uint32_t channel = share.channel < channels ? share.channel + k : 0;
    center[k] = A(mean[channel]);
    a[k] = MASK == FROM_X ? scale[channel] : A(1);
    b[k] = MASK == FROM_X ? shift[channel] : A(0);
  }
  double sums[2][WIDTH] = {};
  for_runs(pixels, channels, share, splits, [&](uint64_t at, uint64_t step, uint32_t count) {
    A s[WIDTH] = {}, p[WIDTH] = {};
    // As many loads at once as registers allow.
    constexpr uint32_t AT_ONCE = MASK == FROM_Y || sizeof(T) > 2 ? 2 : 4;
#pragma unroll AT_ONCE
    for (uint32_t i = 0; i < count; ++i) {
      const uint64_t here = at + i * step;
      const Pack<T, WIDTH> values = load<WIDTH>(x + here).open();
      Pack<T, WIDTH> gradients = load<WIDTH>(dy + here).open(), results = values;
      if (MASK == FROM_Y) results = load<WIDTH>(y + here).open();
#pragma unroll
      for (uint32_t k = 0; k < WIDTH; ++k) {
        const A v = widen(values.values[k]);
        const A d = masked<MASK, A>(v, widen(results.values[k]), widen(gradients.values[k]), a[k], b[k]);
        if (MASK == FROM_Y) gradients.values[k] = narrow<T>(d);
        s[k] += d;
        p[k] = add(p[k], mul(d, v - center[k]));
      }
      if (MASK == FROM_Y) store<WIDTH>(kept + here, gradients);
    }
#pragma unroll
    for (uint32_t k = 0; k < WIDTH; ++k) {
      sums[0][k] += s[k];
      sums[1][k] += p[k];
    }
  });
  write_part<WIDTH, 2>(share, channels, sums, scratch, partial);
}

template <Mask MASK, typename T>
__device__ void gradient_sums(uint64_t pixels, uint32_t channels, uint32_t splits, const T *x, const T *y, const T *dy,
                              const double *mean, const arithmetic<T> *scale, const arithmetic<T> *shift, T *kept,
                              double *partial) {
  constexpr uint32_t WIDTH = WIDEST_SUM<T>;
  SCRIBE_SHARED double scratch[SCRATCH<WIDTH, 2>];
  if (channels % WIDTH == 0)
    gradient_sums_of<MASK, T, WIDTH>(pixels, channels, splits, x, y, dy, mean, scale, shift, kept, scratch, partial);
  else gradient_sums_of<MASK, T, 1>(pixels, channels, splits, x, y, dy, mean, scale, shift, kept, scratch, partial);
}

// What one channel's gradients are made of: [dgamma, dbeta] and [mean, scale, along, offset]. A block for CHANNELS
// channels.
template <typename P>
__device__ void coefficients(uint32_t channels, uint32_t splits, double count, int given, const double *partial,
                             const double *mean, const double *var, const P *gamma, double eps, P *daffine, P *factors) {
  SCRIBE_SHARED double scratch[THREADS * 2];
  double sums[2];
  const uint32_t c = sum_of_parts<2>(splits, channels, partial, sums, scratch);
  if (c >= channels) return;
  const double sum = sums[0], product = sums[1];
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

template <Mask MASK, typename T, uint32_t WIDTH>
__device__ inline void gradient_of(uint64_t count, uint32_t channels, const T *__restrict__ x, const T *__restrict__ dy,
                                   const arithmetic<T> *__restrict__ factors, const arithmetic<T> *__restrict__ scales,
                                   const arithmetic<T> *__restrict__ shifts, T *__restrict__ dx) {
  using A = arithmetic<T>;
  const uint32_t channel = first_channel<WIDTH>(channels);
  A center[WIDTH], scale[WIDTH], along[WIDTH], offset[WIDTH], a[WIDTH], b[WIDTH];
#pragma unroll
  for (uint32_t k = 0; k < WIDTH; ++k) {
    const uint32_t c = channel + k;
    center[k] = factors[c];
    scale[k] = factors[channels + c];
    along[k] = factors[2 * channels + c];
    offset[k] = factors[3 * channels + c];
    a[k] = MASK == FROM_X ? scales[c] : A(1);
    b[k] = MASK == FROM_X ? shifts[c] : A(0);
  }
  struct Both {
    Packed<T, WIDTH> x, dy;
  };
  const auto both = [&](uint64_t i) { return Both{load<WIDTH>(x + i), load<WIDTH>(dy + i)}; };
  for_packs<WIDTH>(count, both, [&](uint64_t i, const Both &both) {
    const Pack<T, WIDTH> values = both.x.open();
    Pack<T, WIDTH> gradients = both.dy.open();
#pragma unroll
    for (uint32_t k = 0; k < WIDTH; ++k) {
      const A v = widen(values.values[k]);
      const A d = masked<MASK, A>(v, v, widen(gradients.values[k]), a[k], b[k]);
      gradients.values[k] = narrow<T>(add(mul(d, scale[k]), -mul(v - center[k], along[k])) - offset[k]);
    }
    store<WIDTH>(dx + i, gradients);
  });
}

// dx = d * scale - (x - mean) * along - offset.
template <Mask MASK, typename T>
__device__ void gradient(uint64_t count, uint32_t channels, const T *x, const T *dy, const arithmetic<T> *factors,
                         const arithmetic<T> *scales, const arithmetic<T> *shifts, T *dx) {
  constexpr uint32_t WIDTH = WIDEST<T>;
  if (in_packs<WIDTH>(channels, x, dy, dx))
    gradient_of<MASK, T, WIDTH>(count, channels, x, dy, factors, scales, shifts, dx);
  else gradient_of<MASK, T, 1>(count, channels, x, dy, factors, scales, shifts, dx);
}

#define MASKED_SUMS(T, TYPE, MASK, NAME)                                                                              \
  extern "C" __global__ void __launch_bounds__(THREADS, RESIDENT) gradient_sums_##NAME##_##TYPE(                      \
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

#define PASSES(T, TYPE) \
  MASKED(T, TYPE, NONE, plain) MASKED(T, TYPE, FROM_X, rectified) MASKED_SUMS(T, TYPE, FROM_Y, residual)
SCRIBE_FOR_ELEMENTS(PASSES)

// Parameters are never bfloat16.
#define OF_CHANNELS(P, TYPE) \
  extern "C" __global__ void coefficients_##TYPE(uint32_t channels, uint32_t splits, double count, int given,         \
                                                 const double *partial, const double *mean, const double *var,        \
                                                 const P *gamma, double eps, P *daffine, P *factors) {                \
    coefficients<P>(channels, splits, count, given, partial, mean, var, gamma, eps, daffine, factors);                \
  }
OF_CHANNELS(float, f32)
OF_CHANNELS(double, f64)
