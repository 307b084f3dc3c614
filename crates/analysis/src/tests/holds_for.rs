//! What verdicts are about, by the number of training seeds, wherever they are printed.

use super::two_classes::{id, picture};
use crate::contents::{Contents, contents};
use crate::render::{html, lists};
use crate::verdict::HoldsFor;
use crate::{Cell, ReportExtra, View, sentences};
use scribe_records::{Condition, Mode, Series};

/// Of six pictures the Baseline finds 5 of 10 foreground pixels each and SCrIBE 7; IBE finds 9 in every other one, and in all
/// 41 where SCrIBE finds 42, so that their order is open. All seeds of a model are alike.
fn view(seeds: u64) -> View {
    let mut v = View::new(&["background", "cat"], &["a", "b", "c", "d", "e", "f"]);
    for (model, rights) in [("softmax", [5; 6]), ("ibe", [9, 5, 9, 5, 9, 4]), ("scribe", [7; 6])] {
        for seed in 0..seeds {
            for condition in [Condition::clean(), Condition::new("fog", 1).unwrap()] {
                let cell = Cell { series: Series::new(id(model), seed, Mode::single()), condition };
                for (image, right) in rights.into_iter().enumerate() {
                    v.insert(&cell, image, picture(right)).unwrap();
                }
            }
        }
    }
    v
}

fn made(view: &View) -> Contents<'_> {
    contents(view, &ReportExtra { resamples: Some(100), ..ReportExtra::default() }).unwrap()
}

#[test]
fn the_model_with_the_fewest_seeds_decides() {
    let mut v = view(5);
    let of = |v: &View| HoldsFor::of(v, [&id("softmax"), &id("scribe")]);
    assert_eq!(of(&v), HoldsFor::TrainingsLikeThese);
    v.confusions.retain(|cell, _| cell.series.model != id("scribe") || cell.series.seed < 4);
    assert_eq!(of(&v), HoldsFor::TheseTrainings);
    assert_eq!(HoldsFor::of(&v, [&id("softmax"), &id("ibe")]), HoldsFor::TrainingsLikeThese);
}

#[test]
fn one_picture_says_nothing_of_others() {
    let mut v = view(5);
    v.images.truncate(1);
    let of = HoldsFor::of(&v, &v.models);
    assert_eq!((of, of.established()), (HoldsFor::ThisPicture, "established for this picture alone"));
    let limits = sentences::limits(&v, &crate::Bootstrap::STANDARD).join("\n");
    assert!(limits.contains("The run has one picture: resamples cannot draw another"), "{limits}");
}

/// An evaluation that was stopped after its first picture knows one, whatever its set.
#[test]
fn one_picture_of_many_says_nothing_of_the_others() {
    let mut v = view(5);
    v.per_image.values_mut().for_each(|pictures| pictures.truncate(1));
    assert_eq!(HoldsFor::of(&v, &v.models), HoldsFor::ThisPicture);
    let limits = sentences::limits(&v, &crate::Bootstrap::STANDARD).join("\n");
    assert!(limits.contains("leaves out zero, on this picture"), "{limits}");
}

#[test]
fn what_is_not_there_and_what_is_few_is_said_first() {
    let mut v = view(1);
    let how = |sequence| crate::Bootstrap { sequence, ..crate::Bootstrap::STANDARD };
    assert!(!sentences::limits(&v, &how(1)).join("\n").contains("INCOMPLETE"));
    v.images.push("not evaluated".to_owned());
    let pictures = v.images.len();
    let limits = sentences::limits(&v, &how(2)).join("\n");
    assert!(limits.contains("INCOMPLETE: "), "{limits}");
    let few = format!("The {pictures} pictures are {} whole sequences", pictures / 2);
    assert!(limits.contains(&few), "{limits}");
    v.images.resize(40, "not evaluated either".to_owned());
    assert!(!sentences::limits(&v, &how(2)).join("\n").contains("whole sequences"));
}

/// By hand: SCrIBE's mIoU is (7/10 + 10/13) / 2 = 73.46 %, the Baseline's (5/10 + 10/15) / 2 = 58.33 %, in every resample.
#[test]
fn fewer_than_five_seeds_speak_of_these_trainings() {
    let gap = "SCrIBE against Baseline: under corruption +15.1 points (15.1 to 15.1), established";
    for seeds in [1, 2, 4, 5] {
        let v = view(seeds);
        let c = made(&v);
        let few = seeds < 5;
        let these = if few { " for these trainings" } else { "" };
        let said = sentences::established(&c).join("\n");
        assert!(said.contains(&format!("{gap}{these};")), "{seeds}: {said}");
        assert!(said.contains(&format!("it is established{these} to be ahead: weather")), "{seeds}: {said}");
        assert_eq!(
            sentences::limits(&v, &crate::Bootstrap::STANDARD).join("\n").contains("\"For these trainings\""),
            few
        );
        let note = &c.table1.notes[0];
        assert!(note.starts_with("† The difference to the best"), "{note}");
        assert_eq!(note.ends_with("Where there is no mark, it is established for these trainings."), few);
        let key = if few { "these trainings" } else { "trainings like these" };
        let listed = lists::differences(&v, &c.differences);
        let (head, rows) = listed.split_once('\n').unwrap();
        assert!(head.ends_with("established,near_edge,holds_for,resamples,dropped"), "{head}");
        assert!(rows.contains(&format!(",yes,no,{key},100,0\n")), "{seeds}: {rows}");
        let page = html::page(&c).unwrap();
        let title = if few { "are established for these trainings</h2>" } else { "are established</h2>" };
        assert!(page.contains(&format!("Which differences {title}")), "{seeds}");
    }
}
