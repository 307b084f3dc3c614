// What a single thread does with the channels of one pixel. `get(c)` gives logit c, from a tile in shared memory.
#pragma once
#include "head.cuh"
#include "tile.cuh"

// The largest logit of a pixel, which it is, and the sum of exp(logit - largest). The first of equals wins, and the first
// NaN before all numbers, as in PyTorch's argmax. Sums are rounded as in background.cu, which gives the same logsumexp.
template <typename A> struct Summary {
  int winner;
  A largest, sum;
  __device__ A lse() const { return add(largest, log(sum)); }
};

template <typename A, typename Get> __device__ inline Summary<A> summarise(int channels, Get get) {
  Summary<A> s{0, get(0), 0};
  for (int c = 1; c < channels; ++c) {
    const A z = get(c);
    if (z > s.largest || (z != z && s.largest == s.largest)) {
      s.largest = z;
      s.winner = c;
    }
  }
  for (int c = 0; c < channels; ++c) s.sum = add(s.sum, exp_below(get(c), s.largest));
  return s;
}

// Where a full-size pixel lies between the network's outputs [N, h, w, C]: where the four around it begin, and the weights
// of the lower and the right ones.
template <typename A> struct Spot {
  uint64_t corner[4];
  A down, right;
};

// `pixel` counts over the pictures' pixels.
template <typename A>
__device__ inline Spot<A> spot_of(const Head &head, A row_scale, A column_scale, uint64_t pixel) {
  const Side<A> rows{head.in_height, head.out_height, row_scale, head.align_corners != 0};
  const Side<A> columns{head.in_width, head.out_width, column_scale, head.align_corners != 0};
  const uint64_t line = pixel / head.out_width, image = line / head.out_height;
  const Place<A> row = rows.place(int(line % head.out_height)), column = columns.place(int(pixel % head.out_width));
  const uint64_t above = (image * head.in_height + row.low) * head.in_width;
  const uint64_t below = (image * head.in_height + row.high) * head.in_width;
  const uint64_t channels = head.channels;
  return {{(above + column.low) * channels, (above + column.high) * channels, (below + column.low) * channels,
           (below + column.high) * channels},
          row.weight,
          column.weight};
}

// The logits of a run of full-size pixels in a block's shared memory, which holds a Spot and an odd number of values for
// each of `tile` pixels. Each logit is interpolated once, by neighbouring threads for neighbouring channels.
template <typename T> struct LogitTile {
  using A = arithmetic<T>;
  Spot<A> *spots;
  A *values;
  int total, implicit;

  __device__ LogitTile(const Head &head, uint32_t tile, unsigned char *memory)
      : spots(reinterpret_cast<Spot<A> *>(memory)), values(reinterpret_cast<A *>(spots + tile)),
        total(classes_of(head)), implicit(total - head.channels) {}

  // All classes of a pixel. Where the background is implicit, the first of them is for the caller to write.
  __device__ A *all(uint32_t pixel) const { return values + pixel * tile_stride(total); }
  // The stored channels of a pixel.
  __device__ Channels<A> stored(uint32_t pixel) const { return {all(pixel) + implicit}; }

  // All threads of the block take part.
  __device__ void fill(const Head &head, A row_scale, A column_scale, Run run, const T *v) const {
    if (threadIdx.x < run.count) spots[threadIdx.x] = spot_of(head, row_scale, column_scale, run.first + threadIdx.x);
    __syncthreads();
    for_tile(run.count, head.channels, [&](uint32_t, uint32_t pixel, uint32_t c) {
      const Spot<A> &at = spots[pixel];
      stored(pixel).values[c] = blend(widen(v[at.corner[0] + c]), widen(v[at.corner[1] + c]),
                                      widen(v[at.corner[2] + c]), widen(v[at.corner[3] + c]), at.down, at.right);
    });
    __syncthreads();
  }
};

// The background logit of a pixel whose foreground logits are summed up in `s`.
template <typename A> __device__ inline A background_of(const Head &head, const Summary<A> &s) {
  return head.background == NEG_LSE ? -s.lse() : -s.largest;
}

// The predicted class: the first largest of the logits of all classes.
template <typename A> __device__ inline int class_of(const Head &head, const Summary<A> &s) {
  if (head.background == EXPLICIT) return s.winner;
  const A b = background_of(head, s);
  // A foreground logit that is NaN makes the background NaN too, and the background comes first.
  return b >= s.largest || b != b ? 0 : s.winner + 1;
}
