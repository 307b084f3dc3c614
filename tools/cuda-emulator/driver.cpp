// The driver's functions (libcuda.so.1) that cudarc and candle call. All work is done at once, in the caller's thread, so
// that streams and events have nothing to wait for. Every other function of the driver ends the program with its name
// (missing.c, made from cudarc's declarations).
#include "block.h"
#include "memory.h"
#include "modules.h"
#include "report.h"
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <mutex>

namespace {
enum Result { SUCCESS = 0, INVALID_VALUE = 1, OUT_OF_MEMORY = 2, INVALID_DEVICE = 101, NOT_FOUND = 500 };
constexpr size_t MEMORY = size_t(8) << 30;
constexpr int SHARED = 48 << 10, SHARED_BY_REQUEST = 64 << 10;  // of sm_75, the least that the kernels are built for

struct Context { int device; };
struct Function { const Kernel *kernel; const SharedMemory *shared; int dynamic_limit; };
struct Event { std::chrono::steady_clock::time_point time; };

std::mutex device_lock;
Context contexts[8] = {{0}, {1}, {2}, {3}, {4}, {5}, {6}, {7}};
thread_local Context *bound = nullptr;

int device_count() {
  const char *asked = std::getenv("SCRIBE_EMULATED_DEVICES");
  const int count = asked ? std::atoi(asked) : 1;
  return count < 1 ? 1 : count > 8 ? 8 : count;
}

Result copy(void *to, const void *from, size_t bytes, bool to_device, bool from_device) {
  if (bytes == 0) return SUCCESS;
  std::lock_guard<std::mutex> guard(device_lock);
  for (auto [address, on_device] : {std::pair<const void *, bool>(to, to_device), {from, from_device}}) {
    if (!on_device || is_allocated(address, bytes)) continue;
    Report report("a copy of bytes that do not lie in one allocation of the device");
    report.line("%zu bytes at %p", bytes, address);
    report.end();
  }
  std::memmove(to, from, bytes);
  return SUCCESS;
}

Result reserve(void **address, size_t bytes) {
  std::lock_guard<std::mutex> guard(device_lock);
  if (bytes_in_use() + bytes > MEMORY) return OUT_OF_MEMORY;
  *address = allocate(bytes);
  return *address ? SUCCESS : OUT_OF_MEMORY;
}

Result give_back(void *address) {
  if (!address) return SUCCESS;
  std::lock_guard<std::mutex> guard(device_lock);
  release(address);
  return SUCCESS;
}

Result fill(void *address, unsigned char byte, size_t count) {
  if (count == 0) return SUCCESS;
  std::lock_guard<std::mutex> guard(device_lock);
  if (!is_allocated(address, count)) emulated_fail("bytes are set that do not lie in one allocation");
  std::memset(address, byte, count);
  return SUCCESS;
}

Result synchronize() {
  std::lock_guard<std::mutex> guard(device_lock);
  check_fences();
  return SUCCESS;
}

// What a real driver refuses to launch.
bool can_launch(const Function &f, dim3 grid, dim3 block, unsigned dynamic_bytes) {
  const bool grid_fits = grid.x >= 1 && grid.y >= 1 && grid.z >= 1 && grid.x <= 0x7fffffffu && grid.y <= 65535 && grid.z <= 65535;
  const bool block_fits = block.x >= 1 && block.y >= 1 && block.z >= 1 && block.z <= 64 &&
                          uint64_t(block.x) * block.y * block.z <= 1024;
  if (grid_fits && block_fits && int(dynamic_bytes) <= f.dynamic_limit) return true;
  std::fprintf(stderr, "emulated device: %s cannot be launched with grid (%u, %u, %u), block (%u, %u, %u), %u bytes (at most %d)\n",
               f.kernel->name, grid.x, grid.y, grid.z, block.x, block.y, block.z, dynamic_bytes, f.dynamic_limit);
  return false;
}

void check_arguments(const Kernel &kernel, void **arguments) {
  for (size_t i = 0; i < kernel.arity; ++i) {
    // A u32 where the kernel takes 64 bits shows at every other address.
    if (reinterpret_cast<uintptr_t>(arguments[i]) % kernel.alignment[i] != 0) {
      Report report("a kernel is given a smaller type than it takes");
      report.line("kernel %s, argument %zu", kernel.name, i);
      report.end();
    }
    if (!kernel.pointers[i]) continue;
    void *pointer = *static_cast<void **>(arguments[i]);
    if (!pointer || is_allocated(pointer, 0)) continue;
    Report report("a kernel is given a pointer that is not of the device");
    report.line("kernel %s, argument %zu: %p", kernel.name, i, pointer);
    report.end();
  }
}
}  // namespace

extern "C" {
int cuInit(unsigned) { return SUCCESS; }
int cuDriverGetVersion(int *version) { *version = 13000; return SUCCESS; }
int cuGetErrorName(int code, const char **text) {
  *text = code == OUT_OF_MEMORY ? "OUT_OF_MEMORY" : code == NOT_FOUND ? "NOT_FOUND" : code == INVALID_DEVICE ? "INVALID_DEVICE" : "INVALID_VALUE";
  return SUCCESS;
}
int cuGetErrorString(int code, const char **text) { return cuGetErrorName(code, text); }
int cuDeviceGet(int *device, int ordinal) {
  *device = ordinal;
  return ordinal >= 0 && ordinal < device_count() ? SUCCESS : INVALID_DEVICE;
}
int cuDeviceGetCount(int *count) { *count = device_count(); return SUCCESS; }
int cuDeviceGetName(char *name, int length, int) { std::snprintf(name, size_t(length), "emulated device (no GPU)"); return SUCCESS; }
int cuDeviceTotalMem_v2(size_t *bytes, int) { *bytes = MEMORY; return SUCCESS; }
int cuDeviceGetUuid_v2(unsigned char *uuid, int device) { std::memset(uuid, 0, 16); uuid[15] = (unsigned char)device; return SUCCESS; }
int cuDeviceGetAttribute(int *value, int attribute, int) {
  switch (attribute) {
  case 1: case 2: case 3: *value = 1024; break;      // threads of a block
  case 4: *value = 64; break;
  case 5: *value = 0x7fffffff; break;                // blocks of a grid
  case 6: case 7: *value = 65535; break;
  case 8: *value = SHARED; break;
  case 10: *value = 32; break;                       // lanes of a warp
  case 12: case 82: *value = 65536; break;           // registers
  case 16: *value = 4; break;                        // multiprocessors
  case 39: *value = 2048; break;                     // threads of a multiprocessor
  case 41: case 115: *value = 1; break;              // one address space; memory pools
  case 75: *value = 8; break;                        // compute capability 8.0
  case 76: *value = 0; break;
  case 81: case 97: *value = SHARED_BY_REQUEST; break;
  case 106: *value = 16; break;                      // blocks of a multiprocessor
  default: *value = 0;
  }
  return SUCCESS;
}
int cuDevicePrimaryCtxRetain(Context **context, int device) { *context = &contexts[device]; return SUCCESS; }
int cuDevicePrimaryCtxRelease_v2(int) { return SUCCESS; }
int cuCtxSetCurrent(Context *context) { bound = context; return SUCCESS; }
int cuCtxGetCurrent(Context **context) { *context = bound; return SUCCESS; }
int cuCtxGetDevice(int *device) { *device = bound ? bound->device : 0; return SUCCESS; }
int cuCtxSynchronize() { return synchronize(); }
int cuMemGetInfo_v2(size_t *unused, size_t *total) { *total = MEMORY; *unused = MEMORY - bytes_in_use(); return SUCCESS; }

int cuStreamCreate(void **stream, unsigned) { *stream = std::malloc(1); return SUCCESS; }
int cuStreamCreateWithPriority(void **stream, unsigned flags, int) { return cuStreamCreate(stream, flags); }
int cuStreamDestroy_v2(void *stream) { std::free(stream); return SUCCESS; }
int cuStreamSynchronize(void *) { return synchronize(); }
int cuStreamWaitEvent(void *, Event *, unsigned) { return SUCCESS; }
int cuStreamQuery(void *) { return SUCCESS; }
int cuStreamIsCapturing(void *, int *status) { *status = 0; return SUCCESS; }
int cuLaunchHostFunc(void *, void (*function)(void *), void *data) { function(data); return SUCCESS; }
int cuEventCreate(Event **event, unsigned) { *event = new Event{}; return SUCCESS; }
int cuEventDestroy_v2(Event *event) { delete event; return SUCCESS; }
int cuEventRecord(Event *event, void *) { event->time = std::chrono::steady_clock::now(); return SUCCESS; }
int cuEventQuery(Event *) { return SUCCESS; }
int cuEventSynchronize(Event *) { return synchronize(); }
int cuEventElapsedTime_v2(float *ms, Event *start, Event *end) {
  *ms = std::chrono::duration<float, std::milli>(end->time - start->time).count();
  return SUCCESS;
}
int cuEventElapsedTime(float *ms, Event *start, Event *end) { return cuEventElapsedTime_v2(ms, start, end); }

int cuMemAlloc_v2(void **address, size_t bytes) { return bytes == 0 ? INVALID_VALUE : reserve(address, bytes); }
// The one pool has no memory of its own; what is freed is gone at once.
int cuDeviceGetDefaultMemPool(void **pool, int) { *pool = &contexts[0]; return SUCCESS; }
int cuMemPoolSetAttribute(void *, int, void *) { return SUCCESS; }
int cuMemAllocAsync(void **address, size_t bytes, void *) { return reserve(address, bytes); }
int cuMemFree_v2(void *address) { return give_back(address); }
int cuMemFreeAsync(void *address, void *) { return give_back(address); }
int cuMemHostAlloc(void **address, size_t bytes, unsigned) { *address = std::aligned_alloc(64, (bytes + 63) / 64 * 64); return SUCCESS; }
int cuMemFreeHost(void *address) { std::free(address); return SUCCESS; }
int cuMemcpyHtoD_v2(void *to, const void *from, size_t bytes) { return copy(to, from, bytes, true, false); }
int cuMemcpyDtoH_v2(void *to, const void *from, size_t bytes) { return copy(to, from, bytes, false, true); }
int cuMemcpyDtoD_v2(void *to, const void *from, size_t bytes) { return copy(to, from, bytes, true, true); }
int cuMemcpyHtoDAsync_v2(void *to, const void *from, size_t bytes, void *) { return copy(to, from, bytes, true, false); }
int cuMemcpyDtoHAsync_v2(void *to, const void *from, size_t bytes, void *) { return copy(to, from, bytes, false, true); }
int cuMemcpyDtoDAsync_v2(void *to, const void *from, size_t bytes, void *) { return copy(to, from, bytes, true, true); }
int cuMemcpyPeerAsync(void *to, Context *, const void *from, Context *, size_t bytes, void *) { return copy(to, from, bytes, true, true); }
int cuMemsetD8_v2(void *address, unsigned char byte, size_t count) { return fill(address, byte, count); }
int cuMemsetD8Async(void *address, unsigned char byte, size_t count, void *) { return fill(address, byte, count); }

int cuModuleLoadData(Module **module, const void *image) { *module = load_module(static_cast<const char *>(image)); return SUCCESS; }
int cuModuleUnload(Module *) { return SUCCESS; }
int cuModuleGetFunction(Function **function, Module *module, const char *name) {
  const Kernel *kernel = find_kernel(module, name);
  if (!kernel) {
    std::fprintf(stderr, "emulated device: no kernel %s in %s\n", name, module->name);
    return NOT_FOUND;
  }
  *function = new Function{kernel, &module->shared, SHARED};
  return SUCCESS;
}
int cuFuncSetAttribute(Function *function, int attribute, int value) {
  if (attribute != 8) return SUCCESS;  // only dynamic shared memory has a meaning here
  if (value > SHARED_BY_REQUEST) return INVALID_VALUE;
  function->dynamic_limit = value;
  return SUCCESS;
}
int cuFuncGetAttribute(int *value, int attribute, Function *function) {
  *value = attribute == 0 ? 1024 : attribute == 4 ? 32 : attribute == 8 ? function->dynamic_limit : 0;
  return SUCCESS;
}
int cuFuncSetCacheConfig(Function *, int) { return SUCCESS; }
int cuOccupancyMaxActiveBlocksPerMultiprocessor(int *blocks, Function *, int, size_t) { *blocks = 2; return SUCCESS; }

int cuLaunchKernel(Function *function, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by, unsigned bz,
                   unsigned dynamic_bytes, void *, void **arguments, void **) {
  const dim3 grid(gx, gy, gz), block(bx, by, bz);
  if (!can_launch(*function, grid, block, dynamic_bytes)) return INVALID_VALUE;
  static const bool log = std::getenv("SCRIBE_EMULATOR_LOG") != nullptr;
  if (log) std::fprintf(stderr, "emulated device: %s grid (%u, %u, %u) block (%u, %u, %u)\n", function->kernel->name, gx, gy, gz, bx, by, bz);
  std::lock_guard<std::mutex> guard(device_lock);
  watch_this_thread();
  check_arguments(*function->kernel, arguments);
  run_grid(*function->kernel, *function->shared, arguments, grid, block, dynamic_bytes);
  return SUCCESS;
}
}

// For the stand-in of cuDNN.
extern "C" int emulated_is_allocated(const void *address, size_t bytes) {
  std::lock_guard<std::mutex> guard(device_lock);
  return is_allocated(address, bytes);
}
