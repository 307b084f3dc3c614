//! mIoU, mPC, rPC, CE, RR, tables and their texts on a view small enough to compute by hand.

use crate::Results;
use crate::classes::{ClassIous, ClassSet};
use crate::names::Group;
use crate::render::{csv::csv, markdown, tex, text};
use crate::tables::{compare, printed_table1, printed_table2};
use crate::tables::{table1, table2};
use crate::{Bootstrap, Cell, ModeChoice, View, worst};
use scribe_records::{Condition, Confusion, Mode, ModelId, Series, SparseConfusion};

fn id(name: &str) -> ModelId {
    ModelId::new(name).unwrap()
}

fn cell(model: &str, mode: &Mode, condition: &str, severity: u8) -> Cell {
    Cell {
        series: Series::new(id(model), 0, mode.clone()),
        condition: Condition::new(condition, severity).unwrap(),
    }
}

/// `right` of 10 foreground pixels right and the others taken for background; 10 background pixels all right.
fn counts(right: usize) -> SparseConfusion {
    let mut c = Confusion::new(3);
    let pred: Vec<u8> = (0..20).map(|i| u8::from(i < right)).collect();
    let truth: Vec<u8> = (0..20).map(|i| u8::from(i < 10)).collect();
    c.add(&truth, &pred).unwrap();
    SparseConfusion::try_from(&c).unwrap()
}

/// mIoU of [`counts`]: foreground r / 10, background 10 / (20 - r); class 2 is absent and left out.
fn miou(right: usize) -> f64 {
    f64::midpoint(right as f64 / 10.0, 10.0 / (20 - right) as f64)
}

fn view() -> View {
    let mut v = View::new(&["background", "cat", "dog"], &["a"]);
    v.about.set = "hand-made".to_owned();
    for (model, plus) in [("baseline", 0), ("scribe", 1)] {
        for (mode, more) in [(Mode::single(), 0), (Mode::msc(), 2)] {
            let r = plus + more;
            v.insert(&cell(model, &mode, "clean", 0), 0, counts(7 + r)).unwrap();
            v.insert(&cell(model, &mode, "fog", 1), 0, counts(4 + r)).unwrap();
            v.insert(&cell(model, &mode, "fog", 2), 0, counts(2 + r)).unwrap();
            v.insert(&cell(model, &mode, "snow", 1), 0, counts(r)).unwrap();
        }
    }
    v
}

fn near(got: Option<f64>, want: f64) {
    let got = got.expect("measured");
    assert!((got - want).abs() < 1e-12, "{got} {want}");
}

#[test]
fn summaries_are_what_the_definitions_say() {
    let v = view();
    let (b, s) = (id("baseline"), id("scribe"));
    let results = Results::new(&v);
    let own = results.of(&b, ModeChoice::Single);
    near(own.clean(), miou(7));
    near(results.of(&b, ModeChoice::AsPrinted).clean(), f64::midpoint(miou(7), miou(9)));
    near(results.of(&b, ModeChoice::Msc).corruption_mean("fog"), f64::midpoint(miou(6), miou(4)));
    let mpc = (miou(4) + miou(2) + miou(0)) / 3.0;
    near(own.mpc(), mpc);
    near(own.rpc(), mpc / miou(7));
    near(own.group_mean(Group::Weather), mpc);
    assert_eq!(own.group_mean(Group::Noise), None);
    near(own.severity_mean(1), f64::midpoint(miou(4), miou(0)));
    let ce = (2.0 - miou(5) - miou(3)) / (2.0 - miou(4) - miou(2));
    near(results.of(&s, ModeChoice::Single).corruption_error(own, "fog"), ce);
    let mce = f64::midpoint(ce, (1.0 - miou(1)) / (1.0 - miou(0)));
    near(results.of(&s, ModeChoice::Single).mean_corruption_error(own), mce);
    near(own.resilience("snow"), miou(0) / miou(7));
    near(own.mean_resilience(), (miou(0) + f64::midpoint(miou(4), miou(2))) / 2.0 / miou(7));
    let slope = miou(2) - f64::midpoint(miou(4), miou(0));
    near(own.severity_slope(), slope);
    assert_eq!(own.measured_conditions(), 3);
    assert_eq!(own.at(&Condition::new("frost", 1).unwrap()), None);
}

#[test]
fn seeds_are_averaged() {
    let mut v = view();
    let mut second = cell("baseline", &Mode::single(), "clean", 0);
    second.series.seed = 1;
    v.insert(&second, 0, counts(3)).unwrap();
    near(Results::new(&v).of(&id("baseline"), ModeChoice::Single).clean(), f64::midpoint(miou(7), miou(3)));
    assert_eq!(v.seeds(&id("baseline")).len(), 2);
}

#[test]
fn table1_has_the_papers_columns_and_recomputed_means() {
    let t = table1(&Results::new(&view()), ModeChoice::Single);
    assert_eq!(t.columns.len(), 15);
    assert_eq!(t.groups.iter().map(|g| g.1).sum::<usize>(), 15);
    // Severities 1 and 2 and the mean, two models each.
    assert_eq!(t.rows.len(), 6);
    near(t.value(&["1", "Baseline"], "fog"), miou(4));
    near(t.value(&["Mean", "SCrIBE"], "fog"), f64::midpoint(miou(5), miou(3)));
    assert_eq!(t.value(&["2", "Baseline"], "snow"), None);
    let best = t.best();
    assert!(best[1][9] && !best[0][9], "the higher fog cell of severity 1 is SCrIBE's");
}

#[test]
fn table2_and_its_texts() {
    let t = table2(&Results::new(&view()));
    // By hand, for example the Baseline's cor: the mean of 51.25 (4 of 10 right), 37.78 (2) and 25.00 (0).
    let expected = "model,id,val,val_msc,cor,cor_msc,rpc,rpc_msc\n\
                    Baseline,baseline,73.46,90.45,38.01,51.58,51.74,57.02\n\
                    SCrIBE,scribe,81.67,100.00,44.69,58.74,54.72,58.74\n";
    assert_eq!(csv(&t), expected);
    assert!(
        markdown::grid(&t)
            .contains("| SCrIBE | **81.7** | **100.0** | **44.7** | **58.7** | **54.7** | **58.7** |")
    );
    let plain = text::text(&t);
    assert!(plain.contains("Model      val  val+MSC   cor  cor+MSC   rPC  rPC+MSC\n"), "{plain}");
    assert!(plain.contains("Baseline  73.5     90.5  38.0     51.6  51.7     57.0\n"), "{plain}");
    let latex = tex::tex(&t);
    assert!(latex.contains("Model & val & val+MSC & cor & cor+MSC & rPC & rPC+MSC \\\\"));
    assert!(latex.contains("\\textbf{81.7}"));
}

#[test]
fn notes_name_what_a_reader_must_know() {
    let mut v = view();
    v.about.synthetic = true;
    v.about.implementations.insert("frost".to_owned(), "frost-procedural/1".to_owned());
    let without = table2(&Results::new(&v)).notes.join("\n");
    assert!(without.contains("hand-made, 1 picture.") && without.contains("generated pictures"), "{without}");
    assert!(without.contains("1 of 3 classes have no pixel in the labels (dog)"), "{without}");
    assert!(without.contains("Only 3 of the paper's 75 conditions"), "{without}");
    assert!(without.contains("gaussian_noise") && !without.contains("frost-procedural"), "{without}");
    v.insert(&cell("scribe", &Mode::single(), "frost", 1), 0, counts(1)).unwrap();
    assert!(table2(&Results::new(&v)).notes.join("\n").contains("frost-procedural/1"));
}

#[test]
fn pictures_are_ranked_and_classes_listed() {
    let mut v = view();
    v.images.push("b".to_owned());
    v.insert(&cell("baseline", &Mode::single(), "fog", 1), 1, counts(0)).unwrap();
    let scores = worst::pictures(&v, &id("baseline"), &Mode::single());
    assert_eq!(scores.iter().map(|s| s.image.as_str()).collect::<Vec<_>>(), ["b", "a"]);
    assert_eq!(scores[0].clean, None);
    near(Some(scores[0].corrupted), 0.25);
    near(scores[1].clean, miou(7));
    near(Some(scores[1].corrupted), (miou(4) + miou(2) + miou(0)) / 3.0);
    let how = Bootstrap { resamples: 20, ..Bootstrap::STANDARD };
    let found = ClassIous::new(&v, &how);
    let ious = found.get(&id("scribe"), &Mode::single(), &ClassSet::Corrupted).unwrap();
    // 5 + 3 + 1 of 30 cat pixels; 30 background pixels and the 21 missed ones; no dog.
    let values: Vec<_> = ious.iter().map(|i| i.map(|i| i.value)).collect();
    assert_eq!(values, [Some(30.0 / 51.0), Some(9.0 / 30.0), None]);
}

#[test]
fn an_unfinished_run_is_named_incomplete() {
    let mut v = view();
    v.images.push("b".to_owned());
    v.insert(&cell("scribe", &Mode::single(), "fog", 1), 1, counts(1)).unwrap();
    let notes = table2(&Results::new(&v)).notes.join("\n");
    assert!(
        notes.contains("INCOMPLETE: 15 cells hold fewer pictures than the set (4 conditions)"),
        "{notes}"
    );
}

#[test]
fn ours_is_compared_with_the_printed_cell_by_cell() {
    let printed = printed_table2();
    assert_eq!(compare(&printed, &printed, 0.0).within(), 18);
    let t = table2(&Results::new(&view()));
    let c = compare(&t, &printed, 0.05);
    // Baseline and SCrIBE, six columns each; IBE is not in the view.
    assert_eq!(c.pairs.len(), 12);
    near(Some(c.pairs[0].difference()), miou(7) - 0.691);
    // By hand: Baseline val, cor and rPC, SCrIBE rPC and rPC+MSC; the others are 5.2 points or more away.
    assert_eq!(c.within(), 5);
    let c = compare(&table1(&Results::new(&view()), ModeChoice::AsPrinted), &printed_table1(), 0.005);
    assert_eq!(c.pairs.len(), 2 * (3 + 2));
    assert!(c.worst().is_some() && c.mean_absolute().is_some());
}

#[test]
fn tex_and_csv_escape_what_they_must() {
    let mut t = table2(&Results::new(&view()));
    t.rows[0].stubs[0] = "a,\"b\"".to_owned();
    assert!(csv(&t).contains("\"a,\"\"b\"\"\",baseline,73.46"));
}
