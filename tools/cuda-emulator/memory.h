// The emulated device's memory: host memory, each allocation fenced by closed pages.
#pragma once
#include <cstddef>

void *allocate(size_t bytes);
// Fails where `address` was never given out, or where the few bytes behind the allocation were written to.
void release(void *address);
// Whether all of these bytes lie in one allocation.
bool is_allocated(const void *address, size_t bytes);
void check_fences();
size_t bytes_in_use();
// Makes a wrong access in a kernel say where it happened, on the calling thread.
void watch_this_thread();
