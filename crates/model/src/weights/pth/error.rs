//! The errors of reading PyTorch's files.

/// Why a file that looks like one of PyTorch was not read. [`crate::Error::Pth`] names the file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PthError {
    /// The file is shorter than it claims.
    #[error("the file ends too early ({wanted} bytes expected after byte {at}): it is cut; fetch it again")]
    Ends {
        /// Where reading stopped, in bytes from the beginning of the pickle or of the storages.
        at: usize,
        /// How many bytes should follow.
        wanted: usize,
    },
    /// The directory at the end of a zip file cannot be read.
    #[error("a zip file without a readable directory at its end ({reason}): it is cut; fetch it again")]
    Directory {
        /// The reason that the directory's reader gives.
        reason: String,
    },
    /// A record of the zip file is missing, packed, or damaged.
    #[error("record {record}: {reason}")]
    Record {
        /// The record's name.
        record: String,
        /// What is wrong with it.
        reason: String,
    },
    /// Not a pickle of the protocols 2 to 5, or a damaged one.
    #[error("damaged pickle: {reason} at byte {at}")]
    Pickle {
        /// Where, in bytes from the pickle's beginning.
        at: usize,
        /// What was found there, and what was expected.
        reason: String,
    },
    /// More than a file of weights needs.
    #[error("{what}: more than {most}, the most that is read from one file")]
    Limit {
        /// What there is too much of.
        what: &'static str,
        /// The bound.
        most: usize,
    },
    /// A tensor outside of its storage, or of an unknown type.
    #[error("tensor {tensor}: {reason}")]
    Tensor {
        /// Its name in the file.
        tensor: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A storage whose length is not the one that the pickle declares.
    #[error("storage {storage}: {found} bytes in the file, {expected} bytes declared")]
    Storage {
        /// Its key in the file.
        storage: String,
        /// Bytes that are there.
        found: u64,
        /// Bytes that the pickle declares.
        expected: u64,
    },
    /// Written on a machine of the other byte order.
    #[error("written with the most significant byte first; load and save it once on a little-endian machine")]
    BigEndian,
    /// A pickle that holds no tensors by name.
    #[error("no state dict at the top or under {keys}: the file holds {holds}; {cure}")]
    NoStateDict {
        /// Where state dicts were looked for.
        keys: String,
        /// What the file holds instead.
        holds: String,
        /// What to do.
        cure: String,
    },
}

pub(super) type Result<T> = std::result::Result<T, PthError>;
