//! `scribe corrupt-set`: a corrupted copy of a whole set.

use super::common::frost_folder;
use super::output::print;
use super::set_arguments::SetArguments;
use super::stop::stop_flag;
use super::whole::whole;
use anyhow::{Context, bail};
use clap::Args;
use scribe::{Bar, TestProtocol, progress_bar};
use scribe_base::human;
use scribe_corrupt_set::{CorruptSet as Set, Event, Forecast, GivenPictures, Summary, check_apart, verify};
use scribe_dataset::{FileSplit, PictureFolder, Split};
use std::path::PathBuf;
use std::sync::OnceLock;

/// What a set remembers in place of a list's name where all pictures of a folder were taken.
const FOLDER: &str = "all pictures of a folder";

/// Write every picture of a set or of any folder, clean and under every corruption, as PNG files with a manifest.
#[derive(Args)]
#[command(after_help = "Examples:
  scribe corrupt-set --images leftImg8bit/val --out Cityscapes-C
  scribe corrupt-set --images photos --out few --corruptions fog,noise \\
      --severities 1,3
  scribe corrupt-set --data VOC2012 --out VOC-C
  scribe corrupt-set --data VOC2012 --out VOC-C-bgr --view short:512 \\
      --channel-order bgr --corrupt before_view   # as some pipelines do it
  scribe corrupt-set --like authors-code --data VOC2012 --out VOC-C224
  scribe corrupt-set --like my.toml --set eval.limit=20 --data VOC2012 \\
      --out few
  scribe corrupt-set --verify --out VOC-C
--images takes every .jpg, .jpeg and .png file of a folder and of the
folders in it; names and folders are kept, and no list or label map is
needed. --data takes the pictures of a list. --like makes what
`scribe eval --recipe RECIPE` shows its networks: the set for predictions
of another program. Of a recipe with several master seeds it makes the draw
of the first. Without it, the pictures have their own size and all 75
conditions of suite imagecorruptions. --verify reads a set back and compares
hashes. Pictures are stored in OUT/<corruption>/<severity>/<id>.png, clean
ones in OUT/clean/0; FORMAT.md documents the folder. A killed call resumes
where it stopped, and ends in the same bytes.")]
pub(crate) struct CorruptSet {
    /// Folder of the data: in VOC's layout (JPEGImages, ImageSets/Segmentation), or as the recipe of --like says
    #[arg(long, value_name = "DIR", required_unless_present_any = ["verify", "images"])]
    data: Option<PathBuf>,
    /// Any folder of pictures, with those in the folders in it
    #[arg(long, value_name = "DIR", id = "images", conflicts_with_all = ["data", "split"])]
    images: Option<PathBuf>,
    /// With --images: take pictures too that are not 8-bit colour, as networks see them: grey as three equal channels,
    /// palettes as their colours, the high byte of 16 bits
    #[arg(long, requires = "images")]
    convert: bool,
    /// The folder to write
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    #[command(flatten)]
    arguments: SetArguments,
    /// Pictures being processed at once; 0 takes every core
    #[arg(long, default_value_t = 0, value_name = "N", value_parser = whole::<usize>(0..=1024))]
    jobs: usize,
    /// Folder of frost pictures [default: the cache that `scribe data frost` fills]
    #[arg(long, value_name = "DIR")]
    frost: Option<PathBuf>,
    /// Write nothing: read the pictures in OUT back and compare them with the manifest
    #[arg(long, conflicts_with_all = ["data", "images"])]
    verify: bool,
}

impl CorruptSet {
    /// Writes or verifies.
    pub(crate) fn run(&self) -> anyhow::Result<()> {
        if self.verify {
            return self.verify();
        }
        let tested = self.arguments.protocol(&frost_folder(self.frost.as_deref())?)?;
        if let [another, ..] = self.arguments.further_seeds()?[..] {
            tracing::warn!(
                "the recipe draws its corruptions under several master seeds: this set holds the draw of {} alone, the one \
                 under which `scribe eval --predictions` scores (another draw goes into another --out: --set \
                 eval.master_seed={another} --set 'eval.master_seeds=[{another}]')",
                tested.master_seed
            );
        }
        match &self.images {
            Some(folder) => {
                check_apart(folder, &self.out)?;
                let split = PictureFolder::open(folder)?.with_limits(self.arguments.limits()?);
                let images = tested.pictures(split.ids().len());
                if !self.convert {
                    split.check_colour(images)?;
                }
                if split.others() > 0 {
                    tracing::info!(
                        "{}: left out, because no .jpg, .jpeg or .png: {}",
                        folder.display(),
                        human::count(split.others(), "file")
                    );
                }
                self.write(&split, FOLDER, images, &tested, &[])
            }
            None => {
                let data = self.data.as_deref().context("--data names no folder")?;
                let list = self.arguments.list();
                let split = self.arguments.open_pictures(data)?.with_limits(self.arguments.limits()?);
                let given = self.arguments.open_given(data, &split)?;
                self.write(&split, list, tested.pictures(split.ids().len()), &tested, &given)
            }
        }
    }

    fn write(
        &self,
        split: &dyn Split,
        name: &str,
        images: usize,
        tested: &TestProtocol,
        given: &[((String, u8), FileSplit)],
    ) -> anyhow::Result<()> {
        let given: Vec<GivenPictures<'_>> = given
            .iter()
            .map(|(condition, split)| GivenPictures { condition: condition.clone(), split })
            .collect();
        let set = Set {
            split,
            split_name: name,
            images,
            protocol: tested.protocol(),
            given: &given,
            threads: if self.jobs == 0 { rayon::current_num_threads() } else { self.jobs },
        };
        let stop = stop_flag()?;
        let bars = Bars::default();
        let summary = set.write(&self.out, &stop, &|event| bars.show(&event))?;
        bars.clear();
        print(&self.summary_text(&summary))?;
        if summary.stopped {
            bail!("stopped before the last picture; the same command resumes it");
        }
        Ok(())
    }

    fn verify(&self) -> anyhow::Result<()> {
        let bar = OnceLock::new();
        let show = |done: usize, all: usize| {
            let bar = bar.get_or_init(|| progress_bar("verifying", all as u64, "pictures"));
            bar.set_position(done as u64);
        };
        let found = verify(&self.out, self.arguments.limits()?, &show)?;
        bar.get().into_iter().for_each(Bar::finish_and_clear);
        for problem in &found.problems {
            print(&format!("{problem}\n"))?;
        }
        let good = found.rows - found.problems.len();
        print(&format!(
            "{}: {good} of {} pictures are there and as the manifest says\n",
            self.out.display(),
            found.expected
        ))?;
        if !found.problems.is_empty() {
            bail!("{}: {} pictures are not as the manifest says", self.out.display(), found.problems.len());
        }
        if found.rows < found.expected {
            bail!("{}: not whole yet; the command that made it resumes it", self.out.display());
        }
        Ok(())
    }

    /// What was made, and where the time went.
    fn summary_text(&self, summary: &Summary) -> String {
        let (made, seconds) = (summary.made * summary.conditions, summary.wall.as_secs_f64());
        let mut text = format!(
            "{}: {} x {}, {} of them now\n",
            self.out.display(),
            human::count(summary.before + summary.made, "picture"),
            human::count(summary.conditions, "condition"),
            summary.made
        );
        if made > 0 {
            let shares = summary.times.shares().map(|(name, share)| format!("{name} {:.0} %", 100.0 * share));
            let rate = made as f64 / seconds;
            text += &format!(
                "{} in {seconds:.1} s, {rate:.1} a second; of the time: {}\n",
                human::count(made, "file"),
                shares.join(", ")
            );
        }
        text
    }
}

/// The bars of the two parts of the work.
#[derive(Default)]
struct Bars {
    checking: OnceLock<Bar>,
    corrupting: OnceLock<Bar>,
}

impl Bars {
    fn show(&self, event: &Event<'_>) {
        match *event {
            Event::Checked(done, all) => {
                let bar = self.checking.get_or_init(|| progress_bar("checking", all as u64, "pictures"));
                bar.set_position(done as u64);
            }
            Event::Begin(forecast) => {
                self.checking.get().into_iter().for_each(Bar::finish_and_clear);
                announce(forecast);
                self.corrupting
                    .get_or_init(|| progress_bar("corrupting", forecast.images as u64, "pictures"));
            }
            Event::Made(done, _) => {
                self.corrupting.get().into_iter().for_each(|bar| bar.set_position(done as u64));
            }
        }
    }

    fn clear(&self) {
        self.corrupting.get().into_iter().for_each(Bar::finish_and_clear);
    }
}

fn announce(forecast: &Forecast) {
    if forecast.images == 0 {
        return;
    }
    tracing::info!(
        "{} x {}: about {} (measured on {}), {} are free",
        human::count(forecast.images, "picture"),
        human::count(forecast.conditions, "condition"),
        human::size(forecast.bytes),
        forecast.measured,
        human::size(forecast.free)
    );
}
