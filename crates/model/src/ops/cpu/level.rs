//! Which vector instructions this processor has, and functions compiled once for each answer.

/// The instruction sets that operators are compiled for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ops) enum Level {
    /// What every processor of the target has.
    Portable,
    /// x86-64 with AVX2 and fused multiply-add.
    Avx2,
    /// x86-64 with AVX-512 F, BW, DQ and VL.
    Avx512,
}

impl Level {
    /// The best level of this processor. The standard library caches the answer.
    #[inline]
    pub(in crate::ops) fn detect() -> Self {
        #[cfg(target_arch = "x86_64")]
        {
            if is_x86_feature_detected!("avx512f")
                && is_x86_feature_detected!("avx512bw")
                && is_x86_feature_detected!("avx512dq")
                && is_x86_feature_detected!("avx512vl")
            {
                return Self::Avx512;
            }
            if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
                return Self::Avx2;
            }
        }
        Self::Portable
    }
}

#[cfg(test)]
impl Level {
    /// All levels that this processor has.
    pub(in crate::ops) fn available() -> Vec<Self> {
        match Self::detect() {
            Self::Portable => vec![Self::Portable],
            Self::Avx2 => vec![Self::Portable, Self::Avx2],
            Self::Avx512 => vec![Self::Portable, Self::Avx2, Self::Avx512],
        }
    }
}

/// Defines a function over `T: Real` whose body the compiler vectorises once for every [`Level`].
macro_rules! vectorised {
    ($(#[$doc:meta])* $vis:vis fn $name:ident<$($life:lifetime,)? $real:ident>($($arg:ident: $ty:ty),* $(,)?) $(-> $ret:ty)? $body:block) => {
        $(#[$doc])*
        #[allow(clippy::too_many_arguments, reason = "those of the function that is compiled several times")]
        $vis fn $name<$($life,)? $real: crate::ops::cpu::real::Real>($($arg: $ty),*) $(-> $ret)? {
            #[inline(always)]
            #[allow(clippy::too_many_arguments, reason = "those of the function that is compiled several times")]
            fn body<$($life,)? $real: crate::ops::cpu::real::Real>($($arg: $ty),*) $(-> $ret)? $body

            #[cfg(target_arch = "x86_64")]
            #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,fma")]
            #[allow(clippy::too_many_arguments, reason = "those of the function that is compiled several times")]
            fn avx512<$($life,)? $real: crate::ops::cpu::real::Real>($($arg: $ty),*) $(-> $ret)? {
                body($($arg),*)
            }

            #[cfg(target_arch = "x86_64")]
            #[target_feature(enable = "avx2,fma")]
            #[allow(clippy::too_many_arguments, reason = "those of the function that is compiled several times")]
            fn avx2<$($life,)? $real: crate::ops::cpu::real::Real>($($arg: $ty),*) $(-> $ret)? {
                body($($arg),*)
            }

            match crate::ops::cpu::level::Level::detect() {
                // SAFETY: the level was detected, so the processor has these instructions.
                #[cfg(target_arch = "x86_64")]
                crate::ops::cpu::level::Level::Avx512 => unsafe { avx512($($arg),*) },
                // SAFETY: the level was detected, so the processor has these instructions.
                #[cfg(target_arch = "x86_64")]
                crate::ops::cpu::level::Level::Avx2 => unsafe { avx2($($arg),*) },
                _ => body($($arg),*),
            }
        }
    };
}
pub(in crate::ops) use vectorised;
