// How the emulated driver calls a kernel: included after the kernel file, with one EMULATED_ENTRY for each kernel.
#pragma once
#include "kernel.h"

namespace emulated {
template <auto F> struct Call;
template <typename... A, void (*F)(A...)> struct Call<F> {
  template <size_t... I> static void with(void **arguments, std::index_sequence<I...>) {
    F(*static_cast<std::remove_cv_t<A> *>(arguments[I])...);
  }
  static void run(void **arguments) { with(arguments, std::index_sequence_for<A...>{}); }
  static constexpr bool pointers[sizeof...(A) + 1] = {std::is_pointer_v<A>..., false};
  static constexpr size_t alignment[sizeof...(A) + 1] = {alignof(A)..., 0};
  static constexpr Kernel kernel(const char *name) { return {name, &run, sizeof...(A), pointers, alignment}; }
};
}  // namespace emulated

// Shared memory has no first values, so that the linker keeps all of it (and nothing else of a kernel file) between these.
extern "C" __attribute__((visibility("hidden"))) char __bss_start, _end;
extern "C" __attribute__((visibility("default"))) const SharedMemory emulated_shared;
const SharedMemory emulated_shared = {&__bss_start, &_end};

#define EMULATED_ENTRY(NAME)                                                     \
  extern "C" __attribute__((visibility("default"))) const Kernel emulated_kernel_##NAME; \
  const Kernel emulated_kernel_##NAME = emulated::Call<NAME>::kernel(#NAME);
