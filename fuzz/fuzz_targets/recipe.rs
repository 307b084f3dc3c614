//! Whatever the text, a recipe and the assignments to it (`--set`) are understood or refused.
#![no_main]

use libfuzzer_sys::fuzz_target;
use scribe::{Recipe, preset_names};
use scribe_fuzz::{plant, scratch};

/// What divides a recipe's text from the assignments, one on each line.
const DIVIDER: &str = "\n----\n";

fn seeds() -> Vec<Vec<u8>> {
    let recipes = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../recipes");
    let texts = preset_names().into_iter().map(|name| {
        let text = std::fs::read_to_string(recipes.join(format!("{name}.toml")))
            .expect("a recipe of the repository");
        let without = text.lines().map(|line| line.split(" #").next().unwrap_or_default());
        let short: Vec<&str> = without.filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
        short.join("\n") + DIVIDER + "train.steps=3\nmodels.0.label=a"
    });
    texts.map(String::into_bytes).collect()
}

fuzz_target!(init: plant(seeds()), |bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let (recipe, assignments) = text.split_once(DIVIDER).unwrap_or((text, ""));
    let path = scratch("recipe.toml", recipe.as_bytes());
    let assignments: Vec<String> = assignments.lines().map(str::to_owned).collect();
    let _ = Recipe::load(&path.to_string_lossy(), &assignments);
});
