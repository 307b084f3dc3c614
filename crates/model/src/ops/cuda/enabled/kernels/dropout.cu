// Dropout. A read and a write per element and, for each 16 of them, one block of ChaCha8 (about 500 operations). A thread
// takes the words of a block, which are those of neighbouring pixels of one channel; its reads and writes lie a pixel apart.
#include "common.cuh"

constexpr int BLOCK_WORDS = 16;

// Which values are dropped, as enabled/dropout.rs lays it out.
struct Draws {
  uint32_t key[8];
  uint64_t stream, first;
  float p, scale;
};

__device__ inline uint32_t turned(uint32_t v, int by) { return (v << by) | (v >> (32 - by)); }

__device__ inline void quarter_round(uint32_t &a, uint32_t &b, uint32_t &c, uint32_t &d) {
  a += b, d = turned(d ^ a, 16);
  c += d, b = turned(b ^ c, 12);
  a += b, d = turned(d ^ a, 8);
  c += d, b = turned(b ^ c, 7);
}

// The 16 words of a block (D. J. Bernstein, ChaCha, with 8 rounds, a counter of 64 bits and a stream of 64 bits).
__device__ inline void block_of(const Draws &draws, uint64_t counter, uint32_t (&words)[BLOCK_WORDS]) {
  const uint32_t begin[BLOCK_WORDS] = {0x61707865, 0x3320646e, 0x79622d32, 0x6b206574, draws.key[0], draws.key[1],
                                       draws.key[2], draws.key[3], draws.key[4], draws.key[5], draws.key[6], draws.key[7],
                                       uint32_t(counter), uint32_t(counter >> 32), uint32_t(draws.stream),
                                       uint32_t(draws.stream >> 32)};
#pragma unroll
  for (int i = 0; i < BLOCK_WORDS; ++i) words[i] = begin[i];
#pragma unroll
  for (int pair = 0; pair < 4; ++pair) {
#pragma unroll
    for (int i = 0; i < 4; ++i) quarter_round(words[i], words[i + 4], words[i + 8], words[i + 12]);
#pragma unroll
    for (int i = 0; i < 4; ++i)
      quarter_round(words[i], words[4 + (i + 1) % 4], words[8 + (i + 2) % 4], words[12 + (i + 3) % 4]);
  }
#pragma unroll
  for (int i = 0; i < BLOCK_WORDS; ++i) words[i] += begin[i];
}

// `x` and `y` are [N, plane, channels]; the draws are in the order of [N, channels, plane].
template <typename T>
__device__ void dropout(const Draws &draws, uint64_t count, uint64_t channels, uint64_t plane, const T *__restrict__ x,
                        T *__restrict__ y) {
  using A = arithmetic<T>;
  const uint64_t first_block = draws.first / BLOCK_WORDS, step = uint64_t(gridDim.x) * blockDim.x;
  const uint64_t blocks = (draws.first + count + BLOCK_WORDS - 1) / BLOCK_WORDS - first_block;
  for (uint64_t block = uint64_t(blockIdx.x) * blockDim.x + threadIdx.x; block < blocks; block += step) {
    uint32_t words[BLOCK_WORDS];
    block_of(draws, first_block + block, words);
#pragma unroll
    for (int i = 0; i < BLOCK_WORDS; ++i) {
      const uint64_t word = (first_block + block) * BLOCK_WORDS + i;
      if (word < draws.first || word - draws.first >= count) continue;
      const uint64_t value = word - draws.first, map = value / plane, pixel = value % plane;
      const uint64_t at = (map / channels * plane + pixel) * channels + map % channels;
      // The upper 24 bits, as a number from 0 to 1.
      const bool kept = float(words[i] >> 8) * 0x1p-24f >= draws.p;
      y[at] = kept ? narrow<T>(widen(x[at]) * A(draws.scale)) : narrow<T>(A(0));
    }
  }
}

#define KERNELS(T, TYPE)                                                                                              \
  extern "C" __global__ void dropout_##TYPE(Draws draws, uint64_t count, uint64_t channels, uint64_t plane, const T *x, \
                                            T *y) {                                                                   \
    dropout<T>(draws, count, channels, plane, x, y);                                                                  \
  }
SCRIBE_FOR_ELEMENTS(KERNELS)
