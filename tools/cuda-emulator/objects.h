// The objects of cuDNN's graph interface: a kind, and attributes by number. Numbers are those of cudnn_graph.h.
#pragma once
#include <cstdint>
#include <cstring>
#include <map>
#include <vector>

enum Status { SUCCESS = 0, BAD_PARAM = 2000, NOT_SUPPORTED = 3000 };
enum Kind {
  CONVOLUTION = 1, ENGINE = 2, ENGINECFG = 3, ENGINEHEUR = 4, EXECUTION_PLAN = 5, OP_FORWARD = 10, OP_FILTER = 11, OP_DATA = 12,
  OPERATIONGRAPH = 15, VARIANT_PACK = 16, TENSOR = 17
};
enum Name {
  CONV_COMP_TYPE = 100, CONV_MODE = 101, CONV_DILATIONS = 102, CONV_STRIDES = 103, CONV_POST = 104, CONV_PRE = 105,
  HEUR_GRAPH = 201, HEUR_RESULTS = 202, CONFIG_ENGINE = 300, PLAN_CONFIG = 401, PLAN_WORKSPACE = 402, OPERATIONGRAPH_OPS = 801,
  TENSOR_BYTE_ALIGNMENT = 900, TENSOR_DATA_TYPE = 901, TENSOR_DIMENSIONS = 902, TENSOR_STRIDES = 903, TENSOR_UNIQUE_ID = 906,
  PACK_IDS = 1000, PACK_POINTERS = 1001, PACK_WORKSPACE = 1003, ENGINE_NUMBER = 1301, ENGINE_NOTES = 1303
};
enum Type {
  TYPE_HANDLE = 0, TYPE_DATA_TYPE = 1, TYPE_INT64 = 3, TYPE_FLOAT = 4, TYPE_DOUBLE = 5, TYPE_POINTER = 6, TYPE_MODE = 7,
  TYPE_HEUR_MODE = 8, TYPE_NOTE = 11, TYPE_OBJECT = 15
};
enum Note { NOTE_TENSOR_CORE = 0, NOTE_NONDETERMINISTIC = 4, NOTE_WINOGRAD = 5 };

// The attributes of an operation: x, the filters, y, the convolution, alpha, beta.
inline int attribute(Kind kind, int which) {
  constexpr int FORWARD[6] = {704, 703, 705, 702, 700, 701}, DATA[6] = {710, 709, 711, 708, 706, 707}, FILTER[6] = {716, 715, 717, 714, 712, 713};
  return kind == OP_FORWARD ? FORWARD[which] : kind == OP_DATA ? DATA[which] : kind == OP_FILTER ? FILTER[which] : -1;
}

struct Object {
  struct Attribute { int type; std::vector<unsigned char> bytes; };
  Kind kind;
  bool finished = false;
  std::map<int, Attribute> attributes;
  // Of configurations, engines and plans: which engine, for which graph, and whether it exists on this machine.
  int engine = -1;
  bool missing = false;
  const Object *graph = nullptr;

  explicit Object(Kind kind) : kind(kind) {}

  static size_t size_of(int type) { return type == TYPE_DATA_TYPE || type == TYPE_FLOAT || type == TYPE_MODE || type == TYPE_HEUR_MODE ? 4 : 8; }

  int set(int name, int type, int64_t count, const void *values) {
    const auto *bytes = static_cast<const unsigned char *>(values);
    attributes[name] = {type, {bytes, bytes + size_t(count) * size_of(type)}};
    return SUCCESS;
  }
  // Exactly `count` values of an attribute.
  template <typename T> bool get(int name, T *to, size_t count) const {
    const auto found = attributes.find(name);
    if (found == attributes.end() || found->second.bytes.size() != count * sizeof(T)) return false;
    std::memcpy(to, found->second.bytes.data(), count * sizeof(T));
    return true;
  }
  const Object *object(int name) const {
    const Object *o = nullptr;
    const auto found = attributes.find(name);
    return found != attributes.end() && found->second.type == TYPE_OBJECT && get(name, &o, 1) ? o : nullptr;
  }
  // A factor, which is a double beside tensors of doubles and a float beside all others.
  bool factor(int name, bool wide, double &to) const {
    float narrow;
    const auto found = attributes.find(name);
    if (found == attributes.end() || found->second.type != (wide ? TYPE_DOUBLE : TYPE_FLOAT)) return false;
    if (wide) return get(name, &to, 1);
    if (!get(name, &narrow, 1)) return false;
    to = narrow;
    return true;
  }
};
