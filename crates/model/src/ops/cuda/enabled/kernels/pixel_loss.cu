// The losses of full-size logits [N, H, W, K] with their gradients, and their argmax: what the fused head replaces, for
// callers that have full-size logits, and to measure it against.
//
// Bytes per pixel and channel: read once, into shared memory, gradient written once from there. Bound by memory.
#include "pixel.cuh"

// As the fused head: for each block its losses and how many pixels it counted, and what is wrong with the labels. The
// gradient is that of the sum.
template <typename T>
__device__ void pixel_loss(Head head, uint32_t tile, uint64_t pixels, arithmetic<T> channel_weight, const T *z,
                           const uint8_t *label, arithmetic<T> *gradient, double *losses, uint32_t *counted,
                           unsigned long long *status) {
  using A = arithmetic<T>;
  SCRIBE_DYNAMIC_SHARED(A, values);
  SCRIBE_SHARED double loss_of[WARP];
  SCRIBE_SHARED uint32_t counted_of[WARP];
  const Run run = block_run(pixels, tile);
  load_tile(run, head.channels, z, values);
  double loss = 0;
  uint32_t count = 0;
  if (threadIdx.x < run.count) {
    const Channels<A> get{values + threadIdx.x * tile_stride(head.channels)};
    const int own = class_of_label(head, label[run.first + threadIdx.x]);
    const bool wrong = own >= head.channels;
    if (wrong) {
      atomicAdd(&status[1], 1ull);
      atomicMax(&status[2], (unsigned long long)own);
    }
    const bool counts = own >= 0 && !wrong;
    count = counts;
    const Summary<A> s = head.loss == CROSS_ENTROPY ? summarise<A>(head.channels, get) : Summary<A>{0, 0, 0};
    if (counts && head.loss == CROSS_ENTROPY) loss = double(log(s.sum) + (s.largest - get(own)));
    for (int c = 0; c < head.channels; ++c) {
      A slope = 0;
      if (counts && head.loss == CROSS_ENTROPY) {
        slope = exp_below(get(c), s.largest) / s.sum - A(c == own);
      } else if (counts && (head.loss == BINARY || c == own)) {
        const A value = get(c);
        loss -= double(channel_weight * log_sigmoid(c == own ? value : -value));
        slope = channel_weight * (c == own ? -sigmoid(-value) : sigmoid(value));
      }
      get.values[c] = slope;
    }
  }
  store_tile<A>(run, head.channels, values, gradient);
  loss = block_sum(loss, loss_of);
  count = block_sum(count, counted_of);
  if (threadIdx.x == 0) {
    losses[blockIdx.x] = loss;
    counted[blockIdx.x] = count;
  }
}

// dz = gradient / counted pixels.
template <typename T>
__device__ void pixel_loss_gradient(uint64_t count, const arithmetic<T> *gradient, const unsigned long long *status,
                                    T *dz) {
  const arithmetic<T> scale = arithmetic<T>(1. / double(status[0] > 0 ? status[0] : 1));
  const uint64_t step = uint64_t(gridDim.x) * blockDim.x;
  for (uint64_t at = uint64_t(blockIdx.x) * blockDim.x + threadIdx.x; at < count; at += step)
    dz[at] = narrow<T>(gradient[at] * scale);
}

// Index of the largest of K channels for each pixel.
template <typename T>
__device__ void argmax(uint32_t tile, uint64_t pixels, uint32_t channels, const T *z, uint8_t *classes) {
  SCRIBE_DYNAMIC_SHARED(arithmetic<T>, values);
  const Run run = block_run(pixels, tile);
  load_tile(run, channels, z, values);
  if (threadIdx.x >= run.count) return;
  const arithmetic<T> *get = values + threadIdx.x * tile_stride(channels);
  int winner = 0;
  for (uint32_t c = 1; c < channels; ++c)
    if (get[c] > get[winner] || (get[c] != get[c] && get[winner] == get[winner])) winner = int(c);
  classes[run.first + threadIdx.x] = uint8_t(winner);
}

#define KERNELS(T, TYPE)                                                                                              \
  extern "C" __global__ void pixel_loss_##TYPE(Head head, uint32_t tile, uint64_t pixels,                             \
                                               arithmetic<T> channel_weight, const T *z, const uint8_t *label,        \
                                               arithmetic<T> *gradient, double *losses, uint32_t *counted,            \
                                               unsigned long long *status) {                                          \
    pixel_loss<T>(head, tile, pixels, channel_weight, z, label, gradient, losses, counted, status);                   \
  }                                                                                                                   \
  extern "C" __global__ void pixel_loss_mean_##TYPE(uint64_t blocks, const double *losses, const uint32_t *counted,   \
                                                    unsigned long long *status, arithmetic<T> *mean) {                \
    mean_loss<arithmetic<T>>(blocks, losses, counted, status, mean);                                                  \
  }                                                                                                                   \
  extern "C" __global__ void pixel_loss_gradient_##TYPE(uint64_t count, const arithmetic<T> *gradient,                \
                                                        const unsigned long long *status, T *dz) {                    \
    pixel_loss_gradient<T>(count, gradient, status, dz);                                                              \
  }                                                                                                                   \
  extern "C" __global__ void argmax_##TYPE(uint32_t tile, uint64_t pixels, uint32_t channels, const T *z,             \
                                           uint8_t *classes) {                                                        \
    argmax<T>(tile, pixels, channels, z, classes);                                                                    \
  }
SCRIBE_FOR_ELEMENTS(KERNELS)
