//! Panels of a store whose images do not belong together are refused by name, those that would cost much are left out and
//! counted, and others are drawn.

mod common;

use image::{DynamicImage, GrayImage, ImageFormat, RgbImage};
use scribe_analysis::{ReportExtra, load, write_report};
use scribe_records::{
    Condition, Confusion, Input, Manifest, Mode, ModelId, ModelInfo, PanelPictures, Series, SparseConfusion,
    Store, Unit,
};
use std::io::Cursor;

/// The beginning of a PNG file, which is all that is looked at before one is decoded: 8 bits, grey or RGB.
fn header(width: u32, height: u32, colour: u8) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
    [width, height].iter().for_each(|side| bytes.extend(side.to_be_bytes()));
    bytes.extend([8, colour, 0, 0, 0]);
    bytes
}

/// What loading a store with one image of six pixels says, of which this is the panel, with the prediction of so many
/// models.
fn said(picture: Vec<u8>, label: Vec<u8>, prediction: Vec<u8>, models: usize) -> String {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(Store::FILE_NAME);
    let ids = ["net", "net2", "net3"].map(|id| id.parse().unwrap());
    let named = ids.each_ref().map(|id: &ModelId| ModelInfo::new(id.clone(), id.as_str()));
    let manifest = Manifest::new(["background", "cat"]).models(named.to_vec()).images(["a"]);
    let mut confusion = Confusion::new(2);
    confusion.add(&[0, 0, 0, 1, 1, 255], &[0, 1, 0, 1, 1, 0]).unwrap();
    let series = ids.map(|id| Series::new(id, 0, Mode::single()));
    let input =
        Input { image_id: "a".into(), condition: Condition::clean(), seed: 0, sha256: "0".repeat(64) };
    let mut unit = Unit::new(input);
    let counts = SparseConfusion::try_from(&confusion).unwrap();
    unit.confusions.extend(series.iter().map(|series| (series.clone(), counts.clone())));
    let good = header(3, 2, 0);
    let predictions = series.into_iter().take(models).map(|series| (series, good.clone())).collect();
    unit.panel = Some(PanelPictures { picture: good.clone(), label: good, predictions });
    let mut store = Store::create(&path, &manifest).unwrap();
    store.commit(&unit).unwrap();
    // A store itself takes no panel that does not fit; another program may write any.
    let db = rusqlite::Connection::open(&path).unwrap();
    db.execute("UPDATE panels SET picture = ?1, label = ?2", [picture, label]).unwrap();
    db.execute("UPDATE panel_predictions SET prediction = ?1", [prediction]).unwrap();
    let said = load(&store).map_or_else(
        |error| error.to_string(),
        |view| format!("{} panel, {} left out", view.panels.len(), view.panels_left_out),
    );
    said.replace(&path.display().to_string(), "STORE")
}

#[test]
fn panels_that_do_not_belong_together_are_named() {
    let (rgb, grey) = (header(3, 2, 2), header(3, 2, 0));
    assert_eq!(said(rgb.clone(), grey.clone(), grey.clone(), 1), "1 panel, 0 left out");
    // A loop in Python may keep the picture at its own size.
    assert_eq!(said(header(30, 20, 2), grey.clone(), grey.clone(), 1), "1 panel, 0 left out");
    for ([picture, label, prediction], expected) in [
        (
            [rgb.clone(), header(0, 2, 0), grey.clone()],
            "its label map: its size is 0x2 (expected sides from 1)",
        ),
        ([rgb.clone(), header(3, 2, 6), grey.clone()], "its label map: it has 8 bits, colour type 6"),
        (
            [rgb.clone(), grey.clone(), header(2, 3, 0)],
            "the prediction of net (seed 0, single) is 2x3, the label map 3x2",
        ),
        // 5 of the 6 pixels have a label.
        (
            [rgb, header(2, 2, 0), header(2, 2, 0)],
            "5 pixels of net (seed 0, single) are counted, its label map has 4",
        ),
    ] {
        let said = said(picture, label, prediction, 1);
        assert!(said.starts_with("STORE: the panel of image a clean: ") && said.contains(expected), "{said}");
    }
}

#[test]
fn panels_that_cost_much_are_left_out_and_counted() {
    let large = [4096, 4096];
    for ([picture, label, prediction], expected) in [
        // 3 x 1500 x 1500 pixels, as an evaluation of one flat picture keeps them.
        ([[1500, 1500]; 3], "1 panel, 0 left out"),
        // 4096 x 4096 = 2^24, the largest image of a small file.
        ([large; 3], "1 panel, 0 left out"),
        ([[4096, 4097], [3, 2], [3, 2]], "0 panel, 1 left out"),
        ([[5000, 5000]; 3], "0 panel, 1 left out"),
        ([[70_000, 10], [3, 2], [3, 2]], "0 panel, 1 left out"),
        ([[3, 2], [1, 70_000], [1, 70_000]], "0 panel, 1 left out"),
        ([[3, 2], [u32::MAX; 2], [3, 2]], "0 panel, 1 left out"),
        ([[3, 2], [3, 2], [3, 70_000]], "0 panel, 1 left out"),
    ] {
        let [picture, label, prediction] =
            [(picture, 2), (label, 0), (prediction, 0)].map(|([w, h], colour)| header(w, h, colour));
        assert_eq!(said(picture, label, prediction, 1), expected);
    }
    // 4 x 2^24 pixels are all that a small store may have.
    let [rgb, map] = [2, 0].map(|colour| header(4096, 4096, colour));
    assert_eq!(said(rgb.clone(), map.clone(), map.clone(), 2), "1 panel, 0 left out");
    assert_eq!(said(rgb, map.clone(), map, 3), "0 panel, 1 left out");
}

#[test]
fn a_page_says_how_many_pictures_are_left_out() {
    let page = |left_out: usize, panels: bool| {
        let mut view = common::made_up();
        view.panels_left_out = left_out;
        if !panels {
            view.panels.clear();
        }
        let dir = tempfile::tempdir().unwrap();
        let extra = ReportExtra { resamples: Some(60), ..ReportExtra::default() };
        write_report(dir.path(), &view, &extra).unwrap();
        std::fs::read_to_string(dir.path().join("report.html")).unwrap()
    };
    let note = "stored pictures were left out of this section and of Figure 6, because of their size";
    let (none, some, all) = (page(0, true), page(3, true), page(3, false));
    assert!(!none.contains(note));
    assert!(some.contains(&format!("3 {note}")) && some.contains("id=\"panels\""));
    assert!(all.contains(&format!("3 {note}")) && !all.contains("id=\"panels\""));
}

#[test]
fn the_longest_panels_that_are_taken_are_drawn() {
    let png = |image: DynamicImage| {
        let mut file = Cursor::new(Vec::new());
        image.write_to(&mut file, ImageFormat::Png).unwrap();
        file.into_inner()
    };
    for (width, height) in [(65_535, 1), (1, 65_535)] {
        let mut view = common::made_up();
        let map = png(GrayImage::new(width, height).into());
        for panel in &mut view.panels {
            panel.input = png(RgbImage::new(width, height).into());
            panel.label.clone_from(&map);
            panel.predictions.values_mut().for_each(|prediction| prediction.clone_from(&map));
        }
        let dir = tempfile::tempdir().unwrap();
        write_report(dir.path(), &view, &ReportExtra { resamples: Some(60), ..ReportExtra::default() })
            .unwrap();
        assert!(dir.path().join("fig6.png").is_file(), "{width}x{height}");
    }
}
