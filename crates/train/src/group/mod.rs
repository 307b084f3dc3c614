//! Several processes that train one network together: how they find each other, and what they exchange.
//!
//! One process computes on one device. Each takes its part of every batch, and the sum of their gradients is what a
//! single process would compute on the whole batch (docs/parallel.md).

mod agreement;
mod collective;
mod error;
mod frame;
#[cfg(all(unix, any(test, fuzzing)))]
pub mod fuzzing;
mod hello;
mod knock;
mod launch;
mod link;
#[cfg(feature = "nccl")]
mod nccl;
mod newcomer;
mod refusals;
mod rendezvous;
mod statistics;
mod tcp;
mod terms;
mod wait;
mod word;

pub use agreement::agree;
pub use collective::{Collective, SingleProcess, part};
pub use error::GroupError;
pub use launch::{DEFAULT_PORT, Launch};
#[cfg(feature = "nccl")]
pub use nccl::Nccl;
pub(crate) use statistics::Statistics;
pub use tcp::Tcp;
pub use terms::Terms;
pub use word::Word;
