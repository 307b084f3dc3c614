//! Where wrong pixels went.

use super::confusions::confusions;
use super::detail_modes;
use super::parts::{bullets, first_draw, level};
use crate::contents::Contents;
use crate::errors::{self, Under, background_share, confusion, error_split};
use crate::format::{p_value, percent, range, signed};
use crate::verdict::HoldsFor;
use maud::{Markup, html};
use scribe_records::ModelId;

/// The most corruptions beyond the paper's that a row names.
const MOST_NAMED: usize = 2;

/// Where the wrong pixels of each model went; `None` where nothing was measured.
pub(super) fn errors(c: &Contents<'_>) -> Option<Markup> {
    if c.view.without_background {
        return confusions(c).map(|table| html! { (table) (frequency(c)) });
    }
    // One foreground class can be taken for no other, so nothing is shown of which of the two happened.
    let several = c.view.classes.len() > 2;
    let rows: Vec<Markup> = c.view.models.iter().flat_map(|m| error_rows(c, m)).collect();
    (!rows.is_empty()).then(|| {
        html! {
            p.caption {
                "Share of all labelled pixels in percent, " (detail_modes(c)) ": foreground taken for \
                 background, " @if several { "one foreground class for another, " } "background for foreground."
                @if several {
                    " Last column: of the wrong foreground pixels, the percentage that went to background."
                }
                (first_draw(c))
            } "\n"
            div.scroll {
                table {
                    thead {
                        tr {
                            th.stub { "Model" } th.stub { "Pictures" } th { "fg → bg" }
                            @if several { th { "fg → other fg" } } th { "bg → fg" } @if several { th { "to bg, of wrong fg" } }
                        }
                    }
                    tbody { "\n" @for row in &rows { (row) } }
                }
            } "\n"
            (frequency(c))
        }
    })
}

fn error_rows(c: &Contents<'_>, model: &ModelId) -> Vec<Markup> {
    let (mode, several) = (&c.results.detail_mode(model), c.view.classes.len() > 2);
    let row = |(i, under): (usize, Under)| {
        let split = error_split(c.view, model, mode, under)?;
        let total = (split.wrong() + split.fg_right + split.bg_right) as f64;
        let share = |n: u64| percent(Some(n as f64 / total.max(1.0)), 1, "–");
        let toward = percent(background_share(c.view, model, mode, under), 1, "–");
        Some(html! {
            tr class=[(i == 0).then_some("block")] {
                td.stub { @if i == 0 { (c.view.title(model)) } } td.stub { (title(c, under)) }
                td { (share(split.fg_to_bg)) } @if several { td { (share(split.fg_to_fg)) } }
                td { (share(split.bg_to_fg)) } @if several { td { (toward) } }
            } "\n"
        })
    };
    Under::all().into_iter().enumerate().filter_map(row).collect()
}

/// The heading of a row: corruptions beyond the paper's by their names, where these are few.
fn title(c: &Contents<'_>, under: Under) -> String {
    let extras: Vec<String> = c.view.extras().iter().map(|name| name.replace('_', " ")).collect();
    match under {
        Under::Extra if extras.len() <= MOST_NAMED => extras.join(", "),
        _ => under.title().to_owned(),
    }
}

/// The test of the paper's sentence about label frequency; nothing where it could not be made.
fn frequency(c: &Contents<'_>) -> Markup {
    let whose = match c.view.about.training_pixels {
        Some(_) => "the training set",
        None => "this evaluation set (the training set's was not counted)",
    };
    let kind = if c.view.without_background { "classes" } else { "foreground classes" };
    let items: Vec<String> = c.view.models.iter().filter_map(|m| frequency_sentence(c, m)).collect();
    html! {
        @if !items.is_empty() {
            p {
                "The paper says that confusions between foreground classes follow the label frequency of the \
                 training set. "
                @if c.view.without_background { "Here no class is a background, so all of them count. " }
                "Correlation between a class's labelled pixels in " (whose) " and the pixels of other " (kind) " \
                 that were taken for it, under corruption. It is a sentence about classes, so it counts \
                 as established only where the permutation of classes says so and the interval leaves out \
                 zero:"
            } "\n"
            (bullets("notes", &items))
        }
    }
}

fn frequency_sentence(c: &Contents<'_>, model: &ModelId) -> Option<String> {
    let mode = c.results.detail_mode(model);
    let total = confusion(c.view, model, &mode, Under::Corrupted)?;
    let own = || (0..total.classes()).map(|class| total.truth_total(class)).collect::<Vec<u64>>();
    let pixels = c.view.about.training_pixels.clone().unwrap_or_else(own);
    let test = errors::frequency(c.view, model, &mode, &pixels, &c.bootstrap)?;
    Some(format!(
        "{}: Spearman's rho {} over {} classes, permutation {}: {} ({}\u{a0}% interval over {} \
         {}).",
        c.view.title(model),
        signed(test.rho.value, 2),
        test.classes,
        p_value(test.p),
        test.verdict(HoldsFor::of(c.view, [model])),
        level(&c.bootstrap),
        c.view.resampled_in_first_draw(),
        range(&test.rho, 1.0, 2)
    ))
}
