// The loss of a batch and its gradient with respect to the network's outputs, with the upsampling inside.
//
// Outputs v [N, h, w, C] lie between full-size pixels as the corners of cells. A warp takes one cell: each lane holds the
// corner values of its channels, goes over the cell's pixels, and sums each corner's share of the pixels' gradients. No
// full-size map exists, and since a sum belongs to one lane its order is fixed.
//
// Bytes: v once and the labels once; four corner sums a cell and channel written and read once: (1 + 4 + 4 + 1) * 4 N C h w
// + N H W. Operations: per pixel some 250 warp instructions (bilinear weights, 13 shuffles, one exponential per lane), so
// that at 16 pixels a cell (a stride of 4) it is bound by instructions, not by memory.
#include "head.cuh"

// Logits of one pixel as the lanes of a warp hold them, and what the loss needs of them.
template <typename A, int PER_LANE> struct Pixel {
  A z[PER_LANE];
  A gradient[PER_LANE];
  // The loss of the lane's channels.
  A loss;
  // The rest of the loss, the same in every lane: top + log(total) - less. One lane takes the logarithm.
  A top, total, less;
};

__device__ inline int channel_of(int slot) { return slot * WARP + threadIdx.x % WARP; }

// Index of the first largest channel, the same in every lane.
template <typename A, int PER_LANE> __device__ int winner(const A (&z)[PER_LANE], A largest, int channels) {
  int first = 1 << 30;
  for (int i = PER_LANE - 1; i >= 0; --i)
    if (channel_of(i) < channels && z[i] == largest) first = channel_of(i);
  for (int distance = WARP / 2; distance > 0; distance /= 2)
    first = min(first, __shfl_xor_sync(ALL_LANES, first, distance));
  return first;
}

// The loss of one pixel and its gradient with respect to the stored channels. Every lane takes part.
template <typename A, int PER_LANE>
__device__ void evaluate(const Head &head, A channel_weight, int label, Pixel<A, PER_LANE> &p) {
  const bool implicit = head.background != EXPLICIT;
  const int own = implicit ? label - 1 : label;
  A largest = -INFINITY;
  for (int i = 0; i < PER_LANE; ++i)
    if (channel_of(i) < head.channels) largest = p.z[i] > largest ? p.z[i] : largest;
  largest = warp_max(largest);
  A e[PER_LANE], sum = 0;
  for (int i = 0; i < PER_LANE; ++i) {
    e[i] = channel_of(i) < head.channels ? exp_below(p.z[i], largest) : A(0);
    sum += e[i];
  }
  sum = warp_sum(sum);
  A b = -largest;
  if (head.background == NEG_LSE) b = -(largest + log(sum));

  // Losses of the lanes' channels, and the gradients before the background's share.
  A loss = 0, background_gradient = 0;
  p.top = 0, p.total = 1, p.less = 0;
  if (head.loss == CROSS_ENTROPY) {
    // The normaliser over all classes; with an implicit background it has one term more.
    const A top = implicit && b > largest ? b : largest;
    const A background_term = implicit ? exp_below(b, top) : A(0);
    const A shrink = exp_below(largest, top);
    const A total = background_term + sum * shrink;
    background_gradient = implicit ? background_term / total - A(label == 0) : A(0);
    p.top = top, p.total = total, p.less = implicit && label == 0 ? b : A(0);
    for (int i = 0; i < PER_LANE; ++i) {
      const bool mine = channel_of(i) == own;
      p.gradient[i] = e[i] * shrink / total - A(mine);
      if (mine) loss -= p.z[i];
    }
  } else {
    const bool all = head.loss == BINARY;
    if (implicit && (all || label == 0)) {
      const A turned = label == 0 ? b : -b;
      p.less = channel_weight * log_sigmoid(turned);
      background_gradient = (label == 0 ? -sigmoid(-b) : sigmoid(b)) * channel_weight;
    }
    for (int i = 0; i < PER_LANE; ++i) {
      const int channel = channel_of(i);
      const bool mine = channel == own;
      p.gradient[i] = 0;
      if (channel < head.channels && (all || mine)) {
        loss -= channel_weight * log_sigmoid(mine ? p.z[i] : -p.z[i]);
        p.gradient[i] = (mine ? -sigmoid(-p.z[i]) : sigmoid(p.z[i])) * channel_weight;
      }
    }
  }
  p.loss = loss;
  // The background logit passes its gradient on: minus the softmax, or minus one at the first largest channel.
  if (head.background == NEG_LSE) {
    for (int i = 0; i < PER_LANE; ++i) p.gradient[i] -= background_gradient * e[i] / sum;
  } else if (head.background == NEG_MAX) {
    const int first = winner<A, PER_LANE>(p.z, largest, head.channels);
    for (int i = 0; i < PER_LANE; ++i)
      if (channel_of(i) == first) p.gradient[i] -= background_gradient;
  }
}

// `corners` [N h w, 4, C]: sums of gradients. For each block its `losses` and how many pixels it `counted`. `status`: after
// the mean is taken the counted pixels; pixels with a label that is no class; the largest such label. One warp per cell.
template <typename T, int PER_LANE>
__device__ void head_loss(Head head, int images, arithmetic<T> row_scale, arithmetic<T> column_scale,
                          arithmetic<T> channel_weight, const T *v, const uint8_t *label, arithmetic<T> *corners,
                          double *losses, uint32_t *counted, unsigned long long *status) {
  using A = arithmetic<T>;
  SCRIBE_SHARED double loss_of[WARP];
  SCRIBE_SHARED uint32_t counted_of[WARP];
  const int warp = threadIdx.x / WARP, warps = blockDim.x / WARP;
  const uint64_t cell = uint64_t(blockIdx.x) * warps + warp;
  const uint64_t area = uint64_t(head.in_height) * head.in_width;
  double loss = 0;
  uint32_t count = 0;
  if (cell < images * area) {
    const int image = int(cell / area), row = int(cell % area / head.in_width), column = int(cell % head.in_width);
    const Side<A> rows{head.in_height, head.out_height, row_scale, head.align_corners != 0};
    const Side<A> columns{head.in_width, head.out_width, column_scale, head.align_corners != 0};
    const int below = min(row + 1, head.in_height - 1), beside = min(column + 1, head.in_width - 1);
    const int classes = classes_of(head);

    A v00[PER_LANE], v01[PER_LANE], v10[PER_LANE], v11[PER_LANE], share[4][PER_LANE];
    for (int i = 0; i < PER_LANE; ++i) {
      const int channel = min(channel_of(i), head.channels - 1);
      const uint64_t above = image * area + uint64_t(row) * head.in_width;
      const uint64_t under = image * area + uint64_t(below) * head.in_width;
      v00[i] = widen(v[(above + column) * head.channels + channel]);
      v01[i] = widen(v[(above + beside) * head.channels + channel]);
      v10[i] = widen(v[(under + column) * head.channels + channel]);
      v11[i] = widen(v[(under + beside) * head.channels + channel]);
      for (int corner = 0; corner < 4; ++corner) share[corner][i] = 0;
    }

    const int row_begin = rows.first(row), column_begin = columns.first(column);
    const uint64_t width = columns.first(column + 1) - column_begin;
    const uint64_t pixels = width * (rows.first(row + 1) - row_begin);
    for (uint64_t begin = 0; begin < pixels; begin += WARP) {
      // Each lane looks one pixel up, and then the warp goes over them.
      const uint64_t mine = begin + threadIdx.x % WARP;
      int own_class = -1;
      A own_down = 0, own_right = 0, top = 0, total = 1, less = 0;
      if (mine < pixels) {
        const int y = row_begin + int(mine / width), x = column_begin + int(mine % width);
        own_class = class_of_label(head, label[(uint64_t(image) * head.out_height + y) * head.out_width + x]);
        own_down = rows.place(y).weight;
        own_right = columns.place(x).weight;
      }
      if (own_class >= classes) {
        // Whole numbers: their order does not matter.
        atomicAdd(&status[1], 1ull);
        atomicMax(&status[2], (unsigned long long)own_class);
        own_class = -1;
      }
      const int here = int(pixels - begin < WARP ? pixels - begin : WARP);
      for (int number = 0; number < here; ++number) {
        const int own = __shfl_sync(ALL_LANES, own_class, number);
        if (own < 0) continue;
        const A down = __shfl_sync(ALL_LANES, own_down, number), right = __shfl_sync(ALL_LANES, own_right, number);
        Pixel<A, PER_LANE> pixel;
        for (int i = 0; i < PER_LANE; ++i) pixel.z[i] = blend(v00[i], v01[i], v10[i], v11[i], down, right);
        evaluate<A, PER_LANE>(head, channel_weight, own, pixel);
        loss += double(pixel.loss);
        ++count;
        if (int(threadIdx.x % WARP) == number) top = pixel.top, total = pixel.total, less = pixel.less;
        for (int i = 0; i < PER_LANE; ++i) {
          const A upper = pixel.gradient[i] * (1 - down), lower = pixel.gradient[i] * down;
          share[0][i] += upper * (1 - right);
          share[1][i] += upper * right;
          share[2][i] += lower * (1 - right);
          share[3][i] += lower * right;
        }
      }
      if (own_class >= 0) loss += double(top + log(total) - less);
    }
    for (int corner = 0; corner < 4; ++corner)
      for (int i = 0; i < PER_LANE; ++i)
        if (channel_of(i) < head.channels)
          corners[(cell * 4 + corner) * head.channels + channel_of(i)] = share[corner][i];
  }
  loss = warp_sum(loss);
  if (threadIdx.x % WARP == 0) {
    loss_of[warp] = loss;
    counted_of[warp] = count;
  }
  __syncthreads();
  if (threadIdx.x == 0) {
    for (int i = 1; i < warps; ++i) {
      loss += loss_of[i];
      count += counted_of[i];
    }
    losses[blockIdx.x] = loss;
    counted[blockIdx.x] = count;
  }
}

// Gradient of v in the mean loss from the corner sums of the four cells around each output of the network.
template <typename T>
__device__ void head_loss_gradient(Head head, int images, const arithmetic<T> *corners,
                                   const unsigned long long *status, T *dv) {
  using A = arithmetic<T>;
  const uint64_t area = uint64_t(head.in_height) * head.in_width;
  const uint64_t count = area * images * head.channels;
  const A scale = A(1. / double(status[0] > 0 ? status[0] : 1));
  const uint64_t step = uint64_t(gridDim.x) * blockDim.x;
  for (uint64_t at = uint64_t(blockIdx.x) * blockDim.x + threadIdx.x; at < count; at += step) {
    const uint64_t output = at / head.channels, channel = at % head.channels, image = output / area;
    const int column = int(output % head.in_width), row = int(output / head.in_width % head.in_height);
    A sum = 0;
    // An output is the upper corner of its own cell, the lower one of the cell above, and at the end both of its own.
    for (int lower = 0; lower < 2; ++lower) {
      for (int above = 0; above < 2; ++above) {
        if (above && (row == 0 || !lower)) continue;
        if (!above && lower && row != head.in_height - 1) continue;
        for (int right = 0; right < 2; ++right) {
          for (int before = 0; before < 2; ++before) {
            if (before && (column == 0 || !right)) continue;
            if (!before && right && column != head.in_width - 1) continue;
            const uint64_t cell = image * area + uint64_t(row - above) * head.in_width + (column - before);
            sum += corners[(cell * 4 + lower * 2 + right) * head.channels + channel];
          }
        }
      }
    }
    dv[at] = narrow<T>(sum * scale);
  }
}

#define LOSS(T, TYPE, PER_LANE)                                                                                    \
  extern "C" __global__ void head_loss_##PER_LANE##_##TYPE(                                                        \
      Head head, int images, arithmetic<T> row_scale, arithmetic<T> column_scale, arithmetic<T> channel_weight,    \
      const T *v, const uint8_t *label, arithmetic<T> *corners, double *losses, uint32_t *counted,                 \
      unsigned long long *status) {                                                                                \
    head_loss<T, PER_LANE>(head, images, row_scale, column_scale, channel_weight, v, label, corners, losses,       \
                           counted, status);                                                                       \
  }
#define KERNELS(T, TYPE)                                                                                              \
  LOSS(T, TYPE, 1) LOSS(T, TYPE, 2) LOSS(T, TYPE, 8)                                                                  \
  extern "C" __global__ void head_loss_mean_##TYPE(uint64_t blocks, const double *losses, const uint32_t *counted,    \
                                                   unsigned long long *status, arithmetic<T> *mean) {                 \
    mean_loss<arithmetic<T>>(blocks, losses, counted, status, mean);                                                  \
  }                                                                                                                   \
  extern "C" __global__ void head_loss_gradient_##TYPE(Head head, int images, const arithmetic<T> *corners,           \
                                                       const unsigned long long *status, T *dv) {                     \
    head_loss_gradient<T>(head, images, corners, status, dv);                                                         \
  }
SCRIBE_FOR_ELEMENTS(KERNELS)
