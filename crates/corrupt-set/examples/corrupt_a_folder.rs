//! Corrupts every picture of a folder, and of the folders in it, under the paper's 75 conditions:
//! `cargo run --release -p scribe-corrupt-set --example corrupt_a_folder -- PICTURES OUT`.

#![allow(clippy::print_stdout, reason = "the example answers on standard output")]

use anyhow::bail;
use scribe_corrupt_set::{CorruptSet, Protocol, Summary, check_apart};
use scribe_corruptions::{Severity, Suite};
use scribe_dataset::{CorruptionPlace, PictureFolder, Split, TestView};
use std::path::Path;
use std::sync::atomic::AtomicBool;

#[allow(dead_code, reason = "the test includes this file and calls `corrupt`")]
fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [pictures, out] = arguments.as_slice() else {
        bail!("expected PICTURES OUT: a folder of pictures, and one to write into")
    };
    let summary = corrupt(Path::new(pictures), Path::new(out))?;
    println!("{summary:?}");
    Ok(())
}

pub(crate) fn corrupt(pictures: &Path, out: &Path) -> anyhow::Result<Summary> {
    check_apart(pictures, out)?;
    let split = PictureFolder::open(pictures)?;
    let suite = Suite::imagecorruptions();
    let protocol = Protocol {
        suite: &suite,
        corruptions: &suite.corruptions().map(|corruption| corruption.name().to_owned()).collect::<Vec<_>>(),
        severities: &Severity::ALL,
        view: TestView::Native,
        corruption_place: CorruptionPlace::AfterView,
        master_seed: 2020,
    };
    let images = split.ids().len();
    let set = CorruptSet { split: &split, split_name: "folder", images, protocol, given: &[], threads: 4 };
    Ok(set.write(out, &AtomicBool::new(false), &|_| {})?)
}
