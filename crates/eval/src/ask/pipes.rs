//! The two pipes of a process: a thread writes its questions, and another one reads its answers.

use super::frame::{self, Fault};
use std::io::Write;
use std::process::{ChildStdin, ChildStdout};
use std::sync::mpsc::{Receiver, Sender, channel};

/// A frame to write, with the greatest length of its answer.
pub(super) type Posted = (Vec<u8>, u64);
/// The buffer of an answer, or why there is none.
pub(super) type Answered = std::result::Result<Vec<u8>, Fault>;

/// Takes over the pipes. Questions are written in their order, each while the ones before are still answered, so that the
/// process finds the next one when it has answered one. Dropping the sender closes its standard input. The answers end
/// after the first that is none.
pub(super) fn connect(stdin: ChildStdin, stdout: ChildStdout) -> (Sender<Posted>, Receiver<Answered>) {
    enlarge(&stdin);
    enlarge(&stdout);
    let (post, posted) = channel();
    let (expect, expected) = channel();
    let (answer, answers) = channel();
    std::thread::spawn(move || write(stdin, &posted, &expect));
    std::thread::spawn(move || read(stdout, &expected, &answer));
    (post, answers)
}

/// Lets a pipe hold a question of several pictures. Of the usual 64 KiB a process reads its question in many pieces, and
/// waits for each.
#[cfg(target_os = "linux")]
fn enlarge(pipe: &impl std::os::fd::AsFd) {
    // As much as the kernel gives to anybody (`/proc/sys/fs/pipe-max-size`). Where it gives less, the pipe stays as it is.
    const BYTES: usize = 1 << 20;
    let _ = rustix::pipe::fcntl_setpipe_size(pipe, BYTES);
}

#[cfg(not(target_os = "linux"))]
fn enlarge<P>(_: &P) {}

/// Writes each question, after it has told how long its answer may be.
fn write(mut stdin: ChildStdin, posted: &Receiver<Posted>, expect: &Sender<u64>) {
    for (frame, most) in posted {
        if expect.send(most).is_err() {
            return;
        }
        // A process that ends before it has read the question may still have written why.
        let _ = stdin.write_all(&frame).and_then(|()| stdin.flush());
    }
}

/// Reads an answer to each question, until there are no more questions or no more answers.
fn read(mut stdout: ChildStdout, expected: &Receiver<u64>, answer: &Sender<Answered>) {
    for most in expected {
        let read = frame::read(&mut stdout, most);
        let lost = read.is_err();
        if answer.send(read).is_err() || lost {
            return;
        }
    }
}
