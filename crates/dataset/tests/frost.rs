//! The cache of frost pictures. The pictures themselves are in no way part of this repository.

mod common;

use common::contents;
use scribe_base::digest::sha256_hex;
use scribe_dataset::{Error, FROST_FILES, import_frost_wheel, read_frost_pictures};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

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
    let error = import_frost_wheel(&wheel(dir.path(), &names), &cache).unwrap_err();
    assert!(matches!(error, Error::Hash { .. }));
    let error = error.to_string();
    assert!(error.contains("made-up.whl/imagecorruptions/frost/frost1.png: SHA-256 is d9298a10"), "{error}");
    assert!(error.contains("expected ff9f9078"), "{error}");

    let error = import_frost_wheel(&wheel(dir.path(), &names[1..]), &cache).unwrap_err().to_string();
    assert!(error.contains("made-up.whl: imagecorruptions/frost/frost1.png"), "{error}");

    let plain = dir.path().join("plain.whl");
    fs::write(&plain, "no archive").unwrap();
    let error = import_frost_wheel(&plain, &cache).unwrap_err().to_string();
    assert!(error.contains("plain.whl: not a wheel"), "{error}");
    let error = import_frost_wheel(&dir.path().join("none.whl"), &cache).unwrap_err().to_string();
    assert!(error.contains("none.whl: cannot be read"), "{error}");
    assert!(!cache.exists());
}

#[test]
fn a_cache_must_be_whole_and_known() {
    let dir = tempfile::tempdir().unwrap();
    let error = read_frost_pictures(&dir.path().join("none")).unwrap_err().to_string();
    assert!(error.contains("none: no such folder") && error.contains("scribe data frost"), "{error}");
    let error = read_frost_pictures(dir.path()).unwrap_err().to_string();
    assert!(error.contains("frost1.png: cannot be read"), "{error}");
    fs::write(dir.path().join("frost1.png"), "other").unwrap();
    let error = read_frost_pictures(dir.path()).unwrap_err().to_string();
    assert!(error.contains("frost1.png: SHA-256 is"), "{error}");
}

/// A named pipe would be waited for, and a device may have no end.
#[cfg(target_os = "linux")]
#[test]
fn a_cache_holds_files_of_a_bounded_length() {
    let dir = tempfile::tempdir().unwrap();
    let frost = dir.path().join("frost1.png");
    assert!(std::process::Command::new("mkfifo").arg(&frost).status().unwrap().success());
    let error = read_frost_pictures(dir.path()).unwrap_err();
    assert!(matches!(error, Error::NotAFile { what: "a named pipe", .. }), "{error:?}");
    assert!(error.to_string().contains("frost1.png: it is a named pipe (expected a file"), "{error}");

    fs::remove_file(&frost).unwrap();
    std::os::unix::fs::symlink("/dev/zero", &frost).unwrap();
    let error = read_frost_pictures(dir.path()).unwrap_err().to_string();
    assert!(error.contains("frost1.png: it is a device or a socket"), "{error}");

    fs::remove_file(&frost).unwrap();
    // A file with a hole: it takes no space.
    fs::File::create(&frost).unwrap().set_len((1 << 24) + 1).unwrap();
    let error = read_frost_pictures(dir.path()).unwrap_err().chain();
    assert!(error.contains("frost1.png: cannot be read: it is longer than 16777216 bytes"), "{error}");
    fs::File::create(&frost).unwrap().set_len(1 << 24).unwrap();
    let error = read_frost_pictures(dir.path()).unwrap_err().to_string();
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
    import_frost_wheel(&wheel, &cache).unwrap();
    assert_eq!(contents(&cache).len(), 6);
    // Pillow 13.0.0: the SHA-256 of np.asarray(Image.open(path).convert("RGBA"))[..., :3] of each file.
    let expected = [
        ((900, 600), "d425da47a6c26b225cbbb9855be0f40b42fbfc04a82d5ababdd9dee401fc0586"),
        ((560, 315), "7fa31bc73f188ddd16a9b378ed451f5f4d643d09bb8a23b53b34b9da9b6c6881"),
        ((560, 315), "7fa31bc73f188ddd16a9b378ed451f5f4d643d09bb8a23b53b34b9da9b6c6881"),
        ((527, 350), "7513e57763358ea3ace8aad8c437dfbbcefe18a1db454cf80f70d151b83477f3"),
        ((660, 495), "e705884630444b769d0618bbf7eedb618072c448e53e5e9953127f536095fffb"),
        ((485, 323), "02a976a18a8e134721b17debca6a05e1bd6f7b4b15fd62c97c0823399c92c195"),
    ];
    for (picture, (size, digest)) in read_frost_pictures(&cache).unwrap().iter().zip(expected) {
        let found: String = sha256_hex(picture.as_raw());
        assert_eq!((picture.dimensions(), found.as_str()), (size, digest));
    }
}
