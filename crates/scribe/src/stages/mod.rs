//! The stages of a run, in order: open the data, train, evaluate, report. Each starts from files and goes on where an
//! earlier call stopped.

mod data;
mod evaluate;
mod manifest;
mod places;
mod report;
mod suite;
mod train;

pub use data::{Pictures, open as open_data};
pub use evaluate::evaluate;
pub use places::Places;
pub use report::report;
pub use suite::suite;
pub use train::train_all;
