// Weights [K, C, R, S] in the order [K, R, S, C] of cuDNN's filters beside maps with their channels last, and gradients back.
// 4 bytes read and written per weight (2 written in bfloat16), no operations. Reads lie R S apart, so that each line comes
// from the cache for all but the first tap; weights are small beside the maps that they work on.
#include "common.cuh"

// Calls each(number in [K, R, S, C], number in [K, C, R, S]) for this thread's weights.
template <typename F> __device__ inline void for_weights(uint64_t count, uint32_t channels, uint32_t taps, F each) {
  const uint64_t step = uint64_t(gridDim.x) * blockDim.x;
  for (uint64_t i = uint64_t(blockIdx.x) * blockDim.x + threadIdx.x; i < count; i += step) {
    const uint64_t pair = i / channels, filter = pair / taps;
    each(i, (filter * channels + i % channels) * taps + pair % taps);
  }
}

#define KERNELS(FROM, FROM_TYPE, TO, TO_TYPE)                                                                         \
  extern "C" __global__ void to_filters_##FROM_TYPE##_##TO_TYPE(uint64_t count, uint32_t channels, uint32_t taps,     \
                                                               const FROM *weight, TO *filters) {                     \
    for_weights(count, channels, taps, [&](uint64_t i, uint64_t at) { filters[i] = narrow<TO>(widen(weight[at])); }); \
  }                                                                                                                   \
  extern "C" __global__ void of_filters_##TO_TYPE##_##FROM_TYPE(uint64_t count, uint32_t channels, uint32_t taps,     \
                                                               const TO *filters, FROM *weight) {                     \
    for_weights(count, channels, taps, [&](uint64_t i, uint64_t at) { weight[at] = narrow<FROM>(widen(filters[i])); }); \
  }
KERNELS(float, f32, float, f32)
KERNELS(float, f32, __nv_bfloat16, bf16)
KERNELS(__nv_bfloat16, bf16, __nv_bfloat16, bf16)
