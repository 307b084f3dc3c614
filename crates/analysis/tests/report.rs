//! The whole report of a made-up view: every file, the same bytes twice, well-formed pictures, every section.

mod common;

use scribe_analysis::{Curve, ReportExtra, View, contents, terminal, write_report};
use std::collections::BTreeMap;
use std::path::Path;

/// Every file of the report of a view that holds everything.
const FILES: [&str; 30] = [
    "cells.csv",
    "classes.csv",
    "conventions.csv",
    "correlations.csv",
    "corruption-error.csv",
    "corruption-error.md",
    "corruption-error.tex",
    "differences.csv",
    "dimensions.png",
    "dimensions.svg",
    "fig3.png",
    "fig3.svg",
    "fig4.png",
    "fig4.svg",
    "fig5.png",
    "fig5.svg",
    "fig6.png",
    "fig6.svg",
    "findings.md",
    "measures.csv",
    "modes.csv",
    "reliability.png",
    "reliability.svg",
    "report.html",
    "table1.csv",
    "table1.md",
    "table1.tex",
    "table2.csv",
    "table2.md",
    "table2.tex",
];

fn extra() -> ReportExtra {
    ReportExtra {
        losses: vec![Curve {
            name: "SCrIBE".to_owned(),
            points: vec![(0.0, 2.0), (10.0, f64::NAN), (20.0, 1.0)],
        }],
        notes: vec!["A note with <markup> & \"quotes\".".to_owned()],
        durations: vec![("training".to_owned(), 75.0)],
        commands: vec!["scribe report runs/x".to_owned()],
        ..quick()
    }
}

/// Few resamples: these tests look at what is written and not at how wide an interval is.
fn quick() -> ReportExtra {
    ReportExtra { resamples: Some(60), ..ReportExtra::default() }
}

fn written(view: &View, dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let files = write_report(dir, view, &extra()).unwrap();
    let name = |p: &Path| p.file_name().unwrap().to_string_lossy().into_owned();
    files.iter().map(|p| (name(p), std::fs::read(p).unwrap())).collect()
}

#[test]
fn every_file_is_there_and_the_same_bytes_come_twice() {
    let view = common::made_up();
    let (a, b) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let first = written(&view, a.path());
    let names: Vec<&str> = first.keys().map(String::as_str).collect();
    assert_eq!(names, FILES);
    assert!(first == written(&view, b.path()), "the second report differs");
    let left: Vec<_> = std::fs::read_dir(a.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(left.len(), FILES.len(), "temporary files were left: {left:?}");
    drawings_are_well_formed(&first);
    pictures_hold_text(&first);
}

fn drawings_are_well_formed(files: &BTreeMap<String, Vec<u8>>) {
    for (name, bytes) in files.iter().filter(|(n, _)| n.ends_with(".svg")) {
        let svg = std::str::from_utf8(bytes).unwrap();
        let tree = resvg::usvg::Tree::from_str(svg, &resvg::usvg::Options::default());
        assert!(tree.is_ok(), "{name}: {:?}", tree.err());
        assert!(svg.contains("<title>") && !svg.contains("NaN"), "{name}");
    }
}

fn pictures_hold_text(files: &BTreeMap<String, Vec<u8>>) {
    for (name, bytes) in files.iter().filter(|(n, _)| n.ends_with(".png")) {
        let picture = image::load_from_memory(bytes).unwrap().to_rgb8();
        let dark = picture.pixels().filter(|p| p.0.iter().all(|v| *v < 90)).count();
        assert!(picture.width() > 700 && dark > 200, "{name}: {dark} dark pixels: is there text?");
    }
}

/// The ids of the page's sections.
const SECTIONS: [&str; 21] = [
    "summary",
    "table2",
    "gaps",
    "table1",
    "figures",
    "relative",
    "conventions",
    "pictures",
    "classes",
    "fig3",
    "fig4",
    "fig5",
    "fig6",
    "structure",
    "calibration",
    "dimensions",
    "reliability",
    "errors",
    "training",
    "paper",
    "reproduce",
];

/// Parts of sentences that the page says of this run.
const TEXTS: [&str; 7] = [
    "28 of 45 printed means",
    "frost-procedural/1",
    "random weights",
    "generated",
    "1 min 15 s",
    "runs/x",
    "SHA-256",
];

#[test]
fn the_page_holds_every_section_and_needs_no_network() {
    let view = common::made_up();
    let dir = tempfile::tempdir().unwrap();
    let page = String::from_utf8(written(&view, dir.path())["report.html"].clone()).unwrap();
    for id in SECTIONS {
        assert!(page.contains(&format!("id=\"{id}\"")), "no {id}");
    }
    for text in TEXTS {
        assert!(page.contains(text), "no {text}");
    }
    assert!(page.contains("A note with &lt;markup&gt; &amp; &quot;quotes&quot;."));
    let outside = page.replace("http://www.w3.org/2000/svg", "");
    assert!(!outside.contains("http://") && !outside.contains("https://") && !outside.contains("src=\"/"));
    assert_eq!(page.matches("<section").count(), page.matches("</section>").count());
}

#[test]
fn without_moments_and_panels_the_report_is_smaller_and_whole() {
    let mut view = common::made_up();
    view.moments.clear();
    view.sums.clear();
    view.panels.clear();
    let dir = tempfile::tempdir().unwrap();
    let files = written(&view, dir.path());
    assert!(
        files.contains_key("fig5.svg") && !files.contains_key("fig3.svg") && !files.contains_key("fig6.png")
    );
    let nothing = View::new(&["background", "cat"], &[]);
    let empty = written(&nothing, &dir.path().join("empty"));
    assert!(empty.contains_key("report.html") && !empty.contains_key("fig5.svg"));
}

#[test]
fn the_terminal_gets_both_tables() {
    let text = terminal(&contents(&common::made_up(), &quick()).unwrap());
    assert!(text.contains("Table 1.") && text.contains("Table 2.") && text.contains("SCrIBE"));
    assert!(text.lines().filter(|l| !l.starts_with('*')).all(|l| l.chars().count() < 160), "{text}");
}

#[test]
fn several_training_seeds_are_shown_with_their_spread() {
    let mut view = common::made_up();
    let first = view.models[0].clone();
    let own = view.per_image.iter().filter(|(c, _)| c.series.model == first);
    let own: Vec<_> = own.map(|(c, v)| (c.clone(), v.clone())).collect();
    for (mut cell, pictures) in own {
        cell.series.seed = 7;
        for (image, confusion) in pictures {
            view.insert(&cell, (image + 3) % common::PICTURES, confusion).unwrap();
        }
    }
    let dir = tempfile::tempdir().unwrap();
    let files = written(&view, dir.path());
    let page = String::from_utf8_lossy(&files["report.html"]);
    assert!(
        page.contains("<h3>Training seeds</h3>") && page.contains("resamples of pictures and training seeds")
    );
    let cells = String::from_utf8_lossy(&files["cells.csv"]);
    let line = cells.lines().find(|l| l.starts_with("Baseline,baseline,single,clean,0,")).unwrap();
    // The second seed saw the same counts in another order of pictures: two seeds, no spread.
    assert!(line.contains(",2,0.000,"), "{line}");
}

/// "<!--<script" in a script element swallows what follows it, so no name may bring a "<" into one, into a figure or into a page.
#[test]
fn names_end_no_script_and_open_no_element() {
    let mut view = common::made_up();
    let name = "<!--<script>\"</style>&";
    view.titles.insert(view.models[1].clone(), name.to_owned());
    view.classes[12] = "</svg><b>".to_owned();
    view.panels.iter_mut().for_each(|p| p.image = "</script>".to_owned());
    view.images[7] = "</script>".to_owned();
    let dir = tempfile::tempdir().unwrap();
    let files = written(&view, dir.path());
    let page = String::from_utf8_lossy(&files["report.html"]).into_owned();
    let data = page.split("id=\"panels\">").nth(1).unwrap().split("</script>").next().unwrap();
    assert!(!data.contains('<') && data.contains("\\u003c!--\\u003cscript>"), "{}", &data[..200]);
    assert_eq!(page.matches("<script").count(), 2, "the data and the page's own");
    assert_eq!(page.matches("</style>").count(), 1);
    for (file, bytes) in files.iter().filter(|(n, _)| n.ends_with(".svg")) {
        let svg = String::from_utf8_lossy(bytes);
        assert!(!svg.contains("<!--") && !svg.contains("<b>") && !svg.contains("<script"), "{file}");
        assert_eq!(svg.matches("</svg>").count(), 1, "{file}");
    }
}
