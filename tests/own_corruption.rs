//! A corruption from outside, in a group of its own: from the suite through evaluation and store to the tables.

#[path = "../crates/corruptions/examples/add_rain.rs"]
mod add_rain;
#[path = "../crates/eval/examples/own_predictor.rs"]
#[allow(dead_code, reason = "the example is a whole program, of which the test takes the predictor")]
mod own_predictor;

use add_rain::Rain;
use own_predictor::RedIsAPerson;
use scribe_analysis::{ReportExtra, load, write_report};
use scribe_corruptions::Suite;
use scribe_dataset::{CLASS_NAMES, SynthConfig, SyntheticSplit, TestView};
use scribe_eval::{Entrant, Pass, run};
use scribe_records::{Condition, Filter, Store};
use std::path::Path;

/// Two drawn images, clean and under two severities of each of the corruptions; the store and its report are in `folder`.
fn evaluate(folder: &Path, corruptions: &[&str]) -> Store {
    std::fs::create_dir_all(folder).unwrap();
    let config = SynthConfig { train: 1, val: 2, width: 80, height: 64, classes: vec![1, 8, 15], seed: 3 };
    let split = SyntheticSplit::val(&config).unwrap();
    let suite = Suite::imagecorruptions().with(Box::new(Rain)).unwrap();
    let pass = Pass::new(&split, &suite, vec![Entrant::new("red".parse().unwrap(), &RedIsAPerson)])
        .view(TestView::Squash(64))
        .corruptions(corruptions, &[1, 4])
        .unwrap();
    let manifest = pass.manifest(CLASS_NAMES);
    let mut store = Store::open_or_resume(&folder.join(Store::FILE_NAME), &manifest).unwrap();
    run(&pass, &mut store).unwrap();
    let extra = ReportExtra { resamples: Some(20), ..ReportExtra::default() };
    write_report(folder, &load(&store).unwrap(), &extra).unwrap();
    store
}

#[test]
fn it_is_in_the_tables_under_its_group_and_in_no_mean_of_the_paper_s() {
    let folder = tempfile::tempdir().unwrap();
    let [with, without] = ["with", "without"].map(|name| folder.path().join(name));
    let store = evaluate(&with, &["fog", "rain", "spatter"]);
    evaluate(&without, &["fog", "spatter"]);
    let info = store.manifest().corruptions.iter().find(|corruption| corruption.name == "rain").unwrap();
    assert_eq!((info.group.as_str(), info.implementation.as_str()), ("wet", "rain/1"));

    let read = |folder: &Path, name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
    let rain = Condition::new("rain", 4).unwrap();
    let counted = store.totals(&Filter::all()).unwrap();
    let total = counted.into_iter().find(|((_, condition), _)| *condition == rain).unwrap().1;
    let percent = format!(",{:.2}", 100.0 * total.miou().unwrap());
    let cells = read(&with, "extra-corruptions.csv");
    // Spatter is in one of the paper's groups, and comes before rain although its name comes after.
    assert_eq!(cells.lines().next(), Some("severity,model,id,spatter,rain"));
    let severest = cells.lines().find(|line| line.starts_with("4,")).unwrap();
    assert!(severest.ends_with(&percent), "the store counted {percent}:\n{cells}");
    let page = read(&with, "report.html");
    assert!(page.contains(">Weather</th>") && page.contains(">wet</th>"), "groups are above the columns");

    for name in ["table1.csv", "table2.csv"] {
        assert_eq!(read(&with, name), read(&without, name));
    }
}
