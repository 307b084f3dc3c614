//! Corrupts every picture of a folder under the paper's 75 conditions:
//! `cargo run --release --example corrupt_a_folder -- PICTURES OUT`.

use scribe_corrupt_set::{CorruptSet, Protocol, Summary};
use scribe_corruptions::{Severity, Suite};
use scribe_dataset::{PictureFolder, Split, TestView};
use std::error::Error;
use std::path::Path;
use std::sync::atomic::AtomicBool;

#[allow(dead_code, reason = "the test includes this file and calls `corrupt`")]
fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [pictures, out] = arguments.as_slice() else { return Err("expected PICTURES OUT".into()) };
    corrupt(Path::new(pictures), Path::new(out)).map(|_| ())
}

pub(crate) fn corrupt(pictures: &Path, out: &Path) -> Result<Summary, Box<dyn Error>> {
    let split = PictureFolder::open(pictures)?;
    let suite = Suite::imagecorruptions();
    let protocol = Protocol {
        suite: &suite,
        corruptions: &suite.corruptions().map(|corruption| corruption.name().to_owned()).collect::<Vec<_>>(),
        severities: &Severity::ALL,
        view: TestView::Native,
        master_seed: 2020,
    };
    let images = split.ids().len();
    let set = CorruptSet { split: &split, split_name: "folder", images, protocol, threads: 4 };
    Ok(set.write(out, &AtomicBool::new(false), &|_| {})?)
}
