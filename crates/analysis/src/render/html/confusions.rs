//! The confusions that are most frequent, for classes without a background.

use super::detail_modes;
use super::parts::first_draw;
use crate::contents::Contents;
use crate::errors::{Under, confusion};
use crate::format::percent;
use maud::{Markup, html};
use scribe_records::{Confusion, ModelId};

/// How many confusions are shown of a model.
const SHOWN: usize = 8;

/// Pixels of one class that were taken for another, as a share of the former's pixels.
struct Pair {
    truth: usize,
    taken_for: usize,
    share: f64,
}

/// The most frequent confusions of each model under corruption; `None` where nothing was measured.
pub(super) fn confusions(c: &Contents<'_>) -> Option<Markup> {
    let rows: Vec<Markup> = c.view.models.iter().flat_map(|model| rows_of(c, model)).collect();
    (!rows.is_empty()).then(|| {
        html! {
            p.caption {
                "The most frequent confusions under the paper's corruptions, " (detail_modes(c)) ": of the \
                 labelled pixels of a class, the percentage that was taken for another one. None of the \
                 classes is a background."
                (first_draw(c))
            } "\n"
            div.scroll {
                table {
                    thead { tr { @for name in ["Model", "Class", "taken for"] { th.stub { (name) } } th { "%" } } }
                    tbody { "\n" @for row in &rows { (row) } }
                }
            } "\n"
        }
    })
}

fn rows_of(c: &Contents<'_>, model: &ModelId) -> Vec<Markup> {
    let all = confusion(c.view, model, &c.results.detail_mode(model), Under::Corrupted);
    let name = |class: usize| c.view.classes.get(class).map_or("", String::as_str);
    let row = |(i, pair): (usize, Pair)| {
        html! {
            tr class=[(i == 0).then_some("block")] {
                td.stub { @if i == 0 { (c.view.title(model)) } } td.stub { (name(pair.truth)) }
                td.stub { (name(pair.taken_for)) } td { (percent(Some(pair.share), 1, "–")) }
            } "\n"
        }
    };
    all.map(|all| largest(&all).into_iter().enumerate().map(row).collect()).unwrap_or_default()
}

/// The largest shares, of equal ones the first.
fn largest(confusion: &Confusion) -> Vec<Pair> {
    let classes = confusion.classes();
    let pairs = (0..classes).flat_map(|truth| (0..classes).map(move |taken_for| (truth, taken_for)));
    let wrong = pairs.filter(|(truth, taken_for)| truth != taken_for);
    let share = |(truth, taken_for)| {
        let (all, wrong) = (confusion.truth_total(truth), confusion.cell(truth, taken_for));
        (wrong > 0).then(|| Pair { truth, taken_for, share: wrong as f64 / all as f64 })
    };
    let mut found: Vec<Pair> = wrong.filter_map(share).collect();
    found.sort_by(|a, b| b.share.total_cmp(&a.share));
    found.truncate(SHOWN);
    found
}
