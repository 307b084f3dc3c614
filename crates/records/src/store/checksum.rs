//! The checksum that every row carries: it tells a row that has lost a bit, on a disk or on the way between machines.

use rusqlite::types::ValueRef;

/// The column of every table that holds the checksum of the row.
pub(super) const COLUMN: &str = "checksum";

/// A column's name and its value.
pub(super) type Column<'a> = (&'a str, ValueRef<'a>);

/// The CRC-32 of a row, as zlib and PNG compute it, over the bytes of [`encode`].
pub(super) fn of_row(table: &str, columns: &mut [Column<'_>]) -> u32 {
    let mut crc = crc32fast::Hasher::new();
    encode(table, columns, |bytes| crc.update(bytes));
    crc.finalize()
}

/// Gives `take` the bytes that stand for a row: the name of its table, then the name and the value of every column, in the
/// alphabetical order of their names.
///
/// The checksum itself is left out, and so is what is NULL: a column that a later version adds, and that is NULL in the
/// rows which are there, changes none of their checksums.
pub(super) fn encode(table: &str, columns: &mut [Column<'_>], mut take: impl FnMut(&[u8])) {
    columns.sort_unstable_by_key(|(name, _)| *name);
    take(table.as_bytes());
    take(&[0]);
    for (name, value) in columns.iter().filter(|(name, value)| *name != COLUMN && *value != ValueRef::Null) {
        take(name.as_bytes());
        take(&[0]);
        let mut bytes_of = |kind: &[u8], bytes: &[u8]| {
            take(kind);
            take(&(bytes.len() as u64).to_le_bytes());
            take(bytes);
        };
        match *value {
            ValueRef::Text(bytes) => bytes_of(b"t", bytes),
            ValueRef::Blob(bytes) => bytes_of(b"b", bytes),
            ValueRef::Integer(number) => {
                take(b"i");
                take(&number.to_le_bytes());
            }
            ValueRef::Real(number) => {
                take(b"r");
                // SQLite keeps -0 as 0; the sum of the two is 0.
                take(&(number + 0.0).to_le_bytes());
            }
            ValueRef::Null => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `python3 -c 'import zlib, struct; print(zlib.crc32(b"t\0a\0i" + struct.pack("<q", -2) + b"b\0b" +
    /// struct.pack("<Q", 2) + b"\0\1" + b"c\0r" + struct.pack("<d", 0.5) + b"d\0t" + struct.pack("<Q", 1) + b"x"))'`
    #[test]
    fn is_the_crc_of_zlib_whatever_the_order_of_the_columns_and_what_is_null() {
        let [a, b] = [("a", ValueRef::Integer(-2)), ("b", ValueRef::Blob(&[0, 1]))];
        let [c, d] = [("c", ValueRef::Real(0.5)), ("d", ValueRef::Text(b"x"))];
        let [new, own] = [("aa", ValueRef::Null), (COLUMN, ValueRef::Integer(7))];
        assert_eq!(of_row("t", &mut [a, b, c, d]), 401_033_267);
        assert_eq!(of_row("t", &mut [own, d, c, new, b, a]), 401_033_267);
        assert_ne!(of_row("u", &mut [a, b, c, d]), 401_033_267);
    }

    #[test]
    fn the_sign_of_zero_does_not_matter() {
        let of = |number| of_row("t", &mut [("a", ValueRef::Real(number))]);
        assert_eq!(of(-0.0), of(0.0));
    }
}
