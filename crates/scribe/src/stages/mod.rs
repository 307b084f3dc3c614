//! The stages of a run, in order: open the data, train, evaluate, report. Each starts from files and goes on where an
//! earlier call stopped.

mod data;
mod entered;
mod evaluate;
mod forecast;
mod given;
mod identity;
mod label_pixels;
mod manifest;
mod merge;
mod origin;
mod places;
mod report;
mod shown;
mod suite;
mod train;

use crate::recipe::Recipe;

pub use data::{Need, Pictures, open as open_data};
pub use evaluate::{Corrupted, Theirs, evaluate, evaluate_predictions};
pub use forecast::{Stages, forecast};
pub use merge::merge;
pub use places::Places;
pub use report::report;
pub use shown::{Shown, TEST_LIST};
pub use suite::suite;
pub use train::train_all;

/// How many networks are worked on at once. One wide network keeps every core busy by itself; narrow ones do so only
/// together. It decides speed and memory, never a result.
fn side_by_side(recipe: &Recipe) -> usize {
    if recipe.model.width <= 0.25 { rayon::current_num_threads() } else { 1 }
}
