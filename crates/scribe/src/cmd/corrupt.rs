//! `scribe corrupt`: one picture in, one corrupted picture out.

use super::common::frost_folder;
use super::whole::whole;
use anyhow::{Context, bail};
use clap::Args;
use image::RgbImage;
use scribe_corruptions::{Corruption, PAPER_ORDER, Rng, Severity, Suite};
use scribe_dataset::{Limits, read_image_with};
use std::path::PathBuf;

/// Corrupt one picture, or draw all corruptions of it on one sheet.
#[derive(Args)]
#[command(after_help = "Examples:
  scribe corrupt cat.jpg fog.png --corruption fog --severity 3 --seed 7
  scribe corrupt cat.jpg dark.png --corruption contrast --severity 5
  scribe corrupt cat.jpg sheet.png --sheet  # all 15 x 5, labelled
With suite imagecorruptions, the seed is the one that numpy takes:
np.random.seed(7) before the package's corrupt(image, severity=3,
corruption_name=\"fog\") gives the same picture. Suite imagenet_c takes
224 x 224 only.")]
pub(crate) struct Corrupt {
    /// A PNG or JPEG file
    input: PathBuf,
    /// The PNG file to write
    output: PathBuf,
    /// Its name, for example fog or gaussian_noise
    #[arg(long, value_name = "NAME", required_unless_present = "sheet")]
    corruption: Option<String>,
    /// 1 (weak) to 5 (strong)
    #[arg(long, value_name = "1-5", value_parser = whole::<u8>(1..=5), required_unless_present = "sheet")]
    severity: Option<u8>,
    /// Draw the picture under all 15 corruptions x 5 severities instead
    #[arg(long, conflicts_with_all = ["corruption", "severity"])]
    sheet: bool,
    /// The seed of the corruption's generator
    #[arg(long, default_value_t = 0, value_name = "U32", value_parser = whole::<u32>(0..=u64::from(u32::MAX)))]
    seed: u32,
    /// imagecorruptions (any size) or imagenet_c (224 x 224)
    #[arg(long, default_value = "imagecorruptions", value_name = "SUITE")]
    suite: String,
    /// The most pixels of the picture [default: 134217728, or 16777216 for a file of less than 1 MiB]
    #[arg(long, value_name = "N", value_parser = whole::<u64>(1..=u64::MAX))]
    max_pixels: Option<u64>,
    /// Folder of frost pictures [default: the cache that `scribe data frost` fills]
    #[arg(long, value_name = "DIR")]
    frost: Option<PathBuf>,
}

impl Corrupt {
    /// Reads, corrupts, writes.
    pub(crate) fn run(&self) -> anyhow::Result<()> {
        if self.output.extension().is_none_or(|extension| !extension.eq_ignore_ascii_case("png")) {
            bail!("{}: expected a name ending in .png, so that no bytes are lost", self.output.display());
        }
        let frost = frost_folder(self.frost.as_deref())?;
        let drawn = self.corruption.as_ref().map_or_else(|| PAPER_ORDER.to_vec(), |name| vec![name.as_str()]);
        let suite = scribe::suite(&self.suite, &frost, &drawn)?;
        let corrupted = match (&self.corruption, self.severity) {
            (Some(name), Some(severity)) => self.one(only(&suite, name)?, Severity::new(severity)?)?,
            _ => {
                let picture = self.picture()?;
                scribe::sheet(&suite, &picture, u64::from(self.seed), &self.input.to_string_lossy())?
            }
        };
        Ok(scribe_dataset::write_png(&self.output, &corrupted)?)
    }

    fn picture(&self) -> anyhow::Result<RgbImage> {
        Ok(read_image_with(&self.input, Limits::of_setting(self.max_pixels))?)
    }

    fn one(&self, corruption: &dyn Corruption, severity: Severity) -> anyhow::Result<RgbImage> {
        let picture = self.picture()?;
        let corrupted = corruption.apply(&picture, severity, &mut Rng::seed(self.seed));
        corrupted.with_context(|| self.input.display().to_string())
    }
}

/// The one corruption that a word names, as every command reads it.
fn only<'a>(suite: &'a Suite, word: &str) -> anyhow::Result<&'a dyn Corruption> {
    match suite.select(&[word])?.as_slice() {
        [one] => Ok(*one),
        several => bail!(
            "--corruption {word}: names {} corruptions (expected one; --sheet draws all, and `scribe corrupt-set` writes many)",
            several.len()
        ),
    }
}
