//! Writes a tool's output into a document, between two marks.

use anyhow::Context;
use std::path::Path;

/// Replaces the text between `<!-- NAME -->` and the next `<!-- end -->` in the file.
pub(crate) fn splice(path: &Path, name: &str, text: &str) -> anyhow::Result<()> {
    let whole = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
    let spliced = between(&whole, name, text);
    let spliced = spliced
        .with_context(|| format!("{}: no <!-- {name} --> with an <!-- end --> behind it", path.display()))?;
    std::fs::write(path, spliced).with_context(|| path.display().to_string())
}

fn between(whole: &str, name: &str, text: &str) -> Option<String> {
    let (before, rest) = whole.split_once(&format!("<!-- {name} -->\n"))?;
    let (_, after) = rest.split_once("<!-- end -->")?;
    Some(format!("{before}<!-- {name} -->\n{text}<!-- end -->{after}"))
}

#[cfg(test)]
mod tests {
    use super::between;

    #[test]
    fn only_the_named_block_changes() {
        let whole = "a\n<!-- one -->\nold\n<!-- end -->\n<!-- two -->\nkeep\n<!-- end -->\nb\n";
        let wanted = "a\n<!-- one -->\nnew\n<!-- end -->\n<!-- two -->\nkeep\n<!-- end -->\nb\n";
        assert_eq!(between(whole, "one", "new\n").as_deref(), Some(wanted));
        assert_eq!(between(whole, "three", "new\n"), None);
    }
}
