//! Collects what the tables as files say.

use super::facts::Facts;
use super::{names, shown_modes};
use std::collections::BTreeMap;

type Files = BTreeMap<String, Vec<u8>>;
type Rows = Vec<BTreeMap<String, String>>;

fn csv(files: &Files, name: &str) -> Rows {
    let mut reader = csv::Reader::from_reader(files[name].as_slice());
    reader.deserialize().map(|row| row.unwrap()).collect()
}

const COLUMNS: [&str; 6] = ["gaussian_noise", "shot_noise", "snow", "fog", "contrast", "speckle_noise"];

/// All of them.
pub(crate) fn collect(facts: &mut Facts, files: &Files) {
    for name in ["table1.csv", "extra-corruptions.csv"] {
        for row in csv(files, name) {
            let (id, severity) = (&row["id"], &row["severity"]);
            for corruption in COLUMNS.iter().filter(|c| row.contains_key(**c)) {
                let what = if severity == "mean" {
                    format!("corruption {corruption}")
                } else {
                    format!("{corruption}:{severity}")
                };
                facts.add(format!("{id} {} {what}", shown_modes(id)), name, &row[*corruption]);
            }
        }
    }
    for row in csv(files, "table2.csv") {
        for (column, mode, what) in TABLE2 {
            facts.add(format!("{} {mode} {what}", row["id"]), "table2.csv", &row[column]);
        }
    }
    for row in csv(files, "corruption-error.csv") {
        for corruption in COLUMNS.iter().take(5).chain([&"mce"]) {
            facts.add(format!("{} ce {corruption}", row["id"]), "corruption-error.csv", &row[*corruption]);
        }
    }
    lists(facts, files);
    texts(facts, files);
}

pub(crate) const TABLE2: [(&str, &str, &str); 6] = [
    ("val", "single", "clean"),
    ("val_msc", "msc", "clean"),
    ("cor", "single", "corrupted"),
    ("cor_msc", "msc", "corrupted"),
    ("rpc", "single", "rpc"),
    ("rpc_msc", "msc", "rpc"),
];

fn lists(facts: &mut Facts, files: &Files) {
    cells(facts, files);
    differences(facts, files);
    modes(facts, files);
    for row in csv(files, "classes.csv").iter().filter(|r| r["results"] == "single") {
        let key = format!("{} iou {} {} {}", row["id"], row["corruption"], row["severity"], row["class"]);
        with_interval(facts, &key, "classes.csv", (row, "iou"));
    }
    for row in csv(files, "conventions.csv").iter().filter(|r| r["convention"] == "miou") {
        let key = format!("{} {} {}", row["id"], row["results"], row["images"]);
        with_interval(facts, &key, "conventions.csv", (row, "value"));
    }
    for row in csv(files, "measures.csv") {
        let key = format!("{} {} {} {}", row["id"], row["measure"], row["corruption"], row["severity"]);
        with_interval(facts, &key, "measures.csv", (&row, "value"));
    }
}

fn cells(facts: &mut Facts, files: &Files) {
    let modes =
        |results: &str| if results == "average" { "single+msc".to_owned() } else { results.to_owned() };
    for row in csv(files, "cells.csv") {
        let condition = match row["corruption"].as_str() {
            "clean" => "clean".to_owned(),
            name => format!("{name}:{}", row["severity"]),
        };
        let key = format!("{} {} {condition}", row["id"], modes(&row["results"]));
        with_interval(facts, &key, "cells.csv", (&row, "miou"));
        facts.add(format!("{key} seeds"), "cells.csv", &row["seeds"]);
    }
}

/// The number of a column and the ends of its interval.
fn with_interval(facts: &mut Facts, key: &str, file: &str, (row, column): (&BTreeMap<String, String>, &str)) {
    for (column, suffix) in [(column, ""), ("low", " low"), ("high", " high")] {
        facts.add(format!("{key}{suffix}"), file, &row[column]);
    }
}

fn differences(facts: &mut Facts, files: &Files) {
    for row in csv(files, "differences.csv") {
        let what = &row["quantity"];
        facts.add(format!("{} {} {what}", row["id_a"], row["modes_a"]), "differences.csv", &row["of_a"]);
        facts.add(format!("{} {} {what}", row["id_b"], row["modes_b"]), "differences.csv", &row["of_b"]);
        let gap = format!("{} - {} {} {} {what}", row["id_a"], row["id_b"], row["modes_a"], row["modes_b"]);
        for column in ["difference", "low", "high", "established"] {
            facts.add(format!("{gap} {column}"), "differences.csv", &row[column]);
        }
    }
}

fn modes(facts: &mut Facts, files: &Files) {
    for row in csv(files, "modes.csv") {
        let (id, mode, what) = (&row["id"], &row["mode"], &row["quantity"]);
        facts.add(format!("{id} {mode} {what}"), "modes.csv", &row["of_mode"]);
        facts.add(format!("{id} single {what}"), "modes.csv", &row["of_single"]);
        for column in ["difference", "low", "high", "established"] {
            facts.add(format!("{id} {mode} - single {what} {column}"), "modes.csv", &row[column]);
        }
    }
}

/// The tables as Markdown and TeX, which have no ids.
fn texts(facts: &mut Facts, files: &Files) {
    let ids = names();
    for (file, split) in [("table2.md", " | "), ("table2.tex", " & ")] {
        let text = String::from_utf8_lossy(&files[file]).into_owned();
        for line in text.lines() {
            let fields: Vec<String> = line.trim_matches(['|', '\\', ' ']).split(split).map(bare).collect();
            let Some(id) = ids.get(fields[0].as_str()).filter(|_| fields.len() == 7) else { continue };
            for ((_, mode, what), value) in TABLE2.into_iter().zip(&fields[1..]) {
                facts.add(format!("{id} {mode} {what}"), file, value);
            }
        }
    }
}

/// A number without the marks of the best and of what is not established.
fn bare(field: &str) -> String {
    let field = field.trim().replace("\\rlap{$^{\\dagger}$}", "").replace("\\textbf", "");
    field.trim_matches(['*', '†', '{', '}', '|', '\\', ' ']).replace("--", "–")
}
