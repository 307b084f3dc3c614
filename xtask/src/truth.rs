//! `cargo xtask truth`: counts, for each corruption, how many of the reference's hashes match, and where a Python package
//! differs when it runs as it is installed.

use crate::flags::Truth;
use crate::splice::splice;
use anyhow::{Context, bail};
use std::collections::BTreeMap;
use std::path::Path;
use xshell::{Shell, cmd};

impl Truth {
    /// Runs the truth tests, prints the table, and splices it into docs/corruptions-truth.md.
    pub(crate) fn run(&self, shell: &Shell) -> anyhow::Result<()> {
        if let Some(frost) = &self.frost {
            shell.set_var("SCRIBE_FROST", std::path::absolute(frost)?);
        }
        let test = cmd!(
            shell,
            "cargo test --locked --release --workspace --test truth -- --nocapture --test-threads 1"
        );
        let output = test.quiet().ignore_status().output()?;
        let text = String::from_utf8_lossy(&output.stderr);
        let rows = rows(&text);
        if rows.is_empty() {
            bail!("the truth tests printed no row:\n{text}");
        }
        let table = render(&rows);
        print!("{table}");
        if !output.status.success() {
            bail!("not all rows match:\n{text}");
        }
        if self.frost.is_some() {
            let document = shell.current_dir().join("docs/corruptions-truth.md");
            splice(&document, "truth", &table).context("the table is not in its document")?;
        }
        self.python.as_deref().map_or(Ok(()), |python| differences(shell, python))
    }
}

/// Counts the differences from the package as it is installed, and splices their table into the document.
fn differences(shell: &Shell, python: &Path) -> anyhow::Result<()> {
    cmd!(shell, "cargo build --locked --release --workspace --bin scribe").quiet().run()?;
    let script = "crates/corruptions/tests/reference/count_differences.py";
    // Python must not leave compiled files beside the script.
    let table = cmd!(shell, "{python} -B {script} --scribe target/release/scribe").quiet().read()?;
    println!("{table}");
    let document = shell.current_dir().join("docs/corruptions-truth.md");
    splice(&document, "differences", &(table + "\n")).context("the table is not in its document")
}

/// Matched and all rows of each corruption, by suite. A line ends in `SUITE CORRUPTION MATCHED/ALL`.
fn rows(text: &str) -> BTreeMap<(String, String), (u32, u32)> {
    let mut rows = BTreeMap::<_, (u32, u32)>::new();
    for line in text.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        let [.., suite, corruption, counts] = words.as_slice() else { continue };
        let Some((matched, all)) = counts.split_once('/') else { continue };
        let (Ok(matched), Ok(all)) = (matched.parse::<u32>(), all.parse::<u32>()) else { continue };
        let row = rows.entry(((*corruption).to_string(), (*suite).to_string())).or_default();
        *row = (row.0 + matched, row.1 + all);
    }
    rows
}

fn render(rows: &BTreeMap<(String, String), (u32, u32)>) -> String {
    let suites = ["imagecorruptions", "imagenet_c"];
    let cell = |corruption: &str, suite: &str| {
        let found = rows.get(&(corruption.to_string(), suite.to_string()));
        found.map_or("-".to_string(), |(matched, all)| format!("{matched} / {all}"))
    };
    let mut names: Vec<&str> = rows.keys().map(|(corruption, _)| corruption.as_str()).collect();
    names.dedup();
    let mut text = format!("| corruption | {} | {} |\n| :-- | --: | --: |\n", suites[0], suites[1]);
    for name in names {
        text += &format!("| {name} | {} | {} |\n", cell(name, suites[0]), cell(name, suites[1]));
    }
    let sum = |suite: &str| {
        let of_suite = rows.iter().filter(|((_, s), _)| s == suite);
        of_suite.fold((0, 0), |sum, (_, row)| (sum.0 + row.0, sum.1 + row.1))
    };
    let [a, b] = suites.map(sum);
    text + &format!("| **all** | {} / {} | {} / {} |\n", a.0, a.1, b.0, b.1)
}

#[cfg(test)]
mod tests {
    #[test]
    fn rows_of_one_corruption_are_added() {
        let text = "test a_test ... imagecorruptions fog 50/50\nimagecorruptions  fog  14/15\nimagenet_c fog 10/10\ntest x ... ok\n";
        let table = super::render(&super::rows(text));
        assert!(table.contains("| fog | 64 / 65 | 10 / 10 |\n| **all** | 64 / 65 | 10 / 10 |"), "{table}");
    }
}
