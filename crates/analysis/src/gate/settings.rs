//! How thresholds are judged.

use crate::bootstrap::Bootstrap;
use crate::summary::ModeChoice;

/// How thresholds are judged.
#[derive(Debug, Clone, PartialEq)]
pub struct GateSettings {
    /// The resamples. A verdict is a one-sided test at level alpha = (1 - level) / 2.
    pub bootstrap: Bootstrap,
    /// Whether the value alone is judged, without the bound of its interval.
    pub by_point: bool,
    /// The mode of every number; `None` for the modes of Table 1.
    pub mode: Option<ModeChoice>,
    /// Id or name of the reference of corruption errors; `None` for the report's.
    pub reference: Option<String>,
    /// Id or name of the baseline's model that every model is compared with; `None` for the one of the same id, or the
    /// only one.
    pub baseline_model: Option<String>,
}

impl Default for GateSettings {
    fn default() -> GateSettings {
        GateSettings {
            bootstrap: Bootstrap::STANDARD,
            by_point: false,
            mode: None,
            reference: None,
            baseline_model: None,
        }
    }
}
