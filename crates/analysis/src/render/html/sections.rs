//! The summary, the error split, the paper's check, and what is needed to make the report again.

use super::super::fig3::thousands;
use super::looks;
use super::{bullets, pairs};
use crate::check_paper::check_paper;
use crate::contents::Contents;
use crate::errors::{self, Under, background_share, confusion, error_split};
use crate::extra::ReportExtra;
use crate::format::{fixed, percent, range, signed};
use crate::render::svg::escape;
use crate::sentences;
use crate::summary::look;
use crate::view::View;

pub(super) fn summary(view: &View, contents: &Contents, extra: &ReportExtra) -> String {
    let says = sentences::findings(view, contents);
    let established = sentences::established(view, contents);
    let mut limits = extra.notes.clone();
    limits.extend(sentences::limits(view));
    format!(
        "<div class=\"summary\">\n<div class=\"card\">\n<h3>What the numbers say</h3>\n{}</div>\n\
         <div class=\"card wide\">\n<h3>What is established, and what is not</h3>\n{}</div>\n\
         <div class=\"card limits\">\n<h3>What they do not say</h3>\n{}</div>\n</div>\n",
        bullets("", &says),
        bullets("", &established),
        bullets("", &limits)
    )
}

pub(super) fn errors(view: &View, contents: &Contents) -> String {
    let mut rows = String::new();
    for model in &view.models {
        let mode = &look(view, model);
        for (i, under) in Under::all().into_iter().enumerate() {
            let Some(split) = error_split(view, model, mode, under) else { continue };
            let total = (split.wrong() + split.fg_right + split.bg_right) as f64;
            let share = |n: u64| percent(Some(n as f64 / total.max(1.0)), 1, "–");
            let toward = percent(background_share(view, model, mode, under), 1, "–");
            let class = if i == 0 { " class=\"block\"" } else { "" };
            let name = if i == 0 { escape(&view.title(model)) } else { String::new() };
            rows.push_str(&format!(
                "<tr{class}><td class=\"stub\">{name}</td><td class=\"stub\">{}</td><td>{}</td><td>{}</td><td>{}</td><td>{toward}</td></tr>\n",
                under.title(),
                share(split.fg_to_bg),
                share(split.fg_to_fg),
                share(split.bg_to_fg)
            ));
        }
    }
    if rows.is_empty() {
        return String::new();
    }
    format!(
        "<p class=\"caption\">Share of all labelled pixels in percent, {}: foreground taken for background, one foreground class for another, background for foreground. \
         Last column: of the wrong foreground pixels, the percentage that went to background.</p>\n\
         <div class=\"scroll\"><table><thead><tr><th class=\"stub\">Model</th><th class=\"stub\">Pictures</th><th>fg → bg</th><th>fg → other fg</th><th>bg → fg</th><th>to bg, of wrong fg</th></tr></thead>\
         <tbody>\n{rows}</tbody></table></div>\n{}",
        looks(view),
        frequency(view, contents)
    )
}

/// The test of the paper's sentence about label frequency.
fn frequency(view: &View, contents: &Contents) -> String {
    let whose = if view.about.training_pixels.is_some() {
        "the training set"
    } else {
        "this evaluation set (the training set's was not counted)"
    };
    let items: Vec<String> = view
        .models
        .iter()
        .filter_map(|m| {
            let mode = look(view, m);
            let total = confusion(view, m, &mode, Under::Corrupted)?;
            let own = || (0..total.classes()).map(|c| total.truth_total(c)).collect::<Vec<u64>>();
            let pixels = view.about.training_pixels.clone().unwrap_or_else(own);
            let test = errors::frequency(view, m, &mode, &pixels, &contents.bootstrap)?;
            Some(format!(
                "{}: Spearman's rho {} over {} classes, permutation p = {}: {} ({:.0}\u{a0}% interval over pictures {}).",
                view.title(m),
                signed(test.rho.value, 2),
                test.classes,
                fixed(test.p, 3),
                test.verdict(),
                contents.bootstrap.level * 100.0,
                range(&test.rho, 1.0, 2)
            ))
        })
        .collect();
    if items.is_empty() {
        return String::new();
    }
    format!(
        "<p>The paper says that confusions between foreground classes follow the label frequency of the training set. \
         Correlation between a class's labelled pixels in {whose} and the pixels of other foreground classes that were taken for it, under corruption. It is a sentence about classes, so it counts as established only where the permutation of classes says so and the interval leaves out zero:</p>\n{}",
        bullets("notes", &items)
    )
}

pub(super) fn paper() -> String {
    let check = check_paper();
    let sentences = check.sentences();
    let (head, rest): (Vec<String>, Vec<String>) =
        sentences.into_iter().partition(|s| !s.contains("printed mean is"));
    format!(
        "<p class=\"caption\">Recomputed from the printed numbers alone. Table 1's printed Mean row is therefore never used as a target here; its cells agree with \
         (single scale + multi-scale) / 2, and Table 1 above is formed that way where both were run.</p>\n{}\
         <details><summary>All {} printed means that differ from their cells</summary>\n{}</details>\n",
        bullets("notes", &head),
        rest.len(),
        bullets("notes", &rest)
    )
}

pub(super) fn reproduce(view: &View, contents: &Contents, extra: &ReportExtra) -> String {
    let mut out = String::new();
    if !extra.commands.is_empty() {
        out.push_str(&format!("<pre>{}</pre>\n", escape(&extra.commands.join("\n"))));
    }
    let seeds: Vec<String> = view
        .models
        .iter()
        .map(|m| {
            let seeds: Vec<String> = view.seeds(m).iter().map(u64::to_string).collect();
            format!("{}: {}", view.title(m), seeds.join(", "))
        })
        .collect();
    let mut rows = vec![
        ("training seeds".to_owned(), seeds.join("; ")),
        (
            "corrupted inputs with stored SHA-256".to_owned(),
            format!("{} (all models saw the same bytes)", thousands(view.about.hashed_inputs)),
        ),
        (
            "intervals".to_owned(),
            format!(
                "{} resamples of pictures, percentile, {:.0} %, ChaCha8 seed {}",
                contents.bootstrap.resamples,
                contents.bootstrap.level * 100.0,
                contents.bootstrap.seed
            ),
        ),
    ];
    rows.extend(extra.durations.iter().map(|(stage, s)| (format!("time: {stage}"), duration(*s))));
    out.push_str(&pairs(&rows));
    if !view.about.rows.is_empty() {
        out.push_str(&format!(
            "<details><summary>The manifest</summary>\n{}</details>\n",
            pairs(&view.about.rows)
        ));
    }
    out
}

fn duration(seconds: f64) -> String {
    let whole = seconds.round().max(0.0) as u64;
    match (whole / 3600, whole / 60 % 60, whole % 60) {
        (0, 0, s) => format!("{s} s"),
        (0, m, s) => format!("{m} min {s} s"),
        (h, m, _) => format!("{h} h {m} min"),
    }
}
