//! What a folder holds, so that two can be compared, and whether a kill left something unsound in it.

use crate::common::tree;
use scribe_base::digest::sha256_hex;
use scribe_records::Store;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Every file by its name: a store by its rows, all others by the hash of their bytes.
pub(crate) type Left = BTreeMap<String, String>;

/// What lies in a folder, without logs and locks, which say when and by whom a call was made.
pub(crate) fn left(folder: &Path) -> Left {
    let told = |name: &str| {
        let name = name.rsplit('/').next().unwrap_or(name);
        name == "log.txt" || name.ends_with(".log") || name.ends_with(".lock") || name == "net.pid"
    };
    let files = tree(folder).into_iter().filter(|(name, _)| !told(name));
    files
        .map(|(name, bytes)| {
            let is_store = name.ends_with(".sqlite");
            let content = if is_store { rows(&folder.join(&name)) } else { sha256_hex(bytes) };
            (name, content)
        })
        .collect()
}

fn rows(store: &Path) -> String {
    match Store::examine(store) {
        Ok(found) if found.problems.is_empty() => found.content_sha256,
        Ok(found) => found.problems.join("; "),
        Err(error) => error.to_string(),
    }
}

/// The first files that differ, as a sentence.
pub(crate) fn difference(calm: &Left, after: &Left) -> Option<String> {
    let names = calm.keys().chain(after.keys().filter(|name| !calm.contains_key(*name)));
    let differs = names.filter_map(|name| match (calm.get(name), after.get(name)) {
        (Some(calm), Some(after)) if calm == after => None,
        (Some(_), Some(_)) => Some(format!("{name} differs")),
        (Some(_), None) => Some(format!("{name} is missing")),
        _ => Some(format!("{name} is left over")),
    });
    let first: Vec<String> = differs.take(4).collect();
    (!first.is_empty()).then(|| first.join(", "))
}

/// What is unsound in a folder right after a kill: a store (with what SQLite keeps beside it), or a file of a training.
pub(crate) fn unsound(folder: &Path) -> Option<String> {
    let scratch = tempfile::tempdir().unwrap();
    for store in found(folder, |path| path.extension().is_some_and(|e| e == "sqlite")) {
        // A copy: opening a store takes in what lies beside it.
        let copy = scratch.path().join("store.sqlite");
        for ending in ["", "-wal", "-journal"] {
            let of = |path: &Path| PathBuf::from(format!("{}{ending}", path.display()));
            let _ = fs::remove_file(of(&copy));
            let _ = fs::copy(of(&store), of(&copy));
        }
        let problems = match Store::examine(&copy) {
            Ok(found) => found.problems,
            Err(error) => vec![error.to_string()],
        };
        if !problems.is_empty() {
            return Some(format!("{} after the kill: {}", store.display(), problems.join("; ")));
        }
    }
    let trainings = found(folder, |path| path.ends_with("identity.json"));
    let problem = |path: &PathBuf| scribe_train::examine(path.parent()?).problems.into_iter().next();
    trainings.iter().find_map(problem)
}

/// The files below a folder that are wanted.
fn found(folder: &Path, wanted: impl Fn(&Path) -> bool) -> Vec<PathBuf> {
    let (mut found, mut open) = (Vec::new(), vec![folder.to_path_buf()]);
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if wanted(&path) {
                found.push(path);
            }
        }
    }
    found
}
