//! Collects what the page says: its tables, section by section.

use super::facts::Facts;
use super::files::TABLE2;
use super::page::{Field, section, tables};
use super::{names, shown_modes};
use std::collections::BTreeMap;

/// "1.2 to 3.4" as its ends.
fn ends(facts: &mut Facts, key: &str, place: &str, range: Option<&String>) {
    let Some((low, high)) = range.and_then(|r| r.split_once(" to ")) else { return };
    facts.add(format!("{key} low"), place, low);
    facts.add(format!("{key} high"), place, high);
}

fn number(facts: &mut Facts, key: &str, place: &str, field: &Field) {
    facts.add(key.to_owned(), place, &field.text);
    ends(facts, key, place, field.small.first());
}

/// All tables of the page.
pub(crate) fn collect(facts: &mut Facts, page: &str) {
    let ids = names();
    accuracy(facts, page, &ids);
    relative(facts, page, &ids);
    conventions(facts, page, &ids);
    gaps(facts, page, &ids);
    modes(facts, page, &ids);
    classes(facts, page, &ids);
    measures(facts, page, &ids);
    errors(facts, page, &ids);
}

fn accuracy(facts: &mut Facts, page: &str, ids: &BTreeMap<String, String>) {
    for row in &tables(section(page, "table2"))[0] {
        let Some(id) = ids.get(&row[0].text) else { continue };
        for ((_, mode, what), field) in TABLE2.into_iter().zip(&row[1..]) {
            number(facts, &format!("{id} {mode} {what}"), "Table 2", field);
        }
    }
    let paper = ["gaussian_noise", "shot_noise", "", "", "", "", "", "snow", "", "fog", "", "contrast"];
    for (name, columns) in [("table1", &paper[..]), ("extras", &["spatter", "speckle_noise"])] {
        for row in &tables(section(page, name))[0] {
            let Some(id) = row.get(1).and_then(|f| ids.get(&f.text)) else { continue };
            for (corruption, field) in columns.iter().zip(&row[2..]).filter(|(c, _)| !c.is_empty()) {
                let what = match row[0].text.as_str() {
                    "Mean" => format!("corruption {corruption}"),
                    severity => format!("{corruption}:{severity}"),
                };
                facts.add(format!("{id} {} {what}", shown_modes(id)), name, &field.text);
            }
        }
    }
}

fn relative(facts: &mut Facts, page: &str, ids: &BTreeMap<String, String>) {
    let found = tables(section(page, "relative"));
    for row in &found[0] {
        let Some(id) = ids.get(&row[0].text) else { continue };
        for (what, field) in ["corrupted", "rpc"].iter().zip(&row[1..]) {
            number(facts, &format!("{id} {} {what}", shown_modes(id)), "relative measures", field);
        }
        // The reference's own error is 100 by definition and has no row in the table of errors.
        facts.add(format!("{id} ce mce"), "relative measures", &row[3].text);
    }
    for row in &found[1] {
        let Some(id) = ids.get(&row[0].text) else { continue };
        facts.add(format!("{id} ce gaussian_noise"), "corruption errors", &row[1].text);
        facts.add(format!("{id} ce mce"), "corruption errors", &row.last().unwrap().text);
    }
}

/// VOC's mIoU of every model, clean and corrupted, in its mode of details.
fn conventions(facts: &mut Facts, page: &str, ids: &BTreeMap<String, String>) {
    let found = tables(section(page, "conventions"));
    let heads: Vec<&String> = found[0][0].iter().filter_map(|f| ids.get(&f.text)).collect();
    for row in found[0].iter().filter(|row| row[0].text.starts_with("mIoU (PASCAL")) {
        for (i, field) in row[1..].iter().enumerate() {
            number(
                facts,
                &format!("{} single {}", heads[i / 2], ["clean", "corrupted"][i % 2]),
                "conventions",
                field,
            );
        }
    }
}

fn modes(facts: &mut Facts, page: &str, ids: &BTreeMap<String, String>) {
    for row in &tables(section(page, "modes"))[0] {
        let Some(id) = ids.get(&row[0].text) else { continue };
        for (what, field) in ["clean", "corrupted", "rpc", "group Noise"].iter().zip(&row[2..]) {
            let key = format!("{id} msc - single {what}");
            facts.add(format!("{key} difference"), "modes", &field.text);
            ends(facts, &key, "modes", field.small.first());
        }
    }
}

fn gaps(facts: &mut Facts, page: &str, ids: &BTreeMap<String, String>) {
    let found = tables(section(page, "gaps"));
    for row in &found[0] {
        let Some((a, b)) = row[0].text.split_once(" − ") else { continue };
        let (a, b) = (&ids[a], &ids[b]);
        for (what, field) in ["clean", "corrupted", "rpc", "group Noise"].iter().zip(&row[1..]) {
            let key = format!("{a} - {b} {} {} {what}", shown_modes(a), shown_modes(b));
            facts.add(format!("{key} difference"), "gaps", &field.text);
            ends(facts, &key, "gaps", field.small.first());
        }
    }
    for row in &found[1] {
        let Some((a, b)) = row[0].text.split_once(" against ") else { continue };
        for (what, field) in ["ahead", "open", "behind"].iter().zip(&row[1..]) {
            facts.add(format!("{} {} {what}", ids[a], ids[b]), "wins", &field.text);
        }
    }
    for row in &found[2] {
        let Some(id) = ids.get(&row[0].text) else { continue };
        let what = match row[1].text.as_str() {
            "clean" => "clean",
            "all corrupted" => "corrupted",
            _ => "rpc",
        };
        facts.add(format!("{id} {} {what}", shown_modes(id)), "training seeds", &row[2].text);
    }
}

fn classes(facts: &mut Facts, page: &str, ids: &BTreeMap<String, String>) {
    let found = tables(section(page, "classes"));
    let heads: Vec<&String> = found[0][0].iter().filter_map(|f| ids.get(&f.text)).collect();
    for row in found[0].iter().skip(2) {
        for (i, field) in row[1..].iter().enumerate() {
            let set = ["clean 0", "corrupted "][i % 2];
            number(facts, &format!("{} iou {set} {}", heads[i / 2], row[0].text), "classes", field);
        }
    }
}

fn measures(facts: &mut Facts, page: &str, ids: &BTreeMap<String, String>) {
    let found = tables(section(page, "structure"));
    for row in &found[0] {
        let Some(id) = ids.get(&row[0].text) else { continue };
        let matrix = if row[1].text.starts_with("pixel") { "pixels" } else { "class_means" };
        for (what, field) in
            ["effective_rank", "participation_ratio", "components_to_90"].iter().zip(&row[3..])
        {
            number(facts, &format!("{id} {what}_{matrix}_{} clean 0", row[2].text), "spectra", field);
        }
    }
    for row in &found[1] {
        let Some(name) = row.first().filter(|f| !f.text.is_empty()) else { continue };
        facts.add(format!("wiggle {}", name.text), "wiggle room", row.get(3).map_or("", |f| f.text.as_str()));
    }
    let keys = [
        ("effective rank", "effective_rank_pixels_foreground"),
        ("participation ratio", "participation_ratio_pixels_foreground"),
        ("ECE (softmax)", "ece"),
        ("Brier (softmax)", "brier"),
    ];
    for (place, table) in
        [("structure by severity", &found[2]), ("calibration", &tables(section(page, "calibration"))[0])]
    {
        for row in table {
            let key = keys.iter().find(|k| k.0 == row[0].text);
            let (Some((_, key)), Some(id)) = (key, row.get(1).and_then(|f| ids.get(&f.text))) else {
                continue;
            };
            number(facts, &format!("{id} {key} clean 0"), place, &row[2]);
            for (severity, field) in row[3..5].iter().enumerate() {
                number(facts, &format!("{id} {key} severity {}", severity + 1), place, field);
            }
        }
    }
}

fn errors(facts: &mut Facts, page: &str, ids: &BTreeMap<String, String>) {
    let mut id = None;
    for row in &tables(section(page, "errors"))[0] {
        id = ids.get(&row[0].text).or(id);
        if let (Some(id), "all corrupted") = (id, row[1].text.as_str()) {
            facts.add(format!("{id} to background"), "errors", &row[5].text);
        }
    }
}
