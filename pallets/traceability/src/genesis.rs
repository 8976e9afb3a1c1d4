//! Governed data and master data from the first block on, in the words of a JSON chain
//! specification.

use crate::{
    BaseUnit, Config, FarmInput, FarmInputId, FarmInputKind, GenesisConfig, Gln, Gtin, NetContent,
    OpenRecallIds, OpenRecalls, Pallet, PlaceDetails, ProducerLicences, ProductDetails, Products,
    RecallClass, RecallScope, UnitCode, UnitRule, YieldRule, YieldScope,
};
use alloc::{string::String, vec::Vec};
use pallet_participants::{OrganisationId, RegionCode};
use serde::{Deserialize, Serialize};

/// A unit of measure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GenesisUnit {
    /// UN/ECE Recommendation 20 code.
    pub code: String,
    /// Base unit of its dimension.
    pub base: BaseUnit,
    /// Base units in `denominator` of it.
    pub numerator: u64,
    /// See `numerator`.
    pub denominator: u64,
}

/// A product and who may produce it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GenesisProduct {
    /// GTIN-14.
    pub gtin: String,
    /// Owner.
    pub owner: OrganisationId,
    /// Unit of its quantities.
    pub base_unit: BaseUnit,
    /// Content of a piece.
    #[serde(default)]
    pub net_content: Option<GenesisNetContent>,
    /// Milligrams in a millilitre.
    #[serde(default)]
    pub density_mg_per_ml: Option<u32>,
    /// GPC brick.
    pub category: u32,
    /// Licensed producers beside the owner.
    #[serde(default)]
    pub licensed: Vec<OrganisationId>,
}

/// Content of a piece.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GenesisNetContent {
    /// A mass or a volume.
    pub unit: BaseUnit,
    /// How much of it.
    pub quantity: u64,
    /// GTIN-14 of the bulk product, which stands before in the list.
    #[serde(default)]
    pub of: Option<String>,
}

/// A production base; the first has number 0.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GenesisPlace {
    /// Who runs it.
    pub owner: OrganisationId,
    /// GB/T 2260 code.
    pub region: u32,
    /// GLN.
    #[serde(default)]
    pub gln: Option<String>,
    /// Area in 1/300 m².
    pub area_units: u64,
}

/// A yield limit between two products.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GenesisYield {
    /// GTIN-14 that goes in.
    pub input: String,
    /// GTIN-14 that comes out.
    pub output: String,
    /// Content out per content in, 10^9 being 1.0.
    pub max_ppb: u64,
    /// Whether it comes beside the main products.
    #[serde(default)]
    pub by_product: bool,
}

/// A farm input.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GenesisFarmInput {
    /// Its number.
    pub id: FarmInputId,
    /// What it is.
    pub kind: FarmInputKind,
    /// Number in the national register.
    pub registration: String,
    /// Pre-harvest interval in days.
    pub pre_harvest_days: u16,
}

/// What a class of recall reaches.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GenesisRecallRule {
    /// 1, 2 or 3.
    pub class: RecallClass,
    /// Where a recall of the class starts.
    pub scope: RecallScope,
}

/// Recall rules to begin with: the graver the danger, the wider the reach.
pub fn default_recall_rules() -> Vec<GenesisRecallRule> {
    [(1, RecallScope::SameParents), (2, RecallScope::SameEvent), (3, RecallScope::Descendants)]
        .into_iter()
        .map(|(class, scope)| GenesisRecallRule { class, scope })
        .collect()
}

/// Units of UN/ECE Recommendation 20 that trade in ecological products uses.
pub fn default_units() -> Vec<GenesisUnit> {
    use BaseUnit::{Each, Milligram, Millilitre};
    [
        ("MGM", Milligram, 1, 1),
        ("GRM", Milligram, 1_000, 1),
        ("KGM", Milligram, 1_000_000, 1),
        ("DTN", Milligram, 100_000_000, 1),
        ("TNE", Milligram, 1_000_000_000, 1),
        ("LBR", Milligram, 45_359_237, 100),
        ("ONZ", Milligram, 28_349_523_125, 1_000_000),
        ("MLT", Millilitre, 1, 1),
        ("CLT", Millilitre, 10, 1),
        ("LTR", Millilitre, 1_000, 1),
        ("HLT", Millilitre, 100_000, 1),
        ("MTQ", Millilitre, 1_000_000, 1),
        ("C62", Each, 1, 1),
        ("EA", Each, 1, 1),
        ("H87", Each, 1, 1),
        ("DZN", Each, 12, 1),
    ]
    .into_iter()
    .map(|(code, base, numerator, denominator)| GenesisUnit {
        code: code.into(),
        base,
        numerator,
        denominator,
    })
    .collect()
}

impl<T: Config> Pallet<T> {
    /// Writes the genesis data through the same checks as the calls.
    ///
    /// # Panics
    /// When the data are not valid: a chain without a valid genesis must not start.
    pub(crate) fn build_genesis(data: &GenesisConfig<T>) {
        OpenRecalls::<T>::put(OpenRecallIds::new());
        for unit in &data.units {
            let code = UnitCode::parse(&unit.code).expect("genesis unit code is valid");
            let rule = UnitRule {
                base: unit.base,
                numerator: unit.numerator,
                denominator: unit.denominator,
            };
            Self::do_set_unit(code, rule).expect("genesis unit is valid");
        }
        for rule in &data.recall_rules {
            Self::do_set_recall_rule(rule.class, rule.scope).expect("genesis recall rule is valid");
        }
        Self::do_set_clock_skew(data.clock_skew_ms).expect("genesis clock skew is valid");
        for product in &data.products {
            Self::build_product(product);
        }
        for place in &data.places {
            let gln =
                place.gln.as_deref().map(|text| Gln::parse(text).expect("genesis GLN is valid"));
            let details = PlaceDetails {
                owner: place.owner,
                region: RegionCode(place.region),
                gln,
                area_units: place.area_units,
            };
            Self::add_place(details).expect("genesis base is valid");
        }
        for limit in &data.yields {
            let scope = YieldScope::Product {
                input: parse_gtin(&limit.input),
                output: parse_gtin(&limit.output),
            };
            let rule = YieldRule { max_ppb: limit.max_ppb, by_product: limit.by_product };
            Self::do_set_yield(scope, Some(rule)).expect("genesis yield is valid");
        }
        for input in &data.farm_inputs {
            let registration = input.registration.as_bytes().to_vec();
            let farm_input = FarmInput {
                kind: input.kind,
                registration: registration.try_into().expect("genesis registration is short"),
                pre_harvest_days: input.pre_harvest_days,
                permitted: true,
            };
            Self::do_set_farm_input(input.id, farm_input).expect("genesis farm input is valid");
        }
    }

    fn build_product(product: &GenesisProduct) {
        let gtin = parse_gtin(&product.gtin);
        let details = ProductDetails {
            owner: product.owner,
            base_unit: product.base_unit,
            net_content: product.net_content.as_ref().map(|content| NetContent {
                unit: content.unit,
                quantity: content.quantity,
                of: content.of.as_deref().map(parse_gtin),
            }),
            density_mg_per_ml: product.density_mg_per_ml,
            category: product.category,
        };
        Self::check_product(&gtin, &details).expect("genesis product is valid");
        Products::<T>::insert(gtin, details);
        for organisation in &product.licensed {
            ProducerLicences::<T>::insert(gtin, organisation, 0);
        }
    }
}

fn parse_gtin(text: &str) -> Gtin {
    Gtin::parse(text).expect("genesis GTIN is valid")
}
