// One SGD step on all parameters of a network.
//
// For each value 12 bytes are read (parameter, buffer, gradient) and 8 written, for 5 operations: bound by memory. One
// launch does all tensors, because a network has hundreds of which most are smaller than what a launch costs.
#include "common.cuh"

// A parameter's turn, as enabled/sgd.rs lays it out: six words of 8 bytes.
struct Turn {
  float *value;
  float *buffer;
  const float *gradient;
  uint64_t count;
  // The block that begins this tensor.
  uint64_t first_block;
  double lr;
};

// Values that one block works on; enabled/sgd.rs counts the blocks with it.
constexpr uint64_t PER_BLOCK = 4096;

// Each operation is rounded by itself, as on the CPU: no fused multiply-add.
extern "C" __global__ void sgd_update_f32(uint64_t turns, const Turn *table, float momentum, float weight_decay) {
  // The last tensor that begins at or before this block. All threads of the block search alike.
  const uint64_t block = blockIdx.x;
  uint64_t low = 0, high = turns;
  while (high - low > 1) {
    const uint64_t middle = (low + high) / 2;
    if (table[middle].first_block <= block) low = middle;
    else high = middle;
  }
  const Turn turn = table[low];
  const float lr = float(turn.lr);
  const uint64_t start = (block - turn.first_block) * PER_BLOCK;
  const uint64_t end = start + PER_BLOCK < turn.count ? start + PER_BLOCK : turn.count;
  for (uint64_t i = start + threadIdx.x; i < end; i += blockDim.x) {
    const float p = turn.value[i];
    const float pull = __fadd_rn(turn.gradient[i], __fmul_rn(weight_decay, p));
    const float u = __fadd_rn(__fmul_rn(momentum, turn.buffer[i]), pull);
    turn.buffer[i] = u;
    turn.value[i] = __fsub_rn(p, __fmul_rn(lr, u));
  }
}
