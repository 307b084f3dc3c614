//! How the channels of one pixel make one number.

/// How the channels of one pixel make one number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChannelReduction {
    /// The sum over the `K` channels.
    Sum,
    /// The mean over the `K` channels, as the authors' notebook has it.
    Mean,
}
