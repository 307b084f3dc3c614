// Reading and writing the elements of cuDNN's tensors.
#include <cmath>
#include <cstdint>
#include <cstring>
#include <type_traits>
#include <utility>
#include "elements.h"
#include "here.h"
#include "vectors.h"
#include "narrow.h"

extern "C" int emulated_is_allocated(const void *address, size_t bytes);

namespace {
size_t width(int type) { return type == DOUBLE ? 8 : type == FLOAT ? 4 : 2; }

float to_tf32(float x) {
  const uint32_t u = emulated::bits<uint32_t>(x);
  return std::isfinite(x) ? emulated::bits<float>((u + 0x1000u) & 0xffffe000u) : x;
}

double load(int type, const char *from, size_t at) {
  switch (type) {
  case DOUBLE: return reinterpret_cast<const double *>(from)[at];
  case FLOAT: return reinterpret_cast<const float *>(from)[at];
  case HALF: return reinterpret_cast<const __half *>(from)[at];
  default: return reinterpret_cast<const __nv_bfloat16 *>(from)[at];
  }
}
void save(int type, char *to, size_t at, double value) {
  switch (type) {
  case DOUBLE: reinterpret_cast<double *>(to)[at] = value; break;
  case FLOAT: reinterpret_cast<float *>(to)[at] = float(value); break;
  case HALF: reinterpret_cast<__half *>(to)[at] = __half(float(value)); break;
  default: reinterpret_cast<__nv_bfloat16 *>(to)[at] = __nv_bfloat16(float(value));
  }
}

// Calls `f(number in NCHW, place in memory)` for every element.
template <typename F> void each(const Tensor &t, F f) {
  size_t i = 0;
  for (int n = 0; n < t.size[0]; ++n)
    for (int c = 0; c < t.size[1]; ++c)
      for (int y = 0; y < t.size[2]; ++y)
        for (int x = 0; x < t.size[3]; ++x)
          f(i++, size_t(n * t.stride[0] + c * t.stride[1] + y * t.stride[2] + x * t.stride[3]));
}
size_t count(const Tensor &t) { return size_t(t.size[0]) * t.size[1] * t.size[2] * t.size[3]; }

void check(const Tensor &t, const void *memory) {
  size_t last = 0;
  for (int i = 0; i < 4; ++i) last += size_t(t.size[i] - 1) * size_t(t.stride[i]);
  if (!emulated_is_allocated(memory, (last + 1) * width(t.type)))
    emulated_fail("cuDNN is given a tensor that does not lie in one allocation of the device");
}
}  // namespace
bool known(int type) { return type == FLOAT || type == DOUBLE || type == HALF || type == BFLOAT16; }

Numbers read(const Tensor &t, const void *from, bool tf32) {
  check(t, from);
  Numbers numbers(count(t));
  each(t, [&](size_t i, size_t at) {
    const double value = load(t.type, static_cast<const char *>(from), at);
    numbers[i] = tf32 ? to_tf32(float(value)) : value;
  });
  return numbers;
}
void write(const Tensor &t, void *to, const Numbers &numbers, double alpha, double beta) {
  check(t, to);
  char *bytes = static_cast<char *>(to);
  each(t, [&](size_t i, size_t at) {
    const double old = beta == 0 ? 0 : beta * load(t.type, bytes, at);
    save(t.type, bytes, at, alpha * numbers[i] + old);
  });
}
