//! Calls of the traceability pallet with arguments of the development chain.

use serde_json::{Value, json};
use std::time::{SystemTime, UNIX_EPOCH};

/// Numbers of the development chain's organisations that hold batches.
pub const CO_OPERATIVE: u32 = 1;
/// The processor.
pub const PROCESSOR: u32 = 2;
/// The retailer.
pub const RETAILER: u32 = 3;

/// Grams of each batch that is produced.
const BATCH_GRAMS: u32 = 1_000;

/// GTIN-14 number `index` under the prefix that GS1 reserves for demonstrations.
pub fn gtin(index: u32) -> String {
    let body = format!("09506000{:05}", index % 100_000);
    let sum: u32 = body
        .bytes()
        .rev()
        .zip([3u32, 1].into_iter().cycle())
        .map(|(digit, weight)| u32::from(digit - b'0') * weight)
        .sum();
    format!("{body}{}", (10 - sum % 10) % 10)
}

/// The identity of a batch: BLAKE2b-128 of its product and lot.
pub fn batch_id(gtin: &str, lot: &str) -> String {
    let name = format!("{gtin}{lot}");
    format!("0x{}", hex::encode(sp_io::hashing::blake2_128(name.as_bytes())))
}

/// Unix time in milliseconds, for events: what this machine's clock says.
pub fn now_ms() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(now.as_millis()).unwrap_or(u64::MAX)
}

/// Context of an event at `time_ms`.
pub fn context(time_ms: u64) -> Value {
    json!({ "event_time": time_ms, "read_point": null, "document": null })
}

/// `grams` as a measure.
pub fn grams(grams: u32) -> Value {
    json!({ "value": grams, "decimals": 0, "unit": "GRM" })
}

/// Arguments of `register_product`: sold by weight.
pub fn register_product(gtin: &str, owner: u32) -> Value {
    json!({
        "gtin": gtin,
        "details": {
            "owner": owner,
            "base_unit": "Milligram",
            "net_content": null,
            "density_mg_per_ml": null,
            "category": 10_000_115,
        },
    })
}

/// Arguments of `register_place` in Jingning county.
pub fn register_place() -> Value {
    json!({ "region": 331_127, "gln": null, "area_units": 2_000_000 })
}

/// Arguments of `produce`.
pub fn produce(gtin: &str, lot: &str, place: u32, time_ms: u64) -> Value {
    json!({
        "gtin": gtin,
        "lot": lot,
        "quantity": grams(BATCH_GRAMS),
        "place": place,
        "context": context(time_ms),
    })
}

/// Arguments of `ship` of a whole batch.
pub fn ship(batch: &str, consignee: u32, time_ms: u64) -> Value {
    json!({
        "item": { "Batch": batch },
        "consignee": consignee,
        "purpose": "Delivery",
        "context": context(time_ms),
    })
}

/// Arguments of `receive` of a whole batch.
pub fn receive(batch: &str, time_ms: u64) -> Value {
    json!({
        "batch": batch,
        "quantity": grams(BATCH_GRAMS),
        "shortfall": null,
        "into": "Store",
        "context": context(time_ms),
    })
}
