//! Spatial: pixels move, or lose their fine structure.
