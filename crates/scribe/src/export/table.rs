//! What a table is, whatever it is written as.

/// A table's name and columns.
pub struct Schema {
    /// The name of its file.
    pub name: &'static str,
    /// Its columns, in order.
    pub columns: &'static [(&'static str, Kind)],
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(not(feature = "parquet"), allow(dead_code, reason = "CSV writes each value as it comes"))]
pub enum Kind {
    /// UTF-8 text.
    Text,
    /// An unsigned 64-bit number.
    Count,
    /// A 64-bit floating-point number.
    Number,
}

/// One value of a row.
#[derive(Clone, Copy, Debug)]
pub enum Value<'a> {
    /// For [`Kind::Text`].
    Text(&'a str),
    /// For [`Kind::Count`].
    Count(u64),
    /// For [`Kind::Number`].
    Number(f64),
}

/// Takes a table row by row.
pub trait Writer {
    /// Writes one row, whose values fit the table's columns.
    fn row(&mut self, values: &[Value<'_>]) -> anyhow::Result<()>;

    /// Ends the file; nothing may be written after it.
    fn finish(&mut self) -> anyhow::Result<()>;
}
