// Atomic operations. Threads of the emulated device take turns, so that plain arithmetic is atomic.
#pragma once

#define EMULATED_ATOMIC(NAME, EXPRESSION)                    \
  template <typename T> T NAME(T *address, std::common_type_t<T> value) { \
    const T old = *address;                                  \
    *address = EXPRESSION;                                   \
    return old;                                              \
  }
EMULATED_ATOMIC(atomicAdd, T(old + value))
EMULATED_ATOMIC(atomicSub, T(old - value))
EMULATED_ATOMIC(atomicMax, old > value ? old : value)
EMULATED_ATOMIC(atomicMin, old < value ? old : value)
EMULATED_ATOMIC(atomicOr, T(old | value))
EMULATED_ATOMIC(atomicAnd, T(old & value))
EMULATED_ATOMIC(atomicExch, value)
template <typename T> T atomicCAS(T *address, std::common_type_t<T> compare, std::common_type_t<T> value) {
  const T old = *address;
  if (old == compare) *address = value;
  return old;
}
template <typename T> T __ldg(const T *address) { return *address; }
