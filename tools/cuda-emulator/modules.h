// Kernels by file and name.
#pragma once
#include "kernel.h"

struct Module {
  char name[128];
  void *library;
  SharedMemory shared;  // empty for candle's files, whose arrays of all types together are large
};
// The file of kernels that an image of the stand-in nvcc names.
Module *load_module(const char *image);
// Null where the file has no such kernel.
const Kernel *find_kernel(Module *module, const char *name);
