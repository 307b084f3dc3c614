//! SHA-256 digests as text.

use sha2::{Digest, Sha256};
use std::io::{self, Read};

/// The SHA-256 digest of `bytes`, as 64 lower-case hexadecimal digits.
///
/// ```
/// let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
/// assert_eq!(scribe_base::digest::sha256_hex(b""), empty);
/// ```
pub fn sha256_hex(bytes: impl AsRef<[u8]>) -> String {
    hex(Sha256::digest(bytes))
}

/// The SHA-256 digest of everything that `reader` still gives, as 64 lower-case hexadecimal digits. It holds 64 KiB at a
/// time.
///
/// # Errors
/// The reader fails.
pub fn sha256_hex_of_reader(mut reader: impl Read) -> io::Result<String> {
    let (mut sha, mut buffer) = (Sha256::new(), vec![0; 1 << 16]);
    loop {
        match reader.read(&mut buffer) {
            Ok(0) => return Ok(hex(sha.finalize())),
            Ok(count) => sha.update(&buffer[..count]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// Bytes as lower-case hexadecimal digits, two for each.
pub fn hex(bytes: impl AsRef<[u8]>) -> String {
    base16ct::lower::encode_string(bytes.as_ref())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `head -c 200000 /dev/zero | sha256sum`
    #[test]
    fn a_reader_has_the_digest_of_its_bytes() {
        let bytes = vec![0; 200_000];
        let wanted = "4cbbd9be0cba685835755f827758705db5a413c5494c34262cd25946a73e7582";
        assert_eq!(sha256_hex_of_reader(bytes.as_slice()).unwrap(), sha256_hex(&bytes));
        assert_eq!(sha256_hex(&bytes), wanted);
    }

    #[test]
    fn digits_are_lower_case_and_two_a_byte() {
        assert_eq!(hex([0, 10, 255]), "000aff");
    }
}
