//! What tables and sentences claim: whose cells they show, which conditions count, and whether a verdict follows from
//! its test.

use super::one_number::made;
use crate::Results;
use crate::classes::{ClassIous, ClassSet};
use crate::contents::{Contents, contents};
use crate::errors::{self, Under};
use crate::measures::Kind;
use crate::verdict::HoldsFor;
use crate::{Bootstrap, Cell, ModeChoice, ReportExtra, View, sentences, worst};
use scribe_records::{Condition, Confusion, Mode, ModelId, Series, SparseConfusion};

fn id(name: &str) -> ModelId {
    ModelId::new(name).unwrap()
}

fn at(name: &str, severity: u8) -> Condition {
    Condition::new(name, severity).unwrap()
}

fn made(view: &View) -> Contents<'_> {
    contents(view, &ReportExtra { resamples: Some(100), ..ReportExtra::default() }).unwrap()
}

/// A view of one picture whose models are given as (id, mode, condition, right of 10 foreground pixels).
fn view(results: &[(&str, &str, Condition, usize)]) -> View {
    let mut v = View::new(&["background", "cat"], &["a"]);
    for (model, mode, condition, right) in results {
        let series = Series::new(id(model), 0, Mode::new(mode).unwrap());
        let pred: Vec<u8> = (0..20).map(|i| u8::from(i < *right)).collect();
        let truth: Vec<u8> = (0..20).map(|i| u8::from(i < 10)).collect();
        let mut count = Confusion::new(2);
        count.add(&truth, &pred).unwrap();
        let cell = Cell { series, condition: condition.clone() };
        v.insert(&cell, 0, SparseConfusion::try_from(&count).unwrap()).unwrap();
    }
    v
}

fn miou(right: usize) -> f64 {
    f64::midpoint(right as f64 / 10.0, 10.0 / (20 - right) as f64)
}

#[test]
fn a_model_of_one_mode_has_its_cells_and_a_note() {
    let (clean, fog) = (Condition::clean(), at("fog", 1));
    let v = view(&[
        ("softmax", "single", clean.clone(), 8),
        ("softmax", "msc", clean.clone(), 9),
        ("softmax", "single", fog.clone(), 4),
        ("softmax", "msc", fog.clone(), 5),
        ("mine", "single", clean.clone(), 7),
        ("mine", "single", fog.clone(), 3),
        ("theirs", "msc-logit", clean, 6),
        ("theirs", "msc-logit", fog, 2),
    ]);
    let c = made(&v);
    assert_eq!(c.mode_choice, ModeChoice::AsPrinted);
    let cell = |name: &str| c.table1.value(&["1", name], "fog").unwrap();
    assert_eq!(
        [cell("Baseline"), cell("mine"), cell("theirs")],
        [f64::midpoint(miou(4), miou(5)), miou(3), miou(2)]
    );
    let mean = |name: &str| Results::new(&v).of(&id(name), c.mode_choice).mpc().unwrap();
    assert_eq!([mean("mine"), mean("theirs")], [miou(3), miou(2)]);
    let errors = c.corruption_error.as_ref().unwrap();
    assert!(errors.rows.iter().all(|r| r.values.last().unwrap().is_some()), "{errors:?}");
    let said = sentences::findings(&c).join("\n");
    assert!(said.contains("mine falls from 73.5\u{a0}% to 44.4\u{a0}%"), "{said}");
    let notes = c.table1.notes.join("\n");
    assert!(notes.contains("mine is shown single scale only (mode single)"), "{notes}");
    assert!(
        notes.contains("theirs is shown multi-scale (average of logits) only (mode msc-logit)"),
        "{notes}"
    );
    assert!(!notes.contains("Baseline is shown"), "{notes}");
    assert_eq!(c.table2.value(&["theirs"], "cor_msc-logit"), Some(miou(2)));
    assert_eq!(c.table2.value(&["theirs"], "val"), None);
}

#[test]
fn one_mode_of_all_models_needs_no_average() {
    let fog = at("fog", 1);
    let of = |mode| view(&[("softmax", mode, fog.clone(), 4), ("mine", mode, fog.clone(), 3)]);
    assert_eq!(Results::new(&of("single")).shown(), ModeChoice::Single);
    assert_eq!(Results::new(&of("msc")).shown(), ModeChoice::Msc);
    assert_eq!(Results::new(&of("msc-sigmoid")).shown(), ModeChoice::MscSigmoid);
    let strange = of("thrice");
    assert!(
        made(&strange).table1.notes.join("\n").contains("mode `thrice` are stored, but no table shows them")
    );
    // Multi-scale on the clean pictures alone is no half of an average.
    let mut part = of("single");
    let more = view(&[("softmax", "msc", Condition::clean(), 9)]);
    let (cell, pictures) = more.per_image.iter().next().unwrap();
    part.insert(cell, 0, pictures[0].1.clone()).unwrap();
    assert_eq!(Results::new(&part).of(&id("softmax"), ModeChoice::AsPrinted).at(&fog), Some(miou(4)));
}

#[test]
fn two_models_of_one_name_keep_their_own_numbers() {
    let v = made::view();
    let c = made(&v);
    let titles: Vec<String> = v.models.iter().map(|m| v.title(m)).collect();
    assert_eq!(titles, ["Baseline", "SCrIBE", "Net (mine)", "Net (other)"]);
    let rows: Vec<&str> = c.table2.rows.iter().map(|r| r.model.as_ref().unwrap().id.as_str()).collect();
    assert_eq!(rows, ["softmax", "scribe", "mine", "other"]);
    let extra =
        ReportExtra { reference: Some("other".to_owned()), resamples: Some(20), ..ReportExtra::default() };
    assert_eq!(contents(&v, &extra).unwrap().reference, Some(id("other")));
}

#[test]
fn extra_corruptions_count_in_no_summary_and_have_their_rows() {
    let full = made::view();
    let mut without = full.clone();
    let paper = |c: &Cell| !["speckle_noise", "spatter"].contains(&c.condition.corruption.as_str());
    without.confusions.retain(|c, _| paper(c));
    without.per_image.retain(|c, _| paper(c));
    without.moments.retain(|c, _| paper(c));
    without.sums.retain(|c, _| paper(&c.0));
    let (with, lean) = (made(&full), made(&without));
    assert_eq!(with.table1.rows, lean.table1.rows);
    assert_eq!(with.table2.rows, lean.table2.rows);
    assert_eq!(with.wiggle, lean.wiggle);
    assert_eq!(with.reliability.map(|r| r.data), lean.reliability.map(|r| r.data));
    assert_eq!(sentences::established(&made(&full)), sentences::established(&made(&without)));
    let (model, single) = (id("softmax"), Mode::single());
    let how = Bootstrap { resamples: 20, ..Bootstrap::STANDARD };
    for v in [&full, &without] {
        assert_eq!(worst::pictures(v, &model, &single), worst::pictures(&full, &model, &single));
        let split = |v: &View| errors::error_split(v, &model, &single, Under::Corrupted);
        assert_eq!(split(v), split(&full));
        let ious =
            |v: &View| ClassIous::new(v, &how).get(&model, &single, &ClassSet::Corrupted).map(<[_]>::to_vec);
        assert_eq!(ious(v), ious(&full));
    }
    let table = with.extras.unwrap();
    assert_eq!(
        table.value(&["1", "Net (mine)"], "spatter"),
        Results::new(&full).of(&id("mine"), ModeChoice::Single).at(&at("spatter", 1))
    );
    assert!(lean.extras.is_none() && errors::error_split(&without, &model, &single, Under::Extra).is_none());
    let notes = with.table1.notes.join("\n");
    assert!(notes.contains("spatter and speckle_noise are not among the paper's fifteen"), "{notes}");
    assert!(with.differences.iter().any(|d| d.quantity == "speckle_noise:1" && !d.is_table1_cell));
}

/// All pictures are alike, so an interval over them leaves out zero whatever the classes say.
#[test]
fn label_frequency_is_judged_over_classes() {
    let mut v = View::new(&["background", "a", "b", "c", "d", "e", "f"], &["x", "y", "z"]);
    let cell = Cell { series: Series::new(id("softmax"), 0, Mode::single()), condition: at("fog", 1) };
    for picture in 0..3 {
        let mut count = Confusion::new(7);
        for (t, p, n) in [(1, 2, 30), (2, 3, 20), (3, 4, 40), (4, 5, 10), (5, 6, 50), (6, 1, 15)] {
            count.add(&vec![t; n], &vec![p; n]).unwrap();
        }
        v.insert(&cell, picture, SparseConfusion::try_from(&count).unwrap()).unwrap();
    }
    let test = |pixels: &[u64]| {
        errors::frequency(&v, &id("softmax"), &Mode::single(), pixels, &Bootstrap::STANDARD).unwrap()
    };
    let chance = test(&[0, 10, 60, 30, 20, 40, 50]);
    assert!(chance.rho.excludes_zero() && chance.p > 0.2, "{chance:?}");
    let holds = HoldsFor::TrainingsLikeThese;
    assert_eq!(chance.verdict(holds), "not established");
    // The order of the pixels received: 15, 30, 20, 40, 10, 50.
    assert_eq!(test(&[0, 2, 4, 3, 5, 1, 6]).verdict(holds), "established");
    assert_eq!(test(&[0, 5, 3, 4, 2, 6, 1]).verdict(holds), "the contrary is established");
    let these = test(&[0, 2, 4, 3, 5, 1, 6]).verdict(HoldsFor::of(&v, [&id("softmax")]));
    assert_eq!(these, "established for these trainings", "it was trained once");
    v.about.training_pixels = Some(vec![0, 10, 60, 30, 20, 40, 50]);
    let c = made(&v);
    let said = sentences::established(&c).join("\n");
    assert!(said.contains("permutation p = 0.") && said.contains(", not established)"), "{said}");
}

#[test]
fn wiggle_room_is_judged_within_severities_for_pairs_too() {
    let v = made::view();
    let c = made(&v);
    let pair = c.wiggle.iter().find(|t| t.subject == (id("scribe"), Some(id("softmax")))).unwrap();
    let within = pair.within_severity.unwrap();
    assert_eq!(pair.judged(), (within, true));
    assert!((within.value - pair.rho.value).abs() > 0.01, "the two must be told apart: {pair:?}");
    let said = sentences::established(&c).join("\n");
    assert!(said.contains(&format!("SCrIBE − Baseline {:+.2} (", within.value)), "{said} {within:?}");
    let whole = crate::wiggle::WiggleTest { within_severity: None, ..pair.clone() };
    assert_eq!(whole.judged(), (pair.rho, false));
}

#[test]
fn sentences_take_the_mean_over_seeds_and_figures_name_the_seed() {
    let v = made::view();
    let c = made(&v);
    assert!(c.fig3.as_ref().unwrap().svg.contains(", seed 0"));
    assert!(c.fig4.as_ref().unwrap().svg.contains("one training seed a model"));
    let seeds = c.fig3.as_ref().unwrap().data.seeds.clone().unwrap();
    assert!(seeds.contains("(Baseline seed 0 of 2 and SCrIBE seed 0 of 2)"), "{seeds}");
    assert_eq!(c.fig4.as_ref().unwrap().data.seeds, Some(seeds));
    let said = sentences::findings(&c).join("\n");
    let rank = |m: &str| {
        c.measured
            .interval(&id(m), &Mode::single(), &Condition::clean(), crate::measures::Measure::DIMENSIONS)
            .unwrap()
            .value
    };
    assert!(
        said.contains(&format!("Baseline {:.2}, SCrIBE {:.2}", rank("softmax"), rank("scribe"))),
        "{said}"
    );
}

#[test]
fn logits_of_a_part_of_the_pictures_are_counted() {
    let mut v = made::view();
    for (cell, pictures) in &v.per_image {
        for kind in
            [Kind::Pixels, Kind::Softmax].into_iter().filter(|k| v.sums.contains_key(&(cell.clone(), *k)))
        {
            let with = if cell.series.model == id("other") { pictures.len() - 5 } else { pictures.len() };
            v.counted.insert((cell.clone(), kind), with);
        }
    }
    let notes = made(&v).table1.notes.join("\n");
    assert!(
        notes.contains("Net (other) has logits or probabilities for a part of its pictures only (7 of 12"),
        "{notes}"
    );
    assert!(!notes.contains("SCrIBE has logits"), "{notes}");
}

#[test]
fn a_mean_that_rises_is_not_said_to_fall() {
    let (clean, fog, snow) = (Condition::clean(), at("fog", 1), at("snow", 1));
    let said = |rights: [usize; 3]| {
        let [of_clean, of_fog, of_snow] = rights;
        let v = view(&[
            ("mine", "single", clean.clone(), of_clean),
            ("mine", "single", fog.clone(), of_fog),
            ("mine", "single", snow.clone(), of_snow),
        ]);
        sentences::findings(&made(&v)).join("\n")
    };
    // (0.5 + 10/15) / 2 = 58.3 %; (0.6 + 10/14) / 2 = 65.7 %; (0.7 + 10/13) / 2 = 73.5 %; (0.4 + 10/16) / 2 = 51.2 %
    let rises = said([5, 6, 6]);
    assert!(rises.contains("mine rises from 58.3\u{a0}% to 65.7\u{a0}%"), "{rises}");
    assert!(!rises.contains("hurts") && rises.contains("has the lowest mean"), "{rises}");
    let stays = said([5, 5, 5]);
    assert!(stays.contains("mine stays at 58.3\u{a0}%") && !stays.contains("hurts"), "{stays}");
    let one = said([6, 7, 4]);
    assert!(one.contains("snow hurts most (51.2") && one.contains("fog does not hurt (73.5"), "{one}");
    let both = said([7, 6, 5]);
    assert!(both.contains("hurts most (58.3") && both.contains("fog least (65.7"), "{both}");
}

#[test]
fn the_training_is_described_only_of_models_that_the_run_trained() {
    let mut v = view(&[
        ("softmax", "single", Condition::clean(), 8),
        ("mine", "single", Condition::clean(), 7),
        ("theirs", "single", Condition::clean(), 6),
    ]);
    v.about.start = crate::Start::Scratch;
    let none = sentences::limits(&v, &crate::Bootstrap::STANDARD).join("\n");
    assert!(!none.contains("random weights") && !none.contains("trained once"), "{none}");
    assert!(none.contains("does not say how Baseline, mine and theirs came about"), "{none}");
    v.trained = [id("softmax")].into();
    let one = sentences::limits(&v, &crate::Bootstrap::STANDARD).join("\n");
    assert!(one.contains("Baseline was trained from random weights."), "{one}");
    assert!(one.contains("Baseline was trained once.") && one.contains("how mine and theirs came"), "{one}");
    v.trained = v.models.iter().cloned().collect();
    let all = sentences::limits(&v, &crate::Bootstrap::STANDARD).join("\n");
    assert!(all.contains("The networks were trained from random weights."), "{all}");
    assert!(all.contains("Each model was trained once.") && !all.contains("does not say"), "{all}");
}

#[test]
fn one_foreground_class_is_not_compared_with_another() {
    let v = view(&[("mine", "single", Condition::clean(), 8), ("mine", "single", at("fog", 1), 4)]);
    let c = made(&v);
    let said = sentences::established(&c).join("\n");
    assert!(!said.contains("go to background"), "{said}");
    // That view has more foreground classes.
    assert!(sentences::established(&made(&made::view())).join("\n").contains("go to background"));
}
