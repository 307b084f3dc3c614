//! What a table is, whatever format it is written in.

use crate::{Error, Result};
use std::path::Path;

/// A table's name and columns.
pub(crate) struct Schema {
    /// The name of its file.
    pub name: &'static str,
    /// Its columns, in order.
    pub columns: &'static [(&'static str, Kind)],
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(not(feature = "parquet"), allow(dead_code, reason = "CSV writes each value as it comes"))]
pub(crate) enum Kind {
    /// UTF-8 text.
    Text,
    /// An unsigned 64-bit number.
    Count,
    /// A 64-bit floating-point number.
    Number,
}

/// One value of a row.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Value<'a> {
    /// For [`Kind::Text`].
    Text(&'a str),
    /// For [`Kind::Count`].
    Count(u64),
    /// For [`Kind::Number`].
    Number(f64),
}

/// Takes a table row by row.
pub(crate) trait Writer {
    /// Writes one row, whose values fit the table's columns.
    fn row(&mut self, values: &[Value<'_>]) -> Result<()>;

    /// Ends the table and gives its file the name that it is to have.
    fn finish(self: Box<Self>) -> Result<()>;
}

/// A table that is being written, and how many rows it has.
pub(crate) struct Table {
    writer: Box<dyn Writer>,
    rows: u64,
}

impl Table {
    /// A table without rows.
    pub(crate) fn new(writer: Box<dyn Writer>) -> Table {
        Table { writer, rows: 0 }
    }

    /// Writes one row.
    pub(crate) fn row(&mut self, values: &[Value<'_>]) -> Result<()> {
        self.rows += 1;
        self.writer.row(values)
    }

    /// Ends the table and says how many rows it has.
    pub(crate) fn finish(self) -> Result<u64> {
        self.writer.finish().map(|()| self.rows)
    }
}

/// Says in which file a format's writer failed.
pub(crate) fn failed<E: Into<Box<dyn std::error::Error + Send + Sync>>>(path: &Path) -> impl Fn(E) -> Error {
    move |source| Error::Table { path: path.to_owned(), source: source.into() }
}
