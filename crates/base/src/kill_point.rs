//! Points at which a test ends the process, to see whether a kill at that very moment loses anything.
//!
//! Only programs that are built with the feature `kill-points` have them; in all others [`reached`] does nothing.

/// The variable that says at which point the process ends: 1 is the first that any thread reaches.
pub const KILL_AT: &str = "SCRIBE_KILL_AT";

/// The variable that names a file to which each point that is reached adds its name as a line.
pub const KILL_LOG: &str = "SCRIBE_KILL_LOG";

/// Says that the process is at the point called `name`.
#[cfg(not(feature = "kill-points"))]
#[inline]
pub fn reached(_name: &'static str) {}

/// Says that the process is at the point called `name`. It ends there at once, without destructors and without flushing
/// anything, if [`KILL_AT`] says so.
#[cfg(feature = "kill-points")]
pub fn reached(name: &'static str) {
    use std::io::Write;
    use std::sync::atomic::{AtomicU64, Ordering};
    static REACHED: AtomicU64 = AtomicU64::new(0);
    let number = REACHED.fetch_add(1, Ordering::SeqCst) + 1;
    if let Some(path) = std::env::var_os(KILL_LOG) {
        let file = std::fs::OpenOptions::new().create(true).append(true).open(path);
        // Only a test reads it, and it notices that lines are missing.
        let _ = file.and_then(|mut file| file.write_all(format!("{name}\n").as_bytes()));
    }
    if std::env::var(KILL_AT).is_ok_and(|wanted| wanted == number.to_string()) {
        std::process::abort();
    }
}
