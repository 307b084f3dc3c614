//! What is killed: commands, and the folder that they start from.

use crate::log::Log;
use crate::options::Options;
use std::process::Command;

/// The smoke recipe made so small that it trains and evaluates in seconds.
const SETTINGS: [&str; 10] = [
    "data.synthetic.train=8",
    "data.synthetic.val=6",
    "train.batch=4",
    "train.steps=60",
    "train.validate_every=10",
    "model.width=0.0625",
    "eval.view=squash:48",
    "eval.corruptions=[\"fog\",\"contrast\"]",
    "eval.severities=[1,5]",
    "eval.panels=1",
];

/// Which folder a subject starts from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Start {
    /// An empty one.
    Empty,
    /// One with a drawn set and the program that is asked.
    Data,
    /// One whose networks are trained.
    Trained,
    /// One whose shards are evaluated too.
    Sharded,
    /// One whose networks are evaluated.
    Evaluated,
}

/// Commands that are run one after another, and one of them is killed.
pub(crate) struct Subject {
    pub(crate) name: &'static str,
    pub(crate) start: Start,
    pub(crate) commands: Vec<Vec<String>>,
    /// The file with the process id of the asked program, where that is killed and not scribe.
    pub(crate) asked: Option<&'static str>,
}

/// Everything that is asked for and can be done here.
pub(crate) fn all(options: &Options, log: &mut Log) -> Vec<Subject> {
    let mut subjects = vec![
        subject("reproduce", Start::Empty, vec![small("reproduce", &[])]),
        subject("train", Start::Empty, vec![small("train", &[])]),
        subject("eval", Start::Trained, vec![small("eval", &[])]),
        subject("shards", Start::Trained, shards()),
        subject("merge", Start::Sharded, vec![words("merge runs/smoke --replace")]),
        subject("corrupt-set", Start::Data, vec![corrupt_set()]),
        subject("report", Start::Evaluated, vec![words("report runs/smoke")]),
        subject("export", Start::Evaluated, vec![words("export runs/smoke --format csv")]),
        subject("ask", Start::Data, vec![ask()]),
        Subject { asked: Some("net.pid"), ..subject("ask-program", Start::Data, vec![ask()]) },
    ];
    subjects.retain(|subject| options.wants(subject.name));
    let python = Command::new("python3").args(["-c", "import json, array"]).output();
    if !python.is_ok_and(|output| output.status.success())
        && subjects.iter().any(|s| s.name.starts_with("ask"))
    {
        log.line("ask, ask-program: skipped, there is no python3");
        subjects.retain(|subject| !subject.name.starts_with("ask"));
    }
    subjects
}

/// The commands that bring an empty folder to a start.
pub(crate) fn until(start: Start) -> Vec<Vec<String>> {
    match start {
        Start::Empty => Vec::new(),
        Start::Data => vec![words("data synth set --train 4 --val 6 --width 48 --height 40")],
        Start::Trained => vec![small("train", &[])],
        Start::Sharded => [vec![small("train", &[])], shards()[..2].to_vec()].concat(),
        Start::Evaluated => vec![small("train", &[]), small("eval", &[])],
    }
}

fn subject(name: &'static str, start: Start, commands: Vec<Vec<String>>) -> Subject {
    Subject { name, start, commands, asked: None }
}

fn words(text: &str) -> Vec<String> {
    text.split(' ').map(str::to_owned).collect()
}

fn small(command: &str, more: &[&str]) -> Vec<String> {
    let sets = SETTINGS.iter().flat_map(|assignment| ["--set", *assignment]);
    [command].into_iter().chain(sets).chain(more.iter().copied()).map(str::to_owned).collect()
}

fn shards() -> Vec<Vec<String>> {
    let shard = |which: &str| small("eval", &["--shard", which]);
    vec![shard("1/2"), shard("2/2"), words("merge runs/smoke --replace")]
}

fn corrupt_set() -> Vec<String> {
    words(
        "corrupt-set --images set/JPEGImages --out C --corruptions fog,contrast,jpeg_compression --severities 1,3,5",
    )
}

fn ask() -> Vec<String> {
    let mut asking = words("eval --data set --as red --ask");
    asking.push("python3 net.py sleep=0.01 pid=net.pid".to_owned());
    let settings = SETTINGS.iter().filter(|assignment| assignment.starts_with("eval."));
    asking.extend(settings.flat_map(|assignment| ["--set".to_owned(), (*assignment).to_owned()]));
    asking
}
