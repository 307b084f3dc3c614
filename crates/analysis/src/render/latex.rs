//! Text as LaTeX takes it.

use super::plain::one_line;
use crate::format::percent;
use std::fmt;

/// A piece of a LaTeX document. It is made of text from anywhere, which is escaped, or of markup of our own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Latex(String);

impl Latex {
    /// The text, without what TeX would read as a command; the few characters beyond ASCII that our own notes use become
    /// commands.
    pub(crate) fn text(text: &str) -> Latex {
        let mut out = String::with_capacity(text.len());
        let mut open = false;
        for c in one_line(text).chars() {
            match c {
                '&' | '%' | '$' | '#' | '_' | '{' | '}' => {
                    out.push('\\');
                    out.push(c);
                }
                '\\' => out.push_str("\\textbackslash{}"),
                '~' => out.push_str("\\textasciitilde{}"),
                '^' => out.push_str("\\textasciicircum{}"),
                '\u{a0}' => out.push('~'),
                '–' => out.push_str("--"),
                '†' => out.push_str("$\\dagger$"),
                '"' => {
                    open = !open;
                    out.push_str(if open { "``" } else { "''" });
                }
                '<' => out.push_str("\\textless{}"),
                '>' => out.push_str("\\textgreater{}"),
                // In brackets, so that a row that begins with one is not read as an argument of the `\\` before it.
                '[' => out.push_str("{[}"),
                ']' => out.push_str("{]}"),
                _ => out.push(c),
            }
        }
        Latex(out)
    }

    /// A text that begins a row, behind the `\\` of the row before: there a `*` would be a variant of that command.
    pub(crate) fn first(text: &str) -> Latex {
        let Latex(escaped) = Latex::text(text);
        Latex(if escaped.starts_with('*') { format!("{{}}{escaped}") } else { escaped })
    }

    /// Nothing.
    pub(crate) fn empty() -> Latex {
        Latex(String::new())
    }

    /// A fraction in percent with one decimal.
    pub(crate) fn percent(value: Option<f64>) -> Latex {
        Latex(percent(value, 1, "--"))
    }

    /// The same in bold.
    pub(crate) fn bold(self) -> Latex {
        Latex(format!("\\textbf{{{}}}", self.0))
    }

    /// The same with the mark of a difference that is not established. It hangs over the column's edge, so that the
    /// digits stay in line.
    pub(crate) fn marked(self) -> Latex {
        Latex(self.0 + "\\rlap{$^{\\dagger}$}")
    }

    /// A heading over several columns.
    pub(crate) fn spanning(text: &str, columns: usize, last: bool) -> Latex {
        let end = if last { "" } else { "|" };
        Latex(format!("\\multicolumn{{{columns}}}{{c{end}}}{{{}}}", Latex::text(text)))
    }
}

impl fmt::Display for Latex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_is_a_command() {
        let text = |text| Latex::text(text).to_string();
        assert_eq!(text("50 % of a_b & {c} – \"d\""), "50 \\% of a\\_b \\& \\{c\\} -- ``d''");
        assert_eq!(text("\\input{/etc/passwd}"), "\\textbackslash{}input\\{/etc/passwd\\}");
        assert_eq!(
            text("^^5cinput a\n~[3pt]"),
            "\\textasciicircum{}\\textasciicircum{}5cinput a \\textasciitilde{}{[}3pt{]}"
        );
        assert_eq!(Latex::first("*x*").to_string(), "{}*x*");
    }
}
