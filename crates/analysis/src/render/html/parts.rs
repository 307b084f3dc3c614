//! The small parts that the page's tables and lists are made of.

use crate::bootstrap::{Bootstrap, Interval};
use crate::contents::Contents;
use crate::format::{self, fixed};
use maud::{Markup, html};

/// "1.2 to 3.4" in percent.
pub(super) fn range(interval: &Interval) -> String {
    format::range(interval, 100.0, 1)
}

/// The coverage of the intervals, "95".
pub(super) fn level(how: &Bootstrap) -> String {
    format!("{:.0}", how.level * 100.0)
}

/// A further sentence of a caption, on numbers of which only the first draw of the corruptions was counted; nothing where
/// there is one draw.
pub(super) fn first_draw(c: &Contents<'_>) -> String {
    c.view.of_first_draw().map_or_else(String::new, |sentence| format!(" {sentence}"))
}

/// The heading of a column that can be sorted by.
pub(super) fn head(text: &str) -> Markup {
    html! { th { (button(text)) } }
}

/// The same, whose meaning in words shows under the pointer.
pub(super) fn head_with_title(text: &str, title: &str) -> Markup {
    html! { th title=(title) { (button(text)) } }
}

/// The heading of a column of names.
pub(super) fn stub_head(text: &str) -> Markup {
    html! { th.stub { (button(text)) } }
}

fn button(text: &str) -> Markup {
    html! { button type="button" { (text) } }
}

/// A name at the beginning of a row.
pub(super) fn stub(text: &str) -> Markup {
    html! { td.stub data-value=(text) { (text) } }
}

/// The class of a row, where it is the first of its block.
pub(super) fn block(first: bool) -> Option<&'static str> {
    first.then_some("block")
}

/// A cell without a value.
pub(super) fn empty() -> Markup {
    html! { td data-value="" { "–" } }
}

/// A measure in its own unit above its interval.
pub(super) fn measure(interval: Option<Interval>, decimals: usize) -> Markup {
    let Some(i) = interval else { return empty() };
    let [value, low, high] = [i.value, i.low, i.high].map(|x| fixed(x, decimals));
    html! { td data-value=(i.value) { (value) small { (low) " to " (high) } } }
}

/// A fraction in percent above its interval, where it has one.
pub(super) fn fraction(value: Option<f64>, interval: Option<Interval>) -> Markup {
    let sort = value.map_or_else(String::new, |v| format!("{:.4}", v * 100.0));
    html! {
        td data-value=(sort) {
            (format::percent(value, 1, "–"))
            @if let Some(i) = interval { small { (range(&i)) } }
        }
    }
}

/// A list of sentences; nothing for none.
pub(super) fn bullets(class: &str, items: &[String]) -> Markup {
    html! {
        @if !items.is_empty() {
            ul class=(class) { "\n" @for item in items { li { (item) } "\n" } } "\n"
        }
    }
}

/// A two-column table of names and values.
pub(super) fn pairs(rows: &[(String, String)]) -> Markup {
    let rows = html! { @for (name, value) in rows { tr { td { (name) } td { (value) } } "\n" } };
    html! { div.scroll { table.plain { tbody { "\n" (rows) } } } "\n" }
}
