//! A JPEG decoder whose pixels are libjpeg-turbo's (and so Pillow's and OpenCV's) to the bit.
//!
//! The standard (ITU-T T.81) leaves the inverse transform's rounding, the upsampling of the colour planes and
//! the colour conversion to the decoder, and decoders differ by a few levels there.  This one follows
//! libjpeg-turbo's defaults: the accurate integer transform (`islow`), triangle ("fancy") upsampling and
//! 16-bit fixed-point colours.  It takes baseline, extended-sequential and progressive files of 8 bits with
//! Huffman or arithmetic codes: grey, with three components, or with four (CMYK and YCCK, by Pillow's rule).
//! Frames of Motion JPEG, which leave the Huffman codes away, get the standard's own.
//!
//! Where libjpeg warns and goes on with grey or zero, this decoder refuses: a scan that ends early, a code
//! that is in no table, a missing end marker, progressive files that lack their last scans.

mod arith;
mod arith_scan;
mod bits;
mod colour;
mod frame;
mod huffman;
mod idct;
mod output;
mod progressive;
mod reader;
mod refusal;
mod segments;
mod sequential;
mod standard;
mod tables;
mod upsample;

pub(crate) use reader::decode;

/// Whether the faster code may run.  All of it is integer arithmetic, so its results are the same.
#[cfg(target_arch = "x86_64")]
fn has_avx2() -> bool {
    #[cfg(test)]
    if tests::PORTABLE.get() {
        return false;
    }
    std::arch::is_x86_feature_detected!("avx2")
        && std::arch::is_x86_feature_detected!("bmi1")
        && std::arch::is_x86_feature_detected!("bmi2")
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::fs;
    use std::path::Path;

    use super::decode;

    thread_local! {
        /// Whether this thread leaves the faster code aside.
        pub(super) static PORTABLE: Cell<bool> = const { Cell::new(false) };
    }

    #[test]
    fn the_faster_code_gives_the_same_bytes() {
        let mut compared = 0;
        for folder in ["jpeg", "jpeg-rare"] {
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference").join(folder);
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.extension().is_some_and(|e| e == "jpg") {
                    compare(&path);
                    compared += 1;
                }
            }
        }
        assert_eq!(compared, 87);
    }

    fn compare(path: &Path) {
        let bytes = fs::read(path).unwrap();
        let fast = decode(&bytes, &|_| Ok(())).unwrap();
        PORTABLE.set(true);
        let portable = decode(&bytes, &|_| Ok(())).unwrap();
        PORTABLE.set(false);
        assert!(fast == portable, "{}", path.display());
    }
}
