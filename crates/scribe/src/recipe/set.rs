//! `--set key.path=value`: one assignment into a recipe's table.

use super::RecipeError;
use scribe_base::nearest::did_you_mean;
use toml::{Table, Value};

/// Makes the assignment in the table. Elements of lists are named by their index (`models.0.label=...`).
///
/// # Errors
/// When the text has no `=`, or the path leads through something that is not a table or a list.
pub(super) fn assign(table: &mut Table, assignment: &str) -> Result<(), RecipeError> {
    let fail = |reason: String| RecipeError::Set { assignment: assignment.to_string(), reason };
    let (path, text) = assignment.split_once('=').ok_or_else(|| fail("expected key=value".into()))?;
    let keys: Vec<&str> = path.trim().split('.').collect();
    let (last, parents) = keys.split_last().expect("split yields at least one part");
    let mut root = Value::Table(std::mem::take(table));
    let place =
        parents.iter().try_fold(&mut root, |value, key| step(value, key)).and_then(|value| match value {
            Value::Table(inner) => Ok(inner.entry(last.to_string()).or_insert(Value::Boolean(false))),
            list => step(list, last),
        });
    let outcome = place.map(|place| *place = parse(text.trim()));
    if let Value::Table(inner) = root {
        *table = inner;
    }
    outcome.map_err(fail)
}

/// One step down the path.
fn step<'a>(value: &'a mut Value, key: &str) -> Result<&'a mut Value, String> {
    match value {
        Value::Table(table) => {
            let known = table.keys().cloned().collect::<Vec<_>>().join(", ");
            let hint = did_you_mean(key, table.keys().map(String::as_str));
            table.get_mut(key).ok_or_else(|| format!("no section '{key}': {hint}expected one of {known}"))
        }
        Value::Array(list) => {
            let length = list.len();
            let index = key.parse::<usize>().ok().filter(|index| *index < length);
            index
                .map(|i| &mut list[i])
                .ok_or_else(|| format!("'{key}' is not an index of a list of {length}"))
        }
        _ => Err(format!("'{key}' is below a plain value")),
    }
}

/// A TOML value where the text is one, else the text itself.
fn parse(text: &str) -> Value {
    let line = format!("value = {text}");
    let parsed = toml::from_str::<Table>(&line).ok().and_then(|mut table| table.remove("value"));
    parsed.unwrap_or_else(|| Value::String(text.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        toml::from_str("[train]\nsteps = 1\n[[models]]\nlabel = 'a'").unwrap()
    }

    #[test]
    fn numbers_lists_and_words() {
        let mut table = table();
        for text in ["train.steps=30", "models.0.label=Base line", "train.side=[1, 2]"] {
            assign(&mut table, text).unwrap();
        }
        assert_eq!(table["train"]["steps"].as_integer(), Some(30));
        assert_eq!(table["models"][0]["label"].as_str(), Some("Base line"));
        assert_eq!(table["train"]["side"].as_array().unwrap().len(), 2);
    }

    #[test]
    fn wrong_paths_say_what_is_known() {
        let message = |text: &str| assign(&mut table(), text).unwrap_err().to_string();
        assert!(
            message("trian.steps=3")
                .contains("no section 'trian': did you mean train? expected one of models, train")
        );
        assert!(message("models.4.label=x").contains("list of 1"));
        assert!(message("train.steps").contains("key=value"));
        assert!(message("train.steps.more=1").contains("below a plain value"));
    }
}
