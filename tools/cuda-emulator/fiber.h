// A stack that a thread of the emulated device runs on, and the switch between two of them.
#pragma once
#include <cstddef>
#include <cstdint>
#include <sys/mman.h>
#if !defined(__x86_64__)
#include <ucontext.h>
#endif

struct Fiber {
  static constexpr size_t STACK = 256 << 10, GUARD = 4096;
#if defined(__x86_64__)
  void *stack_pointer = nullptr;
#else
  ucontext_t context;
#endif
  unsigned thread = 0;

  // Readies the fiber to call `start`, which never returns.
  void prepare(void (*start)());
};

// Keeps where the caller stands in `from`, and goes on where `to` stands.
void switch_fiber(Fiber *from, Fiber *to);
