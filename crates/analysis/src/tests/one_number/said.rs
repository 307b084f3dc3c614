//! Collects what the page's sentences say, and the figures' data.

use super::facts::Facts;
use super::page::{section, sentences};
use super::{names, shown_modes};
use crate::contents::Contents;

/// All sentences of the summary and of the section on errors.
pub(crate) fn collect(facts: &mut Facts, page: &str) {
    let ids = names();
    for text in sentences(section(page, "summary")).into_iter().chain(sentences(section(page, "errors"))) {
        for (title, id) in &ids {
            about(facts, &text, title, id);
            in_several_scales(facts, &text, title, id);
        }
        for (a, ida) in &ids {
            ids.iter().for_each(|(b, idb)| pair(facts, &text, (a, ida), (b, idb)));
        }
    }
}

/// What follows `before` in a text, up to one of the characters that end a number.
fn after<'a>(text: &'a str, before: &str) -> Option<&'a str> {
    let rest = text.split_once(before)?.1;
    Some(rest.split([' ', '%', ',', ')', ';']).next().unwrap().trim_end_matches('.'))
}

fn about(facts: &mut Facts, text: &str, title: &str, id: &str) {
    let mut add = |what: &str, value: Option<&str>| {
        if let Some(value) = value {
            facts.add(format!("{id} {what}"), "a sentence", value);
        }
    };
    let modes = shown_modes(id);
    if text.starts_with("mIoU from clean") {
        add(&format!("{modes} clean"), after(text, &format!("{title} falls from ")));
        let falls = text.split_once(&format!("{title} falls from ")).map(|t| t.1);
        add(&format!("{modes} corrupted"), falls.and_then(|t| after(t, " to ")));
    } else if text.starts_with("Of its own clean mIoU") {
        add(&format!("{modes} rpc"), after(text, &format!("{title} ")));
    } else if text.starts_with("Effective rank of") {
        add("effective_rank_pixels_foreground clean 0", after(text, &format!("{title} ")));
    } else if text.starts_with("Of the wrong foreground") {
        add("to background", after(text, &format!("{title} ")));
    } else if text.starts_with("Do confusions between") {
        add("frequency rho", after(text, &format!("{title} ")));
        let own = text.split_once(&format!("{title} ")).map(|t| t.1);
        add("frequency p", own.and_then(|t| after(t, "permutation p = ")));
    } else if text.starts_with(&format!("{title}: Spearman")) {
        add("frequency rho", after(text, "rho "));
        add("frequency p", after(text, "permutation p = ").map(|p| p.trim_end_matches(':')));
    } else if text.starts_with("Expected calibration error") {
        add("ece clean 0", after(text, &format!("{title} from ")));
        let own = text.split_once(&format!("{title} from ")).map(|t| t.1);
        add("ece severity 2", own.and_then(|t| after(t, " to ")));
    } else if text.starts_with("Does \"wiggle room\"") {
        let own = text.split_once("supports it): ").map(|t| t.1.split(" Between models").next().unwrap());
        let value = own.and_then(|t| after(t, &format!("{title} ")));
        facts.add(format!("wiggle {title}"), "a sentence", value.unwrap_or(""));
    }
}

/// "Baseline clean +0.1 points (-0.2 to 0.3), not established, under corruption ..."
fn in_several_scales(facts: &mut Facts, text: &str, title: &str, id: &str) {
    if !text.starts_with("In multi-scale (MSC) against single scale") {
        return;
    }
    let Some((_, own)) = text.split_once(&format!("{title} clean ")) else { return };
    let own = own.split(';').next().unwrap();
    let (clean, cor) = own.split_once(", under corruption ").unwrap();
    for (what, said) in [("clean", clean), ("corrupted", cor)] {
        verdict(facts, &format!("{id} msc - single {what}"), said);
    }
}

/// "-1.0 points (-2.0 to 0.1), not established".
fn verdict(facts: &mut Facts, key: &str, said: &str) {
    let (value, rest) = said.split_once(" points (").unwrap();
    let (low, rest) = rest.split_once(" to ").unwrap();
    let (high, word) = rest.split_once("), ").unwrap();
    let word = if word.starts_with("established") { "yes" } else { "no" };
    for (column, value) in [("difference", value), ("low", low), ("high", high), ("established", word)] {
        facts.add(format!("{key} {column}"), "a sentence", value);
    }
}

fn pair(facts: &mut Facts, text: &str, (a, ida): (&str, &str), (b, idb): (&str, &str)) {
    if text.starts_with("Does \"wiggle room\"") {
        let between = text.split_once("Between models").map_or("", |t| t.1);
        let value = after(between, &format!("{a} − {b} "));
        facts.add(format!("wiggle {a} − {b}"), "a sentence", value.unwrap_or(""));
    }
    if !text.starts_with(&format!("{a} against {b}: ")) {
        return;
    }
    let key = format!("{ida} - {idb} {} {}", shown_modes(ida), shown_modes(idb));
    for (what, before) in [("corrupted", "under corruption "), ("rpc", "that is kept ")] {
        verdict(facts, &format!("{key} {what}"), text.split_once(before).unwrap().1);
    }
    for (what, before) in [("ahead", "to be ahead in "), ("behind", "behind in "), ("open", "; in ")] {
        let conditions = text.split_once("single conditions").unwrap().1;
        facts.add(format!("{ida} {idb} {what}"), "a sentence", after(conditions, before).unwrap());
    }
}

/// The points of Figure 5 and of the figure of dimensionality, with many decimals.
pub(crate) fn figures(facts: &mut Facts, contents: &Contents) {
    let ids = names();
    for line in &contents.fig5.as_ref().unwrap().data.lines {
        for p in &line.points {
            let what = if p.severity == 0 { "clean".to_owned() } else { format!("severity {}", p.severity) };
            let key = format!("{} {} {what}", ids[&line.model], line.mode_choice.key());
            facts.add(key, "Figure 5", &format!("{:.9}", p.mean * 100.0));
        }
    }
    for line in &contents.dimensions.as_ref().unwrap().data.ranks {
        for (severity, i) in &line.points {
            let what = if *severity == 0 { "clean 0".to_owned() } else { format!("severity {severity}") };
            let key = format!("{} effective_rank_pixels_foreground {what}", ids[&line.model]);
            facts.add(key, "figure of dimensionality", &format!("{:.9}", i.value));
        }
    }
}
