//! Panels of a store whose images would cost much, or do not belong together, are refused by name; others are drawn.

mod common;

use image::{DynamicImage, GrayImage, ImageFormat, RgbImage};
use scribe_analysis::{ReportExtra, load, write_report};
use scribe_records::{
    Condition, Confusion, Input, Manifest, Mode, ModelInfo, PanelPictures, Series, SparseConfusion, Store,
    Unit,
};
use std::io::Cursor;

/// The beginning of a PNG file, which is all that is looked at before one is decoded: 8 bits, grey or RGB.
fn header(width: u32, height: u32, colour: u8) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
    [width, height].iter().for_each(|side| bytes.extend(side.to_be_bytes()));
    bytes.extend([8, colour, 0, 0, 0]);
    bytes
}

/// What loading a store with one image of six pixels says, of which this is the panel.
fn said(picture: Vec<u8>, label: Vec<u8>, prediction: Vec<u8>) -> String {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(Store::FILE_NAME);
    let model = ModelInfo::new("net".parse().unwrap(), "Net");
    let manifest = Manifest::new(["background", "cat"]).models(vec![model]).images(["a"]);
    let mut confusion = Confusion::new(2);
    confusion.add(&[0, 0, 0, 1, 1, 255], &[0, 1, 0, 1, 1, 0]).unwrap();
    let series = Series::new("net".parse().unwrap(), 0, Mode::single());
    let input =
        Input { image_id: "a".into(), condition: Condition::clean(), seed: 0, sha256: "0".repeat(64) };
    let mut unit = Unit::new(input);
    unit.confusions.push((series.clone(), SparseConfusion::try_from(&confusion).unwrap()));
    let good = header(3, 2, 0);
    unit.panel =
        Some(PanelPictures { picture: good.clone(), label: good.clone(), predictions: vec![(series, good)] });
    let mut store = Store::create(&path, &manifest).unwrap();
    store.commit(&unit).unwrap();
    // A store itself takes no panel that does not fit; another program may write any.
    let db = rusqlite::Connection::open(&path).unwrap();
    db.execute("UPDATE panels SET picture = ?1, label = ?2", [picture, label]).unwrap();
    db.execute("UPDATE panel_predictions SET prediction = ?1", [prediction]).unwrap();
    let said =
        load(&store).map_or_else(|error| error.to_string(), |view| format!("{} panel", view.panels.len()));
    said.replace(&path.display().to_string(), "STORE")
}

#[test]
fn panels_that_cost_much_or_do_not_belong_together_are_named() {
    let (rgb, grey) = (header(3, 2, 2), header(3, 2, 0));
    assert_eq!(said(rgb.clone(), grey.clone(), grey.clone()), "1 panel");
    // A loop in Python may keep the picture at its own size.
    assert_eq!(said(header(30, 20, 2), grey.clone(), grey.clone()), "1 panel");
    for ([picture, label, prediction], expected) in [
        (
            [header(8_388_607, 1, 2), grey.clone(), grey.clone()],
            "its picture: its size is 8388607x1 (expected sides of 1 to 65535",
        ),
        ([rgb.clone(), header(1, 16_777_216, 0), grey.clone()], "its label map: its size is 1x16777216"),
        ([rgb.clone(), header(3, 2, 6), grey.clone()], "its label map: it has 8 bits, colour type 6"),
        (
            [rgb.clone(), grey.clone(), header(2, 3, 0)],
            "the prediction of net (seed 0, single) is 2x3, the label map 3x2",
        ),
        // 5 of the 6 pixels have a label.
        (
            [rgb.clone(), header(2, 2, 0), header(2, 2, 0)],
            "5 pixels of net (seed 0, single) are counted, its label map has 4",
        ),
        // 2 x 4096 x 2048 = 2^24, which is all that a small store may have, and then 6 more.
        (
            [rgb, header(4096, 2048, 0), header(4096, 2048, 0)],
            "a prediction: the panels have far more pixels",
        ),
    ] {
        let said = said(picture, label, prediction);
        assert!(said.starts_with("STORE: the panel of image a clean: ") && said.contains(expected), "{said}");
    }
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
