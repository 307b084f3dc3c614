//! `scribe corrupt-set --images`: any folder of pictures, without lists and labels, and what it refuses.

mod common;

use common::{complaint, run, succeed, tree};
use scribe_dataset::image::{self, DynamicImage, ImageFormat, Rgb, RgbImage};
use std::fs;

const MAKE: [&str; 9] = [
    "corrupt-set",
    "--images",
    "in",
    "--out",
    "out",
    "--corruptions",
    "fog,jpeg_compression",
    "--severities",
    "3",
];

fn drawn(seed: u8) -> DynamicImage {
    RgbImage::from_fn(40, 36, |x, y| Rgb([seed, (5 * x) as u8, (x * y) as u8])).into()
}

/// A folder `in` with four pictures: two kinds of files, endings in any case, a name with a blank, two levels of folders.
fn tree_of_pictures() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let names = ["x y.Png", "aachen/a_000.png", "aachen/night/b 1.JPG", "zurich/a_000.jpeg"];
    for (seed, name) in names.iter().enumerate() {
        let path = folder.path().join("in").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let kind = if name.ends_with("ng") { ImageFormat::Png } else { ImageFormat::Jpeg };
        drawn(60 * seed as u8).save_with_format(path, kind).unwrap();
    }
    fs::write(folder.path().join("in/aachen/notes.txt"), "no picture").unwrap();
    folder
}

#[test]
fn names_and_folders_are_kept_and_a_second_call_has_nothing_to_do() {
    let folder = tree_of_pictures();
    let printed = succeed(folder.path(), &MAKE);
    assert!(printed.contains("4 pictures x 3 conditions, 4 of them now"), "{printed}");
    let before = tree(&folder.path().join("out"));
    for name in ["x y.png", "aachen/a_000.png", "aachen/night/b 1.png", "zurich/a_000.png"] {
        for condition in ["clean/0", "fog/3", "jpeg_compression/3"] {
            assert!(before.contains_key(&format!("{condition}/{name}")), "{condition}/{name}");
        }
    }
    let manifest = String::from_utf8(before["manifest.csv"].clone()).unwrap();
    let ids: Vec<&str> =
        manifest.lines().skip(1).step_by(3).map(|row| row.split(',').next().unwrap()).collect();
    assert_eq!(ids, ["aachen/a_000", "aachen/night/b 1", "x y", "zurich/a_000"]);
    assert!(succeed(folder.path(), &MAKE).contains("0 of them now"));
    assert!(before == tree(&folder.path().join("out")));
    // What is gone is made again, and what a kill left half-written is removed, in the folders of pictures too.
    fs::remove_file(folder.path().join("out/fog/3/aachen/night/b 1.png")).unwrap();
    fs::write(folder.path().join("out/fog/3/aachen/.b.png.1-2.partial"), "half").unwrap();
    assert!(succeed(folder.path(), &[&MAKE[..], &["--jobs", "3"]].concat()).contains("1 of them now"));
    assert!(before == tree(&folder.path().join("out")));
    let verified = succeed(folder.path(), &["corrupt-set", "--verify", "--out", "out"]);
    assert!(verified.contains("12 of 12 pictures"), "{verified}");
}

#[test]
fn a_damaged_picture_is_named_and_the_call_goes_on_without_it() {
    let folder = tree_of_pictures();
    let path = folder.path().join("in/x y.Png");
    let bytes = fs::read(&path).unwrap();
    fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
    let message = complaint(folder.path(), &[&MAKE[..], &["--jobs", "1"]].concat());
    assert!(message.contains("in/x y.Png: not a readable PNG"), "{message}");
    assert!(message.contains("mend it or take it out, and the same command continues"), "{message}");
    fs::remove_file(&path).unwrap();
    let printed = succeed(folder.path(), &MAKE);
    assert!(printed.contains("3 pictures x 3 conditions"), "{printed}");
    assert!(succeed(folder.path(), &["corrupt-set", "--verify", "--out", "out"]).contains("9 of 9 pictures"));
}

#[test]
fn pictures_that_are_not_8_bit_colour_need_a_word() {
    let folder = tree_of_pictures();
    let save = |name: &str, picture: DynamicImage| {
        picture.save_with_format(folder.path().join("in").join(name), ImageFormat::Png).unwrap();
    };
    save("depth.png", DynamicImage::new_luma16(40, 36));
    let message = complaint(folder.path(), &MAKE);
    let expected =
        "in/depth.png: its pixels are 16 bits a channel; 1 of 5 pictures in in are not 8-bit colour";
    assert!(message.contains(expected) && message.contains("--convert"), "{message}");
    save("c_labels.png", drawn(3).to_luma8().into());
    let message = complaint(folder.path(), &MAKE);
    assert!(message.contains("in/c_labels.png: its pixels are grey"), "{message}");
    assert!(message.contains("2 of 6 pictures"), "{message}");
    assert!(!folder.path().join("out").exists(), "nothing is written");
    succeed(folder.path(), &[&MAKE[..], &["--convert"]].concat());
    let clean = image::open(folder.path().join("out/clean/0/c_labels.png")).unwrap().into_rgb8();
    assert!(clean == DynamicImage::from(drawn(3).to_luma8()).into_rgb8(), "grey gives three equal channels");
}

#[test]
fn places_that_cannot_be_written_are_refused_with_what_to_do() {
    let folder = tree_of_pictures();
    fs::write(folder.path().join("file"), "a file").unwrap();
    let make = |images: &str, out: &str| ["corrupt-set", "--images", images, "--out", out].map(str::to_owned);
    for (images, out, expected) in [
        ("in", "in", "or the other way round"),
        ("in", "in/out", "in/out: is in in, or the other way round (expected two folders apart"),
        ("in", "new/../in/x", "two folders apart"),
        ("in/aachen", "in", "two folders apart"),
        ("in", "file", "file: is a file (expected a folder that does not exist"),
        ("in", "file/deep/out", "file: is a file"),
        ("nowhere", "out", "nowhere: no such folder (expected a folder of pictures)"),
        ("file", "out", "file: no such folder"),
    ] {
        let words = make(images, out);
        let message = complaint(folder.path(), &words.each_ref().map(String::as_str));
        assert!(message.contains(expected), "{images} {out}: {message}");
    }
    fs::create_dir(folder.path().join("empty")).unwrap();
    let message = complaint(folder.path(), &["corrupt-set", "--images", "empty", "--out", "out"]);
    assert!(message.contains("empty: no picture (expected files that end in"), "{message}");
    fs::copy(folder.path().join("in/x y.Png"), folder.path().join("in/x y.jpg")).unwrap();
    let message = complaint(folder.path(), &MAKE);
    assert!(message.contains("has the same name") && message.contains("rename one of the two"), "{message}");
    let message = complaint(folder.path(), &["corrupt-set", "--verify", "--out", "nothing"]);
    assert!(message.contains("nothing/set.json: no such file (expected the folder of a set"), "{message}");
    assert!(!folder.path().join("out").exists(), "nothing is written");
    let one = ["corrupt", "in/x y.Png", "no/x.png", "--corruption", "fog", "--severity", "1"];
    let message = complaint(folder.path(), &one);
    assert!(message.contains("no/x.png: cannot be written (expected the folder no to be there"), "{message}");
    // Folders that are missing are made.
    fs::remove_file(folder.path().join("in/x y.jpg")).unwrap();
    let deep = MAKE.map(|word| if word == "out" { "new/deep/out" } else { word });
    succeed(folder.path(), &deep);
    assert!(folder.path().join("new/deep/out/set.json").is_file());
}

#[test]
fn arguments_that_do_not_go_together_are_refused() {
    let folder = tree_of_pictures();
    for more in [&["--data", "in"][..], &["--split", "val"], &["--verify"]] {
        let output = run(folder.path(), &[&MAKE[..], more].concat());
        assert_eq!(output.status.code(), Some(2), "{more:?}");
    }
    assert_eq!(run(folder.path(), &["corrupt-set", "--out", "out"]).status.code(), Some(2));
}

#[test]
fn a_recipe_sets_how_and_another_setting_is_named_in_words() {
    let folder = tree_of_pictures();
    let like = ["corrupt-set", "--images", "in", "--out", "out", "--like", "smoke", "--set"];
    let like = |corruptions: &str| {
        let text = format!("eval.corruptions={corruptions}");
        let words: Vec<String> = like.iter().map(|word| (*word).to_owned()).chain([text]).collect();
        words.into_iter().chain(["--set".to_owned(), "eval.severities=[1]".to_owned()]).collect::<Vec<_>>()
    };
    let words = like("fog");
    succeed(folder.path(), &words.iter().map(String::as_str).collect::<Vec<_>>());
    let words = like("contrast");
    let message = complaint(folder.path(), &words.iter().map(String::as_str).collect::<Vec<_>>());
    // Names and implementations, as `Suite` gives them, without JSON's brackets and quotation marks.
    let shown = message.split("corruptions is ").nth(1).unwrap_or_else(|| panic!("{message}"));
    assert!(shown.starts_with("fog (") && shown.contains(", now contrast ("), "{message}");
    assert!(!shown.contains(['{', '"', '[']), "{message}");
    assert!(folder.path().join("out/fog/1/x y.png").is_file());
}

#[test]
fn a_manifest_that_leads_out_of_its_set_is_refused() {
    let folder = tree_of_pictures();
    succeed(folder.path(), &MAKE);
    let path = folder.path().join("out/manifest.csv");
    let sound = fs::read_to_string(&path).unwrap();
    let verify = ["corrupt-set", "--verify", "--out", "out"];
    let absolute = folder.path().join("in/aachen/a_000").display().to_string();
    // From out/clean/0/ or out/../0/; and a file that exists, so that nothing but the name is wrong.
    let hostile = [
        ("x y,clean,0,", "../../../in/aachen/a_000,clean,0,"),
        ("x y,clean,0,", &format!("{absolute},clean,0,")),
        ("x y,clean,0,", ".hidden,clean,0,"),
        ("x y,clean,0,", "x y,..,0,"),
        ("x y,clean,0,", "x y,../in,0,"),
    ];
    for (old, new) in hostile {
        fs::write(&path, sound.replacen(old, new, 1)).unwrap();
        let message = complaint(folder.path(), &verify);
        // The header, three rows of each of the two pictures before, and this one.
        assert!(message.contains("manifest.csv line 8: "), "{new}: {message}");
        assert!(message.contains("cannot name a file of the set"), "{new}: {message}");
        assert!(complaint(folder.path(), &MAKE).contains("cannot name a file of the set"), "{new}");
    }
    fs::write(&path, sound).unwrap();
    succeed(folder.path(), &verify);
}
