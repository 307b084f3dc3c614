//! Tables for other programs: what they hold is what the store holds.

mod common;

use common::{complaint, small, succeed};
use scribe_records::{Confusion, Filter, Store};
use std::collections::BTreeMap;
use std::path::Path;

/// A run of seconds.
fn run(folder: &Path) {
    let settings = [
        "data.synthetic.train=4",
        "data.synthetic.val=2",
        "train.batch=4",
        "train.steps=1",
        "model.width=0.05",
        "eval.corruptions=[\"contrast\"]",
        "eval.severities=[3]",
        "eval.modes=[\"single\"]",
        "eval.view=squash:40",
    ];
    let mut arguments = vec!["reproduce"];
    settings.iter().for_each(|setting| arguments.extend(["--set", *setting]));
    succeed(folder, &arguments);
}

/// One map for each row: the name of a column and its value.
type Rows = Vec<BTreeMap<String, String>>;

/// The rows of a table.
fn rows(path: &Path) -> Rows {
    let mut reader = csv::Reader::from_path(path).unwrap();
    reader.deserialize().map(|row| row.unwrap()).collect()
}

#[test]
fn the_tables_hold_what_the_store_holds() {
    let folder = tempfile::tempdir().unwrap();
    run(folder.path());
    let printed = succeed(folder.path(), &["export", "runs/smoke", "--format", "csv", "--out", "tables"]);
    let tables = folder.path().join("tables");
    let table = |name: &str| rows(&tables.join(format!("{name}.csv")));
    let store = Store::open(&folder.path().join("runs/smoke/store.sqlite")).unwrap();

    let confusions = table("confusions");
    assert_confusions(&confusions, &store);
    assert!(printed.contains(&format!("confusions.csv: {} rows", confusions.len())), "{printed}");

    assert_eq!(table("inputs").len(), 2 * 2);
    assert_eq!(table("brier").len(), 2 * 2 * 4, "softmax for all, sigmoid too for SCrIBE");
    assert_eq!(table("non_distinctiveness").len(), 2 * 2 * 3);
    assert_eq!(table("cross_covariances").len(), 3 * 3 * 21 * 21);
    assert_logit_means(&table("logit_means"), &store);
    let bins = table("calibration").iter().map(|row| row["pixels"].parse::<u64>().unwrap()).sum::<u64>();
    let counted = table("brier").iter().map(|row| row["pixels"].parse::<u64>().unwrap()).sum::<u64>();
    assert_eq!(bins, counted);
    let manifest = std::fs::read_to_string(tables.join("manifest.json")).unwrap();
    assert!(manifest.contains(&store.manifest().recipe_digest));
    assert_parquet(folder.path());
}

/// Two master seeds, and calibration over temperatures: fog draws, contrast does not.
const TWO_DRAWS: [&str; 8] = [
    "data.synthetic.val=6",
    "train.steps=1",
    "eval.corruptions=[\"fog\", \"contrast\"]",
    "eval.severities=[2, 4]",
    "eval.modes=[\"single\"]",
    "eval.view=squash:40",
    "eval.records=[\"calibration\", \"temperatures\"]",
    "eval.master_seeds=[2020, 5]",
];

#[test]
fn further_draws_and_temperatures_are_counted_reported_and_exported() {
    let folder = tempfile::tempdir().unwrap();
    succeed(folder.path(), &small("reproduce", &TWO_DRAWS, &[]));
    let run = folder.path().join("runs/smoke");
    succeed(folder.path(), &["export", "runs/smoke", "--format", "csv", "--out", "tables"]);
    let table = |name: &str| rows(&folder.path().join("tables").join(format!("{name}.csv")));
    let inputs = table("further_inputs");
    // Six pictures under two severities of fog.
    assert_eq!(inputs.len(), 6 * 2);
    assert!(inputs.iter().all(|row| row["master_seed"] == "5" && row["corruption"] == "fog"));
    let pixels = |rows: &Rows| rows.iter().map(|row| row["pixels"].parse::<u64>().unwrap()).sum::<u64>();
    let fog: Rows = table("confusions").into_iter().filter(|row| row["corruption"] == "fog").collect();
    assert_eq!(pixels(&table("further_confusions")), pixels(&fog), "the same labels");
    // Three models, of which one has sigmoids too, under clean and four conditions at 21 temperatures.
    let temperatures = table("temperatures");
    assert_eq!(temperatures.len(), 4 * 5 * 21);
    assert_eq!(pixels(&table("temperature_bins")), pixels(&temperatures));
    assert_eq!(21 * pixels(&table("confidence_ranks")), pixels(&temperatures));
    let fitted = |row: &&BTreeMap<String, String>| row["fit_pixels"] != "0";
    assert!(temperatures.iter().filter(fitted).all(|row| row["corruption"] == "clean"));

    let found = rows(&run.join("variance.csv"));
    let of = |quantity: &str| found.iter().find(|row| row["quantity"] == quantity).unwrap().clone();
    assert_eq!((of("contrast:2")["draws"].as_str(), of("contrast:2")["master_seeds"].as_str()), ("", "1"));
    assert!(of("fog:2")["one_draw"].parse::<f64>().unwrap() >= 0.0 && of("fog:2")["master_seeds"] == "2");
    assert_eq!(rows(&run.join("temperatures.csv")).len(), 4);
    // Asked for fewer draws, the call says that the store keeps more.
    let fewer = TWO_DRAWS.map(|s| if s.contains("master_seeds") { "eval.master_seeds=[2020]" } else { s });
    let said = common::run(folder.path(), &small("eval", &fewer, &[]));
    let said = String::from_utf8_lossy(&said.stderr).into_owned();
    assert!(said.contains("also keeps the draws of the corruptions under master seed 5: a report"), "{said}");
    let page = std::fs::read_to_string(run.join("report.html")).unwrap();
    for part in ["id=\"variance\"", "id=\"variance-figure\"", "id=\"temperature\"", "master seeds 2020, 5"] {
        assert!(page.contains(part), "{part}");
    }
}

#[test]
fn what_cannot_be_exported_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let none = complaint(folder.path(), &["export", "runs/none", "--format", "csv"]);
    assert!(none.contains("runs/none/store.sqlite"), "{none}");
    assert!(complaint(folder.path(), &["export", "runs/none", "--format", "xls"]).contains("xls"));
    std::fs::create_dir_all(folder.path().join("runs/bad")).unwrap();
    std::fs::write(folder.path().join("runs/bad/store.sqlite"), "noise").unwrap();
    let noise = complaint(folder.path(), &["export", "runs/bad", "--format", "csv"]);
    assert!(noise.contains("runs/bad/store.sqlite") && noise.contains("not a readable store"), "{noise}");
    assert!(!folder.path().join("runs/bad/csv").exists(), "nothing is written before the store was read");
}

fn assert_confusions(rows: &Rows, store: &Store) {
    let mut found: BTreeMap<_, Confusion> = BTreeMap::new();
    for row in rows {
        let place = (row["model"].clone(), row["corruption"].clone());
        let total = found.entry(place).or_insert_with(|| Confusion::new(21));
        let number = |column: &str| row[column].parse::<u8>().unwrap();
        let pixels = row["pixels"].parse::<usize>().unwrap();
        total.add(&vec![number("truth"); pixels], &vec![number("prediction"); pixels]).unwrap();
    }
    for ((series, condition), total) in store.totals(&Filter::all()).unwrap() {
        assert_eq!(found[&(series.model.to_string(), condition.corruption)], total);
    }
    assert_eq!(found.len(), 6);
}

fn assert_logit_means(rows: &Rows, store: &Store) {
    let (series, condition) = store.moment_keys().unwrap()[0].clone();
    let moments = store.moments(&series, &condition).unwrap().unwrap();
    for row in rows {
        if row["model"] == series.model.as_str() && row["corruption"] == condition.corruption {
            let (class, channel) = (row["class"].parse().unwrap(), row["channel"].parse::<usize>().unwrap());
            let mean: f64 = row["mean"].parse().unwrap();
            assert_eq!(mean, moments.mean(class).unwrap()[channel], "text keeps every bit");
            assert_eq!(row["pixels"], moments.count(class).to_string());
        }
    }
}

fn assert_parquet(folder: &Path) {
    if cfg!(feature = "parquet") {
        succeed(folder, &["export", "runs/smoke", "--format", "parquet"]);
        let file = std::fs::read(folder.join("runs/smoke/parquet/confusions.parquet")).unwrap();
        assert!(file.starts_with(b"PAR1") && file.ends_with(b"PAR1"));
    } else {
        let message = complaint(folder, &["export", "runs/smoke", "--format", "parquet"]);
        assert!(message.contains("--features parquet"), "{message}");
    }
}
