//! Maps joined along their channels on the CPU.

use super::memory::{filled, write_parts, write_pieces};
use super::real::{elements, read, with_real};
use crate::ops::layout::{as_map, channels_last};
use candle_core::{Device, Result, Storage, Tensor, bail};

const NAME: &str = "concat";

/// The maps as one.
pub(in crate::ops) fn forward(maps: &[&Tensor]) -> Result<Tensor> {
    let _operator = tracing::trace_span!("concat, forward").entered();
    let (n, _, h, w) = maps[0].dims4()?;
    let channels = maps.iter().map(|map| map.dim(1)).collect::<Result<Vec<usize>>>()?;
    let all: usize = channels.iter().sum();
    let maps = maps.iter().map(|map| channels_last(map)).collect::<Result<Vec<Tensor>>>()?;
    let guards: Vec<_> = maps.iter().map(Tensor::storage_and_layout).collect();
    let y = with_real!(maps[0].dtype(), NAME, T => {
        let slices = guards.iter().map(|(storage, layout)| match &**storage {
            Storage::Cpu(storage) => elements::<T>(NAME, storage, layout),
            _ => bail!("{NAME}: expected all maps on the CPU"),
        });
        let slices: Vec<&[T]> = slices.collect::<Result<_>>()?;
        let y = filled(n * h * w * all, w * all, n * h * w * all / 2, |row, y| {
            write_pieces(y, all, |x, pixel| {
                let at = row * w + x;
                write_parts(pixel, slices.iter().zip(&channels).map(|(map, &c)| &map[at * c..][..c]))
            })
        });
        Tensor::from_vec(y, (n, h, w, all), &Device::Cpu)?
    });
    as_map(&y)
}

/// The gradients of the maps.
pub(in crate::ops) fn backward(dy: &Tensor, channels: &[usize]) -> Result<Vec<Tensor>> {
    let _operator = tracing::trace_span!("concat, backward").entered();
    let (n, all, h, w) = dy.dims4()?;
    let dy = channels_last(dy)?;
    let starts = channels.iter().scan(0, |start, &c| Some(std::mem::replace(start, *start + c)));
    with_real!(dy.dtype(), NAME, T => read(NAME, &dy, |dy: &[T]| {
        let part = |(start, &c): (usize, &usize)| {
            let dx = filled(n * h * w * c, w * c, n * h * w * c / 2, |row, dx| {
                write_pieces(dx, c, |x, pixel| {
                    pixel.write_copy_of_slice(&dy[(row * w + x) * all + start..][..c])
                })
            });
            as_map(&Tensor::from_vec(dx, (n, h, w, c), &Device::Cpu)?)
        };
        starts.zip(channels).map(part).collect()
    }))
}
