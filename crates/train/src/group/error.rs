//! The errors between the processes of a training. Each names the process that it is about.

use std::io;
use std::time::Duration;

/// The errors of a group of processes.
#[derive(Debug, thiserror::Error)]
pub enum GroupError {
    /// A launcher's variable with a value that cannot be right.
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
        /// The one that is set.
        found: &'static str,
        /// The one that is missing.
        missing: &'static str,
        /// What to do.
        hint: &'static str,
    },
    /// Rank 0 cannot listen at the rendezvous.
    #[error(
        "rank 0 cannot listen on port {port} of {address} (MASTER_PORT, under torchrun SCRIBE_PORT, chooses another)"
    )]
    Listen {
        /// The host of the rendezvous.
        address: String,
        /// Its port.
        port: u16,
        /// The system's reason.
        source: io::Error,
    },
    /// There is no rank 0 at the rendezvous.
    #[error("rank {rank} found no rank 0 at {address}:{port} within {waited:?}")]
    Unreachable {
        /// The rank that looked.
        rank: usize,
        /// The host of the rendezvous.
        address: String,
        /// Its port.
        port: u16,
        /// For how long it tried.
        waited: Duration,
        /// Why the last attempt failed.
        source: io::Error,
    },
    /// Some ranks did not come to the rendezvous.
    #[error("ranks {ranks:?} did not come to {address}:{port} within {waited:?}{}", refusals(refused))]
    Absent {
        /// The missing ranks.
        ranks: Vec<usize>,
        /// The host of the rendezvous.
        address: String,
        /// Its port.
        port: u16,
        /// For how long rank 0 waited.
        waited: Duration,
        /// The first process of each kind that came and was refused, with its address, the reason, and how many more there were.
        refused: Vec<String>,
    },
    /// The processes do not belong together.
    #[error("the processes do not belong together: {0}")]
    Mismatch(String),
    /// A connection broke.
    #[error("rank {rank} is gone (see its own last message)")]
    Lost {
        /// The rank at the other end.
        rank: usize,
        /// The system's reason.
        source: io::Error,
    },
    /// A connection is there, and nothing has come over it for too long.
    #[error(
        "rank {rank} sent nothing for {waited}, in {exchange}: it hangs or was stopped, or works on something for longer \
         (SCRIBE_TIMEOUT=SECONDS gives it more time)"
    )]
    Silent {
        /// The rank at the other end.
        rank: usize,
        /// For how long.
        waited: String,
        /// What was expected of it.
        exchange: String,
    },
    /// Another rank has stopped, and told why.
    #[error("rank {rank} stopped: {reason}")]
    Left {
        /// The rank that stopped.
        rank: usize,
        /// Why.
        reason: String,
    },
    /// An exchange in a group that has ended with an earlier error.
    #[error("the group ended earlier: {0}")]
    Ended(String),
    /// NCCL failed.
    #[error("NCCL: {0} (NCCL_DEBUG=INFO gives details)")]
    Nccl(String),
    /// A tensor that cannot be exchanged.
    #[error(transparent)]
    Tensor(#[from] candle_core::Error),
}

/// Who came in the place of those that did not, as the end of a sentence.
fn refusals(refused: &[String]) -> String {
    if refused.is_empty() { String::new() } else { format!(" (refused: {})", refused.join("; ")) }
}

/// The result of this module's functions.
pub(super) type Result<T> = std::result::Result<T, GroupError>;
