// Pictures as networks take them, [N, H, W, 3] in f32. A byte read and a float written per element: bound by memory.
#include "common.cuh"

constexpr uint32_t CHANNELS = 3, BYTES = 256;

// From interleaved bytes: the table holds what each channel's bytes become.
extern "C" __global__ void normalised_bytes(uint64_t count, const float *__restrict__ table,
                                            const uint8_t *__restrict__ bytes, float *__restrict__ y) {
  const uint64_t step = uint64_t(gridDim.x) * blockDim.x;
  for (uint64_t i = uint64_t(blockIdx.x) * blockDim.x + threadIdx.x; i < count; i += step)
    y[i] = table[i % CHANNELS * BYTES + bytes[i]];
}
