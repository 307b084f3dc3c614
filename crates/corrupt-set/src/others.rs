//! The pictures that a message does not name.

/// How many there are beside the first of `count`, as a part of a sentence.
pub(crate) fn others(count: usize) -> String {
    match count - 1 {
        0 => String::new(),
        1 => " (and 1 other picture)".to_owned(),
        n => format!(" (and {n} other pictures)"),
    }
}
