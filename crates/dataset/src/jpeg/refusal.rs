//! Why a JPEG file is not decoded.

use std::path::Path;

use super::bits::Fault;
use crate::Error;

/// Why a JPEG file is not decoded, before its name is known.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// Its bytes are damaged, or of a kind that is not supported; the text says how.
    Bytes(String),
    /// The caller's check of its size refused it.
    Size(Error),
}

impl Refusal {
    /// The error that names the file.
    pub fn into_error(self, path: &Path) -> Error {
        match self {
            Refusal::Bytes(reason) => Error::decode(path, "JPEG", reason),
            Refusal::Size(error) => error,
        }
    }
}

impl From<String> for Refusal {
    fn from(reason: String) -> Refusal {
        Refusal::Bytes(reason)
    }
}

impl From<Fault> for Refusal {
    fn from(fault: Fault) -> Refusal {
        Refusal::Bytes(fault.to_owned())
    }
}
