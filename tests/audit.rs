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
