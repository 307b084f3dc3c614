//! One loop compiled for several x86-64 levels, chosen when the program runs.
//!
//! Rust never contracts a product and a sum into one rounding, so a wider vector changes the time of a loop and not one
//! bit of its result.

/// The levels that [`simd_fn`](crate::simd_fn) compiles for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// What every processor of the target has.
    Portable,
    /// x86-64 with AVX2, fused multiply-add and BMI 1 and 2 (x86-64-v3).
    Avx2,
    /// x86-64 with, beyond that, AVX-512 F, BW, CD, DQ and VL (x86-64-v4).
    Avx512,
}

impl Level {
    /// The highest level of this processor. The standard library caches the answer.
    #[inline]
    pub fn detect() -> Level {
        #[cfg(target_arch = "x86_64")]
        {
            use std::arch::is_x86_feature_detected as has;
            if has!("avx2") && has!("fma") && has!("bmi1") && has!("bmi2") {
                let wide = has!("avx512f") && has!("avx512bw") && has!("avx512cd");
                return if wide && has!("avx512dq") && has!("avx512vl") {
                    Level::Avx512
                } else {
                    Level::Avx2
                };
            }
        }
        Level::Portable
    }

    /// All levels that this processor has, the lowest first.
    pub fn available() -> Vec<Level> {
        let all = [Level::Portable, Level::Avx2, Level::Avx512];
        all.into_iter().filter(|level| *level <= Level::detect()).collect()
    }
}

/// Defines a function whose body is compiled for each [`Level`](crate::simd::Level), and which runs the highest that the
/// processor has.
///
/// ```
/// scribe_base::simd_fn! {
///     /// Adds up.
///     fn sum(values: &[f32]) -> f32 {
///         values.iter().sum()
///     }
/// }
/// assert_eq!(sum(&[1.0, 2.5]), 3.5);
/// ```
#[macro_export]
macro_rules! simd_fn {
    ($(#[$meta:meta])* $vis:vis fn $name:ident($($arg:ident: $ty:ty),* $(,)?) $(-> $ret:ty)? $body:block) => {
        $(#[$meta])*
        #[allow(clippy::too_many_arguments, reason = "that of the function that is compiled several times")]
        $vis fn $name($($arg: $ty),*) $(-> $ret)? {
            #[inline(always)]
            fn body($($arg: $ty),*) $(-> $ret)? $body
            #[cfg(target_arch = "x86_64")]
            {
                #[target_feature(enable = "avx512f,avx512bw,avx512cd,avx512dq,avx512vl,avx2,fma,bmi1,bmi2")]
                fn with_avx512($($arg: $ty),*) $(-> $ret)? {
                    body($($arg),*)
                }
                #[target_feature(enable = "avx2,fma,bmi1,bmi2")]
                fn with_avx2($($arg: $ty),*) $(-> $ret)? {
                    body($($arg),*)
                }
                match $crate::simd::Level::detect() {
                    // SAFETY: this level was detected, so the processor has every feature that the function is compiled for.
                    $crate::simd::Level::Avx512 => return unsafe { with_avx512($($arg),*) },
                    // SAFETY: this level was detected, so the processor has every feature that the function is compiled for.
                    $crate::simd::Level::Avx2 => return unsafe { with_avx2($($arg),*) },
                    $crate::simd::Level::Portable => {}
                }
            }
            body($($arg),*)
        }
    };
}

#[cfg(test)]
mod tests {
    use super::Level;

    crate::simd_fn! {
        fn scaled(values: &mut [f32], by: f32) -> usize {
            values.iter_mut().for_each(|value| *value *= by);
            values.len()
        }
    }

    #[test]
    fn the_chosen_version_computes_what_the_body_says() {
        let mut values: Vec<f32> = (0..100).map(|i| i as f32).collect();
        assert_eq!(scaled(&mut values, 0.3), 100);
        assert!(values.iter().enumerate().all(|(i, value)| *value == i as f32 * 0.3));
    }

    #[test]
    fn levels_begin_with_the_portable_one_and_end_with_the_detected_one() {
        let all = Level::available();
        assert_eq!((all.first(), all.last()), (Some(&Level::Portable), Some(&Level::detect())));
    }
}
