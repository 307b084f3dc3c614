//! Tables as CSV: percent with two decimals, an empty field where nothing was measured.

use super::field::{self, Field};
use crate::tables::Table;

/// The table with one header line; the stubs' columns come first, under lower-case names, then the
/// model's id.
pub(crate) fn csv(table: &Table) -> String {
    let stub_names = table.stubs.iter().map(|s| stub_key(s));
    // Two models may have one name; the id tells them apart. The paper's own tables have none.
    let ids = table.rows.iter().any(|row| row.model.is_some());
    let id = |text: &str| ids.then(|| Field::text(text));
    let keys = table.columns.iter().map(|c| Field::text(&c.key));
    let head = stub_names.chain(id("id")).chain(keys).collect();
    let rows = table.rows.iter().map(|row| {
        let values = row.values.iter().map(|v| Field::percent(*v, 2));
        let own = id(row.model.as_ref().map_or("", |m| m.id.as_str()));
        row.stubs.iter().map(|s| stub_value(s)).chain(own).chain(values).collect()
    });
    field::csv(head, rows)
}

fn stub_key(stub: &str) -> Field {
    if stub == "Sv." { Field::text("severity") } else { Field::Text(stub.to_lowercase()) }
}

fn stub_value(stub: &str) -> Field {
    Field::text(if stub == "Mean" { "mean" } else { stub })
}
