//! Whatever the text, a classes file and a map of classes are understood or refused, and mean classes alone.
#![no_main]

use libfuzzer_sys::fuzz_target;
use scribe_dataset::{ClassMap, Classes, ClassesFile, Meaning};
use scribe_fuzz::plant;
use std::path::Path;

/// What divides the classes from a map of them.
const DIVIDER: &str = "\n----\n";

fn seeds() -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/dataset/classes");
    let files = Classes::PRESETS.map(|name| folder.join(format!("{name}.toml")));
    let texts = files.iter().filter_map(|path| std::fs::read_to_string(path).ok());
    let small = "name = \"yard\"\nignore = [255]\nbackground = \"ground\"\nclasses = [\n  { name = \"ground\", values = [0, 3] },\n  \
                 { name = \"person\", values = [1], colours = [\"#dc143c\"] },\n]";
    let maps = ["person -> ground", "person -> all, \"ground\" -> ignore", "* -> rest"];
    let mapped = maps.map(|map| format!("{small}{DIVIDER}{map}"));
    mapped.into_iter().chain(texts).map(String::into_bytes).collect()
}

fuzz_target!(init: plant(seeds()), |bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let (file, map) = text.split_once(DIVIDER).unwrap_or((text, text));
    let map = ClassMap::parse(map, "map");
    if let Ok(rules) = ClassMap::rules_of(text, Path::new(".")) {
        let _ = ClassMap::parse(&rules, "rules");
    }
    let Ok(classes) = ClassesFile::parse(file, "classes.toml").and_then(|file| Ok(Classes::new(file)?)) else {
        return;
    };
    let whole = |classes: &Classes| {
        let means = |meaning| match meaning {
            Meaning::Class(class) => usize::from(class) < classes.len(),
            _ => true,
        };
        assert!((1..=255).contains(&classes.len()));
        assert!((0..=u16::MAX).all(|value| means(classes.of_value(value))));
        assert!(classes.colours().all(|colour| means(classes.of_colour(colour))));
    };
    whole(&classes);
    if let Ok(mapped) = map.and_then(|map| classes.mapped(&map)) {
        whole(&mapped);
    }
});
