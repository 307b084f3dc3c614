//! What a report says of the draws of the corruptions: which numbers are over all of them, and which of the first alone.

use super::two_classes::{id, picture};
use crate::bootstrap::Interval;
use crate::classes::{ClassIous, ClassSet};
use crate::contents::contents;
use crate::conventions::{Convention, Sampler, Score};
use crate::render::html;
use crate::{Bootstrap, Cell, ReportExtra, View, sentences};
use scribe_records::{Condition, Confusion, Mode, Series, SparseConfusion};

const HOW: Bootstrap = Bootstrap { resamples: 200, level: 0.95, seed: 3, ..Bootstrap::STANDARD };
const RIGHT: [usize; 10] = [3, 4, 5, 6, 3, 4, 5, 6, 3, 4];

fn fog() -> Condition {
    Condition::new("fog", 1).unwrap()
}

fn cell(model: &str, condition: Condition) -> Cell {
    Cell { series: Series::new(id(model), 0, Mode::single()), condition }
}

/// Two models of one training over ten pictures. Of 100 foreground pixels 43 are found, clean, under contrast, and under
/// the first draw of fog; under the second draw 63, two more in every picture. Three classes, of which the third is nowhere.
fn view(draws: bool) -> View {
    let names: Vec<String> = (0..RIGHT.len()).map(|i| format!("p{i}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut v = View::new(&["background", "cat", "dog"], &names);
    for model in ["softmax", "scribe"] {
        for condition in [Condition::clean(), fog(), Condition::new("contrast", 1).unwrap()] {
            let cell = cell(model, condition);
            for (image, right) in RIGHT.into_iter().enumerate() {
                v.insert(&cell, image, picture(right)).unwrap();
                if draws && cell.condition == fog() {
                    v.insert_further(9, &cell, image, picture(right + 2)).unwrap();
                }
            }
        }
    }
    v.finish_further(if draws { &[7, 9] } else { &[7] });
    v
}

/// A draw that lacks a picture counts in no number, and its condition is not finished.
#[test]
fn a_draw_that_is_not_finished_is_told() {
    assert!(view(true).unfinished_conditions().is_empty());
    let mut v = view(false);
    for image in 0..RIGHT.len() - 1 {
        v.insert_further(9, &cell("softmax", fog()), image, picture(5)).unwrap();
    }
    v.finish_further(&[7, 9]);
    assert!(v.further.is_empty());
    assert_eq!(v.unfinished_conditions().into_iter().collect::<Vec<_>>(), [&fog()]);
    let limits = sentences::limits(&v, &HOW).join("\n");
    assert!(limits.contains("INCOMPLETE: under 1 condition no picture, or not every draw"), "{limits}");
}

fn ious(v: &View, set: &ClassSet) -> Vec<Option<Interval>> {
    ClassIous::new(v, &HOW).get(&id("softmax"), &Mode::single(), set).unwrap().to_vec()
}

/// What `scribe gate` calls `iou/CLASS:fog:1`.
fn of_gate(v: &View, class: usize) -> Option<Interval> {
    let wanted = [Score { convention: Convention::Voc, class: Some(class) }];
    let found =
        Sampler::new(v, &HOW, 0..HOW.resamples).cell(&id("softmax"), &Mode::single(), &fog(), &wanted);
    Some(found[0].as_ref()?.interval(HOW.level))
}

#[test]
fn the_iou_of_a_class_is_over_all_draws_as_in_a_gate() {
    let v = view(true);
    let near = |found: f64, expected: f64| assert!((found - expected).abs() < 1e-12, "{found} {expected}");
    let found = ious(&v, &ClassSet::One(fog()));
    // 43 of 100 in the first draw and 63 in the second; background 100 of 157 and of 137.
    near(found[1].unwrap().value, 0.53);
    near(found[0].unwrap().value, f64::midpoint(100.0 / 157.0, 100.0 / 137.0));
    assert_eq!(found[2], None);
    for class in [0, 1] {
        let (own, gate) = (found[class].unwrap(), of_gate(&v, class).unwrap());
        near(own.value, gate.value);
        near(own.low, gate.low);
        near(own.high, gate.high);
    }
    // Draws count in the interval: that of the first draw alone does not reach the value of the second.
    assert!(
        found[1].unwrap().high > 0.6 && ious(&view(false), &ClassSet::One(fog()))[1].unwrap().high < 0.55
    );
    // Over fog and contrast in one confusion: 86 of 200 with the first draw, 106 with the second.
    near(ious(&v, &ClassSet::Corrupted)[1].unwrap().value, f64::midpoint(0.43, 0.53));
    // Clean pictures have no draw.
    near(ious(&v, &ClassSet::One(Condition::clean()))[1].unwrap().value, 0.43);
}

/// Ten pixels of the foreground of which one is taken for a dog, which is nowhere: its IoU is 0 under this draw, and it has
/// none under the first.
#[test]
fn a_class_that_occurs_under_one_draw_has_the_iou_of_that_draw() {
    let mut v = view(false);
    for image in 0..RIGHT.len() {
        let mut one = Confusion::new(3);
        one.add(&[1; 10], &[1, 1, 1, 1, 1, 1, 1, 1, 1, 2]).unwrap();
        let one = SparseConfusion::try_from(&one).unwrap();
        v.insert_further(9, &cell("softmax", fog()), image, one).unwrap();
    }
    v.finish_further(&[7, 9]);
    let own = ious(&v, &ClassSet::One(fog()))[2].unwrap();
    let gate = of_gate(&v, 2).unwrap();
    assert_eq!((own.value, own.low, own.high, own.draws), (0.0, 0.0, 0.0, gate.draws));
    assert_eq!((gate.value, gate.low, gate.high), (0.0, 0.0, 0.0));
    // A quarter of the resamples draw the first draw twice and have no value.
    assert!((own.dropped as f64 / 200.0 - 0.25).abs() < 0.1, "{own:?}");
}

fn page(v: &View) -> String {
    let extra = ReportExtra { resamples: Some(50), ..ReportExtra::default() };
    html::page(&contents(v, &extra).unwrap()).unwrap()
}

#[test]
fn sections_say_what_they_draw_and_what_is_of_the_first_draw() {
    let (one, two) = (page(&view(false)), page(&view(true)));
    let section = |page: &str, id: &str| {
        let at = page.find(&format!("<section id=\"{id}\"")).unwrap_or_else(|| panic!("no section {id}"));
        page[at..].split("</section>").next().unwrap().to_owned()
    };
    let both = "pictures and draws of the corruptions";
    for id in ["table2", "gaps", "classes", "conventions", "figures", "reproduce"] {
        assert!(section(&two, id).contains(both), "{id}: {}", section(&two, id));
        assert!(!section(&one, id).contains("draws of the corruptions"), "{id}");
    }
    assert!(section(&two, "gaps").contains("training seeds and draws of the corruptions held fixed"));
    for id in ["classes", "errors"] {
        let alone = "Of the first draw of the corruptions alone (master seed 7).";
        assert!(section(&two, id).contains(alone) && !section(&one, id).contains("first draw"), "{id}");
    }
    assert!(!one.contains("training seeds, which is one"));
    let limits = |v: &View| sentences::limits(v, &crate::Bootstrap::STANDARD).join("\n");
    let several = limits(&view(true));
    assert!(
        several.contains("are of the first draw of the corruptions alone (master seed 7). All other"),
        "{several}"
    );
    let single = limits(&view(false));
    assert!(single.contains("were drawn once.") && single.contains("eval.master_seeds"), "{single}");
    assert!(
        section(&two, "variance")
            .contains("the pictures and the draws of the corruptions (master seeds 7, 9) leave in it")
    );
    assert!(section(&two, "variance").contains("holds no luck of training"));
}
