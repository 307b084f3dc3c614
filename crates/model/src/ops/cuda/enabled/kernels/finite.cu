// Whether numbers are finite. One read per element: bound by memory.
#include "pixels.cuh"

// Zero times a finite number is zero, times any other NaN.
template <typename A> __device__ inline bool is_finite(A x) { return x * 0 == 0; }

// Sets `found` to 1 where an element is NaN or infinite.
template <typename T> __device__ void not_finite(uint64_t count, const T *x, uint32_t *found) {
  constexpr uint32_t WIDTH = WIDEST<T>;
  const uint64_t packed = in_packs<WIDTH>(0, x) ? count / WIDTH * WIDTH : 0;
  bool all = true;
  for_packs<WIDTH>(packed, [&](uint64_t i) { return load<WIDTH>(x + i); }, [&](uint64_t, const Packed<T, WIDTH> &one) {
    const Pack<T, WIDTH> values = one.open();
#pragma unroll
    for (uint32_t k = 0; k < WIDTH; ++k) all = all && is_finite(widen(values.values[k]));
  });
  for (uint64_t i = packed + thread(); i < count; i += uint64_t(gridDim.x) * blockDim.x)
    all = all && is_finite(widen(x[i]));
  if (!all) atomicMax(found, 1u);
}

#define KERNELS(T, TYPE)                                                                                   \
  extern "C" __global__ void not_finite_##TYPE(uint64_t count, const T *x, uint32_t *found) {              \
    not_finite<T>(count, x, found);                                                                        \
  }
SCRIBE_FOR_ELEMENTS(KERNELS)
