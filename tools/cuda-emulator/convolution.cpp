// The definition of a convolution and of its gradients, summed in double precision.
#include "convolution.h"
#include <algorithm>
#include <thread>

namespace {
// Calls `f` for every number below `count`, on all processors where the work is worth it.
template <typename F> void parallel(int count, double work, F f) {
  const int threads = work < 1e6 ? 1 : std::max(1, std::min(count, int(std::thread::hardware_concurrency())));
  auto part = [&](int first) {
    for (int i = first; i < count; i += threads) f(i);
  };
  std::vector<std::thread> others;
  for (int t = 1; t < threads; ++t) others.emplace_back(part, t);
  part(0);
  for (std::thread &other : others) other.join();
}

// The outputs of a row that tap `tap` reaches within an input of `size`.
struct Span { int first, end; };
Span reached(int size, int out, int pad, int stride, int offset) {
  const int low = pad - offset;  // out * stride >= low, and out * stride < size + low
  const int first = low <= 0 ? 0 : (low + stride - 1) / stride;
  const int end = size + low <= 0 ? 0 : (size + low - 1) / stride + 1;
  return {first, std::max(first, std::min(out, end))};
}

// y[i] += factor * x[i * stride]
__attribute__((optimize("O3"))) void add(double *y, const double *x, double factor, int count, int stride) {
  if (stride == 1)
    for (int i = 0; i < count; ++i) y[i] += factor * x[i];
  else
    for (int i = 0; i < count; ++i) y[i] += factor * x[i * stride];
}

// Calls `f(output row, first output column, columns, input offset of the first)` for a tap's rows.
template <typename F> void rows(const Geometry &g, int r, int s, F f) {
  const int down = r * g.dilation_h, right = s * g.dilation_w;
  const Span ys = reached(g.h, g.oh, g.pad_h, g.stride_h, down), xs = reached(g.w, g.ow, g.pad_w, g.stride_w, right);
  if (xs.first >= xs.end) return;
  for (int oy = ys.first; oy < ys.end; ++oy) {
    const int iy = oy * g.stride_h - g.pad_h + down, ix = xs.first * g.stride_w - g.pad_w + right;
    f(oy, xs.first, xs.end - xs.first, size_t(iy) * g.w + ix);
  }
}

double operations(const Geometry &g) { return double(g.n) * g.k * g.oh * g.ow * (g.c / g.groups) * g.r * g.s; }
}  // namespace

Numbers convolve(const Geometry &g, const Numbers &x, const Numbers &filters) {
  Numbers y(size_t(g.n) * g.k * g.oh * g.ow);
  const int seen = g.c / g.groups, each = g.k / g.groups;
  parallel(g.n * g.k, operations(g), [&](int plane) {
    const int n = plane / g.k, k = plane % g.k;
    double *out = &y[size_t(plane) * g.oh * g.ow];
    for (int c = 0; c < seen; ++c)
      for (int tap = 0; tap < g.r * g.s; ++tap) {
        const double factor = filters[(size_t(k) * seen + c) * g.r * g.s + tap];
        const double *in = &x[(size_t(n) * g.c + k / each * seen + c) * g.h * g.w];
        rows(g, tap / g.s, tap % g.s, [&](int oy, int ox, int count, size_t at) {
          add(out + size_t(oy) * g.ow + ox, in + at, factor, count, g.stride_w);
        });
      }
  });
  return y;
}

Numbers data_gradient(const Geometry &g, const Numbers &filters, const Numbers &dy) {
  Numbers dx(size_t(g.n) * g.c * g.h * g.w);
  const int seen = g.c / g.groups, each = g.k / g.groups;
  parallel(g.n * g.c, operations(g), [&](int plane) {
    const int n = plane / g.c, c = plane % g.c, group = c / seen;
    double *out = &dx[size_t(plane) * g.h * g.w];
    for (int k = group * each; k < (group + 1) * each; ++k)
      for (int tap = 0; tap < g.r * g.s; ++tap) {
        const double factor = filters[(size_t(k) * seen + c % seen) * g.r * g.s + tap];
        const double *in = &dy[(size_t(n) * g.k + k) * g.oh * g.ow];
        rows(g, tap / g.s, tap % g.s, [&](int oy, int ox, int count, size_t at) {
          const double *row = in + size_t(oy) * g.ow + ox;
          for (int i = 0; i < count; ++i) out[at + size_t(i) * g.stride_w] += factor * row[i];
        });
      }
  });
  return dx;
}

Numbers filter_gradient(const Geometry &g, const Numbers &x, const Numbers &dy) {
  const int seen = g.c / g.groups, each = g.k / g.groups;
  Numbers dw(size_t(g.k) * seen * g.r * g.s);
  parallel(g.k, operations(g), [&](int k) {
    for (int c = 0; c < seen; ++c)
      for (int tap = 0; tap < g.r * g.s; ++tap) {
        double sum = 0;
        for (int n = 0; n < g.n; ++n) {
          const double *in = &x[(size_t(n) * g.c + k / each * seen + c) * g.h * g.w];
          const double *out = &dy[(size_t(n) * g.k + k) * g.oh * g.ow];
          rows(g, tap / g.s, tap % g.s, [&](int oy, int ox, int count, size_t at) {
            const double *row = out + size_t(oy) * g.ow + ox;
            for (int i = 0; i < count; ++i) sum += row[i] * in[at + size_t(i) * g.stride_w];
          });
        }
        dw[(size_t(k) * seen + c) * g.r * g.s + tap] = sum;
      }
  });
  return dw;
}
