//! `scribe check-paper` as a user runs it: formats and exit codes.

mod common;

#[test]
fn faults_give_one_and_a_table_that_cannot_be_read_gives_two() {
    let folder = tempfile::tempdir().unwrap();
    let output = common::run(folder.path(), &["check-paper"]);
    let text = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(
        text.starts_with(
            "Printed numbers that do not add up (31)\n  Table 1, Mean, Baseline, gaussian_noise:"
        ),
        "{text}"
    );
    let csv = common::run(folder.path(), &["check-paper", "--format", "csv"]);
    assert!(csv.stdout.starts_with(b"kind,place,model,column,printed,recomputed,difference,text\nwrong,"));
    let missing = common::run(folder.path(), &["check-paper", "--tables", "nowhere"]);
    assert_eq!(missing.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&missing.stderr).contains("nowhere/table1.csv"));
}
