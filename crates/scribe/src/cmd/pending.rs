//! What is logged before the run's folder is there.

/// The most bytes that are kept. A program that is asked may write without end before its greeting.
const MOST: usize = 1 << 16;

/// The first lines, up to a limit, and how much is left out behind them.
#[derive(Debug, Default)]
pub(super) struct Pending {
    lines: Vec<u8>,
    left_out: LeftOut,
}

#[derive(Debug, Clone, Copy, Default)]
struct LeftOut {
    lines: usize,
    bytes: usize,
}

impl Pending {
    /// None yet.
    pub(super) const EMPTY: Pending = Pending { lines: Vec::new(), left_out: LeftOut { lines: 0, bytes: 0 } };

    /// Keeps whole lines, as long as all of them fit; nothing is kept behind the first that does not.
    pub(super) fn add(&mut self, lines: &[u8]) {
        if self.left_out.bytes == 0 && self.lines.len() + lines.len() <= MOST {
            self.lines.extend(lines);
        } else {
            self.left_out.lines += lines.iter().filter(|byte| **byte == b'\n').count();
            self.left_out.bytes += lines.len();
        }
    }

    /// The lines, and one that says how much is left out, where something is. Nothing is pending any more.
    pub(super) fn take(&mut self) -> Vec<u8> {
        let Pending { mut lines, left_out } = std::mem::replace(self, Pending::EMPTY);
        if left_out.bytes > 0 {
            let LeftOut { lines: n, bytes } = left_out;
            let note = format!(
                "{n} more lines, {bytes} bytes, are left out here: of what is logged before this folder is there, {MOST} bytes \
                 are kept\n"
            );
            lines.extend(note.bytes());
        }
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::{MOST, Pending};

    #[test]
    fn whole_lines_are_kept_and_what_is_left_out_is_counted() {
        let mut pending = Pending::EMPTY;
        pending.add(b"first\n");
        assert_eq!((pending.take(), pending.take()), (b"first\n".to_vec(), Vec::new()));
        let line = [&[b'x'; 99][..], b"\n"].concat();
        (0..1000).for_each(|_| pending.add(&line));
        // This one would fit behind the 655 lines of 100 bytes, but comes after those that do not.
        pending.add(b"short\n");
        let text = String::from_utf8(pending.take()).unwrap();
        assert_eq!(text.lines().filter(|of| of.len() == 99).count(), MOST / 100);
        assert_eq!(
            text.lines().skip(MOST / 100).collect::<Vec<_>>(),
            [
                "346 more lines, 34506 bytes, are left out here: of what is logged before this folder is there, 65536 bytes are kept"
            ]
        );
        assert!(pending.take().is_empty());
    }
}
