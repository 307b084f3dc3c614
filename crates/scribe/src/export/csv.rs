//! Tables as comma-separated text.

use super::table::{Schema, Value, Writer};
use anyhow::Context;
use std::fs::File;
use std::io::BufWriter;

/// Writes names first, then a line for each row; numbers with as many digits as it takes to read the same bits.
pub struct CsvWriter {
    /// `None` when finished.
    lines: Option<csv::Writer<BufWriter<File>>>,
}

impl CsvWriter {
    /// Writes the names.
    pub fn new(schema: &Schema, file: BufWriter<File>) -> anyhow::Result<CsvWriter> {
        let mut lines = csv::Writer::from_writer(file);
        lines.write_record(schema.columns.iter().map(|(name, _)| name))?;
        Ok(CsvWriter { lines: Some(lines) })
    }
}

impl Writer for CsvWriter {
    fn row(&mut self, values: &[Value<'_>]) -> anyhow::Result<()> {
        let lines = self.lines.as_mut().context("a finished table takes no rows")?;
        for value in values {
            match value {
                Value::Text(text) => lines.write_field(text)?,
                Value::Count(count) => lines.write_field(count.to_string())?,
                Value::Number(number) => lines.write_field(number.to_string())?,
            }
        }
        Ok(lines.write_record(None::<&[u8]>)?)
    }

    fn finish(&mut self) -> anyhow::Result<()> {
        let lines = self.lines.take().context("a table is finished once")?;
        super::sync(lines.into_inner().map_err(|error| error.into_error())?)
    }
}
