//! The operators, on each device: gradients by central differences in f64, values by slow references and by PyTorch's
//! numbers.

mod agreement;
mod batch;
mod conv2d;
#[path = "../common/device.rs"]
mod device;
mod gradients;
mod norm;
mod normalised;
mod refused;
mod sgd;
mod support;
mod together;
mod torch;
mod values;
