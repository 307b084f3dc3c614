// What a single thread does with the channels of one pixel. `get(c)` gives logit c; it is asked for each channel several
// times, which costs less than keeping up to 255 of them.
#pragma once
#include "head.cuh"

// The largest logit of a pixel, which it is, and the sum of exp(logit - largest). The first of equals wins, and the first
// NaN before all numbers, as in PyTorch's argmax.
template <typename A> struct Summary {
  int winner;
  A largest, sum;
  __device__ A lse() const { return largest + log(sum); }
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
  for (int c = 0; c < channels; ++c) s.sum += exp_below(get(c), s.largest);
  return s;
}

// The logits of a full-size pixel, interpolated from the network's outputs [C, h, w] of its picture.
template <typename T> struct Interpolated {
  const T *v;
  uint64_t area;
  uint64_t corner[4];
  arithmetic<T> down, right;

  __device__ Interpolated(const Head &head, const Side<arithmetic<T>> &rows, const Side<arithmetic<T>> &columns,
                          const T *picture, int y, int x)
      : v(picture), area(uint64_t(head.in_height) * head.in_width) {
    const Place<arithmetic<T>> row = rows.place(y), column = columns.place(x);
    corner[0] = uint64_t(row.low) * head.in_width + column.low;
    corner[1] = uint64_t(row.low) * head.in_width + column.high;
    corner[2] = uint64_t(row.high) * head.in_width + column.low;
    corner[3] = uint64_t(row.high) * head.in_width + column.high;
    down = row.weight;
    right = column.weight;
  }

  __device__ arithmetic<T> operator()(int channel) const {
    const T *plane = v + area * channel;
    return blend(widen(plane[corner[0]]), widen(plane[corner[1]]), widen(plane[corner[2]]), widen(plane[corner[3]]), down,
                 right);
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
