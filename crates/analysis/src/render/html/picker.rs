//! The part of the page where a reader picks a stored picture and condition.

use crate::error::Result;
use crate::render::palette::hex;
use crate::render::png::{classes_in, colour_labels};
use crate::view::{Cell, PanelView, View};
use crate::worst::picture_miou;
use base64::Engine;
use maud::{Markup, PreEscaped, html};
use scribe_records::Mode;
use serde_json::json;
use std::collections::BTreeSet;

/// The most bytes of pictures that a page carries; more would make it slow to open.
const BUDGET: usize = 16_000_000;

/// Three selections and the pictures as data, and how many pictures are not among them; `None` when the store holds no panels.
///
/// # Errors
/// A stored label map is not a PNG.
pub(super) fn picker(view: &View) -> Result<Option<Markup>> {
    let mut data = Vec::new();
    let mut bytes = 0;
    for panel in &view.panels {
        let (entry, size) = encoded(view, panel)?;
        bytes += size;
        if bytes > BUDGET {
            break;
        }
        data.push(entry);
    }
    let left_out = view.panels.len() - data.len();
    let too_large = too_large(view.panels_left_out);
    if data.is_empty() {
        return Ok(too_large.map(|note| html! { p.caption { (note) } "\n" }));
    }
    let select = |id: &str, label: &str| {
        html! { label { (label) " " select id={ "pick-" (id) } {} } "\n" }
    };
    Ok(Some(html! {
        p.caption {
            "What the networks saw and what they said; below a prediction, the mIoU of this one picture."
            @if left_out > 0 {
                " " (left_out) " further stored pictures were left out to keep this page small."
            }
            @if let Some(note) = &too_large { " " (note) }
        } "\n"
        div.pick {
            "\n" (select("image", "Picture")) (select("corruption", "Corruption"))
            (select("severity", "Severity"))
        } "\n"
        div #picked aria-live="polite" {} "\n"
        p id="legend" class="notes" {} "\n"
        script type="application/json" id="panels" { (for_script(data)) } "\n"
    }))
}

/// What the page says of stored pictures that were not decoded; nothing where there are none.
fn too_large(left_out: usize) -> Option<String> {
    (left_out > 0).then(|| {
        format!(
            "{} left out of this section and of Figure 6, because of their size: together, the pictures and label maps that a \
             page shows have at most 64 pixels for each byte of the store, or 67 million in a small one.",
            match left_out {
                1 => "One stored picture was".to_owned(),
                several => format!("{several} stored pictures were"),
            }
        )
    })
}

/// JSON as the text of a script element. "</script" would end the element and "<!--<script" would swallow
/// what follows it, so no "<" stays; outside of strings JSON has none, and in them the escaped form means the
/// same.
fn for_script(pictures: Vec<serde_json::Value>) -> PreEscaped<String> {
    PreEscaped(serde_json::Value::Array(pictures).to_string().replace('<', "\\u003c"))
}

fn encoded(view: &View, panel: &PanelView) -> Result<(serde_json::Value, usize)> {
    let text = |png: &[u8]| base64::engine::general_purpose::STANDARD.encode(png);
    let input = text(&panel.input);
    let label = text(&colour_labels(&panel.label, &view.palette)?);
    let mut size = input.len() + label.len();
    let mut predictions = Vec::new();
    for model in &view.models {
        let mut own: Vec<_> = panel.predictions.iter().filter(|(s, _)| s.model == *model).collect();
        own.sort_by_key(|(s, _)| (s.seed, s.mode != Mode::single()));
        for (series, png) in own {
            let seed =
                if view.seeds(model).len() > 1 { format!(", seed {}", series.seed) } else { String::new() };
            let picture = text(&colour_labels(png, &view.palette)?);
            size += picture.len();
            let name = format!("{}, {}{seed}", view.title(model), series.mode);
            let cell = Cell { series: series.clone(), condition: panel.condition.clone() };
            predictions.push(json!([name, picture, score(view, &cell, &panel.image)]));
        }
    }
    let entry = json!({
        "image": panel.image,
        "corruption": panel.condition.corruption,
        "severity": panel.condition.severity,
        "input": input,
        "label": label,
        "predictions": predictions,
        "classes": legend(view, panel)?,
    });
    Ok((entry, size))
}

/// mIoU of this one picture in percent with one decimal, or null where the store has no count of it.
fn score(view: &View, cell: &Cell, image: &str) -> serde_json::Value {
    let index = view.images.iter().position(|i| i == image);
    let found = view.per_image.get(cell).and_then(|all| all.iter().find(|(i, _)| Some(*i) == index));
    found
        .and_then(|(_, c)| picture_miou(c))
        .map_or(serde_json::Value::Null, |m| json!(format!("{:.1}", m * 100.0)))
}

/// Name and colour of the classes that the label or a prediction shows.
fn legend(view: &View, panel: &PanelView) -> Result<Vec<serde_json::Value>> {
    let mut present: BTreeSet<u8> = classes_in(&panel.label)?.into_iter().collect();
    for png in panel.predictions.values() {
        present.extend(classes_in(png)?);
    }
    let named = present.into_iter().filter_map(|c| {
        let (name, colour) = (view.classes.get(usize::from(c))?, view.palette.get(usize::from(c))?);
        Some(json!([name, hex(*colour)]))
    });
    Ok(named.collect())
}
