//! A child process that measures: it reads one request a line and answers with times.

use anyhow::{Context, bail};
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// A running child process. It ends when its input is closed.
pub(crate) struct Measurer {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Measurer {
    /// Starts it.
    pub(crate) fn start(command: &mut Command) -> anyhow::Result<Measurer> {
        let name = format!("{command:?}");
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().context(name)?;
        let input = child.stdin.take().context("its input is a pipe")?;
        let output = BufReader::new(child.stdout.take().context("its output is a pipe")?);
        Ok(Measurer { child, input, output })
    }

    /// Reads its next line.
    pub(crate) fn line(&mut self) -> anyhow::Result<String> {
        let mut line = String::new();
        if self.output.read_line(&mut line)? == 0 {
            bail!("the program ended without an answer");
        }
        Ok(line.trim().to_string())
    }

    /// Sends a request and reads the answer.
    pub(crate) fn answer(&mut self, question: &str) -> anyhow::Result<String> {
        writeln!(self.input, "{question}")?;
        self.line().with_context(|| format!("asked {question}"))
    }

    /// Sends a request and reads the numbers of the answer.
    pub(crate) fn ask(&mut self, question: &str) -> anyhow::Result<Vec<f64>> {
        let answer = self.answer(question)?;
        let numbers = answer.split(' ').map(str::parse);
        numbers.collect::<Result<_, _>>().with_context(|| format!("asked {question}, it answered {answer:?}"))
    }
}

impl Drop for Measurer {
    fn drop(&mut self) {
        // It waits for the next question and has nothing to lose.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
