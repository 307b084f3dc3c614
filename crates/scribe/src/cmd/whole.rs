//! Whole numbers on the command line.

use std::ops::RangeInclusive;

/// Reads a whole number of a range. The errors of clap's own parsers are those of Rust (`invalid digit found in string`).
pub(crate) fn whole<T: TryFrom<u64>>(
    range: RangeInclusive<u64>,
) -> impl Fn(&str) -> Result<T, String> + Clone + Send + Sync + 'static {
    move |text| {
        let number = text.trim().parse().ok().filter(|number| range.contains(number));
        number
            .and_then(|number| T::try_from(number).ok())
            .ok_or_else(|| format!("expected a whole number from {} to {}", range.start(), range.end()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_in_its_range_or_the_range_is_said() {
        let few = whole::<u8>(1..=5);
        assert_eq!(few(" 5"), Ok(5));
        for wrong in ["0", "6", "-1", "2.0", "", "x", "99999999999999999999"] {
            assert_eq!(few(wrong), Err("expected a whole number from 1 to 5".to_owned()), "{wrong}");
        }
    }
}
