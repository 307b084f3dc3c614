//! The tables in a two-column paper, where LaTeX is installed: they compile, and nothing sticks out of its column.

mod common;

use scribe_analysis::{ReportExtra, write_report};
use std::process::Command;

const PAPER: &str = r"\documentclass[twocolumn]{article}
\begin{document}
Text. \input{table1} \input{table2} \input{corruption-error} \newpage Text.
\end{document}";

#[test]
fn the_tables_fit_a_two_column_paper() {
    let dir = tempfile::tempdir().unwrap();
    let mut view = common::made_up();
    view.titles.insert(view.models[2].clone(), "A_1 & %".to_owned());
    // Two models alike in all but their names, so that cells are marked, too.
    let twin: Vec<_> = view
        .per_image
        .iter()
        .filter(|(c, _)| c.series.model == view.models[0])
        .map(|(c, v)| (c.clone(), v.clone()))
        .collect();
    for (mut cell, pictures) in twin {
        cell.series.model = scribe_records::ModelId::new("twin").unwrap();
        for (image, confusion) in pictures {
            view.insert(&cell, (image + 1) % common::PICTURES, confusion).unwrap();
        }
    }
    write_report(dir.path(), &view, &ReportExtra { resamples: Some(60), ..ReportExtra::default() }).unwrap();
    std::fs::write(dir.path().join("paper.tex"), PAPER).unwrap();
    let latex = Command::new("pdflatex")
        .args(["-interaction=nonstopmode", "paper.tex"])
        .current_dir(dir.path())
        .output();
    let Ok(out) = latex else {
        eprintln!("skipped: no pdflatex is installed");
        return;
    };
    let log = String::from_utf8_lossy(&out.stdout);
    assert!(out.status.success() && dir.path().join("paper.pdf").exists(), "{log}");
    let bad: Vec<&str> = log.lines().filter(|l| l.starts_with('!') || l.starts_with("Overfull")).collect();
    assert!(bad.is_empty(), "{bad:?}\n{log}");
}
