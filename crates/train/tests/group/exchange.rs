//! Sums, broadcasts and agreements over several ranks.

use super::{text, together};
use candle_core::{DType, Device, Tensor};
use scribe_train::group::{Collective, SingleProcess, agree};

/// Values that do not add up alike in every order: their sizes differ by far more than f32 resolves.
fn values(rank: usize, count: usize) -> Vec<f32> {
    (0..count)
        .map(|i| ((i * 7919 + rank * 104_729) % 1013) as f32 * 10f32.powi(rank as i32 * 3 - 3))
        .collect()
}

#[test]
fn every_rank_holds_the_same_sums() {
    // More than one piece, several shapes, an empty tensor.
    let (long, size) = (300_001, 3);
    let sums = together(size, |group| {
        let tensor = |count| Tensor::from_vec(values(group.rank(), count), count, &Device::Cpu).unwrap();
        let square = tensor(6).reshape((2, 3)).unwrap();
        let sums = group.sum(&[tensor(long), square, tensor(0)]).unwrap();
        assert_eq!(sums[1].dims(), [2, 3]);
        assert_eq!(sums[2].dims(), [0]);
        sums.iter().flat_map(|t| t.flatten_all().unwrap().to_vec1::<f32>().unwrap()).collect::<Vec<_>>()
    });
    let expected = |count| {
        let own: Vec<_> = (0..size).map(|rank| values(rank, count)).collect();
        (0..count).map(|i| own.iter().map(|v| f64::from(v[i])).sum::<f64>() as f32).collect::<Vec<_>>()
    };
    let expected = [expected(long), expected(6)].concat();
    assert!(sums.iter().all(|sums| *sums == expected), "the ranks or the sums differ");
}

#[test]
fn other_number_types() {
    let sums = together(2, |group| {
        let own = Tensor::full(group.rank() as f64 + 0.25, 3, &Device::Cpu).unwrap();
        let sum = group.sum(std::slice::from_ref(&own)).unwrap()[0].to_vec1::<f64>().unwrap();
        (sum, group.sum_values(&[1., group.rank() as f64]).unwrap())
    });
    assert_eq!(sums, vec![(vec![1.5; 3], vec![2., 1.]); 2]);
    let bytes = Tensor::zeros(2, DType::U8, &Device::Cpu).unwrap();
    let refusals = together(2, |group| text(group.sum(std::slice::from_ref(&bytes))));
    assert!(refusals.iter().all(|said| said.contains("expected f32 or f64, got U8")), "{refusals:?}");
}

#[test]
fn every_rank_gets_rank_0s_bytes() {
    let received = together(3, |group| {
        group.barrier().unwrap();
        group.broadcast_bytes(format!("from {}", group.rank()).as_bytes(), 6).unwrap()
    });
    assert_eq!(received, vec![b"from 0".to_vec(); 3]);
}

#[test]
fn more_bytes_than_expected_are_refused_before_they_are_read() {
    let said = together(3, |group| match group.rank() {
        // The sender alone expects so many.
        0 => group.broadcast_bytes(&[0; 7], 7).and_then(|_| group.barrier()).map(|()| Vec::new()),
        _ => group.broadcast_bytes(&[], 6),
    });
    let said = said.into_iter().map(text).collect::<Vec<_>>();
    for (rank, said) in said.iter().enumerate().skip(1) {
        assert!(said.contains("rank 0 sends 7 bytes where at most 6 are expected"), "rank {rank}: {said}");
    }
    assert!(said[0].contains("sends 7 bytes where at most 6"), "{}", said[0]);
}

#[test]
fn different_work_is_found_out() {
    let said = together(3, |group| {
        agree(&group, "the size", "equal").unwrap();
        text(agree(&group, "the digest", if group.rank() == 2 { "b" } else { "a" }))
    });
    for said in said {
        assert!(said.contains("the digest of rank 2 is 'b', that of rank 0 is 'a'"), "{said}");
    }
}

#[test]
fn a_single_process_keeps_its_own_values() {
    let own = Tensor::new(&[1f32, 2.], &Device::Cpu).unwrap();
    assert_eq!(SingleProcess.sum(std::slice::from_ref(&own)).unwrap()[0].to_vec1::<f32>().unwrap(), [1., 2.]);
    assert_eq!(SingleProcess.sum_values(&[3.]).unwrap(), [3.]);
    agree(&SingleProcess, "anything", "at all").unwrap();
}
