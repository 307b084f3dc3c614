//! What an audit refuses or finds odd in a table or a layout, by hand.

use crate::audit::{Findings, Kind, Layout, audit};

/// A layout of one measure, with more keys above it.
fn layout(more: &str, conditions: &str) -> String {
    format!(
        "name = \"x\"\nmodel = [\"model\"]\n{more}\n[[measure]]\nname = \"m\"\nclean = \"clean\"\nconditions = {conditions}\n"
    )
}

fn read(more: &str, conditions: &str, table: &str) -> crate::Result<Findings> {
    audit(table, "t.csv", &Layout::parse(&layout(more, conditions), "mine.toml")?)
}

fn said(more: &str, conditions: &str, table: &str) -> String {
    read(more, conditions, table).unwrap_err().to_string()
}

const TABLE: &str = "model,clean,Fog,snow\nA,70.0,50.0,40.0\nB,72.0,52.0,44.0\n";

#[test]
fn every_condition_of_a_layout_fits_a_column() {
    assert_eq!(
        said("", "[\"Fog\", \"snwo\"]", TABLE),
        "t.csv, head: no column fits `snwo`, which the layout names among the conditions; did you mean snow?"
    );
    assert!(said("", "[\"fog\", \"snow\"]", TABLE).ends_with("did you mean Fog?"));
    assert_eq!(
        said("", "[\"*o*\"]", TABLE),
        "layout mine.toml: the condition `*o*` has several `*`; expected at most one `*`"
    );
    assert_eq!(read("", "[\"Fog\", \"s*\"]", TABLE).unwrap().faults(), 0);
}

/// Columns are in the table's order, whatever that of the layout; of those without a name none is meant by another name.
#[test]
fn columns_are_found_by_name_in_the_order_of_the_table() {
    let table = "model,clean,snow,,Fog,\nA,70.0,40.0,1,50.0,2\nB,72.0,44.0,1,52.0,2\n";
    let layout = Layout::parse(&layout("", "[\"Fog\", \"s*\"]"), "mine.toml").unwrap();
    let found = audit(table, "t.csv", &layout).unwrap();
    assert_eq!(
        found.summary[0],
        "m: 2 rows, 2 conditions; recomputed 0 means, 0 minima, 0 rPC, 0 mCE, 0 CD."
    );
    let low = "model,clean,snow,,Fog,\nA,70.0,-4.0,1,-5.0,2\n";
    let text = audit(low, "t.csv", &layout).unwrap().text();
    assert!(text.contains("snow -4, Fog -5"), "{text}");
}

/// 30,000 columns of 20 measures of five rows are 3 million numbers. With 250 measures they are 5 * 250 * 30,007.
#[test]
fn measures_of_the_same_columns_are_read_fast_or_refused() {
    let measure = "[[measure]]\nname = \"m\"\nclean = \"clean\"\nconditions = [\"fog*\"]\n";
    let layout = |measures: usize| {
        let text = "name = \"x\"\nmodel = [\"model\"]\n".to_owned() + &measure.repeat(measures);
        Layout::parse(&text, "mine.toml").unwrap()
    };
    let row = |head: &str, cell: &dyn Fn(usize) -> String| {
        (0..30_000).fold(head.to_owned(), |row, i| row + "," + &cell(i)) + "\n"
    };
    let mut table = row("model,clean", &|i| format!("fog{i}"));
    for (n, model) in ["A", "B", "C", "D", "E"].into_iter().enumerate() {
        table += &row(&format!("{model},50"), &|i| ((i + n) % 40).to_string());
    }
    let before = std::time::Instant::now();
    let found = audit(&table, "t.csv", &layout(20)).unwrap();
    assert_eq!((found.summary.len(), found.faults()), (20, 0));
    // 24 seconds where each cell is looked for among all of its row, and a third of a second where none is.
    assert!(before.elapsed() < std::time::Duration::from_secs(10), "{:?}", before.elapsed());
    let said = audit(&table, "t.csv", &layout(250)).unwrap_err().to_string();
    let says = "layout x: its 250 measures have 37508750 numbers in all; expected at most 33554432";
    assert!(said.starts_with(says), "{said}");
    let patterns = measure.replace("\"fog*\"", &"\"fog*\",".repeat(50));
    let text = "name = \"x\"\nmodel = [\"model\"]\n".to_owned() + &patterns.repeat(1000);
    let said = audit(&table, "t.csv", &Layout::parse(&text, "mine.toml").unwrap()).unwrap_err().to_string();
    assert!(
        said.starts_with("layout x: it has 50000 names of conditions with a `*`, each compared with 30002"),
        "{said}"
    );
}

#[test]
fn a_column_has_one_name_and_a_model_one_row_for_each_severity() {
    let twice = "model,clean,fog,fog\nA,70.0,50.0,40.0\n";
    assert_eq!(
        said("", "[\"fog\"]", twice),
        "t.csv, head: two columns are named `fog`; expected a name of its own for each"
    );
    let rows = |last: &str| format!("model,clean,s,fog\nA,70,1,50\nA,70,2,40\nA,70,mean,45\n{last}");
    let severity = "severity = \"s\"\nmean_row = \"mean\"";
    assert_eq!(read(severity, "[\"fog\"]", &rows("")).unwrap().faults(), 0);
    assert_eq!(
        said(severity, "[\"fog\"]", &rows("A,70,2,30\n")),
        "t.csv, line 5: A has severity 2 in line 3 too; expected it once, or more columns in `model` that tell the rows apart"
    );
    assert!(
        said(severity, "[\"fog\"]", &rows("A,70,mean,45\n")).contains("A has its row of means in line 4 too")
    );
    assert!(
        said(severity, "[\"fog\"]", &rows("A,70,7,30\n"))
            .contains("severity `7`; expected a whole number from 1 to 5, or `mean`")
    );
    let marked = "model,clean,fog-7\nA,70,50\n";
    assert!(said("severity_mark = \"-\"", "[\"fog*\"]", marked).contains("the severity of `fog-7` is none"));
}

/// The reference stands in lines 2 and 3, so that nobody knows which of the two mCE is relative to.
#[test]
fn the_reference_is_one_row() {
    let text = layout("reference = \"R\"", "[\"fog\"]") + "mce = \"mce\"\n";
    let layout = Layout::parse(&text, "mine.toml").unwrap();
    let twice = "model,clean,fog,mce\nR,70,50,100\nR,71,51,100\nA,72,52,96\n";
    assert_eq!(
        audit(twice, "t.csv", &layout).unwrap_err().to_string(),
        "layout x: reference `R` is the model of line 2 and of line 3; expected one row, or more columns in `model` that tell \
         them apart"
    );
}

#[test]
fn layouts_hold_numbers_that_can_be_used() {
    for (value, says) in [("-3", "-3"), ("nan", "NaN"), ("100.5", "100.5")] {
        let refused = said(&format!("cell_rounding = {value}"), "[\"Fog\"]", TABLE);
        assert_eq!(
            refused,
            format!("layout mine.toml: `cell_rounding` is {says}; expected a number from 0 to `full`, 100")
        );
    }
}

#[test]
fn scores_lie_between_0_and_full_in_one_unit() {
    let table = "model,clean,fog,snow\nA,70,-5,150\nB,72,52,44\n";
    let found = read("", "[\"fog\", \"snow\"]", table).unwrap();
    let suspect: Vec<String> =
        found.list.iter().filter(|f| f.kind == Kind::Suspect).map(|f| f.sentence()).collect();
    // (-5 + 150) / 2 = 72.5 is also more than the clean 70.
    assert_eq!(
        suspect,
        [
            "line 2, A, m: no score is below 0 or above 100: fog -5, snow 150.",
            "line 2, A, m: the cells average 72, more than the clean score 70; 1 of 2 are above it: snow 150."
        ]
    );
    let percent = said("full = 1.0", "[\"Fog\", \"snow\"]", TABLE);
    assert!(percent.starts_with("t.csv, scores: 6 of 6 scores of m are above `full`"), "{percent}");
    assert!(percent.ends_with("is this a table in percent? Then its layout needs full = 100.0"), "{percent}");
    let fractions = "model,clean,fog\nA,0.70,0.50\nB,1.0,0.9\n";
    let refused = said("", "[\"fog\"]", fractions);
    assert!(refused.starts_with("t.csv, scores: every score of m is at most 1"), "{refused}");
    assert!(refused.ends_with("is this a table of fractions? Then its layout needs full = 1.0"), "{refused}");
    assert_eq!(read("full = 1.0", "[\"fog\"]", fractions).unwrap().faults(), 0);
}

/// A spreadsheet with a decimal comma writes semicolons. (50,0 + 40,1) / 2 = 45,05, so that 47,0 is wrong.
#[test]
fn semicolons_and_tabs_separate_fields_where_the_first_line_has_most_of_them() {
    let more = "decimal_comma = true";
    let text = layout(more, "[\"fog\", \"snow\"]") + "mean = \"mean\"\n";
    let layout = Layout::parse(&text, "mine.toml").unwrap();
    for separator in [";", "\t"] {
        let table = "model;clean;fog;snow;mean\nA;70,0;50,0;40,1;47,0\n".replace(';', separator);
        let found = audit(&table, "t.csv", &layout).unwrap();
        assert_eq!(found.list.iter().map(|f| f.printed).collect::<Vec<_>>(), [Some(47.0)], "{separator:?}");
    }
    let short = audit("model;clean;fog;snow;mean\nA;70,0;50,0\n", "t.csv", &layout).unwrap_err().to_string();
    assert_eq!(
        short,
        "t.csv, line 2: fields: 3; expected 5, as in the lines above, separated by semicolons as in the first line"
    );
}

/// The wrong number stands in the third line, and in the fifth where two empty lines are above it.
#[test]
fn lines_are_counted_as_an_editor_does() {
    let unix = "model,clean,fog\nA,70,50\nB,70,5O\n";
    let gap = unix.replace("B,70", "\n\nB,70");
    for (table, line) in [
        (unix.to_owned(), 3),
        (unix.replace('\n', "\r\n"), 3),
        (gap.clone(), 5),
        (gap.replace('\n', "\r\n"), 5),
    ] {
        let refused = said("", "[\"fog\"]", &table);
        assert!(refused.starts_with(&format!("t.csv, line {line}: fog is `5O`")), "{refused}");
    }
}

/// The lowest of the printed cells is 36.6: 36.7 in the same digits is another number, while 37 may be a rounded 36.6.
#[test]
fn a_minimum_in_the_digits_of_the_cells_is_the_lowest_cell() {
    let text = layout("", "[\"fog\", \"snow\"]") + "minimum = \"least\"\n";
    let layout = Layout::parse(&text, "mine.toml").unwrap();
    let kinds = |least: &str| -> Vec<Kind> {
        let table = format!("model,clean,fog,snow,least\nA,70.0,36.6,40.0,{least}\n");
        audit(&table, "t.csv", &layout).unwrap().list.iter().map(|f| f.kind).collect()
    };
    assert_eq!(kinds("36.6"), []);
    assert_eq!(kinds("36.7"), [Kind::Wrong]);
    assert_eq!(kinds("37"), []);
    // A cell of 36.6 may be 36.64, which two digits show.
    assert_eq!((kinds("36.64"), kinds("36.71")), (vec![Kind::Rounding], vec![Kind::Wrong]));
}
