//! The page in a real browser, where one is installed: the picker shows pictures, tables sort, the console is silent.

mod common;

use scribe_analysis::{ReportExtra, write_report};
use std::path::Path;
use std::process::Command;

const BROWSERS: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];

/// Clicks and picks as a reader would, and leaves what it saw in the page.
const READER: &str = r##"<script>
const seen = [];
const shown = () => document.querySelectorAll("#picked img").length;
seen.push("pictures:" + shown());
const corruption = document.getElementById("pick-corruption");
corruption.value = "snow"; corruption.dispatchEvent(new Event("change"));
const severity = document.getElementById("pick-severity");
seen.push("severities:" + severity.options.length);
severity.value = "3"; severity.dispatchEvent(new Event("change"));
seen.push("alt:" + document.querySelector("#picked img").alt);
const table = document.querySelector("#table2 table");
const first = () => table.tBodies[0].rows[0].cells[0].textContent;
const button = table.querySelectorAll("thead button")[3];
seen.push("printed:" + first());
button.click(); seen.push("down:" + first());
button.click(); seen.push("up:" + first());
button.click(); seen.push("back:" + first());
const link = [...document.querySelectorAll("#table1 a.see")].find((a) => a.hash === "#see=fog:2");
link.click();
seen.push("link:" + document.querySelector("#picked img").alt + location.hash);
seen.push("scores:" + document.querySelectorAll("#picked figcaption")[2].textContent);
seen.push("legend:" + document.getElementById("legend").textContent);
document.body.dataset.seen = seen.join(" ");
</script></body>"##;

fn dump(browser: &str, page: &Path, profile: &Path) -> Option<(String, String)> {
    let out = Command::new(browser)
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr", "--dump-dom"])
        .arg(format!("--user-data-dir={}", profile.display()))
        .arg(format!("file://{}", page.display()))
        .output()
        .ok()
        .filter(|out| out.status.success())?;
    Some((
        String::from_utf8_lossy(&out.stdout).into_owned(),
        String::from_utf8_lossy(&out.stderr).into_owned(),
    ))
}

#[test]
fn the_picker_and_the_sorting_work_and_the_console_is_silent() {
    let dir = tempfile::tempdir().unwrap();
    let mut view = common::made_up();
    // A name that would swallow the page's scripts if it stood in one of them as it is.
    view.titles.insert(view.models[1].clone(), "<!--<script>".to_owned());
    write_report(dir.path(), &view, &ReportExtra { resamples: Some(60), ..ReportExtra::default() }).unwrap();
    let html = std::fs::read_to_string(dir.path().join("report.html")).unwrap();
    let page = dir.path().join("read.html");
    std::fs::write(&page, html.replacen("</body>", READER, 1)).unwrap();
    let Some((dom, log)) = BROWSERS.iter().find_map(|b| dump(b, &page, &dir.path().join("profile"))) else {
        eprintln!("skipped: no Chromium that starts is installed");
        return;
    };
    let seen = dom.split("data-seen=\"").nth(1).and_then(|s| s.split('"').next()).unwrap_or("");
    assert_eq!(
        seen,
        "pictures:5 severities:3 alt:input: 2026_000007, snow 3 printed:Baseline down:SCrIBE up:Baseline back:Baseline \
         link:input: 2026_000007, fog 2#see=fog:2 scores:Baseline, single: 17.2 % legend:backgrounddogperson",
        "{log}"
    );
    let complaints: Vec<&str> = log.lines().filter(|l| l.contains("CONSOLE")).collect();
    assert!(complaints.is_empty(), "{complaints:?}");
}
