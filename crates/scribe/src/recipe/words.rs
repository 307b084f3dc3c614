//! Lists of words in a recipe.

use serde::{Deserialize, Deserializer};

#[derive(Deserialize)]
#[serde(untagged, expecting = "a list of words, or one text with commas between them")]
enum Words {
    List(Vec<String>),
    Text(String),
}

/// Reads a list of words, or one text with commas between them as on command lines. Spaces around words and empty words
/// are ignored.
pub(super) fn words<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    let texts = match Words::deserialize(deserializer)? {
        Words::List(texts) => texts,
        Words::Text(text) => vec![text],
    };
    let words = texts.iter().flat_map(|text| text.split(',')).map(str::trim);
    Ok(words.filter(|word| !word.is_empty()).map(str::to_owned).collect())
}
