//! Stops the program at Ctrl-C (SIGINT) or SIGTERM: the first one finishes the work at hand, the second ends at once.
//!
//! SIGHUP keeps its meaning: under `nohup` it is ignored, and a run outlives its terminal.

use anyhow::Context;
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

/// The number of the signal that came; 0 before.
static SIGNAL: OnceLock<Arc<AtomicUsize>> = OnceLock::new();

/// How often the flag is looked at to answer a signal with a message. The flag itself is raised at once.
const INTERVAL: Duration = Duration::from_millis(100);

/// A flag that is raised by the first SIGINT or SIGTERM.
///
/// # Errors
/// When the system does not let the program handle signals.
pub(crate) fn stop_flag() -> anyhow::Result<Arc<AtomicBool>> {
    let raised = Arc::new(AtomicBool::new(false));
    let signal = SIGNAL.get_or_init(Arc::default);
    for (number, code) in [(SIGINT, 130), (SIGTERM, 143)] {
        let context = || "cannot listen for signals";
        // In this order: only the second signal finds the flag raised.
        flag::register_conditional_shutdown(number, code, raised.clone()).with_context(context)?;
        flag::register_usize(number, signal.clone(), number as usize).with_context(context)?;
        flag::register(number, raised.clone()).with_context(context)?;
    }
    let seen = raised.clone();
    std::thread::spawn(move || {
        while !seen.load(Ordering::SeqCst) {
            std::thread::sleep(INTERVAL);
        }
        super::output::say("finishing the work at hand; once more to end at once");
    });
    Ok(raised)
}

/// The exit code of a program that a signal stopped, by the convention of shells: 130 for SIGINT, 143 for SIGTERM.
pub(crate) fn code() -> Option<u8> {
    let number = SIGNAL.get()?.load(Ordering::SeqCst);
    (number > 0).then(|| 128 + number as u8)
}
