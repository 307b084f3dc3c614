//! Writes the report of a made-up view into a folder, to look at its design without running a network:
//! `cargo run --release -p scribe-robustness-analysis --example made_up_report -- target/made-up`.

#[path = "../tests/common/mod.rs"]
mod common;

use scribe_analysis::{Curve, ReportExtra, write_report};
use std::path::PathBuf;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::args().nth(1).map_or_else(|| PathBuf::from("target/made-up"), PathBuf::from);
    let curve =
        |k: f64| (0..60).map(|i| (f64::from(i) * 10.0, k * (-f64::from(i) / 20.0).exp() + 0.3)).collect();
    let extra = ReportExtra {
        losses: vec![
            Curve { name: "Baseline".to_owned(), points: curve(2.7) },
            Curve { name: "IBE".to_owned(), points: curve(3.4) },
            Curve { name: "SCrIBE".to_owned(), points: curve(1.9) },
        ],
        notes: vec!["All numbers on this page are made up from formulas.".to_owned()],
        durations: vec![("training".to_owned(), 312.0), ("evaluation".to_owned(), 95.4)],
        commands: vec!["cargo xtask reproduce".to_owned()],
        ..ReportExtra::default()
    };
    write_report(&folder, &common::made_up(), &extra)?;
    Ok(())
}
