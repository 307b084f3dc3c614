//! temp
use super::finish::Finish;
use super::passes;
use crate::ops::Conv2dConfig;
use crate::ops::cpu::level::Level;
use crate::ops::geometry::Conv2dShape;
use std::time::Instant;

#[test]
#[ignore]
fn rates() {
    let threads: usize = std::env::var("T").map_or(1, |t| t.parse().unwrap());
    let only = std::env::var("ONLY").unwrap_or_default();
    rayon::ThreadPoolBuilder::new().num_threads(threads).build_global().unwrap();
    for (name, ci, side, co, k, stride, padding, dilation) in [
        ("stem", 3, 224, 64, 7, 2, 3, 1),
        ("l1 3x3 64", 64, 56, 64, 3, 1, 1, 1),
        ("l1 1x1 64-256", 64, 56, 256, 1, 1, 0, 1),
        ("l1 1x1 256-64", 256, 56, 64, 1, 1, 0, 1),
        ("l2 3x3s2 128", 128, 56, 128, 3, 2, 1, 1),
        ("l2 1x1s2 256-512", 256, 56, 512, 1, 2, 0, 1),
        ("l2 1x1 256-512", 256, 28, 512, 1, 1, 0, 1),
        ("l2 3x3 128", 128, 28, 128, 3, 1, 1, 1),
        ("l3 3x3 256", 256, 14, 256, 3, 1, 1, 1),
        ("l3 1x1 1024-256", 1024, 14, 256, 1, 1, 0, 1),
        ("l3 1x1 256-1024", 256, 14, 1024, 1, 1, 0, 1),
        ("l4 3x3 512@7", 512, 7, 512, 3, 1, 1, 1),
        ("l4 1x1 2048-512@7", 2048, 7, 512, 1, 1, 0, 1),
        ("l4 3x3d2 512", 512, 14, 512, 3, 1, 2, 2),
        ("aspp d6", 2048, 14, 256, 3, 1, 6, 6),
        ("aspp d18", 2048, 14, 256, 3, 1, 18, 18),
        ("dec 304-256", 304, 56, 256, 3, 1, 1, 1),
        ("gemm 2048", 2048, 0, 2048, 1, 1, 0, 1),
    ] {
        if !name.contains(&only) { continue; }
        let (n, h, w) = if side == 0 { (1, 1, 2048) } else { (4, side, side) };
        let shape = Conv2dShape::new(&[n, ci, h, w], &[co, ci, k, k], Conv2dConfig { stride, padding, dilation }).unwrap();
        let x: Vec<f32> = (0..n * h * w * ci).map(|i| ((i * 7919) % 1013) as f32 / 506. - 1.).collect();
        let wt: Vec<f32> = (0..co * ci * k * k).map(|i| ((i * 104729) % 997) as f32 / 498. - 1.).collect();
        let dy: Vec<f32> = (0..n * shape.out[0] * shape.out[1] * co).map(|i| ((i * 7919) % 1013) as f32 / 506. - 1.).collect();
        let gf = 2e-9 * (n * shape.out[0] * shape.out[1] * co * ci * k * k) as f64;
        let level = Level::detect();
        let packed = passes::pack(&shape, &wt);
        let best = |f: &mut dyn FnMut()| { let mut b = f64::MAX; f(); for _ in 0..9 { let t = Instant::now(); f(); b = b.min(t.elapsed().as_secs_f64()); } b };
        let p = best(&mut || drop(passes::pack(&shape, &wt)));
        let f = best(&mut || drop(passes::forward(level, &shape, &x, &packed, Finish::PLAIN, None)));
        let fm = best(&mut || { let mut m = passes::moments(&shape); drop(passes::forward(level, &shape, &x, &packed, Finish::PLAIN, Some(&mut m))) });
        let dx = best(&mut || drop(passes::input_gradient(level, &shape, &wt, &dy, None)));
        let dw = best(&mut || drop(passes::weight_gradient(level, &shape, &x, &dy)));
        println!("{name:20} pack {:6.2} | fwd {:7.2} ms {:4.0} | +moments {:7.2} | dX {:7.2} ms {:4.0} | dW {:7.2} ms {:4.0}", p*1e3, f*1e3, gf/f, fm*1e3, dx*1e3, gf/dx, dw*1e3, gf/dw);
    }
}
