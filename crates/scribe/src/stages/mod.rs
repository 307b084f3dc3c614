//! The stages of a run: open the pictures, train, evaluate, report. Each starts from files and resumes where an earlier
//! call stopped.

mod corrupted_set;
mod entered_as;
mod evaluate;
mod evaluate_predictions;
mod evaluate_program;
mod forecast;
mod given_conditions;
mod given_predictions;
mod given_program;
mod identity;
mod inferences;
mod label_pixels;
mod manifest;
mod merge;
mod networks;
mod panels;
mod pass;
mod pictures;
mod report;
mod run;
mod run_inputs;
mod starting_weights;
mod suite;
mod synthetic;
mod test_protocol;
mod train;
mod train_config;
mod weights_file;

pub use corrupted_set::CorruptedSet;
pub use entered_as::EnteredAs;
pub use evaluate::evaluate;
pub use evaluate_predictions::{check_corrupted, evaluate_predictions};
pub use evaluate_program::evaluate_program;
pub use forecast::{Stages, forecast};
pub use given_predictions::GivenPredictions;
pub use given_program::GivenProgram;
pub use merge::merge;
pub use pictures::Need;
pub use report::report;
pub use run::Run;
pub use run_inputs::RunInputs;
pub use suite::suite;
pub use test_protocol::{TEST_LIST, TestProtocol};
pub use train::train_all;
