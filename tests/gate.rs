//! `scribe gate` and `scribe power` as a user runs them: exit codes, files, a baseline, and the report.

mod common;

use common::{run, succeed};
use std::fs;
use std::path::Path;

/// A run of seconds on one condition, from the seed of its corruptions.
fn make(folder: &Path, name: &str, seed: &str) {
    let seed = format!("eval.master_seed={seed}");
    let more = [&seed, "eval.corruptions=[\"fog\"]", "eval.severities=[3]", "eval.modes=[\"single\"]"];
    succeed(folder, &common::small("reproduce", &more, &["--name", name]));
}

/// The exit code, standard output and standard error.
fn answer(folder: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = run(folder, arguments);
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

#[test]
fn exit_codes_files_baselines_and_the_report() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    make(at, "new", "2020");
    passes_and_fails(at);
    files(at);
    refuses(at);
    baseline(at);
    power(at);
    let (code, _, said) = answer(at, &["report", "runs/new", "--resamples", "1", "--out", "page"]);
    assert!(code == Some(1) && said.contains("the number of resamples is 1"), "{said}");
    for command in ["report", "power"] {
        let (code, _, said) = answer(at, &[command, "runs/new", "--resamples", "4294967295"]);
        assert!(code == Some(2) && said.contains("expected a whole number from 1 to 1000000"), "{said}");
    }
    let page = {
        succeed(at, &["report", "runs/new", "--gate", "gate.toml", "--out", "page"]);
        fs::read_to_string(at.join("page/report.html")).unwrap()
    };
    assert!(page.contains("id=\"gate\"") && page.contains("<code>min miou:clean &gt;= 0</code>"));
    let printed = succeed(at, &["power", "runs/new", "--of", "accuracy:fog", "--difference", "2"]);
    assert!(printed.starts_with("runs/new, 2 images; a difference of 2 points, power 80 %"), "{printed}");
    assert_eq!(printed.matches("accuracy:fog").count(), 3, "three pairs of three models:\n{printed}");
}

fn passes_and_fails(at: &Path) {
    let (code, printed, _) =
        answer(at, &["gate", "runs/new", "--min", "miou:clean>=0", "--max", "accuracy:fog<=100"]);
    assert_eq!(code, Some(0), "{printed}");
    assert!(printed.starts_with("runs/new, 2 images, single, by values and the bounds of 95 % intervals"));
    assert!(printed.ends_with("\nAll 6 passed.\n"), "{printed}");
    let asked = ["gate", "runs/new", "--min", "accuracy@ibe:fog:3>100", "--alpha", "0.05", "--point"];
    let (code, printed, _) = answer(at, &asked);
    assert_eq!(code, Some(1), "{printed}");
    assert!(printed.contains("values alone; 90 % intervals") && printed.contains("FAIL"), "{printed}");
}

fn files(at: &Path) {
    fs::write(
        at.join("gate.toml"),
        "min = [\"miou:clean>=0\"]\nmax-drop = [\"iou/background:fog:3<=-100\"]\n",
    )
    .unwrap();
    let asked = ["gate", "runs/new", "--file", "gate.toml", "--junit", "gate.xml", "--markdown", "gate.md"];
    let (code, printed, _) = answer(at, &asked);
    assert_eq!(code, Some(1), "{printed}");
    let junit = fs::read_to_string(at.join("gate.xml")).unwrap();
    assert!(junit.contains("<testsuite name=\"scribe gate runs/new\" tests=\"6\" failures=\"3\""), "{junit}");
    assert_eq!(junit.matches("<failure ").count(), 3);
    let markdown = fs::read_to_string(at.join("gate.md")).unwrap();
    assert!(markdown.starts_with("## Gate: 3 of 6 failed.\n"), "{markdown}");
}

fn refuses(at: &Path) {
    for (asked, says) in [
        (vec!["--min", "rPC<=60"], "`rPC<=60`: min needs >= or >, not <="),
        (
            vec!["--min", "fgo>=60"],
            "there is no condition or measure `fgo`; expected one of this run; did you mean fog?",
        ),
        (vec!["--max-loss", "mPC<=1"], "none is given (--against RUN)"),
        (vec!["--max-loss", "mPC<=1", "--against", "runs/nowhere"], "no store"),
        (vec!["--min", "rPC>=60", "--alpha", "0.6"], "expected a level from 0.001 to below 0.5"),
        (vec!["--min", "rPC>=60", "--alpha", "1e-9"], "alpha is 1e-9; expected a level from 0.001"),
        (vec!["--min", "rPC>=60", "--resamples", "1"], "the number of resamples is 1, where alpha is 0.025"),
        (vec!["--min", "rPC>=60", "--resamples", "1000001"], "expected a whole number from 1 to 1000000"),
        (
            vec!["--min", "rPC>=60", "--markdown", "runs/new/store.sqlite"],
            "--markdown would replace this SQLite file",
        ),
        (
            vec!["--min", "rPC>=60", "--junit", "runs/new/store.sqlite"],
            "--junit would replace this SQLite file",
        ),
        (vec!["--min", "rPC>=60", "--against", "runs/new"], "but no threshold compares with it"),
        (vec!["--min", "rPC>=60", "--against-model", "ibe"], "but no threshold compares with it"),
        (vec!["--min", "rPC>=60", "--junit", "gate", "--markdown", "./gate"], "name the same file"),
        (vec!["--min", "rPC>=60", "--mode", "double"], "expected one of single, msc"),
        (vec!["--min", "mPC>=60", "--junit", "nowhere/gate.xml"], "nowhere/gate.xml: cannot be written"),
        (vec![], "no threshold: give one"),
    ] {
        let arguments: Vec<&str> = ["gate", "runs/new"].into_iter().chain(asked).collect();
        let (code, printed, said) = answer(at, &arguments);
        assert_eq!((code, printed.as_str()), (Some(2), ""), "{arguments:?}: {said}");
        assert!(said.contains(says), "{arguments:?}: {said}");
    }
}

fn baseline(at: &Path) {
    make(at, "old", "2021");
    let against = |text: &str| answer(at, &["gate", "runs/new", "--max-loss", text, "--against", "runs/old"]);
    // Clean pictures are the same whatever the seed of the corruptions, and so are the networks.
    let (code, printed, said) = against("miou:clean<=0");
    assert_eq!(code, Some(0), "{printed}{said}");
    assert!(printed.starts_with("runs/new against runs/old, 2 images"), "{printed}");
    assert!(printed.contains("Baseline against Baseline "), "{printed}");
    let (code, _, said) = against("fog:3<=100");
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("runs/new cannot be compared with runs/old image by image"), "{said}");
    assert!(said.contains("images whose pixels under fog:3 differ"), "{said}");
}

fn power(at: &Path) {
    let asked = ["--of", "miou:clean", "--against", "runs/old", "--against-model", "ibe"];
    let (code, printed, said) = answer(at, &[&["power", "runs/new"][..], &asked].concat());
    assert_eq!(code, Some(0), "{said}");
    assert!(printed.contains("Baseline − IBE of runs/old"), "{printed}");
    let (code, _, said) = answer(at, &["power", "runs/new", "--power", "0.01"]);
    assert_eq!(code, Some(2));
    assert!(
        said.contains("power is 0.01, where alpha is 0.025; expected a probability above alpha"),
        "{said}"
    );
}
