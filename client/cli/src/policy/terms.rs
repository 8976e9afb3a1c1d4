//! Components of a policy and values of counties, as they are written on the command line.

use ecoledger_client::{
    Error, Fen, Moment, Ppb,
    compensation::{
        FactorQuantity, Unit,
        vertical::{
            Component, ComponentKind, CountyData, FactorRule, FactorValue, Form, Policy,
            SourceRecord,
        },
    },
    traceability::OrganisationId,
};
use std::str::FromStr;

/// One whole in parts per billion.
const ONE_PPB: u64 = 1_000_000_000;

/// `KIND=POOL:FORM`, such as `key=10000000:1/mu/60%,2/persons/40%`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ComponentTerms(Component);

impl ComponentTerms {
    pub(super) fn component(&self) -> Component {
        self.0.clone()
    }
}

fn wrong(field: &str, rule: &str, text: &str) -> Error {
    Error::Arguments(format!("{field}: {rule}, got {text:?}"))
}

impl FromStr for ComponentTerms {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let shape = "KIND=POOL:FORM is expected, such as key=10000000:1/mu/60%,2/persons/40%";
        let parts = text.split_once('=').and_then(|(kind, rest)| {
            let (pool, form) = rest.split_once(':')?;
            Some((kind, pool, form))
        });
        let (kind, pool, form) = parts.ok_or_else(|| wrong("component", shape, text))?;
        let kind = match kind.trim() {
            "key" => ComponentKind::Key,
            "prohibited" => ComponentKind::Prohibited,
            "guiding" => ComponentKind::Guiding,
            "element" => ComponentKind::Element,
            other => {
                let rule = "key, prohibited, guiding or element is expected";
                return Err(wrong("component kind", rule, other));
            }
        };
        let pool_fen: Fen = pool.parse()?;
        let form = match form.trim() {
            "gap" => Form::Gap { negative_is_zero: false },
            "gap-or-zero" => Form::Gap { negative_is_zero: true },
            factors => weighted(factors)?,
        };
        Ok(Self(Component { kind, pool_fen, form }))
    }
}

fn weighted(text: &str) -> Result<Form, Error> {
    let factors = text
        .split(',')
        .map(|factor| {
            let rule = "FACTOR/UNIT/WEIGHT is expected, such as 1/mu/60%";
            let mut parts = factor.trim().splitn(3, '/');
            let (Some(number), Some(unit), Some(weight)) =
                (parts.next(), parts.next(), parts.next())
            else {
                return Err(wrong("factor", rule, factor));
            };
            Ok(FactorRule {
                factor: number.parse().map_err(|_| wrong("factor", rule, factor))?,
                unit: unit.parse::<Unit>()?,
                weight_ppb: weight.parse::<Ppb>()?,
            })
        })
        .collect::<Result<Vec<_>, _>>()?;
    let sum = factors.iter().map(|factor| u128::from(factor.weight_ppb.0)).sum::<u128>();
    if sum == u128::from(ONE_PPB) {
        Ok(Form::Weighted(factors))
    } else {
        let sum = ecoledger_client::quantity::decimal(sum, 9);
        Err(Error::Arguments(format!("weights: a sum of 1 is expected, got {sum} in {text:?}")))
    }
}

/// `QUANTITY@RECORD,HASH,PUBLISHED`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SourcedValue(FactorValue);

impl FromStr for SourcedValue {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let rule = "QUANTITY@RECORD,HASH,PUBLISHED is expected, such as \
                    1200mu@77,0x…,2026-01-31T00:00:00+08:00";
        let shape = || wrong("value", rule, text);
        let (quantity, source) = text.split_once('@').ok_or_else(shape)?;
        let mut parts = source.splitn(3, ',').map(str::trim);
        let (Some(record), Some(hash), Some(published_at)) =
            (parts.next(), parts.next(), parts.next())
        else {
            return Err(shape());
        };
        let source = SourceRecord {
            record: record.parse().map_err(|_| shape())?,
            hash: hash.parse()?,
            published_at: published_at.parse::<Moment>()?,
        };
        let quantity: FactorQuantity = quantity.parse()?;
        Ok(Self(FactorValue { quantity, source }))
    }
}

pub(super) fn county_data(
    coefficient_ppb: Ppb,
    floor_fen: Fen,
    cap_fen: Option<Fen>,
    values: &[SourcedValue],
) -> Result<CountyData, Error> {
    if let Some(cap) = cap_fen.filter(|cap| floor_fen > *cap) {
        return Err(Error::Arguments(format!(
            "floor: at most the cap of {cap} is expected, got {floor_fen}"
        )));
    }
    let values = values.iter().map(|value| value.0.clone()).collect();
    Ok(CountyData { coefficient_ppb, floor_fen, cap_fen, values })
}

/// Checks data against the policy, before they are signed.
pub(super) fn check(
    policy: &Policy,
    component: u8,
    county: OrganisationId,
    data: &CountyData,
) -> Result<(), Error> {
    let terms = &policy.terms;
    let n_components = terms.components.len();
    let of = terms.components.get(usize::from(component)).ok_or_else(|| {
        Error::Arguments(format!(
            "component: 0 to {} is expected, got {component}",
            n_components - 1
        ))
    })?;
    if !terms.counties.contains(&county) {
        return Err(Error::Arguments(format!(
            "county: organisation {county} is none of the policy's"
        )));
    }
    let units: Vec<Unit> = match &of.form {
        Form::Weighted(factors) => factors.iter().map(|factor| factor.unit).collect(),
        Form::Gap { .. } => vec![Unit::Fen, Unit::Fen],
    };
    if units.len() != data.values.len() {
        return Err(Error::Arguments(format!(
            "value: {} are expected, one for each factor of component {component}, got {}",
            units.len(),
            data.values.len()
        )));
    }
    for (index, (value, unit)) in data.values.iter().zip(units).enumerate() {
        if value.quantity.unit() != unit {
            return Err(Error::Arguments(format!(
                "value {index}: a quantity in {unit:?} is expected, got {}",
                value.quantity
            )));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use ecoledger_client::{Digest, Term};

    #[test]
    fn components_are_written_on_one_line() {
        let read = |text: &str| text.parse::<ComponentTerms>().map(|terms| terms.0);
        let component = read("key=10000000:1/mu/60%,2/persons/0.4").unwrap();
        assert_eq!((component.kind, component.pool_fen), (ComponentKind::Key, Fen(1_000_000_000)));
        let Form::Weighted(factors) = component.form else { panic!("weighted") };
        assert_eq!(factors[0].unit, Unit::AreaUnits);
        assert_eq!(factors[1].weight_ppb, Ppb(400_000_000));
        let gap = read("guiding=0.01:gap-or-zero").unwrap();
        assert_eq!(gap.form, Form::Gap { negative_is_zero: true });
        let refusal = |text: &str| read(text).unwrap_err().to_string();
        assert!(refusal("key=1:1/mu/60%,2/mu/41%").contains("got 1.01"));
        assert!(refusal("other=1:gap").contains("prohibited"));
        assert!(refusal("key=1.001:gap").contains("two decimals"));
        assert!(refusal("key=1:1/acre/100%").contains("unit"));
        assert!(refusal("key=1").contains("KIND=POOL:FORM"));
        assert!(refusal("key=1:1/mu").contains("FACTOR/UNIT/WEIGHT"));
    }

    #[test]
    fn values_have_units_and_sources() {
        let hash = Digest::of(b"account");
        let text = format!("1200mu@77,{hash},2026-01-31T00:00:00+08:00");
        let SourcedValue(value) = text.parse().unwrap();
        assert_eq!(value.quantity, FactorQuantity::AreaUnits(240_000_000));
        assert_eq!((value.source.record, &value.source.hash), (77, &hash));
        for text in ["1200mu", "1200mu@77", "1200@77,0x,now", &format!("1200@77,{hash},now")] {
            assert!(text.parse::<SourcedValue>().is_err(), "{text}");
        }
    }

    #[test]
    fn data_are_checked_against_the_policy() {
        let ComponentTerms(component) = "key=1:1/mu/60%,2/persons/40%".parse().unwrap();
        let policy = Policy {
            treasury: 12,
            terms: ecoledger_client::compensation::vertical::NewPolicy {
                year: 2026,
                code: "1".into(),
                text: Digest::of(b""),
                components: vec![component],
                counties: vec![18],
                remit_term: "30 days".parse::<Term>().unwrap(),
            },
            rule_set: 1,
            rules_hash: Digest::of(b""),
            factors_hash: None,
            programme: 0,
            status: ecoledger_client::compensation::vertical::PolicyStatus::Open,
        };
        let value = |quantity: &str| -> SourcedValue {
            format!("{quantity}@1,{},2026-01-31T00:00:00+08:00", Digest::of(b"")).parse().unwrap()
        };
        let data = |values: &[&str]| {
            let values: Vec<_> = values.iter().map(|text| value(text)).collect();
            county_data(Ppb(ONE_PPB), Fen(0), None, &values).unwrap()
        };
        let good = data(&["3mu", "4 persons"]);
        assert!(check(&policy, 0, 18, &good).is_ok());
        let refusal = |component, county, data: &CountyData| {
            check(&policy, component, county, data).unwrap_err().to_string()
        };
        assert!(refusal(1, 18, &good).starts_with("component: 0 to 0"));
        assert!(refusal(0, 19, &good).starts_with("county"));
        assert!(refusal(0, 18, &data(&["3mu"])).starts_with("value: 2 are expected"));
        assert!(refusal(0, 18, &data(&["4 persons", "3mu"])).starts_with("value 0: "));
        assert!(county_data(Ppb(1), Fen(2), Some(Fen(1)), &[]).is_err());
    }
}
