// cuDNN's convolutions (libcudnn.so.9): descriptors, the choice of an algorithm, and the three directions. Every algorithm
// is the same loop; what differs is what the real ones promise. Those that cuDNN calls non-deterministic differ in the
// last bits from call to call, f32 is read as TF32 unless the math type forbids it, and work space is asked for.
#include "convolution.h"
#include "elements.h"
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>

extern "C" int emulated_is_allocated(const void *address, size_t bytes);

namespace {
enum Status { SUCCESS = 0, BAD_PARAM = 2000, NOT_SUPPORTED = 3000 };
constexpr int NHWC = 1, FMA_MATH = 3, CONVOLUTION = 0;
constexpr size_t WORKSPACE = 4096;

struct Convolution {
  int pad[2], stride[2], dilation[2], mode, compute, groups = 1, math = 0;
};
struct Algorithm { int algorithm, status; float time; size_t memory; int determinism, math, reserved[3]; };

Status geometry(const Tensor &x, const Tensor &w, const Convolution &c, const Tensor &y, Geometry &g) {
  g = {x.size[0], x.size[1], x.size[2], x.size[3], w.size[0], w.size[2], w.size[3], y.size[2], y.size[3], c.pad[0], c.pad[1],
       c.stride[0], c.stride[1], c.dilation[0], c.dilation[1], c.groups};
  const int reach_h = (g.r - 1) * g.dilation_h + 1, reach_w = (g.s - 1) * g.dilation_w + 1;
  const bool fits = w.size[1] * g.groups == g.c && g.k % g.groups == 0 && y.size[0] == g.n && y.size[1] == g.k &&
                    g.oh == (g.h + 2 * g.pad_h - reach_h) / g.stride_h + 1 && g.ow == (g.w + 2 * g.pad_w - reach_w) / g.stride_w + 1;
  if (!fits) return BAD_PARAM;
  const bool typed = x.type == w.type && x.type == y.type && c.compute == (x.type == DOUBLE ? DOUBLE : FLOAT);
  // The three tensors are in one order, and PyTorch's sources say that cuDNN has no NHWC for doubles.
  const bool last = x.channels_last;
  const bool ordered = last == w.channels_last && last == y.channels_last && !(last && x.type == DOUBLE);
  return typed && ordered && c.mode != CONVOLUTION ? SUCCESS : NOT_SUPPORTED;
}

size_t workspace_of(int algorithm) { return algorithm == 0 ? 0 : WORKSPACE; }

Status check_workspace(int algorithm, const void *workspace, size_t bytes) {
  const size_t wanted = workspace_of(algorithm);
  if (wanted == 0) return SUCCESS;
  return bytes >= wanted && emulated_is_allocated(workspace, wanted) ? SUCCESS : BAD_PARAM;
}

Status offer(const Convolution *c, int asked, int *given, Algorithm *results, std::initializer_list<std::pair<int, bool>> known) {
  *given = 0;
  for (auto [algorithm, deterministic] : known) {
    if (*given == asked) break;
    results[*given] = {algorithm, SUCCESS, 1.0f + float(*given), workspace_of(algorithm), deterministic, c->math, {}};
    ++*given;
  }
  return SUCCESS;
}

// result = alpha * computed + beta * result, with a trace of the order of sums where the algorithm keeps none.
void store(const Tensor &t, void *to, Numbers computed, const void *alpha, const void *beta, bool deterministic) {
  static std::atomic<unsigned> calls{0};
  const double noise = deterministic ? 0 : (calls++ % 2 ? 1.0 : -1.0) / (t.type == DOUBLE ? 1e15 : 1e7);
  for (double &value : computed) value *= 1 + noise;
  write(t, to, computed, scalar(t, alpha), scalar(t, beta));
}
Numbers operand(const Tensor &t, const void *from, const Convolution &c) {
  return read(t, from, t.type == FLOAT && c.math != FMA_MATH);
}
}  // namespace

extern "C" {
size_t cudnnGetVersion() { return 90100; }
size_t cudnnGetCudartVersion() { return 13000; }
const char *cudnnGetErrorString(int) { return "emulated cuDNN"; }
int cudnnCreate(void **handle) { *handle = std::malloc(1); return SUCCESS; }
int cudnnDestroy(void *handle) { std::free(handle); return SUCCESS; }
int cudnnSetStream(void *, void *) { return SUCCESS; }

int cudnnCreateTensorDescriptor(Tensor **t) { *t = new Tensor{}; return SUCCESS; }
int cudnnDestroyTensorDescriptor(Tensor *t) { delete t; return SUCCESS; }
int cudnnSetTensor4dDescriptor(Tensor *t, int format, int type, int n, int c, int h, int w) {
  *t = Tensor::dense(type, n, c, h, w, format == NHWC);
  return known(type) ? SUCCESS : NOT_SUPPORTED;
}
int cudnnSetTensor4dDescriptorEx(Tensor *t, int type, int n, int c, int h, int w, int sn, int sc, int sh, int sw) {
  *t = Tensor{type, {n, c, h, w}, {sn, sc, sh, sw}, sc == 1 && sw == c};
  return known(type) ? SUCCESS : NOT_SUPPORTED;
}
int cudnnSetTensorNdDescriptor(Tensor *t, int type, int dims, const int *size, const int *stride) {
  if (dims != 4) return NOT_SUPPORTED;
  return cudnnSetTensor4dDescriptorEx(t, type, size[0], size[1], size[2], size[3], stride[0], stride[1], stride[2], stride[3]);
}
int cudnnCreateFilterDescriptor(Tensor **t) { *t = new Tensor{}; return SUCCESS; }
int cudnnDestroyFilterDescriptor(Tensor *t) { delete t; return SUCCESS; }
int cudnnSetFilter4dDescriptor(Tensor *t, int type, int format, int k, int c, int h, int w) {
  return cudnnSetTensor4dDescriptor(t, format, type, k, c, h, w);
}
int cudnnSetFilterNdDescriptor(Tensor *t, int type, int format, int dims, const int *size) {
  return dims == 4 ? cudnnSetTensor4dDescriptor(t, format, type, size[0], size[1], size[2], size[3]) : NOT_SUPPORTED;
}
int cudnnCreateConvolutionDescriptor(Convolution **c) { *c = new Convolution{}; return SUCCESS; }
int cudnnDestroyConvolutionDescriptor(Convolution *c) { delete c; return SUCCESS; }
int cudnnSetConvolution2dDescriptor(Convolution *c, int ph, int pw, int sh, int sw, int dh, int dw, int mode, int compute) {
  const int groups = c->groups, math = c->math;
  *c = Convolution{{ph, pw}, {sh, sw}, {dh, dw}, mode, compute, groups, math};
  return SUCCESS;
}
int cudnnSetConvolutionNdDescriptor(Convolution *c, int dims, const int *p, const int *s, const int *d, int mode, int compute) {
  return dims == 2 ? cudnnSetConvolution2dDescriptor(c, p[0], p[1], s[0], s[1], d[0], d[1], mode, compute) : NOT_SUPPORTED;
}
int cudnnSetConvolutionMathType(Convolution *c, int math) { c->math = math; return SUCCESS; }
int cudnnSetConvolutionGroupCount(Convolution *c, int groups) { c->groups = groups; return SUCCESS; }

int cudnnGetConvolutionForwardAlgorithm_v7(void *, Tensor *x, Tensor *w, Convolution *c, Tensor *y, int asked, int *given, Algorithm *results) {
  Geometry g;
  const Status status = geometry(*x, *w, *c, *y, g);
  return status ? status : offer(c, asked, given, results, {{1, true}, {0, true}});
}
int cudnnGetConvolutionBackwardDataAlgorithm_v7(void *, Tensor *w, Tensor *dy, Convolution *c, Tensor *dx, int asked, int *given, Algorithm *results) {
  Geometry g;
  const Status status = geometry(*dx, *w, *c, *dy, g);
  return status ? status : offer(c, asked, given, results, {{0, false}, {1, true}});
}
int cudnnGetConvolutionBackwardFilterAlgorithm_v7(void *, Tensor *x, Tensor *dy, Convolution *c, Tensor *dw, int asked, int *given, Algorithm *results) {
  Geometry g;
  const Status status = geometry(*x, *dw, *c, *dy, g);
  return status ? status : offer(c, asked, given, results, {{0, false}, {3, false}, {1, true}});
}
int cudnnGetConvolutionForwardWorkspaceSize(void *, Tensor *, Tensor *, Convolution *, Tensor *, int algorithm, size_t *bytes) {
  *bytes = workspace_of(algorithm);
  return SUCCESS;
}
int cudnnGetConvolutionBackwardDataWorkspaceSize(void *, Tensor *, Tensor *, Convolution *, Tensor *, int algorithm, size_t *bytes) {
  *bytes = workspace_of(algorithm);
  return SUCCESS;
}
int cudnnGetConvolutionBackwardFilterWorkspaceSize(void *, Tensor *, Tensor *, Convolution *, Tensor *, int algorithm, size_t *bytes) {
  *bytes = workspace_of(algorithm);
  return SUCCESS;
}

int cudnnConvolutionForward(void *, const void *alpha, Tensor *xd, const void *x, Tensor *wd, const void *w, Convolution *c,
                            int algorithm, void *workspace, size_t bytes, const void *beta, Tensor *yd, void *y) {
  Geometry g;
  if (const Status status = geometry(*xd, *wd, *c, *yd, g)) return status;
  if (const Status status = check_workspace(algorithm, workspace, bytes)) return status;
  store(*yd, y, convolve(g, operand(*xd, x, *c), operand(*wd, w, *c)), alpha, beta, true);
  return SUCCESS;
}
int cudnnConvolutionBackwardData(void *, const void *alpha, Tensor *wd, const void *w, Tensor *dyd, const void *dy, Convolution *c,
                                 int algorithm, void *workspace, size_t bytes, const void *beta, Tensor *dxd, void *dx) {
  Geometry g;
  if (const Status status = geometry(*dxd, *wd, *c, *dyd, g)) return status;
  if (const Status status = check_workspace(algorithm, workspace, bytes)) return status;
  store(*dxd, dx, data_gradient(g, operand(*wd, w, *c), operand(*dyd, dy, *c)), alpha, beta, algorithm != 0);
  return SUCCESS;
}
int cudnnConvolutionBackwardFilter(void *, const void *alpha, Tensor *xd, const void *x, Tensor *dyd, const void *dy, Convolution *c,
                                   int algorithm, void *workspace, size_t bytes, const void *beta, Tensor *dwd, void *dw) {
  Geometry g;
  if (const Status status = geometry(*xd, *dwd, *c, *dyd, g)) return status;
  if (const Status status = check_workspace(algorithm, workspace, bytes)) return status;
  const bool deterministic = algorithm != 0 && algorithm != 3;
  store(*dwd, dw, filter_gradient(g, operand(*xd, x, *c), operand(*dyd, dy, *c)), alpha, beta, deterministic);
  return SUCCESS;
}
}
