//! Makes errors, and puts them into words.

use crate::Error;
use scribe_base::atomic_file::WriteError;
use std::io;
use std::path::Path;

impl Error {
    /// The text of this error and of its causes, joined by `: `.
    #[must_use]
    pub fn chain(&self) -> String {
        let mut text = self.to_string();
        let mut cause = std::error::Error::source(self);
        while let Some(error) = cause {
            text += &format!(": {error}");
            cause = error.source();
        }
        text
    }

    /// An [`Error::Read`] of `path`.
    pub(crate) fn read(path: &Path, source: io::Error) -> Error {
        Error::Read { path: path.to_owned(), source }
    }

    /// An [`Error::Write`] of `path`.
    pub(crate) fn write(path: &Path, source: io::Error) -> Error {
        Error::Write { path: path.to_owned(), source }
    }

    /// An [`Error::Decode`] of `path`.
    pub(crate) fn decode(path: &Path, format: &'static str, reason: impl Into<String>) -> Error {
        Error::Decode { path: path.to_owned(), format, reason: reason.into() }
    }
}

impl From<WriteError> for Error {
    fn from(WriteError { path, source }: WriteError) -> Error {
        Error::Write { path, source }
    }
}
