// Tensors of cuDNN's descriptors, read into and written from plain arrays of numbers.
#pragma once
#include "convolution.h"
#include <cstddef>

constexpr int FLOAT = 0, DOUBLE = 1, HALF = 2, BFLOAT16 = 9;

struct Tensor {
  int type;
  int size[4];           // images, channels, rows, columns; of filters: filters, channels, rows, columns
  ptrdiff_t stride[4];   // in elements
  bool channels_last;    // whether a pixel's channels follow each other
};

bool known(int type);
// The elements in the order of NCHW; `tf32` keeps ten bits of the fraction.
Numbers read(const Tensor &t, const void *from, bool tf32);
// to = alpha * numbers + beta * to; with beta 0, `to` is not read.
void write(const Tensor &t, void *to, const Numbers &numbers, double alpha, double beta);
