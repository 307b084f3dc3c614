//! Corrupts every PNG and JPEG file of a folder under one condition, as PNG files.
//!
//! `cargo run --release -p scribe-corruptions --example corrupt_folder -- IN OUT gaussian_noise:3`
#![allow(clippy::print_stdout)]

use scribe_corruptions::{Condition, Rng, Suite, seed_for};
use scribe_dataset::read_image;
use std::error::Error;
use std::path::Path;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [from, to, condition] = arguments.as_slice() else {
        return Err("expected IN OUT NAME:SEVERITY, such as pictures spoilt gaussian_noise:3".into());
    };
    let condition: Condition = condition.parse()?;
    let suite = Suite::imagecorruptions();
    let corruption = suite.get(&condition.corruption)?;
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let path = entry?.path();
        let Some(name) = path.file_stem().and_then(|stem| stem.to_str()) else { continue };
        let picture = match read_image(&path) {
            Ok(picture) => picture,
            Err(error) => {
                println!("{error}");
                continue;
            }
        };
        // The seed depends on the picture's name and not on the order in which the folder is read.
        let seed = seed_for(0, name, corruption.name(), condition.severity);
        let spoilt = corruption.apply(&picture, condition.severity, &mut Rng::seed(seed))?;
        let out = Path::new(to).join(format!("{name}.png"));
        spoilt.save(&out)?;
        println!("{} seed {seed}", out.display());
    }
    Ok(())
}
