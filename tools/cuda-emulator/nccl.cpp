// NCCL's collectives (libnccl.so.2) between processes of one machine, through files in /dev/shm: each rank lays its
// numbers down, waits for all, and combines them in the order of the ranks. One communicator for each thread.
#include "here.h"
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <fcntl.h>
#include <functional>
#include <string>
#include <sys/mman.h>
#include <unistd.h>
#include <utility>
#include <type_traits>
#include <cmath>
#include <vector>
#include "vectors.h"
#include "narrow.h"

extern "C" int emulated_is_allocated(const void *address, size_t bytes);

namespace {
constexpr int SUCCESS = 0, SYSTEM_ERROR = 2, INVALID_ARGUMENT = 4;
constexpr int PATIENCE_S = 60;
struct UniqueId { char text[128]; };

// What the ranks share beside their numbers; a fresh file holds zeros.
struct Meeting { std::atomic<unsigned> arrived, round; };

struct Communicator {
  std::string path;
  int ranks, rank, device;
  Meeting *meeting;

  std::string of(int r) const { return path + "." + std::to_string(r); }
  bool meet() {
    const unsigned round = meeting->round;
    if (meeting->arrived.fetch_add(1) + 1 == unsigned(ranks)) {
      meeting->arrived = 0;
      ++meeting->round;
      return true;
    }
    const std::time_t start = std::time(nullptr);
    while (meeting->round == round) {
      if (std::time(nullptr) - start > PATIENCE_S) {
        std::fprintf(stderr, "emulated device: a rank waited %d s for the others in vain\n", PATIENCE_S);
        return false;
      }
      usleep(50);
    }
    return true;
  }
};

void *map(const std::string &path, size_t bytes, bool create) {
  const int file = open(path.c_str(), create ? O_RDWR | O_CREAT : O_RDWR, 0600);
  if (file < 0) return nullptr;
  if (create && ftruncate(file, off_t(bytes)) != 0) return nullptr;
  void *memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  close(file);
  return memory == MAP_FAILED ? nullptr : memory;
}

size_t width(int type) {
  static const size_t widths[] = {1, 1, 4, 4, 8, 8, 2, 4, 8, 2};
  return type >= 0 && type < 10 ? widths[type] : 0;
}

template <typename T> T combined(T a, T b, int op) {
  return op == 2 ? (b > a ? b : a) : op == 3 ? (b < a ? b : a) : op == 1 ? T(a * b) : T(a + b);
}
template <typename T> void combine(void *into, const void *from, size_t count, int op) {
  T *a = static_cast<T *>(into);
  const T *b = static_cast<const T *>(from);
  for (size_t i = 0; i < count; ++i) a[i] = combined(a[i], b[i], op);
}
template <typename T> void divide(void *numbers, size_t count, int by) {
  for (size_t i = 0; i < count; ++i) static_cast<T *>(numbers)[i] = T(static_cast<T *>(numbers)[i] / T(by));
}
bool combine_as(int type, void *into, const void *from, size_t count, int op) {
  switch (type) {
  case 2: combine<int32_t>(into, from, count, op); return true;
  case 3: combine<uint32_t>(into, from, count, op); return true;
  case 4: combine<int64_t>(into, from, count, op); return true;
  case 5: combine<uint64_t>(into, from, count, op); return true;
  case 7: combine<float>(into, from, count, op); return true;
  case 8: combine<double>(into, from, count, op); return true;
  case 9: combine<__nv_bfloat16>(into, from, count, op); return true;
  default: return false;
  }
}

// Runs a collective: `own` bytes are laid down by each rank, then `take(numbers of each rank)` is called.
template <typename F> int collective(Communicator *c, const void *own, size_t bytes, F take) {
  if (bytes == 0) return SUCCESS;
  if (!emulated_is_allocated(own, bytes)) emulated_fail("NCCL is given numbers that do not lie in one allocation");
  void *laid = map(c->of(c->rank), bytes, true);
  if (!laid) return SYSTEM_ERROR;
  std::memcpy(laid, own, bytes);
  if (!c->meet()) return SYSTEM_ERROR;
  std::vector<void *> all;
  for (int r = 0; r < c->ranks; ++r) all.push_back(map(c->of(r), bytes, false));
  int result = SUCCESS;
  for (void *one : all) result = one ? result : SYSTEM_ERROR;
  if (result == SUCCESS) take(all);
  const bool met = c->meet();
  for (void *one : all)
    if (one) munmap(one, bytes);
  munmap(laid, bytes);
  return met ? result : SYSTEM_ERROR;
}

thread_local int depth = 0;
thread_local std::vector<std::function<int()>> waiting;
// Inside of a group, calls wait for its end.
int now_or_later(std::function<int()> call) {
  if (depth == 0) return call();
  waiting.push_back(std::move(call));
  return SUCCESS;
}
}  // namespace

extern "C" {
int ncclGetVersion(int *version) { *version = 23000; return SUCCESS; }
const char *ncclGetErrorString(int) { return "emulated NCCL"; }
const char *ncclGetLastError(Communicator *) { return "emulated NCCL"; }
int ncclGetUniqueId(UniqueId *id) {
  static std::atomic<unsigned> counter{0};
  std::memset(id, 0, sizeof *id);
  std::snprintf(id->text, sizeof id->text, "/dev/shm/scribe-nccl-%d-%ld-%u", int(getpid()), long(std::time(nullptr)), counter++);
  return SUCCESS;
}
int ncclCommInitRank(Communicator **communicator, int ranks, UniqueId id, int rank) {
  if (rank < 0 || rank >= ranks) return INVALID_ARGUMENT;
  auto *meeting = static_cast<Meeting *>(map(id.text, sizeof(Meeting), true));
  if (!meeting) return SYSTEM_ERROR;
  *communicator = new Communicator{id.text, ranks, rank, 0, meeting};
  return (*communicator)->meet() ? SUCCESS : SYSTEM_ERROR;
}
int ncclCommDestroy(Communicator *c) {
  unlink(c->of(c->rank).c_str());
  unlink(c->path.c_str());
  munmap(c->meeting, sizeof(Meeting));
  delete c;
  return SUCCESS;
}
int ncclCommFinalize(Communicator *) { return SUCCESS; }
int ncclCommAbort(Communicator *c) { return ncclCommDestroy(c); }
int ncclCommGetAsyncError(Communicator *, int *error) { *error = SUCCESS; return SUCCESS; }
int ncclCommCount(Communicator *c, int *count) { *count = c->ranks; return SUCCESS; }
int ncclCommUserRank(Communicator *c, int *rank) { *rank = c->rank; return SUCCESS; }
int ncclCommCuDevice(Communicator *c, int *device) { *device = c->device; return SUCCESS; }

int ncclGroupStart() { ++depth; return SUCCESS; }
int ncclGroupEnd() {
  if (--depth > 0) return SUCCESS;
  auto calls = std::move(waiting);
  waiting.clear();
  for (auto &call : calls)
    if (const int error = call()) return error;
  return SUCCESS;
}

int ncclAllReduce(const void *from, void *to, size_t count, int type, int op, Communicator *c, void *) {
  return now_or_later([=] {
    const size_t bytes = count * width(type);
    bool known = true;
    const int error = collective(c, from, bytes, [&](const std::vector<void *> &all) {
      std::memcpy(to, all[0], bytes);
      for (int r = 1; r < c->ranks; ++r) known = combine_as(type, to, all[r], count, op) && known;
      if (op == 4 && type == 7) divide<float>(to, count, c->ranks);
      if (op == 4 && type == 8) divide<double>(to, count, c->ranks);
      known = known && (op != 4 || type == 7 || type == 8);
    });
    return error ? error : known ? SUCCESS : INVALID_ARGUMENT;
  });
}
int ncclBroadcast(const void *from, void *to, size_t count, int type, int root, Communicator *c, void *) {
  return now_or_later([=] {
    const size_t bytes = count * width(type);
    const void *own = c->rank == root ? from : to;
    return collective(c, own, bytes, [&](const std::vector<void *> &all) { std::memcpy(to, all[root], bytes); });
  });
}
int ncclAllGather(const void *from, void *to, size_t count, int type, Communicator *c, void *) {
  return now_or_later([=] {
    const size_t bytes = count * width(type);
    return collective(c, from, bytes, [&](const std::vector<void *> &all) {
      for (int r = 0; r < c->ranks; ++r) std::memcpy(static_cast<char *>(to) + r * bytes, all[r], bytes);
    });
  });
}
}
