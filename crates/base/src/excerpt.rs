//! Texts from outside, cut to what a message needs of them: an error does not repeat a megabyte.

use std::borrow::Cow;

/// The most characters that a message repeats.
pub const MOST: usize = 200;

/// The most characters of a line of a parser's message, in which all names that were expected may stand.
const MOST_OF_LINE: usize = 1000;

/// The text, or its first [`MOST`] characters and how many there are.
///
/// ```
/// use scribe_base::excerpt;
///
/// assert_eq!(excerpt::of("fog"), "fog");
/// let cut = excerpt::of(&"x".repeat(1_000_000)).into_owned();
/// assert_eq!(cut, "x".repeat(200) + "... (1000000 characters)");
/// ```
pub fn of(text: &str) -> Cow<'_, str> {
    cut(text, MOST)
}

/// The text, each of whose lines has at most 1000 characters: parsers repeat the line in which something is wrong.
pub fn of_lines(text: &str) -> Cow<'_, str> {
    if text.len() <= MOST_OF_LINE {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.lines().map(|line| cut(line, MOST_OF_LINE)).collect::<Vec<_>>().join("\n"))
}

fn cut(text: &str, most: usize) -> Cow<'_, str> {
    match text.char_indices().nth(most) {
        None => Cow::Borrowed(text),
        Some((end, _)) => Cow::Owned(format!("{}... ({} characters)", &text[..end], text.chars().count())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_between_characters() {
        assert_eq!(of(&"é".repeat(200)), "é".repeat(200));
        assert_eq!(of(&"é".repeat(201)), "é".repeat(200) + "... (201 characters)");
    }

    #[test]
    fn each_line_is_cut() {
        assert_eq!(of_lines("a\nb\n"), "a\nb\n");
        let (long, cut) = ("x".repeat(1001), "x".repeat(1000) + "... (1001 characters)");
        assert_eq!(of_lines(&format!("a\n{long}\nb")), format!("a\n{cut}\nb"));
    }
}
