//! Where a 3x3 convolution of stride 1 reads and writes, cut into patches.

use crate::ops::geometry::Conv2dShape;
use std::array;
use std::ops::Range;

/// Results of a patch, along each side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ops::cpu) enum PatchSize {
    Two,
    Four,
}

impl PatchSize {
    /// Results along a side.
    pub(super) fn results(self) -> usize {
        match self {
            PatchSize::Two => 2,
            PatchSize::Four => 4,
        }
    }

    /// Pixels along a side that they read.
    pub(super) fn reads(self) -> usize {
        self.results() + 2
    }

    /// Products of a patch.
    pub(super) fn products(self) -> usize {
        self.reads() * self.reads()
    }
}

/// The patches of all images. Along each side neighbours are `dilation` pixels apart: a dilated convolution is
/// `dilation` times `dilation` interleaved ones, none of which reads another's pixels.
#[derive(Clone, Debug)]
pub(in crate::ops::cpu) struct Patches {
    pub(super) size: PatchSize,
    pub(super) images: usize,
    /// Height and width of what is read.
    pub(super) source: [usize; 2],
    /// Height and width of what is written.
    pub(super) target: [usize; 2],
    pub(super) dilation: usize,
    /// Down and across.
    pub(super) spans: [Vec<Span>; 2],
}

/// One side of a patch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    /// The first pixel that it writes.
    pub(super) target: usize,
    /// The first pixel that it reads, which may lie outside.
    pub(super) source: isize,
    /// Pixels that it writes; those of a whole patch beyond them lie outside.
    pub(super) count: usize,
    /// Which of the interleaved convolutions it belongs to.
    phase: usize,
}

/// Neighbouring patches of a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Run {
    pub(super) image: usize,
    /// Index of the span down.
    pub(super) row: usize,
    /// Indices of the spans across.
    pub(super) columns: Range<usize>,
}

impl Patches {
    /// Those of the result of a convolution with a kernel of 3x3 taps and stride 1.
    pub(in crate::ops::cpu) fn forward(shape: &Conv2dShape, size: PatchSize) -> Patches {
        Patches::new(shape, size, [shape.size, shape.out], shape.config.padding as isize)
    }

    /// Those of the gradient of its input: the same convolution, of the result's gradient by the mirrored kernel.
    pub(in crate::ops::cpu) fn input_gradient(shape: &Conv2dShape, size: PatchSize) -> Patches {
        let padding = 2 * shape.config.dilation as isize - shape.config.padding as isize;
        Patches::new(shape, size, [shape.out, shape.size], padding)
    }

    fn new(
        shape: &Conv2dShape,
        size: PatchSize,
        [source, target]: [[usize; 2]; 2],
        padding: isize,
    ) -> Patches {
        assert!(shape.kernel == [3, 3] && shape.config.stride == 1, "not for {shape:?}");
        let dilation = shape.config.dilation;
        let spans = target.map(|side| spans(side, size.results(), dilation, padding));
        Patches { size, images: shape.images, source, target, dilation, spans }
    }

    /// Patches of one image.
    pub(super) fn of_image(&self) -> usize {
        self.spans[0].len() * self.spans[1].len()
    }

    /// Patches of all images.
    pub(super) fn count(&self) -> usize {
        self.images * self.of_image()
    }

    /// The patches of a block, in their order, as rows of neighbours.
    pub(super) fn runs(&self, block: Range<usize>) -> Vec<Run> {
        let across = &self.spans[1];
        let mut runs = Vec::new();
        let mut at = block.start;
        while at < block.end {
            let (row, first) = (at / across.len(), at % across.len());
            let same = across[first..].iter().take_while(|span| span.phase == across[first].phase).count();
            let count = same.min(block.end - at);
            let (image, row) = (row / self.spans[0].len(), row % self.spans[0].len());
            runs.push(Run { image, row, columns: first..first + count });
            at += count;
        }
        runs
    }

    /// Results along both sides of a run.
    pub(super) fn extent(&self, run: &Run) -> [usize; 2] {
        let across = &self.spans[1][run.columns.clone()];
        [self.spans[0][run.row].count, across.iter().map(|span| span.count).sum()]
    }

    /// Results of some runs.
    pub(super) fn pixels(&self, runs: &[Run]) -> usize {
        runs.iter().map(|run| self.extent(run).into_iter().product::<usize>()).sum()
    }

    /// The pixels that a patch reads: the index in the source of each one that lies inside.
    pub(super) fn read<const N: usize>(&self, run: &Run, column: usize) -> [[Option<usize>; N]; N] {
        let places = |span: Span, side: usize| {
            let place = move |i: usize| span.source + (i * self.dilation) as isize;
            array::from_fn::<_, N, _>(|i| usize::try_from(place(i)).ok().filter(|&at| at < side))
        };
        let [height, width] = self.source;
        let (down, across) = (places(self.spans[0][run.row], height), places(self.spans[1][column], width));
        down.map(|y| across.map(|x| Some((run.image * height + y?) * width + x?)))
    }

    /// The pixels that a patch writes: the index in the target of each one that lies inside.
    pub(super) fn written<const M: usize>(&self, run: &Run, column: usize) -> [[Option<usize>; M]; M] {
        let place = |span: Span, i: usize| (i < span.count).then(|| span.target + i * self.dilation);
        let [height, width] = self.target;
        let down = array::from_fn::<_, M, _>(|i| place(self.spans[0][run.row], i));
        let across = array::from_fn::<_, M, _>(|i| place(self.spans[1][column], i));
        down.map(|y| across.map(|x| Some((run.image * height + y?) * width + x?)))
    }
}

fn spans(side: usize, results: usize, dilation: usize, padding: isize) -> Vec<Span> {
    let mut spans = Vec::new();
    for phase in 0..dilation.min(side) {
        let length = (side - phase).div_ceil(dilation);
        for first in (0..length).step_by(results) {
            let target = phase + first * dilation;
            let count = results.min(length - first);
            spans.push(Span { target, source: target as isize - padding, count, phase });
        }
    }
    spans
}
