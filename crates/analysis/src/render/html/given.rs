//! Conditions whose pictures are given beside the corruptions, and pixels that are scored nowhere.

use crate::contents::Contents;
use crate::format::{fixed, percent};
use crate::given::Likeness;
use crate::unmapped::unmapped;
use maud::{Markup, html};
use scribe_records::{Condition, CorruptionInfo};
use std::collections::BTreeMap;

/// Corruptions that are shown beside a given condition, those that are most like it.
const SHOWN: usize = 3;

/// How alike given pictures and corruptions are; `None` where no condition is given.
pub(super) fn given(c: &Contents<'_>) -> Option<Markup> {
    let mut groups: BTreeMap<(&Condition, usize), Vec<&Likeness>> = BTreeMap::new();
    for one in &c.given {
        let place = one.model.as_ref().and_then(|model| c.view.models.iter().position(|m| m == model));
        groups.entry((&one.given, place.unwrap_or(c.view.models.len()))).or_default().push(one);
    }
    let rows: Vec<Markup> = groups.into_values().flat_map(|group| rows(c, group)).collect();
    (!rows.is_empty()).then(|| {
        html! {
            p.caption {
                "Pictures that no corruption made, beside the corruptions that are most like them, and the one of the same \
                 name. mIoU in percent; that of a corruption is the mean over its severities. Rank correlation (Spearman): \
                 for a model, whether the pictures that lose most pixel accuracy against their clean ones are the same; for \
                 all models, whether the same models are ahead. given.csv has every pair."
                @if c.view.draw_count() > 1 {
                    " The rank correlations of models are of the first draw of the corruptions alone."
                }
            } "\n"
            div.scroll {
                table {
                    thead {
                        tr {
                            th.stub { "Pictures" } th.stub { "Model" } th { "mIoU" } th.stub { "Corruption" }
                            th { "mIoU" } th { "rank correlation" } th { "over" }
                        }
                    }
                    tbody { "\n" @for row in &rows { (row) } }
                }
            } "\n"
        }
    })
}

/// The rows of one given condition and one model.
fn rows(c: &Contents<'_>, mut group: Vec<&Likeness>) -> Vec<Markup> {
    group.sort_by(|a, b| b.rho.unwrap_or(f64::NEG_INFINITY).total_cmp(&a.rho.unwrap_or(f64::NEG_INFINITY)));
    let of_name = |one: &Likeness| {
        one.given.corruption.strip_prefix(CorruptionInfo::GIVEN_PREFIX) == Some(one.corruption.as_str())
    };
    let shown = group.iter().enumerate().filter(|(place, one)| *place < SHOWN || of_name(one));
    let row = |(_, one): (usize, &&Likeness)| {
        let model = one.model.as_ref().map_or_else(|| "all models".to_owned(), |model| c.view.title(model));
        let over = if one.model.is_some() { "pictures" } else { "models" };
        html! {
            tr {
                td.stub { (one.given.corruption.replace('_', " ")) " " (one.given.severity) } td.stub { (model) }
                td { (percent(one.given_miou, 1, "–")) } td.stub { (one.corruption.replace('_', " ")) }
                td { (percent(one.corrupted_miou, 1, "–")) }
                td { (one.rho.map_or_else(|| "–".to_owned(), |rho| fixed(rho, 2))) } td { (one.pairs) " " (over) }
            } "\n"
        }
    };
    shown.map(row).collect()
}

/// The share of the labelled pixels that a model's map ignores; `None` where there are none.
pub(super) fn ignored(c: &Contents<'_>) -> Option<Markup> {
    let found = unmapped(c.view);
    let rows: Vec<Markup> = c.view.models.iter().filter_map(|model| {
        let share = |clean: bool| {
            let cells = c.view.confusions.iter();
            let mine = cells.filter(|(cell, _)| cell.series.model == *model && cell.condition.is_clean() == clean);
            let (mut ignored, mut all) = (0, 0);
            for (_, confusion) in mine {
                let unmapped: u64 = (0..confusion.classes()).map(|class| confusion.unmapped(class)).sum();
                (ignored, all) = (ignored + unmapped, all + unmapped + confusion.total());
            }
            (all > 0).then(|| ignored as f64 / all as f64)
        };
        found.iter().any(|one| one.cell.series.model == *model).then(|| html! {
            tr {
                td.stub { (c.view.title(model)) } td { (percent(share(true), 2, "–")) } td { (percent(share(false), 2, "–")) }
            } "\n"
        })
    }).collect();
    (!rows.is_empty()).then(|| {
        html! {
            p.caption {
                "Share of the labelled pixels in percent at which a model predicted a class that its map ignores. They are \
                 part of no other number here: a model is scored at the other pixels alone. unmapped.csv has them by class."
            } "\n"
            div.scroll {
                table {
                    thead { tr { th.stub { "Model" } th { "clean" } th { "corrupted" } } }
                    tbody { "\n" @for row in &rows { (row) } }
                }
            } "\n"
        }
    })
}
