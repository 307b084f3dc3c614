//! Bringing a component's rows to the picture's size, as libjpeg-turbo's `jdsample.c` does.

use crate::frame::Component;

/// How a component is brought to full size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Method {
    /// It has full size.
    Full,
    /// Half the width: neighbours weigh 3 to 1.
    HalfWidth,
    /// Half the height: neighbours weigh 3 to 1.
    HalfHeight,
    /// Half of both: neighbours weigh 9, 3, 3 and 1.
    HalfBoth,
    /// Samples are repeated so many times across and down.
    Repeat(usize, usize),
}

/// Makes full-size rows of one component.
pub(crate) struct Upsampler<'a> {
    component: &'a Component,
    method: Method,
    /// The weighted sum of two rows, for [`Method::HalfBoth`].
    sums: Vec<u16>,
}

impl<'a> Upsampler<'a> {
    /// For a component of a picture whose largest sampling is `h_max` by `v_max`.
    pub(crate) fn new(component: &'a Component, h_max: usize, v_max: usize) -> Upsampler<'a> {
        // libjpeg leaves planes of at most two columns to plain repetition.
        let wide = component.width > 2;
        let method = match (h_max / component.h, v_max / component.v) {
            (1, 1) => Method::Full,
            (2, 1) if wide => Method::HalfWidth,
            (1, 2) => Method::HalfHeight,
            (2, 2) if wide => Method::HalfBoth,
            (across, down) => Method::Repeat(across, down),
        };
        Upsampler { component, method, sums: Vec::new() }
    }

    /// Row `y` of the picture; `out` has room for a little more than its width.
    #[inline(always)]
    pub(crate) fn row(&mut self, y: usize, out: &mut [u8]) {
        match self.method {
            Method::Full => out[..self.component.width].copy_from_slice(self.source(y)),
            Method::HalfWidth => widen(self.source(y), out),
            Method::HalfHeight => {
                // The nearer row weighs 3; ties round down above and up below.
                let (near, far) = self.near_and_far(y);
                let bias = if y.is_multiple_of(2) { 1 } else { 2 };
                for ((byte, &a), &b) in out.iter_mut().zip(near).zip(far) {
                    *byte = ((u16::from(a) * 3 + u16::from(b) + bias) >> 2) as u8;
                }
            }
            Method::HalfBoth => {
                let mut sums = std::mem::take(&mut self.sums);
                let (near, far) = self.near_and_far(y);
                sums.clear();
                sums.extend(near.iter().zip(far).map(|(&a, &b)| u16::from(a) * 3 + u16::from(b)));
                widen_sums(&sums, out);
                self.sums = sums;
            }
            Method::Repeat(across, down) => {
                for (group, &sample) in out.chunks_mut(across).zip(self.source(y / down)) {
                    group.fill(sample);
                }
            }
        }
    }

    /// A row of the plane, only what belongs to the picture.
    #[inline(always)]
    fn source(&self, row: usize) -> &'a [u8] {
        &self.component.plane[row * self.component.stride()..][..self.component.width]
    }

    /// The two rows of a half-height plane that surround row `y` of the picture, the nearer first; at the
    /// upper and lower edge they are the same one.
    #[inline(always)]
    fn near_and_far(&self, y: usize) -> (&'a [u8], &'a [u8]) {
        let near = y / 2;
        let far = if y.is_multiple_of(2) {
            near.saturating_sub(1)
        } else {
            (near + 1).min(self.component.height - 1)
        };
        (self.source(near), self.source(far))
    }
}

/// Doubles a row's width: 3 parts of the nearer sample, 1 of the farther; ties go down on the left of a sample
/// and up on its right.
#[inline(always)]
fn widen(row: &[u8], out: &mut [u8]) {
    let last = row.len() - 1;
    let mix = |near: u8, far: u8, bias: u16| ((u16::from(near) * 3 + u16::from(far) + bias) >> 2) as u8;
    let out = &mut out[..2 * row.len()];
    for (pair, inner) in out[2..].chunks_exact_mut(2).zip(row.windows(3)) {
        pair[0] = mix(inner[1], inner[0], 1);
        pair[1] = mix(inner[1], inner[2], 2);
    }
    (out[0], out[1]) = (row[0], mix(row[0], row[1], 2));
    (out[2 * last], out[2 * last + 1]) = (mix(row[last], row[last - 1], 1), row[last]);
}

/// The same for sums of two rows, which are 4 times a sample.
#[inline(always)]
fn widen_sums(sums: &[u16], out: &mut [u8]) {
    let last = sums.len() - 1;
    let mix = |near: u16, far: u16, bias: u16| ((near * 3 + far + bias) >> 4) as u8;
    let out = &mut out[..2 * sums.len()];
    for (pair, inner) in out[2..].chunks_exact_mut(2).zip(sums.windows(3)) {
        pair[0] = mix(inner[1], inner[0], 8);
        pair[1] = mix(inner[1], inner[2], 7);
    }
    (out[0], out[1]) = (mix(sums[0], sums[0], 8), mix(sums[0], sums[1], 7));
    (out[2 * last], out[2 * last + 1]) = (mix(sums[last], sums[last - 1], 8), mix(sums[last], sums[last], 7));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_by_hand() {
        let mut out = [0; 6];
        widen(&[0, 100, 201], &mut out);
        assert_eq!(out, [0, 25, 75, 125, 176, 201]);
        widen_sums(&[0, 400, 804], &mut out);
        assert_eq!(out, [0, 25, 75, 125, 176, 201]);
    }
}
