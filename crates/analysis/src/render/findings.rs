//! The report's sentences as Markdown, for a page of results.

use super::md::Md;
use crate::contents::Contents;
use crate::sentences;

/// What the numbers say, what is established, and what they do not say.
pub(crate) fn findings(c: &Contents<'_>) -> String {
    let sections = [
        ("What the numbers say", sentences::findings(c)),
        ("What is established, and what is not", sentences::established(c)),
        ("What they do not say", sentences::limits(c.view, &c.bootstrap)),
    ];
    let mut out = "# Findings\n".to_owned();
    for (title, sentences) in sections.into_iter().filter(|(_, s)| !s.is_empty()) {
        out.push_str(&format!("\n## {title}\n\n"));
        for sentence in sentences {
            out.push_str(&format!("- {}\n", Md::text(&sentence)));
        }
    }
    out
}
