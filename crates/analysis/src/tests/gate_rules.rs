//! A gate's rules by hand: value and bound, one interval for one number, what is always the same, draws, and the baseline.

use super::gate_runs::{IMAGES, quick, run, thresholds};
use super::two_classes::{id, picture};
use crate::gate::{
    GateSettings, ScoredRun, Threshold, ThresholdKind as Kind, gate, junit, text, to_markdown,
};
use crate::power::{PowerSettings, power};
use crate::{Bootstrap, Cell, Error, View};
use scribe_records::{Condition, Mode, Series};

/// Adds the results of another run's models.
fn with(mut run: ScoredRun, other: &ScoredRun) -> ScoredRun {
    for (cell, pictures) in &other.view.per_image {
        for (image, counts) in pictures {
            run.view.insert(cell, *image, counts.clone()).unwrap();
        }
    }
    run
}

fn said(run: &ScoredRun, baseline: Option<&ScoredRun>, all: &[(Kind, &str)]) -> String {
    gate(run, baseline, &thresholds(all), &quick()).unwrap_err().to_string()
}

#[test]
fn more_resamples_than_so_many_pictures_may_have_are_refused() {
    let mut run = run("new", "net", [[9; 6]; 3]);
    run.view.images.resize(201, "further".to_owned());
    let bootstrap = Bootstrap { resamples: 995_025, ..Bootstrap::STANDARD };
    let judged = GateSettings { bootstrap, ..quick() };
    let judged = gate(&run, None, &thresholds(&[(Kind::Min, "mPC>=0")]), &judged).unwrap_err();
    let asked = PowerSettings { bootstrap, ..PowerSettings::default() };
    let asked = power(&run, None, &["mPC".to_owned()], &asked).unwrap_err();
    for error in [judged, asked] {
        assert!(
            matches!(error, Error::Resamples { resamples: 995_025, pictures: 201, most: 995_024 }),
            "{error}"
        );
    }
}

/// Each of six pictures is the worst under one of six conditions: 2 of 10 pixels right there, 8 elsewhere. The lowest
/// picture has (0.2 + 10/18) / 2 = 37.8 under every condition, and so has the mean. A resample that lacks one picture has
/// (0.8 + 10/12) / 2 = 81.7 under one condition, and a mean of at least 45.1; only 6! / 6^6 = 1.5 % of them hold all six,
/// fewer than the 2.5 % below the lower end.
#[test]
fn a_value_below_the_bound_fails_where_its_interval_lies_above() {
    let mut run = run("new", "net", [[9; 6]; 3]);
    run.view = View::new(&["background", "cat"], &IMAGES);
    let conditions = [("fog", 1), ("fog", 2), ("fog", 3), ("fog", 4), ("fog", 5), ("snow", 1)];
    for (worst, (corruption, severity)) in conditions.into_iter().enumerate() {
        let condition = Condition::new(corruption, severity).unwrap();
        let cell = Cell { series: Series::new(id("net"), 0, Mode::single()), condition };
        for image in 0..6 {
            run.view.insert(&cell, image, picture(if image == worst { 2 } else { 8 })).unwrap();
        }
    }
    let asked = thresholds(&[(Kind::Min, "image_miou_worst_5:corrupted>=40")]);
    let judged = |by_point| {
        let result = gate(&run, None, &asked, &GateSettings { by_point, ..quick() }).unwrap();
        result.verdicts[0].clone()
    };
    let found = judged(false);
    assert!((found.interval.value - 50.0 * (0.2 + 10.0 / 18.0)).abs() < 1e-9 && found.interval.low > 45.0);
    // No resample can turn what the value itself misses.
    assert!(!found.passed && !found.is_open && !judged(true).passed, "{found:?}");
    assert_eq!(found.needs, "value and low >= 40");
}

/// A bound at the lower end leaves the verdict open, so that its interval is made of 20 times 800 resamples; the other
/// bound on the same number shows the same interval.
#[test]
fn one_number_has_one_interval() {
    let run = run("new", "net", [[9; 6], [2, 4, 6, 8, 9, 1], [5; 6]]);
    let alone = gate(&run, None, &thresholds(&[(Kind::Min, "fog:1>=0")]), &quick()).unwrap();
    let low = alone.verdicts[0].interval.low;
    let at_the_end = format!("fog:1>={low}");
    let both = [(Kind::Min, "fog:1>=0"), (Kind::Min, at_the_end.as_str()), (Kind::Min, "fog:3>=0")];
    let result = gate(&run, None, &thresholds(&both), &quick()).unwrap();
    let draws: Vec<usize> = result.verdicts.iter().map(|v| v.interval.draws).collect();
    assert_eq!((alone.verdicts[0].interval.draws, draws), (800, vec![16_000, 16_000, 800]));
    assert_eq!(result.verdicts[0].interval, result.verdicts[1].interval);
    let note = format!(
        "\nOf 16000 resamples, because 800 left a verdict open: min miou:fog:1 >= 0 of {0}; min miou:fog:1 >= {low} of {0}.\n",
        run.view.title(&id("net"))
    );
    assert!(text(&result).contains(&note), "{}", text(&result));
}

/// Equal thresholds share their number, and so do bounds on one number with its sign turned; no list has more than a thousand.
#[test]
fn a_long_list_is_refused_and_equal_thresholds_have_one_number() {
    let (new, old) = (run("new", "net", [[8, 6, 4, 7, 5, 3]; 3]), run("old", "net", [[9, 7, 5, 8, 6, 4]; 3]));
    let all = [
        (Kind::Min, "fog>=0"),
        (Kind::MaxLoss, "fog<=9"),
        (Kind::MinGain, "fog>=-9"),
        (Kind::Max, "fog<=99"),
    ];
    let asked: Vec<_> = all.iter().copied().cycle().take(1000).collect();
    let result = gate(&new, Some(&old), &thresholds(&asked), &quick()).unwrap();
    assert_eq!((result.verdicts.len(), result.failures()), (1000, 0));
    let few = gate(&new, Some(&old), &thresholds(&all), &quick()).unwrap();
    assert!(result.verdicts.chunks(4).all(|four| four == few.verdicts));
    assert_eq!(few.verdicts[0].interval, few.verdicts[3].interval);
    assert_eq!(few.verdicts[1].interval.value, -few.verdicts[2].interval.value);
    let refused = said(&new, None, &vec![(Kind::Min, "miou>=0"); 1001]);
    assert_eq!(refused, "the list of thresholds is 1001 long; expected at most 1000 thresholds");
}

#[test]
fn verdicts_that_other_resamples_could_turn_name_their_model() {
    let run = with(run("new", "net", [[9; 6]; 3]), &run("new", "ibe", [[8; 6]; 3]));
    let mut result = gate(&run, None, &thresholds(&[(Kind::MaxDrop, "fog:3<=0.2")]), &quick()).unwrap();
    result.verdicts.iter_mut().for_each(|verdict| verdict.is_open = true);
    let of = |name: &str| format!("max-drop miou:fog:3 <= 0.2 of {}", run.view.title(&id(name)));
    let note = format!("Other resamples could turn: {}; {}.", of("net"), of("ibe"));
    assert!(text(&result).ends_with(&format!("{note}\n")), "{}", text(&result));
}

/// With r of 10 pixels right 1 - mIoU is 0.3429 (6), 0.4167 (5) and 0.4875 (4): (0.3429 + 0.4875) / (2 * 0.4167) = 0.99643.
#[test]
fn the_corruption_error_of_the_reference_is_not_judged() {
    let both =
        with(run("new", "ref", [[9; 6], [5; 6], [5; 6]]), &run("new", "net", [[9; 6], [6; 6], [4; 6]]));
    let result = gate(&both, None, &thresholds(&[(Kind::Max, "mCE<=100")]), &quick()).unwrap();
    let found: Vec<_> = result.verdicts.iter().map(|v| v.id.as_str()).collect();
    assert_eq!(found, ["net"]);
    assert!((result.verdicts[0].interval.value - 99.642_857).abs() < 1e-5, "{:?}", result.verdicts[0]);
    for asked in ["mCE@ref<=100", "mCE@ref<=200"] {
        let refused = said(&both, None, &[(Kind::Max, asked)]);
        assert!(refused.contains("mce of the reference itself is always 100"), "{refused}");
    }
}

/// One of fifteen corruptions, at two severities of five.
#[test]
fn the_heading_names_modes_and_how_much_of_the_corrupted_conditions_there_is() {
    let run = run("new", "net", [[9; 6]; 3]);
    let head = |asked| text(&gate(&run, None, &thresholds(&[asked]), &quick()).unwrap());
    let partly = "new, 6 images, single, corrupted over 1 of 15 corruptions (2 of 75 conditions), by values";
    assert!(head((Kind::Min, "mPC>=0")).starts_with(partly), "{}", head((Kind::Min, "mPC>=0")));
    assert!(head((Kind::MaxDrop, "miou<=100")).starts_with(partly));
    assert!(head((Kind::Min, "miou>=0")).starts_with("new, 6 images, single, by values"));
    // 20 / 0.00125 = 16,000 resamples.
    let level = Bootstrap { resamples: 16_000, level: 1.0 - 2.0 * 0.00125, seed: 0, ..Bootstrap::STANDARD };
    let asked = thresholds(&[(Kind::Min, "miou>=0")]);
    let result = gate(&run, None, &asked, &GateSettings { bootstrap: level, ..quick() }).unwrap();
    assert!(text(&result).contains("99.75 % intervals, one-sided tests at 0.125 %"), "{}", text(&result));
    let few = GateSettings { bootstrap: Bootstrap { resamples: 1, ..Bootstrap::STANDARD }, ..quick() };
    let refused = gate(&run, None, &asked, &few).unwrap_err().to_string();
    assert!(refused.starts_with("the number of resamples is 1, where alpha is 0.025"), "{refused}");
}

#[test]
fn a_run_that_is_not_finished_is_not_judged() {
    let mut part = run("part", "net", [[9; 6]; 3]);
    part.view.images.push("not evaluated".to_owned());
    let whole = run("whole", "net", [[9; 6]; 3]);
    let all = thresholds(&[(Kind::Min, "mPC>=0")]);
    let expected = "run part is not finished: under 3 conditions it lacks results, of some of the 7 pictures of its set or of some draws of the corruptions; \
                    expected all of them (`scribe eval` goes on where it stopped)";
    assert_eq!(gate(&part, None, &all, &quick()).unwrap_err().to_string(), expected);
    assert_eq!(gate(&whole, Some(&part), &all, &quick()).unwrap_err().to_string(), expected);
    for (run, other) in [(&part, &whole), (&whole, &part)] {
        let asked = power(run, Some(other), &["mPC".to_owned()], &PowerSettings::default());
        assert_eq!(asked.unwrap_err().to_string(), expected);
    }
}

#[test]
fn one_picture_is_judged_by_values_alone() {
    let mut one = run("one", "net", [[9; 6]; 3]);
    one.view = View::new(&["background", "cat"], &["a"]);
    let cell = Cell { series: Series::new(id("net"), 0, Mode::single()), condition: Condition::clean() };
    one.view.insert(&cell, 0, picture(5)).unwrap();
    let all = thresholds(&[(Kind::Min, "miou>=0")]);
    assert_eq!(
        gate(&one, None, &all, &quick()).unwrap_err().to_string(),
        "the store has no interval over pictures: one has 1 of them; expected two pictures or more, or to be judged by values \
         alone (--point)"
    );
    assert!(gate(&one, None, &all, &GateSettings { by_point: true, ..quick() }).is_ok());
    let alone = power(&one, None, &["miou".to_owned()], &PowerSettings::default()).unwrap_err().to_string();
    assert!(alone.contains("no spread over pictures: one has 1 of them"), "{alone}");
}

#[test]
fn a_class_that_never_occurs_has_no_value_and_the_message_says_so() {
    let mut run = run("new", "net", [[9; 6]; 3]);
    run.view = View::new(&["background", "cat", "aeroplane"], &["a"]);
    let cell = Cell { series: Series::new(id("net"), 0, Mode::single()), condition: Condition::clean() };
    run.view.insert(&cell, 0, picture(5)).unwrap();
    assert_eq!(
        said(&run, None, &[(Kind::Min, "iou/aeroplane:clean>=0")]),
        "the store has no value of `min iou/aeroplane:clean >= 0` for the model `net`; expected a class that occurs: no pixel of \
         aeroplane is labelled or predicted"
    );
    let near = said(&run, None, &[(Kind::Min, "iou/aeroplan:clean>=0")]);
    assert!(
        near.ends_with("one of the set's classes, or `#` and an index from 0; did you mean aeroplane?"),
        "{near}"
    );
}

/// No share can be kept of a clean IoU of 0: no verdict, not one that fails by itself.
#[test]
fn a_share_of_nothing_is_no_number() {
    let mut run = run("new", "net", [[9; 6]; 3]);
    run.view = View::new(&["background", "cat"], &["a", "b"]);
    let series = Series::new(id("net"), 0, Mode::single());
    for condition in [Condition::clean(), Condition { corruption: "fog".to_owned(), severity: 1 }] {
        let cell = Cell { series: series.clone(), condition };
        // The cat is labelled and never found.
        (0..2).for_each(|image| run.view.insert(&cell, image, picture(0)).unwrap());
    }
    assert_eq!(
        said(&run, None, &[(Kind::Min, "rPC/cat:fog:1>=1")]),
        "the store has no value of `min rpc/cat:fog:1 >= 1` for the model `net`; expected a clean IoU of cat above 0, of which a \
         share can be kept"
    );
}

/// A bound that every value keeps, or none, is a mistake in the unit or a wish, and no test.
#[test]
fn bounds_outside_of_all_values_are_refused() {
    for (kind, text, says) in [
        (Kind::Max, "ece:corrupted<=15", "a value of ece is between 0 and 1, so that this always holds"),
        (Kind::Min, "miou>=-1", "between 0 and 100, so that this always holds"),
        (Kind::Min, "miou>=600", "so that this never holds"),
        (Kind::MaxLoss, "mPC<=101", "a difference of mpc is between -100 and 100, so that this always holds"),
        (Kind::MinGain, "mPC>=101", "so that this never holds"),
    ] {
        let refused = Threshold::parse(kind, text).unwrap_err().to_string();
        assert!(refused.contains(says), "{refused}");
    }
    // Shares that are kept can be above 100 %.
    for (kind, text) in [(Kind::Min, "miou>=0"), (Kind::Max, "rPC<=120"), (Kind::Max, "mce<=150")] {
        assert!(Threshold::parse(kind, text).is_ok(), "{text}");
    }
}

/// The model of a baseline is named by its own name there, in all three forms and by `power`.
#[test]
fn the_models_of_a_baseline_are_named() {
    let (new, mut old) = (run("new", "net", [[8; 6]; 3]), run("old", "ibe", [[9; 6]; 3]));
    old.view.titles.insert(id("ibe"), "Theirs".to_owned());
    let result = gate(&new, Some(&old), &thresholds(&[(Kind::MaxLoss, "fog:3<=50")]), &quick()).unwrap();
    let who = format!("{} against Theirs", new.view.title(&id("net")));
    assert_eq!(result.verdicts[0].who(), who);
    assert!(text(&result).starts_with("new against Theirs of old, ") && text(&result).contains(&who));
    assert!(junit(&result).contains(&format!("({who})")) && to_markdown(&result).contains(&who));
    let settings = PowerSettings { baseline_model: Some("ibe".to_owned()), ..PowerSettings::default() };
    let found = power(&new, Some(&old), &["fog:3".to_owned()], &settings).unwrap();
    assert_eq!(found.rows[0].b, "Theirs of old");
    // (0.8 + 10/12) / 2 - (0.9 + 10/11) / 2.
    assert!((found.rows[0].difference.value - 50.0 * (0.8 + 10.0 / 12.0 - 0.9 - 10.0 / 11.0)).abs() < 1e-9);
}

#[test]
fn a_baseline_that_nothing_compares_with_is_refused() {
    let (new, old) = (run("new", "net", [[8; 6]; 3]), run("old", "net", [[9; 6]; 3]));
    let refused = said(&new, Some(&old), &[(Kind::Min, "miou>=1")]);
    assert_eq!(
        refused,
        "the baseline is old, but no threshold compares with it; expected max-loss, min-gain or equivalent beside it, or no \
         baseline"
    );
    let settings = GateSettings { baseline_model: Some("ibe".to_owned()), ..quick() };
    let refused =
        gate(&new, None, &thresholds(&[(Kind::Min, "miou>=1")]), &settings).unwrap_err().to_string();
    assert!(
        refused.starts_with("the baseline's model is ibe, but no threshold compares with it"),
        "{refused}"
    );
}

/// The old run drew fog:3 under two master seeds, the new one under one: clean images and fog:1, of which both have one
/// picture each, can be compared, and fog:3 cannot.
#[test]
fn runs_of_other_draws_are_compared_where_nothing_was_drawn_again() {
    let (new, mut old) = (run("new", "net", [[8; 6]; 3]), run("old", "net", [[9; 6]; 3]));
    old.view.master_seeds = vec![2020, 2021];
    for ((_, condition), hashes) in &mut old.inputs {
        if condition.severity == 3 {
            hashes.push("the second draw".to_owned());
        }
    }
    let all = [(Kind::MaxLoss, "clean<=20"), (Kind::MaxLoss, "fog:1<=20")];
    assert_eq!(gate(&new, Some(&old), &thresholds(&all), &quick()).unwrap().failures(), 0);
    let refused = said(&new, Some(&old), &[(Kind::MaxLoss, "fog:3<=20")]);
    assert!(
        refused.contains("the master seeds of fog:3 differ: new has a single one, old has 2020 and 2021;"),
        "{refused}"
    );
}
