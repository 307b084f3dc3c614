//! The conditions that a threshold names.

use super::measure::Measure;
use crate::error::{Error, Result};
use crate::hint::hint;
use crate::names::Group;
use crate::summary::Quantity;
use crate::view::View;
use scribe_records::Condition;
use std::collections::BTreeSet;

/// The measured conditions of a place: `clean`, `corrupted`, a group, `severity:3`, `fog` or `fog:3`.
///
/// # Errors
/// [`Error::Unknown`] where nothing of that name was measured, with the nearest name, or with all that there are.
/// `or_measure` says that it may be a misspelt measure.
pub(super) fn conditions(view: &View, place: &str, or_measure: bool) -> Result<Vec<Condition>> {
    let name = place.trim().to_ascii_lowercase().replace(' ', "_");
    let found = measured(view, &name);
    if found.is_empty() { Err(unknown(view, place.trim(), &name, or_measure)) } else { Ok(found) }
}

/// The conditions of a name that have results.
fn measured(view: &View, name: &str) -> Vec<Condition> {
    let measured: BTreeSet<&Condition> = view.confusions.keys().map(|cell| &cell.condition).collect();
    of_name(view, name).into_iter().filter(|condition| measured.contains(condition)).collect()
}

/// What is wrong with a place that has no condition: its severity, or its name.
fn unknown(view: &View, place: &str, name: &str, or_measure: bool) -> Error {
    let corrupted = view.corrupted();
    let (head, severity) = name.split_once(':').map_or((name, None), |(head, s)| (head, Some(s)));
    let of_head = corrupted.iter().filter(|c| head == "severity" || c.corruption == head);
    let severities: BTreeSet<String> = of_head.map(|c| c.severity.to_string()).collect();
    if let Some(severity) = severity.filter(|_| !severities.is_empty()) {
        let of = if head == "severity" { String::new() } else { format!(" of {head}") };
        let expected = format!("one of {}", severities.into_iter().collect::<Vec<_>>().join(", "));
        return Error::Unknown { what: format!("severity `{severity}`{of}"), expected };
    }
    let groups = view.about.groups.values().map(|group| group.to_lowercase());
    let mut names: Vec<String> = vec![Condition::CLEAN.to_owned(), "corrupted".to_owned()];
    names.extend(corrupted.iter().map(|c| c.corruption.clone()).chain(groups));
    let measures = if or_measure { Measure::names() } else { Vec::new() };
    // Of a known name, what stands behind it is wrong: a group or clean images have no severities.
    let own = place.split(':').next().unwrap_or(place).trim();
    let wrong = if names.iter().any(|known| known == head) { place } else { own };
    // What has no results is not suggested, such as clean images that were not evaluated.
    names.retain(|name| !measured(view, name).is_empty());
    let near = hint(head, names.iter().chain(&measures).map(String::as_str));
    let (what, all) = if or_measure {
        ("condition or measure", "; or a measure (METHODOLOGY.md, \"Gates\"), such as miou, rpc or ece")
    } else {
        ("condition", "")
    };
    let expected =
        if near.is_empty() { format!("{}{all}", known(view)) } else { format!("one of this run{near}") };
    Error::Unknown { what: format!("{what} `{wrong}`"), expected }
}

fn of_name(view: &View, name: &str) -> Vec<Condition> {
    let of_paper = Group::ALL.into_iter().find(|group| group.title().eq_ignore_ascii_case(name));
    match (name, name.split_once(':'), of_paper) {
        (Condition::CLEAN, ..) => vec![Condition::clean()],
        ("corrupted", ..) => Quantity::Cor.conditions(view),
        (.., Some(group)) => Quantity::Group(group).conditions(view),
        (_, Some(("severity", severity)), _) => {
            severity.parse().map(|s| Quantity::Severity(s).conditions(view)).unwrap_or_default()
        }
        (_, Some((corruption, severity)), _) => {
            severity.parse().ok().and_then(|s| Condition::new(corruption, s).ok()).into_iter().collect()
        }
        _ => {
            let in_group = |c: &Condition| {
                view.about.groups.get(&c.corruption).is_some_and(|group| group.eq_ignore_ascii_case(name))
            };
            let corrupted = || view.corrupted().into_iter();
            let one: Vec<Condition> = corrupted().filter(|c| c.corruption == name).collect();
            if one.is_empty() { corrupted().filter(in_group).collect() } else { one }
        }
    }
}

/// What can be named, in words.
fn known(view: &View) -> String {
    let corrupted = view.corrupted();
    let all: Vec<&str> =
        [Condition::CLEAN, "corrupted"].into_iter().filter(|name| !measured(view, name).is_empty()).collect();
    if corrupted.is_empty() {
        return all.join(", ");
    }
    let names: BTreeSet<&str> = corrupted.iter().map(|c| c.corruption.as_str()).collect();
    let severities: BTreeSet<String> = corrupted.iter().map(|c| c.severity.to_string()).collect();
    let groups: BTreeSet<String> = view.about.groups.values().map(|g| g.to_lowercase()).collect();
    let groups: Vec<String> = groups.into_iter().filter(|group| !measured(view, group).is_empty()).collect();
    let list = |names: Vec<String>| if names.is_empty() { "none".to_owned() } else { names.join(", ") };
    format!(
        "{}, a corruption ({}), with or without a severity as in `fog:3` ({}), a group ({}) or `severity:N`",
        all.join(", "),
        list(names.into_iter().map(str::to_owned).collect()),
        list(severities.into_iter().collect()),
        list(groups)
    )
}
