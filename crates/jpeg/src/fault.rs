//! What can be wrong with the data of a scan.

/// What is wrong with the data of a scan, or with a table that it uses.
///
/// One byte, because each bit that is read returns it: a larger one costs time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The data stop before the last block.
    EndsEarly,
    /// A component lacks scans.
    ScansMissing,
    /// A restart marker is not where it must be.
    RestartMissing,
    /// A Huffman table has fewer symbols than it announces.
    TableCut,
    /// A Huffman table has more codes than its lengths allow.
    TableOverfull,
    /// A Huffman code is in no table.
    UnknownCode,
    /// A table is used before it is defined.
    NoTable,
    /// A block has more than 64 coefficients.
    BlockOverfull,
    /// A DC difference has more than 15 bits.
    DcTooLong,
    /// A progressive scan does not continue the ones before it.
    OutOfOrder,
    /// A progressive scan sets a coefficient that is not in its band.
    OutsideBand,
    /// A refining scan sets a coefficient to a number of several bits.
    RefinesSeveralBits,
    /// An arithmetic code gives a number or a band that no encoder writes.
    ArithmeticCode,
}

impl Fault {
    /// Whether data are missing; otherwise they are damaged.
    pub(crate) fn is_truncation(self) -> bool {
        matches!(self, Fault::EndsEarly | Fault::ScansMissing)
    }

    /// The fault as the end of a sentence that says which of the two it is.
    pub(crate) fn text(self) -> &'static str {
        match self {
            Fault::EndsEarly => "a scan ends before its last block",
            Fault::ScansMissing => "scans are missing",
            Fault::RestartMissing => "a restart marker is missing",
            Fault::TableCut => "a Huffman table is cut",
            Fault::TableOverfull => "a Huffman table holds more codes than there are",
            Fault::UnknownCode => "a Huffman code is in no table",
            Fault::NoTable => "a scan uses a table that is not defined",
            Fault::BlockOverfull => "a block holds more than 64 coefficients",
            Fault::DcTooLong => "a DC difference has more than 15 bits",
            Fault::OutOfOrder => "its progressive scans are out of order",
            Fault::OutsideBand => "a coefficient is outside its scan's band",
            Fault::RefinesSeveralBits => "a refining scan sets a coefficient of several bits",
            Fault::ArithmeticCode => "an arithmetic code leads nowhere",
        }
    }
}
