//! The ImageNet-C corruptions, exact to the bit, at any size, from an explicit seed.
