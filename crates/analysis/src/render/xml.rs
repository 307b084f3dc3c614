//! Text as XML and HTML take it, and drawings, which are made of nothing else.

use std::fmt::{self, Write};
use std::ops::Deref;

/// Text from anywhere within an element or an attribute: escaped, and without the characters that XML does not know.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Xml<'a>(pub(crate) &'a str);

impl fmt::Display for Xml<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for c in self.0.chars() {
            match c {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                '\'' => f.write_str("&#39;")?,
                c => f.write_char(if is_xml(c) { c } else { char::REPLACEMENT_CHARACTER })?,
            }
        }
        Ok(())
    }
}

/// Whether XML 1.0 has the character (its production `Char`).
pub(crate) fn is_xml(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

/// An SVG document that this crate has drawn. Nothing else becomes one, so it can be put into a page as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Drawing(String);

impl Drawing {
    /// A document of which every text went through [`Xml`], or through another program's escaping: the characters that
    /// XML does not know are replaced here.
    pub(super) fn of_escaped(svg: &str) -> Drawing {
        Drawing(svg.chars().map(|c| if is_xml(c) { c } else { char::REPLACEMENT_CHARACTER }).collect())
    }
}

impl Deref for Drawing {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_ends_an_element_or_an_attribute() {
        assert_eq!(Xml("<a b=\"c\" d='e'>&").to_string(), "&lt;a b=&quot;c&quot; d=&#39;e&#39;&gt;&amp;");
        assert_eq!(Xml("]]>--> été").to_string(), "]]&gt;--&gt; été");
    }

    #[test]
    fn what_xml_does_not_know_is_replaced() {
        assert_eq!(
            Xml("a\0b\u{7}c\u{1b}[31m\u{fffe}\n").to_string(),
            "a\u{fffd}b\u{fffd}c\u{fffd}[31m\u{fffd}\n"
        );
        assert_eq!(&*Drawing::of_escaped("<svg>\u{8}</svg>"), "<svg>\u{fffd}</svg>");
    }
}
