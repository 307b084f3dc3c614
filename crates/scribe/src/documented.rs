//! Tests that the program understands every line that starts it in the documents, in the heads of recipes and in help
//! texts.

use super::Scribe;
use clap::{CommandFactory, Parser};

#[path = "../../../tests/documents/fences.rs"]
mod fences;
#[path = "../../../tests/documents/words.rs"]
mod words;

/// An error message for each line that the program does not understand.
fn complaints(place: &str, text: &str) -> Vec<String> {
    let lines: Vec<_> =
        words::commands(text).iter().filter_map(|command| words::arguments(command)).collect();
    let parse = |line: &Vec<String>| {
        let error =
            Scribe::try_parse_from(std::iter::once("scribe").chain(line.iter().map(String::as_str))).err()?;
        let asks = matches!(
            error.kind(),
            clap::error::ErrorKind::DisplayHelp | clap::error::ErrorKind::DisplayVersion
        );
        (!asks).then(|| format!("{place}: scribe {}: {error}", line.join(" ")))
    };
    lines.iter().filter_map(parse).collect()
}

#[test]
fn shell_blocks() {
    let blocks = fences::documents().into_iter().flat_map(|file| fences::blocks(&file));
    let shell: Vec<_> = blocks.filter(fences::Block::is_shell).collect();
    assert!(shell.len() > 10, "the documents' shell blocks");
    let wrong: Vec<_> = shell.iter().flat_map(|block| complaints(&block.place(), &block.text)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn commands_in_running_text() {
    let mut wrong = Vec::new();
    for file in fences::documents() {
        let text = std::fs::read_to_string(fences::root().join(&file)).unwrap();
        // Code between backticks is every second piece; a fenced block is not one, because it has three.
        let pieces = text.split("```").step_by(2).flat_map(|prose| prose.split('`').skip(1).step_by(2));
        for code in pieces.filter(|code| code.starts_with("scribe ")) {
            wrong.extend(unknown_names(code).map(|name| format!("{}: `{code}`: {name}", file.display())));
        }
    }
    assert!(wrong.is_empty(), "no such command or argument:\n{}", wrong.join("\n"));
}

/// The first word of a shortened command (`scribe eval --shard`) that names nothing the program has.
fn unknown_names(code: &str) -> Option<String> {
    let program = Scribe::command();
    let (mut command, mut known) = (&program, true);
    for word in code.split_whitespace().skip(1) {
        if let Some(flag) = word.strip_prefix("--") {
            let flag = flag.split('=').next().unwrap_or(flag);
            let named =
                |of: &clap::Command| of.get_arguments().any(|argument| argument.get_long() == Some(flag));
            known = flag == "help" || named(command) || named(&program);
        } else if command.has_subcommands() && word.bytes().all(|b| b.is_ascii_lowercase() || b == b'-') {
            known = command.find_subcommand(word).map(|found| command = found).is_some();
        }
        if !known {
            return Some(word.to_string());
        }
    }
    None
}

#[test]
fn heads_of_recipes() {
    let folder = fences::root().join("recipes");
    let mut wrong = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        let head: Vec<_> = text.lines().filter_map(|line| line.strip_prefix("# Command:")).collect();
        assert!(!head.is_empty(), "{}: its head has no `# Command:`", path.display());
        wrong.extend(complaints(&path.display().to_string(), &head.join("\n")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn examples_of_the_help() {
    let (mut open, mut wrong) = (vec![Scribe::command()], Vec::new());
    while let Some(command) = open.pop() {
        let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
        let help = help.replace("\\\n      ", "");
        let lines: Vec<_> =
            help.split("\n  ").filter(|line| line.trim_start().starts_with("scribe ")).collect();
        assert!(!lines.is_empty(), "{}: no example", command.get_name());
        for line in lines {
            // A comment may follow the example after some spaces.
            let shown = line.lines().next().unwrap_or_default().split("   ").next().unwrap_or_default();
            wrong.extend(complaints(command.get_name(), shown));
        }
        open.extend(command.get_subcommands().cloned());
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
