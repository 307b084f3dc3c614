//! Recognises a file by its first bytes, because the extensions of weight files tell little.

/// A kind of file that a user may give as weights.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// No bytes at all.
    Empty,
    /// A zip file, by its first bytes: PyTorch's since 1.6. `file.rs` looks inside, and tells NumPy's `.npz` and other
    /// archives apart.
    Zip,
    /// PyTorch's form before 1.6.
    LegacyPth,
    /// A safetensors file.
    Safetensors,
    /// NumPy's archive of arrays (`.npz`), a zip file.
    Npz,
    /// One NumPy array (`.npy`).
    Npy,
    /// Another zip file, with the name of its first record.
    Archive(String),
    /// A Python pickle that PyTorch did not write.
    Pickle,
    /// A web page.
    Html,
    /// The few lines that git LFS keeps in place of a large file.
    LfsPointer,
    /// A compressed file, with the program that unpacks it.
    Compressed(&'static str),
    /// A tar archive.
    Tar,
    /// HDF5, as Keras writes it (`.h5`).
    Hdf5,
    /// An ONNX network.
    Onnx,
    /// Text, with its beginning.
    Text(String),
    /// Something else, with its first bytes.
    Unknown(Vec<u8>),
}

/// The number of first bytes that are enough for [`recognise`].
pub(super) const HEAD: usize = 512;

const BEGINNINGS: [(&[u8], FileKind); 9] = [
    (b"version https://git-lfs", FileKind::LfsPointer),
    (b"\x93NUMPY", FileKind::Npy),
    (b"\x89HDF\r\n\x1a\n", FileKind::Hdf5),
    (b"\x1f\x8b", FileKind::Compressed("gunzip")),
    (b"BZh", FileKind::Compressed("bunzip2")),
    (b"\xfd7zXZ\0", FileKind::Compressed("unxz")),
    (b"\x28\xb5\x2f\xfd", FileKind::Compressed("unzstd")),
    (b"PK\x03\x04", FileKind::Zip),
    (b"PK\x05\x06", FileKind::Zip),
];

/// The kind of a file that begins with these bytes: its first [`HEAD`] bytes, or all of a smaller file.
pub(super) fn recognise(head: &[u8]) -> FileKind {
    if head.is_empty() {
        return FileKind::Empty;
    }
    if super::pth::begins(head) {
        return FileKind::LegacyPth;
    }
    if let Some((_, kind)) = BEGINNINGS.iter().find(|(beginning, _)| head.starts_with(beginning)) {
        return kind.clone();
    }
    if head.get(257..262) == Some(b"ustar") {
        return FileKind::Tar;
    }
    // A header's length in 8 bytes, then a JSON object.
    if head.len() > 8 && head[8] == b'{' && head[5..8] == [0; 3] {
        return FileKind::Safetensors;
    }
    if head[0] == 0x80 && head.get(1).is_some_and(|protocol| (2..=5).contains(protocol)) {
        return FileKind::Pickle;
    }
    if is_onnx(head) {
        return FileKind::Onnx;
    }
    match text(head) {
        Some(text) if is_html(&text) => FileKind::Html,
        Some(text) => FileKind::Text(text.chars().take(40).collect()),
        None => FileKind::Unknown(head[..head.len().min(8)].to_vec()),
    }
}

/// A protocol buffer whose first field is the version of ONNX, and whose second is a text or a message.
fn is_onnx(head: &[u8]) -> bool {
    matches!(head, [0x08, 1..=30, 0x12 | 0x1a | 0x22 | 0x2a | 0x32 | 0x3a | 0x42, ..])
}

fn is_html(text: &str) -> bool {
    let start = text.trim_start_matches('\u{feff}').trim_start().to_ascii_lowercase();
    ["<!doctype", "<html", "<head", "<?xml", "<script", "<body", "<!--"]
        .iter()
        .any(|tag| start.starts_with(tag))
}

/// The bytes as text, where they are nothing else; the last character may be cut.
fn text(head: &[u8]) -> Option<String> {
    let valid = match std::str::from_utf8(head) {
        Ok(text) => text,
        Err(error) if error.error_len().is_none() => {
            std::str::from_utf8(&head[..error.valid_up_to()]).ok().filter(|text| !text.is_empty())?
        }
        Err(_) => return None,
    };
    let plain = |c: char| !c.is_control() || c.is_ascii_whitespace();
    valid.chars().all(plain).then(|| valid.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_bytes_decide() {
        let mut tar = vec![0; 512];
        tar[..4].copy_from_slice(b"a.pt");
        tar[257..262].copy_from_slice(b"ustar");
        let cases: [(&[u8], FileKind); 16] = [
            (b"", FileKind::Empty),
            (b"PK\x03\x04\x00", FileKind::Zip),
            (b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19.\x80\x02", FileKind::LegacyPth),
            (b"\x80\x04\x95\x0d\0\0\0\0\0\0\0\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19.", FileKind::LegacyPth),
            (b"\x80\x04\x95\x0d\0\0\0\0\0\0\0}\x94.", FileKind::Pickle),
            (b"\x40\0\0\0\0\0\0\0{\"a\":", FileKind::Safetensors),
            (b"\n<!DOCTYPE html><html>", FileKind::Html),
            (b"<html lang=\"en\">", FileKind::Html),
            (b"version https://git-lfs.github.com/spec/v1\noid sha256:", FileKind::LfsPointer),
            (b"\x1f\x8b\x08\0", FileKind::Compressed("gunzip")),
            (b"\x89HDF\r\n\x1a\n\0", FileKind::Hdf5),
            (b"\x08\x08\x12\x07pytorch", FileKind::Onnx),
            (b"\x93NUMPY\x01\0", FileKind::Npy),
            (&tar, FileKind::Tar),
            (b"Not Found", FileKind::Text("Not Found".into())),
            (b"\xff\xd8\xff\xe0", FileKind::Unknown(vec![0xff, 0xd8, 0xff, 0xe0])),
        ];
        for (bytes, kind) in cases {
            assert_eq!(recognise(bytes), kind);
        }
    }
}
