//! A program that is asked line by line how long something took.

use anyhow::{Context, bail};
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// A running program; it ends when its input does.
pub struct Asked {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Asked {
    /// Starts it.
    pub fn start(command: &mut Command) -> anyhow::Result<Asked> {
        let name = format!("{command:?}");
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().context(name)?;
        let input = child.stdin.take().context("its input is a pipe")?;
        let output = BufReader::new(child.stdout.take().context("its output is a pipe")?);
        Ok(Asked { child, input, output })
    }

    /// The next line that it writes.
    pub fn line(&mut self) -> anyhow::Result<String> {
        let mut line = String::new();
        if self.output.read_line(&mut line)? == 0 {
            bail!("the program ended without an answer");
        }
        Ok(line.trim().to_string())
    }

    /// Asks, and reads the answer.
    pub fn answer(&mut self, question: &str) -> anyhow::Result<String> {
        writeln!(self.input, "{question}")?;
        self.line().with_context(|| format!("asked {question}"))
    }

    /// Asks, and reads the numbers of the answer.
    pub fn ask(&mut self, question: &str) -> anyhow::Result<Vec<f64>> {
        let answer = self.answer(question)?;
        let numbers = answer.split(' ').map(str::parse);
        numbers.collect::<Result<_, _>>().with_context(|| format!("asked {question}, it answered {answer:?}"))
    }
}

impl Drop for Asked {
    fn drop(&mut self) {
        // It waits for the next question and has nothing to lose.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
