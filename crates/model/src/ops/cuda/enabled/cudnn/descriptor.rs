//! The objects of cuDNN's graph interface: each is made, given attributes by name, and finished.

use super::handle::Handle;
use candle_core::cuda_backend::cudarc::cudnn::{CudnnError, sys};
use std::ffi::c_void;
use sys::cudnnBackendAttributeName_t as Name;
use sys::cudnnBackendAttributeType_t as Type;
use sys::cudnnBackendDescriptorType_t as Kind;

pub(super) type Outcome<T> = std::result::Result<T, CudnnError>;

/// One object. It is destroyed with the value, and must live no shorter than the objects that it is an attribute of.
pub(super) struct Descriptor(sys::cudnnBackendDescriptor_t);

/// A type of which attributes are, as it lies in memory on both sides.
///
/// # Safety
/// `TYPE` is cuDNN's name for exactly this type.
pub(super) unsafe trait Attribute: Copy {
    const TYPE: Type;
}

/// An address on the device.
#[derive(Clone, Copy)]
#[repr(transparent)]
pub(super) struct Address(pub(super) *mut c_void);

macro_rules! attributes {
    ($($rust:ty = $cudnn:ident;)*) => {
        // SAFETY: cudnn_graph.h says beside each attribute's type which C type its elements have; these are the same.
        $(unsafe impl Attribute for $rust {
            const TYPE: Type = Type::$cudnn;
        })*
    };
}
attributes! {
    i64 = CUDNN_TYPE_INT64;
    f32 = CUDNN_TYPE_FLOAT;
    f64 = CUDNN_TYPE_DOUBLE;
    Address = CUDNN_TYPE_VOID_PTR;
    sys::cudnnHandle_t = CUDNN_TYPE_HANDLE;
    sys::cudnnDataType_t = CUDNN_TYPE_DATA_TYPE;
    sys::cudnnConvolutionMode_t = CUDNN_TYPE_CONVOLUTION_MODE;
    sys::cudnnBackendHeurMode_t = CUDNN_TYPE_HEUR_MODE;
}

impl Descriptor {
    /// An object without attributes.
    pub(super) fn new(kind: Kind) -> Outcome<Descriptor> {
        let mut made = std::ptr::null_mut();
        // SAFETY: cuDNN writes the address of the object before it is read.
        unsafe { sys::cudnnBackendCreateDescriptor(kind, &mut made) }.result()?;
        Ok(Descriptor(made))
    }

    /// The object with one attribute more.
    pub(super) fn with<T: Attribute>(self, name: Name, values: &[T]) -> Outcome<Descriptor> {
        // SAFETY: the values are as many as said, of the type said, and copied.
        unsafe { self.set(name, T::TYPE, values.len(), values.as_ptr().cast()) }?;
        Ok(self)
    }

    /// The object with other objects as an attribute.
    pub(super) fn with_objects(self, name: Name, objects: &[&Descriptor]) -> Outcome<Descriptor> {
        let objects: Vec<sys::cudnnBackendDescriptor_t> = objects.iter().map(|o| o.0).collect();
        // SAFETY: as above; the objects live, as the borrow says.
        unsafe {
            self.set(name, Type::CUDNN_TYPE_BACKEND_DESCRIPTOR, objects.len(), objects.as_ptr().cast())
        }?;
        Ok(self)
    }

    /// # Safety
    /// At `values` are `count` values of the type.
    unsafe fn set(&self, name: Name, kind: Type, count: usize, values: *const c_void) -> Outcome<()> {
        // SAFETY: promised by the caller; the object lives.
        unsafe { sys::cudnnBackendSetAttribute(self.0, name, kind, count as i64, values) }.result()
    }

    /// The object with all of its attributes, which cuDNN checks now.
    pub(super) fn finished(self) -> Outcome<Descriptor> {
        // SAFETY: the object lives.
        unsafe { sys::cudnnBackendFinalize(self.0) }.result()?;
        Ok(self)
    }

    /// A whole number that cuDNN found.
    pub(super) fn number(&self, name: Name) -> Outcome<i64> {
        let (mut value, mut count) = (0i64, 0i64);
        // SAFETY: there is room for the one value that is asked for.
        unsafe { self.get(name, Type::CUDNN_TYPE_INT64, 1, &mut count, (&raw mut value).cast()) }?;
        Ok(value)
    }

    /// The notes of an engine, by number: a newer cuDNN may have more of them than we have names.
    pub(super) fn notes(&self, name: Name) -> Outcome<Vec<u32>> {
        const MOST: usize = 64;
        let (mut notes, mut count) = ([0u32; MOST], 0i64);
        let kind = Type::CUDNN_TYPE_NUMERICAL_NOTE;
        // SAFETY: notes are C enumerations, of 32 bits each, and there is room for as many as are asked for.
        unsafe { self.get(name, kind, MOST, &mut count, notes.as_mut_ptr().cast()) }?;
        Ok(notes[..(count.max(0) as usize).min(MOST)].to_vec())
    }

    /// Objects that cuDNN made: at most `most`.
    pub(super) fn objects(&self, name: Name, kind: Kind, most: usize) -> Outcome<Vec<Descriptor>> {
        let mut made = (0..most).map(|_| Descriptor::new(kind)).collect::<Outcome<Vec<_>>>()?;
        let mut addresses: Vec<sys::cudnnBackendDescriptor_t> = made.iter().map(|m| m.0).collect();
        let mut count = 0;
        let to = addresses.as_mut_ptr().cast();
        // SAFETY: cuDNN fills in the objects whose addresses it finds there, as many as are asked for.
        unsafe { self.get(name, Type::CUDNN_TYPE_BACKEND_DESCRIPTOR, most, &mut count, to) }?;
        made.truncate(count.max(0) as usize);
        Ok(made)
    }

    /// # Safety
    /// At `to` is room for `most` values of the type, or the objects that are to be filled in.
    unsafe fn get(
        &self,
        name: Name,
        kind: Type,
        most: usize,
        count: &mut i64,
        to: *mut c_void,
    ) -> Outcome<()> {
        // SAFETY: promised by the caller; the object lives.
        unsafe { sys::cudnnBackendGetAttribute(self.0, name, kind, most as i64, count, to) }.result()
    }

    /// Queues the work of this plan on the operands of `pack`, on the handle's stream.
    ///
    /// # Safety
    /// The pack holds addresses of tensors that are as the plan's graph describes them, and of its workspace.
    pub(super) unsafe fn execute(&self, handle: &Handle, pack: &Descriptor) -> Outcome<()> {
        // SAFETY: promised by the caller; all three live.
        unsafe { sys::cudnnBackendExecute(handle.0, self.0, pack.0) }.result()
    }
}

impl Drop for Descriptor {
    fn drop(&mut self) {
        // SAFETY: the object is destroyed once. A failure leaks a few bytes.
        let _ = unsafe { sys::cudnnBackendDestroyDescriptor(self.0) };
    }
}
