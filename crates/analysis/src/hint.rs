//! The end of a message: the known name that a mistyped one may have meant.

use scribe_base::nearest::nearest;

/// The end of a message about `word`, `; did you mean fog?`; empty where no known name is near ([`nearest`]).
pub(crate) fn hint<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    nearest(word, known).first().map_or_else(String::new, |name| format!("; did you mean {name}?"))
}

#[cfg(test)]
mod tests {
    use super::hint;

    /// "snwo" is one swap from "snow"; "jpeg" begins "jpeg_compression".
    #[test]
    fn the_nearest_name_is_asked_for_and_a_far_one_is_not() {
        let of = |word| hint(word, ["frost", "fog", "snow", "jpeg_compression"]);
        assert_eq!(of("snwo"), "; did you mean snow?");
        assert_eq!(of("jpeg"), "; did you mean jpeg_compression?");
        assert_eq!([of("rain"), of("x")], ["", ""]);
    }
}
