//! `cargo xtask results`: writes the numbers of finished runs into a page, so that no number in it was typed.
//!
//! A page says where a file of a run stands, between `<!-- results: RUN FILE ... -->` and `<!-- end -->`.

mod block;
mod csv_table;
mod curves;
mod digests;
mod figure;
mod markdown;

use crate::flags::Results;
use anyhow::{Context, bail};
use block::Block;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Name and folder of each run.
type Runs = BTreeMap<String, PathBuf>;

impl Results {
    /// Fills every block of the page whose run was given, and names those whose run was not.
    pub(crate) fn run(&self) -> anyhow::Result<()> {
        let runs = runs(&self.runs)?;
        let whole = std::fs::read_to_string(&self.page).with_context(|| self.page.display().to_string())?;
        let (text, left) = fill(&whole, &self.page, &runs)?;
        std::fs::write(&self.page, text).with_context(|| self.page.display().to_string())?;
        for block in left {
            println!("{}: left as it was, no folder given for the run `{}`", block.text(), block.run);
        }
        Ok(())
    }
}

fn runs(arguments: &[String]) -> anyhow::Result<Runs> {
    let pair = |argument: &String| {
        let (name, folder) = argument
            .split_once('=')
            .with_context(|| format!("`{argument}` is not RUN=FOLDER, such as camvid=runs/camvid-scratch"))?;
        let folder = PathBuf::from(folder);
        if !folder.is_dir() {
            bail!("{}: no such folder (expected the folder of a finished run)", folder.display());
        }
        Ok((name.to_owned(), folder))
    };
    arguments.iter().map(pair).collect()
}

/// The page with its blocks filled, and the blocks that no given run is for.
fn fill(whole: &str, page: &Path, runs: &Runs) -> anyhow::Result<(String, Vec<Block>)> {
    let (mut out, mut left) = (String::new(), Vec::new());
    let mut rest = whole;
    while let Some((before, after)) = rest.split_once("<!-- results: ") {
        let (head, after) = after.split_once(" -->\n").context("a `<!-- results:` that no ` -->` ends")?;
        let (old, after) = after.split_once("<!-- end -->").context("a block without its `<!-- end -->`")?;
        let block = Block::parse(head)?;
        out.push_str(&format!("{before}<!-- results: {head} -->\n"));
        match runs.get(&block.run) {
            Some(folder) => out.push_str(&made(&block, folder, page).with_context(|| block.text())?),
            None => {
                out.push_str(old);
                left.push(block);
            }
        }
        out.push_str("<!-- end -->");
        rest = after;
    }
    out.push_str(rest);
    Ok((out, left))
}

/// What stands in a block.
fn made(block: &Block, folder: &Path, page: &Path) -> anyhow::Result<String> {
    let path = folder.join(&block.file);
    let read = || std::fs::read_to_string(&path).with_context(|| path.display().to_string());
    match (block.file.as_str(), path.extension().and_then(|e| e.to_str())) {
        ("digests", _) => digests::digests(folder),
        ("curves", _) => curves::curves(folder),
        (_, Some("md")) => markdown::part(&read()?, block),
        (_, Some("csv")) => csv_table::table(&read()?, block),
        (_, Some("svg")) => figure::figure(block, &read()?, page),
        _ => bail!("expected digests, curves, or a file that ends in .md, .csv or .svg"),
    }
}

#[cfg(test)]
mod tests {
    use super::fill;
    use std::collections::BTreeMap;
    use std::path::Path;

    #[test]
    fn a_block_takes_its_runs_file_and_others_stay() {
        let run = tempfile::tempdir().unwrap();
        std::fs::write(run.path().join("table2.md"), "# Table 2. Both\n\n| a |\n| --: |\n| 1 |\n").unwrap();
        let page = "x\n<!-- results: one table2.md -->\nold\n<!-- end -->\ny\n<!-- results: two table2.md -->\nkeep\n<!-- end -->\n";
        let runs = BTreeMap::from([("one".to_owned(), run.path().to_owned())]);
        let (text, left) = fill(page, Path::new("page.md"), &runs).unwrap();
        assert_eq!(
            text,
            "x\n<!-- results: one table2.md -->\n\n| a |\n| --: |\n| 1 |\n\n<!-- end -->\ny\n<!-- results: two table2.md -->\nkeep\n<!-- end -->\n"
        );
        assert_eq!(left.iter().map(|b| b.run.as_str()).collect::<Vec<_>>(), ["two"]);
        let again = fill(&text, Path::new("page.md"), &runs).unwrap();
        assert_eq!(again.0, text, "filling twice changes nothing");
    }
}
