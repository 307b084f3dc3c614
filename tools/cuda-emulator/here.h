// Where the running thread is, and the calls with which a kernel asks the emulator to wait for other threads.
#pragma once
#include <cstdint>

struct uint3 { unsigned x, y, z; };
struct dim3 {
  unsigned x, y, z;
  constexpr dim3(unsigned x = 1, unsigned y = 1, unsigned z = 1) : x(x), y(y), z(z) {}
};

struct Here {
  uint3 thread, block;
  dim3 block_size, grid_size;
  unsigned char *dynamic;  // the block's dynamic shared memory
  unsigned linear;         // the thread's number in its block
};

extern "C" {
extern Here emulated_here;
// Waits for all threads of the block.
void emulated_block_barrier(const char *file, int line);
// Waits for the lanes of `mask`. What a lane gave in `value` can be read by the others through the result, an array of
// one value for each lane; it stays until the warp's next but one call.
const uint64_t *emulated_warp_exchange(unsigned mask, uint64_t value, const char *file, int line);
// Ends the program with a message that says which kernel, block and thread.
[[noreturn]] void emulated_fail(const char *message);
}
