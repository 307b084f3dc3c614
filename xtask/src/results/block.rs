//! The head of a block: `RUN FILE [COLUMN=VALUE,VALUE ...] [columns=A,B,...] [round=DIGITS]`.

use anyhow::Context;

/// Which file of which run stands in a block, and which part of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Block {
    head: String,
    /// The run's name, as the command line gives its folder.
    pub(super) run: String,
    /// A file of the run's folder, or `digests` or `curves`.
    pub(super) file: String,
    /// Of a CSV file: only rows whose column holds one of these values. Of a Markdown file, with the name `find`: only
    /// lines that hold one of them.
    pub(super) wanted: Vec<(String, Vec<String>)>,
    /// Of a CSV file: the columns to show, in this order; all where it is empty.
    pub(super) columns: Vec<String>,
    /// Of a CSV file: the decimals of numbers, where they have more.
    pub(super) round: Option<usize>,
}

impl Block {
    /// Reads a head. Values with blanks are written with `+` in the blank's place.
    pub(super) fn parse(head: &str) -> anyhow::Result<Block> {
        let mut words = head.split_whitespace();
        let mut next = |what: &str| {
            words.next().map(str::to_owned).with_context(|| format!("`{head}`: expected {what}"))
        };
        let (run, file) = (next("the run's name")?, next("a file of the run")?);
        let mut block =
            Block { head: head.to_owned(), run, file, wanted: vec![], columns: vec![], round: None };
        for word in words {
            let (key, values) =
                word.split_once('=').with_context(|| format!("`{word}` is not COLUMN=VALUE"))?;
            let values: Vec<String> = values.split(',').map(|v| v.replace('+', " ")).collect();
            match key {
                "columns" => block.columns = values,
                "round" => {
                    block.round = Some(values[0].parse().with_context(|| format!("`{word}`"))?);
                }
                column => block.wanted.push((column.to_owned(), values)),
            }
        }
        Ok(block)
    }

    /// The head as the page has it.
    pub(super) fn text(&self) -> String {
        format!("<!-- results: {} -->", self.head)
    }
}

#[cfg(test)]
mod tests {
    use super::Block;

    #[test]
    fn a_head_names_rows_and_columns() {
        let b = Block::parse("camvid differences.csv quantity=group+Noise,rpc columns=a,b round=1").unwrap();
        assert_eq!((b.run.as_str(), b.file.as_str()), ("camvid", "differences.csv"));
        assert_eq!(b.wanted, [("quantity".to_owned(), vec!["group Noise".to_owned(), "rpc".to_owned()])]);
        assert_eq!(b.columns, ["a", "b"]);
        assert_eq!(b.round, Some(1));
        assert!(Block::parse("camvid").is_err());
        assert!(Block::parse("camvid x.csv word").is_err());
    }
}
