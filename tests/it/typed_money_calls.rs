//! The typed calls of calendar, funds and compensation fit the chain: each is a call of its
//! metadata, and none is missing.

use crate::typed_calls::fit;
use ecoledger_client::{
    Call, CivilDate, Digest, Fen, Moment, Ppb, SignedPpb, calendar,
    compensation::{
        FactorQuantity, MicrogramsPerLitre, Unit, horizontal,
        horizontal::{
            AgreementRules, AgreementTerms, FailureRule, Formula, Indicator, IndicatorRule, Rung,
            Section,
        },
        vertical,
        vertical::{
            Component, ComponentKind, CountyData, FactorRule, FactorValue, Form, Grade, NewPolicy,
            SourceRecord,
        },
    },
    funds,
    funds::{Finding, Part, TagKey},
    traceability::Commitment,
};
use ecoledger_tests::{Key, validators};

/// More than a JSON number keeps exact.
const LARGE: Fen = Fen(1 << 70);

fn document() -> Commitment {
    Commitment::with_salt(&[7; 32], b"document")
}

fn calendar_calls() -> Vec<Call> {
    vec![calendar::set_year(2028, &[CivilDate(21_184)], &[CivilDate(21_190)])]
}

fn fund_calls() -> Vec<Call> {
    let (tag, document) = (TagKey { programme: 3, tag: 20_250 }, document());
    let address = ecoledger_client::address(&Key::for_client("Alice").public_key());
    vec![
        funds::open_programme("2110401"),
        funds::open_programme("0x2110401"),
        funds::open_tag(tag, "2110401", LARGE),
        funds::set_ceiling(tag, LARGE),
        funds::set_part(3, 19, Some(Part::Payee)),
        funds::set_part(3, 19, None),
        funds::appropriate(tag, LARGE, &document),
        funds::transfer(tag, 18, LARGE, &document),
        funds::pay(tag, &address, LARGE, &document),
        funds::claw_back(tag, 18, LARGE, &document),
        funds::flag(3, 18, Finding::Fraud, &document),
        funds::lift_flag(3, 18, &document),
    ]
}

fn vertical_calls() -> eyre::Result<Vec<Call>> {
    let document = document();
    let factor = FactorRule { factor: 1, unit: Unit::AreaUnits, weight_ppb: Ppb(1_000_000_000) };
    let component = |form| Component { kind: ComponentKind::Key, pool_fen: LARGE, form };
    let policy = NewPolicy {
        year: 2026,
        code: "2300223".into(),
        text: Digest::of(b"text"),
        components: vec![
            component(Form::Weighted(vec![factor])),
            component(Form::Gap { negative_is_zero: true }),
        ],
        counties: vec![13, 18],
        remit_term: "30 working days".parse()?,
    };
    let source =
        SourceRecord { record: u64::MAX, hash: Digest::of(b"record"), published_at: Moment::now() };
    let quantity = FactorQuantity::Fen(1 << 70);
    let data = CountyData {
        coefficient_ppb: Ppb(1_000_000_000),
        floor_fen: Fen(0),
        cap_fen: Some(LARGE),
        values: vec![FactorValue { quantity, source }],
    };
    Ok(vec![
        vertical::set_performance_table(&[3, 2, 1, 0, -1, -2, -3].map(SignedPpb)),
        vertical::create_policy(&policy),
        vertical::submit_county(0, 1, 18, &data),
        vertical::freeze_factors(0),
        vertical::compute_shares(0),
        vertical::publish_shares(0),
        vertical::appropriate(0, 18, LARGE, &document),
        vertical::remit(0, 18, LARGE, &document),
        vertical::report_use(0, LARGE, &document),
        vertical::evaluate(0, 18, Grade::ObviouslyWorse, &document),
        vertical::conclude(0, 18, &document),
    ])
}

fn rules(formula: Formula) -> AgreementRules {
    let limits = [1, 2, 3, 4, 5].map(MicrogramsPerLitre);
    let rule = IndicatorRule {
        indicator: Indicator::TotalNitrogen,
        base: MicrogramsPerLitre(1_000),
        weight_ppb: Ppb(1_000_000_000),
        class_limits: Some(limits),
    };
    AgreementRules {
        from_year: 2025,
        sections: vec![Section {
            upstream: 0,
            downstream: 1,
            stations: [15, 16],
            indicators: vec![rule],
        }],
        missing_months_max: 2,
        tolerance_ppb: Ppb(200_000_000),
        incident_fails: true,
        disaster_exempts: false,
        formula,
    }
}

fn horizontal_calls() -> eyre::Result<Vec<Call>> {
    let (document, key) = (document(), (2025, 0, 12));
    let reading = [MicrogramsPerLitre(1_020)];
    let terms = AgreementTerms {
        parties: vec![13, 14],
        superior: 12,
        national_station: 12,
        first_year: 2025,
        last_year: 2027,
        cap_fen: LARGE,
        pay_term: "60 days".parse()?,
        code: "2110401".into(),
        text: Digest::of(b"text"),
    };
    let rung = Rung { up_to_ppb: Ppb(u64::MAX), payer: 1, payee: 0, amount_fen: LARGE };
    let index = Formula::WeightedIndex { section: 0, k0_ppb: Ppb(850_000_000), steps: vec![rung] };
    let classes = Formula::ClassAndChange {
        section: 0,
        basis_class: 3,
        class_fen: LARGE,
        class_cap_fen: LARGE,
        change_fen: LARGE,
        change_cap_fen: LARGE,
    };
    let failure = FailureRule { section: 0, from: 0, share_ppb: Ppb(1), to: vec![0, 1] };
    let pool = Formula::Pool {
        pool_fen: LARGE,
        contribution: vec![1, 5],
        distribution: vec![3, 4],
        failures: vec![failure],
    };
    Ok(vec![
        horizontal::propose_agreement(&terms, &rules(index)),
        horizontal::propose_rules(0, &rules(classes)),
        horizontal::propose_rules(0, &rules(pool)),
        horizontal::sign_rules(0, &Digest::of(b"rules")),
        horizontal::submit_sample(0, key, &reading, &document),
        horizontal::dispute_sample(0, key, &document),
        horizontal::decide_sample(0, key, &reading, &document),
        horizontal::exempt_month(0, key, &document),
        horizontal::mark_incident(0, 2025, 0, &document),
        horizontal::compute_settlement(0, 2025),
        horizontal::confirm_settlement(0, 2025, &Digest::of(b"results")),
        horizontal::dispute_settlement(0, 2025, &document),
        horizontal::decide_settlement(0, 2025, &[(1, 0, LARGE), (0, 1, Fen(1))], &document),
        horizontal::pay_in(0, 2025, LARGE, &document),
        horizontal::pay_settlement(0, 2025, 0, LARGE, &document),
        horizontal::return_escrow(0, 2025, LARGE, &document),
    ])
}

#[tokio::test(flavor = "multi_thread")]
async fn the_client_makes_every_call_of_calendar_funds_and_compensation() -> eyre::Result<()> {
    let network = validators(1).start().await?;
    let client = network.client(0).await?;
    fit(&client, "Calendar", &calendar_calls()).await?;
    fit(&client, "Funds", &fund_calls()).await?;
    let compensation = [vertical_calls()?, horizontal_calls()?].concat();
    fit(&client, "Compensation", &compensation).await?;
    network.passed();
    Ok(())
}
