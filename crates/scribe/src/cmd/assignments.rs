//! The assignments that change a recipe: those of the variable `SCRIBE_SET`, then those of `--set`.

use anyhow::bail;

/// The environment variable with assignments for every command that reads a recipe, separated by white space.
pub(crate) const VARIABLE: &str = "SCRIBE_SET";

/// All assignments in the order in which they are made: the command line takes precedence.
///
/// The variable changes what a command does and does not appear on the command line, so a warning shows what it holds.
///
/// # Errors
/// When the variable holds something that is not `KEY=VALUE`.
pub(crate) fn assignments(given: &[String]) -> anyhow::Result<Vec<String>> {
    let variable = std::env::var(VARIABLE).unwrap_or_default();
    let mut all = split(&variable)?;
    if !all.is_empty() {
        tracing::warn!("{VARIABLE} changes the recipe: {}", all.join(" "));
    }
    all.extend_from_slice(given);
    Ok(all)
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
    use super::split;

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
}
