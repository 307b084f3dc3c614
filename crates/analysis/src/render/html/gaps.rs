//! Which differences between models are established, how often one is ahead, and what training seeds add.

use super::grid::range;
use crate::bootstrap::{Interval, Over};
use crate::contents::Contents;
use crate::format::{percent, signed};
use crate::names::Group;
use crate::render::svg::escape;
use crate::seeds::seed_spread;
use crate::tables::duels;
use crate::view::View;

/// Differences with paired intervals, wins by interval, seeds; empty text for fewer than two models.
pub(super) fn gaps(view: &View, contents: &Contents) -> String {
    let mut overs = vec![("clean", Over::Clean), ("all corrupted", Over::Corrupted), ("rPC", Over::Retained)];
    overs.extend(Group::ALL.map(|g| (g.title(), Over::Group(g))));
    // A group that was not run gets no column.
    overs.retain(|(_, over)| view.models.iter().any(|m| over.point(view, m, contents.cells).is_some()));
    let mut rows = String::new();
    for (i, b) in view.models.iter().enumerate() {
        for a in &view.models[i + 1..] {
            let cells: String = overs
                .iter()
                .map(|(_, over)| gap_cell(contents.resampled.paired_gap(view, a, b, contents.cells, *over)))
                .collect();
            let name = format!("{} − {}", view.title(a), view.title(b));
            rows.push_str(&format!(
                "<tr><td class=\"stub\" data-value=\"{0}\">{0}</td>{cells}</tr>\n",
                escape(&name)
            ));
        }
    }
    if rows.is_empty() || contents.resampled.is_empty() {
        return seeds(view, contents);
    }
    let head = |name: &str| format!("<th><button type=\"button\">{}</button></th>", escape(name));
    let heads: String = overs.iter().map(|(name, _)| head(name)).collect();
    format!(
        "<p class=\"caption\">Difference in mIoU in percent points ({}; rPC in percent points of itself), with the {:.0} % interval of a paired bootstrap over pictures and training seeds. \
         A difference is called established when its interval leaves out zero; with many differences in one table, some will by chance. \
         Near the edge: with other resamples the verdict could turn. \
         All differences, down to single conditions: differences.csv.</p>\n\
         <div class=\"scroll\" tabindex=\"0\"><table class=\"sortable dense\"><thead><tr><th class=\"stub\"><button type=\"button\">Difference</button></th>{heads}</tr></thead><tbody>\n{rows}</tbody></table></div>\n{}{}",
        escape(contents.cells.title()),
        contents.bootstrap.level * 100.0,
        wins(view, contents),
        seeds(view, contents)
    )
}

/// Wins, ties and losses over single conditions.
fn wins(view: &View, contents: &Contents) -> String {
    let all = duels(&contents.differences, contents.cells);
    let rows: String = all
        .iter()
        .map(|d| {
            let name = format!("{} against {}", view.title(&d.a), view.title(&d.b));
            let counts: String =
                d.by_interval.iter().chain(&d.by_digits).map(|n| format!("<td>{n}</td>")).collect();
            format!("<tr><td class=\"stub\">{}</td>{counts}</tr>\n", escape(&name))
        })
        .collect();
    if rows.is_empty() {
        return String::new();
    }
    let conditions = all.iter().map(|d| d.by_interval.iter().sum::<usize>()).max().unwrap_or(0);
    format!(
        "<h3>Wins, ties and losses over {conditions} conditions</h3>\n<p class=\"caption\">By interval: a win needs an interval that leaves out zero, and of {conditions} conditions without any true difference about {:.0} would still pass by chance. \
         By digits: as the paper compares, in percent with one decimal.</p>\n\
         <div class=\"scroll\" tabindex=\"0\"><table><thead><tr class=\"groups\"><th></th><th colspan=\"3\">by interval</th><th colspan=\"3\">by digits</th></tr>\
         <tr><th class=\"stub\">Models</th><th>ahead</th><th>not established</th><th>behind</th><th>higher</th><th>equal</th><th>lower</th></tr></thead><tbody>\n{rows}</tbody></table></div>\n",
        conditions as f64 * (1.0 - contents.bootstrap.level)
    )
}

/// Each model's seeds; empty text where no model has two.
fn seeds(view: &View, contents: &Contents) -> String {
    let mut rows = String::new();
    for model in view.models.iter().filter(|m| view.seeds(m).len() > 1) {
        for (name, over) in
            [("clean", Over::Clean), ("all corrupted", Over::Corrupted), ("rPC", Over::Retained)]
        {
            let Some(s) = seed_spread(view, model, contents.cells, over) else { continue };
            let each: Vec<String> =
                s.values.iter().map(|(seed, v)| format!("{seed}: {}", percent(Some(*v), 1, "–"))).collect();
            rows.push_str(&format!(
                "<tr><td class=\"stub\">{}</td><td class=\"stub\">{name}</td><td>{}</td><td>{}</td><td class=\"left\">{}</td></tr>\n",
                escape(&view.title(model)),
                percent(Some(s.value), 1, "–"),
                percent(s.deviation, 2, "–"),
                escape(&each.join(", "))
            ));
        }
    }
    if rows.is_empty() {
        return String::new();
    }
    format!(
        "<h3>Training seeds</h3>\n<p class=\"caption\">In percent ({}). All seeds: the mean over seeds, for rPC the ratio of the two means. Spread: sample standard deviation over seeds. The intervals above draw seeds as well as pictures; \
         with few seeds that makes them too narrow, by a factor of about the root of (n − 1) / n for the seeds' part.</p>\n\
         <div class=\"scroll\" tabindex=\"0\"><table><thead><tr><th class=\"stub\">Model</th><th class=\"stub\">Quantity</th><th>all seeds</th><th>spread</th><th class=\"left\">seed: value</th></tr></thead><tbody>\n{rows}</tbody></table></div>\n",
        escape(contents.cells.title())
    )
}

fn gap_cell(gap: Option<Interval>) -> String {
    let Some(gap) = gap else { return "<td data-value=\"\">–</td>".to_owned() };
    let tag = if gap.excludes_zero() {
        "<span class=\"tag yes\">established</span>"
    } else {
        "<span class=\"tag\">not established</span>"
    };
    let edge = if gap.near_edge() { "<span class=\"tag\">near the edge</span>" } else { "" };
    let value = gap.value * 100.0;
    format!(
        "<td data-value=\"{value:.4}\">{}<small>{}</small>{tag}{edge}</td>",
        signed(value, 1),
        range(&gap)
    )
}
