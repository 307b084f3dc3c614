// Convolutions as loops, on numbers that were brought into one order and type.
#pragma once
#include <vector>

// One image's rows follow each other; channels and images too (NCHW, filters KCRS).
struct Geometry {
  int n, c, h, w;          // input
  int k, r, s;             // filters and their size; each sees c / groups channels
  int oh, ow;              // output
  int pad_h, pad_w, stride_h, stride_w, dilation_h, dilation_w, groups;
};
using Numbers = std::vector<double>;

Numbers convolve(const Geometry &g, const Numbers &x, const Numbers &filters);
Numbers data_gradient(const Geometry &g, const Numbers &filters, const Numbers &dy);
Numbers filter_gradient(const Geometry &g, const Numbers &x, const Numbers &dy);
