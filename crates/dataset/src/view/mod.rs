//! Resizing and augmenting a sample for the network.

mod hsv;
mod jitter;
mod test_view;
mod train_view;

pub use jitter::Jitter;
pub use test_view::TestView;
pub use train_view::{Scale, TrainView};
