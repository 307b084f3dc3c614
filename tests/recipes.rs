//! Every recipe is complete and usable, and the two readings of the paper differ where DEVIATIONS.md says.

use scribe::{Recipe, preset_names};
use std::collections::BTreeSet;

fn error(name: &str, assignments: &[&str]) -> String {
    let assignments: Vec<_> = assignments.iter().map(ToString::to_string).collect();
    Recipe::load(name, &assignments).expect_err("the recipe must be refused").to_string()
}

#[test]
fn every_preset_is_usable_and_called_by_its_name() {
    for name in preset_names() {
        let recipe = Recipe::load(name, &[]).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(recipe.name, name);
    }
}

#[test]
fn the_two_readings_of_the_paper_differ_in_these_keys() {
    let flat = |name| Recipe::load(name, &[]).unwrap().flattened();
    let (text, code) = (flat("paper-text"), flat("authors-code"));
    let keys: BTreeSet<_> = text.keys().chain(code.keys()).collect();
    let differing: Vec<_> = keys.into_iter().filter(|key| text.get(*key) != code.get(*key)).collect();
    let expected = [
        "data.train_set",
        "model.decoder",
        "model.dropout",
        "model.output_stride",
        "model.rates",
        "models.1.objective.background.at",
        "models.2.objective.background.at",
        "models.2.objective.bce",
        "models.2.objective.reduce",
        "models.2.objective.void",
        "name",
        "source",
        "train.flip",
        "train.jitter",
        "train.poly.per",
        "train.validate_every",
    ];
    assert_eq!(differing, expected);
}

#[test]
fn a_key_that_is_set_changes_the_digest_and_one_that_only_adds_does_not() {
    let digest = |set: &str| Recipe::load("smoke", &[set.to_string()]).unwrap().digest();
    let own = Recipe::load("smoke", &[]).unwrap().digest();
    assert_ne!(own, digest("train.batch=8"));
    assert_ne!(own, digest("eval.view=squash:96"));
    assert_ne!(own, digest("precision=bf16"));
    assert_eq!(own, digest("seeds=[1, 2]"));
    assert_eq!(own, digest("eval.modes=[\"single\"]"));
    assert_eq!(own, digest("train.batch=16"));
    // A key that is younger than stores: off, it is as if it were not there.
    assert_eq!(own, digest("train.sync_batch_norm=false"));
    assert_ne!(own, digest("train.sync_batch_norm=true"));
}

#[test]
fn a_models_loss_belongs_to_its_training_alone() {
    let changed = Recipe::load("smoke", &["models.2.objective.reduce=mean".to_string()]).unwrap();
    let own = Recipe::load("smoke", &[]).unwrap();
    assert_ne!(own.training_digest("scribe", 1), changed.training_digest("scribe", 1));
    assert_eq!(own.training_digest("ibe", 1), changed.training_digest("ibe", 1));
    assert_ne!(own.training_digest("ibe", 1), own.training_digest("ibe", 2));
}

#[test]
fn unknown_keys_and_recipes_are_named() {
    let unknown = error("smoke", &["train.stepz=3"]);
    assert!(unknown.contains("stepz") && unknown.contains("steps"), "{unknown}");
    assert!(error("nothing", &[]).contains("smoke, paper-text, authors-code"));
    assert!(error("no/such/file.toml", &[]).contains("no/such/file.toml"));
}

#[test]
fn wrong_values_are_named() {
    let wrong = [
        ("eval.severities=[0]", "eval.severities = 0"),
        ("eval.severities=[6]", "eval.severities = 6"),
        ("eval.corruptions=[\"smog\"]", "smog"),
        ("eval.view=tiny", "eval.view"),
        (
            "eval.suite=imagenet_c",
            "expected squash:224, the only size of suite imagenet_c, or eval.suite=imagecorruptions, which takes any size",
        ),
        ("eval.modes=[\"double\"]", "msc-rebuild"),
        ("eval.records=[\"guess\"]", "cross_moments"),
        ("seeds=[1, 1]", "each seed once"),
        ("eval.severities=[2, 2]", "each severity once"),
        ("eval.modes=[\"single\", \"single\"]", "each mode once"),
        ("eval.calibration_bins=0", "eval.calibration_bins = 0"),
        ("model.width=0.0", "model.width = 0.0"),
        ("model.output_stride=4", "8, 16 or 32"),
        (
            "model.rates=[9223372036854775807, 1, 1]",
            "model.rates = [9223372036854775807, 1, 1]: expected three dilations of 1 to 1024",
        ),
        ("train.batch=1", "train.batch = 1"),
        ("train.jitter=[0.1, 0.1, 0.1, 0.9]", "train.jitter"),
        ("models.0.id=a b", "models.id"),
        ("models.1.id=softmax", "no other model"),
        (
            "models.1.label=Baseline",
            "models.label = \"Baseline\": expected 1 to 100 visible characters, no control characters, not only spaces, that no other",
        ),
        ("data.synthetic.classes=[21]", "data.synthetic.classes"),
        ("data.max_pixels=0", "data.max_pixels = 0: expected at least 1"),
    ];
    for (set, expected) in wrong {
        let message = error("smoke", &[set]);
        assert!(message.contains(expected), "--set {set}: {message}");
    }
}

#[test]
fn the_readme_says_what_a_recipes_own_name_may_be() {
    let message = error("smoke", &["name=My.Run"]);
    assert!(
        message.contains("name = \"My.Run\": expected 1 to 64 lower-case letters, digits, '-' and '_'"),
        "{message}"
    );
    let readme = include_str!("../README.md");
    let names = readme.lines().find(|line| line.starts_with("- **Names.**")).unwrap();
    assert!(names.contains("A recipe's own `name`"), "{names}");
    assert!(names.contains("has 1 to 64 lower-case letters, digits, `-` and `_`."), "{names}");
}

#[test]
fn more_than_a_store_holds_is_counted_and_not_repeated() {
    let list = |count: u64| (0..count).map(|n| n.to_string()).collect::<Vec<_>>().join(", ");
    // The recipe has three models and two modes: 334 x 3 x 2 = 2004.
    for (set, expected) in [
        (
            format!("seeds=[{}]", list(334)),
            "seeds = 334 seeds x 3 models x 2 modes: expected at most 2000 series",
        ),
        (
            format!("eval.master_seeds=[{}]", list(2001)),
            "eval.master_seeds = 2001 master seeds: expected at most 2000",
        ),
    ] {
        let message = error("smoke", &[&set]);
        assert!(message.contains(expected) && message.len() < 300, "{message}");
    }
    Recipe::load("smoke", &[format!("seeds=[{}]", list(333))]).unwrap();
}

#[test]
fn near_misses_are_told_the_name_that_was_meant() {
    let cases = [
        ("trian.steps=3", "did you mean train?"),
        ("train.stpes=3", "unknown field `stpes` (did you mean steps?)"),
        ("eval.corruptions=fogg", "did you mean fog? expected one of gaussian_noise"),
        ("eval.corruptions=[\"wether\"]", "did you mean weather?"),
        ("eval.modes=[\"mcs\"]", "did you mean msc? expected one of single, msc"),
        ("eval.suite=imagecorruption", "did you mean imagecorruptions?"),
        ("eval.records=[\"moment\"]", "did you mean moments?"),
        ("data.train_set=vocc", "(did you mean voc?)"),
        ("models.0.objective.kind=softmx", "(did you mean softmax?)"),
    ];
    for (set, expected) in cases {
        let message = error("smoke", &[set]);
        assert!(message.contains(expected), "--set {set}: {message}");
    }
    assert!(error("smoek", &[]).contains("did you mean smoke? expected one of smoke, "));
    // What is near to nothing gets no advice.
    assert!(!error("smoke", &["eval.corruptions=rain"]).contains("did you mean"));
}

#[test]
fn lists_of_words_have_one_grammar() {
    let of = |set: &str| {
        Recipe::load("smoke", &[format!("eval.corruptions={set}")]).unwrap().eval.corruptions.clone()
    };
    assert_eq!(of("fog"), ["fog"]);
    assert_eq!(of("noise, fog,"), ["noise", "fog"]);
    assert_eq!(of("[\" noise\", \"fog, snow\"]"), ["noise", "fog", "snow"]);
    let eval = |set: &str| Recipe::load("smoke", &[set.to_owned()]).unwrap().eval.clone();
    assert_eq!(eval("eval.modes=single").modes, ["single"]);
    assert_eq!(eval("eval.modes=single,msc").modes, ["single", "msc"]);
    assert_eq!(eval("eval.records=moments").records, ["moments"]);
    let message = error("smoke", &["eval.corruptions=3"]);
    assert!(message.contains("a list of words, or one text with commas between them"), "{message}");
    let message = error("smoke", &["eval.severities=[2, 2]"]);
    assert!(message.contains("eval.severities = [2, 2]: expected each severity once"), "{message}");
}

/// Stores of one master seed are those of the first of several: the list decides no digest.
#[test]
fn several_master_seeds_begin_with_the_first_one() {
    let set = |set: &str| Recipe::load("smoke", &[set.to_string()]).unwrap();
    let both_set = |list: &str| {
        let first = list.trim_start_matches('[').split([',', ']']).next().unwrap();
        let both = [format!("eval.master_seed={first}"), format!("eval.master_seeds={list}")];
        Recipe::load("smoke", &both).unwrap()
    };
    let (one, three) = (set("eval.master_seeds=[2020]"), set("eval.master_seeds=[2020, 5, 6]"));
    let plain = set("eval.master_seed=2020");
    assert_eq!((one.digest(), three.digest()), (plain.digest(), plain.digest()));
    assert_eq!((three.eval.first_seed(), three.eval.further_seeds()), (2020, vec![5, 6]));
    assert!(one.eval.further_seeds().is_empty());
    assert_ne!(both_set("[7]").digest(), plain.digest());
    // What stands in one of the two and not in the other is not drawn in silence.
    let expected = "eval.master_seed = 2020: expected 2021, the first of eval.master_seeds = [2021]";
    assert!(error("smoke", &["eval.master_seeds=[2021]"]).contains(expected));
    let expected = "eval.master_seed = 7: expected 2020, the first of eval.master_seeds = [2020, 2021]; set both, or leave";
    assert!(error("smoke", &["eval.master_seed=7"]).contains(expected));
    assert_eq!((both_set("[7, 9]").eval.first_seed(), both_set("[7, 9]").eval.further_seeds()), (7, vec![9]));
    let text = std::fs::read_to_string("../../recipes/smoke.toml").unwrap();
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("own.toml");
    let lines = text.lines().filter(|line| !line.starts_with("master_seed"));
    let listed: String = lines.map(|line| format!("{line}\n")).collect();
    std::fs::write(&path, listed.replace("[eval]", "[eval]\nmaster_seeds = [2020, 5]")).unwrap();
    let own = Recipe::load(path.to_str().unwrap(), &[]).unwrap();
    assert_eq!((own.digest(), own.eval.further_seeds()), (plain.digest(), vec![5]));
    assert!(error("smoke", &["eval.master_seeds=[2020, 5, 5]"]).contains("each master seed once"));
    std::fs::write(&path, listed).unwrap();
    assert!(error(path.to_str().unwrap(), &[]).contains("a master seed, or in eval.master_seeds several"));
}

/// Reports know VOC's classes without the crate that reads data sets (ARCHITECTURE.md, "Who may use whom").
#[test]
fn the_classes_of_voc_are_the_same_to_reports_and_to_data_sets() {
    assert_eq!(scribe_analysis::names::VOC_CLASSES, scribe_dataset::CLASS_NAMES);
}

/// An error repeats the beginning of a long value or line, and says how long it is.
#[test]
fn errors_of_long_values_are_short() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("long.toml");
    let smoke = std::fs::read_to_string("../../recipes/smoke.toml").unwrap();
    let complaint = |key: &str, value: &str| {
        let with = |line: &str| {
            if line.starts_with(&format!("{key} =")) {
                format!("{key} = {value}\n")
            } else {
                format!("{line}\n")
            }
        };
        std::fs::write(&path, smoke.lines().map(with).collect::<String>()).unwrap();
        error(path.to_str().unwrap(), &[])
    };
    // A list is shown as `[2.0, 2.0, ... 2.0]`: five characters for each of 100,000 numbers. Of these 200 are repeated.
    let message = complaint("scales", &format!("[{}]", "2.0,".repeat(100_000)));
    let shown = format!("[{}2.0,... (500000 characters)", "2.0, ".repeat(39));
    assert!(message.contains(&format!("eval.scales = {shown}: expected 1 to 100 numbers")), "{message}");
    let message = complaint("name", &format!("\"{}\"", "x".repeat(900_000)));
    assert!(
        message.contains("expected 1 to 64 lower-case letters") && message.len() < 1000,
        "{} bytes",
        message.len()
    );
    // The parser repeats the line, and marks a place in it on another line.
    let message = complaint("seeds", &format!("[{}x]", "1, ".repeat(300_000)));
    assert!(message.len() < 4000 && message.contains("characters)"), "{} bytes", message.len());
    // More than 1 MiB is not read.
    std::fs::write(&path, "#".repeat(1 << 20)).unwrap();
    assert!(error(path.to_str().unwrap(), &[]).contains("missing field `name`"));
    std::fs::write(&path, "#".repeat((1 << 20) + 1)).unwrap();
    let refused = Recipe::load(path.to_str().unwrap(), &[]).unwrap_err();
    let reason = std::error::Error::source(&refused).unwrap().to_string();
    assert_eq!(reason, "it is longer than 1048576 bytes (expected a text of at most as many)");
}
