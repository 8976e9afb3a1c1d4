//! A chain that makes batches of batches, in the blocks that a follower hands to the index.

use ecoledger_client::{
    BatchId, BlockEvents, EventRecord, PlacedEvent,
    proof::{Checkpoint, ProvenBlock},
};
use ecoledger_gateway::index::{Id, Index, Made};
use serde_json::{Value, json};

/// Product of all batches, in milligrams.
pub(crate) const GTIN: &str = "09506000200019";

/// A chain with its index.
pub(crate) struct Chain {
    /// What is measured or tested.
    pub(crate) index: Index,
    last: Checkpoint,
    events: Vec<PlacedEvent>,
    made: Made,
    n_transactions: u32,
    _folder: tempfile::TempDir,
}

impl Chain {
    /// An index that begins at height 0.
    pub(crate) fn start() -> Self {
        let last: Checkpoint = serde_json::from_value(json!({
            "genesis": format!("0x{}", "00".repeat(32)),
            "height": 0,
            "timeMs": 0,
            "next": [],
            "afterNext": [],
        }))
        .expect("it is a checkpoint");
        let folder = tempfile::tempdir().expect("there is room");
        let index = Index::open(&folder.path().join("index.redb"), &last).expect("it is new");
        let (events, made) = (Vec::new(), Made::default());
        Self { index, last, events, made, n_transactions: 0, _folder: folder }
    }

    /// An event of the traceability pallet in the transaction that is being made.
    pub(crate) fn event(&mut self, name: &str, fields: Value) {
        let event = EventRecord { pallet: "Traceability".into(), name: name.into(), fields };
        self.events.push(PlacedEvent { transaction: Some(self.n_transactions), event });
    }

    /// A batch that is harvested.
    pub(crate) fn produce(&mut self, lot: &str, quantity: u128) -> Id {
        let id = id(lot);
        let produced = json!({
            "batch": id, "gtin": GTIN, "lot": lot, "producer": 1, "quantity": quantity.to_string(),
        });
        self.event("BatchProduced", produced);
        self.happened(id, quantity, Value::Null);
        self.n_transactions += 1;
        id
    }

    /// Batches that are made of others.
    pub(crate) fn derive(
        &mut self,
        kind: &str,
        from: &[(Id, u128)],
        made: &[(&str, u128)],
    ) -> Vec<Id> {
        let made: Vec<_> = made.iter().map(|(lot, quantity)| (*lot, id(lot), *quantity)).collect();
        let derivation = made.first().expect("something is made").1;
        let outputs: Vec<_> = made.iter().map(|(_, id, _)| *id).collect();
        let amounts = from.iter().copied().chain(made.iter().map(|it| (it.1, it.2)));
        for (batch, quantity) in amounts {
            self.happened(batch, quantity, json!({ "Derivation": derivation }));
        }
        let derived = json!({
            "derivation": derivation,
            "kind": kind,
            "organisation": 2,
            "inputs": from.iter().map(|(batch, _)| batch).collect::<Vec<_>>(),
            "outputs": outputs,
            "rule_set": 1,
        });
        self.event("BatchesDerived", derived);
        let lots = made.iter().map(|(lot, id, _)| (GTIN.to_owned(), (*lot).to_owned(), *id));
        self.made.lots.extend(lots);
        self.n_transactions += 1;
        outputs
    }

    fn happened(&mut self, batch: Id, quantity: u128, reference: Value) {
        let event = json!({
            "event_time": 1_000 + u64::from(self.last.height),
            "quantity": quantity.to_string(),
            "unit": "Milligram",
            "organisation": 2,
            "reference": reference,
        });
        self.event("TraceEventRecorded", json!({ "batch": batch, "sequence": 0, "event": event }));
    }

    /// Ends the block.
    pub(crate) fn block(&mut self) {
        self.last.height += 1;
        let height = self.last.height;
        let events = BlockEvents {
            height,
            hash: Default::default(),
            events: std::mem::take(&mut self.events),
        };
        let checkpoint = self.last.clone();
        let block = ProvenBlock { checkpoint, events, extrinsics_root: [0; 32] };
        let made = std::mem::take(&mut self.made);
        self.index.apply(&block, &made).expect("it follows on the last");
        self.n_transactions = 0;
    }
}

/// The id of a lot.
pub(crate) fn id(lot: &str) -> Id {
    let id: BatchId = format!("{GTIN}/{lot}").parse().expect("it is a lot");
    Id::from(&id)
}
