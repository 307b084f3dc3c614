//! Sums of two doubles, for the few values whose last bit decides a picture.

/// An unevaluated sum `hi + lo` with `|lo| <= ulp(hi) / 2`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Dd {
    hi: f64,
    lo: f64,
}

impl Dd {
    /// The value of one double.
    pub(crate) const fn new(hi: f64) -> Dd {
        Dd { hi, lo: 0.0 }
    }

    /// The sum of two doubles that do not overlap.
    pub(crate) const fn from_parts(hi: f64, lo: f64) -> Dd {
        Dd { hi, lo }
    }

    /// The nearest double.
    pub(crate) fn round(self) -> f64 {
        self.hi + self.lo
    }

    /// The sum.
    pub(crate) fn add(self, other: Dd) -> Dd {
        let (sum, error) = two_sum(self.hi, other.hi);
        quick(sum, error + (self.lo + other.lo))
    }

    /// The product.
    pub(crate) fn mul(self, other: Dd) -> Dd {
        let (product, error) = two_product(self.hi, other.hi);
        quick(product, error + (self.hi * other.lo + self.lo * other.hi))
    }

    /// The quotient by a double.
    pub(crate) fn div(self, divisor: f64) -> Dd {
        let first = self.hi / divisor;
        let (product, error) = two_product(first, divisor);
        let rest = ((self.hi - product) - error) + self.lo;
        quick(first, rest / divisor)
    }
}

fn quick(a: f64, b: f64) -> Dd {
    let hi = a + b;
    Dd { hi, lo: b - (hi - a) }
}

fn two_sum(a: f64, b: f64) -> (f64, f64) {
    let sum = a + b;
    let part = sum - a;
    (sum, (a - (sum - part)) + (b - part))
}

/// Dekker's exact product: without a fused multiply-add, so that it is the same everywhere.
fn two_product(a: f64, b: f64) -> (f64, f64) {
    let product = a * b;
    let ((ah, al), (bh, bl)) = (split(a), split(b));
    (product, ((ah * bh - product) + ah * bl + al * bh) + al * bl)
}

fn split(a: f64) -> (f64, f64) {
    let c = 134_217_729.0 * a; // 2^27 + 1
    let hi = c - (c - a);
    (hi, a - hi)
}
