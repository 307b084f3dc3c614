//! Whatever the settings and the manifest of a corrupted set, it is read and verified, or refused.
#![no_main]

use libfuzzer_sys::fuzz_target;
use scribe_corrupt_set::{MadeSet, verify};
use scribe_dataset::Limits;
use scribe_dataset::image::RgbImage;
use scribe_fuzz::{folder, plant, scratch};

/// What divides the settings from the manifest.
const DIVIDER: &str = "\n----\n";

const SETTINGS: &str = r#"{"format":2,"created_by":"scribe 0.1.0","suite":"imagecorruptions","corruptions":[{"name":"fog","implementation":"reference/1"}],"severities":[1],"frost_source":"absent","master_seed":7,"view":"native","split":"val","png":"fast, adaptive filters","pictures":1}"#;
const ROWS: &str = "image,corruption,severity,seed,width,height,sha256,source_sha256,file_bytes\na,clean,0,0,4,3,00,11,70\na,fog,1,1039950234,4,3,00,11,70\n";

fuzz_target!(init: {
    scribe_dataset::write_png(&scratch("set/clean/0/a.png", b""), &RgbImage::new(4, 3)).expect("a picture");
    plant([format!("{SETTINGS}{DIVIDER}{ROWS}").into_bytes()]);
}, |bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let (settings, rows) = text.split_once(DIVIDER).unwrap_or((text, ROWS));
    scratch("set/set.json", settings.as_bytes());
    scratch("set/manifest.csv", rows.as_bytes());
    let set = folder().join("set");
    let Ok(made) = MadeSet::open(&set) else { return };
    let _ = made.images();
    if let Ok(images) = made.first(&["a".parse().expect("an id")]) {
        let _ = images.check("a", "fog", 1, &RgbImage::new(4, 3));
    }
    let _ = verify(&set, Limits::default(), &|_, _| ());
});
