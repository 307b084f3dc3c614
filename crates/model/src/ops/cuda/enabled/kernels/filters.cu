// Weights [K, C, R, S] in the order [K, R, S, C] of cuDNN's filters beside maps with their channels last, and gradients back.
// 4 bytes read and written per weight (2 written in bfloat16), no operations: bound by memory. A block turns a chunk of the
// channels of one filter in shared memory, so that it reads and writes neighbours.
#include "common.cuh"

// The channels of a filter that a block turns.
struct Chunk {
  uint32_t first, count;
  // Where they begin in [K, C, taps], and in [K, taps, C].
  uint64_t weight, filters;
  __device__ Chunk(uint32_t channels, uint32_t taps, uint32_t most) {
    const uint32_t chunks = (channels + most - 1) / most;
    const uint64_t filter = blockIdx.x / chunks;
    first = blockIdx.x % chunks * most;
    count = channels - first < most ? channels - first : most;
    weight = (filter * channels + first) * taps;
    filters = filter * taps * channels + first;
  }
};

template <typename FROM, typename TO>
__device__ void to_filters(uint32_t channels, uint32_t taps, uint32_t most, const FROM *__restrict__ weight,
                           TO *__restrict__ filters) {
  SCRIBE_DYNAMIC_SHARED(FROM, tile);
  const Chunk chunk(channels, taps, most);
  for (uint32_t i = threadIdx.x; i < chunk.count * taps; i += blockDim.x) tile[i] = weight[chunk.weight + i];
  __syncthreads();
  for (uint32_t tap = 0; tap < taps; ++tap)
    for (uint32_t c = threadIdx.x; c < chunk.count; c += blockDim.x)
      filters[chunk.filters + uint64_t(tap) * channels + c] = narrow<TO>(widen(tile[c * taps + tap]));
}

template <typename FROM, typename TO>
__device__ void of_filters(uint32_t channels, uint32_t taps, uint32_t most, const FROM *__restrict__ filters,
                           TO *__restrict__ weight) {
  SCRIBE_DYNAMIC_SHARED(FROM, tile);
  const Chunk chunk(channels, taps, most);
  for (uint32_t tap = 0; tap < taps; ++tap)
    for (uint32_t c = threadIdx.x; c < chunk.count; c += blockDim.x)
      tile[c * taps + tap] = filters[chunk.filters + uint64_t(tap) * channels + c];
  __syncthreads();
  for (uint32_t i = threadIdx.x; i < chunk.count * taps; i += blockDim.x)
    weight[chunk.weight + i] = narrow<TO>(widen(tile[i]));
}

#define KERNELS(FROM, FROM_TYPE, TO, TO_TYPE)                                                                         \
  extern "C" __global__ void to_filters_##FROM_TYPE##_##TO_TYPE(uint32_t channels, uint32_t taps, uint32_t most,      \
                                                               const FROM *weight, TO *filters) {                     \
    to_filters<FROM, TO>(channels, taps, most, weight, filters);                                                      \
  }                                                                                                                   \
  extern "C" __global__ void of_filters_##TO_TYPE##_##FROM_TYPE(uint32_t channels, uint32_t taps, uint32_t most,      \
                                                               const TO *filters, FROM *weight) {                     \
    of_filters<TO, FROM>(channels, taps, most, filters, weight);                                                      \
  }
KERNELS(float, f32, float, f32)
KERNELS(float, f32, __nv_bfloat16, bf16)
KERNELS(__nv_bfloat16, bf16, __nv_bfloat16, bf16)
