//! Layouts: templates, lists, and each thing that can be wrong with them.

mod masks;

use masks::grey;
use scribe_dataset::image::{Rgb, RgbImage};
use scribe_dataset::{
    Classes, Error, FileSplit, Layout, LayoutError, Split, Template, check_dataset, write_png,
};
use std::fs;
use std::path::Path;
use std::sync::Arc;

/// A picture of 4x3 pixels at `path` below `root`.
fn picture(root: &Path, path: &str) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    write_png(&path, &RgbImage::from_pixel(4, 3, Rgb([9, 9, 9]))).unwrap();
}

/// A label map of one value.
fn label(root: &Path, path: &str, value: u8) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, grey(&[value; 12], 4)).unwrap();
}

fn layout(pictures: &str, labels: &str, list: Option<&str>) -> Layout {
    let template = |text: &str| Some(Template::new(text).unwrap());
    Layout { pictures: template(pictures), labels: template(labels), list: list.map(Into::into) }
}

fn cityscapes(list: Option<&str>) -> Layout {
    layout("leftImg8bit/val/{id}_leftImg8bit.png", "gtFine/val/{id}_gtFine_labelIds.png", list)
}

fn preset(name: &str) -> Arc<Classes> {
    Arc::new(Classes::preset(name).unwrap())
}

fn ids(split: &FileSplit) -> Vec<&str> {
    split.ids().iter().map(|id| id.as_str()).collect()
}

/// Two cities with three pictures, the label maps with ids of Cityscapes (24 is person, 7 road, 4 ignored).
fn small_cityscapes() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (id, value) in [("ulm/ulm_1", 24), ("ulm/ulm_0", 7), ("bonn/bonn_0", 4)] {
        picture(dir.path(), &format!("leftImg8bit/val/{id}_leftImg8bit.png"));
        label(dir.path(), &format!("gtFine/val/{id}_gtFine_labelIds.png"), value);
        label(dir.path(), &format!("gtFine/val/{id}_gtFine_instanceIds.png"), 0);
    }
    dir
}

#[test]
fn every_match_is_taken_in_the_order_of_the_ids() {
    let dir = small_cityscapes();
    let split = cityscapes(None).open(dir.path(), preset("cityscapes")).unwrap();
    assert_eq!(ids(&split), ["bonn/bonn_0", "ulm/ulm_0", "ulm/ulm_1"]);
    // 24 is person, class 11 of 19; 7 is road, class 0; 4 (static) is ignored.
    let first = |k: usize| split.load(&split.ids()[k]).unwrap().label.into_raw()[0];
    assert_eq!([first(0), first(1), first(2)], [255, 0, 11]);
    assert_eq!(split.load_picture(&split.ids()[1]).unwrap().dimensions(), (4, 3));
}

#[test]
fn a_list_chooses_by_id_or_by_pair() {
    let dir = small_cityscapes();
    fs::write(dir.path().join("ids.txt"), "ulm/ulm_1\n\nbonn/bonn_0\nulm/ulm_1\n").unwrap();
    let split = cityscapes(Some("ids.txt")).open(dir.path(), preset("cityscapes")).unwrap();
    assert_eq!(ids(&split), ["ulm/ulm_1", "bonn/bonn_0"]);
    assert_eq!(split.repeated(), &split.ids()[..1], "the line that names an image again");
    let warnings = check_dataset(&split, &|_, _| {}).warnings();
    let said = |warning: &String| {
        warning.starts_with("1 of the list's lines name an image again") && warning.ends_with("ulm/ulm_1)")
    };
    assert!(warnings.iter().any(said), "{warnings:?}");
    let pair = "leftImg8bit/val/ulm/ulm_0_leftImg8bit.png gtFine/val/ulm/ulm_1_gtFine_labelIds.png\n";
    fs::write(dir.path().join("pairs.txt"), pair).unwrap();
    let split = cityscapes(Some("pairs.txt")).open(dir.path(), preset("cityscapes")).unwrap();
    assert_eq!(ids(&split), ["ulm/ulm_0"]);
    assert_eq!(split.load(&split.ids()[0]).unwrap().label.into_raw()[0], 11, "the label map of the pair");
    let bare = Layout { list: Some("pairs.txt".into()), ..Layout::default() };
    let split = bare.open(dir.path(), preset("cityscapes")).unwrap();
    assert_eq!(ids(&split), ["leftImg8bit/val/ulm/ulm_0_leftImg8bit"]);
}

#[test]
fn a_second_label_map_of_one_picture_is_refused() {
    let dir = small_cityscapes();
    let line = |label: &str| {
        format!("leftImg8bit/val/ulm/ulm_0_leftImg8bit.png gtFine/val/ulm/{label}_gtFine_labelIds.png\n")
    };
    fs::write(dir.path().join("pairs.txt"), line("ulm_0") + &line("ulm_1")).unwrap();
    let error = refused(&cityscapes(Some("pairs.txt")), dir.path());
    assert!(matches!(error, Error::Layout(LayoutError::TwoLabels { line: 2, .. })), "{error}");
    let text = error.to_string();
    assert!(
        text.contains("pairs.txt line 2") && text.contains("ulm_0_gtFine") && text.contains("ulm_1_gtFine"),
        "{text}"
    );
}

#[test]
fn label_maps_beside_their_pictures_are_no_pictures() {
    let dir = tempfile::tempdir().unwrap();
    for id in ["a", "b"] {
        picture(dir.path(), &format!("x/{id}.png"));
        label(dir.path(), &format!("x/{id}_mask.png"), 7);
    }
    for (pictures, labels) in [("x/{id}.png", "x/{id}_mask.png"), ("x/{id}_mask.png", "x/{id}.png")] {
        let layout = layout(pictures, labels, None);
        assert_eq!(ids(&layout.open(dir.path(), preset("cityscapes")).unwrap()), ["a", "b"]);
        let unchecked = layout.open_unchecked(dir.path(), preset("cityscapes")).unwrap();
        assert!(unchecked.orphans().is_empty(), "{:?}", unchecked.orphans());
    }
}

#[test]
fn reduce_zero_is_a_mapping() {
    let dir = tempfile::tempdir().unwrap();
    for (id, value) in [("ADE_val_00000001", 1), ("ADE_val_00000002", 150), ("ADE_val_00000003", 0)] {
        picture(dir.path(), &format!("images/validation/{id}.jpg"));
        label(dir.path(), &format!("annotations/validation/{id}.png"), value);
    }
    let ade = layout("images/validation/{id}.jpg", "annotations/validation/{id}.png", None);
    let split = ade.open(dir.path(), preset("ade20k")).unwrap();
    let first = |k: usize| split.load(&split.ids()[k]).unwrap().label.into_raw()[0];
    // 1 (wall) becomes class 0 and 150 (flag) class 149; 0 is unlabelled.
    assert_eq!([first(0), first(1), first(2)], [0, 149, 255]);
}

fn refused(layout: &Layout, root: &Path) -> Error {
    layout.open(root, preset("cityscapes")).unwrap_err()
}

#[test]
fn a_template_that_fits_nothing_says_where_it_looked() {
    let dir = small_cityscapes();
    let error = refused(&layout("leftImg8bit/val/{id}.jpg", "gtFine/val/{id}.png", None), dir.path());
    assert!(matches!(error, Error::Layout(LayoutError::NothingFits { .. })), "{error}");
    let error = error.to_string();
    assert!(error.contains("\"leftImg8bit/val/{id}.jpg\": no file below"), "{error}");
    assert!(error.contains("leftImg8bit/val/bonn/bonn_0_leftImg8bit.png, for example"), "{error}");
    let error = refused(&layout("images/{id}.png", "gtFine/val/{id}.png", None), dir.path()).to_string();
    assert!(error.contains("images: no such folder") && error.contains("images/{id}.png"), "{error}");
    let error = refused(&cityscapes(None), &dir.path().join("nowhere")).to_string();
    assert!(error.contains("nowhere: no such folder"), "{error}");
}

#[test]
fn a_picture_without_a_label_names_the_nearest_file() {
    let dir = small_cityscapes();
    let gone = dir.path().join("gtFine/val/ulm/ulm_0_gtFine_labelIds.png");
    fs::rename(&gone, gone.with_file_name("ulm_0_gtFine_labelIdz.png")).unwrap();
    let error = refused(&cityscapes(None), dir.path()).to_string();
    assert!(error.contains("ulm_0_gtFine_labelIds.png: no such file, but there is a picture"), "{error}");
    assert!(error.contains("similar name is ulm_0_gtFine_labelIdz.png"), "{error}");
    assert_eq!(
        cityscapes(None).open_pictures(dir.path()).unwrap().ids().len(),
        3,
        "pictures alone need no labels"
    );
}

#[test]
fn a_list_line_without_its_file_is_named() {
    let dir = small_cityscapes();
    fs::write(dir.path().join("ids.txt"), "ulm/ulm_7\n").unwrap();
    let error = refused(&cityscapes(Some("ids.txt")), dir.path()).to_string();
    assert!(
        error.contains("ulm_7_leftImg8bit.png: no such file, but image ulm/ulm_7 is listed in"),
        "{error}"
    );
    fs::write(dir.path().join("ids.txt"), "ulm/ulm_1\n../x\n").unwrap();
    let error = refused(&cityscapes(Some("ids.txt")), dir.path()).to_string();
    assert!(error.contains("ids.txt line 2") && error.contains("starts with a dot"), "{error}");
    let bare = Layout { list: Some("ids.txt".into()), ..Layout::default() };
    let error = refused(&bare, dir.path()).to_string();
    assert!(error.contains("there is no template for the pictures"), "{error}");
    fs::write(dir.path().join("ids.txt"), "\n").unwrap();
    assert!(matches!(refused(&cityscapes(Some("ids.txt")), dir.path()), Error::EmptySplit { .. }));
}

#[test]
fn two_files_of_one_id_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    picture(dir.path(), "i/a.png");
    label(dir.path(), "l/a.png", 7);
    let any = layout("i/{id}.*", "l/{id}.png", None);
    assert_eq!(ids(&any.open(dir.path(), preset("cityscapes")).unwrap()), ["a"]);
    fs::write(dir.path().join("list.txt"), "a\n").unwrap();
    let listed = layout("i/{id}.*", "l/{id}.png", Some("list.txt"));
    assert_eq!(
        listed
            .open(dir.path(), preset("cityscapes"))
            .unwrap()
            .load(&"a".parse().unwrap())
            .unwrap()
            .label
            .width(),
        4
    );
    picture(dir.path(), "i/a.jpg");
    for layout in [any, listed] {
        let error = refused(&layout, dir.path());
        assert!(matches!(error, Error::SameId { .. }), "{error}");
    }
    fs::write(dir.path().join("list.txt"), "i/a.png l/a.png\ni/a.jpg l/a.png\n").unwrap();
    let error = refused(&layout("i/{id}.*", "l/{id}.png", Some("list.txt")), dir.path());
    assert!(matches!(error, Error::SameId { .. }), "{error}");
}

#[test]
fn the_check_lists_orphans_sizes_and_values() {
    let dir = small_cityscapes();
    fs::remove_file(dir.path().join("leftImg8bit/val/ulm/ulm_1_leftImg8bit.png")).unwrap();
    fs::remove_file(dir.path().join("gtFine/val/bonn/bonn_0_gtFine_labelIds.png")).unwrap();
    label(dir.path(), "gtFine/val/ulm/ulm_0_gtFine_labelIds.png", 77);
    let split = cityscapes(None).open_unchecked(dir.path(), preset("cityscapes")).unwrap();
    let report = check_dataset(&split, &|_, _| {});
    let messages: Vec<_> = report.problems.iter().map(|problem| problem.message.as_str()).collect();
    assert_eq!(messages.len(), 2, "{messages:?}");
    assert!(messages[0].contains("bonn_0_gtFine_labelIds.png: no such file"), "{messages:?}");
    assert!(messages[1].contains("label 77 at x=0, y=0"), "{messages:?}");
    let found: Vec<_> = report.unlisted.iter().collect();
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].0.as_str(), found[0].1.images, found[0].1.pixels), ("value 77", 1, 12));
    assert_eq!(report.orphans.len(), 1);
    assert!(
        report.orphans[0].contains("ulm_1_gtFine_labelIds.png: there is no picture"),
        "{:?}",
        report.orphans
    );
}

#[test]
fn a_palette_that_contradicts_its_indices_is_warned_of() {
    let dir = tempfile::tempdir().unwrap();
    picture(dir.path(), "i/a.png");
    picture(dir.path(), "i/b.png");
    let map = scribe_dataset::image::GrayImage::from_pixel(4, 3, scribe_dataset::image::Luma([1]));
    fs::create_dir_all(dir.path().join("l")).unwrap();
    scribe_dataset::write_label_png(&dir.path().join("l/b.png"), &map).unwrap();
    // Index 1 in the colour of VOC's person (192, 128, 128), as a program writes it that sorts its palette.
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, 4, 3);
    encoder.set_color(png::ColorType::Indexed);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_palette(vec![0, 0, 0, 192, 128, 128]);
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(&[1; 12]).unwrap();
    writer.finish().unwrap();
    fs::write(dir.path().join("l/a.png"), file).unwrap();
    let split = layout("i/{id}.png", "l/{id}.png", None).open_unchecked(dir.path(), Classes::voc()).unwrap();
    let report = check_dataset(&split, &|_, _| {});
    assert!(report.is_clean());
    assert_eq!(report.palette_contradicts.len(), 1);
    assert_eq!(report.palette_contradicts[0].as_str(), "a");
    assert_eq!(report.sizes.iter().collect::<Vec<_>>(), [(&(4, 3), &2)]);
}

#[test]
fn only_the_named_extension_is_taken_and_any_case_of_a_free_one() {
    let dir = tempfile::tempdir().unwrap();
    picture(dir.path(), "i/a.b.Png");
    label(dir.path(), "l/a.b.png", 7);
    fs::write(dir.path().join("list.txt"), "a.b\n").unwrap();
    for list in [None, Some("list.txt")] {
        let any = layout("i/{id}.*", "l/{id}.png", list).open(dir.path(), preset("cityscapes")).unwrap();
        assert_eq!(ids(&any), ["a.b"]);
        assert_eq!(any.load(&any.ids()[0]).unwrap().label.into_raw()[0], 0, "7 is road, class 0");
        let error = refused(&layout("i/{id}.*", "l/{id}.jpg", list), dir.path()).to_string();
        assert!(error.contains("l/a.b.jpg: no such file") && error.contains("a.b.png"), "{error}");
    }
    let error = refused(&layout("i/{id}.jpg", "l/{id}.png", Some("list.txt")), dir.path()).to_string();
    assert!(error.contains("i/a.b.jpg: no such file") && error.contains("a.b.Png"), "{error}");
}

#[test]
fn conditions_are_checked_like_lists() {
    let dir = tempfile::tempdir().unwrap();
    for id in ["a", "b"] {
        picture(dir.path(), &format!("i/{id}.png"));
        label(dir.path(), &format!("l/{id}.png"), 7);
    }
    picture(dir.path(), "fog/a.png");
    let test = layout("i/{id}.png", "l/{id}.png", None).open(dir.path(), preset("cityscapes")).unwrap();
    let fog = |folder: &str| {
        let template = Template::new(&format!("{folder}/{{id}}.png")).unwrap();
        test.with_pictures_unchecked(dir.path(), test.ids(), &template, None)
    };
    let report = check_dataset(&fog("fog").unwrap(), &|_, _| {});
    assert_eq!(report.problems.len(), 1);
    assert!(report.problems[0].message.contains("fog/b.png: no such file"), "{:?}", report.problems);
    assert!(matches!(fog("rain").unwrap_err(), Error::MissingFolder { .. }));
}
