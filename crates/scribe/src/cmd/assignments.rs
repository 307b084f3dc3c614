//! The assignments that change a recipe: those of the variable `SCRIBE_SET`, then those of `--set`.

use anyhow::{Context, bail};
use std::ffi::OsStr;

/// The environment variable with assignments for every command that reads a recipe, separated by white space.
pub(crate) const VARIABLE: &str = "SCRIBE_SET";

/// All assignments in the order in which they are made: the command line takes precedence.
///
/// The variable changes what a command does and does not appear on the command line, so a warning shows what it holds.
///
/// # Errors
/// When the variable holds something that is not `KEY=VALUE`, or not UTF-8.
pub(crate) fn assignments(given: &[String]) -> anyhow::Result<Vec<String>> {
    let variable = std::env::var_os(VARIABLE).unwrap_or_default();
    let mut all = split(text(&variable)?)?;
    if !all.is_empty() {
        tracing::warn!("{VARIABLE} changes the recipe: {}", all.join(" "));
    }
    all.extend_from_slice(given);
    Ok(all)
}

fn text(variable: &OsStr) -> anyhow::Result<&str> {
    variable.to_str().with_context(|| format!("{VARIABLE}: {variable:?} is not UTF-8 (expected KEY=VALUE)"))
}

fn split(variable: &str) -> anyhow::Result<Vec<String>> {
    let words: Vec<String> = variable.split_whitespace().map(str::to_owned).collect();
    if let Some(word) = words.iter().find(|word| !word.contains('=')) {
        bail!(
            "{VARIABLE}: '{word}' is not an assignment; expected KEY=VALUE, separated by spaces, with no space inside \
             a value (use --set for such a value)"
        );
    }
    Ok(words)
}

#[cfg(test)]
mod tests {
    use super::{split, text};
    use std::ffi::OsStr;

    #[test]
    fn assignments_are_separated_by_white_space() {
        assert_eq!(
            split(" train.steps=2\n eval.modes=[\"single\"] ").unwrap(),
            ["train.steps=2", "eval.modes=[\"single\"]"]
        );
        assert!(split("").unwrap().is_empty());
        let message = split("models.0.label=Base line").unwrap_err().to_string();
        assert!(message.contains("SCRIBE_SET: 'line' is not an assignment"), "{message}");
    }

    #[cfg(unix)]
    #[test]
    fn bytes_that_are_no_text_are_an_error_and_not_nothing() {
        use std::os::unix::ffi::OsStrExt;
        let message = text(OsStr::from_bytes(b"eval.limit=1 \xff")).unwrap_err().to_string();
        assert!(message.contains("SCRIBE_SET") && message.contains("not UTF-8"), "{message}");
        assert_eq!(text(OsStr::new("a=1")).unwrap(), "a=1");
    }
}
