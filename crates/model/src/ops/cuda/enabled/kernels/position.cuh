// Where the outputs of a bilinear resizing lie between its inputs.
#pragma once
#include "common.cuh"

// One output along a side: its two neighbours among the inputs (equal at the end) and the weight of the second.
template <typename A> struct Place {
  int low, high;
  A weight;
};

// A side of the picture. Positions are rounded once per operation: a fused multiply-add would move them by a unit in the
// last place, which PyTorch and the CPU's operator do not. `scale` is inputs / outputs, or (inputs - 1) / (outputs - 1) where corners are aligned, rounded
// once by the caller.
template <typename A> struct Side {
  int inputs, outputs;
  A scale;
  bool align_corners;

  __device__ A position(int output) const {
    if (align_corners) return mul(scale, A(output));
    const A at = add(mul(scale, add(A(output), A(0.5))), A(-0.5));
    return at > 0 ? at : A(0);
  }

  __device__ Place<A> place(int output) const {
    const A at = position(output);
    const int low = min(int(at), inputs - 1);
    const A weight = at - A(low);
    return {low, min(low + 1, inputs - 1), weight > 1 ? A(1) : (weight > 0 ? weight : A(0))};
  }

  // The first output whose lower neighbour is `input` or a later one; `outputs` if there is none.
  __device__ int first(int input) const {
    if (input <= 0) return 0;
    const A start = align_corners ? A(input) / scale : (A(input) + A(0.5)) / scale - A(0.5);
    // Written so that a scale of 0, with one output, gives that output's end.
    int output = start < A(outputs) ? int(start) : outputs;
    while (output > 0 && place(output - 1).low >= input) --output;
    while (output < outputs && place(output).low < input) ++output;
    return output;
  }
};

// Blends two rows, then two columns, in the CPU operator's order and with its roundings: logits are the same bits here as
// in a resized map.
template <typename A> __device__ inline A blend(A v00, A v01, A v10, A v11, A down, A right) {
  const A left_column = add(mul(1 - down, v00), mul(down, v10));
  const A right_column = add(mul(1 - down, v01), mul(down, v11));
  return add(mul(1 - right, left_column), mul(right, right_column));
}
