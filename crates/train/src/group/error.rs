//! What can go wrong between the processes of a training, named so that the reader knows which one to look at.

use std::io;
use std::time::Duration;

/// The errors of the group of processes.
#[derive(Debug, thiserror::Error)]
pub enum GroupError {
    /// A launcher's variable with a value that cannot be.
    #[error("environment variable {name} = '{value}': expected {expected}")]
    Variable {
        /// The variable.
        name: &'static str,
        /// Its value.
        value: String,
        /// What would have been accepted.
        expected: String,
    },
    /// Only some of a launcher's variables are set.
    #[error("environment variable {found} is set and {missing} is not: {hint}")]
    Missing {
        /// The one that is there.
        found: &'static str,
        /// The one that is not.
        missing: &'static str,
        /// What to do.
        hint: &'static str,
    },
    /// Rank 0 cannot listen at the meeting point.
    #[error(
        "rank 0 cannot listen on port {port} of {address}: {source}; choose another with MASTER_PORT (under torchrun: SCRIBE_PORT)"
    )]
    Listen {
        /// The host of the meeting point.
        address: String,
        /// Its port.
        port: u16,
        /// The system's reason.
        source: io::Error,
    },
    /// No rank 0 at the meeting point.
    #[error("rank {rank} found no rank 0 at {address}:{port} within {waited:?}: {source}")]
    Unreachable {
        /// The rank that looked.
        rank: usize,
        /// The host of the meeting point.
        address: String,
        /// Its port.
        port: u16,
        /// How long it tried.
        waited: Duration,
        /// The last attempt's failure.
        source: io::Error,
    },
    /// Not everybody came.
    #[error("ranks {ranks:?} did not come to {address}:{port} within {waited:?}")]
    Absent {
        /// Who is missing.
        ranks: Vec<usize>,
        /// The host of the meeting point.
        address: String,
        /// Its port.
        port: u16,
        /// How long was waited.
        waited: Duration,
    },
    /// The processes do not belong together.
    #[error("the processes do not belong together: {0}")]
    Mismatch(String),
    /// A connection broke.
    #[error("rank {rank} is gone ({source}); its own last message says why")]
    Lost {
        /// The rank at the other end.
        rank: usize,
        /// The system's reason.
        source: io::Error,
    },
    /// A rank said that it stops.
    #[error("rank {rank} stopped: {reason}")]
    Left {
        /// Who stopped.
        rank: usize,
        /// Why.
        reason: String,
    },
    /// An exchange after one that failed.
    #[error("the group ended earlier: {0}")]
    Over(String),
    /// NCCL failed.
    #[error("NCCL: {0}; NCCL_DEBUG=INFO makes it say more")]
    Nccl(String),
    /// A tensor that cannot be exchanged.
    #[error(transparent)]
    Tensor(#[from] candle_core::Error),
}

/// The result of this module's functions.
pub(super) type Result<T> = std::result::Result<T, GroupError>;
