//! One quantity, one number: whatever the report says in several places, it says alike.

mod facts;
mod files;
pub(super) mod made;
mod page;
mod said;
mod walk;

use self::facts::Facts;
use crate::contents;
use crate::report::write_contents;
use crate::{ReportExtra, View};
use std::collections::BTreeMap;

/// The names in tables, with their ids; of two models of one name each has its id behind it.
fn names() -> BTreeMap<String, String> {
    let names =
        [("Baseline", "softmax"), ("SCrIBE", "scribe"), ("Net (mine)", "mine"), ("Net (other)", "other")];
    names.map(|(title, id)| (title.to_owned(), id.to_owned())).into()
}

/// The modes that a model's cells of Table 1 are made of.
fn shown_modes(id: &str) -> &'static str {
    let model = made::MODELS.iter().find(|m| m.0 == id).unwrap();
    if model.3 { "single+msc" } else { "single" }
}

/// The files of the report by name, and what they were made of.
fn report(view: &View) -> (BTreeMap<String, Vec<u8>>, crate::contents::Contents<'_>) {
    let dir = tempfile::tempdir().unwrap();
    let extra = ReportExtra { resamples: Some(200), ..ReportExtra::default() };
    let made = contents(view, &extra).unwrap();
    let files = write_contents(dir.path(), &made).unwrap();
    let name = |p: &std::path::Path| p.file_name().unwrap().to_string_lossy().into_owned();
    (files.iter().map(|p| (name(p), std::fs::read(p).unwrap())).collect(), made)
}

/// Some quantities, each of another kind, and all places where the walk has to see them.
const SEEN: [(&str, &[&str]); 17] = [
    (
        "softmax single+msc corrupted",
        &["differences.csv", "relative measures", "training seeds", "a sentence"],
    ),
    ("mine single clean", &["table2.csv", "table2.md", "cells.csv", "Table 2", "a sentence", "Figure 5"]),
    ("softmax single corrupted", &["table2.csv", "Table 2", "conventions.csv", "conventions"]),
    ("other single+msc fog:2", &["table1.csv", "table1", "cells.csv", "differences.csv"]),
    ("mine single speckle_noise:1", &["extra-corruptions.csv", "cells.csv", "extras", "differences.csv"]),
    ("scribe effective_rank_pixels_foreground clean 0", &["measures.csv", "spectra", "a sentence"]),
    ("softmax iou corrupted  c", &["classes.csv", "classes"]),
    ("mine to background", &["errors", "a sentence"]),
    ("scribe frequency rho", &["a sentence"]),
    ("wiggle SCrIBE − Baseline", &["wiggle room", "a sentence"]),
    ("other ece clean 0", &["measures.csv", "calibration", "a sentence"]),
    ("scribe softmax ahead", &["wins", "a sentence"]),
    ("scribe - softmax single+msc single+msc rpc low", &["differences.csv", "gaps", "a sentence"]),
    ("softmax msc - single corrupted low", &["modes.csv", "modes", "a sentence"]),
    ("other msc clean", &["modes.csv", "table2.csv", "cells.csv"]),
    ("softmax single group Noise", &["modes.csv", "differences.csv"]),
    ("other ce mce", &["corruption-error.csv", "relative measures", "corruption errors"]),
];

#[test]
fn what_stands_twice_stands_alike() {
    let view = made::view();
    let (files, made) = report(&view);
    let page = String::from_utf8(files["report.html"].clone()).unwrap();
    let mut facts = Facts::default();
    files::collect(&mut facts, &files);
    walk::collect(&mut facts, &page);
    said::collect(&mut facts, &page);
    said::figures(&mut facts, &made);
    let repeated = facts.check();
    assert!(repeated > 700, "only {repeated} quantities were found in two places: is the walk blind?");
    for (quantity, places) in SEEN {
        let found = facts.places(quantity);
        let missing: Vec<_> = places.iter().filter(|p| !found.contains(p)).collect();
        assert!(missing.is_empty(), "{quantity}: not found in {missing:?}, only in {found:?}");
    }
}

/// A dagger in Table 1 says what differences.csv says of the same two models, though two of them have one name.
#[test]
fn daggers_agree_with_the_list_of_differences() {
    let view = made::view();
    let (_, made) = report(&view);
    let (table, mut seen) = (&made.table1, [0, 0]);
    let best = table.best();
    for row in 0..table.rows.len() {
        for column in
            (0..table.columns.len()).filter(|c| table.rows[row].values[*c].is_some() && !best[row][*c])
        {
            let top = table.peers(row).find(|p| best[*p][column]).unwrap();
            let [own, top] = [row, top].map(|r| table.model(r).unwrap());
            let what = match table.rows[row].stubs[0].as_str() {
                "Mean" => format!("corruption {}", table.columns[column].key),
                severity => format!("{}:{severity}", table.columns[column].key),
            };
            let of = made.differences.iter().find(|d| {
                let pair = (&d.a, &d.b) == (own, top) || (&d.a, &d.b) == (top, own);
                pair && d.mode_choice == crate::ModeChoice::AsPrinted && d.quantity == what
            });
            assert_eq!(
                table.is_not_established(row, column),
                !of.unwrap().difference.excludes_zero(),
                "{own} {top} {what}"
            );
            seen[usize::from(table.is_not_established(row, column))] += 1;
        }
    }
    assert!(seen.iter().all(|n| *n >= 5), "{seen:?}");
}
