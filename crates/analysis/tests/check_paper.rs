//! The check of the printed tables against what was worked out from them by hand.

use scribe_analysis::check_paper::{Kind, check};
use scribe_analysis::{check_paper, reference};

/// Differences in percent points, rounded to one decimal by hand from the printed tables.
const DIFFERENCES: [[f64; 15]; 3] = [
    [9.7, 9.6, 10.4, 9.5, 0.3, 0.4, 0.1, -1.6, 0.8, 0.6, 0.7, -0.1, 0.5, 1.4, 1.0],
    [9.1, 9.2, 9.7, 8.6, -0.1, 0.4, 0.0, -1.5, 0.4, 0.5, 0.8, 0.0, 0.2, 2.0, 0.9],
    [9.7, 9.7, 10.7, 8.5, 0.3, 0.1, 0.2, -1.7, 1.3, 0.1, 0.8, 0.1, 0.7, 2.1, 2.0],
];

/// Counted apart in exact fractions of the printed numbers (Python's `fractions`): 43 of 45 differ by more than 0.05, 37 by
/// more than 0.10, 33 by more than 0.30 and 28 by more than 0.55.
#[test]
fn twenty_eight_means_differ_by_more_than_rounding_and_fifteen_by_less() {
    let check = check_paper();
    assert_eq!(check.means.len(), 45);
    assert_eq!((check.wrong_means().count(), check.rounded_means().count()), (28, 15));
    let beyond = |x: f64| check.means.iter().filter(|m| m.difference().abs() > x + 1e-9).count();
    assert_eq!([0.05, 0.10, 0.30, 0.55].map(beyond), [43, 37, 33, 28]);
    // 46.5 is printed over cells that average 46.60: rounding, and no error of the paper.
    let one = check.rounded_means().find(|m| m.printed == 46.5).unwrap();
    assert!((one.recomputed - 46.60).abs() < 1e-9, "{one:?}");
    let right: Vec<(&str, &str)> =
        check.means.iter().filter(|m| m.agrees()).map(|m| (m.model, m.corruption)).collect();
    assert_eq!(right, [("IBE", "zoom_blur"), ("IBE", "contrast")]);
    for (entry, expected) in check.means.iter().zip(DIFFERENCES.iter().flatten()) {
        assert!((entry.difference() - expected).abs() < 0.0501, "{entry:?} against {expected}");
    }
}

#[test]
fn overall_means_duels_and_grid() {
    let check = check_paper();
    let close = |a: f64, b: f64| (a - b).abs() < 0.005 + 1e-9;
    let expected = [(36.63, 39.52, 36.50), (39.60, 42.28, 39.45), (40.92, 43.89, 40.80)];
    for (got, want) in check.overall.iter().zip(expected) {
        assert!(close(got.1, want.0) && close(got.2, want.1) && close(got.3, want.2), "{got:?} {want:?}");
    }
    let duels: Vec<_> = check.duels.iter().map(|d| d.2).collect();
    assert_eq!(duels, [(67, 3, 5), (71, 2, 2), (46, 10, 19)]);
    assert_eq!(
        check.off_grid,
        [("Baseline", "snow", 5, 24.3), ("SCrIBE", "snow", 5, 24.3), ("SCrIBE", "jpeg_compression", 5, 36.7)]
    );
    let relative: Vec<(f64, f64)> =
        check.relative.iter().map(|r| ((r.1 * 1e3).round() / 1e3, (r.2 * 1e3).round() / 1e3)).collect();
    assert_eq!(relative, [(0.514, 0.506), (0.547, 0.535), (0.565, 0.564)]);
}

#[test]
fn means_by_severity_of_the_printed_cells() {
    let t = reference::table1();
    let got: Vec<f64> =
        (0..3).flat_map(|m| (1..=5).map(move |s| (m, s))).map(|(m, s)| t.at_severity(m, s)).collect();
    let want = [56.5, 45.7, 37.2, 26.1, 17.7, 58.6, 48.9, 40.7, 29.2, 20.6, 59.5, 50.0, 42.5, 31.1, 21.6];
    for (g, w) in got.iter().zip(want) {
        assert!((g - w).abs() < 0.0501, "{g} {w}");
    }
}

/// Overall and per-model means that were worked out by hand, and what the paper's own sentences say.
#[test]
fn findings_hold_every_entry_and_the_sentences_that_disagree() {
    let check = check_paper();
    let findings = check.findings();
    let count = |k| findings.iter().filter(|f| f.kind == k).count();
    // 28 means, 3 whole Mean rows; Figure 5 twice and Figure 3. The 3 cells off the half-percent grid are notes.
    assert_eq!((count(Kind::Wrong), count(Kind::Contradicts), count(Kind::Rounding)), (31, 3, 15));
    assert_eq!(check.faults(), 34);
    let off_grid: Vec<_> = findings.iter().filter(|f| f.text.contains("no multiple of 0.5")).collect();
    assert!(off_grid.len() == 3 && off_grid.iter().all(|f| f.kind == Kind::Note));
    assert!(findings.windows(2).all(|w| w[0].kind <= w[1].kind));
    let text = check.text();
    for expected in [
        "Printed numbers that do not add up (31)",
        "Printed numbers that differ by no more than rounding can explain (15)",
        "Table 1, Mean, Baseline, gaussian_noise: the printed mean is 37.4; the five cells above it give 27.70, a difference of +9.70, more than rounding explains.",
        "Table 1, SCrIBE, jpeg_compression: severity 5: 36.7 is no multiple of 0.5; the other 222 cells are.",
        "Figure 5, Baseline, cor_msc: its caption says that \"the Baseline actually performs worse",
        "Figure 3: \"dog or n = 13\": in VOC's numbering with background as 0, dog is 12 and 13 is horse.",
        "counting Table 2's val or val+MSC as a sixth severity explains 0 of the 28 means that differ by more than rounding to the printed digit, and 3 of them if the cells are rounded",
        "Table 1, SCrIBE: against IBE over the 75 cells: 46 higher, 10 equal, 19 lower.",
        "Table 1, IBE, cd: mean corruption degradation against the Baseline, from the cells: 95.4 %.",
        "Table 1, SCrIBE, cd: mean corruption degradation against the Baseline, from the cells: 93.3 %.",
    ] {
        assert!(text.contains(expected), "no {expected:?} in\n{text}");
    }
    assert_eq!(check.csv().lines().count(), 1 + findings.len());
    assert!(check.csv().starts_with("kind,place,model,column,printed,recomputed,difference,text\n"));
    let json: Vec<serde_json::Value> = serde_json::from_str(&check.json()).unwrap();
    assert_eq!(json.len(), findings.len());
    assert_eq!(json[0]["difference"], 9.7);
    assert!(check.markdown().starts_with("## Printed numbers that do not add up (31)\n\n- Table 1, Mean,"));
}

#[test]
fn tables_that_add_up_have_no_faults() {
    let (mut one, mut two) = (reference::table1(), reference::table2());
    for (m, printed) in two.iter_mut().enumerate() {
        for row in &mut one.cells[m] {
            row.iter_mut().for_each(|x| *x = x.round());
        }
        one.mean[m] = std::array::from_fn(|c| (one.recomputed_mean(m, c) * 10.0).round() / 10.0);
        printed.cor = one.overall(m);
    }
    let checked = check(one, two);
    assert_eq!(checked.faults(), 0, "{}", checked.text());
}

/// The paper's cells average 36.63, 39.60 and 40.92, and Table 2's two columns 36.50, 39.45 and 40.80: with the means of its
/// own cells Table 1 goes together with Table 2, whose columns its cells are averages of.
#[test]
fn means_that_are_mended_have_no_faults_beside_table_2() {
    let mut one = reference::table1();
    for m in 0..3 {
        one.mean[m] = std::array::from_fn(|c| (one.recomputed_mean(m, c) * 10.0).round() / 10.0);
    }
    let checked = check(one, reference::table2());
    assert_eq!(checked.faults(), 0, "{}", checked.text());
}

#[test]
fn a_bad_table_is_named_by_its_line() {
    let text = include_str!("../../../data/paper/table1.csv");
    assert_eq!(reference::parse_table1(text).unwrap(), reference::table1());
    for (from, to, line, says) in [
        ("1,IBE,59.0", "1,IBE,x", "line 3", "`x`"),
        ("1,IBE,59.0", "1,IBE,590", "line 3", "`590`"),
        ("1,IBE,59.0", "7,IBE,59.0", "line 3", "severity `7`"),
        ("1,IBE,59.0", "1,Ibe,59.0", "line 3", "model `Ibe`"),
        ("1,IBE,59.0,", "1,IBE,", "line 3", "16 fields"),
    ] {
        let error = reference::parse_table1(&text.replacen(from, to, 1)).unwrap_err().to_string();
        assert!(error.contains(line) && error.contains(says), "{error}");
    }
    let first: String = text.lines().take(5).map(|l| format!("{l}\n")).collect();
    assert!(reference::parse_table1(&first).unwrap_err().to_string().contains("210 of 270 entries"));
    assert!(reference::parse_table2("model,val,val_msc,cor,cor_msc\n").is_err());
}
