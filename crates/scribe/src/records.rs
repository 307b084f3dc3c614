//! The names by which a recipe asks for more than confusions.

use scribe_eval::{CalibrationWanted, MomentsWanted};
use scribe_records::{Condition, Mode};

/// All of them.
pub(crate) const NAMES: [&str; 4] = ["moments", "cross_moments", "calibration", "non_distinctiveness"];

/// What an evaluation counts beside confusions.
pub(crate) struct Wanted {
    /// Logit moments, of the single-scale mode.
    pub(crate) moments: MomentsWanted,
    /// Modes of cross-moments: the single-scale one.
    pub(crate) cross_moments: Vec<Mode>,
    /// Calibration, of every mode.
    pub(crate) calibration: Option<CalibrationWanted>,
    /// Modes of END; those that do not give logits have none.
    pub(crate) end: Vec<Mode>,
}

/// Reads a recipe's list, whose `names` were checked.
pub(crate) fn wanted(names: &[String], bins: usize, modes: &[Mode], conditions: &[Condition]) -> Wanted {
    let is_wanted = |name: &str| names.iter().any(|n| n == name);
    let single = |name: &str| if is_wanted(name) { vec![Mode::single()] } else { Vec::new() };
    Wanted {
        moments: MomentsWanted { conditions: conditions.to_vec(), modes: single("moments") },
        cross_moments: single("cross_moments"),
        calibration: is_wanted("calibration").then(|| CalibrationWanted { bins, modes: modes.to_vec() }),
        end: if is_wanted("non_distinctiveness") { modes.to_vec() } else { Vec::new() },
    }
}
