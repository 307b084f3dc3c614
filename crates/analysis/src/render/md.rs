//! Text as Markdown takes it.

use super::plain::one_line;
use crate::format::percent;
use std::fmt;

/// A piece of a Markdown document. It is made of text from anywhere, which is escaped, or of markup of our own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Md(String);

impl Md {
    /// The text on one line, escaped so that it cannot end a cell, start a tag or a link, or change the type.
    pub(crate) fn text(text: &str) -> Md {
        let mut out = String::with_capacity(text.len());
        for c in one_line(text).chars() {
            match c {
                '&' => out.push_str("&amp;"),
                '<' => out.push_str("&lt;"),
                '>' => out.push_str("&gt;"),
                '|' | '\\' | '`' | '*' | '[' | ']' => {
                    out.push('\\');
                    out.push(c);
                }
                _ => out.push(c),
            }
        }
        Md(out)
    }

    /// Markup of our own.
    pub(crate) fn markup(own: &'static str) -> Md {
        Md(own.to_owned())
    }

    /// A fraction in percent with one decimal.
    pub(crate) fn percent(value: Option<f64>) -> Md {
        Md(percent(value, 1, "–"))
    }

    /// The same in bold.
    pub(crate) fn bold(self) -> Md {
        Md(format!("**{}**", self.0))
    }

    /// This and then that.
    pub(crate) fn then(self, more: &Md) -> Md {
        Md(self.0 + &more.0)
    }
}

impl fmt::Display for Md {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_cannot_break_its_table() {
        let text = |text| Md::text(text).to_string();
        assert_eq!(text("a\nb"), "a b");
        assert_eq!(text("a|b <img src=x> *c*"), "a\\|b &lt;img src=x&gt; \\*c\\*");
        assert_eq!(text("gaussian_noise, IBE (seed 1)"), "gaussian_noise, IBE (seed 1)");
    }
}
