//! Where the uncertainty of Table 2 comes from, and of every corruption.

use super::figures::plate;
use super::parts::{empty, head, head_with_title, stub, stub_head};
use crate::contents::Contents;
use crate::format::{fixed, percent};
use crate::summary::ModeChoice;
use crate::variance::{Split, VarianceSplits};
use maud::{Markup, html};

/// The quantities of Table 2 by their names in lists, with their headings there.
const QUANTITIES: [(&str, &str); 3] = [("clean", "val"), ("corrupted", "cor"), ("rpc", "rPC")];

/// The table and the figure; `None` where the corruptions were drawn once.
pub(super) fn variance(c: &Contents<'_>) -> Option<Markup> {
    let drawn = c.variance.as_ref()?;
    let seeds: Vec<String> = c.view.master_seeds.iter().map(u64::to_string).collect();
    let rows: Vec<Markup> = rows(c, &drawn.data);
    Some(html! {
        p.caption {
            "How far each number of Table 2 is uncertain, in points: the standard error that is left to the \
             pictures, to the draws of the corruptions (master seeds " (seeds.join(", ")) ") and to the \
             trainings, each averaged over as many as there are, from the variance components of a crossed \
             layout; total is the root of the sum of squares. Both: what trainings and draws give together. \
             One draw: how far this number would spread between runs of a single master seed each, with these \
             pictures and trainings. Clean pictures and corruptions without a random number have no draw. With \
             few draws or trainings a part is itself uncertain: of two it has one degree of freedom. \
             METHODOLOGY.md has the formulas, and variance.csv the same for every cell."
        } "\n"
        div.scroll tabindex="0" {
            table.sortable.grouped {
                thead {
                    tr {
                        (stub_head("Number")) (stub_head("Model")) (head("value"))
                        @for name in ["pictures", "draws", "trainings", "both", "total"] { (head(name)) }
                        (head_with_title("one draw", "standard deviation between runs of one master seed each"))
                    }
                }
                tbody { "\n" @for row in &rows { (row) } }
            }
        } "\n"
        (plate("variance-figure", &drawn.svg, "Standard error of the mIoU in points, mean over the severities of \
            a corruption, left to the pictures, to the draws and to the trainings. A bar that is missing is of \
            a corruption without a draw, or of a single training."))
    })
}

fn rows(c: &Contents<'_>, splits: &VarianceSplits) -> Vec<Markup> {
    let mut rows = Vec::new();
    for (key, name) in QUANTITIES {
        for choice in ModeChoice::held_by(c.view) {
            let name = match choice {
                ModeChoice::Single => name.to_owned(),
                other => format!("{name}+{}", other.key().replacen("msc", "MSC", 1)),
            };
            let of_models = c.view.models.iter().filter_map(|model| splits.get(model, choice, key));
            rows.extend(of_models.enumerate().map(|(i, split)| row(c, &name, split, i == 0)));
        }
    }
    rows
}

fn row(c: &Contents<'_>, name: &str, split: &Split, first: bool) -> Markup {
    let p = &split.parts;
    let errors = [Some(p.pictures), p.draws, p.trainings, p.both, Some(p.total()), p.one_draw];
    html! {
        tr class=[super::parts::block(first)] {
            (stub(name)) (stub(&c.view.title(&split.model)))
            td data-value=(split.value) { (percent(Some(split.value), 1, "–")) }
            @for error in errors.map(|variance| variance.map(f64::sqrt)) {
                @match error {
                    Some(error) => td data-value=(error) { (fixed(100.0 * error, 2)) },
                    None => (empty()),
                }
            }
        } "\n"
    }
}
