//! No circles: inside a crate, no file uses items of a file that, directly or through others, uses items of it.
//!
//! A circle means that neither file can be read without the other. Put what both need into a third file below them.
//! A folder's `mod.rs` and the files below it count as read together, and `error.rs` as known to every file.

mod modules {
    pub(crate) mod circles;
    pub(crate) mod source;
    pub(crate) mod uses;
}

use modules::circles::circles;
use modules::source::Source;
use std::collections::BTreeMap;
use std::path::Path;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask lies in the workspace")
}

#[test]
fn no_file_is_part_of_a_circle() {
    let mut found = Vec::new();
    let crates = std::fs::read_dir(root().join("crates")).expect("the workspace has crates");
    let mut folders: Vec<_> = crates.map(|entry| entry.unwrap().path()).collect();
    folders.push(root().join("xtask"));
    for folder in folders {
        let main = ["lib.rs", "main.rs"].map(|name| folder.join("src").join(name));
        let Some(main) = main.into_iter().find(|path| path.exists()) else { continue };
        found.extend(circles(&Source::read(&main).edges()));
    }
    let short =
        |path: &String| Path::new(path).strip_prefix(root()).unwrap_or(Path::new(path)).display().to_string();
    let found: Vec<Vec<String>> = found.into_iter().map(|files| files.iter().map(short).collect()).collect();
    let listed: Vec<String> = found.iter().map(|files| files.join("\n  ")).collect();
    assert!(found.is_empty(), "{} circles of files:\n\n  {}", found.len(), listed.join("\n\n  "));
}

#[test]
fn a_circle_is_found() {
    let edges = |pairs: &[(&str, &str)]| {
        let mut all = BTreeMap::<String, Vec<String>>::new();
        for (from, to) in pairs {
            all.entry((*from).into()).or_default().push((*to).into());
        }
        all
    };
    let straight = edges(&[("a", "b"), ("b", "c"), ("a", "c")]);
    assert!(circles(&straight).is_empty());
    let round = edges(&[("a", "b"), ("b", "c"), ("c", "a"), ("d", "a"), ("e", "f"), ("f", "e")]);
    assert_eq!(circles(&round), [vec!["a", "b", "c"], vec!["e", "f"]]);
}
