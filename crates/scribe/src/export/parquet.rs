//! Tables as Apache Parquet files.

use super::table::{Kind, Schema, Value, Writer};
use anyhow::{Context, bail};
use parquet::basic::{LogicalType, Repetition, Type as Physical};
use parquet::data_type::{ByteArray, ByteArrayType, DoubleType, Int64Type};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::Type;
use std::fs::File;
use std::io::BufWriter;
use std::sync::Arc;

/// Rows that are kept until they are written as one row group.
const GROUP: usize = 1 << 18;

/// Collects rows into columns and writes them group by group.
pub struct ParquetWriter {
    /// `None` when finished.
    file: Option<SerializedFileWriter<BufWriter<File>>>,
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
    pub fn new(schema: &Schema, file: BufWriter<File>) -> anyhow::Result<ParquetWriter> {
        let fields =
            schema.columns.iter().map(|(name, kind)| field(name, *kind)).collect::<Result<_, _>>()?;
        let root = Type::group_type_builder(schema.name).with_fields(fields).build()?;
        let properties = Arc::new(WriterProperties::builder().build());
        let columns = schema.columns.iter().map(|(_, kind)| Column::new(*kind)).collect();
        let file = SerializedFileWriter::new(file, Arc::new(root), properties)?;
        Ok(ParquetWriter { file: Some(file), columns, rows: 0 })
    }

    fn flush(&mut self) -> anyhow::Result<()> {
        let file = self.file.as_mut().context("a finished table takes no rows")?;
        let mut group = file.next_row_group()?;
        for column in &mut self.columns {
            let mut writer = group.next_column()?.context("the file has as many columns as the table")?;
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
    fn row(&mut self, values: &[Value<'_>]) -> anyhow::Result<()> {
        for (column, value) in self.columns.iter_mut().zip(values) {
            match (column, value) {
                (Column::Text(all), Value::Text(text)) => all.push(ByteArray::from(*text)),
                (Column::Count(all), Value::Count(count)) => all.push(count.cast_signed()),
                (Column::Number(all), Value::Number(number)) => all.push(*number),
                (_, value) => bail!("{value:?} does not fit its column"),
            }
        }
        self.rows += 1;
        if self.rows == GROUP { self.flush() } else { Ok(()) }
    }

    fn finish(&mut self) -> anyhow::Result<()> {
        if self.rows > 0 {
            self.flush()?;
        }
        let file = self.file.take().context("a table is finished once")?;
        super::sync(file.into_inner()?)
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

fn field(name: &str, kind: Kind) -> anyhow::Result<Arc<Type>> {
    let (physical, logical) = match kind {
        Kind::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
        Kind::Count => (Physical::INT64, Some(LogicalType::integer(64, false))),
        Kind::Number => (Physical::DOUBLE, None),
    };
    let builder = Type::primitive_type_builder(name, physical).with_repetition(Repetition::REQUIRED);
    Ok(Arc::new(builder.with_logical_type(logical).build()?))
}
