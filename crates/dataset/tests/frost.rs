//! The cache of frost pictures.  The pictures themselves are in no way part of this repository.

mod common;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use common::contents;
use scribe_dataset::{Error, FROST_FILES, FrostPictures};

/// A zip archive with made-up members.
fn wheel(dir: &Path, members: &[(String, &[u8])]) -> PathBuf {
    let path = dir.join("made-up.whl");
    let mut writer = zip::ZipWriter::new(fs::File::create(&path).unwrap());
    for (name, bytes) in members {
        writer.start_file(name.as_str(), zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap();
    path
}

#[test]
fn refuses_other_files_and_writes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let cache = dir.path().join("cache");
    let names = FROST_FILES.map(|file| (format!("imagecorruptions/frost/{}", file.name), &b"other"[..]));
    let error = FrostPictures::import_wheel(&wheel(dir.path(), &names), &cache).unwrap_err();
    assert!(matches!(error, Error::Hash { .. }));
    let error = error.to_string();
    assert!(error.contains("made-up.whl/imagecorruptions/frost/frost1.png: SHA-256 is d9298a10"), "{error}");
    assert!(error.contains("expected ff9f9078"), "{error}");

    let error = FrostPictures::import_wheel(&wheel(dir.path(), &names[1..]), &cache).unwrap_err().to_string();
    assert!(error.contains("made-up.whl: imagecorruptions/frost/frost1.png"), "{error}");

    let plain = dir.path().join("plain.whl");
    fs::write(&plain, "no archive").unwrap();
    let error = FrostPictures::import_wheel(&plain, &cache).unwrap_err().to_string();
    assert!(error.contains("plain.whl: not a wheel"), "{error}");
    let error = FrostPictures::import_wheel(&dir.path().join("none.whl"), &cache).unwrap_err().to_string();
    assert!(error.contains("none.whl: cannot be read"), "{error}");
    assert!(!cache.exists());
}

#[test]
fn a_cache_must_be_whole_and_known() {
    let dir = tempfile::tempdir().unwrap();
    let error = FrostPictures::from_cache(&dir.path().join("none")).unwrap_err().to_string();
    assert!(error.contains("none: no such folder") && error.contains("scribe data frost"), "{error}");
    let error = FrostPictures::from_cache(dir.path()).unwrap_err().to_string();
    assert!(error.contains("frost1.png: cannot be read"), "{error}");
    fs::write(dir.path().join("frost1.png"), "other").unwrap();
    let error = FrostPictures::from_cache(dir.path()).unwrap_err().to_string();
    assert!(error.contains("frost1.png: SHA-256 is"), "{error}");
}

#[test]
fn the_real_wheel_gives_six_pictures() {
    let Some(wheel) = std::env::var_os("SCRIBE_FROST_WHEEL").map(PathBuf::from) else {
        eprintln!("skipped: SCRIBE_FROST_WHEEL does not name imagecorruptions-1.1.2-py3-none-any.whl");
        return;
    };
    let dir = tempfile::tempdir().unwrap();
    let cache = dir.path().join("a/cache");
    FrostPictures::import_wheel(&wheel, &cache).unwrap();
    assert_eq!(contents(&cache).len(), 6);
    let sizes: Vec<_> = FrostPictures::from_cache(&cache).unwrap().iter().map(|p| p.dimensions()).collect();
    assert_eq!(sizes, [(900, 600), (560, 315), (560, 315), (527, 350), (660, 495), (485, 323)]);
}
