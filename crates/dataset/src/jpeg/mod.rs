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
