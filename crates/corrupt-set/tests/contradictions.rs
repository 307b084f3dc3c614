//! Verifying a set finds where its settings, its manifest and its pictures contradict each other, and believes none of them.

use scribe_corrupt_set::{CorruptSet, Protocol, verify};
use scribe_corruptions::{Severity, Suite};
use scribe_dataset::image::{Rgb, RgbImage};
use scribe_dataset::{CorruptionPlace, Limits, PictureFolder, TestView, write_png};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

/// Two pictures, `a` and `b`, clean and under contrast at severities 1 and 2: six rows.
fn made() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let drawn = RgbImage::from_fn(40, 32, |x, y| Rgb([6 * x as u8, 8 * y as u8, (x * y) as u8]));
    fs::create_dir(folder.path().join("pictures")).unwrap();
    for name in ["pictures/a.png", "pictures/b.png"] {
        write_png(&folder.path().join(name), &drawn).unwrap();
    }
    let set = CorruptSet {
        split: &PictureFolder::open(&folder.path().join("pictures")).unwrap(),
        split_name: "folder",
        images: 2,
        protocol: Protocol {
            suite: &Suite::imagecorruptions(),
            corruptions: &["contrast".to_owned()],
            severities: &[Severity::new(1).unwrap(), Severity::new(2).unwrap()],
            view: TestView::Native,
            corruption_place: CorruptionPlace::AfterView,
            master_seed: 2020,
        },
        given: &[],
        threads: 1,
    };
    set.write(&folder.path().join("out"), &AtomicBool::new(false), &|_| {}).unwrap();
    folder
}

/// The error of verifying, or the problems that it found.
fn complaint(out: &Path, limits: Limits) -> String {
    match verify(out, limits, &|_, _| {}) {
        Ok(found) => found.problems.join("\n"),
        Err(error) => error.to_string(),
    }
}

/// What verifying says once `old` is `new` in a file of the set, which is mended after that.
fn changed(out: &Path, file: &str, old: &str, new: &str) -> String {
    let path = out.join(file);
    let sound = fs::read_to_string(&path).unwrap();
    assert!(sound.contains(old), "{old} in {sound}");
    fs::write(&path, sound.replace(old, new)).unwrap();
    let said = complaint(out, Limits::default());
    fs::write(&path, sound).unwrap();
    said
}

#[test]
fn settings_that_contradict_the_manifest_are_named() {
    let folder = made();
    let out = folder.path().join("out");
    assert_eq!(complaint(&out, Limits::default()), "");
    let said = changed(&out, "set.json", "\"contrast\"", "\"fog\"");
    assert!(
        said.contains("manifest.csv line 3: (\"a\", \"contrast\", 1) (expected (\"a\", \"fog\", 1)"),
        "{said}"
    );
    // The first four bytes of the SHA-256 of `scribe-seed/1 \0 2020 \0 a \0 contrast \0 1`, and of the same with 7, by
    // Python's hashlib.
    let said = changed(&out, "set.json", "\"master_seed\": 2020", "\"master_seed\": 7");
    assert!(said.contains("line 3: seed 2439940638 of (\"a\", \"contrast\", 1)"), "{said}");
    assert!(said.contains("(expected 1686199604, as master_seed 7 of set.json gives)"), "{said}");
    // Rows of another corruption that is not there: the files' names change too, so this is seen as well.
    let said = changed(&out, "manifest.csv", "a,clean,0,0,", "a,clean,0,5,");
    assert!(said.contains("line 2: seed 5 of (\"a\", \"clean\", 0) (expected 0,"), "{said}");
    // One picture less than there are rows for: three rows.
    let said = changed(&out, "set.json", "\"pictures\": 2", "\"pictures\": 1");
    assert!(said.contains("6 rows (expected at most 3)"), "{said}");
}

#[test]
fn a_row_that_comes_again_is_named() {
    let folder = made();
    let out = folder.path().join("out");
    // The second picture is the first again.
    let said = changed(&out, "manifest.csv", "\nb,", "\na,");
    assert!(said.contains("line 5: image \"a\" comes again (expected each image once)"), "{said}");
    // A row of the first picture twice, in place of its last.
    let path = out.join("manifest.csv");
    let sound = fs::read_to_string(&path).unwrap();
    let mut lines: Vec<&str> = sound.lines().collect();
    lines[3] = lines[2];
    fs::write(&path, lines.join("\n") + "\n").unwrap();
    let said = complaint(&out, Limits::default());
    assert!(said.contains("line 4: (\"a\", \"contrast\", 1) (expected (\"a\", \"contrast\", 2)"), "{said}");
    // After a kill, the last picture lacks rows; that is no contradiction.
    let cut: String = sound.lines().take(6).map(|line| format!("{line}\n")).collect();
    fs::write(&path, cut).unwrap();
    let found = verify(&out, Limits::default(), &|_, _| {}).unwrap();
    assert_eq!((found.rows, found.expected, found.problems), (5, 6, Vec::new()));
}

/// A PNG file that says it is one of 4097 x 4097 grey pixels, and holds none.
fn claims(path: &Path) {
    let chunk = |kind: &[u8; 4], content: &[u8]| {
        let body = [kind.as_slice(), content].concat();
        let mut crc = flate2::Crc::new();
        crc.update(&body);
        [(content.len() as u32).to_be_bytes().to_vec(), body, crc.sum().to_be_bytes().to_vec()].concat()
    };
    let side = 4097_u32.to_be_bytes();
    let header = [&side[..], &side, &[1, 0, 0, 0, 0]].concat();
    let chunks = [chunk(b"IHDR", &header), chunk(b"IDAT", &[0; 10]), chunk(b"IEND", b"")].concat();
    fs::write(path, [b"\x89PNG\r\n\x1a\n".to_vec(), chunks].concat()).unwrap();
}

#[test]
fn what_a_manifest_says_of_a_size_raises_no_limit() {
    let folder = made();
    let out = folder.path().join("out");
    claims(&out.join("contrast/2/b.png"));
    let path = out.join("manifest.csv");
    let sound = fs::read_to_string(&path).unwrap();
    let (start, last) = sound.trim_end().rsplit_once('\n').unwrap();
    fs::write(&path, format!("{start}\n{}\n", last.replace(",40,32,", ",4097,4097,"))).unwrap();
    // 4097 x 4097 = 16,785,409, above the 16,777,216 of a file of less than 1 MiB.
    let said = complaint(&out, Limits::default());
    assert!(said.contains("4097x4097, 16785409 pixels (expected at most 16777216;"), "{said}");
    // With the limit that the message names it is read, and found to be empty.
    let said = complaint(&out, Limits::of(16_785_409));
    assert!(
        said.contains("10 bytes cannot hold") || said.contains("bytes cannot hold 4097x4097 pixels"),
        "{said}"
    );
}

#[cfg(target_os = "linux")]
#[test]
fn devices_and_pipes_are_not_waited_for() {
    let folder = made();
    let out = folder.path().join("out");
    let aside: PathBuf = folder.path().join("aside");
    for file in ["manifest.csv", "set.json"] {
        fs::rename(out.join(file), &aside).unwrap();
        std::os::unix::fs::symlink("/dev/null", out.join(file)).unwrap();
        let error = verify(&out, Limits::default(), &|_, _| {}).unwrap_err();
        let source = std::error::Error::source(&error).expect("the reason").to_string();
        assert!(error.to_string().contains(&format!("{file}: cannot be read")), "{error}");
        assert_eq!(source, "it is a device or a socket (expected a file, or a link to one)");
        fs::remove_file(out.join(file)).unwrap();
        fs::rename(&aside, out.join(file)).unwrap();
    }
}
