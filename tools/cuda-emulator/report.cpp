// Messages of the emulated device.
#include "report.h"
#include "block.h"
#include <cstdarg>
#include <cstdio>
#include <cstdlib>

bool backwards() {
  static const bool value = std::getenv("SCRIBE_EMULATOR_BACKWARDS") != nullptr;
  return value;
}

Report::Report(const char *what) {
  std::fprintf(stderr, "\nemulated device: %s\n", what);
  if (const Kernel *kernel = running_kernel()) {
    const Here &h = emulated_here;
    line("kernel %s, block (%u, %u, %u) of (%u, %u, %u), thread (%u, %u, %u) of (%u, %u, %u)", kernel->name, h.block.x,
         h.block.y, h.block.z, h.grid_size.x, h.grid_size.y, h.grid_size.z, h.thread.x, h.thread.y, h.thread.z,
         h.block_size.x, h.block_size.y, h.block_size.z);
  }
}
void Report::line(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  std::fputs("  ", stderr);
  std::vfprintf(stderr, format, arguments);
  std::fputs("\n", stderr);
  va_end(arguments);
}
void Report::end() {
  std::fflush(stderr);
  std::abort();
}
void emulated_fail(const char *message) { Report(message).end(); }
