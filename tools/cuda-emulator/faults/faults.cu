// Kernels that are right, and kernels that are wrong in one way each, to test that the emulator sees it.

// Sum of a block's numbers through shared memory and shuffles; right for whole warps.
extern "C" __global__ void right(const float *x, float *sums) {
  SCRIBE_SHARED float parts[32];
  float value = x[blockIdx.x * blockDim.x + threadIdx.x];
  for (int by = 16; by > 0; by /= 2) value += __shfl_xor_sync(0xffffffffu, value, by);
  if (threadIdx.x % 32 == 0) parts[threadIdx.x / 32] = value;
  __syncthreads();
  float sum = 0;
  for (unsigned i = 0; i < blockDim.x / 32; ++i) sum += parts[i];
  if (threadIdx.x == 0) sums[blockIdx.x] = sum;
}

// Half of the block passes a barrier by.
extern "C" __global__ void left_before_barrier(const float *x, float *sums) {
  if (threadIdx.x >= blockDim.x / 2) return;
  __syncthreads();
  sums[threadIdx.x] = x[threadIdx.x];
}

// Two barriers for two halves of a block.
extern "C" __global__ void two_barriers(const float *x, float *sums) {
  if (threadIdx.x < blockDim.x / 2)
    __syncthreads();
  else
    __syncthreads();
  sums[threadIdx.x] = x[threadIdx.x];
}

// Half of a warp waits for the other half, which waits for the block.
extern "C" __global__ void divergent_shuffle(const float *x, float *sums) {
  float value = x[threadIdx.x];
  if (threadIdx.x % 32 < 16) value = __shfl_sync(0xffffffffu, value, 0);
  __syncthreads();
  sums[threadIdx.x] = value;
}

extern "C" __global__ void reads_past_the_end(const float *x, float *sums) {
  sums[threadIdx.x] = x[blockDim.x * gridDim.x + threadIdx.x];
}

extern "C" __global__ void writes_past_the_end(const float *x, float *sums) {
  sums[threadIdx.x == 40 ? 100000 : 0] = x[0];
}

// The neighbour's number is there only if the neighbour ran before: a barrier is missing.
extern "C" __global__ void no_barrier(const float *x, float *sums) {
  SCRIBE_SHARED float shared[1024];
  shared[threadIdx.x] = -1;
  __syncthreads();
  shared[threadIdx.x] = x[threadIdx.x];
  if (threadIdx.x == blockDim.x - 1) sums[blockIdx.x] = shared[0] + shared[threadIdx.x];
}

// Reads shared memory that the block has not written; an earlier block may have.
extern "C" __global__ void unwritten_shared(const float *x, float *sums) {
  SCRIBE_SHARED float kept[1024];
  const float before = kept[threadIdx.x];
  kept[threadIdx.x] = x[threadIdx.x];
  if (threadIdx.x == 0) sums[blockIdx.x] = before;
}
