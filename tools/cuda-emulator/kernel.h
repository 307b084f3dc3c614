// A kernel of the emulated device.
#pragma once
#include <cstddef>

struct Kernel {
  const char *name;
  void (*run)(void **arguments);  // one thread of it
  size_t arity;
  const bool *pointers;    // which arguments are pointers
  const size_t *alignment; // of each argument's type
};

// Where a file of kernels keeps the static shared memory of its blocks.
struct SharedMemory { char *start, *end; };
