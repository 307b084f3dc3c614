// Each allocation ends where a closed page begins, so that a kernel that reads or writes past the end stops there. Fresh
// memory holds NaNs of every type, so that what was never written shows in the results.
#include "memory.h"
#include "report.h"
#include <csignal>
#include <cstdint>
#include <cstring>
#include <map>
#include <sys/mman.h>

namespace {
constexpr size_t PAGE = 4096, ALIGNMENT = 16;
constexpr uint16_t POISON = 0x7ffb;  // a NaN as bfloat16, doubled as f32, four times as f64
constexpr unsigned char FENCE = 0xa5;

struct Allocation {
  size_t bytes;
  char *base;
  size_t mapped;
};
std::map<uintptr_t, Allocation> live;
size_t in_use = 0;

size_t up(size_t bytes, size_t to) { return (bytes + to - 1) / to * to; }

const std::pair<const uintptr_t, Allocation> *around(uintptr_t address) {
  auto after = live.upper_bound(address);
  if (after == live.begin()) return nullptr;
  return &*--after;
}

void check_fence(uintptr_t start, const Allocation &a) {
  const auto *fence = reinterpret_cast<const unsigned char *>(start + a.bytes);
  const auto *end = reinterpret_cast<const unsigned char *>(a.base + a.mapped - PAGE);
  for (; fence < end; ++fence) {
    if (*fence == FENCE) continue;
    Report report("something wrote behind an allocation");
    report.line("byte %zu of an allocation of %zu bytes", size_t(uintptr_t(fence) - start), a.bytes);
    report.end();
  }
}

void on_fault(int signal, siginfo_t *info, void *) {
  const auto address = reinterpret_cast<uintptr_t>(info->si_addr);
  Report report(signal == SIGFPE ? "a division by zero" : "memory was accessed that is not allocated");
  report.line("address %p", info->si_addr);
  if (const auto *near = around(address))
    report.line("%lld bytes past the start of the allocation before it, which has %zu bytes",
                static_cast<long long>(address - near->first), near->second.bytes);
  report.end();
}
}  // namespace

void *allocate(size_t bytes) {
  const size_t body = up(up(bytes, ALIGNMENT), PAGE), mapped = body + 2 * PAGE;
  void *base = mmap(nullptr, mapped, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (base == MAP_FAILED) return nullptr;
  char *first = static_cast<char *>(base) + PAGE;
  if (mprotect(first, body, PROT_READ | PROT_WRITE) != 0) {
    munmap(base, mapped);
    return nullptr;
  }
  char *start = first + body - up(bytes, ALIGNMENT);
  for (size_t i = 0; i + 1 < bytes; i += 2) std::memcpy(start + i, &POISON, 2);
  if (bytes % 2) start[bytes - 1] = char(POISON & 0xff);
  std::memset(start + bytes, FENCE, size_t(first + body - (start + bytes)));
  live[reinterpret_cast<uintptr_t>(start)] = {bytes, static_cast<char *>(base), mapped};
  in_use += bytes;
  return start;
}

void release(void *address) {
  auto found = live.find(reinterpret_cast<uintptr_t>(address));
  if (found == live.end()) {
    Report report("memory is freed that is not allocated");
    report.line("address %p", address);
    report.end();
  }
  check_fence(found->first, found->second);
  in_use -= found->second.bytes;
  munmap(found->second.base, found->second.mapped);
  live.erase(found);
}

bool is_allocated(const void *address, size_t bytes) {
  const auto at = reinterpret_cast<uintptr_t>(address);
  const auto *near = around(at);
  return near && at + bytes <= near->first + near->second.bytes;
}

void check_fences() {
  for (const auto &[start, allocation] : live) check_fence(start, allocation);
}

size_t bytes_in_use() { return in_use; }

void watch_this_thread() {
  thread_local bool watched = false;
  if (watched) return;
  watched = true;
  // A stack of its own: the fault may be that a thread's stack is full.
  static constexpr size_t BYTES = 64 << 10;
  stack_t stack = {};
  stack.ss_sp = mmap(nullptr, BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  stack.ss_size = BYTES;
  sigaltstack(&stack, nullptr);
  struct sigaction action = {};
  action.sa_sigaction = on_fault;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  for (int signal : {SIGSEGV, SIGBUS, SIGFPE}) sigaction(signal, &action, nullptr);
}
