// Switching stacks: by hand on x86-64 (the C library's way asks the system for the signal mask at every switch).
#include "fiber.h"
#include <cstdio>
#include <cstdlib>

static char *new_stack() {
  // The lowest page stays closed, so that a kernel with too large an array in a thread fails where it does.
  void *base = mmap(nullptr, Fiber::STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (base == MAP_FAILED || mprotect(base, Fiber::GUARD, PROT_NONE) != 0) {
    std::perror("emulated device: no memory for a thread's stack");
    std::abort();
  }
  return static_cast<char *>(base);
}

#if defined(__x86_64__)
extern "C" void emulated_switch(void **from, void *to);
asm(R"(
.text
.globl emulated_switch
.hidden emulated_switch
.type emulated_switch,@function
emulated_switch:
  pushq %rbp
  pushq %rbx
  pushq %r12
  pushq %r13
  pushq %r14
  pushq %r15
  movq %rsp, (%rdi)
  movq %rsi, %rsp
  popq %r15
  popq %r14
  popq %r13
  popq %r12
  popq %rbx
  popq %rbp
  ret
.size emulated_switch,.-emulated_switch
)");

void Fiber::prepare(void (*start)()) {
  // The switch pops six registers and returns to `start`, at whose entry the stack must be 8 off a multiple of 16.
  auto *top = reinterpret_cast<uint64_t *>(new_stack() + STACK);
  top -= 1;
  *--top = reinterpret_cast<uint64_t>(start);
  for (int i = 0; i < 6; ++i) *--top = 0;
  stack_pointer = top;
}
void switch_fiber(Fiber *from, Fiber *to) { emulated_switch(&from->stack_pointer, to->stack_pointer); }
#else
void Fiber::prepare(void (*start)()) {
  getcontext(&context);
  context.uc_stack.ss_sp = new_stack();
  context.uc_stack.ss_size = STACK;
  context.uc_link = nullptr;
  makecontext(&context, start, 0);
}
void switch_fiber(Fiber *from, Fiber *to) { swapcontext(&from->context, &to->context); }
#endif
