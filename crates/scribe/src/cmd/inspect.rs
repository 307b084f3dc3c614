//! `scribe inspect`: shows a recipe as it will run, or where two recipes differ.

use super::assignments::assignments;
use super::output::print;
use clap::Args;
use scribe::Recipe;
use std::collections::BTreeSet;

/// Show a recipe as it will run, or where two recipes differ.
#[derive(Args)]
#[command(after_help = "Examples:
  scribe inspect smoke --set train.epochs=2 # every key, and the digest
  scribe inspect paper-text authors-code    # the keys in which they differ")]
pub(crate) struct Inspect {
    /// A preset or a .toml file
    recipe: String,
    /// Another one to compare with
    other: Option<String>,
    /// Change one key first; may be repeated
    #[arg(long = "set", value_name = "KEY=VALUE")]
    assignments: Vec<String>,
}

impl Inspect {
    /// Prints the keys with their values.
    pub(crate) fn run(&self) -> anyhow::Result<()> {
        let assignments = assignments(&self.assignments)?;
        let recipe = Recipe::load(&self.recipe, &assignments)?;
        let own = recipe.flattened();
        let Some(other) = &self.other else {
            let keys: String = own.iter().map(|(key, value)| format!("{key} = {value}\n")).collect();
            return Ok(print(&format!("{keys}\ndigest {}\n", recipe.digest()))?);
        };
        let other = Recipe::load(other, &assignments)?.flattened();
        let keys: BTreeSet<_> = own.keys().chain(other.keys()).collect();
        let show = |value: Option<&String>| value.map_or("-".to_string(), String::clone);
        let rows = keys.into_iter().map(|key| (key, show(own.get(key)), show(other.get(key))));
        let rows: Vec<_> = rows.filter(|(_, left, right)| left != right).collect();
        let width = rows.iter().map(|(key, ..)| key.len()).max().unwrap_or(0);
        let middle = rows.iter().map(|(_, left, _)| left.len()).max().unwrap_or(0);
        let line = |(key, left, right)| format!("{key:width$}  {left:middle$}  {right}\n");
        Ok(print(&rows.into_iter().map(line).collect::<String>())?)
    }
}
