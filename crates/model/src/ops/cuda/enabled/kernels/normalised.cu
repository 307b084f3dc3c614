// Pictures as networks take them, [N, H, W, 3] in f32. A byte or a float read and a float written per element: bound by memory.
#include "common.cuh"

constexpr uint32_t CHANNELS = 3, BYTES = 256;

// From interleaved bytes: the table holds what each channel's bytes become.
extern "C" __global__ void normalised_bytes(uint64_t count, const float *__restrict__ table,
                                            const uint8_t *__restrict__ bytes, float *__restrict__ y) {
  const uint64_t step = uint64_t(gridDim.x) * blockDim.x;
  for (uint64_t i = uint64_t(blockIdx.x) * blockDim.x + threadIdx.x; i < count; i += step)
    y[i] = table[i % CHANNELS * BYTES + bytes[i]];
}

// From planes [N, 3, area] of values in 0..1; three means, then three standard deviations. Rounded as on the CPU.
extern "C" __global__ void normalised_planes(uint64_t count, uint64_t area, const float *__restrict__ scale,
                                             const float *__restrict__ values, float *__restrict__ y) {
  const uint64_t step = uint64_t(gridDim.x) * blockDim.x;
  for (uint64_t i = uint64_t(blockIdx.x) * blockDim.x + threadIdx.x; i < count; i += step) {
    const uint64_t pixel = i / CHANNELS, channel = i % CHANNELS, image = pixel / area;
    const float value = values[(image * CHANNELS + channel) * area + pixel % area];
    y[i] = __fdiv_rn(add(value, -scale[channel]), scale[CHANNELS + channel]);
  }
}
