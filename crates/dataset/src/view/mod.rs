//! How a sample is brought to the size that the network sees.

mod hsv;
mod jitter;
mod test_view;
mod train_view;

pub use jitter::Jitter;
pub use test_view::TestView;
pub use train_view::{Scale, TrainView};
