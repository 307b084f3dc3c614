//! `scribe eval`: evaluates every model on the same corrupted pictures.

use super::common::{LOG, RunArguments};
use super::output::print;
use super::stop::stop_flag;
use super::whole::whole;
use anyhow::bail;
use clap::{ArgGroup, Args};
use scribe::{
    CorruptedSet, EnteredAs, GivenNetwork, GivenPredictions, GivenProgram, Need, NetworkName, RunDir, Shard,
    Stages, check_corrupted, evaluate, evaluate_predictions, evaluate_program, forecast,
};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Evaluate trained models on clean and corrupted pictures.
#[derive(Args)]
#[command(group(ArgGroup::new("answers").args(["predictions", "ask"])))]
#[command(group(ArgGroup::new("entered").args(["predictions", "ask", "network"])))]
#[command(after_help = "Examples:
  scribe eval --recipe smoke
  scribe eval --recipe smoke --set eval.corruptions='[\"fog\"]' --name fog
  scribe eval --recipe smoke --set 'eval.master_seeds=[2020,2021]'
  scribe eval --recipe smoke --name theirs \\
      --set eval.channel_order=bgr --set eval.corrupt=before_view
  scribe eval --recipe smoke --name labels \\
      --set eval.corruptions=elastic_transform,elastic_transform_moved_label
  scribe eval --recipe smoke --shard 3/16   # one shard, for `scribe merge`
  scribe eval --recipe authors-code --data VOC2012 --network torchvision \\
      --weights deeplab=deeplabv3_resnet50_coco.pth --label DeepLabV3
What is in the run's store already is not computed again; a killed run
resumes where it stopped. docs/scale-out.md describes shards. The fourth
example corrupts as pipelines do that read pictures blue first and resize
them afterwards; the fifth one says how much of the elastic transform's drop
is the label that stays (METHODOLOGY.md). Of several
master seeds, each draws the noise anew: the report then says how much of
an uncertainty is theirs. A recipe's eval.master_seed is the first of its
eval.master_seeds, so --set changes both. With temperatures in eval.records
it says what a fitted temperature does to the calibration (METHODOLOGY.md).

Three ways for networks that scribe cannot load; they give the same rows for
the same predictions (docs/own-network.md):
  --ask COMMAND        your program predicts while the evaluation runs. Take
                       it where the network runs on this machine.
  --predictions DIR    the files that a program predicted for the pictures of
                       `scribe corrupt-set`. Take it where the network runs
                       elsewhere, or its predictions are there already.
  Evaluator in Python  no command: your own loop adds predictions, with the
                       package of crates/python. Take it where you have an
                       evaluation in Python.
  scribe eval --recipe authors-code --data VOC2012 --as mynet \\
      --label \"My net\" --ask 'python my_net.py'
  scribe corrupt-set --like authors-code --data VOC2012 --out VOC-C224
  scribe eval --recipe authors-code --data VOC2012 --predictions PRED \\
      --as mynet --label \"My net\" --corrupted VOC-C224")]
pub(crate) struct Eval {
    #[command(flatten)]
    run: RunArguments,
    /// Evaluate only this shard of the pictures, I from 1 to N, into RUN/shards/I-of-N.sqlite
    #[arg(long, value_name = "I/N")]
    shard: Option<Shard>,
    /// Evaluate this network (.safetensors or .pth) as the recipe's model ID, without a training; may be repeated. Only the
    /// models that are given a file here are then evaluated
    #[arg(long, value_name = "ID=FILE", value_parser = id_and_file, conflicts_with = "answers")]
    weights: Vec<(String, PathBuf)>,
    /// With --weights: enter the network as a model that the recipe does not have, of the architecture torchvision
    /// (deeplabv3_resnet50, trained with softmax)
    #[arg(long, value_name = "NAME", requires = "weights", value_parser = str::parse::<NetworkName>)]
    network: Option<NetworkName>,
    /// Score the label maps (.png) or logits (.npy) of another program instead of the recipe's networks
    #[arg(long, value_name = "DIR", requires = "id")]
    predictions: Option<PathBuf>,
    /// Score what this program answers when it is asked over its standard input and output, instead of the recipe's
    /// networks: a command for the shell, such as 'python my_net.py'
    #[arg(long, value_name = "COMMAND", requires = "id")]
    ask: Option<String>,
    /// With --ask: start this many processes of the program, at most 64 and at most one for each condition of a picture
    #[arg(long, value_name = "N", default_value = "1", value_parser = whole::<u16>(1..=64), requires = "ask")]
    ask_jobs: u16,
    /// With --ask: end when an answer, or the start of the program, takes longer than this many seconds; 0 waits without end
    #[arg(long, value_name = "SECONDS", default_value_t = 600, value_parser = whole::<u64>(0..=u64::MAX), requires = "ask")]
    ask_timeout: u64,
    /// With --ask or --predictions: the model's id
    #[arg(long = "as", value_name = "ID", requires = "answers", id = "id")]
    id: Option<String>,
    /// With --ask, --predictions or --network: the model's name in tables, which no other model of the run has [default: its name in the run, or its id if it is new]
    #[arg(long, value_name = "TEXT", requires = "entered")]
    label: Option<String>,
    /// With --ask: in which mode the program is asked; with --predictions: how they were made. One of single, msc, or
    /// msc-softmax, msc-sigmoid, msc-logit, msc-rebuild by what is averaged. Files .npy hold logits; in msc, msc-softmax and
    /// msc-sigmoid the averaged probabilities
    #[arg(long, value_name = "MODE", default_value = "single", requires = "answers")]
    mode: String,
    /// With --ask, --predictions or --network: how the classes that are predicted become those that are scored, as a recipe's models.map:
    /// rules such as 'person -> person, * -> background', or a file of them
    #[arg(long, value_name = "RULES", requires = "entered")]
    map: Option<String>,
    /// With --ask, --predictions or --network: the classes that are predicted, where they are others than the recipe's: a preset or a classes file
    #[arg(long, value_name = "CLASSES", requires = "entered")]
    classes: Option<String>,
    /// With --predictions: the folder of `scribe corrupt-set` that was predicted; its settings must be the recipe's
    #[arg(long, value_name = "DIR", requires = "predictions")]
    corrupted: Option<PathBuf>,
}

impl Eval {
    /// Evaluates what is not done yet.
    pub(crate) fn run(&self) -> anyhow::Result<()> {
        let mut run = self.run.run_of(self.run.recipe()?)?;
        run.dir = run.dir.of_shard(self.shard);
        run.inputs.weights = self.weights()?;
        if let Some(network) = self.given_network()? {
            run.recipe = network.added_to(run.recipe, &run.dir)?;
        }
        if self.run.dry_run {
            if self.predictions.is_some() || self.ask.is_some() {
                bail!(
                    "--dry-run forecasts the recipe's networks and does not look into --predictions or --ask (expected one of \
                     the three)"
                );
            }
            return Ok(print(&forecast(&run, Stages::EVALUATE)?)?);
        }
        if let Some(shard) = self.shard {
            // Before a log of that name is begun.
            shard.check(run.recipe.eval.moment_blocks)?;
        }
        super::log::append_to(self.log(&run.dir));
        run.stop = stop_flag()?;
        let given = self.given_predictions(&run.dir);
        if let Some(given) = &given {
            // Before the pictures, which may take minutes to open or be drawn first.
            check_corrupted(&run, given)?;
        }
        run.open(Need::Test)?;
        match (given, self.given_program()) {
            (Some(given), _) => evaluate_predictions(&run, &given),
            (None, Some(given)) => evaluate_program(&run, &given),
            (None, None) => evaluate(&run),
        }
    }

    /// The log file. Shards may run at the same time on several machines, so each has its own next to its store.
    fn log(&self, dir: &RunDir) -> PathBuf {
        match self.shard {
            Some(shard) => dir.shards().join(shard.file_name()).with_extension("log"),
            None => dir.root().join(LOG),
        }
    }

    /// The files of `--weights` by the id of the model.
    fn weights(&self) -> anyhow::Result<BTreeMap<String, PathBuf>> {
        let mut given = BTreeMap::new();
        for (id, path) in &self.weights {
            if let Some(earlier) = given.insert(id.clone(), path.clone()) {
                bail!("--weights {id}=...: given twice, {} and {}", earlier.display(), path.display());
            }
        }
        Ok(given)
    }

    fn given_network(&self) -> anyhow::Result<Option<GivenNetwork>> {
        let Some(network) = self.network else { return Ok(None) };
        let [(id, file)] = self.weights.as_slice() else {
            bail!(
                "--network: is of one network (expected one --weights ID=FILE, got {})",
                self.weights.len()
            );
        };
        Ok(Some(GivenNetwork { file: file.clone(), network, entered: self.entered_as(id) }))
    }

    fn given_predictions(&self, dir: &RunDir) -> Option<GivenPredictions> {
        let (folder, entered) = (self.predictions.clone()?, self.entered()?);
        let remake = self.remake(dir);
        let corrupted = self.corrupted.clone().map(|folder| CorruptedSet { folder, remake });
        Some(GivenPredictions { folder, entered, corrupted })
    }

    fn given_program(&self) -> Option<GivenProgram> {
        Some(GivenProgram {
            command: self.ask.clone()?,
            entered: self.entered()?,
            jobs: usize::from(self.ask_jobs),
            timeout: (self.ask_timeout > 0).then(|| Duration::from_secs(self.ask_timeout)),
        })
    }

    fn entered(&self) -> Option<EnteredAs> {
        self.id.as_deref().map(|id| self.entered_as(id))
    }

    fn entered_as(&self, id: &str) -> EnteredAs {
        let (id, label, mode) = (id.to_owned(), self.label.clone(), self.mode.clone());
        EnteredAs { id, label, mode, classes: self.classes.clone(), map: self.map.clone() }
    }

    /// The command that makes the set that this recipe tests.
    fn remake(&self, dir: &RunDir) -> String {
        let mut words = vec!["scribe corrupt-set --like".to_owned(), quoted(&self.run.recipe)];
        words.extend(self.run.assignments.iter().map(|assignment| format!("--set {}", quoted(assignment))));
        let path = |path: &Path| quoted(&path.to_string_lossy());
        // Without --data the recipe draws its pictures into the run's folder.
        let data = self.run.data.clone().unwrap_or_else(|| dir.synthetic());
        words.push(format!("--data {}", path(&data)));
        words.extend(self.run.frost.as_deref().map(|frost| format!("--frost {}", path(frost))));
        words.push("--out NEW_FOLDER".to_owned());
        words.join(" ")
    }
}

/// A word as it is written for a shell.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=,@+".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

/// `ID=FILE`.
fn id_and_file(text: &str) -> Result<(String, PathBuf), String> {
    match text.split_once('=') {
        Some((id, file)) if !id.is_empty() && !file.is_empty() => Ok((id.to_string(), PathBuf::from(file))),
        _ => Err("expected ID=FILE, for example softmax=net.pth".to_string()),
    }
}
