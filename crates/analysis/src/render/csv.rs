//! Tables as CSV: percent with two decimals, an empty field where nothing was measured.

use crate::format::percent;
use crate::tables::Table;

/// The table with one header line; the stubs' columns come first, under lower-case names, then the
/// model's id.
pub(crate) fn csv(table: &Table) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let stub_names = table.stubs.iter().map(|s| stub_key(s));
    // Two models may have one name; the id tells them apart. The paper's own tables have none.
    let ids = table.rows.iter().any(|row| row.model.is_some());
    let id = |text: &str| ids.then(|| text.to_owned());
    let keys = table.columns.iter().map(|c| c.key.clone());
    let header: Vec<String> = stub_names.chain(id("id")).chain(keys).collect();
    writer.write_record(&header).expect("a vector takes every write");
    for row in &table.rows {
        let values = row.values.iter().map(|v| percent(*v, 2, ""));
        let own = id(row.model.as_ref().map_or("", |m| m.id.as_str()));
        let fields: Vec<String> = row.stubs.iter().map(|s| stub_value(s)).chain(own).chain(values).collect();
        writer.write_record(&fields).expect("every row has the header's length");
    }
    let bytes = writer.into_inner().expect("a vector takes every write");
    String::from_utf8(bytes).expect("only text was written")
}

fn stub_key(stub: &str) -> String {
    if stub == "Sv." { "severity".to_owned() } else { stub.to_lowercase() }
}

fn stub_value(stub: &str) -> String {
    if stub == "Mean" { "mean".to_owned() } else { super::plain::field(stub) }
}
