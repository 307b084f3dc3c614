//! One line of an audit: what is printed, what follows from the other printed numbers, and how the two go together.

use scribe_base::excerpt;

/// How a finding is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A printed number does not follow from the printed numbers that it stands for, however these were rounded.
    Wrong,
    /// A row that hardly holds what was measured: no sum gives it away, but the other rows do.
    Suspect,
    /// A sentence of the paper does not agree with a printed number or with another sentence.
    Contradicts,
    /// A printed number differs from the one recomputed, by no more than rounding of the printed numbers can explain.
    Rounding,
    /// Recomputed or noticed, for use beside the printed numbers; nothing need be wrong with it.
    Note,
}

impl Kind {
    /// All kinds, in the order in which findings are listed.
    pub const ALL: [Kind; 5] = [Kind::Wrong, Kind::Suspect, Kind::Contradicts, Kind::Rounding, Kind::Note];

    /// The word in CSV and JSON.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Wrong => "wrong",
            Kind::Suspect => "suspect",
            Kind::Contradicts => "contradicts",
            Kind::Rounding => "rounding",
            Kind::Note => "note",
        }
    }

    /// The heading above findings of this kind.
    pub fn title(self) -> &'static str {
        match self {
            Kind::Wrong => "Printed numbers that do not add up",
            Kind::Suspect => "Rows that hardly hold what was measured",
            Kind::Contradicts => "Sentences that do not agree",
            Kind::Rounding => "Printed numbers that differ by no more than rounding can explain",
            Kind::Note => "Recomputed or noticed, for use beside the printed numbers",
        }
    }

    /// Whether it counts as a fault.
    pub fn is_fault(self) -> bool {
        matches!(self, Kind::Wrong | Kind::Suspect | Kind::Contradicts)
    }
}

/// One line of an audit.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// How it is to be read.
    pub kind: Kind,
    /// Where: `Table 1`, `line 7`; empty where no single place is meant.
    pub place: String,
    /// The model; empty where none is meant.
    pub model: String,
    /// The corruption, column or measure; empty where none is meant.
    pub column: String,
    /// The printed number, in the table's unit or the one that the text names.
    pub printed: Option<f64>,
    /// What follows from the other printed numbers, in the same unit.
    pub recomputed: Option<f64>,
    /// The digits behind the point of `printed`; `recomputed` and the difference are shown with one more.
    pub decimals: usize,
    /// The finding in a sentence, without its full stop.
    pub text: String,
}

impl Finding {
    pub(crate) fn new(kind: Kind, place: &str, text: String) -> Finding {
        let (model, column) = (String::new(), String::new());
        Finding {
            kind,
            place: place.to_owned(),
            model,
            column,
            printed: None,
            recomputed: None,
            decimals: 1,
            text,
        }
    }

    pub(crate) fn of(mut self, model: &str, column: &str) -> Finding {
        // A name may be as long as the table, and stand in every finding.
        self.model = excerpt::of(model).into_owned();
        self.column = excerpt::of(column).into_owned();
        self
    }

    pub(crate) fn numbers(mut self, printed: f64, recomputed: f64) -> Finding {
        self.printed = Some(printed);
        self.recomputed = Some(recomputed);
        self
    }

    /// Printed minus recomputed.
    pub fn difference(&self) -> Option<f64> {
        Some(self.printed? - self.recomputed?)
    }

    /// Place, model, column and text as a sentence.
    pub fn sentence(&self) -> String {
        let column = if self.column == "all" { "" } else { self.column.as_str() };
        let places = [self.place.as_str(), self.model.as_str(), column];
        let place: Vec<&str> = places.into_iter().filter(|p| !p.is_empty()).collect();
        format!("{}: {}.", place.join(", "), self.text)
    }
}
