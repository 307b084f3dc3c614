//! Adds the most similar names to a parser's message about an unknown one.

use scribe_base::nearest::did_you_mean;

/// The parser's message with the most similar names behind the unknown key or word. Serde lists all names in the order of
/// the code, in which the intended one is hard to find.
pub(super) fn with_hint(message: &str) -> String {
    for kind in ["unknown field `", "unknown variant `"] {
        let Some(start) = message.find(kind) else { continue };
        let rest = &message[start + kind.len()..];
        let Some((unknown, rest)) = rest.split_once('`') else { continue };
        // Between back-quotes, after the comma: `a`, `b` or `c`.
        let known = rest.lines().next().unwrap_or("").split('`').skip(1).step_by(2);
        let hint = did_you_mean(unknown, known);
        if let Some(hint) = hint.strip_suffix(' ') {
            let end = start + kind.len() + unknown.len() + 1;
            return format!("{} ({hint}){}", &message[..end], &message[end..]);
        }
    }
    message.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_similar_name_is_behind_the_unknown_one() {
        let found = with_hint(
            "TOML error\nunknown field `limitt`, expected one of `view`, `limit`, `suite`\nin `eval`",
        );
        let expected = "TOML error\nunknown field `limitt` (did you mean limit?), expected one of `view`, `limit`, `suite`\nin `eval`";
        assert_eq!(found, expected);
        let found = with_hint("unknown variant `vok`, expected `voc` or `train_aug`");
        assert_eq!(found, "unknown variant `vok` (did you mean voc?), expected `voc` or `train_aug`");
        for plain in
            ["missing field `a`", "unknown field `zzz`, expected one of `view`, `limit`", "unknown field `"]
        {
            assert_eq!(with_hint(plain), plain);
        }
    }
}
