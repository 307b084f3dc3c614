//! A gate on pictures whose numbers follow by hand: grammar, verdicts, pairing, and the forms of the answer.

use super::gate_runs::{IMAGES, miou, quick, run, thresholds};
use super::two_classes::id;
use crate::Error;
use crate::gate::{GateFile, GateSettings, ScoredRun, Threshold, ThresholdKind as Kind, gate};
use crate::gate::{junit, text, to_markdown};
use scribe_records::Condition;

/// Pictures that are all alike have intervals of no width, so every number is exact: clean 9, fog:1 6 and fog:3 4 of 10.
#[test]
fn every_kind_of_number_by_hand() {
    let run = run("new", "net", [[9; 6], [6; 6], [4; 6]]);
    // 9 of 10: (0.9 + 10/11) / 2. 6: (0.6 + 10/14) / 2. 4: (0.4 + 10/16) / 2 = 0.5125.
    assert!((miou(4.0) - 51.25).abs() < 1e-12);
    let fog = f64::midpoint(miou(6.0), miou(4.0));
    for (kind, asked, expected) in [
        (Kind::Min, "miou>=0", miou(9.0)),
        (Kind::Min, "fog:3>=0", 51.25),
        (Kind::Min, "miou:fog>=0", fog),
        (Kind::Min, "weather>=0", fog),
        (Kind::Min, "corrupted>=0", fog),
        (Kind::Min, "mPC>=0", fog),
        (Kind::Min, "severity:3>=0", 51.25),
        (Kind::Min, "rPC>=0", 100.0 * fog / miou(9.0)),
        (Kind::Min, "rPC:fog:3@net>=0", 100.0 * 51.25 / miou(9.0)),
        (Kind::Min, "IoU/cat:fog:3>=0", 40.0),
        (Kind::Min, "iou/#0:fog:3>=0", 62.5),
        // 14 of 20 pixels are right.
        (Kind::Min, "accuracy:fog:3>=0", 70.0),
        (Kind::Min, "dice/cat:fog:3>=0", 100.0 * 8.0 / 14.0),
        (Kind::Min, "worst-corruption>=0", fog),
        // Two severities lie two steps apart.
        (Kind::Min, "slope>=-100", (51.25 - miou(6.0)) / 2.0),
        (Kind::MaxDrop, "fog:3<=99", miou(9.0) - 51.25),
        (Kind::MaxDrop, "accuracy<=99", 95.0 - f64::midpoint(80.0, 70.0)),
    ] {
        let result = gate(&run, None, &thresholds(&[(kind, asked)]), &quick()).unwrap();
        let found = &result.verdicts[0];
        assert!((found.interval.value - expected).abs() < 1e-9, "{asked}: {} {expected}", found.value());
        assert!((found.interval.high - found.interval.low).abs() < 1e-9, "{asked}");
        assert!(found.passed && !found.is_open, "{asked}");
    }
}

#[test]
fn the_bound_is_judged_unless_the_value_is_asked_for() {
    let run = run("new", "net", [[9, 9, 9, 9, 9, 9], [2, 4, 6, 8, 9, 1], [5; 6]]);
    let value = gate(&run, None, &thresholds(&[(Kind::Min, "fog:1>=0")]), &quick()).unwrap();
    let interval = value.verdicts[0].interval;
    assert!(interval.low < interval.value && interval.value < interval.high, "{interval:?}");
    // Between the lower bound and the value, far from both as 800 draws go.
    let between = format!("fog:1>={}", f64::midpoint(interval.low, interval.value));
    let judged = |by_point, kind, text: &str| {
        let settings = GateSettings { by_point, ..quick() };
        gate(&run, None, &thresholds(&[(kind, text)]), &settings).unwrap().verdicts[0].passed
    };
    assert_eq!([judged(false, Kind::Min, &between), judged(true, Kind::Min, &between)], [false, true]);
    let above = format!("fog:1<={}", f64::midpoint(interval.high, interval.value));
    assert_eq!([judged(false, Kind::Max, &above), judged(true, Kind::Max, &above)], [false, true]);
    // A strict bound fails where the number is the bound: 5 of 10 under fog:3.
    let half = format!("{}", miou(5.0));
    assert_eq!([">=", ">"].map(|op| judged(true, Kind::Min, &format!("fog:3{op}{half}"))), [true, false]);
}

/// The new run finds one pixel less in every picture than the old one, so that every resample has a loss.
#[test]
fn a_baseline_is_paired_by_picture() {
    let (new, mut old) =
        (run("new", "net", [[8, 6, 4, 7, 5, 3]; 3]), run("old", "other", [[9, 7, 5, 8, 6, 4]; 3]));
    // The baseline lists its pictures in another order.
    let reversed = run("old", "other", [[4, 6, 8, 5, 7, 9]; 3]);
    let mut images = IMAGES.map(str::to_owned);
    images.reverse();
    old.view.per_image = reversed.view.per_image;
    old.view.confusions = reversed.view.confusions;
    old.view.images = images.to_vec();
    let all = [(Kind::MaxLoss, "miou:fog<=9"), (Kind::MaxLoss, "miou:fog<=2"), (Kind::MinGain, "fog:1>=0")];
    let result = gate(&new, Some(&old), &thresholds(&all), &quick()).unwrap();
    let passed: Vec<bool> = result.verdicts.iter().map(|v| v.passed).collect();
    assert_eq!(passed, [true, false, false], "{}", text(&result));
    // 33 of 60 pixels found against 39: (33/60 + 60/87) / 2 and (39/60 + 60/81) / 2.
    let loss = 50.0 * (39.0 / 60.0 + 60.0 / 81.0 - 33.0 / 60.0 - 60.0 / 87.0);
    assert!((result.verdicts[0].interval.value - loss).abs() < 1e-9);
    // Unpaired, the spread of the pictures would be about ten points.
    assert!(result.verdicts[0].interval.high - result.verdicts[0].interval.low < 2.0);
    assert_eq!(result.verdicts[2].interval.value, -result.verdicts[0].interval.value);
    let head = "new against other of old, 6 images, single, by values and the bounds of 95 % intervals, ";
    assert!(text(&result).starts_with(head), "{}", text(&result));
    let same = gate(&new, Some(&new), &thresholds(&[(Kind::Equivalent, "rPC<=0")]), &quick()).unwrap();
    assert!(same.verdicts[0].passed && same.verdicts[0].needs == "value and both ends within ±0");
}

#[test]
fn runs_of_other_inputs_are_refused_by_name() {
    let new = run("new", "net", [[8; 6]; 3]);
    let refused = |old: &ScoredRun, text: &str| {
        let asked = thresholds(&[(Kind::MaxLoss, text)]);
        gate(&new, Some(old), &asked, &quick()).unwrap_err().to_string()
    };
    let mut old = run("old", "net", [[8; 6]; 3]);
    let fog = Condition::new("fog", 3).unwrap();
    old.inputs.insert(("c".to_owned(), fog.clone()), vec!["another seed".to_owned()]);
    let said = refused(&old, "mPC<=1");
    assert_eq!(
        said,
        "new cannot be compared with old image by image: images whose pixels under fog:3 differ or are missing in one of them: c; expected runs of the same inputs"
    );
    // What a threshold does not need may differ.
    assert!(gate(&new, Some(&old), &thresholds(&[(Kind::MaxLoss, "fog:1<=1")]), &quick()).is_ok());
    old.labels = Some(IMAGES.map(|image| (image.to_owned(), "moved".to_owned())).into());
    assert!(refused(&old, "clean<=1").contains("label maps differ: a, b, c and 3 others"));
    old.labels = None;
    assert!(refused(&old, "clean<=1").contains("the store of old has no hashes of its label maps"));
    old.view.images[5] = "g".to_owned();
    assert!(refused(&old, "clean<=1").contains("only one of them has: f, g"));
    old.view.classes[1] = "dog".to_owned();
    assert!(refused(&old, "clean<=1").contains("classes differ"));
    let alone = gate(&new, None, &thresholds(&[(Kind::Equivalent, "clean<=1")]), &quick()).unwrap_err();
    assert!(alone.to_string().contains("compares with a baseline run, and none is given"));
}

#[test]
fn what_cannot_be_read_is_answered_with_what_was_expected() {
    for (kind, text, says) in [
        (
            Kind::Min,
            "rPC",
            "there is no >= or <=; expected [MEASURE][@MODEL][/CLASS][:CONDITION[:SEVERITY]] OP VALUE",
        ),
        (Kind::Min, "rPC=60", "`=` is none of >=, >, <= and <"),
        (Kind::Min, "rPC<=60", "min needs >= or >, not <="),
        (Kind::MaxDrop, "fog:3>=20", "max-drop needs <= or <"),
        (Kind::Min, "rPC>=sixty", "`sixty` is not a number"),
        (Kind::Equivalent, "rPC<=-1", "a bound of 0 or more"),
        (Kind::Min, "rPC@a@b>=1", "two parts begin with `@`"),
        (Kind::Min, "miou/>=1", "nothing follows the `/`; expected [MEASURE]"),
        (Kind::Min, "rPC:clean>=50", "rpc on clean images is always 100"),
        (Kind::MaxDrop, "clean<=3", "clean images drop by 0 from themselves"),
        (Kind::Min, "fwiou/cat>=1", "fwiou has no value for a class"),
        (Kind::Min, "slope:fog>=1", "slope is over all severities"),
        (Kind::MaxDrop, "rPC<=1", "rpc has no value on clean images"),
        (Kind::MaxLoss, "cka_clean_corrupted:fog<=1", "neither more nor less is better"),
    ] {
        let said = Threshold::parse(kind, text).unwrap_err().to_string();
        assert!(said.starts_with(&format!("`{text}`: ")) && said.contains(says), "{said}");
        assert!(said.len() < 200, "{said}");
    }
}

#[test]
fn what_cannot_be_found_is_answered_with_the_nearest_name() {
    let run = run("new", "net", [[8; 6]; 3]);
    for (text, says) in [
        ("fgo:3>=1", "there is no condition or measure `fgo`; expected one of this run; did you mean fog?"),
        ("rpx:fog>=1", "there is no condition or measure `rpx`; expected one of this run; did you mean rpc?"),
        ("miou:fgo>=1", "there is no condition `fgo`; expected one of this run; did you mean fog?"),
        ("rain>=1", "there is no condition or measure `rain`; expected clean, corrupted, a corruption (fog)"),
        ("fog:2>=1", "there is no severity `2` of fog; expected one of 1, 3"),
        ("severity:9>=1", "there is no severity `9`; expected one of 1, 3"),
        (
            "clean:3>=1",
            "there is no condition or measure `clean:3`; expected one of this run; did you mean clean?",
        ),
        ("miou@nte>=1", "there is no model `nte`; expected one of net"),
        ("iou/dog>=1", "there is no class `dog`; expected one of background, cat, or `#`"),
        ("ece>=0", "the store has no value of `min ece >= 0`"),
    ] {
        let said = gate(&run, None, &thresholds(&[(Kind::Min, text)]), &quick()).unwrap_err().to_string();
        assert!(said.contains(says), "{said}");
    }
    assert!(matches!(gate(&run, None, &[], &quick()), Err(Error::Setting { .. })));
}

#[test]
fn only_what_has_results_is_suggested() {
    let said = |run: &ScoredRun, text: &str| {
        gate(run, None, &thresholds(&[(Kind::Min, text)]), &quick()).unwrap_err().to_string()
    };
    let mut corrupted = run("new", "net", [[8; 6]; 3]);
    let mut clean = corrupted.clone();
    corrupted.view.confusions.retain(|cell, _| !cell.condition.is_clean());
    clean.view.confusions.retain(|cell, _| cell.condition.is_clean());
    assert_eq!(
        said(&corrupted, "miou:clean>=1"),
        "there is no condition `clean`; expected corrupted, a corruption (fog), with or without a severity as in `fog:3` (1, 3), a \
         group (weather) or `severity:N`"
    );
    for text in ["miou:corrupted>=1", "miou:fog>=1", "miou:weather>=1"] {
        let said = said(&clean, text);
        assert!(said.ends_with("; expected clean"), "{said}");
    }
}

#[test]
fn a_file_holds_thresholds_of_every_kind() {
    let file = GateFile::parse(
        "against = \"old\"\nalpha = 0.05\nmin = [\"rPC>=60\"]\nmax-drop = [\"fog:3<=20\", \"snow<=30\"]\nequivalent = [\"clean<=1\"]\n",
        "gate.toml",
    )
    .unwrap();
    assert_eq!((file.against.as_deref(), file.alpha), (Some("old"), Some(0.05)));
    let all: Vec<String> = file.thresholds().unwrap().iter().map(ToString::to_string).collect();
    let expected = [
        "min rpc >= 60",
        "max-drop miou:fog:3 <= 20",
        "max-drop miou:snow <= 30",
        "equivalent miou:clean <= 1",
    ];
    assert_eq!(all, expected);
    let wrong = GateFile::parse("least = [\"rPC>=60\"]\n", "gate.toml").unwrap_err().to_string();
    assert!(wrong.starts_with("gate.toml: ") && wrong.contains("unknown field `least`"), "{wrong}");
}

/// All three forms of one failed and one passed verdict, whose model has a name that could break each of them.
#[test]
fn the_three_forms() {
    let mut run = run("new", "net", [[9; 6], [6; 6], [4; 6]]);
    run.view.titles.insert(id("net"), "<b>|\"net\" & co\n".to_owned());
    let asked = thresholds(&[(Kind::Min, "fog:3>=51"), (Kind::MaxDrop, "fog:3<=20")]);
    let result = gate(&run, None, &asked, &quick()).unwrap();
    assert_eq!(
        text(&result),
        "new, 6 images, single, by values and the bounds of 95 % intervals, one-sided tests at 2.5 %\n\n\
         verdict  threshold                  model            value  interval        needs\n\
         pass     min miou:fog:3 >= 51       <b>|\"net\" & co   51.25  51.25 to 51.25  value and low >= 51\n\
         FAIL     max-drop miou:fog:3 <= 20  <b>|\"net\" & co   39.20  39.20 to 39.20  value and high <= 20\n\n\
         1 of 2 failed.\n"
    );
    let markdown = to_markdown(&result);
    assert!(markdown.starts_with("## Gate: 1 of 2 failed.\n\nnew, 6 images"), "{markdown}");
    assert!(
        markdown.contains("\n| pass | min miou:fog:3 &gt;= 51 | &lt;b&gt;\\|\"net\" &amp; co  | 51.25 |"),
        "{markdown}"
    );
    assert!(markdown.contains("\n| **FAIL** | **max-drop miou:fog:3 &lt;= 20** |"), "{markdown}");
    assert_eq!(
        junit(&result),
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <testsuites name=\"scribe gate new\" tests=\"2\" failures=\"1\" errors=\"0\">\n\
         <testsuite name=\"scribe gate new\" tests=\"2\" failures=\"1\" errors=\"0\" skipped=\"0\" time=\"0\">\n\
         <testcase classname=\"scribe gate new\" name=\"min miou:fog:3 &gt;= 51 (&lt;b&gt;|&quot;net&quot; &amp; co )\" time=\"0\">\
         <system-out>51.25 (51.25 to 51.25), needs value and low &gt;= 51</system-out></testcase>\n\
         <testcase classname=\"scribe gate new\" name=\"max-drop miou:fog:3 &lt;= 20 (&lt;b&gt;|&quot;net&quot; &amp; co )\" time=\"0\">\
         <failure type=\"threshold\" message=\"39.20 (39.20 to 39.20), needs value and high &lt;= 20\">max-drop miou:fog:3 &lt;= 20 of \
         &lt;b&gt;|&quot;net&quot; &amp; co : 39.20 (39.20 to 39.20), needs value and high &lt;= 20. new, 6 images, single, by values and the bounds of 95 % \
         intervals, one-sided tests at 2.5 %.</failure></testcase>\n\
         </testsuite>\n</testsuites>\n"
    );
}
