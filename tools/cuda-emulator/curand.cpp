// What candle asks of cuRAND when it opens a device. Random numbers are drawn on the CPU, from a seed.
#include <cstdlib>

extern "C" {
int curandCreateGenerator(void **generator, int) { *generator = std::malloc(1); return 0; }
int curandDestroyGenerator(void *generator) { std::free(generator); return 0; }
int curandSetStream(void *, void *) { return 0; }
int curandSetPseudoRandomGeneratorSeed(void *, unsigned long long) { return 0; }
}
