//! Notes of the page on what a reader would take amiss: one class everywhere, thin bins, and corruptions without a name.

use super::two_classes::{id, picture};
use crate::contents::contents;
use crate::measures::{Kind, reliability};
use crate::one_class::one_class;
use crate::render::beyond::shown;
use crate::render::html;
use crate::render::temperature_list::{in_order, temperatures};
use crate::view::FittedTemperature;
use crate::{Cell, HashedInputs, ModeChoice, ReportExtra, Results, View};
use scribe_records::{Condition, Mode, Probability, Series};

/// Under contrast 3 and 4 no foreground pixel is found, so that all is background; under fog some are.
fn view() -> View {
    let mut v = View::new(&["background", "cat", "dog"], &["a", "b"]);
    let conditions =
        [("clean", 0, 8), ("contrast", 3, 0), ("contrast", 4, 0), ("fog", 3, 2), ("spatter", 3, 5)];
    for model in ["softmax", "ibe"] {
        for (name, severity, right) in conditions {
            let clean = name == "clean";
            let condition = if clean { Condition::clean() } else { Condition::new(name, severity).unwrap() };
            let cell = Cell { series: Series::new(id(model), 0, Mode::single()), condition };
            for image in 0..2 {
                v.insert(&cell, image, picture(right)).unwrap();
            }
        }
    }
    v
}

fn page(v: &View) -> String {
    html::page(&contents(v, &ReportExtra { resamples: Some(20), ..ReportExtra::default() }).unwrap()).unwrap()
}

#[test]
fn conditions_under_which_all_models_predict_one_class_are_named() {
    let mut v = view();
    let note = "Under contrast at severities 3 and 4 every model predicts background at every pixel";
    assert!(page(&v).contains(note));
    // One model that finds one pixel under severity 4 ranks.
    let ibe = Cell {
        series: Series::new(id("ibe"), 0, Mode::single()),
        condition: Condition::new("contrast", 4).unwrap(),
    };
    v.insert_further(9, &ibe, 0, picture(1)).unwrap();
    let found = one_class(&Results::new(&v), ModeChoice::Single);
    assert_eq!(found, [(Condition::new("contrast", 3).unwrap(), 0)]);
}

/// A bin of 99 pixels, none of them right, at a confidence of 0.3, and one of 100 at 0.5 of which half are right.
#[test]
fn bins_of_few_pixels_are_not_drawn() {
    let mut v = View::new(&["background", "cat"], &["a"]);
    v.models = vec![id("softmax")];
    let cell = Cell { series: Series::new(id("softmax"), 0, Mode::single()), condition: Condition::clean() };
    let sums = vec![99.0, 0.0, 29.7, 100.0, 50.0, 50.0, 199.0, 60.0];
    v.insert_sums(&cell, Kind::Softmax, 0, 2, sums);
    let found = reliability(&v, &Mode::single(), Kind::Softmax);
    assert_eq!((found[0].points.len(), shown(&found[0])), (2, vec![(0.5, 0.5)]));
}

#[test]
fn temperatures_are_listed_in_the_order_of_the_models() {
    let mut v = view();
    for model in ["ibe", "softmax"] {
        let fitted = FittedTemperature { temperature: 2.0, at_end: false, pixels: 40, losses: [0.5, 0.4] };
        let series = Series::new(id(model), 0, Mode::single());
        v.temperatures.insert((series, Probability::Softmax), fitted);
    }
    let models: Vec<&str> = in_order(&v).iter().map(|(series, _, _)| series.model.as_str()).collect();
    assert_eq!(models, ["softmax", "ibe"], "the recipe's order and not that of the letters");
    let rows = temperatures(&v).unwrap();
    assert!(rows.lines().nth(1).unwrap().starts_with("Baseline,softmax,"), "{rows}");
}

#[test]
fn wrong_pixels_and_inputs_name_their_kinds() {
    let mut v = view();
    v.about.hashed_inputs = HashedInputs { clean: 24, corrupted: 1920, further: 1200 };
    let page = page(&v);
    assert!(page.contains("<td class=\"stub\">spatter</td>") && !page.contains("extra corruptions"));
    let inputs = "24 clean, 1\u{202f}920 corrupted, 1\u{202f}200 under further draws of the corruptions";
    assert!(page.contains(inputs));
}
