//! Where the uncertainty of Table 2 comes from, and of every corruption.

use super::figures::plate;
use super::parts::{empty, head, stub, stub_head};
use crate::contents::Contents;
use crate::format::{fixed, percent, signed};
use crate::summary::ModeChoice;
use crate::variance::{Split, VarianceSplits};
use maud::{Markup, html};

/// The quantities of Table 2 by their names in lists, with their headings there.
const QUANTITIES: [(&str, &str); 3] = [("clean", "val"), ("corrupted", "cor"), ("rpc", "rPC")];

/// The parts of a standard error, as columns of the table.
const PARTS: [&str; 6] = ["pictures", "draws", "trainings", "both", "total", "one draw"];

/// The table and the figure; `None` where the corruptions were drawn once.
pub(super) fn variance(c: &Contents<'_>) -> Option<Markup> {
    let drawn = c.variance.as_ref()?;
    let seeds: Vec<String> = c.view.master_seeds.iter().map(u64::to_string).collect();
    let shown = shown(&drawn.data);
    let several = drawn.data.all.iter().any(|split| split.parts.trainings.is_some());
    let rows = [false, true].map(|differences| rows(c, &drawn.data, (&shown, differences)));
    Some(html! {
        p.caption {
            "How uncertain each number of Table 2 is, in points: the standard error that the pictures" @if several { "," }
            @else { " and" } " the draws of the corruptions (master seeds " (seeds.join(", ")) ")"
            @if several { " and the trainings" } " leave in it; total is the root of the sum of squares"
            @if !several { ", and holds no luck of training, because each model was trained once" } ". One draw: how far the number would spread between runs \
             of a single master seed each, with these pictures" @if several { " and trainings" } ". "
            @if several { "Both: what trainings and draws give together. " }
            "Clean pictures, and corruptions without a random number, have no draw. With few draws a part is \
             itself uncertain: of two it has one degree of freedom. METHODOLOGY.md has the formulas, and \
             variance.csv the same for every cell."
        } "\n"
        (table("Model", &shown, &rows[0]))
        @if !rows[1].is_empty() {
            p.caption {
                "The same of the differences between two models, which is what is tested: what both have in common, such as \
                 hard pictures, cancels. Models whose trainings are not paired by their seeds have no row."
            } "\n"
            (table("Difference", &shown, &rows[1]))
        }
        (plate("variance-figure", &drawn.svg, "Standard error of the mIoU in points, mean over the severities of \
            a corruption, by where it comes from. A corruption without a draw has no bar of draws; a part that \
            is estimated as zero has none either."))
    })
}

/// The standard errors of a number, in the order of [`PARTS`].
fn errors(split: &Split) -> [Option<f64>; 6] {
    let p = &split.parts;
    let variances = [Some(p.pictures), p.draws, p.trainings, p.both, Some(p.total()), p.one_draw];
    variances.map(|variance| variance.map(f64::sqrt))
}

/// The parts that some number has: of a single training there are none of trainings.
fn shown(splits: &VarianceSplits) -> Vec<usize> {
    (0..PARTS.len()).filter(|part| splits.all.iter().any(|split| errors(split)[*part].is_some())).collect()
}

fn table(whose: &str, shown: &[usize], rows: &[Markup]) -> Markup {
    html! {
        div.scroll tabindex="0" {
            table.sortable.grouped {
                thead {
                    tr {
                        (stub_head("Number")) (stub_head(whose)) (head("value"))
                        @for name in shown.iter().map(|column| PARTS[*column]) { (head(name)) }
                    }
                }
                tbody { "\n" @for row in rows { (row) } }
            }
        } "\n"
    }
}

/// The rows of the models, or of their differences.
fn rows(c: &Contents<'_>, splits: &VarianceSplits, (shown, differences): (&[usize], bool)) -> Vec<Markup> {
    let mut rows = Vec::new();
    for (key, name) in QUANTITIES {
        for choice in ModeChoice::held_by(c.view) {
            let name = match choice {
                ModeChoice::Single => name.to_owned(),
                other => format!("{name}+{}", other.key().replacen("msc", "MSC", 1)),
            };
            let of_models = splits.all.iter().filter(|split| split.minus.is_some() == differences);
            let of_models = of_models.filter(|split| split.mode_choice == choice && split.quantity == key);
            rows.extend(of_models.enumerate().map(|(i, split)| row(c, &name, split, (i == 0, shown))));
        }
    }
    rows
}

fn row(c: &Contents<'_>, name: &str, split: &Split, (first, shown): (bool, &[usize])) -> Markup {
    let errors = errors(split);
    html! {
        tr class=[super::parts::block(first)] {
            (stub(name)) (stub(&split.title(c.view)))
            td data-value=(split.value) {
                @if split.minus.is_some() { (signed(100.0 * split.value, 1)) } @else { (percent(Some(split.value), 1, "–")) }
            }
            @for error in shown.iter().map(|part| errors[*part]) {
                @match error {
                    Some(error) => td data-value=(error) { (fixed(100.0 * error, 2)) },
                    None => (empty()),
                }
            }
        } "\n"
    }
}
