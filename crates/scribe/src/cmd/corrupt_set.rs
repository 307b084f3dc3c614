//! `scribe corrupt-set`: a whole VOC-C tree.

use super::common::{frost_cache, stop_flag};
use anyhow::{Context, bail};
use clap::Args;
use scribe::{CorruptSet as Set, Forecast, SetSummary, verify_set};
use scribe_corruptions::{PAPER_ORDER, Severity};
use scribe_dataset::{LabelFolder, Split, VocSplit};
use std::path::PathBuf;

/// Write every picture of a set under every corruption, as PNG files with a manifest.
#[derive(Args)]
#[command(after_help = "Examples:
  scribe corrupt-set --data VOCdevkit/VOC2012 --out VOC-C                  75 conditions of every val picture
  scribe corrupt-set --data VOCdevkit/VOC2012 --out VOC-C224 --view squash:224
  scribe corrupt-set --data VOCdevkit/VOC2012 --out few --corruptions fog,snow --severities 1,3 --limit 20
  scribe corrupt-set --verify --out VOC-C                                  reads all back and compares hashes
Pictures lie in OUT/<corruption>/<severity>/<id>.png; FORMAT.md documents the folder. They are those that `scribe eval`
shows to its networks with the same seed and view. A killed call goes on where it stopped, and ends in the same bytes.")]
pub struct CorruptSet {
    /// Folder in VOC's layout (JPEGImages, SegmentationClass, ImageSets/Segmentation)
    #[arg(long, value_name = "DIR", required_unless_present = "verify")]
    data: Option<PathBuf>,
    /// The folder to write
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// imagecorruptions (any size) or imagenet_c (224 x 224)
    #[arg(long, default_value = "imagecorruptions", value_name = "SUITE")]
    suite: String,
    /// Size before the corruption: native, squash:SIDE or short:SIDE [default: native, for imagenet_c squash:224]
    #[arg(long, value_name = "VIEW")]
    view: Option<String>,
    /// Names, separated by commas [default: the paper's 15]
    #[arg(long, value_delimiter = ',', value_name = "NAMES")]
    corruptions: Vec<String>,
    /// Severities, separated by commas
    #[arg(long, value_delimiter = ',', default_value = "1,2,3,4,5", value_name = "1-5")]
    severities: Vec<u8>,
    /// The list below ImageSets/Segmentation
    #[arg(long, default_value = "val", value_name = "NAME")]
    set: String,
    /// Only the first pictures of the list; 0 takes all
    #[arg(long, default_value_t = 0, value_name = "N")]
    limit: usize,
    /// The master seed; recipes call it eval.master_seed
    #[arg(long, default_value_t = 2020, value_name = "U64")]
    seed: u64,
    /// Pictures in work at once; 0 takes every core
    #[arg(long, default_value_t = 0, value_name = "N")]
    jobs: usize,
    /// Folder of frost pictures [default: the cache that `scribe data frost` fills]
    #[arg(long, value_name = "DIR")]
    frost: Option<PathBuf>,
    /// Write nothing: read the pictures in OUT back and compare them with the manifest
    #[arg(long, conflicts_with = "data")]
    verify: bool,
}

impl CorruptSet {
    /// Writes or verifies.
    pub fn run(&self) -> anyhow::Result<()> {
        if self.verify {
            return self.verify();
        }
        let data = self.data.as_deref().context("--data names no folder")?;
        let split = VocSplit::open(data, &self.set, LabelFolder::Auto)?;
        let frost = self.frost.clone().unwrap_or_else(frost_cache);
        let suite = scribe::suite(&self.suite, &frost)?;
        let default_view = if suite.name() == "imagenet_c" { "squash:224" } else { "native" };
        let paper = || PAPER_ORDER.map(str::to_owned).to_vec();
        let set = Set {
            split: &split,
            split_name: &self.set,
            pictures: if self.limit == 0 { split.ids().len() } else { self.limit.min(split.ids().len()) },
            view: self.view.as_deref().unwrap_or(default_view).parse()?,
            suite: &suite,
            corruptions: if self.corruptions.is_empty() { paper() } else { self.corruptions.clone() },
            severities: self.severities.iter().map(|&s| Severity::new(s)).collect::<Result<_, _>>()?,
            master_seed: self.seed,
            jobs: if self.jobs == 0 { rayon::current_num_threads() } else { self.jobs },
        };
        if set.corruptions.iter().any(|name| name == "frost") && suite.frost_source().contains("procedural") {
            tracing::warn!("frost textures are generated ones; `scribe data frost` fetches the reference's");
        }
        let stop = stop_flag()?;
        let summary = set.write(&self.out, &stop, announce)?;
        self.print(&summary);
        if summary.stopped {
            bail!("stopped before the last picture; the same command goes on");
        }
        Ok(())
    }

    fn verify(&self) -> anyhow::Result<()> {
        let found = verify_set(&self.out)?;
        for problem in &found.problems {
            println!("{problem}");
        }
        println!("{}: {} of {} pictures are there", self.out.display(), found.rows, found.expected);
        if !found.problems.is_empty() {
            bail!("{}: {} pictures are not as the manifest says", self.out.display(), found.problems.len());
        }
        if found.rows < found.expected {
            bail!("{}: not whole yet; the command that made it goes on", self.out.display());
        }
        Ok(())
    }

    fn print(&self, summary: &SetSummary) {
        let (made, seconds) = (summary.made * summary.conditions, summary.wall.as_secs_f64());
        println!(
            "{}: {} pictures x {} conditions, {} of them now",
            self.out.display(),
            summary.before + summary.made,
            summary.conditions,
            summary.made
        );
        if made > 0 {
            let shares = summary.times.shares().map(|(name, share)| format!("{name} {:.0} %", 100.0 * share));
            let rate = made as f64 / seconds;
            println!(
                "{made} files in {seconds:.1} s, {rate:.1} a second; of the time: {}",
                shares.join(", ")
            );
        }
    }
}

fn announce(forecast: &Forecast) {
    if forecast.pictures == 0 {
        return;
    }
    tracing::info!(
        "{} pictures x {} conditions: about {:.2} GB (measured on {}), {:.1} GB are free",
        forecast.pictures,
        forecast.conditions,
        forecast.bytes as f64 / 1e9,
        forecast.measured,
        forecast.free as f64 / 1e9
    );
}
