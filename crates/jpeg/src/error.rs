//! Why a file is not decoded.

use crate::fault::Fault;
use std::borrow::Cow;

/// The crate's result.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a file is not decoded. The texts speak of the file as "it": put its name before them.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The bytes are not those of a JPEG file.
    #[error("it does not begin with a start-of-image marker")]
    NotJpeg,
    /// The file ends too early, or lacks parts.
    #[error("it is truncated: {0}")]
    Truncated(Cow<'static, str>),
    /// The file breaks a rule of the standard.
    #[error("it is damaged: {0}")]
    Damaged(Cow<'static, str>),
    /// The file may be sound, but this decoder does not read its kind.
    #[error("{0}")]
    Unsupported(String),
    /// The picture has more pixels than [`Limits`](crate::Limits) allow.
    #[error("its size is {width}x{height}, {} pixels (expected at most {limit})", u64::from(*width) * u64::from(*height))]
    TooManyPixels {
        /// The width that the file claims.
        width: u32,
        /// The height that the file claims.
        height: u32,
        /// The limit.
        limit: u64,
    },
    /// The system has no memory for the picture.
    #[error("there is no memory for its {0} bytes")]
    NoMemory(usize),
}

impl Error {
    pub(crate) fn truncated(what: impl Into<Cow<'static, str>>) -> Error {
        Error::Truncated(what.into())
    }

    pub(crate) fn damaged(what: impl Into<Cow<'static, str>>) -> Error {
        Error::Damaged(what.into())
    }
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Error {
        let text = Cow::Borrowed(fault.text());
        if fault.is_truncation() { Error::Truncated(text) } else { Error::Damaged(text) }
    }
}
