// CUDA's short vectors.
#pragma once

#define EMULATED_VECTORS(T, NAME)                                                          \
  struct alignas(2 * sizeof(T)) NAME##2 { T x, y; };                                       \
  struct alignas(sizeof(T) == 8 ? 16 : 4 * sizeof(T)) NAME##4 { T x, y, z, w; };           \
  inline NAME##2 make_##NAME##2(T x, T y) { return {x, y}; }                               \
  inline NAME##4 make_##NAME##4(T x, T y, T z, T w) { return {x, y, z, w}; }
EMULATED_VECTORS(float, float)
EMULATED_VECTORS(double, double)
EMULATED_VECTORS(int, int)
EMULATED_VECTORS(unsigned, uint)
EMULATED_VECTORS(short, short)
EMULATED_VECTORS(unsigned short, ushort)
EMULATED_VECTORS(signed char, char)
EMULATED_VECTORS(unsigned char, uchar)
EMULATED_VECTORS(long long, longlong)
EMULATED_VECTORS(unsigned long long, ulonglong)
struct float3 { float x, y, z; };
inline float3 make_float3(float x, float y, float z) { return {x, y, z}; }

// A store in one instruction.
template <typename T> inline void __stwb(T *to, T value) { *to = value; }
