//! Generators whose state comes from numpy and goes back to it.
//!
//! The numbers were printed by numpy 1.22.4; each test holds the lines that it was given.

use scribe_corruptions::{Error, Rng, RngState};

/// The logarithm inside may differ from the C library's in its last bit, and with it a normal number.
fn close(a: f64, b: f64) -> bool {
    a.to_bits().abs_diff(b.to_bits()) <= 2
}

/// `np.random.seed(1234); np.random.normal(size=3); s = np.random.get_state(); print(s[1][:3], s[1][-1], s[2:])`
#[test]
fn a_state_is_numpy_s() {
    let mut rng = Rng::seed(1234);
    rng.fill_gauss(&mut [0.0; 3]);
    let state = rng.state();
    assert_eq!(state.key[..3], [2260313690, 348938374, 3392255680]);
    assert_eq!((state.key[623], state.pos), (2985199325, 8));
    assert!(close(state.gauss.expect("one of a pair"), -0.3126518960917129));
    // np.random.seed(1234); print(np.random.get_state()[2:])
    assert_eq!((Rng::seed(1234).state().pos, Rng::seed(1234).state().gauss), (624, None));
}

/// `np.random.set_state(('MT19937', np.arange(1, 625, dtype=np.uint32), 5, 1, 0.25))`,
/// `print(np.random.random_sample(3), np.random.random_sample(1000)[-1], np.random.normal(size=2))`
#[test]
fn numpy_s_state_is_taken() {
    let key = std::array::from_fn(|i| i as u32 + 1);
    let mut rng = Rng::from_state(&RngState { key, pos: 5, gauss: Some(0.25) }).expect("a state");
    let first = [0.003936901725184128, 0.007873803443091631, 0.007873803443091631];
    assert_eq!([0; 3].map(|_| rng.double()), first);
    let mut thousand = vec![0.0; 1000];
    rng.fill_double(&mut thousand);
    assert_eq!(thousand[999], 0.9970292452347091);
    assert_eq!(rng.gauss(), 0.25);
    assert!(close(rng.gauss(), -1.2633973004885202));
    // The same key with pos 624: np.random.random_sample(3)
    let mut rng = Rng::from_state(&RngState { key, pos: 624, gauss: None }).expect("a state");
    let first = [0.1387681950966051, 0.12793408235570947, 0.12695749006066281];
    assert_eq!([0; 3].map(|_| rng.double()), first);
}

#[test]
fn a_copy_goes_on_where_the_original_is() {
    let mut rng = Rng::seed(5);
    for draws in [0, 1, 311, 312, 624, 1000] {
        rng.fill_u32(&mut vec![0; draws]);
        rng.gauss();
        let mut copy = Rng::from_state(&rng.state()).expect("a state");
        let (mut a, mut b) = ([0.0; 1500], [0.0; 1500]);
        rng.clone().fill_gauss(&mut a);
        copy.fill_gauss(&mut b);
        assert_eq!(a, b, "after {draws} more");
    }
}

#[test]
fn a_position_behind_the_key_is_refused() {
    let state = RngState { pos: 625, ..Rng::seed(0).state() };
    let error = Rng::from_state(&state).expect_err("625 of 624 words");
    assert!(matches!(error, Error::Setting { .. }));
    assert_eq!(error.to_string(), "pos of a generator's state: \"625\", expected at most 624");
}
