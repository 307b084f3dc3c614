// Evaluation of a batch from the network's outputs: classes, confusion counts and logit moments, with the upsampling
// inside, so that a picture's full-size logits never exist and only what is counted comes back.
//
// Bytes: v (which stays in the caches: each output is read by all pixels of four cells), one byte of label and one of class
// per pixel. Operations per pixel: C interpolations and C exponentials (classes), C^2 / 2 products in f64 (moments): bound
// by instructions.
#include "pixel.cuh"

// `classes` [N, H, W].
template <typename T>
__device__ void head_classes(Head head, uint32_t tile, uint64_t pixels, arithmetic<T> row_scale,
                             arithmetic<T> column_scale, const T *v, uint8_t *classes) {
  SCRIBE_DYNAMIC_SHARED(unsigned char, memory);
  const LogitTile<T> z(head, tile, memory);
  const Run run = block_run(pixels, tile);
  z.fill(head, row_scale, column_scale, run, v);
  if (threadIdx.x < run.count)
    classes[run.first + threadIdx.x] =
        uint8_t(class_of(head, summarise<arithmetic<T>>(head.channels, z.stored(threadIdx.x))));
}

// Pixels in a row that one thread counts: neighbours mostly have the same label and class, and are then added at once.
// `RUN` of confusion.rs.
constexpr int CONFUSION_RUN = 16;

// Adds to `counts` [K, K] the pixels by label and class, void ones left out, and to `status` as the loss does. A block
// counts in shared memory first where that has room for K K counters (`local`), which is up to 109 classes; more, up to
// 255 beside the void label, are counted in memory at once.
extern "C" __global__ void confusion(int total, int local, uint64_t pixels, const uint8_t *label, const uint8_t *classes,
                                     unsigned long long *counts, unsigned long long *status) {
  SCRIBE_DYNAMIC_SHARED(unsigned int, seen);
  const int cells = local ? total * total : 0;
  for (int i = threadIdx.x; i < cells; i += blockDim.x) seen[i] = 0;
  __syncthreads();
  const auto add = [&](int cell, unsigned int found) {
    if (found == 0) return;
    if (local) atomicAdd(&seen[cell], found);
    else atomicAdd(&counts[cell], (unsigned long long)found);
  };
  const uint64_t step = uint64_t(gridDim.x) * blockDim.x * CONFUSION_RUN;
  for (uint64_t first = (uint64_t(blockIdx.x) * blockDim.x + threadIdx.x) * CONFUSION_RUN; first < pixels; first += step) {
    const uint64_t end = first + CONFUSION_RUN < pixels ? first + CONFUSION_RUN : pixels;
    int current = 0;
    unsigned int found = 0;
    for (uint64_t at = first; at < end; ++at) {
      if (label[at] == VOID_LABEL) continue;
      if (label[at] >= total) {
        atomicAdd(&status[1], 1ull);
        atomicMax(&status[2], (unsigned long long)label[at]);
        continue;
      }
      const int cell = label[at] * total + classes[at];
      if (cell != current) {
        add(current, found);
        current = cell;
        found = 0;
      }
      ++found;
    }
    add(current, found);
  }
  __syncthreads();
  for (int i = threadIdx.x; i < cells; i += blockDim.x)
    if (seen[i]) atomicAdd(&counts[i], (unsigned long long)seen[i]);
}

// Items of a class's moments: the number of pixels, K sums, and the upper triangle of the K x K products, row by row.
__device__ inline int moment_items(int classes) { return 1 + classes + classes * (classes + 1) / 2; }

// For each block its sums [K, items] over a run of the pixels of one picture, from `first_picture` on; so many `blocks` share
// each. Each item belongs to one thread, which goes over the pixels in their order and adds to memory where the class changes.
template <typename T>
__device__ void head_moments(Head head, uint32_t tile, uint64_t first_picture, uint32_t blocks, uint64_t per_block,
                             arithmetic<T> row_scale, arithmetic<T> column_scale, const T *v, const uint8_t *classes,
                             double *partial) {
  using A = arithmetic<T>;
  SCRIBE_DYNAMIC_SHARED(unsigned char, memory);
  const LogitTile<T> z(head, tile, memory);
  const int total = classes_of(head), items = moment_items(total);
  const uint64_t pixels = uint64_t(head.out_height) * head.out_width;
  double *sums = partial + uint64_t(blockIdx.x) * total * items;
  for (int i = threadIdx.x; i < total * items; i += blockDim.x) sums[i] = 0;
  const uint64_t picture = (first_picture + blockIdx.x / blocks) * pixels, last = picture + pixels;
  const uint64_t begin = picture + blockIdx.x % blocks * per_block;
  const uint64_t end = begin + per_block < last ? begin + per_block : last;
  for (uint64_t first = begin; first < end; first += tile) {
    const Run run{first, uint32_t(end - first < tile ? end - first : tile)};
    __syncthreads();
    z.fill(head, row_scale, column_scale, run, v);
    if (z.implicit && threadIdx.x < run.count)
      z.all(threadIdx.x)[0] = background_of(head, summarise<A>(head.channels, z.stored(threadIdx.x)));
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
      for (uint32_t p = 0; p < run.count; ++p) {
        if (classes[first + p] != current) {
          sums[current * items + item] += sum;
          sum = 0;
          current = classes[first + p];
        }
        const A *logits = z.all(p);
        const double a = row < 0 ? 1. : double(logits[row]);
        sum += column < 0 ? a : a * double(logits[column]);
      }
      sums[current * items + item] += sum;
    }
  }
}

// The sums of each picture's blocks, added in their order.
extern "C" __global__ void head_moments_sum(uint32_t pictures, uint32_t blocks, uint32_t count, const double *partial,
                                            double *sums) {
  const uint64_t step = uint64_t(gridDim.x) * blockDim.x, all = uint64_t(pictures) * count;
  for (uint64_t at = uint64_t(blockIdx.x) * blockDim.x + threadIdx.x; at < all; at += step) {
    const uint64_t picture = at / count, item = at % count;
    double sum = 0;
    for (uint32_t block = 0; block < blocks; ++block) sum += partial[(picture * blocks + block) * count + item];
    sums[at] = sum;
  }
}

#define KERNELS(T, TYPE)                                                                                             \
  extern "C" __global__ void head_classes_##TYPE(Head head, uint32_t tile, uint64_t pixels, arithmetic<T> row_scale,  \
                                                 arithmetic<T> column_scale, const T *v, uint8_t *classes) {          \
    head_classes<T>(head, tile, pixels, row_scale, column_scale, v, classes);                                         \
  }                                                                                                                   \
  extern "C" __global__ void head_moments_##TYPE(Head head, uint32_t tile, uint64_t first_picture, uint32_t blocks,     \
                                                 uint64_t per_block, arithmetic<T> row_scale,                         \
                                                 arithmetic<T> column_scale, const T *v, const uint8_t *classes,      \
                                                 double *partial) {                                                   \
    head_moments<T>(head, tile, first_picture, blocks, per_block, row_scale, column_scale, v, classes, partial);      \
  }
SCRIBE_FOR_ELEMENTS(KERNELS)
