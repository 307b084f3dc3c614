// How the emulated device complains: on standard error, with the kernel, the block and the thread, then it aborts.
#pragma once

// Whether threads and blocks run in the opposite order (SCRIBE_EMULATOR_BACKWARDS=1).
bool backwards();

class Report {
 public:
  explicit Report(const char *what);
  void line(const char *format, ...) __attribute__((format(printf, 2, 3)));
  [[noreturn]] void end();
};
