//! A picture's components and their planes.

use crate::error::{Error, Result};

/// One component: brightness or a colour difference.
pub(crate) struct Component {
    /// Its number in the file.
    pub(crate) id: u8,
    /// Samples across in a group of blocks, 1 to 4.
    pub(crate) h: usize,
    /// Samples down in a group of blocks, 1 to 4.
    pub(crate) v: usize,
    /// The quantisation table's number.
    pub(crate) quant_index: usize,
    /// The quantisation table as it was when the component's first scan began.
    pub(crate) quant: Option<[u16; 64]>,
    /// Samples across that belong to the picture.
    pub(crate) width: usize,
    /// Samples down that belong to the picture.
    pub(crate) height: usize,
    /// Blocks across in the plane, whole groups.
    pub(crate) blocks_across: usize,
    /// Blocks down in the plane, whole groups.
    pub(crate) blocks_down: usize,
    /// The samples, `8 * blocks_across` to the row; none while coefficients are collected.
    pub(crate) plane: Vec<u8>,
    /// Progressive and arithmetic-coded files: the coefficients of all blocks, each row by row.
    pub(crate) coefficients: Vec<i16>,
    /// The same files: for each coefficient the bit position reached, or `None` before its first scan.
    pub(crate) reached: [Option<u32>; 64],
    /// Sequential files: whether the component's scan was read.
    pub(crate) done: bool,
}

impl Component {
    /// Samples to a row of the plane.
    pub(crate) fn stride(&self) -> usize {
        self.blocks_across * 8
    }

    /// Blocks across and down in a scan of this component alone.
    pub(crate) fn own_blocks(&self) -> (usize, usize) {
        (self.width.div_ceil(8), self.height.div_ceil(8))
    }
}

/// A picture's size and components.
pub(crate) struct Frame {
    pub(crate) progressive: bool,
    /// Whether its codes are arithmetic ones, not Huffman's.
    pub(crate) arithmetic: bool,
    pub(crate) width: usize,
    pub(crate) height: usize,
    /// The largest `h` of any component.
    pub(crate) h_max: usize,
    /// The largest `v` of any component.
    pub(crate) v_max: usize,
    /// Groups of blocks (MCUs) across and down.
    pub(crate) groups: (usize, usize),
    pub(crate) components: Vec<Component>,
}

impl Frame {
    /// Reads the content of the frame header with this marker (T.81, B.2.2); its planes are empty yet.
    pub(crate) fn parse(segment: &[u8], marker: u8) -> Result<Frame> {
        let [precision, h1, h0, w1, w0, count, rest @ ..] = segment else {
            return Err(Error::damaged("its frame header is cut"));
        };
        let (width, height) =
            (usize::from(*w1) << 8 | usize::from(*w0), usize::from(*h1) << 8 | usize::from(*h0));
        if *precision != 8 {
            return Err(Error::Unsupported(format!(
                "it has {precision} bits a sample (only 8 are supported)"
            )));
        }
        if width == 0 || height == 0 {
            return Err(Error::Unsupported(format!(
                "its size is {width}x{height} (expected at least one pixel)"
            )));
        }
        if !matches!(count, 1 | 3 | 4) || rest.len() != usize::from(*count) * 3 {
            return Err(Error::Unsupported(format!(
                "it has {count} components (expected 1, 3 or 4: grey, YCbCr or RGB, CMYK or YCCK)"
            )));
        }
        let mut components = Vec::new();
        for spec in rest.chunks_exact(3) {
            components.push(component(spec)?);
        }
        let (progressive, arithmetic) = (marker & 3 == 2, marker & 8 != 0);
        let (h_max, v_max, groups) = (1, 1, (0, 0));
        let mut frame = Frame { progressive, arithmetic, width, height, h_max, v_max, groups, components };
        frame.lay_out()?;
        Ok(frame)
    }

    /// Whether coefficients are collected and transformed at the end.
    pub(crate) fn keeps_coefficients(&self) -> bool {
        self.progressive || self.arithmetic
    }

    /// Takes memory for the planes, or for the coefficients that become planes at the end, unless a file of `length` bytes cannot hold the frame.
    pub(crate) fn allocate(&mut self, length: usize) -> Result<()> {
        // A Huffman code spends a bit or more on each block; an arithmetic one has no such bound.
        let blocks: usize = self.components.iter().map(|c| c.own_blocks().0 * c.own_blocks().1).sum();
        if !self.arithmetic && blocks > 8 * length {
            return Err(Error::truncated(format!(
                "{length} bytes cannot hold {}x{} pixels",
                self.width, self.height
            )));
        }
        let keeps_coefficients = self.keeps_coefficients();
        for c in &mut self.components {
            let samples = c.blocks_across * c.blocks_down * 64;
            if keeps_coefficients {
                c.coefficients = zeroed(samples)?;
            } else {
                c.plane = zeroed(samples)?;
            }
        }
        Ok(())
    }

    /// Sets the sizes that depend on all components.
    fn lay_out(&mut self) -> Result<()> {
        let (h_max, v_max) = self.components.iter().fold((1, 1), |(h, v), c| (h.max(c.h), v.max(c.v)));
        (self.h_max, self.v_max) = (h_max, v_max);
        self.groups = (self.width.div_ceil(8 * h_max), self.height.div_ceil(8 * v_max));
        for c in &mut self.components {
            if h_max % c.h != 0 || v_max % c.v != 0 {
                return Err(Error::Unsupported(format!(
                    "it samples a component {}x{} of {h_max}x{v_max}, no whole part",
                    c.h, c.v
                )));
            }
            c.width = (self.width * c.h).div_ceil(h_max);
            c.height = (self.height * c.v).div_ceil(v_max);
            c.blocks_across = self.groups.0 * c.h;
            c.blocks_down = self.groups.1 * c.v;
        }
        Ok(())
    }
}

/// `length` zeros; an error, not the end of the process, where there is no memory for them.
pub(crate) fn zeroed<T: Clone + Default>(length: usize) -> Result<Vec<T>> {
    let mut buffer = Vec::new();
    buffer.try_reserve_exact(length).map_err(|_| Error::NoMemory(length * size_of::<T>()))?;
    buffer.resize(length, T::default());
    Ok(buffer)
}

fn component(spec: &[u8]) -> Result<Component> {
    let (h, v) = (usize::from(spec[1] >> 4), usize::from(spec[1] & 15));
    if !(1..=4).contains(&h) || !(1..=4).contains(&v) || spec[2] > 3 {
        let text = format!("component {} has sampling {h}x{v}, table {}", spec[0], spec[2]);
        return Err(Error::damaged(text));
    }
    Ok(Component {
        id: spec[0],
        h,
        v,
        quant_index: usize::from(spec[2]),
        quant: None,
        width: 0,
        height: 0,
        blocks_across: 0,
        blocks_down: 0,
        plane: Vec::new(),
        coefficients: Vec::new(),
        reached: [None; 64],
        done: false,
    })
}
