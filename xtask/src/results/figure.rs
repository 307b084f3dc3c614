//! A run's figure, copied beside the page.

use super::block::Block;
use anyhow::{Context, bail};
use std::path::Path;

/// Copies the figure to PAGE-RUN-FILE beside the page, and shows it there.
///
/// Figure 6 shows pictures of the data set, which may not be passed on, so it is refused.
pub(super) fn figure(block: &Block, svg: &str, page: &Path) -> anyhow::Result<String> {
    if svg.contains("<image") {
        bail!("this figure shows pictures of the data set, which a page must not pass on");
    }
    let stem = page.file_stem().context("the page has no name")?.to_string_lossy();
    let name = format!("{stem}-{}-{}", block.run, block.file);
    std::fs::write(page.with_file_name(&name), svg).with_context(|| name.clone())?;
    let title = block.file.trim_end_matches(".svg");
    Ok(format!("\n![{title} of the run {}]({name})\n\n", block.run))
}
