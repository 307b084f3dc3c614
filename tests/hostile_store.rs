//! A store whose every text was written by somebody who means ill: all that is made of it can be read, and nothing in it
//! does anything.

mod common;

use common::{small, succeed};
use serde_json::Value;
use std::path::Path;
use std::process::Command;

/// What each text begins with (what turns the direction of writing is refused: `crates/records/tests/hostile.rs`): it breaks lines and cells, rings, clears screens, runs in a page, a spreadsheet, or TeX.
const HOSTILE: &str = "=cmd|' /C calc'!A0\u{1b}[2J\u{7}\0\r\n# x\n|y|</title></style></svg><!--<script>document.body.dataset.ran=1</script>\
                       <img src=x onerror=\"document.body.dataset.ran=1\">]]>&\"'\\input{/etc/passwd}^^5cinput%$#_{}~\
                       [x](javascript:alert(1))`*";

fn hostile(text: &str) -> String {
    format!("{HOSTILE}{text}")
}

/// Every text of the manifest but those that are checked names, which a store cannot hold otherwise.
fn spoil(value: &mut Value, key: &str) {
    match value {
        Value::String(text) if !["id", "modes", "frost_source"].contains(&key) => *text = hostile(text),
        Value::Array(items) => items.iter_mut().for_each(|item| spoil(item, key)),
        Value::Object(fields) => fields.iter_mut().for_each(|(key, value)| spoil(value, key)),
        _ => {}
    }
}

/// Takes the checksums, as in a store that an earlier version made: who changes a row on purpose can also write its sum.
fn without_checksums(db: &rusqlite::Connection) {
    let select = "SELECT name FROM sqlite_schema WHERE type = 'table'";
    let tables: Vec<String> =
        db.prepare(select).unwrap().query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    for table in tables {
        db.execute_batch(&format!("ALTER TABLE {table} DROP COLUMN checksum")).unwrap();
    }
    db.execute_batch("PRAGMA user_version = 4").unwrap();
}

fn spoil_store(path: &Path) {
    let db = rusqlite::Connection::open(path).unwrap();
    without_checksums(&db);
    let json: String = db.query_row("SELECT json FROM manifest", [], |row| row.get(0)).unwrap();
    let mut manifest: Value = serde_json::from_str(&json).unwrap();
    spoil(&mut manifest, "");
    for field in ["recipe", "versions"] {
        let more = manifest[field].as_object_mut().unwrap();
        more.insert(hostile("key"), hostile("value").into());
    }
    db.execute("UPDATE manifest SET json = ?1", [manifest.to_string()]).unwrap();
    for (table, column) in [
        ("inputs", "image"),
        ("inputs", "sha256"),
        ("inputs", "corruption"),
        ("moments", "corruption"),
        ("cross_moments", "corruption"),
        ("pictures", "image"),
    ] {
        let spoil = format!("UPDATE {table} SET {column} = ?1 || {column} WHERE {column} <> 'clean'");
        db.execute(&spoil, [HOSTILE]).unwrap();
    }
}

/// Every file of a folder with this ending, with its text.
fn files(folder: &Path, ending: &str) -> Vec<(String, String)> {
    let all = common::tree(folder).into_iter().filter(|(name, _)| name.ends_with(ending));
    let found: Vec<_> = all.map(|(name, bytes)| (name, String::from_utf8(bytes).unwrap())).collect();
    assert!(!found.is_empty(), "no {ending}");
    found
}

#[test]
fn nothing_that_a_store_says_does_anything() {
    let folder = tempfile::tempdir().unwrap();
    let assignments = ["eval.corruptions=[\"contrast\"]", "eval.severities=[3]", "eval.modes=[\"single\"]"];
    succeed(folder.path(), &small("reproduce", &assignments, &[]));
    spoil_store(&folder.path().join("runs/smoke/store.sqlite"));
    // Every figure is also parsed, by a strict parser of XML, to make its PNG.
    let said = succeed(folder.path(), &["report", "runs/smoke", "--out", "report"]);
    let report = folder.path().join("report");
    assert!(said.chars().all(|c| c == '\n' || !c.is_control()), "{said:?}");
    succeed(folder.path(), &["export", "runs/smoke", "--format", "csv", "--out", "tables"]);

    for folder in ["report", "tables"].map(|name| folder.path().join(name)) {
        files(&folder, ".csv").iter().for_each(|(name, text)| is_without_formulas(name, text));
    }
    for (name, text) in files(&report, ".md") {
        is_harmless_markdown(&name, &text);
        if name != "findings.md" {
            is_a_markdown_table(&name, &text);
        }
    }
    files(&report, ".tex").iter().for_each(|(name, text)| is_harmless_latex(name, text));
    for (name, text) in files(&report, ".svg") {
        assert!(!text.contains("<img") && !text.contains("<script") && text.contains("&lt;img"), "{name}");
    }
    let (_, page) = files(&report, ".html").remove(0);
    assert_eq!(page.matches("<script").count(), 2, "the pictures' data and the page's own");
    assert!(!page.contains("<img ") && page.contains("&lt;img src=x"));
    nothing_runs(&report.join("report.html"), folder.path());
}

fn is_without_formulas(name: &str, text: &str) {
    // The reader refuses rows of other lengths.
    for row in csv::Reader::from_reader(text.as_bytes()).records() {
        for field in &row.unwrap_or_else(|error| panic!("{name}: {error}")) {
            let formula = field.starts_with(['=', '+', '-', '@', '\t', '\r']);
            assert!(!formula || field.parse::<f64>().is_ok(), "{name}: {field:?}");
        }
    }
}

fn is_harmless_markdown(name: &str, text: &str) {
    assert!(text.contains("&lt;img src=x") && !text.contains("<img") && !text.contains("[x]("), "{name}");
    assert!(text.chars().all(|c| c == '\n' || !c.is_control()), "{name}");
    assert!(!text.lines().any(|line| line.starts_with("# x") || line.starts_with("|y|")), "{name}:\n{text}");
}

fn is_a_markdown_table(name: &str, text: &str) {
    let bars = |line: &str| line.replace("\\\\", "").replace("\\|", "").matches('|').count();
    let lines: Vec<&str> = text.lines().filter(|line| line.starts_with('|')).collect();
    assert!(lines.len() > 2 && lines.iter().all(|line| bars(line) == bars(lines[0])), "{name}:\n{text}");
    assert_eq!(text.lines().filter(|line| line.starts_with('#')).count(), 1, "{name}: one heading\n{text}");
}

fn is_harmless_latex(name: &str, text: &str) {
    assert!(text.contains("\\textbackslash{}input") && !text.contains("\\input"), "{name}");
    assert!(!text.contains("^^") && text.chars().all(|c| c == '\n' || !c.is_control()), "{name}");
    let plain = text.replace("\\{", "").replace("\\}", "");
    assert_eq!(plain.matches('{').count(), plain.matches('}').count(), "{name}");
    let columns = |line: &&str| line.ends_with("\\\\").then(|| line.replace("\\&", "").matches('&').count());
    let rows: Vec<usize> =
        text.lines().filter(|line| !line.contains("multicolumn")).filter_map(|line| columns(&line)).collect();
    assert!(rows.len() > 1 && rows.iter().all(|count| *count == rows[0]), "{name}: {rows:?}\n{text}");
}

/// Opens the page in a browser, where one is installed.
fn nothing_runs(page: &Path, folder: &Path) {
    let shown = ["chromium", "chromium-browser", "google-chrome"].iter().find_map(|browser| {
        let mut command = Command::new(browser);
        command.args(["--headless", "--no-sandbox", "--disable-gpu", "--dump-dom"]);
        command.arg(format!("--user-data-dir={}", folder.join("profile").display()));
        let out = command.arg(format!("file://{}", page.display())).output().ok()?;
        out.status.success().then(|| String::from_utf8_lossy(&out.stdout).into_owned())
    });
    let Some(shown) = shown else {
        eprintln!("skipped: no Chromium that starts is installed");
        return;
    };
    assert!(shown.contains("pick-image") && !shown.contains("data-ran"), "something ran");
}
