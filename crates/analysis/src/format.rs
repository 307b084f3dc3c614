//! Numbers, intervals and lists as text, alike in every table, figure and sentence.

use crate::bootstrap::Interval;

/// A fraction as percent with fixed decimals, or `missing` where there is none.
pub(crate) fn percent(value: Option<f64>, decimals: usize, missing: &str) -> String {
    value.map_or_else(|| missing.to_owned(), |x| fixed(x * 100.0, decimals))
}

/// A number with fixed decimals; what rounds to zero has no sign.
pub(crate) fn fixed(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    let zero = text.bytes().all(|b| matches!(b, b'-' | b'0' | b'.'));
    if zero { text.trim_start_matches('-').to_owned() } else { text }
}

/// A number with up to six decimals and no zeros at its end.
pub(crate) fn brief(value: f64) -> String {
    let text = fixed(value, 6);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// An end of an interval: as [`fixed`], with up to three more decimals where the end would otherwise round to zero and
/// hide its sign.
pub(crate) fn end(value: f64, decimals: usize) -> String {
    let shown = |d: &usize| fixed(value, *d).bytes().any(|b| (b'1'..=b'9').contains(&b));
    let decimals = (decimals..=decimals + 3).find(shown).unwrap_or(decimals);
    fixed(value, decimals)
}

/// "1.2 to 3.4": both ends of an interval, times `scale`.
pub(crate) fn range(interval: &Interval, scale: f64, decimals: usize) -> String {
    format!("{} to {}", end(interval.low * scale, decimals), end(interval.high * scale, decimals))
}

/// As [`fixed`], with a sign for positive numbers, too; what rounds to zero has none.
pub(crate) fn signed(value: f64, decimals: usize) -> String {
    with_sign(fixed(value, decimals))
}

/// As [`signed`], with as many decimals as [`end`] shows: for a number beside its interval, which would otherwise seem to lie
/// outside of it.
pub(crate) fn signed_end(value: f64, decimals: usize) -> String {
    with_sign(end(value, decimals))
}

fn with_sign(number: String) -> String {
    let plain = number.starts_with('-') || !number.bytes().any(|b| (b'1'..=b'9').contains(&b));
    if plain { number } else { format!("+{number}") }
}

/// "p = 0.012", or "p < 0.001" where three decimals would show zero.
pub(crate) fn p_value(p: f64) -> String {
    if p < 0.0005 { "p < 0.001".to_owned() } else { format!("p = {}", fixed(p, 3)) }
}

/// A fraction as percent with one decimal; the space before the sign does not break.
pub(crate) fn percent_sign(value: f64) -> String {
    format!("{}\u{a0}%", fixed(value * 100.0, 1))
}

/// "A", "A and B", "A, B and C".
pub(crate) fn list(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [head @ .., last] => format!("{} and {last}", head.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_p_value_is_not_shown_as_zero() {
        assert_eq!(
            [0.2, 0.0123, 0.0006, 0.0004].map(p_value),
            ["p = 0.200", "p = 0.012", "p = 0.001", "p < 0.001"]
        );
    }

    #[test]
    fn what_rounds_to_zero_has_no_sign() {
        assert_eq!([-0.001, 0.0, -0.0, 0.004].map(|x| signed(x, 2)), ["0.00"; 4]);
        assert_eq!([-0.2, 0.4, -0.006].map(|x| signed(x, 2)), ["-0.20", "+0.40", "-0.01"]);
        assert_eq!(
            (fixed(-0.04, 1), fixed(-0.06, 1), fixed(3.0, 0)),
            ("0.0".into(), "-0.1".into(), "3".into())
        );
        assert_eq!(percent(Some(-0.00001), 1, "–"), "0.0");
        assert_eq!([-0.003, 0.02, 0.0, 1e-9].map(|x| end(x, 1)), ["-0.003", "0.02", "0.0", "0.0"]);
        assert_eq!([-0.003, 0.02, 0.0, 1.26].map(|x| signed_end(x, 1)), ["-0.003", "+0.02", "0.0", "+1.3"]);
        assert_eq!(fixed(f64::NAN, 1), "NaN");
        assert_eq!(
            [2.500_000_000_000_002, 0.1, 95.0, 0.0, 99.975].map(brief),
            ["2.5", "0.1", "95", "0", "99.975"]
        );
    }
}
