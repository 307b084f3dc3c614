//! `scribe audit` as a user runs it: layouts, formats and exit codes.

mod common;

use std::fs;

#[test]
fn a_layout_of_ones_own_finds_a_wrong_mean_and_exit_codes_are_those_of_diff() {
    let folder = tempfile::tempdir().unwrap();
    let layout = "name = \"mine\"\nmodel = [\"model\"]\n[[measure]]\nname = \"mIoU\"\nclean = \"clean\"\nconditions = [\"fog\", \"snow\"]\nmean = \"mean\"\n";
    fs::write(folder.path().join("mine.toml"), layout).unwrap();
    // (50 + 40) / 2 = 45, and (52 + 44) / 2 = 48.
    let right = "model,clean,fog,snow,mean\nA,70.0,50.0,40.0,45.0\nB,72.0,52.0,44.0,48.0\n";
    fs::write(folder.path().join("right.csv"), right).unwrap();
    fs::write(folder.path().join("wrong.csv"), right.replace("48.0", "58.0")).unwrap();

    let output = common::run(folder.path(), &["audit", "right.csv", "--layout", "mine.toml"]);
    assert_eq!(output.status.code(), Some(0));
    let summary = "mIoU: 2 rows, 2 conditions; recomputed 2 means, 0 minima, 0 rPC, 0 mCE, 0 CD.\n";
    assert_eq!(String::from_utf8_lossy(&output.stdout), summary);

    let output = common::run(folder.path(), &["audit", "wrong.csv", "--layout", "mine.toml"]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(
        String::from_utf8_lossy(&output.stdout),
        format!(
            "{summary}\nPrinted numbers that do not add up (1)\n  line 3, B, mIoU mean: the printed mean is 58.0; its 2 cells give 48.00, a difference of +10.00, more than rounding explains.\n"
        )
    );
    let csv = common::run(folder.path(), &["audit", "wrong.csv", "--layout", "mine.toml", "--format", "csv"]);
    let csv = String::from_utf8_lossy(&csv.stdout).into_owned();
    assert!(csv.contains("\nwrong,line 3,B,mIoU mean,58.0,48.00,10.00,"), "{csv}");

    for (table, layout, says) in [
        ("nowhere.csv", "mine.toml", "nowhere.csv"),
        ("right.csv", "nowhere.toml", "nowhere.toml"),
        ("right.csv", "mine", "there is no layout `mine`; expected paper-table1"),
        ("right.csv", "semsegbench", "right.csv, head: no column `architecture`"),
    ] {
        let output = common::run(folder.path(), &["audit", table, "--layout", layout]);
        let message = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.code() == Some(2) && message.contains(says), "{table} {layout}: {message}");
    }
}

/// A table may be a pipe and has an end; a layout is a file.
#[cfg(target_os = "linux")]
#[test]
fn inputs_without_an_end_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink("/dev/null", folder.path().join("null.toml")).unwrap();
    // Zeros without end, of which 64 MiB are read.
    for (table, layout, says) in [
        ("/dev/full", "semsegbench", "/dev/full: it is longer than 67108864 bytes"),
        (
            "/dev/null",
            "null.toml",
            "null.toml: it is a device or a socket (expected a file, or a link to one)",
        ),
    ] {
        let output = common::run(folder.path(), &["audit", table, "--layout", layout]);
        let message = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.code() == Some(2) && message.contains(says), "{message}");
    }
}

/// Whoever looks for each row among all of them is minutes late.
#[test]
fn a_table_of_many_models_is_read_once() {
    let folder = tempfile::tempdir().unwrap();
    let layout = "name = \"many\"\nmodel = [\"model\"]\nreference = \"m0\"\n[[measure]]\nname = \"mIoU\"\nclean = \"clean\"\nconditions = [\"fog\", \"snow\"]\nmean = \"mean\"\nmce = \"mce\"\n";
    fs::write(folder.path().join("many.toml"), layout).unwrap();
    let mut table = "model,clean,fog,snow,mean,mce\n".to_owned();
    // The mean of f and f + 20 is f + 10. Relative to f = 20 of the first, mCE is the mean of (100 - f) / 80 and
    // (80 - f) / 60, in percent.
    for model in 0..20_000 {
        let f = 20.0 + f64::from(model) / 1000.0;
        let mce = 50.0 * ((100.0 - f) / 80.0 + (80.0 - f) / 60.0);
        table += &format!("m{model},90.000,{f:.3},{:.3},{:.3},{mce:.3}\n", f + 20.0, f + 10.0);
    }
    fs::write(folder.path().join("many.csv"), table).unwrap();
    let output = common::run(folder.path(), &["audit", "many.csv", "--layout", "many.toml"]);
    let (answer, said) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    let summary =
        "mIoU: 20000 rows, 2 conditions; recomputed 20000 means, 0 minima, 0 rPC, 20000 mCE, 0 CD.\n";
    assert_eq!((answer.as_ref(), output.status.code()), (summary, Some(0)), "{said}");
}
