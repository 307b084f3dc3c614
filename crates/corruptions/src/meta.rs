//! The description of a corruption.

use crate::{Group, Severity, SizePolicy, Tolerance};

/// The description of one corruption, usually a `static` next to the type that implements [`Corruption`](crate::Corruption).
#[derive(Clone, Copy, Debug)]
pub struct Meta {
    /// The name under which a [`Suite`](crate::Suite) holds it, such as `gaussian_noise`: lower-case letters, digits and
    /// underscores.
    pub name: &'static str,
    /// Which implementation this is, such as `reference/1`.
    /// It is stored with every result, so that numbers from different implementations never mix.
    pub implementation: &'static str,
    /// The group in which tables list it.
    pub group: Group,
    /// One or two sentences for tables and help texts: what it does and from which constants.
    pub about: &'static str,
    /// The constants at one severity, written as the reference writes them, such as `scale=0.18`.
    pub parameters: fn(Severity) -> String,
    /// Which picture sizes it accepts.
    pub size: SizePolicy,
    /// How far from the reference's bytes it may be. [`trial()`](crate::trial()) and the tests hold it to that.
    pub tolerance: Tolerance,
}
