// cuDNN's convolutions (libcudnn.so.9) behind its graph interface: objects with attributes, the engines that heuristics
// propose, and plans that are executed. Every engine is the same loop; what differs is what the real ones promise. Those that
// cuDNN notes as non-deterministic differ in the last bits from call to call, those that use tensor cores read f32 as TF32, and
// work space is asked for.
#include "convolution.h"
#include "elements.h"
#include "objects.h"
#include <atomic>
#include <cstdlib>
#include <cstring>

extern "C" int emulated_is_allocated(const void *address, size_t bytes);

namespace {
constexpr int CROSS_CORRELATION = 1;
constexpr int64_t WORKSPACE = 4096;

// An engine, as far as its notes tell.
struct Engine { bool deterministic, rounds, transforms; int64_t workspace; };
// In the heuristics' order: the best ones promise least.
constexpr Engine ENGINES[] = {{true, true, false, WORKSPACE}, {true, false, true, WORKSPACE}, {false, false, false, WORKSPACE},
                              {true, false, false, WORKSPACE}, {true, false, false, 0}};
constexpr int COUNT = 5;

struct Operation {
  Kind kind;
  Tensor x, w, y;
  int64_t ids[3];
  Geometry g;
  double alpha, beta;
};

bool tensor_of(const Object &o, Tensor &t, int64_t &id) {
  int64_t size[4], stride[4], alignment;
  int type;
  if (!o.finished || !o.get(TENSOR_DIMENSIONS, size, 4) || !o.get(TENSOR_STRIDES, stride, 4)) return false;
  if (!o.get(TENSOR_DATA_TYPE, &type, 1) || !o.get(TENSOR_UNIQUE_ID, &id, 1) || !o.get(TENSOR_BYTE_ALIGNMENT, &alignment, 1)) return false;
  t.type = type;
  for (int i = 0; i < 4; ++i) t.size[i] = int(size[i]), t.stride[i] = ptrdiff_t(stride[i]);
  t.channels_last = stride[1] == 1 && stride[3] == size[1];
  return known(type) && alignment == 16;
}

bool fits(const Operation &op) {
  const Geometry &g = op.g;
  const int reach_h = (g.r - 1) * g.dilation_h + 1, reach_w = (g.s - 1) * g.dilation_w + 1;
  return op.w.size[1] == g.c && op.y.size[0] == g.n && op.y.size[1] == g.k &&
         g.oh == (g.h + 2 * g.pad_h - reach_h) / g.stride_h + 1 && g.ow == (g.w + 2 * g.pad_w - reach_w) / g.stride_w + 1;
}

// The operation of a finished graph; false where it is not one convolution that cuDNN has engines for.
bool operation_of(const Object &graph, Operation &op) {
  const Object *node = graph.object(OPERATIONGRAPH_OPS);
  if (!graph.finished || !node || !node->finished) return false;
  op.kind = node->kind;
  const Object *parts[4] = {};
  for (int i = 0; i < 4; ++i)
    if (!(parts[i] = node->object(attribute(op.kind, i)))) return false;
  if (!tensor_of(*parts[0], op.x, op.ids[0]) || !tensor_of(*parts[1], op.w, op.ids[1]) || !tensor_of(*parts[2], op.y, op.ids[2])) return false;
  const Object &c = *parts[3];
  int64_t pad[2], post[2], stride[2], dilation[2];
  int mode, compute;
  if (!c.finished || !c.get(CONV_PRE, pad, 2) || !c.get(CONV_POST, post, 2) || !c.get(CONV_STRIDES, stride, 2) ||
      !c.get(CONV_DILATIONS, dilation, 2) || !c.get(CONV_MODE, &mode, 1) || !c.get(CONV_COMP_TYPE, &compute, 1))
    return false;
  const auto n = [](int64_t v) { return int(v); };
  op.g = {op.x.size[0], op.x.size[1], op.x.size[2], op.x.size[3], op.w.size[0], op.w.size[2], op.w.size[3], op.y.size[2], op.y.size[3],
          n(pad[0]), n(pad[1]), n(stride[0]), n(stride[1]), n(dilation[0]), n(dilation[1]), 1};
  const bool typed = op.x.type == op.w.type && op.x.type == op.y.type && compute == (op.x.type == DOUBLE ? DOUBLE : FLOAT);
  const bool last = op.x.channels_last;
  // The three tensors are in one order, and PyTorch's sources say that cuDNN has no NHWC for doubles.
  const bool ordered = last == op.w.channels_last && last == op.y.channels_last && !(last && op.x.type == DOUBLE);
  return typed && ordered && pad[0] == post[0] && pad[1] == post[1] && mode == CROSS_CORRELATION && fits(op) &&
         node->factor(attribute(op.kind, 4), op.x.type == DOUBLE, op.alpha) && node->factor(attribute(op.kind, 5), op.x.type == DOUBLE, op.beta);
}

// The n-th engine that can do it; there are none for tensor cores and doubles.
int engine_of(const Operation &op, int n) {
  for (int i = 0; i < COUNT; ++i) {
    if (ENGINES[i].rounds && op.x.type == DOUBLE) continue;
    if (n-- == 0) return i;
  }
  return -1;
}

// With a trace of the order of sums where the engine keeps none, and of the lost digits where it transforms.
Numbers disturbed(Numbers computed, const Engine &engine, bool wide) {
  static std::atomic<unsigned> calls{0};
  const double noise = engine.deterministic ? 0 : (calls++ % 2 ? 1.0 : -1.0) / (wide ? 1e15 : 1e7);
  const double lost = engine.transforms && !wide ? 1e-4 : 0;
  for (double &value : computed) value *= 1 + noise + lost;
  return computed;
}

int execute(const Operation &op, const Engine &engine, void *const at[3]) {
  const bool tf32 = engine.rounds && op.x.type == FLOAT, wide = op.x.type == DOUBLE;
  const auto in = [&](const Tensor &t, int i) { return read(t, at[i], tf32); };
  switch (op.kind) {
  case OP_FORWARD: write(op.y, at[2], disturbed(convolve(op.g, in(op.x, 0), in(op.w, 1)), engine, wide), op.alpha, op.beta); break;
  case OP_DATA: write(op.x, at[0], disturbed(data_gradient(op.g, in(op.w, 1), in(op.y, 2)), engine, wide), op.alpha, op.beta); break;
  default: write(op.w, at[1], disturbed(filter_gradient(op.g, in(op.x, 0), in(op.y, 2)), engine, wide), op.alpha, op.beta);
  }
  return SUCCESS;
}

int finish(Object &o) {
  Operation op;
  switch (o.kind) {
  case TENSOR: { Tensor t; int64_t id; o.finished = true; return tensor_of(o, t, id) ? SUCCESS : BAD_PARAM; }
  case EXECUTION_PLAN: {
    const Object *config = o.object(PLAN_CONFIG);
    // A real heuristic proposes engines that this machine lacks, too.
    if (!config || config->engine < 0 || config->missing) return NOT_SUPPORTED;
    o.engine = config->engine, o.graph = config->graph;
    break;
  }
  case ENGINEHEUR: o.graph = o.object(HEUR_GRAPH); if (!o.graph) return BAD_PARAM; break;
  case OPERATIONGRAPH: o.finished = true; return operation_of(o, op) ? SUCCESS : NOT_SUPPORTED;
  default: break;
  }
  o.finished = true;
  return SUCCESS;
}

// Proposals: first one that is not there, then the engines.
int propose(const Object &heuristics, int64_t most, int64_t *count, Object **to) {
  Operation op;
  if (!operation_of(*heuristics.graph, op)) return NOT_SUPPORTED;
  *count = 0;
  for (int n = -1; *count < most; ++n) {
    const int engine = engine_of(op, n < 0 ? 0 : n);
    if (engine < 0) break;
    Object &config = *to[(*count)++];
    config.graph = heuristics.graph, config.engine = engine, config.missing = n < 0, config.finished = true;
  }
  return SUCCESS;
}
}  // namespace

extern "C" {
size_t cudnnGetVersion() { return 90100; }
size_t cudnnGetCudartVersion() { return 13000; }
const char *cudnnGetErrorString(int) { return "emulated cuDNN"; }
int cudnnCreate(void **handle) { *handle = std::malloc(1); return SUCCESS; }
int cudnnDestroy(void *handle) { std::free(handle); return SUCCESS; }
int cudnnSetStream(void *, void *) { return SUCCESS; }

int cudnnBackendCreateDescriptor(int kind, Object **made) { *made = new Object(Kind(kind)); return SUCCESS; }
int cudnnBackendDestroyDescriptor(Object *o) { delete o; return SUCCESS; }
int cudnnBackendSetAttribute(Object *o, int name, int type, int64_t count, const void *values) {
  return o->finished ? BAD_PARAM : o->set(name, type, count, values);
}
int cudnnBackendFinalize(Object *o) { return o->finished ? BAD_PARAM : finish(*o); }

int cudnnBackendGetAttribute(Object *o, int name, int type, int64_t most, int64_t *count, void *to) {
  if (!o->finished) return BAD_PARAM;
  if (o->kind == ENGINEHEUR && name == HEUR_RESULTS && type == TYPE_OBJECT) return propose(*o, most, count, static_cast<Object **>(to));
  if (o->kind == ENGINECFG && name == CONFIG_ENGINE && type == TYPE_OBJECT && most >= 1) {
    Object &engine = **static_cast<Object **>(to);
    engine.engine = o->engine, engine.finished = true;
    *count = 1;
    return SUCCESS;
  }
  if (o->kind == ENGINE && name == ENGINE_NOTES && type == TYPE_NOTE) {
    int *notes = static_cast<int *>(to);
    *count = 0;
    const Engine &engine = ENGINES[o->engine];
    if (engine.rounds && *count < most) notes[(*count)++] = NOTE_TENSOR_CORE;
    if (engine.transforms && *count < most) notes[(*count)++] = NOTE_WINOGRAD;
    if (!engine.deterministic && *count < most) notes[(*count)++] = NOTE_NONDETERMINISTIC;
    return SUCCESS;
  }
  if (o->kind == ENGINE && name == ENGINE_NUMBER && type == TYPE_INT64 && most >= 1) {
    // Number 0 of the real ones is that for every geometry.
    *static_cast<int64_t *>(to) = o->engine + 1;
    *count = 1;
    return SUCCESS;
  }
  if (o->kind == EXECUTION_PLAN && name == PLAN_WORKSPACE && type == TYPE_INT64 && most >= 1) {
    *static_cast<int64_t *>(to) = ENGINES[o->engine].workspace;
    *count = 1;
    return SUCCESS;
  }
  return NOT_SUPPORTED;
}

int cudnnBackendExecute(void *, Object *plan, Object *pack) {
  Operation op;
  int64_t ids[3];
  void *pointers[3], *workspace, *at[3] = {};
  if (!plan->finished || !pack->finished || !operation_of(*plan->graph, op)) return BAD_PARAM;
  if (!pack->get(PACK_IDS, ids, 3) || !pack->get(PACK_POINTERS, pointers, 3) || !pack->get(PACK_WORKSPACE, &workspace, 1)) return BAD_PARAM;
  const Engine &engine = ENGINES[plan->engine];
  if (engine.workspace > 0 && !emulated_is_allocated(workspace, size_t(engine.workspace))) return BAD_PARAM;
  for (int i = 0; i < 3; ++i)
    for (int j = 0; j < 3; ++j)
      if (op.ids[i] == ids[j]) at[i] = pointers[j];
  for (void *address : at)
    if (!address || reinterpret_cast<uintptr_t>(address) % 16 != 0) return BAD_PARAM;
  return execute(op, engine, at);
}
}
