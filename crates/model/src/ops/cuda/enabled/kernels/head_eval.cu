// Evaluation of a batch from the network's outputs: classes, confusion counts and logit moments, with the upsampling
// inside, so that a picture's full-size logits never exist and only what is counted comes back.
//
// Bytes: v (which stays in the caches: each output is read by all pixels of four cells), one byte of label and one of class
// per pixel. Operations per pixel: 3 C interpolations and C exponentials (classes), C^2 / 2 products in f64 (moments): bound
// by instructions.
#include "pixel.cuh"

// `classes` [N, H, W]; with `label`, also adds to `counts` [K, K] (label, class) and to `status` as the loss does.
template <typename T>
__device__ void head_classes(Head head, int images, arithmetic<T> row_scale, arithmetic<T> column_scale, const T *v,
                             const uint8_t *label, uint8_t *classes, unsigned long long *counts,
                             unsigned long long *status) {
  using A = arithmetic<T>;
  SCRIBE_DYNAMIC_SHARED(unsigned int, seen);
  const int total = classes_of(head), cells = label ? total * total : 0;
  for (int i = threadIdx.x; i < cells; i += blockDim.x) seen[i] = 0;
  __syncthreads();
  const Side<A> rows{head.in_height, head.out_height, row_scale, head.align_corners != 0};
  const Side<A> columns{head.in_width, head.out_width, column_scale, head.align_corners != 0};
  const uint64_t area = uint64_t(head.in_height) * head.in_width, pixels = uint64_t(head.out_height) * head.out_width;
  const uint64_t step = uint64_t(gridDim.x) * blockDim.x;
  for (uint64_t at = uint64_t(blockIdx.x) * blockDim.x + threadIdx.x; at < images * pixels; at += step) {
    const T *picture = v + at / pixels * head.channels * area;
    const int y = int(at % pixels / head.out_width), x = int(at % head.out_width);
    const Interpolated<T> z(head, rows, columns, picture, y, x);
    const int found = class_of(head, summarise<A>(head.channels, z));
    classes[at] = uint8_t(found);
    if (!label || label[at] == VOID_LABEL) continue;
    if (label[at] < total) {
      atomicAdd(&seen[label[at] * total + found], 1u);
    } else {
      atomicAdd(&status[1], 1ull);
      atomicMax(&status[2], (unsigned long long)label[at]);
    }
  }
  __syncthreads();
  for (int i = threadIdx.x; i < cells; i += blockDim.x)
    if (seen[i]) atomicAdd(&counts[i], (unsigned long long)seen[i]);
}

// Items of a class's moments: the number of pixels, K sums, and the upper triangle of the K x K products, row by row.
__device__ inline int moment_items(int classes) { return 1 + classes + classes * (classes + 1) / 2; }

// For each block its sums [K, items] over a run of the pixels of one picture. Each item belongs to one thread, which goes
// over the pixels in their order and adds to memory where the class changes.
template <typename T>
__device__ void head_moments(Head head, int tile, uint64_t per_block, arithmetic<T> row_scale,
                             arithmetic<T> column_scale, const T *v, const uint8_t *classes, double *partial) {
  using A = arithmetic<T>;
  SCRIBE_DYNAMIC_SHARED(A, z);
  const int total = classes_of(head), items = moment_items(total), implicit = total - head.channels;
  const Side<A> rows{head.in_height, head.out_height, row_scale, head.align_corners != 0};
  const Side<A> columns{head.in_width, head.out_width, column_scale, head.align_corners != 0};
  const uint64_t pixels = uint64_t(head.out_height) * head.out_width;
  double *sums = partial + uint64_t(blockIdx.x) * total * items;
  for (int i = threadIdx.x; i < total * items; i += blockDim.x) sums[i] = 0;
  const uint64_t begin = blockIdx.x * per_block, end = begin + per_block < pixels ? begin + per_block : pixels;
  for (uint64_t first = begin; first < end; first += tile) {
    const int count = int(end - first < tile ? end - first : tile);
    __syncthreads();
    for (int p = threadIdx.x; p < count; p += blockDim.x) {
      const int y = int((first + p) / head.out_width), x = int((first + p) % head.out_width);
      const Interpolated<T> get(head, rows, columns, v, y, x);
      if (implicit) z[p] = background_of(head, summarise<A>(head.channels, get));
      for (int c = 0; c < head.channels; ++c) z[(c + implicit) * tile + p] = get(c);
    }
    __syncthreads();
    for (int item = threadIdx.x; item < items; item += blockDim.x) {
      // Item 0 counts; items 1 to K sum; the rest are products of row and column.
      int row = item - 1, column = -1;
      if (item > total) {
        int left = item - 1 - total;
        for (row = 0; left >= total - row; ++row) left -= total - row;
        column = row + left;
      }
      double sum = 0;
      int current = classes[first];
      for (int p = 0; p < count; ++p) {
        if (classes[first + p] != current) {
          sums[current * items + item] += sum;
          sum = 0;
          current = classes[first + p];
        }
        const double a = row < 0 ? 1. : double(z[row * tile + p]);
        sum += column < 0 ? a : a * double(z[column * tile + p]);
      }
      sums[current * items + item] += sum;
    }
  }
}

// The blocks' sums added in their order.
extern "C" __global__ void head_moments_sum(int blocks, int count, const double *partial, double *sums) {
  const int at = blockIdx.x * blockDim.x + threadIdx.x;
  if (at >= count) return;
  double sum = 0;
  for (int block = 0; block < blocks; ++block) sum += partial[uint64_t(block) * count + at];
  sums[at] = sum;
}

#define KERNELS(T, TYPE)                                                                                           \
  extern "C" __global__ void head_classes_##TYPE(Head head, int images, arithmetic<T> row_scale,                   \
                                                 arithmetic<T> column_scale, const T *v, const uint8_t *label,     \
                                                 uint8_t *classes, unsigned long long *counts,                     \
                                                 unsigned long long *status) {                                     \
    head_classes<T>(head, images, row_scale, column_scale, v, label, classes, counts, status);                     \
  }                                                                                                                \
  extern "C" __global__ void head_moments_##TYPE(Head head, int tile, uint64_t per_block, arithmetic<T> row_scale, \
                                                 arithmetic<T> column_scale, const T *v, const uint8_t *classes,   \
                                                 double *partial) {                                                \
    head_moments<T>(head, tile, per_block, row_scale, column_scale, v, classes, partial);                          \
  }
SCRIBE_FOR_ELEMENTS(KERNELS)
