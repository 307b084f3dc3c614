//! A part of a CSV file as a Markdown table.

use super::block::Block;
use anyhow::{Context, bail};

/// The wanted rows and columns of the file.
pub(super) fn table(text: &str, block: &Block) -> anyhow::Result<String> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let head: Vec<String> = reader.headers()?.iter().map(str::to_owned).collect();
    let index = |name: &String| {
        let known = || format!("no column `{name}` (expected one of {})", head.join(", "));
        head.iter().position(|h| h == name).with_context(known)
    };
    let wanted: Vec<(usize, &Vec<String>)> = block
        .wanted
        .iter()
        .map(|(name, values)| Ok((index(name)?, values)))
        .collect::<anyhow::Result<_>>()?;
    let columns: Vec<usize> = match block.columns.as_slice() {
        [] => (0..head.len()).collect(),
        names => names.iter().map(index).collect::<anyhow::Result<_>>()?,
    };
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record?;
        if wanted.iter().all(|(column, values)| values.iter().any(|v| *v == record[*column])) {
            rows.push(columns.iter().map(|c| cell(&record[*c], block.round)).collect::<Vec<_>>());
        }
    }
    if rows.is_empty() {
        bail!("no row of the file is wanted");
    }
    let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    let mut out = format!("\n{}", line(columns.iter().map(|c| head[*c].clone()).collect()));
    let align = |c: &usize| {
        let numbers =
            rows.iter().all(|r| r[columns.iter().position(|x| x == c).unwrap_or(0)].parse::<f64>().is_ok());
        if numbers { "--:" } else { ":--" }.to_owned()
    };
    out.push_str(&line(columns.iter().map(align).collect()));
    rows.into_iter().for_each(|r| out.push_str(&line(r)));
    Ok(out + "\n")
}

/// A number with at most `round` decimals; other text as it is.
fn cell(text: &str, round: Option<usize>) -> String {
    let decimals = text.split_once('.').map_or(0, |(_, d)| d.len());
    match (round, text.parse::<f64>()) {
        (Some(digits), Ok(number)) if decimals > digits => format!("{number:.digits$}"),
        _ => text.replace('|', "\\|"),
    }
}

#[cfg(test)]
mod tests {
    use super::table;
    use crate::results::block::Block;

    const FILE: &str = "model,severity,miou\nA,1,12.345\nB,1,7\nA,2,3.25\n";

    #[test]
    fn rows_and_columns_are_chosen_and_numbers_rounded() {
        let block = Block::parse("r cells.csv model=A columns=miou,model round=1").unwrap();
        assert_eq!(
            table(FILE, &block).unwrap(),
            "\n| miou | model |\n| --: | :-- |\n| 12.3 | A |\n| 3.2 | A |\n\n"
        );
    }

    #[test]
    fn what_is_not_there_is_an_error() {
        let error = |head: &str| table(FILE, &Block::parse(head).unwrap()).unwrap_err().to_string();
        assert!(error("r cells.csv columns=iou").contains("expected one of model, severity, miou"));
        assert!(error("r cells.csv model=C").contains("no row"));
    }
}
