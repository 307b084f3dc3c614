//! Suggests known names for a mistyped one.

use strsim::damerau_levenshtein;

/// How many names are suggested, at most.
const SUGGESTED: usize = 3;

/// The known names that `word` may have meant, the most similar first and at most three; empty if none is similar.
///
/// A name is similar when at most a third of its letters differ (insertions, deletions, changes and swaps of neighbours,
/// by [`strsim::damerau_levenshtein`]), or when `word`, of at least three letters, begins it. Capitals, spaces and
/// hyphens count as lower-case letters and underscores.
///
/// ```
/// use scribe_base::nearest::nearest;
/// assert_eq!(nearest("fogg", ["frost", "fog", "snow"]), ["fog"]);
/// assert_eq!(nearest("JPEG", ["jpeg_compression", "fog"]), ["jpeg_compression"]);
/// assert!(nearest("rain", ["frost", "fog"]).is_empty());
/// ```
#[must_use]
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let word = folded(word);
    let letters = word.chars().count();
    let mut near: Vec<(usize, &str)> = Vec::new();
    for name in known {
        let other = folded(name);
        let distance = damerau_levenshtein(&word, &other);
        let allowed = (letters.max(other.chars().count()) / 3).max(1);
        let begins = letters >= 3 && other.starts_with(&word);
        // One letter for another is not a near miss where there is only one letter.
        if begins || distance <= allowed && distance < letters {
            near.push((distance, name));
        }
    }
    // A stable sort: names that are equally near keep their order.
    near.sort_by_key(|(distance, _)| *distance);
    near.into_iter().map(|(_, name)| name).take(SUGGESTED).collect()
}

/// The nearest names as the beginning of an error's advice, `did you mean fog? ` with a space after it; empty if
/// none is similar.
#[must_use]
pub fn did_you_mean<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    match nearest(word, known).as_slice() {
        [] => String::new(),
        [one] => format!("did you mean {one}? "),
        [first @ .., last] => format!("did you mean {} or {last}? ", first.join(", ")),
    }
}

fn folded(word: &str) -> String {
    word.trim().to_lowercase().replace(['-', ' '], "_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_comes_first() {
        let known = ["gaussian_noise", "motion_blur", "frost", "fog", "gaussian_blur"];
        let of = |word: &str| nearest(word, known);
        assert_eq!(of("fogg"), ["fog"]);
        assert_eq!(of("Fog"), ["fog"]);
        assert_eq!(of("forst"), ["frost"]);
        assert_eq!(of("gaussian"), ["gaussian_blur", "gaussian_noise"]);
        assert_eq!(of("gausian-noise")[0], "gaussian_noise");
        assert_eq!(of("motionblur")[0], "motion_blur");
        assert_eq!(of("smog"), [""; 0]);
        assert_eq!(of(""), [""; 0]);
        assert_eq!(of("x"), [""; 0]);
    }

    #[test]
    fn advice_is_a_question_or_nothing() {
        assert_eq!(did_you_mean("fogg", ["fog", "snow"]), "did you mean fog? ");
        assert_eq!(did_you_mean("blue", ["blur", "glue", "fog"]), "did you mean blur or glue? ");
        assert_eq!(did_you_mean("rain", ["fog"]), "");
    }
}
