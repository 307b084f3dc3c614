// CUDA's mathematical functions beyond those of <cmath>.
#pragma once

using std::fabs; using std::fmax; using std::fmin; using std::exp; using std::log; using std::log1p; using std::expm1;
using std::sqrt; using std::pow; using std::floor; using std::ceil; using std::isnan; using std::isinf; using std::isfinite;
using std::signbit; using std::abs; using std::fma; using std::tanh; using std::round; using std::copysign; using std::ldexp;
using std::cos; using std::sin;

template <typename A, typename B> constexpr std::common_type_t<A, B> min(A a, B b) {
  using T = std::common_type_t<A, B>;
  return T(b) < T(a) ? T(b) : T(a);
}
template <typename A, typename B> constexpr std::common_type_t<A, B> max(A a, B b) {
  using T = std::common_type_t<A, B>;
  return T(a) < T(b) ? T(b) : T(a);
}
inline float min(float a, float b) { return fmin(a, b); }
inline float max(float a, float b) { return fmax(a, b); }
inline double min(double a, double b) { return fmin(a, b); }
inline double max(double a, double b) { return fmax(a, b); }

inline float rsqrtf(float x) { return 1.0f / std::sqrt(x); }
inline float rsqrt(float x) { return 1.0f / std::sqrt(x); }
inline double rsqrt(double x) { return 1.0 / std::sqrt(x); }
inline float normcdff(float x) { return 0.5f * std::erfc(-x * float(M_SQRT1_2)); }
inline double normcdf(double x) { return 0.5 * std::erfc(-x * M_SQRT1_2); }
inline float __expf(float x) { return std::exp(x); }
inline float __logf(float x) { return std::log(x); }
inline float __fdividef(float x, float y) { return x / y; }
inline float __frcp_rn(float x) { return 1.0f / x; }
inline float __saturatef(float x) { return std::fmin(std::fmax(x, 0.0f), 1.0f); }

// Built without contraction, so that the usual operators round like the named ones.
#define EMULATED_ROUNDED(PREFIX, T)                                             \
  inline T __##PREFIX##add_rn(T a, T b) { return a + b; }                       \
  inline T __##PREFIX##sub_rn(T a, T b) { return a - b; }                       \
  inline T __##PREFIX##mul_rn(T a, T b) { return a * b; }                       \
  inline T __##PREFIX##div_rn(T a, T b) { return a / b; }
EMULATED_ROUNDED(f, float)
EMULATED_ROUNDED(d, double)
inline float __fmaf_rn(float a, float b, float c) { return std::fma(a, b, c); }
inline double __fma_rn(double a, double b, double c) { return std::fma(a, b, c); }
inline float __fsqrt_rn(float x) { return std::sqrt(x); }
inline double __dsqrt_rn(double x) { return std::sqrt(x); }

inline float __uint_as_float(unsigned x) { return emulated::bits<float>(x); }
inline unsigned __float_as_uint(float x) { return emulated::bits<unsigned>(x); }
inline float __int_as_float(int x) { return emulated::bits<float>(x); }
inline int __float_as_int(float x) { return emulated::bits<int>(x); }
inline double __longlong_as_double(long long x) { return emulated::bits<double>(x); }
inline long long __double_as_longlong(double x) { return emulated::bits<long long>(x); }
inline int __float2int_rd(float x) { return int(std::floor(x)); }
inline int __float2int_rn(float x) { return int(std::nearbyint(x)); }
inline int __popc(unsigned x) { return __builtin_popcount(x); }
inline int __ffs(int x) { return __builtin_ffs(x); }
inline int __clz(int x) { return x == 0 ? 32 : __builtin_clz(unsigned(x)); }
inline unsigned __umulhi(unsigned a, unsigned b) { return unsigned(uint64_t(a) * b >> 32); }
