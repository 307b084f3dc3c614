//! Programs that are asked over pipes: what they answer is counted as that of any other predictor, and what is wrong with
//! them is said.
//!
//! The test starts itself as the program that is asked; so it has a `main` of its own.

#[path = "ask/asked.rs"]
mod asked;
#[path = "ask/broken.rs"]
mod broken;
mod common;
#[path = "ask/counted.rs"]
mod counted;
#[allow(dead_code, reason = "the example's own `main`")]
#[path = "../examples/answer_questions.rs"]
mod example;
#[path = "ask/reference.rs"]
mod reference;

use common::CLASSES;
use scribe_eval::{AskError, AskSettings, AskedProgram};
use std::time::Duration;

/// The settings of this test as a program that behaves so.
fn settings(behaviour: &str) -> AskSettings {
    let me = std::env::current_exe().unwrap();
    let command = format!("'{}' answer '{behaviour}'", me.display());
    AskSettings::new(command, "net", CLASSES).timeout(Some(Duration::from_secs(60)))
}

fn start(behaviour: &str) -> Result<AskedProgram, AskError> {
    AskedProgram::start(&settings(behaviour))
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [first, behaviour] = arguments.as_slice()
        && first == "answer"
    {
        return asked::behave(behaviour);
    }
    let cases: &[(&str, fn())] = &[
        ("rows are those of the same network without pipes", counted::rows_are_those_without_pipes),
        ("scores of several scales are averaged", counted::several_scales),
        ("what stands for a network", counted::identity),
        ("what is wrong before the first answer", broken::greetings),
        ("what is wrong with an answer", broken::answers),
        ("a wrong answer leaves the program usable", broken::a_wrong_answer_fails_alone),
        ("a program that is lost", broken::lost),
        ("a program that ended before its child", broken::ended_before_its_child),
        ("a stop ends the wait", broken::stopped),
        ("a program ends with its last question", broken::ends),
    ];
    for (name, case) in cases {
        case();
        eprintln!("test {name} ... ok");
    }
}
