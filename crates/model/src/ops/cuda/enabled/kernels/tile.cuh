// Runs of pixels in shared memory: the block loads them as neighbours lie in memory, then one thread works on the channels
// of each pixel, and where it changes them the block stores them as it loaded them.
#pragma once
#include "common.cuh"

// Distance between two pixels, in values. It is odd, so that threads that read the same channel of 32 neighbouring pixels
// reach 32 different banks.
__device__ inline uint32_t tile_stride(uint32_t channels) { return channels | 1; }

// The channels of one pixel.
template <typename A> struct Channels {
  A *values;
  __device__ A operator()(int channel) const { return values[channel]; }
};

// Calls each(element, pixel, channel) for all elements of `count` pixels; neighbours are for neighbouring threads.
template <typename F> __device__ inline void for_tile(uint32_t count, uint32_t channels, F each) {
  // A division for each thread, not for each element.
  const uint32_t down = blockDim.x / channels, right = blockDim.x % channels;
  uint32_t pixel = threadIdx.x / channels, channel = threadIdx.x % channels;
  for (uint32_t i = threadIdx.x; i < count * channels; i += blockDim.x) {
    each(i, pixel, channel);
    pixel += down;
    channel += right;
    if (channel >= channels) {
      channel -= channels;
      ++pixel;
    }
  }
}

// Pixels `first` to `first + count` of a map.
struct Run {
  uint64_t first;
  uint32_t count;
};

// The run of this block where each has `tile` pixels, of at most as many as it has threads.
__device__ inline Run block_run(uint64_t pixels, uint32_t tile) {
  const uint64_t first = uint64_t(blockIdx.x) * tile, left = first < pixels ? pixels - first : 0;
  return {first, uint32_t(left < tile ? left : tile)};
}

template <typename T> __device__ inline void load_tile(Run run, uint32_t channels, const T *map, arithmetic<T> *tile) {
  const uint32_t stride = tile_stride(channels);
  const T *from = map + run.first * channels;
  for_tile(run.count, channels,
           [&](uint32_t i, uint32_t pixel, uint32_t c) { tile[pixel * stride + c] = widen(from[i]); });
  __syncthreads();
}

template <typename T> __device__ inline void store_tile(Run run, uint32_t channels, const arithmetic<T> *tile, T *map) {
  const uint32_t stride = tile_stride(channels);
  T *to = map + run.first * channels;
  __syncthreads();
  for_tile(run.count, channels,
           [&](uint32_t i, uint32_t pixel, uint32_t c) { to[i] = narrow<T>(tile[pixel * stride + c]); });
}
