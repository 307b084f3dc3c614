//! Which differences between models are established, how often one is ahead, and what training seeds add.

use super::parts::{empty, head, level, range, stub, stub_head};
use super::power::power;
use crate::bootstrap::Interval;
use crate::contents::Contents;
use crate::format::{percent, signed_end};
use crate::names::Group;
use crate::seeds::SeedResults;
use crate::summary::{ModelResults, Quantity};
use crate::tables::duels;
use crate::verdict::{ENOUGH_SEEDS, HoldsFor, ONE_PICTURE};
use maud::{Markup, html};

/// Differences with paired intervals, wins by interval, seeds; `None` for fewer than two models of one seed
/// each.
pub(super) fn gaps(c: &Contents<'_>) -> Option<Markup> {
    let shown = c.shown();
    if shown.len() < 2 || c.resampled.is_empty() {
        return seeds(c);
    }
    let quantities = quantities(&shown);
    Some(html! {
        p.caption {
            "Difference in mIoU in percent points (" (c.mode_choice.title()) "; rPC in percent points of itself), \
             with the " (level(&c.bootstrap)) " % interval of a paired bootstrap over " (c.resampled()) ". A \
             difference is called established when its interval leaves out zero; with many differences in one table, some \
             will by chance. " (about(c)) " Near the edge: with other resamples the verdict could turn. All differences, \
             down to single conditions: differences.csv."
        } "\n"
        div.scroll tabindex="0" {
            table.sortable.dense {
                thead { tr { (stub_head("Difference")) @for (name, _) in &quantities { (head(name)) } } }
                tbody {
                    "\n"
                    @for (i, b) in shown.iter().enumerate() {
                        @for a in &shown[i + 1..] { (row(c, a, b, &quantities)) }
                    }
                }
            }
        } "\n"
        (wins(c)) @if let Some(seeds) = seeds(c) { (seeds) } (power(c))
    })
}

/// The title of the section, which says what its verdicts are about.
pub(super) fn title(c: &Contents<'_>) -> &'static str {
    match HoldsFor::of(c.view, &c.view.models) {
        HoldsFor::ThisPicture => "Which differences are established for this picture alone",
        HoldsFor::TheseTrainings => "Which differences are established for these trainings",
        HoldsFor::TrainingsLikeThese => "Which differences are established",
    }
}

/// What the verdicts of the table are about.
fn about(c: &Contents<'_>) -> String {
    match HoldsFor::of(c.view, &c.view.models) {
        HoldsFor::ThisPicture => ONE_PICTURE.to_owned(),
        HoldsFor::TheseTrainings => format!(
            "Established is about these trainings: with fewer than {ENOUGH_SEEDS} training seeds of a model, seeds of one sign \
             come about by chance too often to speak of other trainings."
        ),
        HoldsFor::TrainingsLikeThese => "It is about trainings like these.".to_owned(),
    }
}

/// The quantities of the table and their names; a group that was not run gets no column.
fn quantities(shown: &[&ModelResults<'_>]) -> Vec<(&'static str, Quantity<'static>)> {
    let mut quantities =
        vec![("clean", Quantity::Clean), ("all corrupted", Quantity::Cor), ("rPC", Quantity::Rpc)];
    quantities.extend(Group::ALL.map(|g| (g.title(), Quantity::Group(g))));
    quantities.retain(|(_, quantity)| shown.iter().any(|of| of.value(*quantity).is_some()));
    quantities
}

fn row(
    c: &Contents<'_>,
    a: &ModelResults<'_>,
    b: &ModelResults<'_>,
    quantities: &[(&str, Quantity<'_>)],
) -> Markup {
    html! {
        tr {
            (stub(&format!("{} − {}", a.title(), b.title())))
            @for (_, quantity) in quantities { (gap_cell(c.resampled.paired_gap(a, b, *quantity))) }
        } "\n"
    }
}

/// Wins, ties and losses over single conditions; nothing without any.
fn wins(c: &Contents<'_>) -> Markup {
    let all = duels(&c.differences, c.mode_choice);
    let conditions = all.iter().map(|d| d.by_interval.iter().sum::<usize>()).max().unwrap_or(0);
    let chance = format!("{:.0}", conditions as f64 * (1.0 - c.bootstrap.level));
    let rows = html! {
        @for d in &all {
            tr {
                td.stub { (c.view.title(&d.a)) " against " (c.view.title(&d.b)) }
                @for n in d.by_interval.iter().chain(&d.by_digits) { td { (n) } }
            } "\n"
        }
    };
    let heads = ["ahead", "not established", "behind", "higher", "equal", "lower"];
    html! {
        @if !all.is_empty() {
            h3 { "Wins, ties and losses over " (conditions) " conditions" } "\n"
            p.caption {
                "By interval: a win needs an interval that leaves out zero, and of " (conditions) " \
                 conditions without any true difference about " (chance) " would still pass by chance. By \
                 digits: as the paper compares, in percent with one decimal."
            } "\n"
            div.scroll tabindex="0" {
                table {
                    thead {
                        tr.groups { th {} th colspan="3" { "by interval" } th colspan="3" { "by digits" } }
                        tr { th.stub { "Models" } @for name in heads { th { (name) } } }
                    }
                    tbody { "\n" (rows) }
                }
            } "\n"
        }
    }
}

/// Each model's seeds; `None` where no model has two.
fn seeds(c: &Contents<'_>) -> Option<Markup> {
    let several = c.shown().into_iter().filter(|of| c.view.seeds(of.model()).len() > 1);
    let rows: Vec<Markup> = several.flat_map(seed_rows).collect();
    (!rows.is_empty()).then(|| {
        html! {
            h3 { "Training seeds" } "\n"
            p.caption {
                "In percent (" (c.mode_choice.title()) "). All seeds: the mean over seeds, for rPC the ratio of \
                 the two means. Spread: sample standard deviation over seeds. The intervals above draw seeds \
                 as well as pictures, and of n seeds the seeds' part of them is too narrow by a factor of about the root of \
                 (n − 1) / n; METHODOLOGY.md says how often they err."
            } "\n"
            div.scroll tabindex="0" {
                table {
                    thead {
                        tr {
                            th.stub { "Model" } th.stub { "Quantity" } th { "all seeds" } th { "spread" }
                            th.left { "seed: value" }
                        }
                    }
                    tbody { "\n" @for row in &rows { (row) } }
                }
            } "\n"
        }
    })
}

fn seed_rows(of: &ModelResults<'_>) -> Vec<Markup> {
    let seeds = SeedResults::new(of);
    let quantities = [("clean", Quantity::Clean), ("all corrupted", Quantity::Cor), ("rPC", Quantity::Rpc)];
    let row = |(name, quantity): (&str, Quantity<'_>)| {
        let spread = seeds.spread(quantity)?;
        let value = |(seed, v): &(u64, f64)| format!("{seed}: {}", percent(Some(*v), 1, "–"));
        let each: Vec<String> = spread.values.iter().map(value).collect();
        Some(html! {
            tr {
                td.stub { (of.title()) } td.stub { (name) }
                td { (percent(Some(spread.value), 1, "–")) } td { (percent(spread.deviation, 2, "–")) }
                td.left { (each.join(", ")) }
            } "\n"
        })
    };
    quantities.into_iter().filter_map(row).collect()
}

pub(super) fn gap_cell(gap: Option<Interval>) -> Markup {
    let Some(gap) = gap else { return empty() };
    let value = gap.value * 100.0;
    html! {
        td.verdict data-value=(format!("{value:.4}")) {
            (signed_end(value, 1)) small { (range(&gap)) }
            @if gap.excludes_zero() { span.tag.yes { "established" } }
            @else { span.tag { "not established" } }
            @if gap.near_edge() { span.tag { "near the edge" } }
        }
    }
}
