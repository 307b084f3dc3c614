//! The names of what is counted beside confusions, in recipes.

use scribe_eval::{CalibrationWanted, MomentsWanted};
use scribe_records::{Condition, Mode};

/// All of them.
pub const NAMES: [&str; 4] = ["moments", "cross_moments", "calibration", "non_distinctiveness"];

/// What an evaluation is asked to count beside confusions.
pub struct Wanted {
    /// Logit moments, of the single-scale mode.
    pub moments: MomentsWanted,
    /// Modes of cross-moments: the single-scale one.
    pub cross_moments: Vec<Mode>,
    /// Calibration, of every mode.
    pub calibration: Option<CalibrationWanted>,
    /// Modes of END; those that do not give logits have none.
    pub end: Vec<Mode>,
}

/// Reads a recipe's list; `names` were checked.
pub fn wanted(names: &[String], bins: usize, modes: &[Mode], conditions: &[Condition]) -> Wanted {
    let asked = |name: &str| names.iter().any(|n| n == name);
    let single = |name: &str| if asked(name) { vec![Mode::single()] } else { Vec::new() };
    Wanted {
        moments: MomentsWanted { conditions: conditions.to_vec(), modes: single("moments") },
        cross_moments: single("cross_moments"),
        calibration: asked("calibration").then(|| CalibrationWanted { bins, modes: modes.to_vec() }),
        end: if asked("non_distinctiveness") { modes.to_vec() } else { Vec::new() },
    }
}
