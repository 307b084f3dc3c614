// What all kernels share: element types, their arithmetic type, and reductions in a fixed order.
//
// The kernels are written in the part of CUDA C++ that a plain C++ compiler understands once a header gives it
// threads, blocks and barriers. That is how they are tested where there is no GPU (tools/cuda-emulator).
#pragma once

#ifndef SCRIBE_EMULATED
#include <cuda_bf16.h>
#include <cstdint>
#define SCRIBE_SHARED __shared__
#define SCRIBE_DYNAMIC_SHARED(type, name) \
  extern __shared__ __align__(16) unsigned char name##_bytes[]; \
  type *name = reinterpret_cast<type *>(name##_bytes)
#endif

constexpr unsigned ALL_LANES = 0xffffffffu;
constexpr int WARP = 32;

// The type in which an element is computed with: bfloat16 widens to float.
template <typename T> struct Arithmetic { using type = T; };
template <> struct Arithmetic<__nv_bfloat16> { using type = float; };
template <typename T> using arithmetic = typename Arithmetic<T>::type;

__device__ inline float widen(float x) { return x; }
__device__ inline double widen(double x) { return x; }
__device__ inline float widen(__nv_bfloat16 x) { return __bfloat162float(x); }

template <typename T> __device__ inline T narrow(arithmetic<T> x) { return x; }
template <> __device__ inline __nv_bfloat16 narrow<__nv_bfloat16>(float x) { return __float2bfloat16(x); }

// Sums and products rounded one by one, as the CPU's are: the compiler never joins them to one operation.
__device__ inline float add(float a, float b) { return __fadd_rn(a, b); }
__device__ inline double add(double a, double b) { return __dadd_rn(a, b); }
__device__ inline float mul(float a, float b) { return __fmul_rn(a, b); }
__device__ inline double mul(double a, double b) { return __dmul_rn(a, b); }

// Sum over the lanes of a warp, the same in every lane and on every run.
template <typename A> __device__ inline A warp_sum(A value) {
  for (int distance = WARP / 2; distance > 0; distance /= 2)
    value += __shfl_xor_sync(ALL_LANES, value, distance);
  return value;
}

// Largest value over the lanes of a warp; NaN wins over numbers.
template <typename A> __device__ inline A warp_max(A value) {
  for (int distance = WARP / 2; distance > 0; distance /= 2) {
    A other = __shfl_xor_sync(ALL_LANES, value, distance);
    value = (other > value || other != other) ? other : value;
  }
  return value;
}

// Sum over a block of whole warps, given to every thread. `scratch` holds one value for each warp and may be used
// again at once.
template <typename A> __device__ inline A block_sum(A value, A *scratch) {
  const int warps = blockDim.x / WARP;
  value = warp_sum(value);
  __syncthreads();
  if (threadIdx.x % WARP == 0) scratch[threadIdx.x / WARP] = value;
  __syncthreads();
  A sum = 0;
  for (int i = 0; i < warps; ++i) sum += scratch[i];
  return sum;
}

// One instance of a kernel for each element type: KERNEL is called with the C++ type and the suffix of the name.
#define SCRIBE_FOR_ELEMENTS(KERNEL) \
  KERNEL(float, f32)                \
  KERNEL(double, f64)               \
  KERNEL(__nv_bfloat16, bf16)
