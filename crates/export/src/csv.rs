//! Tables as comma-separated text.

use crate::Result;
use crate::table::{Schema, Value, Writer, failed};
use scribe_base::atomic_file::Draft;
use scribe_base::human::spreadsheet_text;
use std::path::{Path, PathBuf};

/// Writes the column names first, then a line for each row; numbers have as many digits as it takes to read the same
/// bits.
pub(crate) struct CsvWriter {
    path: PathBuf,
    lines: csv::Writer<Draft>,
}

impl CsvWriter {
    /// Writes the column names.
    pub(crate) fn new(schema: &Schema, path: &Path, file: Draft) -> Result<CsvWriter> {
        let mut lines = csv::Writer::from_writer(file);
        lines.write_record(schema.columns.iter().map(|(name, _)| name)).map_err(failed(path))?;
        Ok(CsvWriter { path: path.to_owned(), lines })
    }
}

impl Writer for CsvWriter {
    fn row(&mut self, values: &[Value<'_>]) -> Result<()> {
        let mut write = || {
            for value in values {
                match value {
                    Value::Text(text) => self.lines.write_field(spreadsheet_text(text).as_ref())?,
                    Value::Count(count) => self.lines.write_field(count.to_string())?,
                    Value::Number(number) => self.lines.write_field(number.to_string())?,
                }
            }
            self.lines.write_record(None::<&[u8]>)
        };
        write().map_err(failed(&self.path))
    }

    fn finish(self: Box<Self>) -> Result<()> {
        let file = self.lines.into_inner().map_err(|error| failed(&self.path)(error.into_error()))?;
        Ok(file.commit()?)
    }
}
