//! Maps joined along their channels.

use super::{cpu, cuda};
use candle_core::{Result, Tensor, bail};

const NAME: &str = "concat";

/// `[N, C1, H, W]`, `[N, C2, H, W]`, ... as one map `[N, C1 + C2 + ..., H, W]`, outside of candle's graph.
///
/// # Errors
/// When there is no map, or their images, sizes or element types differ.
pub(crate) fn forward(maps: &[&Tensor]) -> Result<Tensor> {
    let Some(first) = maps.first() else { bail!("{NAME}: expected at least one map") };
    let (n, _, h, w) = first.dims4()?;
    for map in maps {
        let (images, _, height, width) = map.dims4()?;
        if (images, height, width) != (n, h, w) || map.dtype() != first.dtype() {
            let (shape, dtype) = (map.dims(), map.dtype());
            bail!("{NAME}: expected [{n}, C, {h}, {w}] {:?}, got {shape:?} {dtype:?}", first.dtype());
        }
    }
    if first.device().is_cuda() { cuda::concat::forward(maps) } else { cpu::concat::forward(maps) }
}

/// The gradients of the maps, which have these numbers of channels, from that of the joined map.
///
/// # Errors
/// When the numbers do not add up to the channels of `dy`.
pub(crate) fn backward(dy: &Tensor, channels: &[usize]) -> Result<Vec<Tensor>> {
    let (_, all, _, _) = dy.dims4()?;
    if channels.iter().sum::<usize>() != all {
        bail!("{NAME}: expected channels {channels:?}, got {all}");
    }
    if dy.device().is_cuda() {
        cuda::concat::backward(dy, channels)
    } else {
        cpu::concat::backward(dy, channels)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ops::layout::{as_map, channels_last};
    use candle_core::Device;

    /// Maps of 1, 5 and 16 channels, whose numbers are all different.
    fn maps() -> Result<Vec<Tensor>> {
        let map = |(start, channels): (usize, usize)| {
            Tensor::arange(start as f32, (start + 2 * channels * 12) as f32, &Device::Cpu)?
                .reshape((2, channels, 3, 4))
        };
        [(0, 1), (1000, 5), (2000, 16)].into_iter().map(map).collect()
    }

    fn numbers(map: &Tensor) -> Result<Vec<f32>> {
        map.flatten_all()?.to_vec1()
    }

    #[test]
    fn it_joins_as_candle_does_and_splits_again() -> Result<()> {
        let maps = maps()?;
        // Any order in memory will do.
        let turned = [maps[0].clone(), as_map(&channels_last(&maps[1])?)?, maps[2].clone()];
        let joined = forward(&turned.each_ref())?;
        assert_eq!(joined.dims(), [2, 22, 3, 4]);
        assert_eq!(numbers(&joined)?, numbers(&Tensor::cat(&maps, 1)?)?);
        assert!(joined.permute((0, 2, 3, 1))?.is_contiguous(), "its channels are last");
        let parts = backward(&joined, &[1, 5, 16])?;
        assert_eq!(parts.len(), 3);
        for (part, map) in parts.iter().zip(&maps) {
            assert_eq!(numbers(part)?, numbers(map)?);
        }
        Ok(())
    }

    #[test]
    fn what_does_not_belong_together_is_refused() -> Result<()> {
        let maps = maps()?;
        let said = forward(&[&maps[0], &maps[1].narrow(2, 0, 2)?]).unwrap_err().to_string();
        assert!(said.contains("expected [2, C, 3, 4] F32, got [2, 5, 2, 4]"), "{said}");
        assert!(forward(&[]).is_err());
        assert!(backward(&maps[1], &[2, 2]).unwrap_err().to_string().contains("got 5"));
        Ok(())
    }
}
