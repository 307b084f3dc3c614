// How maps [images, channels, hw] are divided among warps: into pieces of neighbouring elements of one plane.
//
// A warp reads 32 neighbours at a time, knows its channel without a division per element, and small planes (14x14 at the
// end of the trunk) leave few lanes idle. Which warp takes which piece follows from the sizes alone.
#pragma once
#include "common.cuh"

constexpr uint32_t PIECE = 1024;

// Calls each(plane, first, count) for pieces of all planes, shared out over the warps of the grid; `first` counts within
// the plane.
template <typename F> __device__ inline void for_pieces(uint64_t planes, uint32_t hw, F each) {
  const uint64_t pieces = (hw + PIECE - 1) / PIECE;
  const uint64_t warps = uint64_t(gridDim.x) * (blockDim.x / WARP);
  for (uint64_t u = uint64_t(blockIdx.x) * (blockDim.x / WARP) + threadIdx.x / WARP; u < planes * pieces; u += warps) {
    const uint64_t plane = u / pieces;
    const uint32_t first = uint32_t(u - plane * pieces) * PIECE;
    each(plane, first, hw - first < PIECE ? hw - first : PIECE);
  }
}

// Calls each(at, count) for the pieces of one channel that are this warp's, when `splits` blocks share the channel and
// this block is number `split`; `at` counts from the map's beginning.
template <typename F>
__device__ inline void for_channel(uint32_t images, uint32_t channels, uint32_t hw, uint32_t channel, uint32_t split,
                                   uint32_t splits, F each) {
  const uint32_t pieces = (hw + PIECE - 1) / PIECE;
  const uint32_t warps = blockDim.x / WARP;
  for (uint32_t u = split * warps + threadIdx.x / WARP; u < images * pieces; u += splits * warps) {
    const uint32_t image = u / pieces, first = u % pieces * PIECE;
    each((uint64_t(image) * channels + channel) * hw + first, hw - first < PIECE ? hw - first : PIECE);
  }
}

__device__ inline uint32_t lane() { return threadIdx.x % WARP; }
