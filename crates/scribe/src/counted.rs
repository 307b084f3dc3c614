//! What a recipe can count besides confusion matrices, by name.

use scribe_eval::{CalibrationWanted, MomentsWanted, Pass};
use scribe_records::Mode;

/// All of them.
pub(crate) const NAMES: [&str; 5] =
    ["moments", "cross_moments", "calibration", "temperatures", "non_distinctiveness"];

/// The pass, which then counts what a recipe's list names; the names were checked.
///
/// Moments are summed in the mode `single` under every condition of the pass, calibration (over `bins` bins) and END in
/// all `modes`, calibration over temperatures in the mode `single`. Cross-moments are summed in the mode `single`; of many classes not under every condition.
pub(crate) fn counting<'a>(pass: Pass<'a>, names: &[String], bins: usize, modes: &[Mode]) -> Pass<'a> {
    let wanted = |name: &str| names.iter().any(|n| n == name);
    let single = |name: &str| if wanted(name) { vec![Mode::single()] } else { Vec::new() };
    let classes = pass.entrants.iter().map(|entrant| entrant.predictor.class_count()).max().unwrap_or(0);
    Pass {
        moments: MomentsWanted { conditions: pass.conditions.clone(), modes: single("moments") },
        cross_moments: MomentsWanted::across(&pass.conditions, classes, single("cross_moments")),
        calibration: wanted("calibration").then(|| CalibrationWanted { bins, modes: modes.to_vec() }),
        temperatures: wanted("temperatures")
            .then(|| CalibrationWanted { bins, modes: single("temperatures") }),
        non_distinctiveness: if wanted("non_distinctiveness") { modes.to_vec() } else { Vec::new() },
        ..pass
    }
}
