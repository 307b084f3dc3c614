// The meaning of a network's outputs: the implicit background and the three losses.
#pragma once
#include "position.cuh"

// How the background logit follows from the foreground's; the values are those of `enabled/head.rs`.
enum Background : int { EXPLICIT = 0, NEG_LSE = 1, NEG_MAX = 2 };
// What is minimised.
enum Loss : int { CROSS_ENTROPY = 0, BINARY = 1, POSITIVE_ONLY = 2 };

// What label 255 means.
enum VoidRule : int { IGNORED = 0, TAUGHT_AS_BACKGROUND = 1 };
constexpr int VOID_LABEL = 255;

// Everything but the data.
struct Head {
  int background, loss, void_rule;
  // Stored channels; with an implicit background there is one class more.
  int channels;
  int in_height, in_width, out_height, out_width;
  int align_corners;
};

__device__ inline int classes_of(const Head &head) { return head.channels + (head.background != EXPLICIT); }

// The class that a label is trained as, -1 for none.
__device__ inline int class_of_label(const Head &head, int label) {
  if (label != VOID_LABEL) return label;
  return head.void_rule == TAUGHT_AS_BACKGROUND ? 0 : -1;
}

// log(sigmoid(x)), finite for every finite x.
template <typename A> __device__ inline A log_sigmoid(A x) { return (x > 0 ? A(0) : x) - log1p(exp(-fabs(x))); }

// sigmoid(x) without overflow.
template <typename A> __device__ inline A sigmoid(A x) {
  const A e = exp(-fabs(x));
  return (x > 0 ? A(1) : e) / (1 + e);
}

// exp(x - largest), 1 for a largest channel even where it is infinite.
template <typename A> __device__ inline A exp_below(A x, A largest) { return x == largest ? A(1) : exp(x - largest); }

// The mean of the blocks' `losses` over the pixels that they counted, in one block of threads: each thread's sum, then the
// threads' in order. The number of pixels goes to status[0].
template <typename T>
__device__ inline void mean_loss(uint64_t blocks, const double *losses, const uint32_t *counted,
                                 unsigned long long *status, T *mean) {
  SCRIBE_SHARED double losses_of[WARP];
  SCRIBE_SHARED unsigned long long counted_of[WARP];
  double loss = 0;
  unsigned long long count = 0;
  for (uint64_t i = threadIdx.x; i < blocks; i += blockDim.x) {
    loss += losses[i];
    count += counted[i];
  }
  loss = block_sum(loss, losses_of);
  count = block_sum(count, counted_of);
  if (threadIdx.x == 0) {
    status[0] = count;
    mean[0] = T(loss / double(count > 0 ? count : 1));
  }
}
