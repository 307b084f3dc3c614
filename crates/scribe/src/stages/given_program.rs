//! A program that is asked, and which network a store's results came from.

use super::entered_as::EnteredAs;
use super::run::Run;
use anyhow::{Context, bail};
use scribe_eval::{AskSettings, AskedProgram};
use scribe_records::ModelInfo;
use std::path::Path;
use std::time::Duration;

/// How many of the first test pictures stand for a network that its program does not name.
const PROBED: usize = 4;
/// What begins a `checkpoint_sha256` of such a model.
const ASKED: &str = "ask:";

/// A command that predicts, and how it is entered.
#[derive(Clone, Debug)]
pub struct GivenProgram {
    /// The command, for the shell.
    pub command: String,
    /// Names, mode and classes.
    pub entered: EnteredAs,
    /// How many processes of it are started.
    pub jobs: usize,
    /// The longest that an answer may take; `None` waits without end.
    pub timeout: Option<Duration>,
}

impl GivenProgram {
    /// Starts it.
    ///
    /// # Errors
    /// It cannot be started, or does not greet as it should.
    pub(super) fn start(&self, run: &Run, class_count: usize) -> anyhow::Result<AskedProgram> {
        let settings = AskSettings::new(&self.command, &self.entered.id, class_count)
            .jobs(self.jobs_of(run)?)
            .timeout(self.timeout)
            .stop(run.stop.clone());
        let program = AskedProgram::start(&settings).context("--ask")?;
        let hello = program.hello();
        let (id, classes, batch) = (&self.entered.id, hello.class_count, hello.batch);
        tracing::info!("{id}: {classes} classes, at most {batch} pictures in a question");
        if !hello.unknown.is_empty() {
            let names = hello.unknown.join(", ");
            tracing::warn!(
                "{id}: its greeting has entries that mean nothing: {names} (FORMAT.md lists the others)"
            );
        }
        Ok(program)
    }

    /// How many processes are started: no more than a picture has conditions, since a batch holds conditions of one picture.
    ///
    /// # Errors
    /// The test pictures were not opened.
    pub(super) fn jobs_of(&self, run: &Run) -> anyhow::Result<usize> {
        let protocol = run.protocol()?;
        let conditions = 1 + protocol.corruptions.len() * protocol.severities.len();
        if self.jobs > conditions {
            tracing::info!("--ask-jobs {}: {conditions} are enough for as many conditions", self.jobs);
        }
        Ok(self.jobs.min(conditions))
    }

    /// What stands for the network in a store: the name that the program gives it, or what it predicts for the first of
    /// the clean test pictures.
    ///
    /// # Errors
    /// A picture cannot be read, or the program cannot predict it.
    pub(super) fn identity(&self, run: &Run, program: &AskedProgram, mark: &str) -> anyhow::Result<String> {
        let (pictures, protocol) = (run.pictures()?, run.protocol()?);
        let mut probes = Vec::new();
        for id in pictures.test_ids().iter().take(PROBED) {
            let picture = pictures.test()?.load_picture(id)?;
            protocol.view.check(picture.dimensions()).with_context(|| format!("picture {id}"))?;
            probes.push((id.as_str(), protocol.view.apply_picture(&picture)));
        }
        let probes: Vec<_> = probes.iter().map(|(id, picture)| (*id, picture)).collect();
        let identity = program.identity(&probes).context("--ask: the first clean pictures")?;
        Ok(format!("{ASKED}{identity}{mark}"))
    }

    /// The model as the store at `path` has it, or as it is entered now.
    ///
    /// # Errors
    /// When the results in the store are of another network.
    pub(super) fn model_info(&self, path: &Path, identity: String) -> anyhow::Result<ModelInfo> {
        let Some(earlier) = self.entered.earlier(path)? else {
            return self.entered.new_model("a program that is asked", identity);
        };
        let (path, id, found) = (path.display(), &earlier.id, &earlier.checkpoint_sha256);
        let elsewhere = "enter it under another --as id or into another run (--name)";
        if found.is_empty() {
            tracing::warn!(
                "{path}: it does not say which network the results of model `{id}` are of; taking this one for it"
            );
        } else if !found.starts_with(ASKED) {
            bail!("{path}: the results of model `{id}` are not of a program that was asked: {elsewhere}");
        } else if *found != identity && network(found) == network(&identity) {
            bail!(
                "{path}: the results of model `{id}` were mapped by another --map or from other --classes (expected the same: \
                 {elsewhere})"
            );
        } else if *found != identity {
            bail!(
                "{path}: the results of model `{id}` are of another network ({}) than this program's ({}): {elsewhere}. A \
                 network whose answers vary from one start to the next needs a name, `network` in the greeting",
                network(found),
                network(&identity)
            );
        }
        Ok(self.entered.relabelled(earlier))
    }
}

/// The identity without the mark of a map.
fn network(identity: &str) -> &str {
    let identity = identity.strip_prefix(ASKED).unwrap_or(identity);
    identity.rsplit_once(" map:").map_or(identity, |(network, _)| network)
}
