//! Names with one `*`.

/// Whether a name is the pattern, or the pattern's `*` stands for a part of it.
pub(super) fn matches(pattern: &str, name: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == name,
        Some((start, end)) => {
            name.len() >= start.len() + end.len() && name.starts_with(start) && name.ends_with(end)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn a_star_stands_for_any_part_and_its_sides_do_not_overlap() {
        assert!(matches("mIoU_2d_*", "mIoU_2d_fog") && matches("*", "fog") && matches("fog", "fog"));
        assert!(!matches("fog", "fog-3") && !matches("mIoU_*", "mAcc_fog") && !matches("ab*ba", "aba"));
    }
}
