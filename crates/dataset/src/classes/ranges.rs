//! Lists of numbers as people write them.

/// The most ranges that are written out.
const MOST: usize = 12;

/// Sorted numbers as ranges: `0..=6, 9, 255`.
pub(super) fn ranges(values: impl IntoIterator<Item = u16>) -> String {
    let mut values: Vec<u16> = values.into_iter().collect();
    values.sort_unstable();
    values.dedup();
    let mut found: Vec<(u16, u16)> = Vec::new();
    for value in values {
        match found.last_mut() {
            Some((_, last)) if u32::from(*last) + 1 == u32::from(value) => *last = value,
            _ => found.push((value, value)),
        }
    }
    let text = |&(first, last): &(u16, u16)| match last - first {
        0 => first.to_string(),
        1 => format!("{first}, {last}"),
        _ => format!("{first}..={last}"),
    };
    let mut parts: Vec<String> = found.iter().take(MOST).map(text).collect();
    if found.len() > MOST {
        parts.push("...".to_owned());
    }
    parts.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_are_joined() {
        assert_eq!(ranges([0, 1, 2, 9, 5, 6, 65535]), "0..=2, 5, 6, 9, 65535");
        assert_eq!(ranges([]), "");
        assert_eq!(ranges((0..40).map(|k| 2 * k)), "0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, ...");
    }
}
