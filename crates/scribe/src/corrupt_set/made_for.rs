//! In which settings a corrupted set differs from what an evaluation shows.

use super::settings::Settings;
use crate::stages::{TEST_LIST, TestProtocol};

/// One line for each setting that differs; none where the set holds what is shown, and perhaps more.
pub(super) fn differences(set: &Settings, shown: &TestProtocol) -> Vec<String> {
    let mut lines = Vec::new();
    let mut compare = |key: &str, theirs: &str, ours: &str| {
        if theirs != ours {
            lines.push(format!("{key}: {theirs} in the set, {ours} in the recipe"));
        }
    };
    compare("suite", &set.suite, shown.suite.name());
    compare("view", &set.view, &shown.view.to_string());
    compare("master_seed", &set.master_seed.to_string(), &shown.master_seed.to_string());
    compare("split", &set.split, TEST_LIST);
    for member in &set.corruptions {
        // Of another suite every implementation may differ, which says no more than the suite's name.
        if set.suite == shown.suite.name() && shown.corruptions.contains(&member.name) {
            let ours = shown.suite.get(&member.name).map_or("none", |ours| ours.implementation());
            let key = if member.name == "frost" { "frost_source" } else { &member.name };
            compare(key, &member.implementation, ours);
        }
    }
    let corruptions: Vec<&str> = set.corruptions.iter().map(|member| member.name.as_str()).collect();
    let wanted: Vec<&str> = shown.corruptions.iter().map(String::as_str).collect();
    if wanted.iter().any(|name| !corruptions.contains(name)) {
        lines.push(differ("corruptions", &corruptions, &wanted));
    }
    let text = |list: &[u8]| list.iter().map(ToString::to_string).collect::<Vec<_>>();
    let severities: Vec<u8> = shown.severities.iter().map(|severity| severity.get()).collect();
    if severities.iter().any(|severity| !set.severities.contains(severity)) {
        lines.push(differ("severities", &text(&set.severities), &text(&severities)));
    }
    if shown.limit > set.pictures {
        lines.push(differ("pictures", &[set.pictures.to_string()], &[shown.limit.to_string()]));
    }
    lines
}

fn differ(key: &str, theirs: &[impl AsRef<str>], ours: &[impl AsRef<str>]) -> String {
    let text = |list: &[&str]| if list.is_empty() { "none".to_owned() } else { list.join(", ") };
    let theirs: Vec<&str> = theirs.iter().map(AsRef::as_ref).collect();
    let ours: Vec<&str> = ours.iter().map(AsRef::as_ref).collect();
    format!("{key}: {} in the set, {} in the recipe", text(&theirs), text(&ours))
}
