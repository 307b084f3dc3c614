// Running a kernel on the emulated device.
#pragma once
#include "here.h"
#include "kernel.h"

// Runs every block, one after another; shared memory holds NaNs when a block starts. The caller holds the device's lock and has checked the sizes.
void run_grid(const Kernel &kernel, const SharedMemory &shared, void **arguments, dim3 grid, dim3 block, unsigned dynamic_bytes);

// The kernel that runs now, or null.
const Kernel *running_kernel();
