//! Tables with findings in every row: of each kind the first thousand are listed, and the others counted.

use scribe_analysis::audit::{Findings, Kind, Layout, audit};

const LAYOUT: &str = "name = \"x\"\nmodel = [\"model\"]\n[[measure]]\nname = \"m\"\nclean = \"clean\"\n\
                      conditions = [\"fog\", \"snow\", \"rain\"]\nmean = \"mean\"\n";

/// So many rows, at most 1500. In each the printed mean is a point too high, and rain is above the clean score.
fn found(rows: u32) -> Findings {
    let row = |n: u32| {
        let fog = 20.0 + f64::from(n) / 100.0;
        format!("model {n},35.00,{fog:.2},30.00,40.00,{:.2}\n", (fog + 70.0) / 3.0 + 1.0)
    };
    let table: String = (0..rows).map(row).collect();
    let layout = Layout::parse(LAYOUT, "x.toml").unwrap();
    audit(&format!("model,clean,fog,snow,rain,mean\n{table}"), "t.csv", &layout).unwrap()
}

#[test]
fn the_first_thousand_of_a_kind_are_listed_and_all_are_counted() {
    let found = found(1300);
    assert_eq!(found.faults(), 1300);
    assert_eq!(found.more, [(Kind::Wrong, 300), (Kind::Note, 300)].into());
    let places: Vec<_> = found.list.iter().map(|f| (f.kind, f.place.as_str())).collect();
    assert_eq!(places.len(), 2000);
    assert_eq!([places[0], places[999]], [(Kind::Wrong, "line 2"), (Kind::Wrong, "line 1001")]);
    assert_eq!([places[1000], places[1999]], [(Kind::Note, "line 2"), (Kind::Note, "line 1001")]);
    assert!(found.summary[0].starts_with("m: 1300 rows, 3 conditions; recomputed 1300 means"));
}

#[test]
fn every_form_of_the_answer_says_how_many_more_there_are() {
    let found = found(1300);
    for (text, head, line) in [
        (found.text(), "not add up (1300)\n  ", "\n  and 300 more of this kind.\n"),
        (found.markdown(), "not add up (1300)\n\n- ", "\n- and 300 more of this kind.\n"),
    ] {
        assert!(text.contains(head), "{head}");
        assert_eq!(text.matches(line).count(), 2);
        assert!(text.ends_with(line));
    }
    let csv = found.csv();
    let lines: Vec<&str> = csv.lines().collect();
    assert_eq!(lines.len(), 1 + 2 * 1001);
    assert_eq!(lines[1001], "wrong,,,,,,,and 300 more of this kind");
    assert_eq!(lines[2002], "note,,,,,,,and 300 more of this kind");
    let json: Vec<serde_json::Value> = serde_json::from_str(&found.json()).unwrap();
    assert_eq!((json.len(), &json[1000]["kind"]), (2002, &"wrong".into()));
    assert_eq!(json[1000]["text"], "and 300 more of this kind");
}

#[test]
fn a_thousand_of_a_kind_are_all_listed() {
    let found = found(1000);
    assert_eq!((found.faults(), found.list.len(), found.more.len()), (1000, 2000, 0));
    assert!(!found.text().contains("of this kind") && found.csv().lines().count() == 2001);
}

/// A name may be as long as the table, and stand in a thousand findings.
#[test]
fn long_names_are_cut() {
    let name = "x".repeat(10_000);
    let table = format!(
        "model,clean,{name},snow,rain,mean\n{name},35.0,20.0,30.0,40.0,31.0\nB,30.0,40.0,20.0,20.0,27.0\n"
    );
    let layout = Layout::parse(&LAYOUT.replace("fog", "x*"), "x.toml").unwrap();
    let text = audit(&table, "t.csv", &layout).unwrap().text();
    assert!(text.contains("... (10000 characters)") && text.len() < 3000, "{}", text.len());
}
