//! Cutting a result into rectangles whose pixels all read the same taps.
//!
//! A tap that reads nothing but padding costs nothing when it is left out. With a dilation near the size of the map that
//! is most of the work: at dilation 18 on a 14x14 map only the centre tap of nine is left.

use super::geometry::inside;
use std::ops::Range;

/// One tap along one side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tap {
    /// Its index in the kernel.
    pub(super) index: usize,
    /// Where grid index 0 reads, relative to the picture.
    pub(super) offset: isize,
}

/// One side of a grid of results: result `i` reads at `i * step + offset` of a picture side of `size`.
#[derive(Clone, Debug)]
pub(super) struct Side {
    pub(super) count: usize,
    pub(super) step: usize,
    pub(super) size: usize,
    pub(super) taps: Vec<Tap>,
}

/// A run of grid indices with the taps that it needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Segment {
    pub(super) range: Range<usize>,
    pub(super) taps: Vec<Tap>,
}

impl Side {
    fn reach(&self, tap: Tap) -> Range<usize> {
        inside(self.count, self.step, tap.offset, self.size)
    }

    /// Everything at once, with the taps that read inside the picture anywhere.
    fn whole(&self) -> Vec<Segment> {
        let taps = self.taps.iter().copied().filter(|&t| !self.reach(t).is_empty()).collect();
        vec![Segment { range: 0..self.count, taps }]
    }

    /// The longest runs within which no tap starts or stops reading inside the picture.
    fn uniform(&self) -> Vec<Segment> {
        let reaches: Vec<_> = self.taps.iter().map(|&tap| (tap, self.reach(tap))).collect();
        let mut cuts = vec![0, self.count];
        cuts.extend(reaches.iter().filter(|r| !r.1.is_empty()).flat_map(|r| [r.1.start, r.1.end]));
        cuts.sort_unstable();
        cuts.dedup();
        let live = |at: usize| reaches.iter().filter(|r| r.1.contains(&at)).map(|r| r.0).collect();
        cuts.windows(2).map(|w| Segment { range: w[0]..w[1], taps: live(w[0]) }).collect()
    }
}

/// A rectangle of the grid.
#[derive(Clone, Debug)]
pub(super) struct Region {
    pub(super) down: Segment,
    pub(super) across: Segment,
}

impl Region {
    pub(super) fn pixels(&self) -> usize {
        self.down.range.len() * self.across.range.len()
    }

    pub(super) fn taps(&self) -> usize {
        self.down.taps.len() * self.across.taps.len()
    }
}

/// Rectangles that cover the grid: one, or those of uniform taps where that saves a good part of the work.
///
/// The cut must not depend on the number of images: it decides in which order a pixel's sum is taken.
pub(super) fn cut(down: &Side, across: &Side, lanes: usize) -> Vec<Region> {
    let whole = product(&down.whole(), &across.whole());
    let fine = product(&down.uniform(), &across.uniform());
    // Four images, so that the rounding up to whole vectors is neither ignored nor dominant.
    let cost = |regions: &[Region]| -> usize {
        regions.iter().map(|r| (4 * r.pixels()).div_ceil(lanes) * r.taps()).sum()
    };
    if cost(&fine) * 100 < cost(&whole) * 85 { fine } else { whole }
}

fn product(down: &[Segment], across: &[Segment]) -> Vec<Region> {
    let pairs = down.iter().flat_map(|d| across.iter().map(move |a| (d, a)));
    pairs.map(|(d, a)| Region { down: d.clone(), across: a.clone() }).collect()
}
