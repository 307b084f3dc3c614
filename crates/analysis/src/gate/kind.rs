//! What a threshold bounds.

/// What a threshold bounds. A loss and a gain are signed so that a positive loss is worse, whichever direction of the
/// measure is the better one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// The value, from below.
    Min,
    /// The value, from above.
    Max,
    /// How much worse it is than on clean images, from above.
    MaxDrop,
    /// How much worse it is than the baseline, from above: a test of non-inferiority.
    MaxLoss,
    /// How much better it is than the baseline, from below: a test of superiority.
    MinGain,
    /// The difference to the baseline, from both sides: a test of equivalence.
    Equivalent,
}

impl Kind {
    /// All of them, in the order in which they are judged.
    pub const ALL: [Kind; 6] =
        [Kind::Min, Kind::Max, Kind::MaxDrop, Kind::MaxLoss, Kind::MinGain, Kind::Equivalent];

    /// The name on the command line and in files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Kind::Min => "min",
            Kind::Max => "max",
            Kind::MaxDrop => "max-drop",
            Kind::MaxLoss => "max-loss",
            Kind::MinGain => "min-gain",
            Kind::Equivalent => "equivalent",
        }
    }

    /// Whether it compares with a baseline run.
    #[must_use]
    pub fn needs_baseline(self) -> bool {
        matches!(self, Kind::MaxLoss | Kind::MinGain | Kind::Equivalent)
    }

    /// Whether its number must be at least the bound; otherwise at most.
    pub(super) fn is_lower_bound(self) -> bool {
        matches!(self, Kind::Min | Kind::MinGain)
    }
}
