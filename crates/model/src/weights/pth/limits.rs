//! Bounds on everything that a file can claim, so that a small file never takes much memory or time.

/// Bytes of a pickle. A ResNet-50's state dict takes about 40 KiB, with an optimizer's state about 100 KiB.
pub(super) const PICKLE_BYTES: usize = 64 << 20;
/// Objects that a pickle may put on its stack, and entries that it may put into containers.
pub(super) const OBJECTS: usize = 4_000_000;
/// Dimensions of a tensor.
pub(super) const DIMENSIONS: usize = 8;

/// Bytes that the tensors of a file may take together. Tensors may share a storage or repeat it (stride 0), so they can be
/// larger than the file. Those of real files are hardly larger.
pub(super) fn tensor_bytes(file_bytes: usize) -> usize {
    file_bytes.saturating_mul(4).saturating_add(64 << 20)
}
