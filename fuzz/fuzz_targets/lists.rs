//! Whatever the text, lists of images and the words of the command line are understood or refused, and print as they read.
#![no_main]

use libfuzzer_sys::fuzz_target;
use scribe::Shard;
use scribe_dataset::{Classes, Layout, Sbd, Template, TestView};
use scribe_fuzz::{folder, plant, scratch};
use scribe_records::{Mode, ModelId, check_label};
use std::path::PathBuf;

fn seeds() -> Vec<Vec<u8>> {
    let texts = [
        "2007_000032\n2007_000039 -1\n/JPEGImages/a.jpg /SegmentationClassAug/a.png\n",
        "\u{feff}a/b.png,c/d.png\na.png\tb.png\n",
        "squash:224",
        "short:224",
        "native",
        "3/16",
        "images/{id}.png",
        "gtFine/*/{id}_gtFine_labelIds.png",
        "msc-logit",
    ];
    texts.iter().map(|text| text.as_bytes().to_vec()).collect()
}

fuzz_target!(init: {
    for name in ["img/a.jpg", "cls/a.mat", "images/a.png"] {
        scratch(&format!("sbd/{name}"), b"");
    }
    plant(seeds());
}, |bytes: &[u8]| {
    scratch("sbd/fuzz.txt", bytes);
    let root = folder().join("sbd");
    if let Ok(ids) = Sbd::open(&root).and_then(|sbd| sbd.ids("fuzz")) {
        assert!(ids.iter().all(|id| !id.as_str().is_empty() && !id.as_str().split('/').any(|part| part == "..")));
    }
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let template = Template::new(text).ok();
    for (pictures, list) in [(None, Some(PathBuf::from("fuzz.txt"))), (template, None)] {
        let _ = Layout { labels: None, pictures, list }.open_unchecked(&root, Classes::voc());
    }
    if let Ok(view) = text.parse::<TestView>() {
        assert_eq!(view.to_string().parse::<TestView>().ok(), Some(view));
    }
    if let Ok(shard) = text.parse::<Shard>() {
        assert_eq!(shard.to_string().parse::<Shard>().ok(), Some(shard));
        let _ = (shard.check(16), shard.has("a", 16), shard.file_name());
    }
    let _ = (text.parse::<Mode>(), text.parse::<ModelId>(), check_label(text));
});
