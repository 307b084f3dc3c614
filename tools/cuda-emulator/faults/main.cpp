// Launches one kernel of faults.cu: `main KERNEL [host]`, four blocks of 64 threads over the numbers 0, 1, 2, ..., and
// prints the four sums. With `host` the kernel is given a pointer that is not of the device.
#include <cstdio>
#include <cstring>

extern "C" {
int cuInit(unsigned);
int cuMemAlloc_v2(void **, size_t);
int cuMemFree_v2(void *);
int cuMemcpyHtoD_v2(void *, const void *, size_t);
int cuMemcpyDtoH_v2(void *, const void *, size_t);
int cuModuleLoadData(void **, const void *);
int cuModuleGetFunction(void **, void *, const char *);
int cuLaunchKernel(void *, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned, void *, void **, void **);
}

int main(int count, char **words) {
  constexpr int BLOCKS = 4, THREADS = 64;
  float numbers[BLOCKS * THREADS], sums[THREADS] = {};
  for (int i = 0; i < BLOCKS * THREADS; ++i) numbers[i] = float(i);
  void *module, *kernel, *x, *y;
  cuInit(0);
  cuModuleLoadData(&module, "EMULATED faults");
  if (count < 2 || cuModuleGetFunction(&kernel, module, words[1])) return 2;
  cuMemAlloc_v2(&x, sizeof numbers);
  cuMemAlloc_v2(&y, sizeof sums);
  cuMemcpyHtoD_v2(x, numbers, sizeof numbers);
  void *host = numbers;
  void *arguments[] = {count > 2 ? &host : &x, &y};
  if (cuLaunchKernel(kernel, BLOCKS, 1, 1, THREADS, 1, 1, 0, nullptr, arguments, nullptr)) return 3;
  cuMemcpyDtoH_v2(sums, y, sizeof sums);
  cuMemFree_v2(x);
  cuMemFree_v2(y);
  for (int i = 0; i < BLOCKS; ++i) std::printf("%g ", sums[i]);
  return 0;
}
