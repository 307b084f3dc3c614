//! Resizing and augmenting a sample for the network.

mod corruption_place;
mod hsv;
mod jitter;
mod test_view;
mod train_view;

pub use corruption_place::CorruptionPlace;
pub use jitter::Jitter;
pub use test_view::TestView;
pub use train_view::{Scale, TrainView};
