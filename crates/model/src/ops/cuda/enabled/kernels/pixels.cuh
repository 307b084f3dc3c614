// How maps [pixels, channels] are divided among threads. A pixel is a place of a picture of the batch; its channels follow
// each other in memory, so neighbouring threads take neighbouring channels. Who takes what follows from the sizes alone.
#pragma once
#include "common.cuh"

__device__ inline uint32_t lane() { return threadIdx.x % WARP; }
__device__ inline uint32_t warp() { return threadIdx.x / WARP; }
__device__ inline uint32_t warps() { return blockDim.x / WARP; }
__device__ inline uint32_t thread() { return blockIdx.x * blockDim.x + threadIdx.x; }

// Calls each(element) for this thread's elements. The grid's threads are a multiple of the channels or as many as there are
// elements, so all of a thread's elements are of channel `thread() % channels`.
template <typename F> __device__ inline void for_elements(uint64_t count, F each) {
  const uint64_t step = uint64_t(gridDim.x) * blockDim.x;
#pragma unroll 4
  for (uint64_t i = thread(); i < count; i += step) each(i);
}

// Calls each(pixel, first channel) for this thread's pixels. `lanes` neighbouring threads, a power of two that divides a
// warp, share a pixel: each takes every channel number `lanes` from its first on.
template <typename F> __device__ inline void for_pixels(uint64_t pixels, uint32_t lanes, F each) {
  const uint64_t step = uint64_t(gridDim.x) * blockDim.x / lanes;
  for (uint64_t p = thread() / lanes; p < pixels; p += step) each(p, threadIdx.x % lanes);
}

// Sums for each channel: a block takes 32 channels, a lane for each, and its warps take pixels in turn. `splits` blocks
// share the pixels of the same channels.
struct Share {
  uint32_t channel, split;
  __device__ explicit Share(uint32_t channels) {
    const uint32_t groups = (channels + WARP - 1) / WARP;
    channel = blockIdx.x % groups * WARP + lane();
    split = blockIdx.x / groups;
  }
};

// Terms that are added in the arithmetic type before they go into a sum in f64.
constexpr uint32_t TERMS = 32;

// Calls each(at, step, count) for runs of the values of one channel: `count` of at most TERMS, the first at `at`, the next
// `step` further.
template <typename F>
__device__ inline void for_runs(uint64_t pixels, uint32_t channels, Share share, uint32_t splits, F each) {
  if (share.channel >= channels) return;
  const uint64_t step = uint64_t(splits) * warps();
  for (uint64_t first = share.split * warps() + warp(); first < pixels; first += TERMS * step) {
    const uint64_t left = (pixels - first + step - 1) / step;
    each(first * channels + share.channel, step * channels, uint32_t(left < TERMS ? left : TERMS));
  }
}

// Sum over the warps of a block of what their lanes of one number hold, in the warps' order. `scratch` holds one value for
// each thread and may be used again at once.
__device__ inline double sum_of_warps(double value, double *scratch) {
  __syncthreads();
  scratch[threadIdx.x] = value;
  __syncthreads();
  double sum = 0;
  for (uint32_t w = 0; w < warps(); ++w) sum += scratch[w * WARP + lane()];
  return sum;
}

// The sum of a channel's parts, which lie `step` apart. The warps of the block, which has no other channels, share them.
__device__ inline double sum_of_parts(uint32_t parts, uint64_t step, const double *first, double *scratch) {
  double sum = 0;
#pragma unroll 4
  for (uint32_t i = warp(); i < parts; i += warps()) sum += first[i * step];
  return sum_of_warps(sum, scratch);
}
