//! The number types of PyTorch's storages.

use candle_core::DType;

/// A number type that a storage may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scalar {
    F64,
    F32,
    F16,
    Bf16,
    I64,
    I32,
    I16,
    I8,
    U8,
    Bool,
    /// No network here has complex tensors, but a legacy file can only be read past them when their size is known.
    Complex64,
    Complex128,
    /// Bytes whose type is given by the tensor.
    Untyped,
}

impl Scalar {
    /// The type with the name of a storage's class (`FloatStorage`) or of a dtype (`float32`).
    pub(super) fn named(name: &[u8]) -> Option<Scalar> {
        Some(match name {
            b"DoubleStorage" | b"float64" => Scalar::F64,
            b"FloatStorage" | b"float32" => Scalar::F32,
            b"HalfStorage" | b"float16" => Scalar::F16,
            b"BFloat16Storage" | b"bfloat16" => Scalar::Bf16,
            b"LongStorage" | b"int64" => Scalar::I64,
            b"IntStorage" | b"int32" => Scalar::I32,
            b"ShortStorage" | b"int16" => Scalar::I16,
            b"CharStorage" | b"int8" => Scalar::I8,
            b"ByteStorage" | b"uint8" => Scalar::U8,
            b"BoolStorage" | b"bool" => Scalar::Bool,
            b"ComplexFloatStorage" | b"complex64" => Scalar::Complex64,
            b"ComplexDoubleStorage" | b"complex128" => Scalar::Complex128,
            b"UntypedStorage" => Scalar::Untyped,
            _ => return None,
        })
    }

    /// Bytes of one value.
    pub(super) fn size(self) -> usize {
        match self {
            Scalar::Complex128 => 16,
            Scalar::F64 | Scalar::I64 | Scalar::Complex64 => 8,
            Scalar::F32 | Scalar::I32 => 4,
            Scalar::F16 | Scalar::Bf16 | Scalar::I16 => 2,
            Scalar::I8 | Scalar::U8 | Scalar::Bool | Scalar::Untyped => 1,
        }
    }

    /// The type of the tensor that is made from it. `None` where candle has none.
    pub(super) fn dtype(self) -> Option<DType> {
        Some(match self {
            Scalar::F64 => DType::F64,
            Scalar::F32 => DType::F32,
            Scalar::F16 => DType::F16,
            Scalar::Bf16 => DType::BF16,
            Scalar::I64 => DType::I64,
            Scalar::I32 => DType::I32,
            // Signed bytes are widened, since candle has none.
            Scalar::I16 | Scalar::I8 => DType::I16,
            Scalar::U8 | Scalar::Bool => DType::U8,
            Scalar::Complex64 | Scalar::Complex128 | Scalar::Untyped => return None,
        })
    }
}
