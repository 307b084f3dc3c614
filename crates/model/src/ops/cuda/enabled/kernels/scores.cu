// Multi-scale inference: one view's scores at full size, added to the sum over views, with the upsampling inside.
//
// Bytes per pixel and class: the sum read and written once, 8. Operations: an interpolation and up to 3 exponentials.
#include "pixel.cuh"
#include "pixels.cuh"

// The values are those of `enabled/scores.rs`.
enum Space : int { SOFTMAX = 0, SIGMOID = 1, LOGIT = 2, FOREGROUND = 3 };

// Where the scores of a pixel go, and the logsumexp of its classes; it takes the place of the pixel's Spot.
template <typename A> struct Target {
  uint64_t pixel;
  A lse;
};

// sum [N, H, W, K] (K - 1 channels in the space FOREGROUND) += scores of the outputs v [N, h, w, C], mirrored back if asked.
template <typename T>
__device__ void add_scores(Head head, int space, int mirrored, uint32_t tile, uint64_t pixels, arithmetic<T> row_scale,
                           arithmetic<T> column_scale, const T *v, arithmetic<T> *sum) {
  using A = arithmetic<T>;
  static_assert(sizeof(Target<A>) <= sizeof(Spot<A>), "targets lie where the spots lay");
  SCRIBE_DYNAMIC_SHARED(unsigned char, memory);
  const LogitTile<T> z(head, tile, memory);
  const Run run = block_run(pixels, tile);
  z.fill(head, row_scale, column_scale, run, v);
  Target<A> *targets = reinterpret_cast<Target<A> *>(memory);
  if (threadIdx.x < run.count) {
    const uint64_t pixel = run.first + threadIdx.x;
    const uint64_t column = pixel % head.out_width;
    Target<A> target{mirrored ? pixel - column + (head.out_width - 1 - column) : pixel, 0};
    if (space == SOFTMAX || (z.implicit && space != FOREGROUND)) {
      const Summary<A> s = summarise<A>(head.channels, z.stored(threadIdx.x));
      target.lse = s.lse();
      if (z.implicit) {
        const A b = background_of(head, s), top = b > target.lse ? b : target.lse;
        z.all(threadIdx.x)[0] = b;
        target.lse = top + log(exp_below(b, top) + exp_below(target.lse, top));
      }
    }
    targets[threadIdx.x] = target;
  }
  __syncthreads();
  const uint32_t left_out = space == FOREGROUND, kept = z.total - left_out;
  for_tile(run.count, kept, [&](uint32_t, uint32_t pixel, uint32_t k) {
    const A logit = z.all(pixel)[k + left_out];
    const A score =
        space == SOFTMAX ? exp(logit - targets[pixel].lse) : space == SIGMOID ? sigmoid(logit) : logit;
    sum[targets[pixel].pixel * kept + k] += score;
  });
}

template <typename T, uint32_t WIDTH>
__device__ inline void mirror_of(uint64_t pixels, uint32_t channels, uint32_t width, const T *__restrict__ x,
                                 T *__restrict__ y) {
  for_pixels<WIDTH>(pixels, channels, [&](uint64_t pixel, uint32_t c) {
    const uint64_t column = pixel % width, other = pixel - column + (width - 1 - column);
    store<WIDTH>(y + pixel * channels + c, load<WIDTH>(x + other * channels + c).open());
  });
}

// x [lines, width, channels] with left and right exchanged.
template <typename T> __device__ void mirror(uint64_t pixels, uint32_t channels, uint32_t width, const T *x, T *y) {
  constexpr uint32_t WIDTH = WIDEST<T>;
  if (in_packs<WIDTH>(channels, x, y)) mirror_of<T, WIDTH>(pixels, channels, width, x, y);
  else mirror_of<T, 1>(pixels, channels, width, x, y);
}

#define KERNELS(T, TYPE)                                                                                              \
  extern "C" __global__ void add_scores_##TYPE(Head head, int space, int mirrored, uint32_t tile, uint64_t pixels,    \
                                               arithmetic<T> row_scale, arithmetic<T> column_scale, const T *v,       \
                                               arithmetic<T> *sum) {                                                  \
    add_scores<T>(head, space, mirrored, tile, pixels, row_scale, column_scale, v, sum);                              \
  }                                                                                                                   \
  extern "C" __global__ void mirror_##TYPE(uint64_t pixels, uint32_t channels, uint32_t width, const T *x, T *y) {    \
    mirror<T>(pixels, channels, width, x, y);                                                                         \
  }
SCRIBE_FOR_ELEMENTS(KERNELS)
