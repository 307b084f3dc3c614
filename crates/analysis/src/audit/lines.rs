//! The line of a place in a text.

/// Line numbers of places that are asked for in ascending order.
pub(super) struct Lines<'t> {
    text: &'t [u8],
    /// How far lines have been counted, in bytes.
    at: usize,
    /// The line there, from 1.
    line: u64,
}

impl<'t> Lines<'t> {
    pub(super) fn new(text: &'t str) -> Lines<'t> {
        Lines { text: text.as_bytes(), at: 0, line: 1 }
    }

    /// The line of the first character at or behind a byte that ends no line: a record is said to begin where the one
    /// before it ends.
    pub(super) fn at(&mut self, byte: u64) -> u64 {
        let from = usize::try_from(byte).unwrap_or(usize::MAX).clamp(self.at, self.text.len());
        let skipped = self.text[from..].iter().take_while(|b| matches!(**b, b'\r' | b'\n')).count();
        let to = from + skipped;
        self.line += self.text[self.at..to].iter().filter(|b| **b == b'\n').count() as u64;
        self.at = to;
        self.line
    }
}

#[cfg(test)]
mod tests {
    use super::Lines;

    /// "b" is in the second line and "c" in the fourth, whatever ends the lines.
    #[test]
    fn lines_are_those_of_an_editor() {
        let mut unix = Lines::new("a\nb\n\nc\n");
        assert_eq!([0, 1, 3].map(|byte| unix.at(byte)), [1, 2, 4]);
        let mut windows = Lines::new("a\r\nb\r\n\r\nc\r\n");
        assert_eq!([0, 2, 5].map(|byte| windows.at(byte)), [1, 2, 4]);
    }
}
