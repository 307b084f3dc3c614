//! How many pictures would show a difference between models.

use super::parts::{empty, stub};
use crate::contents::Contents;
use crate::format::{fixed, signed};
use crate::power::{PowerRow, images};
use maud::{Markup, html};

/// The spread of each pair's difference and the numbers of pictures that follow; nothing without two models.
pub(super) fn power(c: &Contents<'_>) -> Markup {
    let images = c.view.images.len();
    html! {
        @if !c.power.is_empty() {
            h3 { "How many pictures would show a difference of one point" } "\n"
            p.caption {
                "From the paired bootstrap over the pictures, " (held(c)) " held fixed. One picture: the standard deviation \
                 that one picture has in the difference, in percent points. Shown: the difference that " (images) " pictures \
                 show with a power of 80 %, by intervals of 95 %. Pictures: as many show a difference of one point, or that \
                 a model as good as the other is not worse by one point. Equivalent: as many show that equal models differ \
                 by no more than one point (two one-sided tests). " code { "scribe power" } " computes them for any \
                 number, difference and power."
            } "\n"
            div.scroll tabindex="0" {
                table {
                    thead {
                        tr {
                            th.stub { "Difference" } th.stub { "Quantity" } th { "points" } th { "one picture" }
                            th { "shown" } th { "pictures" } th { "equivalent" }
                        }
                    }
                    tbody { "\n" @for row in &c.power { (line(row)) } }
                }
            } "\n"
        }
    }
}

/// What a resample of pictures alone keeps as it is.
fn held(c: &Contents<'_>) -> &'static str {
    if c.view.draw_count() > 1 { "training seeds and draws of the corruptions" } else { "training seeds" }
}

fn line(row: &PowerRow) -> Markup {
    let quantity = match row.target.as_str() {
        "miou:clean" => "clean",
        "mpc" => "all corrupted",
        "rpc" => "rPC",
        other => other,
    };
    let points = |value: f64, decimals: usize| {
        html! { @if value.is_finite() { td { (fixed(value, decimals)) } } @else { (empty()) } }
    };
    html! {
        tr {
            (stub(&format!("{} − {}", row.a, row.b))) td.stub { (quantity) } td { (signed(row.difference.value, 1)) }
            (points(row.spread, 1)) (points(row.shown, 1)) td { (images(row.images)) }
            td { (images(row.for_equivalence)) }
        } "\n"
    }
}
