//! Whether the texts of a manifest can be shown as they are.

use super::Manifest;
use scribe_base::human;
use scribe_base::name::LONGEST;
use std::collections::BTreeMap;

impl Manifest {
    /// Refuses texts of the manifest, whose JSON this is, that turn the direction of writing, and names that only characters tell apart which cannot be seen. What
    /// else names must be is asked of new ones alone ([`Manifest::check_names_beside`]), because earlier versions took more.
    ///
    /// # Errors
    /// What cannot be shown, in words.
    pub(super) fn check_texts(&self, json: &str) -> Result<(), String> {
        let turns = |line: &&str| line.contains(human::turns_direction);
        if let Some(line) = json.lines().filter(|line| !line.is_ascii()).find(turns) {
            let line: String = human::printable(line.trim()).chars().take(LONGEST).collect();
            return Err(format!("a text of it turns the direction of writing: {line}"));
        }
        look_alike("labels", self.models.iter().map(|model| model.label.as_str()))?;
        look_alike("classes", self.class_names.iter().map(String::as_str))
    }
}

fn look_alike<'a>(what: &str, names: impl Iterator<Item = &'a str>) -> Result<(), String> {
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    for name in names {
        let visible = human::visible(name);
        match seen.get(&visible) {
            Some(other) if *other != name => {
                return Err(format!(
                    "two of its {what} look like `{visible}`, because some of their characters cannot be seen"
                ));
            }
            _ => drop(seen.insert(visible, name)),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ModelInfo;

    #[test]
    fn what_deceives_a_reader_is_named_and_the_rest_is_taken() {
        let of = |labels: [&str; 2]| {
            let models =
                labels.iter().zip(["a", "b"]).map(|(label, id)| ModelInfo::new(id.parse().unwrap(), *label));
            let manifest = Manifest::new(["background", "cat"]).models(models.collect());
            manifest.check_texts(&manifest.to_json())
        };
        // An earlier version took control characters, marks of Hebrew and names that are the same.
        for sound in
            [["IBE", "SCrIBE"], ["IBE", "IBE"], ["a\u{7}", "b\nc"], ["\u{5d0}\u{200f}", "IB\u{200b}E"]]
        {
            of(sound).unwrap();
        }
        let turned = of(["IBE", "a\u{202e}b"]).unwrap_err();
        assert_eq!(turned, "a text of it turns the direction of writing: \"label\": \"a\\u{202e}b\",");
        let alike = of(["IBE", "IB\u{200b}E"]).unwrap_err();
        assert!(alike.starts_with("two of its labels look like `IBE`"), "{alike}");
    }
}
