//! The rules for single files: a first line that says what the file holds, at most 300 lines, functions of at most 40, no
//! printing in libraries.

mod tidy {
    pub(crate) mod functions;
}

use std::path::{Path, PathBuf};
use tidy::functions::functions;

const LONGEST: usize = 300;
const LONGEST_FUNCTION: usize = 40;

/// Files that may be longer, each with its reason.
const LONGER: [(&str, &str); 0] = [];

fn sources() -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask lies in the workspace");
    let mut open = vec![root.join("crates"), root.join("fuzz"), root.join("tests"), root.join("xtask")];
    let mut found = Vec::new();
    while let Some(folder) = open.pop() {
        for entry in
            std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        {
            let path = entry.unwrap().path();
            // What workspaces of their own build lies below them.
            if path.ends_with("target") {
                continue;
            }
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                found.push((path.strip_prefix(root).unwrap().to_path_buf(), text));
            }
        }
    }
    found
}

fn assert_none(rule: &str, broken: Vec<String>) {
    assert!(broken.is_empty(), "{rule}:\n{}", broken.join("\n"));
}

#[test]
fn every_file_says_what_it_is() {
    let broken = sources().into_iter().filter(|(_, text)| !text.starts_with("//! "));
    assert_none(
        "these files lack a first line `//! ...`",
        broken.map(|(path, _)| path.display().to_string()).collect(),
    );
}

#[test]
fn every_file_can_be_read_in_one_go() {
    let allowed = |path: &Path| LONGER.iter().any(|(name, _)| Path::new(name) == path);
    let broken = sources().into_iter().map(|(path, text)| (text.lines().count(), path));
    let broken = broken.filter(|(lines, path)| *lines > LONGEST && !allowed(path));
    assert_none(
        "these files are too long",
        broken.map(|(lines, path)| format!("{lines} {}", path.display())).collect(),
    );
}

#[test]
fn every_function_can_be_read_in_one_go() {
    let broken = sources().into_iter().flat_map(|(path, text)| {
        let found = functions(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let long = found.into_iter().filter(|(_, lines)| *lines > LONGEST_FUNCTION);
        long.map(|(name, lines)| format!("{lines} {} {name}", path.display())).collect::<Vec<_>>()
    });
    assert_none("these functions have more than 40 lines", broken.collect());
}

#[test]
fn lines_of_functions_are_counted_from_their_first_word_to_their_brace() {
    // Three lines, one inside of another function, two in an impl, two of a trait, and one in a macro of items; what a
    // trait only asks for, closures and other macros do not count.
    let text = "/// Docs.\n#[test]\nfn three() {\n    fn one() {}\n}\nimpl A {\n    pub(crate) const fn two() {\n    }\n}\n\
                trait B {\n    fn asked();\n    fn given() {\n    }\n}\nsimd_fn! {\n    fn inner(a: u8) -> u8 { a }\n}\n\
                const C: fn() = || {\n\n};\nother! { a => fn }\n";
    let found = functions(text).unwrap();
    let found: Vec<(&str, usize)> = found.iter().map(|(name, lines)| (name.as_str(), *lines)).collect();
    assert_eq!(found, [("three", 3), ("one", 1), ("two", 2), ("given", 2), ("inner", 1)]);
}

#[test]
fn libraries_do_not_print() {
    let library = |path: &Path| {
        let text = path.to_string_lossy();
        text.contains("/src/") && !text.starts_with("crates/scribe/") && !text.starts_with("xtask/")
    };
    let broken = sources().into_iter().filter(|(path, _)| library(path)).flat_map(|(path, text)| {
        let printing = |line: &&str| {
            let code = line.trim_start();
            !code.starts_with("//") && ["println!", "print!", "dbg!"].iter().any(|word| code.contains(word))
        };
        text.lines().filter(printing).map(|line| format!("{}: {line}", path.display())).collect::<Vec<_>>()
    });
    assert_none("libraries log through tracing", broken.collect());
}

#[test]
fn the_program_prints_through_one_function() {
    let own = |path: &Path| path.starts_with("crates/scribe/src") && !path.ends_with("cmd/output.rs");
    let broken = sources().into_iter().filter(|(path, _)| own(path)).flat_map(|(path, text)| {
        let printing = |line: &&str| {
            let code = line.trim_start();
            !code.starts_with("//") && ["println!", "print!("].iter().any(|word| code.contains(word))
        };
        text.lines().filter(printing).map(|line| format!("{}: {line}", path.display())).collect::<Vec<_>>()
    });
    assert_none(
        "println! and eprintln! panic where a stream is closed or full: use cmd/output.rs",
        broken.collect(),
    );
}

#[test]
fn no_test_is_switched_off() {
    // Written apart, so that this file does not find itself.
    let mark = concat!("#[ig", "nore");
    let broken = sources().into_iter().filter(|(_, text)| text.contains(mark));
    assert_none("these files switch tests off", broken.map(|(path, _)| path.display().to_string()).collect());
}

#[test]
fn imports_are_one_block() {
    let broken = sources().into_iter().filter(|(_, text)| {
        let statements: Vec<&str> = text.split(";\n").collect();
        let import = |text: &str| text.trim_start_matches('\n').starts_with("use ");
        statements.windows(2).any(|pair| import(pair[0]) && pair[1].starts_with("\nuse "))
    });
    assert_none(
        "these files have a blank line between two imports",
        broken.map(|(path, _)| path.display().to_string()).collect(),
    );
}

#[test]
fn a_module_with_children_is_a_folder() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask lies in the workspace");
    let beside = |path: &PathBuf| {
        let name = path.file_stem().is_some_and(|name| name != "lib" && name != "main");
        let library = path.to_string_lossy().contains("/src/");
        name && library && root.join(path.with_extension("")).is_dir()
    };
    let broken = sources().into_iter().map(|(path, _)| path).filter(beside);
    assert_none(
        "these files belong into their folder as mod.rs",
        broken.map(|path| path.display().to_string()).collect(),
    );
}
