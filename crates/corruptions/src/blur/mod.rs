//! Blur: every pixel becomes a mean of its neighbours.
