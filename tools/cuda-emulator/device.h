// What a kernel file sees on the emulated device: CUDA's qualifiers, built-in variables, barriers, shuffles, atomics and
// narrow types, in plain C++. It is included before every kernel file.
#pragma once
#define SCRIBE_EMULATED
#define __CUDA_ARCH__ 800
#define __CUDACC_VER_MAJOR__ 13
#define __CUDACC_VER_MINOR__ 0

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <type_traits>
#include <utility>

#define __global__ __attribute__((noinline))
#define __device__
#define __host__
#define __constant__ static const
#define __forceinline__ inline
#define __noinline__ __attribute__((noinline))
#define __launch_bounds__(...)
#define __align__(bytes) alignas(bytes)
// One block runs at a time, so that its shared memory can be static.
#define __shared__ static
#define SCRIBE_SHARED static
#define SCRIBE_DYNAMIC_SHARED(type, name) type *name = reinterpret_cast<type *>(emulated_here.dynamic)

#include "here.h"
#include "vectors.h"
#include "narrow.h"
#include "warp.h"
#include "atomics.h"
#include "arithmetic.h"

#define threadIdx (emulated_here.thread)
#define blockIdx (emulated_here.block)
#define blockDim (emulated_here.block_size)
#define gridDim (emulated_here.grid_size)
constexpr int warpSize = 32;
