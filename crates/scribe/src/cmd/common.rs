//! Arguments that several commands share.

use super::assignments::assignments;
use anyhow::bail;
use clap::Args;
use scribe::{CheckedRecipe, Recipe, Run, RunDir, RunInputs};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The file name of a run's log, to which every call appends.
pub(crate) const LOG: &str = "log.txt";

/// Which experiment, on which data, and where its run is.
#[derive(Args)]
pub(crate) struct RunArguments {
    /// A preset or the path of a .toml file
    #[arg(long, default_value = "smoke", value_name = "RECIPE", help = recipe_help())]
    pub(crate) recipe: String,
    /// Change one key of the recipe, for example --set eval.limit=20; may be repeated. The variable SCRIBE_SET holds such
    /// changes too (KEY=VALUE KEY=VALUE ...); they are made first
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub(crate) assignments: Vec<String>,
    /// Folder of the data: in VOC's layout (JPEGImages, SegmentationClass, ImageSets/Segmentation), or as the recipe's [data] says
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// SBD's folder (with dataset/img, dataset/cls)
    #[arg(long, value_name = "DIR")]
    pub(crate) sbd: Option<PathBuf>,
    /// A ResNet-50 or a whole DeepLab (of which the backbone is taken), .safetensors or .pth, for recipes with train.pretrained = true
    #[arg(long, value_name = "FILE")]
    pub(crate) backbone: Option<PathBuf>,
    /// Folder of frost pictures [default: the cache that `scribe data frost` fills]
    #[arg(long, value_name = "DIR")]
    pub(crate) frost: Option<PathBuf>,
    /// The folder of runs
    #[arg(long, default_value = "runs", value_name = "DIR")]
    pub(crate) runs: PathBuf,
    /// The run's name [default: the recipe's name]
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<String>,
    /// Compute on cpu or cuda:N
    #[arg(long, default_value = "cpu", value_name = "DEVICE")]
    pub(crate) device: String,
    /// Do nothing, but print what would be done, how long it would take and how much would be written, by a short measurement
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// The help of `--recipe`, which names every preset.
fn recipe_help() -> String {
    format!("A preset ({}) or the path of a .toml file", scribe::preset_names().join(", "))
}

impl RunArguments {
    /// The checked recipe.
    pub(crate) fn recipe(&self) -> anyhow::Result<CheckedRecipe> {
        self.recipe_with(None)
    }

    /// The checked recipe, changed by one more assignment.
    pub(crate) fn recipe_with(&self, last: Option<String>) -> anyhow::Result<CheckedRecipe> {
        let given: Vec<String> = self.assignments.iter().cloned().chain(last).collect();
        Ok(Recipe::load(&self.recipe, &assignments(&given)?)?)
    }

    /// The run of this recipe; nothing of it is opened yet.
    ///
    /// # Errors
    /// `--runs` is a file, the name is not a plain one, or as [`frost_folder`].
    pub(crate) fn run_of(&self, recipe: CheckedRecipe) -> anyhow::Result<Run> {
        if self.runs.exists() && !self.runs.is_dir() {
            bail!("--runs {}: not a folder (expected a new or existing one)", self.runs.display());
        }
        let dir = RunDir::named(&self.runs, self.name.as_deref().unwrap_or(&recipe.name))?;
        let inputs = RunInputs {
            data: self.data.clone(),
            sbd: self.sbd.clone(),
            backbone: self.backbone.clone(),
            init: None,
            weights: BTreeMap::new(),
            frost: frost_folder(self.frost.as_deref())?,
            device: self.device.clone(),
        };
        Ok(Run::new(recipe, dir, inputs))
    }

    /// Refuses to start a run where only resuming was asked for.
    ///
    /// # Errors
    /// When nothing of the run is trained yet.
    pub(crate) fn check_resume(&self, run: &Run) -> anyhow::Result<()> {
        let root = run.dir.root();
        if !root.join("train").is_dir() {
            bail!("{}: nothing to resume from; start without --resume", root.display());
        }
        Ok(())
    }
}

/// The folder of frost pictures: the one that the user names, which must then exist, else the cache, which need not.
///
/// # Errors
/// When the named folder does not exist.
pub(crate) fn frost_folder(named: Option<&Path>) -> anyhow::Result<PathBuf> {
    match named {
        None => Ok(frost_cache()),
        Some(folder) if folder.is_dir() => Ok(folder.to_owned()),
        Some(folder) => bail!(
            "--frost {}: no such folder (expected the one that `scribe data frost --out DIR` filled; without --frost the \
             cache is used, and generated textures where that is empty)",
            folder.display()
        ),
    }
}

/// The folder that `scribe data frost` fills: below the user's cache folder.
pub(crate) fn frost_cache() -> PathBuf {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let cache = set("XDG_CACHE_HOME").or_else(|| set("HOME").map(|home| home.join(".cache")));
    cache.unwrap_or_else(std::env::temp_dir).join("scribe").join("frost")
}
