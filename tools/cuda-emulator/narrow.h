// bfloat16 and float16 as bits, rounded to nearest even; arithmetic widens to float, as the device's does at heart.
#pragma once

namespace emulated {
template <typename To, typename From> To bits(From from) {
  static_assert(sizeof(To) == sizeof(From), "only the type changes");
  To to;
  std::memcpy(&to, &from, sizeof to);
  return to;
}
inline uint16_t to_bf16(float x) {
  const uint32_t u = bits<uint32_t>(x);
  if ((u & 0x7fffffffu) > 0x7f800000u) return 0x7fff;  // the NaN that the device gives
  return uint16_t((u + 0x7fffu + (u >> 16 & 1)) >> 16);
}
inline float from_bf16(uint16_t b) { return bits<float>(uint32_t(b) << 16); }
inline uint16_t to_f16(float x) { return bits<uint16_t>(static_cast<_Float16>(x)); }
inline float from_f16(uint16_t b) { return static_cast<float>(bits<_Float16>(b)); }
}  // namespace emulated

#define EMULATED_NARROW(NAME, TO, FROM)                                                                       \
  struct NAME {                                                                                               \
    uint16_t __x;                                                                                             \
    NAME() = default;                                                                                         \
    template <typename T, typename = std::enable_if_t<std::is_arithmetic_v<T>>>                               \
    NAME(T x) : __x(emulated::TO(static_cast<float>(x))) {}                                                   \
    operator float() const { return emulated::FROM(__x); }                                                    \
    NAME &operator+=(NAME o) { return *this = NAME(float(*this) + float(o)); }                                \
    NAME &operator-=(NAME o) { return *this = NAME(float(*this) - float(o)); }                                \
    NAME &operator*=(NAME o) { return *this = NAME(float(*this) * float(o)); }                                \
    NAME &operator/=(NAME o) { return *this = NAME(float(*this) / float(o)); }                                \
  };                                                                                                          \
  inline NAME operator+(NAME a, NAME b) { return NAME(float(a) + float(b)); }                                 \
  inline NAME operator-(NAME a, NAME b) { return NAME(float(a) - float(b)); }                                 \
  inline NAME operator*(NAME a, NAME b) { return NAME(float(a) * float(b)); }                                 \
  inline NAME operator/(NAME a, NAME b) { return NAME(float(a) / float(b)); }                                 \
  inline NAME operator-(NAME a) { return NAME(-float(a)); }                                                   \
  inline bool operator<(NAME a, NAME b) { return float(a) < float(b); }                                       \
  inline bool operator>(NAME a, NAME b) { return float(a) > float(b); }                                       \
  inline bool operator<=(NAME a, NAME b) { return float(a) <= float(b); }                                     \
  inline bool operator>=(NAME a, NAME b) { return float(a) >= float(b); }                                     \
  inline bool operator==(NAME a, NAME b) { return float(a) == float(b); }                                     \
  inline bool operator!=(NAME a, NAME b) { return float(a) != float(b); }                                     \
  inline bool __hisnan(NAME a) { return std::isnan(float(a)); }                                               \
  inline NAME __hmax(NAME a, NAME b) { return NAME(std::fmax(float(a), float(b))); }                          \
  inline NAME __hmin(NAME a, NAME b) { return NAME(std::fmin(float(a), float(b))); }                          \
  inline NAME __hmax_nan(NAME a, NAME b) { return __hisnan(a) ? a : __hisnan(b) ? b : __hmax(a, b); }         \
  inline NAME __hmin_nan(NAME a, NAME b) { return __hisnan(a) ? a : __hisnan(b) ? b : __hmin(a, b); }         \
  inline NAME __habs(NAME a) { return NAME(std::fabs(float(a))); }                                            \
  inline NAME __hneg(NAME a) { return NAME(-float(a)); }                                                      \
  inline NAME __hadd(NAME a, NAME b) { return a + b; }                                                        \
  inline NAME __hmul(NAME a, NAME b) { return a * b; }                                                        \
  inline NAME hsqrt(NAME a) { return NAME(std::sqrt(float(a))); }                                             \
  inline NAME hcos(NAME a) { return NAME(std::cos(float(a))); }                                               \
  inline NAME hsin(NAME a) { return NAME(std::sin(float(a))); }                                               \
  inline NAME hlog(NAME a) { return NAME(std::log(float(a))); }                                               \
  inline NAME hexp(NAME a) { return NAME(std::exp(float(a))); }                                               \
  struct alignas(4) NAME##2 { NAME x, y; };                                                                   \
  inline NAME##2 __hadd2(NAME##2 a, NAME##2 b) { return {a.x + b.x, a.y + b.y}; }                             \
  inline NAME##2 __hsub2(NAME##2 a, NAME##2 b) { return {a.x - b.x, a.y - b.y}; }                             \
  inline NAME##2 __hmul2(NAME##2 a, NAME##2 b) { return {a.x * b.x, a.y * b.y}; }                             \
  inline NAME##2 __h2div(NAME##2 a, NAME##2 b) { return {a.x / b.x, a.y / b.y}; }                             \
  inline NAME##2 __hmax2(NAME##2 a, NAME##2 b) { return {__hmax(a.x, b.x), __hmax(a.y, b.y)}; }               \
  inline NAME##2 __hmin2(NAME##2 a, NAME##2 b) { return {__hmin(a.x, b.x), __hmin(a.y, b.y)}; }
EMULATED_NARROW(__nv_bfloat16, to_bf16, from_bf16)
EMULATED_NARROW(__half, to_f16, from_f16)
using half = __half;
using half2 = __half2;

inline float __bfloat162float(__nv_bfloat16 x) { return x; }
inline __nv_bfloat16 __float2bfloat16(float x) { return x; }
inline __nv_bfloat16 __float2bfloat16_rn(float x) { return x; }
inline __nv_bfloat16 __ushort_as_bfloat16(unsigned short x) { return emulated::bits<__nv_bfloat16>(x); }
inline unsigned short __bfloat16_as_ushort(__nv_bfloat16 x) { return x.__x; }
inline float2 __bfloat1622float2(__nv_bfloat162 v) { return {v.x, v.y}; }
inline __nv_bfloat162 __floats2bfloat162_rn(float x, float y) { return {x, y}; }
inline __nv_bfloat162 __halves2bfloat162(__nv_bfloat16 x, __nv_bfloat16 y) { return {x, y}; }
inline float __half2float(__half x) { return x; }
inline __half __float2half(float x) { return x; }
inline __half __float2half_rn(float x) { return x; }
inline __half __ushort_as_half(unsigned short x) { return emulated::bits<__half>(x); }
inline unsigned short __half_as_ushort(__half x) { return x.__x; }

// Eight-bit floats stand in candle's files, and no operator of ours uses them.
struct __nv_fp8_e4m3 {
  unsigned char __x;
  __nv_fp8_e4m3() = default;
  template <typename T, typename = std::enable_if_t<std::is_arithmetic_v<T>>> __nv_fp8_e4m3(T) {
    emulated_fail("eight-bit floats are not emulated");
  }
  operator float() const { emulated_fail("eight-bit floats are not emulated"); }
};
constexpr int __NV_E4M3 = 0;
inline __half __nv_cvt_fp8_to_halfraw(unsigned char, int) { emulated_fail("eight-bit floats are not emulated"); }
