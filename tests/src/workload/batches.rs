//! A mixed load of batch registrations and transfers, signed before it is sent.
//!
//! Every account produces a lot, ships it to the next organisation, and receives a lot that the
//! one before shipped some seconds earlier, so that the load does not depend on the order in which
//! different accounts' transactions are applied.

use super::{Chain, Lane, Pace, Signed, chain::number};
use crate::{
    trace,
    transaction::{Key, hash},
};
use eyre::{WrapErr, eyre};
use serde_json::json;
use std::time::Duration;

/// Organisations that hold batches, with the name of their administrator.
const HOLDERS: [(u32, &str); 3] =
    [(trace::CO_OPERATIVE, "Bob"), (trace::PROCESSOR, "Charlie"), (trace::RETAILER, "Dave")];
/// Agents of each of them that send transactions.
const AGENTS_PER_HOLDER: usize = 8;
/// The power to act as a trace node and nothing else.
const TRACE_NODE_POWER: u64 = 1;
/// Time that a shipment has to become final before it is received.
const RECEIVE_AFTER_S: u32 = 6;

/// One account of the load.
struct Account {
    key: Key,
    holder: usize,
    agent: usize,
    nonce: u32,
    lots: u32,
    received: u32,
}

/// The accounts of a load, and what they will do next.
pub struct Batches<'a> {
    chain: &'a Chain<'a>,
    accounts: Vec<Account>,
    places: Vec<u32>,
}

impl<'a> Batches<'a> {
    /// Registers agents, products and production bases.
    ///
    /// # Errors
    /// When a step is refused.
    pub async fn prepare(chain: &'a Chain<'a>) -> eyre::Result<Self> {
        let mut accounts = Vec::new();
        let mut places = Vec::new();
        for (holder, (organisation, name)) in HOLDERS.into_iter().enumerate() {
            let product = trace::register_product(&product(holder), organisation);
            chain.act(name, "Traceability", "register_product", &product).await?;
            let place = trace::register_place();
            let receipt = chain.act(name, "Traceability", "register_place", &place).await?;
            let place = receipt
                .event("Traceability", "PlaceRegistered")
                .ok_or_else(|| eyre!("no base was registered: {:?}", receipt.events))?;
            places.push(u32::try_from(number(&place.fields["place"])?)?);
            for agent in 0..AGENTS_PER_HOLDER {
                let key = Key::ed25519(&format!("{name}//load//{agent}"));
                let registration = json!({
                    "organisation": organisation,
                    "agent": ecoledger_client::address(&key.account()),
                    "powers": TRACE_NODE_POWER,
                    "commitment": null,
                });
                chain.act(name, "Participants", "register_agent", &registration).await?;
                accounts.push(Account { key, holder, agent, nonce: 0, lots: 0, received: 0 });
            }
        }
        Ok(Self { chain, accounts, places })
    }

    /// The same accounts as if nothing had been signed yet.
    #[must_use]
    pub fn restart(mut self) -> Self {
        for account in &mut self.accounts {
            (account.nonce, account.lots, account.received) = (0, 0, 0);
        }
        self
    }

    /// How many accounts send.
    pub fn accounts(&self) -> usize {
        self.accounts.len()
    }

    /// Signs what the accounts send in a run: a lane for each, all about equally long.
    ///
    /// # Errors
    /// When a call does not encode.
    pub fn sign(&mut self, per_second: u32, seconds: u32) -> eyre::Result<Vec<Lane>> {
        let n_accounts = u32::try_from(self.accounts.len()).wrap_err("count accounts")?;
        let each = (per_second * seconds).div_ceil(n_accounts);
        // Cycles of three transactions in the time after which a lot is received.
        let lag = (per_second * RECEIVE_AFTER_S).div_ceil(n_accounts * 3).max(1);
        let time_ms = trace::now_ms();
        let pace = Pace::Over(Duration::from_secs(seconds.into()));
        let mut lanes = Vec::new();
        for index in 0..self.accounts.len() {
            let transactions = self.sign_account(index, each, lag, time_ms)?;
            lanes.push(Lane { call: "produce, ship, receive", pace: pace.clone(), transactions });
        }
        // What was shipped and not received in this run is left where it is.
        for account in &mut self.accounts {
            account.received = account.lots;
        }
        Ok(lanes)
    }

    fn sign_account(
        &mut self,
        index: usize,
        count: u32,
        lag: u32,
        time_ms: u64,
    ) -> eyre::Result<Vec<Signed>> {
        let account = self.accounts.get_mut(index).ok_or_else(|| eyre!("no account {index}"))?;
        let sender = (account.holder + HOLDERS.len() - 1) % HOLDERS.len();
        let consignee = HOLDERS.get((account.holder + 1) % HOLDERS.len()).map(|(id, _)| *id);
        let consignee = consignee.ok_or_else(|| eyre!("no consignee"))?;
        let place = *self.places.get(account.holder).ok_or_else(|| eyre!("no base"))?;
        let gtin = product(account.holder);
        let mut list = Vec::new();
        let mut shipped = 0;
        while (list.len() as u32) < count {
            let lot = lot(account.agent, account.lots);
            let batch = trace::batch_id(&gtin, &lot);
            let mut steps = vec![
                ("produce", trace::produce(&gtin, &lot, place, time_ms)),
                ("ship", trace::ship(&batch, consignee, time_ms)),
            ];
            account.lots += 1;
            shipped += 1;
            if shipped > lag {
                let lot = self::lot(account.agent, account.received);
                let batch = trace::batch_id(&product(sender), &lot);
                steps.push(("receive", trace::receive(&batch, time_ms)));
                account.received += 1;
            }
            for (call, arguments) in steps {
                let call = self.chain.encode("Traceability", call, &arguments)?;
                let bytes = self.chain.terms().nonce(account.nonce).sign(&account.key, &call);
                account.nonce += 1;
                list.push(Signed { hash: hash(&bytes), bytes });
            }
        }
        Ok(list)
    }
}

fn product(holder: usize) -> String {
    trace::gtin(40_000 + holder as u32)
}

fn lot(agent: usize, index: u32) -> String {
    format!("{agent}-{index}")
}
