//! The summary, the paper's check, and what is needed to make the report again.

use super::parts::{bullets, level, pairs};
use crate::check_paper::check_paper;
use crate::contents::Contents;
use crate::render::fig3::thousands;
use crate::sentences;
use maud::{Markup, html};
use scribe_records::ModelId;

pub(super) fn summary(c: &Contents<'_>) -> Markup {
    let mut limits = c.extra.notes.clone();
    limits.extend(sentences::limits(c.view, &c.bootstrap));
    let cards = [
        ("card", "What the numbers say", sentences::findings(c)),
        ("card wide", "What is established, and what is not", sentences::established(c)),
        ("card limits", "What they do not say", limits),
    ];
    html! {
        div.summary {
            "\n"
            @for (class, title, items) in &cards {
                div class=(class) { "\n" h3 { (title) } "\n" (bullets("", items)) } "\n"
            }
        } "\n"
    }
}

pub(super) fn paper() -> Markup {
    let sentences = check_paper().sentences();
    let (head, rest): (Vec<String>, Vec<String>) =
        sentences.into_iter().partition(|s| !s.contains("printed mean is"));
    html! {
        p.caption {
            "Recomputed from the printed numbers alone. Table 1's printed Mean row is therefore never used \
             as a target here; its cells agree with (single scale + multi-scale) / 2, and Table 1 above is \
             formed that way where both were run."
        } "\n"
        (bullets("notes", &head))
        details {
            summary { "All " (rest.len()) " printed means that differ from their cells" } "\n"
            (bullets("notes", &rest))
        } "\n"
    }
}

pub(super) fn reproduce(c: &Contents<'_>) -> Markup {
    let seeds = |m: &ModelId| {
        let seeds: Vec<String> = c.view.seeds(m).iter().map(u64::to_string).collect();
        format!("{}: {}", c.view.title(m), seeds.join(", "))
    };
    let seeds: Vec<String> = c.view.models.iter().map(seeds).collect();
    let intervals = format!(
        "{} resamples of {}, percentile, {} %, ChaCha8 seed {}",
        c.bootstrap.resamples,
        c.resampled(),
        level(&c.bootstrap),
        c.bootstrap.seed
    );
    let rows = [
        ("training seeds", seeds.join("; ")),
        ("inputs with stored SHA-256", inputs(c)),
        ("intervals", intervals),
    ];
    let times = c.extra.durations.iter().map(|(stage, s)| (format!("time: {stage}"), duration(*s)));
    let rows: Vec<_> = rows.map(|(name, value)| (name.to_owned(), value)).into_iter().chain(times).collect();
    html! {
        @if !c.extra.commands.is_empty() { pre { (c.extra.commands.join("\n")) } "\n" }
        (pairs(&rows))
        @if !c.view.about.rows.is_empty() {
            details { summary { "The manifest" } "\n" (pairs(&c.view.about.rows)) } "\n"
        }
    }
}

/// How many inputs have their SHA-256 stored, and of which kinds they are.
fn inputs(c: &Contents<'_>) -> String {
    let found = c.view.about.hashed_inputs;
    let corrupted = if c.given.is_empty() { "corrupted" } else { "corrupted or given" };
    let further = match found.further {
        0 => String::new(),
        further => format!(", {} under further draws of the corruptions", thousands(further)),
    };
    format!(
        "{} clean, {} {corrupted}{further} (all models saw the same bytes)",
        thousands(found.clean),
        thousands(found.corrupted)
    )
}

fn duration(seconds: f64) -> String {
    let whole = seconds.round().max(0.0) as u64;
    match (whole / 3600, whole / 60 % 60, whole % 60) {
        (0, 0, s) => format!("{s} s"),
        (0, m, s) => format!("{m} min {s} s"),
        (h, m, _) => format!("{h} h {m} min"),
    }
}
