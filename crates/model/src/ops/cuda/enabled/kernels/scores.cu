// Multi-scale inference: one view's scores at full size, added to the sum over views, with the upsampling inside.
//
// Bytes per pixel and class: the sum read and written once, 8. Operations: up to 3 C interpolations and C exponentials.
#include "pixel.cuh"

// The values are those of `cuda/scores.rs`.
enum Space : int { SOFTMAX = 0, SIGMOID = 1, LOGIT = 2, FOREGROUND = 3 };

// sum [N, K, H, W] (K - 1 channels in the space FOREGROUND) += scores of the outputs v [N, C, h, w], mirrored back if asked.
template <typename T>
__device__ void add_scores(Head head, int space, int mirrored, int images, arithmetic<T> row_scale,
                           arithmetic<T> column_scale, const T *v, arithmetic<T> *sum) {
  using A = arithmetic<T>;
  const Side<A> rows{head.in_height, head.out_height, row_scale, head.align_corners != 0};
  const Side<A> columns{head.in_width, head.out_width, column_scale, head.align_corners != 0};
  const uint64_t area = uint64_t(head.in_height) * head.in_width, pixels = uint64_t(head.out_height) * head.out_width;
  // Of `total` classes, the stored channels are those from `first` on.
  const int total = classes_of(head), first = total - head.channels, kept = space == FOREGROUND ? total - 1 : total;
  const uint64_t step = uint64_t(gridDim.x) * blockDim.x;
  for (uint64_t at = uint64_t(blockIdx.x) * blockDim.x + threadIdx.x; at < images * pixels; at += step) {
    const uint64_t image = at / pixels;
    const int y = int(at % pixels / head.out_width), x = int(at % head.out_width);
    const Interpolated<T> z(head, rows, columns, v + image * head.channels * area, y, x);
    const int shown = mirrored ? head.out_width - 1 - x : x;
    A *target = sum + image * kept * pixels + uint64_t(y) * head.out_width + shown;
    A b = 0, lse = 0;
    if (space == SOFTMAX || (first && space != FOREGROUND)) {
      const Summary<A> s = summarise<A>(head.channels, z);
      lse = s.lse();
      if (first) {
        b = background_of(head, s);
        const A top = b > lse ? b : lse;
        lse = top + log(exp_below(b, top) + exp_below(lse, top));
      }
    }
    for (int k = 0; k < kept; ++k) {
      const int class_index = space == FOREGROUND ? k + 1 : k;
      const A logit = class_index < first ? b : z(class_index - first);
      const A score = space == SOFTMAX ? exp(logit - lse) : space == SIGMOID ? sigmoid(logit) : logit;
      target[uint64_t(k) * pixels] += score;
    }
  }
}

// x [rows, width] with left and right exchanged.
template <typename T> __device__ void mirror(uint64_t count, int width, const T *x, T *y) {
  const uint64_t step = uint64_t(gridDim.x) * blockDim.x;
  for (uint64_t at = uint64_t(blockIdx.x) * blockDim.x + threadIdx.x; at < count; at += step)
    y[at] = x[at / width * width + (width - 1 - at % width)];
}

#define KERNELS(T, TYPE)                                                                                         \
  extern "C" __global__ void add_scores_##TYPE(Head head, int space, int mirrored, int images,                   \
                                               arithmetic<T> row_scale, arithmetic<T> column_scale, const T *v,  \
                                               arithmetic<T> *sum) {                                             \
    add_scores<T>(head, space, mirrored, images, row_scale, column_scale, v, sum);                               \
  }                                                                                                              \
  extern "C" __global__ void mirror_##TYPE(uint64_t count, int width, const T *x, T *y) {                        \
    mirror<T>(count, width, x, y);                                                                               \
  }
SCRIBE_FOR_ELEMENTS(KERNELS)
