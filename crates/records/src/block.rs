//! Which block of moments an image belongs to.

use sha2::{Digest, Sha256};

/// The block of an image: the first eight bytes of the SHA-256 of its id, as a little-endian u64, modulo `blocks`.
///
/// Moments are kept per block and not per image, so that intervals by resampling of blocks can be computed from sums of a
/// bounded size. Because of the hash, the block depends neither on the order of the images nor on the other ones.
pub fn moment_block(image_id: &str, blocks: u32) -> u32 {
    let hash = Sha256::digest(image_id.as_bytes());
    let mut head = [0u8; 8];
    head.copy_from_slice(&hash[..8]);
    (u64::from_le_bytes(head) % u64::from(blocks.max(1))) as u32
}

/// Whether an image belongs to shard `index` (from 0) of `shards`: whole blocks of moments stay together.
///
/// There cannot be more shards with work than there are blocks.
pub fn in_shard(image_id: &str, blocks: u32, index: u32, shards: u32) -> bool {
    moment_block(image_id, blocks) % shards.max(1) == index
}

#[cfg(test)]
mod tests {
    use super::*;

    // python3 -c "import hashlib; print([int.from_bytes(hashlib.sha256(i.encode()).digest()[:8],'little') % 16
    //   for i in ['2007_000033','2007_000042','a']])"
    #[test]
    fn blocks_are_what_python_says() {
        let blocks = ["2007_000033", "2007_000042", "a"].map(|i| moment_block(i, 16));
        assert_eq!(blocks, BLOCKS);
    }

    #[test]
    fn shards_divide_pictures_by_whole_blocks() {
        for image in ["2007_000033", "2007_000042", "a", "b", "c"] {
            let homes: Vec<u32> = (0..3).filter(|&i| in_shard(image, 16, i, 3)).collect();
            assert_eq!(homes, [moment_block(image, 16) % 3]);
        }
    }

    const BLOCKS: [u32; 3] = [10, 4, 10];
}
