// Adds up the time of every kernel and copy that a program runs on an NVIDIA GPU, by name, through CUPTI.
//
// The driver loads this library into any program that is started with CUDA_INJECTION64_PATH=<this library>. When the
// program ends, the sums are written to the file that SCRIBE_KERNEL_TIMES names, or to standard error: a line for each
// name, `microseconds <tab> launches <tab> name`, the largest first, and before them `busy`, the time during which at least
// one kernel or copy ran, `span`, the time from the first to the last, and how many there were. With SCRIBE_KERNEL_TIMES_CALLS=1
// the time that the host spends in the driver's functions follows, in the same form.
#include <cuda.h>
#include <cupti.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cxxabi.h>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace {
constexpr size_t BUFFER = size_t(8) << 20, ALIGNMENT = 8;

struct Record {
  uint64_t start, end;
  std::string name;
};

struct Sum {
  double microseconds = 0;
  uint64_t launches = 0;
};

std::mutex lock;
std::vector<Record> records;
std::map<CUpti_CallbackId, Sum> calls;

void fail(const char *what, CUptiResult result) {
  const char *text = nullptr;
  cuptiGetResultString(result, &text);
  std::fprintf(stderr, "kernel times: %s: %s\n", what, text ? text : "unknown error");
}

std::string readable(const char *name) {
  int status = 0;
  char *plain = abi::__cxa_demangle(name, nullptr, nullptr, &status);
  std::string text = plain && status == 0 ? plain : name;
  std::free(plain);
  return text.substr(0, text.find('('));
}

const char *direction(uint8_t kind) {
  switch (kind) {
  case CUPTI_ACTIVITY_MEMCPY_KIND_HTOD: return "copy from host to device";
  case CUPTI_ACTIVITY_MEMCPY_KIND_DTOH: return "copy from device to host";
  case CUPTI_ACTIVITY_MEMCPY_KIND_DTOD: return "copy on the device";
  default: return "another copy";
  }
}

void keep(CUpti_Activity *activity) {
  switch (activity->kind) {
  case CUPTI_ACTIVITY_KIND_CONCURRENT_KERNEL: {
    const auto *kernel = reinterpret_cast<CUpti_ActivityKernel9 *>(activity);
    records.push_back({kernel->start, kernel->end, readable(kernel->name)});
    break;
  }
  case CUPTI_ACTIVITY_KIND_MEMCPY: {
    const auto *copy = reinterpret_cast<CUpti_ActivityMemcpy5 *>(activity);
    records.push_back({copy->start, copy->end, direction(copy->copyKind)});
    break;
  }
  case CUPTI_ACTIVITY_KIND_MEMSET: {
    const auto *set = reinterpret_cast<CUpti_ActivityMemset4 *>(activity);
    records.push_back({set->start, set->end, "set memory"});
    break;
  }
  case CUPTI_ACTIVITY_KIND_DRIVER: {
    const auto *call = reinterpret_cast<CUpti_ActivityAPI *>(activity);
    calls[call->cbid].microseconds += double(call->end - call->start) / 1e3;
    ++calls[call->cbid].launches;
    break;
  }
  default: break;
  }
}

void CUPTIAPI request(uint8_t **buffer, size_t *size, size_t *most) {
  *buffer = static_cast<uint8_t *>(std::aligned_alloc(ALIGNMENT, BUFFER));
  *size = *buffer ? BUFFER : 0;
  *most = 0;
}

void CUPTIAPI complete(CUcontext, uint32_t, uint8_t *buffer, size_t, size_t valid) {
  std::lock_guard<std::mutex> guard(lock);
  CUpti_Activity *activity = nullptr;
  while (cuptiActivityGetNextRecord(buffer, valid, &activity) == CUPTI_SUCCESS) keep(activity);
  std::free(buffer);
}

using Rows = std::vector<std::pair<std::string, Sum>>;

void write_rows(std::FILE *out, Rows rows) {
  std::sort(rows.begin(), rows.end(), [](auto &a, auto &b) { return a.second.microseconds > b.second.microseconds; });
  for (const auto &[name, sum] : rows)
    std::fprintf(out, "%.1f\t%llu\t%s\n", sum.microseconds, static_cast<unsigned long long>(sum.launches), name.c_str());
}

void write_calls(std::FILE *out) {
  Rows rows;
  for (const auto &[id, sum] : calls) {
    const char *name = nullptr;
    cuptiGetCallbackName(CUPTI_CB_DOMAIN_DRIVER_API, id, &name);
    rows.push_back({name ? name : "unknown", sum});
  }
  write_rows(out, rows);
}

void write(std::FILE *out) {
  std::sort(records.begin(), records.end(), [](const Record &a, const Record &b) { return a.start < b.start; });
  if (records.empty()) {
    std::fprintf(out, "busy\t0\nspan\t0\ncount\t0\n");
    return;
  }
  std::map<std::string, Sum> sums;
  uint64_t busy = 0, until = 0, last = 0;
  for (const Record &r : records) {
    Sum &sum = sums[r.name];
    sum.microseconds += double(r.end - r.start) / 1e3;
    ++sum.launches;
    const uint64_t from = std::max(r.start, until);
    if (r.end > from) busy += r.end - from;
    until = std::max(until, r.end);
    last = std::max(last, r.end);
  }
  std::fprintf(out, "busy\t%.1f\nspan\t%.1f\ncount\t%zu\n", double(busy) / 1e3, double(last - records[0].start) / 1e3, records.size());
  write_rows(out, Rows(sums.begin(), sums.end()));
}

void at_end() {
  cuptiActivityFlushAll(CUPTI_ACTIVITY_FLAG_FLUSH_FORCED);
  std::lock_guard<std::mutex> guard(lock);
  const char *path = std::getenv("SCRIBE_KERNEL_TIMES");
  std::FILE *out = path ? std::fopen(path, "w") : stderr;
  if (!out) {
    std::perror(path);
    return;
  }
  write(out);
  if (!calls.empty()) write_calls(out);
  if (path) std::fclose(out);
}
}  // namespace

// The driver calls it when the program initialises CUDA.
extern "C" __attribute__((visibility("default"))) int InitializeInjection() {
  if (CUptiResult result = cuptiActivityRegisterCallbacks(request, complete); result != CUPTI_SUCCESS) {
    fail("registering", result);
    return 0;
  }
  std::vector<CUpti_ActivityKind> kinds = {CUPTI_ACTIVITY_KIND_CONCURRENT_KERNEL, CUPTI_ACTIVITY_KIND_MEMCPY, CUPTI_ACTIVITY_KIND_MEMSET};
  if (std::getenv("SCRIBE_KERNEL_TIMES_CALLS")) kinds.push_back(CUPTI_ACTIVITY_KIND_DRIVER);
  for (CUpti_ActivityKind kind : kinds)
    if (CUptiResult result = cuptiActivityEnable(kind); result != CUPTI_SUCCESS) fail("enabling", result);
  std::atexit(at_end);
  return 1;
}
