//! DeepLabV3 and DeepLabV3+ on candle, the operators that candle lacks, and the three objectives.

pub mod ops;
