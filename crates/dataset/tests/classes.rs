//! Classes: presets, classes files, and what the values and colours of label files mean.

mod masks;

use image::RgbImage;
use masks::{grey, words};
use scribe_dataset::image::{self, GrayImage, Rgb};
use scribe_dataset::{Classes, ClassesFile, Error, Meaning, read_label, write_label_png, write_png};
use std::fs;

fn file(text: &str) -> Result<ClassesFile, Error> {
    ClassesFile::parse(text, "my.toml")
}

fn error(text: &str) -> String {
    match file(text) {
        Ok(file) => Classes::new(file).unwrap_err().to_string(),
        Err(error) => error.to_string(),
    }
}

const THREE: &str = r##"
name = "yard"
ignore = [255]
ignore_colours = ["#ffffff"]
classes = [
  { name = "ground", values = [0, 3], colours = ["#000000"] },
  { name = "person", values = [1], colours = [[220, 20, 60]] },
  { name = "house", values = [40000], colour = "#0000ff" },
]
"##;

#[test]
fn presets_have_their_published_classes() {
    // The number of classes, a value and the index that it means: voc's development kit, labels.py of cityscapesScripts (road 7,
    // bicycle 33), objectInfo150.txt of the scene parsing benchmark (wall 1, flag 150), labels.txt of COCO-Stuff (person 1, wood
    // 182, each less 1 in the files), the README of CamVid in the SegNet tutorial.
    type Known = (&'static str, usize, &'static [(u16, u8)]);
    let known: [Known; 6] = [
        ("voc", 21, &[(0, 0), (15, 15), (20, 20)]),
        ("cityscapes", 19, &[(7, 0), (24, 11), (33, 18)]),
        ("ade20k", 150, &[(1, 0), (13, 12), (150, 149)]),
        ("coco-stuff-171", 171, &[(0, 0), (12, 11), (91, 80), (181, 170)]),
        ("camvid", 11, &[(0, 0), (10, 10)]),
        ("acdc", 19, &[(7, 0), (33, 18)]),
    ];
    assert_eq!(known.map(|(name, ..)| name), Classes::PRESETS);
    for (name, count, values) in known {
        let classes = Classes::preset(name).unwrap();
        assert_eq!((classes.name(), classes.len()), (name, count));
        assert_eq!(classes.has_background(), name == "voc");
        for &(value, index) in values {
            assert_eq!(classes.of_value(value), Meaning::Class(index), "{name}: {value}");
        }
        let ignored = match name {
            "ade20k" => 0,
            "camvid" => 11,
            _ => 255,
        };
        assert_eq!(classes.of_value(ignored), Meaning::Ignored, "{name}");
    }
    // 34 ids, of which 15 are not evaluated.
    let cityscapes = Classes::preset("cityscapes").unwrap();
    assert_eq!((0..34).filter(|&id| cityscapes.of_value(id) == Meaning::Ignored).count(), 15);
    assert_eq!(cityscapes.of_value(34), Meaning::Unlisted);
    let error = Classes::preset("cityscape").unwrap_err().to_string();
    assert!(error.contains("`cityscape`") && error.contains("cityscapes, ade20k"), "{error}");
}

#[test]
fn what_a_file_must_not_say_is_one_error_each() {
    let two = |more: &str| {
        format!(
            "name = \"s\"\n{more}\nclasses = [{{ name = \"a\", values = [1] }}, {{ name = \"b\", values = [2] }}]"
        )
    };
    let one = "name = \"s\"\nclasses = [{ name = \"a\", values = [1] }]";
    let many: String = (0..255).map(|k| format!("{{ name = \"c{k}\", values = [{k}] }},")).collect();
    let cases = [
        (one.to_owned(), "classes of `s`: 1 classes (expected 2 to 254)"),
        (format!("name = \"s\"\nclasses = [{many}]"), "classes of `s`: 255 classes (expected 2 to 254)"),
        (two("").replace("\"b\"", "\"a\""), "two classes are called `a`"),
        (two("").replace("[2]", "[1]"), "value 1 means both `a` and `b`"),
        (two("ignore = [2]"), "value 2 means both `b` and ignored pixels"),
        (
            two("")
                .replace("values = [2]", "colours = [\"#000000\"]")
                .replace("values = [1]", "colours = [[0, 0, 0]]"),
            "colour #000000 means both `a` and `b`",
        ),
        (two("").replace("values = [2]", "values = []"), "`b` has neither `values` nor `colours`"),
        (two("").replace("\"b\"", "\" \""), "the name \" \" cannot be used"),
        (two("background = \"c\""), "the background `c` is none of the classes (expected one of a, b)"),
        (
            two("background = \"unlabelled\""),
            "the background `unlabelled` is none of the classes (expected one of a, b)",
        ),
        (two("ignored = [255]"), "my.toml: not a classes file: TOML parse error"),
        (two("ignore = [65536]"), "expected 0 to 65535"),
        (two("").replace("values = [2]", "values = [2], colour = \"red\""), "\"red\" is not a colour"),
    ];
    for (text, expected) in cases {
        let message = error(&text);
        assert!(message.contains(expected), "{expected}: {message}");
    }
}

#[test]
fn a_mask_means_the_same_in_8_and_16_bits_and_in_colour() {
    let dir = tempfile::tempdir().unwrap();
    let classes = Classes::new(file(THREE).unwrap()).unwrap();
    // By the description above: value 3 is ground, 1 person, 255 ignored; 40000 is the house.
    let (bytes, wide, colours) =
        (dir.path().join("b.png"), dir.path().join("w.png"), dir.path().join("c.png"));
    fs::write(&bytes, grey(&[0, 3, 1, 255], 2)).unwrap();
    assert_eq!(read_label(&bytes, &classes).unwrap().into_raw(), [0, 0, 1, 255]);
    fs::write(&wide, words(&[0, 40000, 1, 255], 2)).unwrap();
    assert_eq!(read_label(&wide, &classes).unwrap().into_raw(), [0, 2, 1, 255]);
    let pixels = [[0, 0, 0], [220, 20, 60], [255, 255, 255], [0, 0, 0]];
    write_png(&colours, &RgbImage::from_fn(2, 2, |x, y| Rgb(pixels[(2 * y + x) as usize]))).unwrap();
    assert_eq!(read_label(&colours, &classes).unwrap().into_raw(), [0, 1, 255, 0]);
}

#[test]
fn a_palette_of_a_set_of_colours_alone_is_looked_up() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("p.png");
    // Labels 0 and 1 have VOC's colours 0 and 128, 0, 0.
    write_label_png(&path, &GrayImage::from_raw(2, 1, vec![0, 1]).unwrap()).unwrap();
    let text = "name = \"s\"\nclasses = [{ name = \"red\", colours = [\"#800000\"] }, { name = \"black\", colours = [\"#000000\"] }]";
    let classes = Classes::new(file(text).unwrap()).unwrap();
    assert_eq!(read_label(&path, &classes).unwrap().into_raw(), [1, 0]);
}

#[test]
fn a_value_or_colour_without_a_class_is_named_with_its_first_place_and_number() {
    let dir = tempfile::tempdir().unwrap();
    let classes = Classes::new(file(THREE).unwrap()).unwrap();
    let path = dir.path().join("m.png");
    fs::write(&path, grey(&[0, 3, 1, 0, 77, 9], 3)).unwrap();
    let error = read_label(&path, &classes).unwrap_err().to_string();
    assert!(
        error.contains(
            "m.png: label 77 at x=1, y=1 (expected 0, 1, 3, 40000, or 255 for void); 2 pixels have no class"
        ),
        "{error}"
    );
    fs::write(&path, words(&[0, 300], 2)).unwrap();
    let error = read_label(&path, &classes).unwrap_err().to_string();
    assert!(error.contains("label 300 at x=1, y=0") && error.contains("1 pixel has no class"), "{error}");
    write_png(&path, &RgbImage::from_pixel(2, 2, Rgb([1, 2, 3]))).unwrap();
    let error = read_label(&path, &classes).unwrap_err().to_string();
    assert!(
        error.contains("m.png: colour #010203 at x=0, y=0") && error.contains("4 pixels have no class"),
        "{error}"
    );
    let ignoring = Classes::new(file(&format!("unlisted = \"ignore\"\n{THREE}")).unwrap()).unwrap();
    assert_eq!(read_label(&path, &ignoring).unwrap().into_raw(), [255; 4]);
}

#[test]
fn any_class_may_be_the_background_and_becomes_class_0() {
    let yard = Classes::new(file(THREE).unwrap()).unwrap();
    let house = yard.with_background("house").unwrap();
    assert!(house.names().eq(["house", "ground", "person"]));
    assert_eq!((house.of_value(40000), house.of_value(1)), (Meaning::Class(0), Meaning::Class(2)));
    assert!(house.has_background() && !yard.has_background());
    // The colours stay with their classes.
    assert_eq!(house.colours().next(), Some([0, 0, 255]));
    let unlabelled = yard.with_background("unlabelled").unwrap();
    assert!(unlabelled.names().eq(["unlabelled", "ground", "person", "house"]));
    assert_eq!(unlabelled.of_value(255), Meaning::Class(0));
    assert_eq!(unlabelled.of_colour([255; 3]), Meaning::Class(0));
}

#[test]
fn sets_of_2_and_254_numbers() {
    for count in [2, 254] {
        let classes = Classes::numbered(count, false).unwrap();
        assert_eq!(classes.len(), count);
        assert_eq!(classes.of_value(count as u16 - 1), Meaning::Class(count as u8 - 1));
        assert_eq!(classes.of_value(254), Meaning::Unlisted);
    }
    assert!(Classes::numbered(255, false).is_err() && Classes::numbered(1, false).is_err());
    let with = Classes::numbered(254, true).unwrap();
    assert!(with.has_background() && with.with_background("unlabelled").is_err(), "255 classes are too many");
}
