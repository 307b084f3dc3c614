//! Training batches in a reproducible order, prepared ahead on threads.

mod order;
mod queue;
mod run;

pub use order::Order;
pub use run::{Loader, LoaderConfig};
