//! Pixels by kind of mistake; the paper says that most wrong pixels are taken for background.

/// Pixels by kind of mistake; class 0 is the background.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ErrorSplit {
    /// Foreground taken for background.
    pub fg_to_bg: u64,
    /// One foreground class taken for another.
    pub fg_to_fg: u64,
    /// Background taken for foreground.
    pub bg_to_fg: u64,
    /// Foreground that is right.
    pub fg_right: u64,
    /// Background that is right.
    pub bg_right: u64,
}

impl ErrorSplit {
    /// All wrong pixels.
    pub fn wrong(&self) -> u64 {
        self.fg_to_bg + self.fg_to_fg + self.bg_to_fg
    }

    pub(crate) fn count(&mut self, truth: usize, pred: usize, pixels: u64) {
        let slot = match (truth, pred) {
            (0, 0) => &mut self.bg_right,
            (0, _) => &mut self.bg_to_fg,
            (_, 0) => &mut self.fg_to_bg,
            (t, p) if t == p => &mut self.fg_right,
            _ => &mut self.fg_to_fg,
        };
        *slot += pixels;
    }
}
