//! The help of every command has examples that can be pasted.

mod common;

use std::path::Path;

const COMMANDS: [&[&str]; 18] = [
    &[],
    &["reproduce"],
    &["train"],
    &["eval"],
    &["merge"],
    &["report"],
    &["gate"],
    &["power"],
    &["export"],
    &["corrupt"],
    &["corrupt-set"],
    &["inspect"],
    &["check-paper"],
    &["audit"],
    &["data"],
    &["data", "synth"],
    &["data", "check"],
    &["data", "frost"],
];

/// The help as a window of this many columns shows it.
fn help(folder: &Path, command: &[&str], columns: usize) -> String {
    let mut program = common::scribe(folder, &[command, &["--help"]].concat());
    let output = program.env("COLUMNS", columns.to_string()).output().unwrap();
    assert!(output.status.success(), "{command:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// The text below the heading of the examples.
fn examples(help: &str) -> &str {
    &help[help.find("\nExample").unwrap_or_else(|| panic!("no example in:\n{help}"))..]
}

#[test]
fn the_program_and_every_command_show_an_example() {
    let folder = tempfile::tempdir().unwrap();
    for command in COMMANDS {
        let help = help(folder.path(), command, 100);
        assert!(examples(&help).contains("\n  scribe "), "{command:?}:\n{help}");
    }
}

#[test]
fn examples_fit_a_narrow_window_so_that_they_can_be_pasted() {
    let folder = tempfile::tempdir().unwrap();
    for command in COMMANDS {
        let wide = help(folder.path(), command, 300);
        for line in examples(&wide).lines() {
            assert!(
                line.chars().count() < 78,
                "{command:?} has a line of {} columns: {line}",
                line.chars().count()
            );
        }
        let narrow = help(folder.path(), command, 80);
        assert_eq!(examples(&wide), examples(&narrow), "{command:?} is wrapped");
        assert!(narrow.lines().all(|line| line.chars().count() <= 80), "{narrow}");
    }
}

#[test]
fn every_preset_is_named_where_a_recipe_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    for command in ["reproduce", "train", "eval"] {
        let help = help(folder.path(), &[command], 300);
        for name in scribe::preset_names() {
            assert!(help.contains(name), "{command} does not name {name}:\n{help}");
        }
    }
}
