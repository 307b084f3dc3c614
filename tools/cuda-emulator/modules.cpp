// Finds what g++ made of a kernel file: `kernels/NAME.so` beside the folder of this library.
#include "modules.h"
#include "report.h"
#include <cstdio>
#include <cstring>
#include <dlfcn.h>
#include <string>

static std::string kernels_folder() {
  Dl_info info = {};
  dladdr(reinterpret_cast<void *>(&load_module), &info);
  std::string path = info.dli_fname;
  path = path.substr(0, path.rfind('/'));
  return path + "/../kernels/";
}

Module *load_module(const char *image) {
  Module *module = new Module{};
  if (std::sscanf(image, "EMULATED %127s", module->name) != 1) {
    Report report("the program was compiled by a real nvcc; build it with `cargo xtask gpu emulate`");
    report.end();
  }
  const std::string path = kernels_folder() + module->name + ".so";
  module->library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!module->library) {
    Report report("a file of kernels is not emulated");
    report.line("%s: %s", module->name, dlerror());
    report.end();
  }
  const auto *shared = static_cast<const SharedMemory *>(dlsym(module->library, "emulated_shared"));
  if (shared && std::strncmp(module->name, "candle-", 7) != 0) module->shared = *shared;
  return module;
}

const Kernel *find_kernel(Module *module, const char *name) {
  const std::string symbol = std::string("emulated_kernel_") + name;
  return static_cast<const Kernel *>(dlsym(module->library, symbol.c_str()));
}
