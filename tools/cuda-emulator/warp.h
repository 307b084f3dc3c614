// Barriers and shuffles.
#pragma once

inline void __syncthreads(const char *file = __builtin_FILE(), int line = __builtin_LINE()) {
  emulated_block_barrier(file, line);
}
inline void __syncwarp(unsigned mask = 0xffffffffu, const char *file = __builtin_FILE(), int line = __builtin_LINE()) {
  emulated_warp_exchange(mask, 0, file, line);
}
inline void __threadfence() {}
inline void __threadfence_block() {}

namespace emulated {
// The value of lane `source`, counted within groups of `width` lanes.
template <typename T> T from_lane(unsigned mask, T value, unsigned source, const char *file, int line) {
  static_assert(sizeof(T) <= 8, "a shuffle moves at most eight bytes");
  uint64_t bits = 0;
  std::memcpy(&bits, &value, sizeof(T));
  const uint64_t *lanes = emulated_warp_exchange(mask, bits, file, line);
  T taken;
  std::memcpy(&taken, &lanes[source], sizeof(T));
  return taken;
}
inline unsigned lane() { return emulated_here.linear % 32; }
}  // namespace emulated

#define EMULATED_PLACE const char *file = __builtin_FILE(), int line = __builtin_LINE()
template <typename T> T __shfl_sync(unsigned mask, T value, int source, int width = 32, EMULATED_PLACE) {
  const unsigned first = emulated::lane() & ~unsigned(width - 1);
  return emulated::from_lane(mask, value, first + unsigned(source & (width - 1)), file, line);
}
template <typename T> T __shfl_xor_sync(unsigned mask, T value, int flip, int width = 32, EMULATED_PLACE) {
  const unsigned lane = emulated::lane(), source = lane ^ unsigned(flip), end = (lane & ~unsigned(width - 1)) + width;
  return emulated::from_lane(mask, value, source < end ? source : lane, file, line);
}
template <typename T> T __shfl_down_sync(unsigned mask, T value, unsigned by, int width = 32, EMULATED_PLACE) {
  const unsigned lane = emulated::lane(), source = lane + by, end = (lane & ~unsigned(width - 1)) + width;
  return emulated::from_lane(mask, value, source < end ? source : lane, file, line);
}
template <typename T> T __shfl_up_sync(unsigned mask, T value, unsigned by, int width = 32, EMULATED_PLACE) {
  const unsigned lane = emulated::lane(), first = lane & ~unsigned(width - 1);
  return emulated::from_lane(mask, value, lane >= first + by ? lane - by : lane, file, line);
}
inline unsigned __ballot_sync(unsigned mask, int predicate, EMULATED_PLACE) {
  const uint64_t *lanes = emulated_warp_exchange(mask, predicate != 0, file, line);
  unsigned ballot = 0;
  for (int i = 0; i < 32; ++i)
    if (mask >> i & 1) ballot |= unsigned(lanes[i] & 1) << i;
  return ballot;
}
