//! The stages of a run, in order: open the data, train, evaluate, report. Each starts from files and goes on where an
//! earlier call stopped.

mod data;
mod evaluate;
mod forecast;
mod given_predictions;
mod identity;
mod label_pixels;
mod manifest;
mod merge;
mod origin;
mod report;
mod run_inputs;
mod suite;
mod test_protocol;
mod train;
mod weights;

use crate::recipe::Recipe;

pub use data::{Need, Pictures, open as open_data};
pub use evaluate::{Corrupted, GivenPredictions, evaluate, evaluate_predictions};
pub use forecast::{Stages, forecast};
pub use merge::merge;
pub use report::report;
pub use run_inputs::RunInputs;
pub use suite::suite;
pub use test_protocol::{TEST_LIST, TestProtocol};
pub use train::train_all;

/// How many networks are worked on at once. One wide network keeps every core busy by itself; narrow ones do so only
/// together. It decides speed and memory, never a result.
fn side_by_side(recipe: &Recipe) -> usize {
    if recipe.model.width <= 0.25 { rayon::current_num_threads() } else { 1 }
}
