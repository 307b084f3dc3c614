//! The example corrupts a folder of pictures, and each call after the first finds nothing to do.

#[path = "../examples/corrupt_a_folder.rs"]
mod corrupt_a_folder;

use corrupt_a_folder::corrupt;
use scribe_corrupt_set::verify;
use scribe_dataset::image::{Rgb, RgbImage};
use scribe_dataset::{Limits, write_png};

#[test]
fn a_folder_of_pictures_is_corrupted_once() {
    let folder = tempfile::tempdir().unwrap();
    let (pictures, out) = (folder.path().join("pictures"), folder.path().join("out"));
    std::fs::create_dir_all(pictures.join("more")).unwrap();
    let drawn = RgbImage::from_fn(64, 48, |x, y| Rgb([3 * x as u8, 5 * y as u8, (x * y) as u8]));
    for name in ["more/b c.Png", "a.png"] {
        write_png(&pictures.join(name), &drawn).unwrap();
    }
    std::fs::write(pictures.join("notes.txt"), "not a picture").unwrap();
    let first = corrupt(&pictures, &out).unwrap();
    // Clean, and 15 corruptions at 5 severities.
    assert_eq!((first.made, first.conditions), (2, 1 + 15 * 5));
    assert_eq!(corrupt(&pictures, &out).unwrap().before, 2);
    let verified = verify(&out, Limits::default(), &|_, _| {}).unwrap();
    assert_eq!((verified.rows, verified.problems), (2 * 76, Vec::new()));
    assert!(out.join("fog/3/a.png").is_file() && out.join("fog/3/more/b c.png").is_file());
    assert!(
        corrupt(&pictures, &pictures.join("out")).is_err(),
        "the set's files would be taken for pictures"
    );
}
