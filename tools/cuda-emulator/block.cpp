// The threads of a block take turns on one processor: each runs until it ends or has to wait for others. A worker is a
// fiber that runs one thread after another, so that a kernel without barriers costs no switch at all.
#include "block.h"
#include "fiber.h"
#include "report.h"
#include <algorithm>
#include <cstring>
#include <memory>
#include <vector>

Here emulated_here;

namespace {
constexpr unsigned char POISON = 0xff;  // repeated, a NaN of every type

enum class State : uint8_t { Unborn, Running, AtBarrier, AtWarp, Ended };

struct Thread {
  State state;
  Fiber *fiber;
  const char *file;
  int line;
  unsigned mask;
};

struct Warp {
  uint64_t values[2][32];
  unsigned arrived, phase, living;  // masks of lanes, and which of the two arrays is written to
};

struct Block {
  const Kernel *kernel = nullptr;
  void **arguments = nullptr;
  unsigned size = 0, next = 0, waiting = 0, ended = 0;
  std::vector<Thread> threads;
  std::vector<Warp> warps;
  std::vector<unsigned> ready;
  std::vector<unsigned> order;
};

Block running;
Fiber scheduler;
std::vector<std::unique_ptr<Fiber>> all_fibers;
std::vector<Fiber *> idle;
Fiber *current = nullptr;

void enter(unsigned thread) {
  const dim3 size = emulated_here.block_size;
  emulated_here.linear = thread;
  emulated_here.thread = {thread % size.x, thread / size.x % size.y, thread / size.x / size.y};
  current->thread = thread;
}

// Lets a warp go on when all lanes that its waiting lanes name have arrived.
void release_warp(unsigned warp) {
  Warp &w = running.warps[warp];
  if (w.arrived == 0) return;
  const unsigned first = warp * 32 + unsigned(__builtin_ctz(w.arrived));
  const unsigned wanted = running.threads[first].mask & w.living;
  if ((w.arrived & wanted) != wanted) return;
  for (unsigned lane = 0; lane < 32; ++lane) {
    if (!(w.arrived >> lane & 1)) continue;
    running.threads[warp * 32 + lane].state = State::Running;
    running.ready.push_back(warp * 32 + lane);
  }
  w.arrived = 0;
  w.phase ^= 1;
}

void release_block() {
  if (running.waiting == 0 || running.waiting != running.size) return;
  for (unsigned thread : running.order) {
    running.threads[thread].state = State::Running;
    running.ready.push_back(thread);
  }
  running.waiting = 0;
}

void worker() {
  while (true) {
    while (running.next < running.size) {
      const unsigned thread = running.order[running.next++];
      running.threads[thread] = {State::Running, current, "", 0, 0};
      enter(thread);
      running.kernel->run(running.arguments);
      running.threads[current->thread].state = State::Ended;
      ++running.ended;
      running.warps[current->thread / 32].living &= ~(1u << current->thread % 32);
      release_warp(current->thread / 32);
    }
    idle.push_back(current);
    switch_fiber(current, &scheduler);
  }
}

void resume(Fiber *fiber) {
  current = fiber;
  switch_fiber(&scheduler, fiber);
}

Fiber *a_worker() {
  if (idle.empty()) {
    all_fibers.push_back(std::make_unique<Fiber>());
    all_fibers.back()->prepare(&worker);
    return all_fibers.back().get();
  }
  Fiber *fiber = idle.back();
  idle.pop_back();
  return fiber;
}

// Waits in the running thread until others have come; `release` may let it go on at once.
void wait(State state, const char *file, int line, unsigned mask) {
  Thread &thread = running.threads[current->thread];
  thread = {state, current, file, line, mask};
  switch_fiber(current, &scheduler);
  enter(current->thread);
}

[[noreturn]] void stuck() {
  Report report("threads wait for others that never come");
  unsigned shown = 0;
  for (unsigned i = 0; i < running.size && shown < 12; ++i) {
    const Thread &thread = running.threads[i];
    const Thread *before = i > 0 ? &running.threads[i - 1] : nullptr;
    if (before && before->state == thread.state && before->line == thread.line) continue;
    const char *what = thread.state == State::AtBarrier ? "waits for the block at"
                       : thread.state == State::AtWarp  ? "waits for its warp at"
                                                        : "has left the kernel";
    report.line("from thread %u on: %s %s:%d", i, what, thread.file, thread.line);
    ++shown;
  }
  report.end();
}

void run_block() {
  running.next = running.waiting = running.ended = 0;
  for (size_t i = 0; i < running.warps.size(); ++i) {
    Warp &warp = running.warps[i];
    const unsigned lanes = std::min(32u, running.size - unsigned(i) * 32);
    warp.arrived = warp.phase = 0;
    warp.living = lanes == 32 ? 0xffffffffu : (1u << lanes) - 1;
    std::memset(warp.values, POISON, sizeof warp.values);
  }
  size_t taken = 0;
  running.ready.clear();
  while (running.ended < running.size) {
    if (running.next < running.size) {
      resume(a_worker());
    } else if (taken < running.ready.size()) {
      resume(running.threads[running.ready[taken++]].fiber);
    } else {
      stuck();
    }
    if (taken == running.ready.size()) {
      running.ready.clear();
      taken = 0;
    }
  }
}
}  // namespace

const Kernel *running_kernel() { return running.kernel; }

void run_grid(const Kernel &kernel, const SharedMemory &shared, void **arguments, dim3 grid, dim3 block, unsigned dynamic_bytes) {
  static std::vector<unsigned char> dynamic;
  running.kernel = &kernel;
  running.arguments = arguments;
  running.size = block.x * block.y * block.z;
  running.threads.assign(running.size, Thread{State::Unborn, nullptr, "", 0, 0});
  running.warps.resize((running.size + 31) / 32);
  running.order.resize(running.size);
  // Threads that need not wait for one another may run in any order; some other order finds a barrier that is missing.
  for (unsigned i = 0; i < running.size; ++i) running.order[i] = backwards() ? running.size - 1 - i : i;
  emulated_here.block_size = block;
  emulated_here.grid_size = grid;
  const uint64_t blocks = uint64_t(grid.x) * grid.y * grid.z;
  for (uint64_t i = 0; i < blocks; ++i) {
    const uint64_t number = backwards() ? blocks - 1 - i : i;
    dynamic.assign(dynamic_bytes + 64, POISON);
    std::memset(shared.start, POISON, size_t(shared.end - shared.start));
    unsigned char *start = dynamic.data() + (16 - reinterpret_cast<uintptr_t>(dynamic.data()) % 16) % 16;
    emulated_here.dynamic = start;
    emulated_here.block = {unsigned(number % grid.x), unsigned(number / grid.x % grid.y),
                           unsigned(number / grid.x / grid.y)};
    run_block();
    for (unsigned char *after = start + dynamic_bytes; after < dynamic.data() + dynamic.size(); ++after)
      if (*after != POISON) emulated_fail("wrote past the end of the block's dynamic shared memory");
  }
  running.kernel = nullptr;
}

void emulated_block_barrier(const char *file, int line) {
  if (running.ended > 0) {
    Report report("a barrier that some threads of the block have passed by: they left the kernel before");
    report.line("the barrier: %s:%d", file, line);
    report.end();
  }
  if (++running.waiting == running.size) {
    for (const Thread &other : running.threads)
      if (other.state == State::AtBarrier && (other.line != line || std::strcmp(other.file, file) != 0)) {
        Report report("threads of one block wait at two different barriers");
        report.line("%s:%d and %s:%d", file, line, other.file, other.line);
        report.end();
      }
    running.threads[current->thread].fiber = current;
    release_block();
  }
  wait(running.waiting == 0 ? State::Running : State::AtBarrier, file, line, 0);
}

const uint64_t *emulated_warp_exchange(unsigned mask, uint64_t value, const char *file, int line) {
  const unsigned thread = current->thread, warp = thread / 32, lane = thread % 32;
  if (!(mask >> lane & 1)) emulated_fail("a lane calls a warp's function with a mask that does not name it");
  Warp &w = running.warps[warp];
  for (unsigned other = 0; other < 32; ++other) {
    if (!(w.arrived >> other & 1)) continue;
    const Thread &there = running.threads[warp * 32 + other];
    if (there.line == line && there.mask == mask && std::strcmp(there.file, file) == 0) break;
    Report report("lanes of one warp wait in two different calls");
    report.line("lane %u at %s:%d, mask %08x", lane, file, line, mask);
    report.line("lane %u at %s:%d, mask %08x", other, there.file, there.line, there.mask);
    report.end();
  }
  const unsigned phase = w.phase;
  w.values[phase][lane] = value;
  w.arrived |= 1u << lane;
  running.threads[thread] = {State::AtWarp, current, file, line, mask};
  release_warp(warp);
  const bool gone_on = w.phase != phase;
  wait(gone_on ? State::Running : State::AtWarp, file, line, mask);
  return w.values[phase];
}
