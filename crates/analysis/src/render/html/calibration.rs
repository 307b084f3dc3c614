//! Calibration and END by severity.

use super::by_severity::{Shown, by_severity, every_condition};
use super::figures::plate;
use super::parts::{bullets, first_draw, level};
use crate::contents::Contents;
use crate::format::fixed;
use crate::measures::{Measure, Scored};
use crate::render::beyond::FEWEST_PIXELS;
use crate::render::temperature_list::in_order;
use crate::summary::ModeChoice;
use crate::view::FittedTemperature;
use maud::{Markup, html};
use scribe_base::human;
use scribe_records::{Probability, Series, is_fitted_on};

const SHOWN: [Shown; 6] = [
    (Measure::Ece, "ECE (softmax)", 3),
    (Measure::Brier, "Brier (softmax)", 3),
    (Measure::NonDistinctivenessJoint, "END, joint", 3),
    (Measure::NonDistinctivenessPairwise, "END, pairwise", 3),
    (Measure::SigmoidEce, "ECE (sigmoid)", 3),
    (Measure::SigmoidBrier, "Brier (sigmoid)", 3),
];

/// What is shown beside a fitted temperature.
const AT_TEMPERATURE: [Shown; 11] = [
    (Measure::Scored(Scored::Ece, Probability::Softmax), "ECE, as it is", 3),
    (Measure::Scored(Scored::EceAtTemperature, Probability::Softmax), "ECE, at T", 3),
    (Measure::Scored(Scored::Brier, Probability::Softmax), "Brier, as it is", 3),
    (Measure::Scored(Scored::BrierAtTemperature, Probability::Softmax), "Brier, at T", 3),
    (Measure::Scored(Scored::AdaptiveEce, Probability::Softmax), "Adaptive ECE", 3),
    (Measure::Scored(Scored::Aurc, Probability::Softmax), "AURC", 3),
    (Measure::Scored(Scored::FalsePassesAt95, Probability::Softmax), "FPR at 95 % TPR", 3),
    (Measure::Scored(Scored::Ece, Probability::Sigmoid), "ECE, as it is (sigmoid)", 3),
    (Measure::Scored(Scored::EceAtTemperature, Probability::Sigmoid), "ECE, at T (sigmoid)", 3),
    (Measure::Scored(Scored::Brier, Probability::Sigmoid), "Brier, as it is (sigmoid)", 3),
    (Measure::Scored(Scored::BrierAtTemperature, Probability::Sigmoid), "Brier, at T (sigmoid)", 3),
];

/// The whole section; `None` where the store has no such counts.
pub(super) fn calibration(c: &Contents<'_>) -> Option<Markup> {
    let mode = &c.structure_mode;
    let table = by_severity(c, mode, &SHOWN)?;
    Some(html! {
        p.caption {
            "Mode " (mode) "; mean over corruptions, small: " (level(c.measured.bootstrap()))
            " % interval over " (c.measured.blocks()) " blocks of pictures. Lower is better in every row. \
             ECE: mean over pixels of |accuracy − confidence| of their bin. Brier: mean squared error of the \
             probabilities, summed over classes. Both of the softmax over all channels, which objectives can \
             be compared on; the sigmoids, which only SCrIBE trains, follow below and are on another scale. \
             END (expected non-distinctiveness, of the IBE package): how much a pixel is claimed by \
             background and by one class at once." (first_draw(c))
        } "\n"
        (table)
        @if let Some(figure) = &c.reliability {
            (plate("reliability", &figure.svg, &format!("Reliability diagrams, softmax of all channels: of the \
                labelled pixels of one confidence, how many are right. Pixels of all corruptions of a \
                severity are counted together; a line under the diagonal promises more than it keeps. Bins of fewer \
                than {FEWEST_PIXELS} pixels are left out.{}", first_draw(c))))
        }
        (at_temperature(c))
        @for shown in SHOWN {
            @if let Some(table) = every_condition(c, mode, shown) { (table) }
        }
        @for choice in ModeChoice::held_by(c.view).into_iter().filter(|choice| choice.key() != mode.as_str()) {
            (other_mode(c, choice))
        }
    })
}

/// The same for another mode, of which most average probabilities.
fn other_mode(c: &Contents<'_>, choice: ModeChoice) -> Markup {
    let mode = choice.mode();
    html! {
        @if let Some(table) = by_severity(c, &mode, &SHOWN) {
            details {
                summary { "Calibration of predictions, " (choice.title()) } "\n"
                p.caption {
                    "Mode " (mode) ". Where it averages probabilities, they are taken as they are: softmax \
                     for objectives that average softmax, sigmoid for those that average sigmoids."
                } "\n"
                (table)
            } "\n"
        }
    }
}

/// What a temperature that is fitted on clean pictures does to calibration under corruption; nothing where no mode was
/// counted over temperatures.
fn at_temperature(c: &Contents<'_>) -> Markup {
    let mode = &c.structure_mode;
    let Some(table) = by_severity(c, mode, &AT_TEMPERATURE) else { return html! {} };
    let fitted = in_order(c.view).into_iter().filter(|(series, _, _)| series.mode == *mode);
    let fitted: Vec<String> = fitted.map(|(series, kind, fitted)| one(c, series, kind, fitted)).collect();
    let fits = c.view.images.iter().filter(|id| is_fitted_on(id)).count();
    let halves = [fits, c.view.images.len() - fits];
    html! {
        h3 id="temperature" { "With a temperature that is fitted on clean pictures" } "\n"
        p.caption {
            "All logits are divided by one number T, which changes no prediction. T was fitted on the clean \
             pictures of one part of the set, " (halves[0]) " of " (c.view.images.len()) ", which a hash of their names chose; \
             every number here is of the other " (human::count(halves[1], "picture")) ", and differs from the table above for \
             this reason. Lower is better in every row. Adaptive ECE: over groups of equally many \
             pixels. AURC: how often the most confident pixels are wrong, averaged over how many of them one \
             keeps. FPR at 95 % TPR: of the wrong pixels, how many pass the threshold of confidence that \
             95 % of the right ones pass. These three are of the softmax as it is. Mean over corruptions, \
             small: interval over blocks of pictures with T held fixed." (first_draw(c))
        } "\n"
        (table)
        (bullets("notes", &fitted))
    }
}

fn one(c: &Contents<'_>, series: &Series, kind: Probability, fitted: &FittedTemperature) -> String {
    let seed =
        if c.view.seeds(&series.model).len() > 1 { format!(", seed {}", series.seed) } else { String::new() };
    let [before, after] = fitted.losses.map(|loss| fixed(loss, 4));
    let end = if fitted.at_end { ", an end of the grid" } else { "" };
    format!(
        "{}{seed}, probabilities of the {kind}: T = {}{end}; loss of the pictures that it was fitted on {before} as they are, {after} at T, \
         in nats a pixel.",
        c.view.title(&series.model),
        fixed(fitted.temperature, 2)
    )
}
