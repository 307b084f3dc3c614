//! The folders of a torture: what subjects start from, and what they leave when nobody disturbs them.

use crate::common;
use crate::compare::{Left, left};
use crate::options::Options;
use crate::subject::{Start, Subject, until};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use scribe_base::kill_point::KILL_LOG;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::rc::Rc;
use std::time::{Duration, Instant};

/// What an undisturbed call of a subject did.
pub(crate) struct Calm {
    /// What it left.
    pub(crate) left: Left,
    /// How long it took.
    pub(crate) duration: Duration,
    /// The kill points that each command reached, in their order; none in a program without them.
    pub(crate) points: Vec<Vec<String>>,
}

pub(crate) struct World {
    folder: PathBuf,
    temporary: Option<tempfile::TempDir>,
    program: PathBuf,
    calm: BTreeMap<&'static str, Rc<Calm>>,
    trials: u32,
    pub(crate) random: ChaCha8Rng,
}

impl World {
    pub(crate) fn new(options: &Options) -> World {
        let temporary = options.folder.is_none().then(|| tempfile::tempdir().unwrap());
        let folder = options.folder.clone().unwrap_or_else(|| temporary.as_ref().unwrap().path().to_owned());
        fs::create_dir_all(&folder).unwrap();
        // A copy: the program is built again while a long torture runs.
        let program = folder.join("scribe");
        fs::copy(env!("CARGO_BIN_EXE_scribe"), &program).unwrap();
        let random = ChaCha8Rng::seed_from_u64(options.seed);
        World { folder, temporary, program, calm: BTreeMap::new(), trials: 0, random }
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Leaves the folder where it is.
    pub(crate) fn keep(&mut self) {
        if let Some(temporary) = self.temporary.take() {
            let _ = temporary.keep();
        }
    }

    /// The program in `folder`, with its output going to `said.txt` there.
    pub(crate) fn command(&self, folder: &Path, arguments: &[String]) -> Command {
        let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let alike = common::scribe(folder, &words);
        let mut command = Command::new(&self.program);
        command.args(alike.get_args()).current_dir(folder).env("XDG_CACHE_HOME", folder.join("no-cache"));
        let said = fs::OpenOptions::new().create(true).append(true).open(beside(folder, "said.txt")).unwrap();
        command.env_remove("SCRIBE_SET").stdin(Stdio::null()).stdout(Stdio::null()).stderr(said);
        command
    }

    /// Runs commands to their end; an error names the first that fails.
    pub(crate) fn finish(&self, folder: &Path, commands: &[Vec<String>]) -> Result<(), String> {
        for arguments in commands {
            let status = self.command(folder, arguments).status().unwrap();
            if !status.success() {
                let said = fs::read_to_string(beside(folder, "said.txt")).unwrap_or_default();
                let last: Vec<&str> = said.lines().rev().take(3).collect();
                return Err(format!("`{}` fails: {}", arguments[0], last.join(" | ")));
            }
        }
        Ok(())
    }

    /// A new folder with what the subject starts from.
    pub(crate) fn begin(&mut self, subject: &Subject) -> PathBuf {
        self.trials += 1;
        let start = self.start(subject.start);
        let folder = self.folder.join(format!("{:04}-{}", self.trials, subject.name));
        copy(&start, &folder);
        folder
    }

    /// The folder that subjects start from, made when it is first asked for.
    pub(crate) fn start(&self, start: Start) -> PathBuf {
        let folder = self.folder.join(format!("start-{start:?}").to_lowercase());
        if !folder.exists() {
            fs::create_dir(&folder).unwrap();
            fs::write(folder.join("net.py"), include_str!("../ask/net.py")).unwrap();
            self.finish(&folder, &until(start)).unwrap();
        }
        folder
    }

    /// What the subject does when nobody disturbs it.
    pub(crate) fn calm(&mut self, subject: &Subject) -> Rc<Calm> {
        if let Some(calm) = self.calm.get(subject.name) {
            return calm.clone();
        }
        let folder = self.folder.join(format!("calm-{}", subject.name));
        copy(&self.start(subject.start), &folder);
        let (mut duration, mut points) = (Duration::ZERO, Vec::new());
        for (number, arguments) in subject.commands.iter().enumerate() {
            let log = beside(&folder, &format!("points-{number}.txt"));
            let begun = Instant::now();
            let status = self.command(&folder, arguments).env(KILL_LOG, &log).status().unwrap();
            assert!(status.success(), "{arguments:?} fails in {}", folder.display());
            duration += begun.elapsed();
            points.push(fs::read_to_string(&log).unwrap_or_default().lines().map(str::to_owned).collect());
        }
        let calm = Rc::new(Calm { left: left(&folder), duration, points });
        self.calm.insert(subject.name, calm.clone());
        calm
    }
}

/// A file that belongs to a folder and is not in it.
pub(crate) fn beside(folder: &Path, what: &str) -> PathBuf {
    folder.with_file_name(format!("{}.{what}", folder.file_name().unwrap().to_string_lossy()))
}

/// Copies a folder with everything in it.
pub(crate) fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let (path, target) = {
            let entry = entry.unwrap();
            (entry.path(), to.join(entry.file_name()))
        };
        if path.is_dir() { copy(&path, &target) } else { fs::copy(&path, &target).map(drop).unwrap() }
    }
}
