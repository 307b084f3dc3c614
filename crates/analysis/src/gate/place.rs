//! The conditions that a threshold names.

use crate::error::{Error, Result};
use crate::names::Group;
use crate::summary::Quantity;
use crate::view::View;
use scribe_records::Condition;
use std::collections::BTreeSet;

/// The measured conditions of a place: `clean`, `corrupted`, a group, `severity:3`, `fog` or `fog:3`.
///
/// # Errors
/// [`Error::Unknown`] where nothing of that name was measured, with what was. `measures` are named there too, because a
/// misspelt measure is read as a condition.
pub(super) fn conditions(view: &View, place: &str, measures: &str) -> Result<Vec<Condition>> {
    let name = place.trim().to_ascii_lowercase().replace(' ', "_");
    let found = of_name(view, &name);
    let measured: BTreeSet<&Condition> = view.confusions.keys().map(|cell| &cell.condition).collect();
    let found: Vec<Condition> = found.into_iter().filter(|c| measured.contains(c)).collect();
    if found.is_empty() {
        let expected = format!("{}; or a measure: {measures}", known(view));
        return Err(Error::Unknown { what: format!("condition or measure `{place}`"), expected });
    }
    Ok(found)
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
    let names: BTreeSet<&str> = corrupted.iter().map(|c| c.corruption.as_str()).collect();
    let severities: BTreeSet<String> = corrupted.iter().map(|c| c.severity.to_string()).collect();
    let groups: BTreeSet<String> = view.about.groups.values().map(|g| g.to_lowercase()).collect();
    let list = |names: Vec<String>| if names.is_empty() { "none".to_owned() } else { names.join(", ") };
    format!(
        "clean, corrupted, a corruption ({}), with or without a severity as in `fog:3` ({}), a group ({}) or `severity:N`",
        list(names.into_iter().map(str::to_owned).collect()),
        list(severities.into_iter().collect()),
        list(groups.into_iter().collect())
    )
}
