//! Runs the program as a user does.

use std::path::Path;
use std::process::{Command, Output};

/// The program in `folder`, without a frost cache or settings of this machine.
pub(crate) fn scribe(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_scribe"));
    command.current_dir(folder).args(arguments).env("XDG_CACHE_HOME", folder.join("no-cache"));
    command.env_remove("SCRIBE_SET");
    command
}

/// The smoke recipe made so small that it trains and evaluates in seconds: one step of the 4 drawn training pictures, 2 test
/// pictures, narrow networks, one draw of the corruptions.
#[allow(dead_code, reason = "each test file is a program of its own")]
pub(crate) const SMALL: [&str; 7] = [
    "data.synthetic.train=4",
    "data.synthetic.val=2",
    "train.batch=4",
    "train.steps=1",
    "model.width=0.05",
    "eval.view=squash:40",
    "eval.master_seeds=[]",
];

/// The arguments of a command on the small recipe, with further assignments to its keys and further arguments.
#[allow(dead_code, reason = "each test file is a program of its own")]
pub(crate) fn small<'a>(command: &'a str, assignments: &[&'a str], more: &[&'a str]) -> Vec<&'a str> {
    let assignments = SMALL.iter().chain(assignments);
    let sets = assignments.flat_map(|assignment| ["--set", *assignment]);
    std::iter::once(command).chain(sets).chain(more.iter().copied()).collect()
}

/// Runs it to the end.
pub(crate) fn run(folder: &Path, arguments: &[&str]) -> Output {
    scribe(folder, arguments).output().expect("the program starts")
}

/// Runs it and returns what it complained of; panics when it did not.
#[allow(dead_code, reason = "each test file is a program of its own")]
pub(crate) fn complaint(folder: &Path, arguments: &[&str]) -> String {
    let output = run(folder, arguments);
    let message = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success(), "{arguments:?} succeeded");
    assert_eq!(message.matches("error: ").count(), 1, "one clear error, got:\n{message}");
    message[message.find("error: ").unwrap_or(0)..].to_string()
}

/// Runs it and panics with its complaint when it fails.
#[allow(dead_code, reason = "each test file is a program of its own")]
pub(crate) fn succeed(folder: &Path, arguments: &[&str]) -> String {
    let output = run(folder, arguments);
    let message = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}:\n{message}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Every file below a folder: its relative name and its bytes.
#[allow(dead_code, reason = "each test file is a program of its own")]
pub(crate) fn tree(folder: &Path) -> std::collections::BTreeMap<String, Vec<u8>> {
    let (mut files, mut open) = (std::collections::BTreeMap::new(), vec![folder.to_path_buf()]);
    while let Some(next) = open.pop() {
        for entry in next.read_dir().unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_string_lossy().into_owned();
                files.insert(name, std::fs::read(&path).unwrap());
            }
        }
    }
    files
}
