//! Breaks of batches, certificates and labels.

use super::{Break, NOBODY, key_of};
use crate::Runtime;
use pallet_brands::{LicenceDetails, LicencesById, Usages};
use pallet_certification::{
    Certificate, CertificateState, Certificates, SoldFromBatches, TransactionCertificates,
};
use pallet_labels::{Labelled, Series, SeriesDetails, SeriesState};
use pallet_traceability::{BatchDetails, Batches, Claim, Derivations, Places};

/// What more is sold of a batch than it has: more than any here.
const MUCH: u128 = 1_000_000_000_000;

fn change_batch(
    is_wanted: impl Fn(&BatchDetails) -> bool,
    change: impl FnOnce(&mut BatchDetails),
) -> Option<()> {
    let id = key_of(Batches::<Runtime>::iter(), is_wanted)?;
    Batches::<Runtime>::mutate(id, |it| it.as_mut().map(change))
}

/// Changes a batch that comes from a base and carries a certificate.
fn change_certified(change: impl FnOnce(&mut BatchDetails)) -> Option<()> {
    change_batch(|it| it.formed_by.is_none() && !it.claims.is_empty(), change)
}

fn change_certificate(
    is_wanted: impl Fn(&Certificate) -> bool,
    change: impl FnOnce(&mut Certificate),
) -> Option<()> {
    let id = key_of(Certificates::<Runtime>::iter(), is_wanted)?;
    Certificates::<Runtime>::mutate(id, |it| it.as_mut().map(change))
}

fn change_licence(
    is_wanted: impl Fn(&LicenceDetails) -> bool,
    change: impl FnOnce(&mut LicenceDetails),
) -> Option<()> {
    let id = key_of(LicencesById::<Runtime>::iter(), is_wanted)?;
    LicencesById::<Runtime>::mutate(id, |it| it.as_mut().map(change))
}

/// Changes a label series that counts.
fn change_series(
    is_wanted: impl Fn(&SeriesDetails) -> bool,
    change: impl FnOnce(&mut SeriesDetails),
) -> Option<()> {
    let counts = |it: &SeriesDetails| it.state != SeriesState::Void && is_wanted(it);
    let id = key_of(Series::<Runtime>::iter(), counts)?;
    Series::<Runtime>::mutate(id, |it| it.as_mut().map(change))
}

/// What a claim that is not true is seen by.
const FALSE_CLAIM: &str =
    "a claim is not what the certificate's status was when the batch was made";

/// Of batches and what they carry.
pub(super) const BATCHES: &[Break] = &[
    (
        "a gram more in a batch",
        || change_batch(|it| it.stage.is_available(), |it| it.quantities.on_hand += 1_000),
        "units of a batch do not add up",
    ),
    (
        "a batch that lost to another what no derivation took",
        || {
            let take = |it: &mut BatchDetails| {
                it.quantities.on_hand -= 1;
                it.quantities.consumed += 1;
            };
            change_batch(|it| it.quantities.on_hand > 1, take)
        },
        "units consumed do not agree with the derivations",
    ),
    (
        "a derivation that loses less than it did",
        || {
            let id = key_of(Derivations::<Runtime>::iter(), |it| it.loss > 0)?;
            Derivations::<Runtime>::mutate(id, |it| it.as_mut().map(|it| it.loss -= 1))
        },
        "a derivation does not balance",
    ),
    (
        "a batch at nobody",
        || change_batch(|it| it.unit.is_none(), |it| it.holder = NOBODY),
        "batch of no organisation",
    ),
    (
        "a batch from another base",
        || change_batch(|it| it.formed_by.is_some() && it.origins[0] > 0, |it| it.origins[0] = 0),
        "origins are not the union",
    ),
    (
        "a batch that carries a certificate of nobody",
        || {
            let claim = Claim { certificate: NOBODY, made_while_suspended: false };
            change_batch(|it| it.formed_by.is_none(), |it| it.claims.force_push(claim))
        },
        FALSE_CLAIM,
    ),
    (
        "a batch that carries a certificate from before its issue",
        || change_certified(|it| it.produced_at = 1),
        FALSE_CLAIM,
    ),
    (
        "a batch that says otherwise whether its certificate was suspended",
        || change_certified(|it| it.claims[0].made_while_suspended ^= true),
        FALSE_CLAIM,
    ),
];

/// Of certificates, and what was sold under them.
pub(super) const CERTIFICATES: &[Break] = &[
    (
        "a certificate in force again, of which the body's tally knows nothing",
        || {
            change_certificate(
                |it| it.state != CertificateState::InForce,
                |it| it.state = CertificateState::InForce,
            )
        },
        "4: tallies are the counts of the records",
    ),
    (
        "a certificate that was not issued when its goods were made",
        || {
            let batch = Batches::<Runtime>::iter_values()
                .find(|it| it.formed_by.is_none() && !it.claims.is_empty())?;
            let id = batch.claims.first()?.certificate;
            Certificates::<Runtime>::mutate(id, |it| it.as_mut().map(|it| it.issued_at = u64::MAX))
        },
        FALSE_CLAIM,
    ),
    (
        "marks that nobody has",
        || {
            change_certificate(
                |it| (1..it.products[0].quantity).contains(&it.products[0].drawn),
                |it| it.products[0].drawn += 1,
            )
        },
        "draws on a certificate are not those of its series",
    ),
    (
        "marks under a certificate without series",
        || {
            change_certificate(
                |it| it.products[0].drawn == 0 && it.state == CertificateState::InForce,
                |it| it.products[0].drawn = 1,
            )
        },
        "draw on a certificate without series",
    ),
    (
        "more sold of a batch than it has",
        || {
            let (id, sale) = TransactionCertificates::<Runtime>::iter()
                .find(|(_, it)| it.voided_at.is_none())?;
            TransactionCertificates::<Runtime>::mutate(id, |it| {
                it.as_mut().map(|it| it.quantity += MUCH)
            })?;
            SoldFromBatches::<Runtime>::mutate(sale.batch, |sold| *sold += MUCH);
            Certificates::<Runtime>::mutate(sale.certificate, |it| {
                let products = &mut it.as_mut()?.products;
                let product = products.iter_mut().find(|it| it.gtin == sale.gtin)?;
                product.sold += MUCH;
                product.quantity += MUCH;
                Some(())
            })
        },
        "2: no more of a batch is sold than it has",
    ),
    (
        "a certified base of somebody else",
        || {
            let base = *Certificates::<Runtime>::iter_values().next()?.bases.first()?;
            Places::<Runtime>::mutate(base, |it| it.as_mut().map(|it| it.owner = NOBODY))
        },
        "6: a certified base is the holder's",
    ),
];

/// Of licences and label series.
pub(super) const LABELS: &[Break] = &[
    (
        "more labelled than the quota",
        || {
            let key = key_of(Usages::<Runtime>::iter(), |it| it.series > 0)?;
            Usages::<Runtime>::mutate(key, |it| it.series = u128::MAX / 2);
            Some(())
        },
        "more is labelled than the quota",
    ),
    (
        "a labelled count that is not that of the series",
        || {
            let key = key_of(Usages::<Runtime>::iter(), |it| it.series > 1)?;
            Usages::<Runtime>::mutate(key, |it| it.series -= 1);
            Some(())
        },
        "draws on a licence are not those of its series",
    ),
    (
        "a labelled count of a period without series",
        || {
            let (id, gtin, period) = key_of(Usages::<Runtime>::iter(), |_| true)?;
            Usages::<Runtime>::mutate((id, gtin, period + 50), |it| it.series = 1);
            Some(())
        },
        "draw on a licence without series",
    ),
    (
        "a series without the certificate that it drew on",
        || {
            let is_one_of_several = |it: &SeriesDetails| {
                let same = |other: &SeriesDetails| other.certificate == it.certificate;
                it.certificate.is_some()
                    && Series::<Runtime>::iter_values().filter(same).count() > 1
            };
            change_series(is_one_of_several, |it| it.certificate = None)
        },
        "draws on a certificate are not those of its series",
    ),
    (
        "a series of a certificate that its batch does not carry",
        || change_series(|it| it.certificate.is_some(), |it| it.certificate = Some(NOBODY)),
        "labels of a certificate that the batch does not carry",
    ),
    (
        "a licence for bases of somebody else",
        || change_licence(|it| it.bases[0] > 0, |it| it.bases[0] = 0),
        "licence for bases of another",
    ),
    (
        "a licence on a certificate of nobody",
        || change_licence(|_| true, |it| it.certificate = Some(NOBODY)),
        "licence on a certificate that does not exist",
    ),
    (
        "more codes than pieces",
        || {
            let batch = key_of(Labelled::<Runtime>::iter(), |it| it.n_pieces > 0)?;
            Labelled::<Runtime>::mutate(batch, |it| it.n_pieces += 1);
            Some(())
        },
        "count of labelled pieces is wrong",
    ),
];
