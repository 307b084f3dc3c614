//! The help that a new user reads first.

mod common;

#[test]
fn the_program_and_every_command_show_an_example() {
    let folder = tempfile::tempdir().unwrap();
    let commands: [&[&str]; 15] = [
        &[],
        &["reproduce"],
        &["train"],
        &["eval"],
        &["merge"],
        &["report"],
        &["export"],
        &["corrupt"],
        &["corrupt-set"],
        &["inspect"],
        &["check-paper"],
        &["data"],
        &["data", "synth"],
        &["data", "check"],
        &["data", "frost"],
    ];
    for command in commands {
        let help = common::succeed(folder.path(), &[command, &["--help"]].concat());
        assert!(help.contains("Example"), "{command:?}:\n{help}");
        assert!(help.contains("\n  scribe "), "{command:?}:\n{help}");
    }
}
