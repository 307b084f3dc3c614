//! Writes a row with its checksum. Every row of a store is written here.

use super::checksum::{self, COLUMN};
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, Error, ToSql, params_from_iter};

/// Where a row with the same key is already there: fail, keep that one, or take these columns of the new one.
#[derive(Clone, Copy)]
pub(super) enum OrElse {
    Fail,
    Keep,
    Replace(&'static [&'static str]),
}

/// Writes one row, and returns whether it was written. `columns` are all of the table but the checksum; one that is left out is
/// NULL.
pub(super) fn insert(
    db: &Connection,
    table: &str,
    columns: &[(&str, &dyn ToSql)],
    or_else: OrElse,
) -> rusqlite::Result<bool> {
    let values = columns.iter().map(|(_, value)| value.to_sql()).collect::<rusqlite::Result<Vec<_>>>()?;
    let named = columns.iter().zip(&values).map(|((name, _), value)| Ok((*name, as_value(value)?)));
    let sum = checksum::of_row(table, &mut named.collect::<rusqlite::Result<Vec<_>>>()?);
    let names: Vec<&str> = columns.iter().map(|(name, _)| *name).chain([COLUMN]).collect();
    let places: Vec<String> = (1..=names.len()).map(|place| format!("?{place}")).collect();
    let statement = format!(
        "INSERT INTO {table} ({}) VALUES ({}){}",
        names.join(", "),
        places.join(", "),
        on_conflict(or_else)
    );
    let parameters = values.iter().map(|value| value as &dyn ToSql).chain([&sum as &dyn ToSql]);
    Ok(db.prepare_cached(&statement)?.execute(params_from_iter(parameters))? > 0)
}

/// The number of the next row of a table whose rows are numbered from 1.
pub(super) fn next_id(db: &Connection, table: &str) -> rusqlite::Result<i64> {
    let select = format!("SELECT coalesce(max(id), 0) + 1 FROM {table}");
    db.prepare_cached(&select)?.query_row([], |row| row.get(0))
}

fn on_conflict(or_else: OrElse) -> String {
    match or_else {
        OrElse::Fail => String::new(),
        OrElse::Keep => " ON CONFLICT DO NOTHING".to_owned(),
        OrElse::Replace(columns) => {
            let set = columns.iter().chain(&[COLUMN]).map(|name| format!("{name} = excluded.{name}"));
            format!(" ON CONFLICT DO UPDATE SET {}", set.collect::<Vec<_>>().join(", "))
        }
    }
}

fn as_value<'a>(output: &'a ToSqlOutput<'_>) -> rusqlite::Result<ValueRef<'a>> {
    match output {
        ToSqlOutput::Borrowed(value) => Ok(*value),
        ToSqlOutput::Owned(value) => Ok(value.into()),
        // The others, such as a blob of zeros, are not used here.
        _ => Err(Error::ToSqlConversionFailure("a value without bytes".into())),
    }
}
