//! What is no file: named pipes, folders called like files, links to nothing and links in circles.
#![cfg(unix)]

mod masks;

use masks::grey;
use scribe_dataset::image::RgbImage;
use scribe_dataset::{
    Classes, Layout, PictureFolder, Split, Template, check_dataset, inspect_folder, read_image, write_png,
};
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

/// Pictures `i/0.png` to `i/3.png` with their label maps in `l`.
fn small() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for folder in ["i", "l"] {
        fs::create_dir(dir.path().join(folder)).unwrap();
    }
    for k in 0..4u8 {
        let noise = |x: u32, y: u32| image::Rgb([(x * 37 + y * 91) as u8, k, (x * 13) as u8]);
        write_png(&dir.path().join(format!("i/{k}.png")), &RgbImage::from_fn(4, 3, noise)).unwrap();
        let map = [[1; 6], [2; 6]].concat();
        fs::write(dir.path().join(format!("l/{k}.png")), grey(&map, 4)).unwrap();
    }
    dir
}

fn pipe(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

fn layout() -> Layout {
    let template = |text| Some(Template::new(text).unwrap());
    Layout { pictures: template("i/{id}.png"), labels: template("l/{id}.png"), list: None }
}

#[test]
fn pipes_are_named_and_never_waited_for() {
    let dir = small();
    fs::remove_file(dir.path().join("l/0.png")).unwrap();
    pipe(&dir.path().join("l/0.png"));
    pipe(&dir.path().join("i/9.png"));
    let split = layout().open_unchecked(dir.path(), Classes::voc()).unwrap();
    let report = check_dataset(&split, &|_, _| {});
    let messages: Vec<_> = report.problems.iter().map(|problem| problem.message.as_str()).collect();
    assert_eq!(messages.len(), 2, "{messages:?}");
    assert!(messages[0].contains("l/0.png: it is a named pipe"), "{messages:?}");
    assert!(messages[1].contains("i/9.png: it is a named pipe"), "{messages:?}");
    let error = layout().open(dir.path(), Classes::voc()).unwrap_err().to_string();
    assert!(error.contains("l/0.png: it is a named pipe"), "{error}");
    let error = PictureFolder::open(&dir.path().join("i")).unwrap_err().to_string();
    assert!(error.contains("i/9.png: it is a named pipe"), "{error}");
    let error = read_image(&dir.path().join("i/9.png")).unwrap_err().to_string();
    assert!(error.contains("a named pipe (expected a file, or a link to one)"), "{error}");
    let guess = inspect_folder(dir.path(), 10, &[]).unwrap();
    assert_eq!(guess.left_out, ["i/9.png: it is a named pipe", "l/0.png: it is a named pipe"]);
    assert_eq!(guess.pairs[0].ids, ["1", "2", "3"]);
}

#[test]
fn links_to_files_are_read_and_others_named() {
    let dir = small();
    let real = dir.path().join("real.png");
    fs::rename(dir.path().join("i/0.png"), &real).unwrap();
    symlink(&real, dir.path().join("i/0.png")).unwrap();
    layout().open(dir.path(), Classes::voc()).unwrap();
    fs::remove_file(real).unwrap();
    fs::remove_file(dir.path().join("l/1.png")).unwrap();
    fs::create_dir(dir.path().join("l/1.png")).unwrap();
    let split = layout().open_unchecked(dir.path(), Classes::voc()).unwrap();
    let report = check_dataset(&split, &|_, _| {});
    let messages: Vec<_> = report.problems.iter().map(|problem| problem.message.as_str()).collect();
    assert!(messages[0].contains("i/0.png: it is a link that leads to no file"), "{messages:?}");
    assert!(messages[1].contains("l/1.png: it is a folder"), "{messages:?}");
}

#[test]
fn links_in_circles_end() {
    let dir = small();
    symlink(dir.path(), dir.path().join("i/up")).unwrap();
    symlink(dir.path().join("l"), dir.path().join("i/side")).unwrap();
    symlink(dir.path().join("i"), dir.path().join("l/side")).unwrap();
    let pictures = Template::new("i/{id}.png").unwrap();
    let split =
        Layout { pictures: Some(pictures), ..Layout::default() }.open(dir.path(), Classes::voc()).unwrap();
    // The four pictures, and the four label maps by way of `i/side`; `i/side/side` is `i` again.
    assert_eq!(split.ids().len(), 8, "{:?}", split.ids());
}

#[test]
fn a_label_map_that_is_no_png_is_called_what_it_is() {
    let dir = small();
    let said = |bytes: &[u8]| {
        fs::write(dir.path().join("l/0.png"), bytes).unwrap();
        scribe_dataset::read_label(&dir.path().join("l/0.png"), &Classes::voc()).unwrap_err().to_string()
    };
    assert!(said(b"").contains("the file is empty"));
    assert!(said(b"\xff\xd8\xff\xe0").contains("it is a JPEG file"));
    assert!(said(b"text").contains("its first bytes are not those of a PNG file"));
    fs::write(dir.path().join("i/0.png"), "").unwrap();
    let error = read_image(&dir.path().join("i/0.png")).unwrap_err().to_string();
    assert!(error.contains("the file is empty"), "{error}");
}

#[test]
fn files_whose_names_are_no_ids_are_named() {
    let dir = small();
    fs::copy(dir.path().join("i/0.png"), dir.path().join("i/a<b.png")).unwrap();
    let error = layout().open(dir.path(), Classes::voc()).unwrap_err().to_string();
    assert!(error.contains("i/a<b.png") && error.contains("are not allowed"), "{error}");
}
