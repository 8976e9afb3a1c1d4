//! Random lives of series and items: every law holds after every call.

use super::*;
use proptest::{prelude::*, test_runner::RngAlgorithm};

/// One thing that somebody tries; indices are taken modulo what there is.
#[derive(Clone, Debug)]
enum Op {
    Create { batch: u8, count: u8, drawn: u8, fault: bool },
    Void(u8),
    Freeze(u8),
    Release(u8),
    Report(u8, u8, u8),
    Mark(u8, u8, u8),
    Ship(u8, u8),
}

fn op() -> impl Strategy<Value = Op> {
    let n = any::<u8>;
    prop_oneof![
        4 => (n(), 1u8..40, n(), any::<bool>())
            .prop_map(|(batch, count, drawn, fault)| Op::Create { batch, count, drawn, fault }),
        2 => n().prop_map(Op::Void),
        1 => n().prop_map(Op::Freeze),
        1 => n().prop_map(Op::Release),
        2 => (n(), n(), n()).prop_map(|(a, b, c)| Op::Report(a, b, c)),
        8 => (n(), n(), n()).prop_map(|(a, b, c)| Op::Mark(a, b, c)),
        1 => (n(), n()).prop_map(|(a, b)| Op::Ship(a, b)),
    ]
}

/// What the model knows: the leaves of each series, and what became of its items.
#[derive(Default)]
struct Model {
    series: Vec<(BatchId, Leaves)>,
    first_sales: std::collections::BTreeMap<(SeriesId, u32), u32>,
}

fn batch(n: u8) -> BatchId {
    BatchId([n % 3 + 1; 16])
}

fn attempt(model: &mut Model, op: &Op) {
    let n_series = model.series.len();
    let nth = |n: u8| usize::from(n) % n_series.max(1);
    if let Op::Create { batch: n, count, drawn, fault } = *op {
        let mut codes = leaves(&format!("{}-", n_series % 7), count.into());
        if fault {
            codes.swap(0, usize::from(count) - 1);
        }
        let new = NewSeries {
            certificate: (drawn % 2 == 0).then_some(CERTIFICATE_ID),
            licence: (drawn % 3 == 0).then_some(LICENCE_ID),
            ..new_series(batch(n), &codes)
        };
        if Labels::create_series(by(FACTORY), new).is_ok() {
            model.series.push((batch(n), codes));
        }
        return;
    }
    if n_series == 0 {
        return;
    }
    match *op {
        Op::Create { .. } => {}
        Op::Void(n) => {
            let _ = Labels::void_series(by(FACTORY), nth(n) as u32);
        }
        Op::Freeze(n) => {
            let _ = Labels::freeze_series(by(SAMR), nth(n) as u32, [1; 32]);
        }
        Op::Release(n) => {
            let _ = Labels::release_series(by(SAMR), nth(n) as u32, [1; 32]);
        }
        Op::Report(n, a, b) => {
            let (_, codes) = &model.series[nth(n)];
            let index = |n: u8| u32::from(n) % codes.len() as u32;
            let id = nth(n) as u32;
            let pair = FaultProof::Pair(proof(id, codes, index(a)), proof(id, codes, index(b)));
            let in_order = codes.is_sorted();
            let done = Labels::report_fault(by(BANK), pair).is_ok();
            assert!(!(done && in_order), "an orderly series was frozen");
        }
        Op::Mark(n, index, life) => {
            let (batch, codes) = &model.series[nth(n)];
            let index = u32::from(index) % codes.len() as u32;
            let id = nth(n) as u32;
            let life =
                [ItemLife::Sold, ItemLife::Returned, ItemLife::Destroyed][usize::from(life % 3)];
            let before = Labels::item(id, index).map(|mark| mark.life);
            let holder = TableBatches::batch(*batch).unwrap().holder;
            let done = Labels::mark_item(by(holder), proof(id, codes, index), *batch, life).is_ok();
            if done && life == ItemLife::Sold {
                assert_ne!(before, Some(ItemLife::Sold), "an item was sold twice");
                *model.first_sales.entry((id, index)).or_default() += 1;
            }
        }
        Op::Ship(n, to) => {
            let holder = [FACTORY, SHOP][usize::from(to % 2)];
            TableBatches::change(batch(n), |it| it.holder = holder);
        }
    }
}

/// What certificate and licence have lent is the content of the series that are not void.
fn compare() {
    let drawn = |is_of: fn(&SeriesDetails) -> bool| {
        Series::<Test>::iter_values()
            .filter(|it| it.state != SeriesState::Void && is_of(it))
            .map(|it| it.content)
            .sum::<u128>()
    };
    assert_eq!(TableCertificates::drawn(), drawn(|it| it.certificate.is_some()));
    assert_eq!(TableLicences::taken(), drawn(|it| it.licence.is_some()));
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 128,
        rng_algorithm: RngAlgorithm::ChaCha,
        rng_seed: proptest::test_runner::RngSeed::Fixed(12),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn lives_keep_every_law(ops in prop::collection::vec(op(), 1..80)) {
        run(|| {
            for number in 1..=3 {
                TableBatches::put(number, TIN, 60);
            }
            let mut model = Model::default();
            for op in &ops {
                attempt(&mut model, op);
                Labels::do_try_state().unwrap();
                compare();
            }
        });
    }
}
