//! Runs the documents: every block that is fenced `sh`, as it is printed, in a folder of drawn pictures, in seconds.
//!
//! CONTRIBUTING.md says what the fences mean. Blocks that are not run are parsed by the program's own tests.
#![cfg(unix)]

mod common;
#[path = "documents/fences.rs"]
mod fences;
#[path = "documents/python.rs"]
mod python;
#[path = "documents/world.rs"]
mod world;

use fences::{Block, blocks, documents};
use std::path::Path;
use std::time::Instant;
use world::World;

/// A block of shell commands runs, or says why it does not; the others are read by other programs or by nobody.
fn is_known(info: &str) -> bool {
    let unrun = ["sh no_run ", "python no_run "].iter().find_map(|prefix| info.strip_prefix(prefix));
    unrun.is_some_and(|reason| !reason.trim().is_empty())
        || ["sh", "python", "rust", "rust ignore", "sql", "text"].contains(&info)
}

#[test]
fn every_block_says_what_is_done_with_it() {
    let all = documents().into_iter().flat_map(|file| blocks(&file));
    let unknown: Vec<_> =
        all.filter(|block| !is_known(&block.info)).map(|b| b.place() + ": " + &b.info).collect();
    assert!(
        unknown.is_empty(),
        "expected sh, python, rust, sql or text, or no_run REASON behind the first two:\n{unknown:#?}"
    );
}

#[test]
fn python_and_shell_blocks_that_run_are_in_documents_that_this_test_runs() {
    let elsewhere = documents().into_iter().filter(|file| !RUN.iter().any(|run| Path::new(run) == file));
    let run = elsewhere.flat_map(|file| blocks(&file)).filter(|b| b.info == "sh" || b.info == "python");
    let places: Vec<_> = run.map(|block| block.place()).collect();
    assert!(places.is_empty(), "add the document to RUN, or fence the block `sh no_run REASON`: {places:?}");
}

/// The documents whose blocks are run, in this order, in one folder.
const RUN: [&str; 5] = ["README.md", "DEVIATIONS.md", "FORMAT.md", "docs/scale-out.md", "docs/own-data.md"];

#[test]
fn the_documents_lines_run_as_printed() {
    let world = World::new();
    python::put_prediction(&world);
    for file in RUN {
        for block in blocks(Path::new(file)).iter().filter(|block| block.info == "sh") {
            run(&world, block);
        }
    }
    python::read_store(&world);
    own_network_is_in_the_report(&world);
}

/// README's own network is in Table 1 and in the report, with an interval, next to the recipe's.
fn own_network_is_in_the_report(world: &World) {
    let read =
        |name: &str| std::fs::read_to_string(world.path().join("runs/authors-code").join(name)).unwrap();
    for name in ["table1.md", "table2.md", "report.html"] {
        let text = read(name);
        assert!(
            ["My net", "Baseline", "IBE", "SCrIBE"].iter().all(|label| text.contains(label)),
            "{name}:\n{text}"
        );
    }
    let cells = read("cells.csv");
    let head: Vec<_> = cells.lines().next().unwrap().split(',').collect();
    let [low, high] = ["low", "high"].map(|name| head.iter().position(|column| *column == name).unwrap());
    let own: Vec<Vec<_>> =
        cells.lines().filter(|line| line.contains("My net")).map(|l| l.split(',').collect()).collect();
    let number = |text: &str| text.parse::<f64>().unwrap_or_else(|_| panic!("no interval:\n{cells}"));
    // Clean, fog and contrast.
    assert!(own.len() >= 3 && own.iter().all(|row| number(row[low]) <= number(row[high])), "{cells}");
}

#[test]
fn the_variable_changes_a_recipe_before_the_command_line_does() {
    let folder = tempfile::tempdir().unwrap();
    let inspect = |variable: &str, arguments: &[&str]| {
        let mut command = common::scribe(folder.path(), &[&["inspect", "smoke"], arguments].concat());
        let output = command.env("SCRIBE_SET", variable).output().unwrap();
        (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
    };
    let (shown, said) = inspect("train.batch=4 train.steps=7", &["--set", "train.batch=6"]);
    assert!(shown.contains("train.batch = 6\n") && shown.contains("train.steps = 7\n"), "{shown}");
    assert!(said.contains("SCRIBE_SET changes the recipe: train.batch=4 train.steps=7"), "{said}");
    let (shown, said) = inspect("train.batch", &[]);
    assert!(
        shown.is_empty() && said.contains("error: SCRIBE_SET: 'train.batch' is not an assignment"),
        "{said}"
    );
}

fn run(world: &World, block: &Block) {
    if block.text.contains("sqlite3 ") && world.command("sqlite3").arg("--version").output().is_err() {
        eprintln!("skipped: {} (there is no sqlite3)", block.place());
        return;
    }
    let start = Instant::now();
    let output = world.command("sh").args(["-e", "-c", &block.text]).output().expect("a shell");
    let (said, complaint) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{}:\n{}\n{said}\n{complaint}", block.place(), block.text);
    eprintln!("{}: {:.1} s", block.place(), start.elapsed().as_secs_f64());
}
