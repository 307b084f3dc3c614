// Batch normalisation with residual sum and rectifier. All passes are bound by memory; per element of x they move
//   moments           read 1              3 operations
//   normalise         read 1 (2), write 1 2 (3) operations; in brackets with a residual
// Sums: at most 32 terms in the arithmetic type per lane, then f64, in an order that follows from the sizes alone.
// Passes without sums give each thread elements of the same channels, whose factors it reads once.
#include "pixels.cuh"

// Values of a channel whose mean stands for its own, from all over the batch.
constexpr uint64_t SAMPLE = 8;

// Numbers near the values of a pack's channels, which keep the sum of squares exact.
template <uint32_t WIDTH, typename T>
__device__ inline void find_pivots(uint64_t pixels, uint32_t channels, const T *__restrict__ x,
                                   arithmetic<T> (&pivots)[WIDTH]) {
  const uint64_t count = pixels < SAMPLE ? pixels : SAMPLE, step = pixels / count;
  for (uint32_t k = 0; k < WIDTH; ++k) pivots[k] = 0;
#pragma unroll
  for (uint64_t i = 0; i < SAMPLE; ++i) {
    if (i >= count) continue;
    const Pack<T, WIDTH> values = load<WIDTH>(x + i * step * channels).open();
    for (uint32_t k = 0; k < WIDTH; ++k) pivots[k] += widen(values.values[k]);
  }
  for (uint32_t k = 0; k < WIDTH; ++k) pivots[k] /= arithmetic<T>(count);
}

// `partial` holds two sums of each channel for each split, and the pivots behind them.
template <typename T, uint32_t WIDTH>
__device__ inline void moments_of(uint64_t pixels, uint32_t channels, uint32_t splits, const T *__restrict__ x,
                                  double *scratch, double *__restrict__ partial) {
  using A = arithmetic<T>;
  const Share<WIDTH> share(channels);
  A pivots[WIDTH] = {};
  if (share.channel < channels) find_pivots<WIDTH>(pixels, channels, x + share.channel, pivots);
  double sums[2][WIDTH] = {};
  for_runs(pixels, channels, share, splits, [&](uint64_t at, uint64_t step, uint32_t count) {
    A s[WIDTH] = {}, q[WIDTH] = {};
#pragma unroll 8
    for (uint32_t i = 0; i < count; ++i) {
      const Pack<T, WIDTH> values = load<WIDTH>(x + at + i * step).open();
#pragma unroll
      for (uint32_t k = 0; k < WIDTH; ++k) {
        const A d = widen(values.values[k]) - pivots[k];
        s[k] += d;
        q[k] += d * d;
      }
    }
#pragma unroll
    for (uint32_t k = 0; k < WIDTH; ++k) {
      sums[0][k] += s[k];
      sums[1][k] += q[k];
    }
  });
  write_part<WIDTH, 2>(share, channels, sums, scratch, partial);
  if (share.split != 0 || share.place() != 0 || share.channel >= channels) return;
  for (uint32_t k = 0; k < WIDTH; ++k) partial[uint64_t(splits) * 2 * channels + share.channel + k] = pivots[k];
}

template <typename T>
__device__ void moments(uint64_t pixels, uint32_t channels, uint32_t splits, const T *x, double *partial) {
  constexpr uint32_t WIDTH = WIDEST_SUM<T>;
  SCRIBE_SHARED double scratch[SCRATCH<WIDTH, 2>];
  if (channels % WIDTH == 0) moments_of<T, WIDTH>(pixels, channels, splits, x, scratch, partial);
  else moments_of<T, 1>(pixels, channels, splits, x, scratch, partial);
}

// A channel's scale and shift: the affine map that its statistics, gamma and beta make.
template <typename P>
__device__ inline void fold_channel(double gamma, double beta, double mean, double var, double eps, P &scale, P &shift) {
  const double factor = gamma / sqrt(var + eps);
  scale = P(factor);
  shift = P(add(beta, -mul(mean, factor)));
}

// Moves a channel's running statistics: r += momentum * (batch - r), the variance made unbiased.
template <typename P>
__device__ inline void track_channel(double mean, double var, double momentum, double unbiased, P &running_mean,
                                     P &running_var) {
  running_mean = P((1 - momentum) * double(running_mean) + momentum * double(P(mean)));
  running_var = P((1 - momentum) * double(running_var) + momentum * (double(P(var)) * unbiased));
}

// Each channel's mean and biased variance from its moments; where they are asked for (not null), the scale and the shift
// that they make and the moved running statistics. A block for CHANNELS channels.
template <typename P>
__device__ void statistics(uint32_t channels, uint32_t splits, double count, const double *partial, double *mean,
                           double *var, const P *gamma, const P *beta, double eps, P *scale, P *shift, double momentum,
                           double unbiased, P *running_mean, P *running_var, int64_t *batches) {
  SCRIBE_SHARED double scratch[THREADS * 2];
  double sums[2];
  const uint32_t c = sum_of_parts<2>(splits, channels, partial, sums, scratch);
  if (batches && thread() == 0) *batches += 1;
  if (c >= channels) return;
  const double offset = sums[0] / count, spread = sums[1] / count - offset * offset;
  const double center = partial[uint64_t(splits) * 2 * channels + c] + offset;
  // Rounding may leave a constant channel slightly below zero; NaN stays NaN.
  const double width = spread < 0 ? 0 : spread;
  mean[c] = center;
  var[c] = width;
  if (gamma) fold_channel<P>(gamma[c], beta[c], center, width, eps, scale[c], shift[c]);
  if (running_mean) track_channel<P>(center, width, momentum, unbiased, running_mean[c], running_var[c]);
}

// The scale and shift that given statistics make. One thread per channel.
template <typename P, typename S>
__device__ void fold(uint32_t channels, const P *gamma, const P *beta, const S *mean, const S *var, double eps, P *scale,
                     P *shift) {
  const uint32_t c = thread();
  if (c < channels) fold_channel<P>(gamma[c], beta[c], mean[c], var[c], eps, scale[c], shift[c]);
}

// The move of running statistics by those of a batch. One thread per channel.
template <typename P>
__device__ void track(uint32_t channels, const double *mean, const double *var, double momentum, double unbiased,
                      P *running_mean, P *running_var, int64_t *batches) {
  const uint32_t c = thread();
  if (c == 0) *batches += 1;
  if (c < channels) track_channel<P>(mean[c], var[c], momentum, unbiased, running_mean[c], running_var[c]);
}

template <typename A> __device__ inline A rectified(A v, int relu) { return relu && v < 0 ? A(0) : v; }

template <typename T, uint32_t WIDTH>
__device__ inline void affine_of(uint64_t count, uint32_t channels, const T *x, const arithmetic<T> *__restrict__ scale,
                                 const arithmetic<T> *__restrict__ shift, const T *residual, int relu, T *y) {
  using A = arithmetic<T>;
  const uint32_t channel = first_channel<WIDTH>(channels);
  A a[WIDTH], b[WIDTH];
#pragma unroll
  for (uint32_t k = 0; k < WIDTH; ++k) {
    a[k] = scale ? scale[channel + k] : A(1);
    b[k] = shift[channel + k];
  }
  const auto value = [&](T x, uint32_t k) { return add(mul(widen(x), a[k]), b[k]); };
  if (residual) {
    struct Both {
      Packed<T, WIDTH> x, residual;
    };
    const auto both = [&](uint64_t i) { return Both{load<WIDTH>(x + i), load<WIDTH>(residual + i)}; };
    for_packs<WIDTH>(count, both, [&](uint64_t i, const Both &both) {
      Pack<T, WIDTH> values = both.x.open();
      const Pack<T, WIDTH> added = both.residual.open();
#pragma unroll
      for (uint32_t k = 0; k < WIDTH; ++k)
        values.values[k] = narrow<T>(rectified(add(value(values.values[k], k), widen(added.values[k])), relu));
      store<WIDTH>(y + i, values);
    });
  } else {
    const auto one = [&](uint64_t i) { return load<WIDTH>(x + i); };
    for_packs<WIDTH>(count, one, [&](uint64_t i, const Packed<T, WIDTH> &one) {
      Pack<T, WIDTH> values = one.open();
#pragma unroll
      for (uint32_t k = 0; k < WIDTH; ++k) values.values[k] = narrow<T>(rectified(value(values.values[k], k), relu));
      store<WIDTH>(y + i, values);
    });
  }
}

// y = x * scale + shift (+ residual), rectified if asked. Without a scale it is 1: a convolution's bias. `y` may be `x`.
template <typename T>
__device__ void affine(uint64_t count, uint32_t channels, const T *x, const arithmetic<T> *scale,
                       const arithmetic<T> *shift, const T *residual, int relu, T *y) {
  constexpr uint32_t WIDTH = WIDEST<T>;
  if (in_packs<WIDTH>(channels, x, residual, y))
    affine_of<T, WIDTH>(count, channels, x, scale, shift, residual, relu, y);
  else affine_of<T, 1>(count, channels, x, scale, shift, residual, relu, y);
}

#define PASSES(T, TYPE)                                                                                               \
  extern "C" __global__ void __launch_bounds__(THREADS, RESIDENT) moments_##TYPE(                                     \
      uint64_t pixels, uint32_t channels, uint32_t splits, const T *x, double *partial) {                             \
    moments<T>(pixels, channels, splits, x, partial);                                                                 \
  }                                                                                                                   \
  extern "C" __global__ void normalise_##TYPE(uint64_t count, uint32_t channels, const T *x,                          \
                                              const arithmetic<T> *scale, const arithmetic<T> *shift,                 \
                                              const T *residual, int relu, T *y) {                                    \
    affine<T>(count, channels, x, scale, shift, residual, relu, y);                                                   \
  }                                                                                                                   \
  extern "C" __global__ void finish_##TYPE(uint64_t count, uint32_t channels, const arithmetic<T> *scale,             \
                                           const arithmetic<T> *shift, const T *residual, int relu, T *y) {           \
    affine<T>(count, channels, y, scale, shift, residual, relu, y);                                                   \
  }
SCRIBE_FOR_ELEMENTS(PASSES)

// Parameters are never bfloat16.
#define OF_CHANNELS(P, TYPE)                                                                                          \
  extern "C" __global__ void statistics_##TYPE(                                                                       \
      uint32_t channels, uint32_t splits, double count, const double *partial, double *mean, double *var,             \
      const P *gamma, const P *beta, double eps, P *scale, P *shift, double momentum, double unbiased,                \
      P *running_mean, P *running_var, int64_t *batches) {                                                            \
    statistics<P>(channels, splits, count, partial, mean, var, gamma, beta, eps, scale, shift, momentum, unbiased,    \
                  running_mean, running_var, batches);                                                                \
  }                                                                                                                   \
  extern "C" __global__ void fold_##TYPE(uint32_t channels, const P *gamma, const P *beta, const double *mean,        \
                                         const double *var, double eps, P *scale, P *shift) {                         \
    fold<P, double>(channels, gamma, beta, mean, var, eps, scale, shift);                                             \
  }                                                                                                                   \
  extern "C" __global__ void fold_running_##TYPE(uint32_t channels, const P *gamma, const P *beta, const P *mean,     \
                                                 const P *var, double eps, P *scale, P *shift) {                      \
    fold<P, P>(channels, gamma, beta, mean, var, eps, scale, shift);                                                  \
  }                                                                                                                   \
  extern "C" __global__ void track_##TYPE(uint32_t channels, const double *mean, const double *var, double momentum,  \
                                          double unbiased, P *running_mean, P *running_var, int64_t *batches) {       \
    track<P>(channels, mean, var, momentum, unbiased, running_mean, running_var, batches);                            \
  }
OF_CHANNELS(float, f32)
OF_CHANNELS(double, f64)
