//! Tables as Apache Parquet files.

use crate::Result;
use crate::table::{Kind, Schema, Value, Writer, failed};
use parquet::basic::{LogicalType, Repetition, Type as Physical};
use parquet::data_type::{ByteArray, ByteArrayType, DoubleType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::Type;
use scribe_base::atomic_file::Draft;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Rows that are kept until they are written as one row group.
const GROUP: usize = 1 << 18;

/// Collects rows into columns and writes them group by group.
pub(crate) struct ParquetWriter {
    path: PathBuf,
    file: SerializedFileWriter<Draft>,
    columns: Vec<Column>,
    rows: usize,
}

enum Column {
    Text(Vec<ByteArray>),
    Count(Vec<i64>),
    Number(Vec<f64>),
}

impl ParquetWriter {
    /// Writes the head of the file.
    pub(crate) fn new(schema: &Schema, path: &Path, file: Draft) -> Result<ParquetWriter> {
        let begin = || {
            let fields =
                schema.columns.iter().map(|(name, kind)| field(name, *kind)).collect::<Parquet<_>>()?;
            let root = Type::group_type_builder(schema.name).with_fields(fields).build()?;
            let properties = Arc::new(WriterProperties::builder().build());
            SerializedFileWriter::new(file, Arc::new(root), properties)
        };
        let columns = schema.columns.iter().map(|(_, kind)| Column::new(*kind)).collect();
        let file = begin().map_err(failed(path))?;
        Ok(ParquetWriter { path: path.to_owned(), file, columns, rows: 0 })
    }

    fn flush(&mut self) -> Parquet<()> {
        let mut group = self.file.next_row_group()?;
        for column in &mut self.columns {
            let more = || ParquetError::General("the file has fewer columns than the table".to_owned());
            let mut writer = group.next_column()?.ok_or_else(more)?;
            match column {
                Column::Text(values) => writer.typed::<ByteArrayType>().write_batch(values, None, None)?,
                Column::Count(values) => writer.typed::<Int64Type>().write_batch(values, None, None)?,
                Column::Number(values) => writer.typed::<DoubleType>().write_batch(values, None, None)?,
            };
            writer.close()?;
            column.clear();
        }
        group.close()?;
        self.rows = 0;
        Ok(())
    }
}

impl Writer for ParquetWriter {
    fn row(&mut self, values: &[Value<'_>]) -> Result<()> {
        for (column, value) in self.columns.iter_mut().zip(values) {
            match (column, value) {
                (Column::Text(all), Value::Text(text)) => all.push(ByteArray::from(*text)),
                (Column::Count(all), Value::Count(count)) => all.push(count.cast_signed()),
                (Column::Number(all), Value::Number(number)) => all.push(*number),
                (_, value) => return Err(failed(&self.path)(format!("{value:?} does not fit its column"))),
            }
        }
        self.rows += 1;
        if self.rows == GROUP { self.flush().map_err(failed(&self.path)) } else { Ok(()) }
    }

    fn finish(mut self: Box<Self>) -> Result<()> {
        if self.rows > 0 {
            self.flush().map_err(failed(&self.path))?;
        }
        let file = self.file.into_inner().map_err(failed(&self.path))?;
        Ok(file.commit()?)
    }
}

impl Column {
    fn new(kind: Kind) -> Column {
        match kind {
            Kind::Text => Column::Text(Vec::new()),
            Kind::Count => Column::Count(Vec::new()),
            Kind::Number => Column::Number(Vec::new()),
        }
    }

    fn clear(&mut self) {
        match self {
            Column::Text(values) => values.clear(),
            Column::Count(values) => values.clear(),
            Column::Number(values) => values.clear(),
        }
    }
}

type Parquet<T> = std::result::Result<T, ParquetError>;

fn field(name: &str, kind: Kind) -> Parquet<Arc<Type>> {
    let (physical, logical) = match kind {
        Kind::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
        Kind::Count => (Physical::INT64, Some(LogicalType::integer(64, false))),
        Kind::Number => (Physical::DOUBLE, None),
    };
    let builder = Type::primitive_type_builder(name, physical).with_repetition(Repetition::REQUIRED);
    Ok(Arc::new(builder.with_logical_type(logical).build()?))
}
