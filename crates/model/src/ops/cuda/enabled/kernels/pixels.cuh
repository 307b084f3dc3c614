// How maps [pixels, channels] are divided among threads. A pixel is a place of a picture of the batch; its channels follow
// each other in memory, so neighbouring threads take neighbouring channels, and a thread takes as many as one instruction
// moves. Who takes what in a sum follows from the sizes alone.
#pragma once
#include "common.cuh"

constexpr uint32_t THREADS = 256;
// Blocks that a multiprocessor is to hold of the kernels that sum over pixels; `over_runs` of `enabled/kernel.rs` counts on
// it.
constexpr uint32_t RESIDENT = 3;

__device__ inline uint32_t lane() { return threadIdx.x % WARP; }
__device__ inline uint32_t warp() { return threadIdx.x / WARP; }
__device__ inline uint32_t thread() { return blockIdx.x * blockDim.x + threadIdx.x; }

// What one instruction moves for a thread, by its bytes.
template <uint32_t BYTES> struct Moved;
template <> struct Moved<1> { using type = uint8_t; };
template <> struct Moved<2> { using type = uint16_t; };
template <> struct Moved<4> { using type = uint32_t; };
template <> struct Moved<8> { using type = uint2; };
template <> struct Moved<16> { using type = uint4; };

// Neighbouring elements that a thread moves at a time.
template <typename T, uint32_t WIDTH> struct Pack {
  T values[WIDTH];
};

// A pack as it lies in memory; in registers it takes no more room than there.
template <typename T, uint32_t WIDTH> struct Packed {
  typename Moved<sizeof(T) * WIDTH>::type bits;
  __device__ Pack<T, WIDTH> open() const {
    Pack<T, WIDTH> pack;
    memcpy(&pack, &bits, sizeof pack);
    return pack;
  }
};

template <uint32_t WIDTH, typename T> __device__ inline Packed<T, WIDTH> load(const T *from) {
  return {*reinterpret_cast<const typename Moved<sizeof(T) * WIDTH>::type *>(from)};
}

// Two neighbouring elements of 2 bytes as one word.
template <typename T> __device__ inline uint32_t word(const T &first, const T &second) {
  uint16_t low, high;
  memcpy(&low, &first, sizeof low);
  memcpy(&high, &second, sizeof high);
  return uint32_t(low) | uint32_t(high) << 16;
}

// In one instruction: halves are put into words by hand and stored by name, because the compiler would divide some.
template <uint32_t WIDTH, typename T> __device__ inline void store(T *to, const Pack<T, WIDTH> &pack) {
  const T *v = pack.values;
  typename Moved<sizeof(T) * WIDTH>::type bits;
  if constexpr (sizeof(T) == 2 && WIDTH == 8) {
    bits = make_uint4(word(v[0], v[1]), word(v[2], v[3]), word(v[4], v[5]), word(v[6], v[7]));
  } else if constexpr (sizeof(T) == 2 && WIDTH == 4) {
    bits = make_uint2(word(v[0], v[1]), word(v[2], v[3]));
  } else {
    memcpy(&bits, v, sizeof bits);
  }
  __stwb(reinterpret_cast<decltype(bits) *>(to), bits);
}

// As many elements as one instruction moves: 16 bytes.
template <typename T> constexpr uint32_t WIDEST = 16 / sizeof(T);
// In sums, which keep two numbers of f64 for each channel in registers, at most four; `sum_width` of `enabled/kernel.rs`.
template <typename T> constexpr uint32_t WIDEST_SUM = WIDEST<T> < 4 ? WIDEST<T> : 4;

// Whether maps of `channels` at these addresses (null where there is no such map) can be moved in packs of WIDTH.
template <uint32_t WIDTH, typename T>
__device__ inline bool in_packs(uint32_t channels, const T *a, const T *b = nullptr, const T *c = nullptr) {
  const uintptr_t all = uintptr_t(a) | uintptr_t(b) | uintptr_t(c);
  return channels % WIDTH == 0 && all % (WIDTH * sizeof(T)) == 0;
}

// The first channel of each of this thread's packs in `for_packs`.
template <uint32_t WIDTH> __device__ inline uint32_t first_channel(uint32_t channels) {
  return uint32_t(uint64_t(thread()) * WIDTH % channels);
}

// Calls use(first element, what load(first element) gave) for this thread's packs of WIDTH elements, which divides the
// channels. The grid's threads are a multiple of the channels, so all of a thread's packs are of the same channels. Some
// packs are loaded before the first is used, so that memory is not waited for one by one.
template <uint32_t WIDTH, typename Load, typename Use>
__device__ inline void for_packs(uint64_t count, Load load, Use use) {
  using Loaded = decltype(load(0));
  constexpr uint32_t AT_ONCE = sizeof(Loaded) > 16 ? 2 : 4;
  const uint64_t step = uint64_t(gridDim.x) * blockDim.x * WIDTH;
  for (uint64_t i = uint64_t(thread()) * WIDTH; i < count; i += AT_ONCE * step) {
    Loaded loaded[AT_ONCE];
#pragma unroll
    for (uint32_t k = 0; k < AT_ONCE; ++k)
      if (i + k * step < count) loaded[k] = load(i + k * step);
#pragma unroll
    for (uint32_t k = 0; k < AT_ONCE; ++k)
      if (i + k * step < count) use(i + k * step, loaded[k]);
  }
}

// Calls each(pixel, first channel) for this thread's packs of WIDTH elements, which divides the channels.
template <uint32_t WIDTH, typename F> __device__ inline void for_pixels(uint64_t pixels, uint32_t channels, F each) {
  // A division for each thread, not for each pack.
  const uint32_t packs = channels / WIDTH, threads = gridDim.x * blockDim.x;
  const uint32_t down = threads / packs, right = threads % packs;
  uint64_t pixel = thread() / packs;
  uint32_t pack = thread() % packs;
  while (pixel < pixels) {
    each(pixel, pack * WIDTH);
    pixel += down;
    pack += right;
    if (pack >= packs) {
      pack -= packs;
      ++pixel;
    }
  }
}

// Sums for each channel: a block takes a group of neighbouring channels, a lane WIDTH of them; where a group has fewer packs
// than a warp has lanes, the lanes share its pixels, as the warps do. `splits` blocks share the pixels of a group.
template <uint32_t WIDTH> struct Share {
  uint32_t lanes, first, channel, split;
  __device__ explicit Share(uint32_t channels) {
    // The largest power of two that divides a pixel's packs, up to a warp; a warp for single elements.
    const uint32_t packs = channels / WIDTH, common = packs & (0u - packs);
    lanes = WIDTH == 1 || common > WARP ? WARP : common;
    const uint32_t groups = (channels + group() - 1) / group();
    first = blockIdx.x % groups * group();
    channel = first + lane() % lanes * WIDTH;
    split = blockIdx.x / groups;
  }
  // Channels of a block.
  __device__ uint32_t group() const { return lanes * WIDTH; }
  // This lane's place among those that share a block's pixels, and how many they are.
  __device__ uint32_t place() const { return threadIdx.x / lanes; }
  __device__ uint32_t places() const { return blockDim.x / lanes; }
};

// Terms that are added in the arithmetic type before they go into a sum in f64.
constexpr uint32_t TERMS = 32;

// Calls each(at, step, count) for runs of this lane's packs: `count` of at most TERMS, the first at `at`, the next `step`
// further.
template <uint32_t WIDTH, typename F>
__device__ inline void for_runs(uint64_t pixels, uint32_t channels, const Share<WIDTH> &share, uint32_t splits, F each) {
  if (share.channel >= channels) return;
  const uint64_t step = uint64_t(splits) * share.places();
  for (uint64_t first = uint64_t(share.split) * share.places() + share.place(); first < pixels; first += TERMS * step) {
    const uint64_t left = (pixels - first + step - 1) / step;
    each(first * channels + share.channel, step * channels, uint32_t(left < TERMS ? left : TERMS));
  }
}

// Room for COUNT sums of each channel of a block, from each of its warps.
template <uint32_t WIDTH, uint32_t COUNT> constexpr uint32_t SCRATCH = THREADS * WIDTH * COUNT;

// Adds COUNT sums of each channel over the places of a block, in an order that the sizes give, and writes them to the
// block's part of `partial` [splits, COUNT, channels].
template <uint32_t WIDTH, uint32_t COUNT>
__device__ inline void write_part(const Share<WIDTH> &share, uint32_t channels, const double (&sums)[COUNT][WIDTH],
                                  double *scratch, double *__restrict__ partial) {
#pragma unroll
  for (uint32_t s = 0; s < COUNT; ++s) {
#pragma unroll
    for (uint32_t k = 0; k < WIDTH; ++k) {
      double sum = sums[s][k];
      for (uint32_t distance = WARP / 2; distance >= share.lanes; distance /= 2)
        sum += __shfl_xor_sync(ALL_LANES, sum, distance);
      if (lane() < share.lanes) scratch[(warp() * COUNT + s) * share.group() + lane() * WIDTH + k] = sum;
    }
  }
  __syncthreads();
  for (uint32_t i = threadIdx.x; i < COUNT * share.group(); i += blockDim.x) {
    const uint32_t s = i / share.group(), channel = share.first + i % share.group();
    if (channel >= channels) continue;
    double sum = 0;
#pragma unroll
    for (uint32_t w = 0; w < THREADS / WARP; ++w) sum += scratch[w * COUNT * share.group() + i];
    partial[(uint64_t(share.split) * COUNT + s) * channels + channel] = sum;
  }
}

// Channels whose parts a block adds: few, so that many threads share a channel's parts. `enabled/kernel.rs` counts blocks
// by it.
constexpr uint32_t CHANNELS = 8;

// The sums over the parts [parts, COUNT, channels] of the channel that is returned, complete in the first CHANNELS threads
// of the block. A thread beyond the channels gets the number `channels`. `scratch` holds COUNT values for each thread.
template <uint32_t COUNT>
__device__ inline uint32_t sum_of_parts(uint32_t parts, uint32_t channels, const double *__restrict__ partial,
                                        double (&sums)[COUNT], double *scratch) {
  const uint32_t number = threadIdx.x % CHANNELS, channel = blockIdx.x * CHANNELS + number;
#pragma unroll
  for (uint32_t s = 0; s < COUNT; ++s) sums[s] = 0;
  if (channel < channels) {
#pragma unroll 8
    for (uint32_t i = threadIdx.x / CHANNELS; i < parts; i += THREADS / CHANNELS)
#pragma unroll
      for (uint32_t s = 0; s < COUNT; ++s) sums[s] += partial[(uint64_t(i) * COUNT + s) * channels + channel];
  }
#pragma unroll
  for (uint32_t s = 0; s < COUNT; ++s) {
#pragma unroll
    for (uint32_t distance = WARP / 2; distance >= CHANNELS; distance /= 2)
      sums[s] += __shfl_xor_sync(ALL_LANES, sums[s], distance);
    if (lane() < CHANNELS) scratch[(warp() * COUNT + s) * CHANNELS + number] = sums[s];
  }
  __syncthreads();
#pragma unroll
  for (uint32_t s = 0; s < COUNT; ++s) {
    sums[s] = 0;
#pragma unroll
    for (uint32_t w = 0; w < THREADS / WARP; ++w) sums[s] += scratch[(w * COUNT + s) * CHANNELS + number];
  }
  return threadIdx.x < CHANNELS && channel < channels ? channel : channels;
}
