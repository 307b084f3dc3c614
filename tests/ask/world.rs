//! A drawn set of three test pictures, and a program that predicts it.

use crate::common::succeed;
use scribe_dataset::{ImageId, LabelFolder, Split, VocSplit};
use std::path::Path;
use std::process::Command;

pub(crate) const SETTINGS: [&str; 8] = [
    "--data",
    "set",
    "--set",
    "eval.view=squash:40",
    "--set",
    "eval.corruptions=[\"contrast\", \"jpeg_compression\"]",
    "--set",
    "eval.severities=[5]",
];

/// The number of its test pictures, and of the conditions: clean and two others.
pub(crate) const PICTURES: usize = 3;
pub(crate) const CONDITIONS: usize = 3;

pub(crate) struct World {
    folder: tempfile::TempDir,
}

impl World {
    /// `None`, and a line that says so, where there is no python3.
    pub(crate) fn new() -> Option<World> {
        let python = Command::new("python3").args(["-c", "import json, array"]).output();
        if !python.is_ok_and(|output| output.status.success()) {
            eprintln!("skipped: there is no python3");
            return None;
        }
        let folder = tempfile::tempdir().unwrap();
        let draw = ["data", "synth", "set", "--train", "4", "--val", "3", "--width", "48", "--height", "40"];
        succeed(folder.path(), &draw);
        std::fs::write(folder.path().join("net.py"), include_str!("net.py")).unwrap();
        Some(World { folder })
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn ids(&self) -> Vec<ImageId> {
        VocSplit::open(&self.path().join("set"), "val", LabelFolder::Auto).unwrap().ids().to_vec()
    }

    /// The lines of a file that a program writes while it runs.
    pub(crate) fn lines(&self, file: &str) -> usize {
        std::fs::read_to_string(self.path().join(file)).unwrap_or_default().lines().count()
    }
}

/// The arguments that ask `net.py` with these settings, as the model `red` of the run `name`.
pub(crate) fn asking(name: &str, settings: &str, more: &[&str]) -> Vec<String> {
    let command = format!("python3 net.py {settings}");
    let ask = ["--ask", &command, "--as", "red", "--name", name];
    [&["eval"], &SETTINGS[..], &ask, more].concat().into_iter().map(str::to_owned).collect()
}

/// The same words, borrowed.
pub(crate) fn words(owned: &[String]) -> Vec<&str> {
    owned.iter().map(String::as_str).collect()
}
