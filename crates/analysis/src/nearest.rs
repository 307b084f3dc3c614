//! The known name that a mistyped one may have meant.

use strsim::damerau_levenshtein;

/// The end of a message about `word`, `; did you mean fog?`; empty where no known name is near.
///
/// A name is near when at most a third of its letters differ (insertions, deletions, changes and swaps of neighbours), or
/// when `word`, of at least three letters, begins it. Capitals, spaces and hyphens count as lower-case letters and
/// underscores.
pub(crate) fn did_you_mean<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let word = folded(word);
    let letters = word.chars().count();
    let distance = |name: &'a str| {
        let other = folded(name);
        let distance = damerau_levenshtein(&word, &other);
        let allowed = (letters.max(other.chars().count()) / 3).max(1);
        let begins = letters >= 3 && other.starts_with(&word);
        // One letter for another is no near miss where there is only one letter.
        (begins || distance <= allowed && distance < letters).then_some((distance, name))
    };
    // Of names that are equally near, the first.
    let near = known.into_iter().filter_map(distance).min_by_key(|(distance, _)| *distance);
    near.map_or_else(String::new, |(_, name)| format!("; did you mean {name}?"))
}

fn folded(word: &str) -> String {
    word.trim().to_lowercase().replace(['-', ' '], "_")
}

#[cfg(test)]
mod tests {
    use super::did_you_mean;

    /// "snwo" is one swap from "snow"; "Fog" and "FOG" differ by capitals alone; "jpeg" begins "jpeg_compression".
    #[test]
    fn the_nearest_name_is_asked_for_and_a_far_one_is_not() {
        let of = |word| did_you_mean(word, ["frost", "fog", "snow", "jpeg_compression"]);
        assert_eq!(of("snwo"), "; did you mean snow?");
        assert_eq!(of("FOG"), "; did you mean fog?");
        assert_eq!(of("jpeg"), "; did you mean jpeg_compression?");
        assert_eq!([of("rain"), of("x")], ["", ""]);
    }
}
