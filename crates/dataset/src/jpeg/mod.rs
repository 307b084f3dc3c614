//! A JPEG decoder whose pixels are libjpeg-turbo's (and so Pillow's and OpenCV's) to the bit.
//!
//! The standard (ITU-T T.81) leaves the inverse transform's rounding, the upsampling of the colour planes and
//! the colour conversion to the decoder, and decoders differ by a few levels there.  This one follows
//! libjpeg-turbo's defaults: the accurate integer transform (`islow`), triangle ("fancy") upsampling and
//! 16-bit fixed-point colours.  It takes baseline, extended-sequential and progressive files of 8 bits with
//! Huffman codes, grey or with three components.
//!
//! Where libjpeg warns and goes on with grey or zero, this decoder refuses: a scan that ends early, a code
//! that is in no table, a missing end marker, progressive files that lack their last scans.

mod bits;
mod colour;
mod frame;
mod huffman;
mod idct;
mod output;
mod progressive;
mod reader;
mod sequential;
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
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference/jpeg");
        let mut compared = 0;
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|e| e == "jpg") {
                let bytes = fs::read(&path).unwrap();
                let fast = decode(&bytes).unwrap();
                PORTABLE.set(true);
                let portable = decode(&bytes).unwrap();
                PORTABLE.set(false);
                assert!(fast == portable, "{}", path.display());
                compared += 1;
            }
        }
        assert_eq!(compared, 58);
    }
}
