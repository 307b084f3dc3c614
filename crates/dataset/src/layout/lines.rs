//! The lines of a list.

use crate::decode::check_file;
use crate::{Error, Result};
use scribe_base::text_file;
use std::io::ErrorKind;
use std::path::Path;

/// The most bytes of a list: ten million ids of 25 characters.
const MOST: u64 = 256 << 20;

/// The mark that some editors write at the start of a text.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// The lines of a list with their numbers from 1, without empty ones and without byte order marks before them.
///
/// # Errors
/// [`Error::NotAFile`], [`Error::Read`], which it also is when the list is longer than 256 MiB, or [`Error::Decode`] when
/// the file is not text.
pub(crate) fn lines(path: &Path) -> Result<Vec<(usize, String)>> {
    check_file(path)?;
    let text = text_file::read(path, MOST).map_err(|e| match e.kind() {
        ErrorKind::InvalidData => Error::decode(path, "split list", "it is not UTF-8 text"),
        _ => Error::read(path, e),
    })?;
    let lines =
        text.lines().zip(1..).map(|(line, number)| (number, line.trim_start_matches(BYTE_ORDER_MARK)));
    Ok(lines
        .filter(|(_, line)| !line.trim().is_empty())
        .map(|(number, line)| (number, line.to_owned()))
        .collect())
}
