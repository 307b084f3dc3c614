//! The objects of a pickle, in one list.
//!
//! They refer to each other by index, so nothing recurses over them, and a deep or circular pickle needs no deep stack, not
//! even to be dropped.

use super::scalar::Scalar;

/// Index of a [`Node`].
pub(super) type Id = u32;

/// One object. Text is borrowed from the pickle's bytes.
#[derive(Clone, Debug)]
pub(super) enum Node<'a> {
    None,
    Bool(bool),
    Int(i64),
    /// A number or bytes that no tensor needs, described in words.
    Other(&'static str),
    Text(&'a [u8]),
    Tuple(Vec<Id>),
    List(Vec<Id>),
    Dict(Vec<(Id, Id)>),
    /// A class or function by name. It is compared, never looked up or called.
    Global(&'a [u8], &'a [u8]),
    Storage(Box<Storage<'a>>),
    Tensor(Box<Layout<'a>>),
    /// What an unknown class or function would have made, with the index of its global (or its own index without one).
    Opaque(Id),
}

/// A storage as the pickle declares it.
#[derive(Clone, Debug)]
pub(super) struct Storage<'a> {
    /// Its name in the file.
    pub(super) key: &'a [u8],
    /// The storage class's name, for messages.
    pub(super) class: &'a [u8],
    /// `None` for a class that is not known.
    pub(super) scalar: Option<Scalar>,
    /// Number of values.
    pub(super) count: usize,
    /// First value, for a view of another storage (written by PyTorch before 0.4).
    pub(super) start: usize,
}

/// A tensor as the pickle declares it. Nothing of it is checked yet.
#[derive(Clone, Debug)]
pub(super) struct Layout<'a> {
    pub(super) storage: Storage<'a>,
    /// The name of the type that the tensor reads from an untyped storage.
    pub(super) dtype: Option<&'a [u8]>,
    /// Index of the first value.
    pub(super) offset: usize,
    pub(super) shape: Vec<usize>,
    /// The distance from one element to the next, in values, for each dimension.
    pub(super) stride: Vec<usize>,
}
