//! A run's Markdown file, for the middle of a page.

use super::block::Block;
use anyhow::bail;

/// The text without its heading, for the page has its own; with `find=TEXT,TEXT` only the lines that hold one of the
/// texts.
pub(super) fn part(text: &str, block: &Block) -> anyhow::Result<String> {
    let body = match text.split_once('\n') {
        Some((first, rest)) if first.starts_with("# ") => rest,
        _ => text,
    };
    let wanted: Vec<&String> = block.wanted.iter().filter(|w| w.0 == "find").flat_map(|w| &w.1).collect();
    if wanted.is_empty() {
        return Ok(format!("\n{}\n\n", body.trim()));
    }
    let lines: Vec<&str> = body.lines().filter(|l| wanted.iter().any(|w| l.contains(w.as_str()))).collect();
    if lines.is_empty() {
        bail!("no line of the file is wanted");
    }
    Ok(format!("\n{}\n\n", lines.join("\n")))
}

#[cfg(test)]
mod tests {
    use super::part;
    use crate::results::block::Block;

    #[test]
    fn the_heading_goes_and_lines_are_chosen() {
        let of = |head: &str| part("# Title\n\n- one fox\n- two\n", &Block::parse(head).unwrap());
        assert_eq!(of("r findings.md").unwrap(), "\n- one fox\n- two\n\n");
        assert_eq!(of("r findings.md find=one+fox").unwrap(), "\n- one fox\n\n");
        assert!(of("r findings.md find=three").is_err());
    }
}
