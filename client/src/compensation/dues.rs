//! What must be paid by a time, and what is late (拖欠).

use super::{AgreementId, PALLET, PolicyId};
use crate::{
    client::Client,
    error::Error,
    moment::Moment,
    money::Fen,
    traceability::{OrganisationId, decode},
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::fmt;

/// Most dues that one answer of the chain looks at.
const PAGE_MAX: u32 = 100;

/// What must be paid by a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum DueKey {
    /// A county's share is to be remitted.
    Allocation {
        /// The policy.
        policy: PolicyId,
        /// The county's organisation.
        county: OrganisationId,
    },
    /// A payment of a settlement is to be made.
    Settlement {
        /// The agreement.
        agreement: AgreementId,
        /// The year.
        year: u16,
        /// Index of the payment.
        leg: u8,
    },
}

impl fmt::Display for DueKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Allocation { policy, county } => {
                write!(f, "policy {policy}, county {county}")
            }
            Self::Settlement { agreement, year, leg } => {
                write!(f, "agreement {agreement}, {year}, payment {leg}")
            }
        }
    }
}

/// What is open of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Due {
    /// Who owes.
    pub debtor: OrganisationId,
    /// To whom.
    pub creditor: OrganisationId,
    /// How much is not paid, above 0.
    pub open_fen: Fen,
    /// First moment that is late.
    pub due_at: Moment,
}

impl Client {
    /// What must be paid, if it is not, at `height` or at the last final block.
    ///
    /// # Errors
    /// As [`Client::view`].
    pub async fn due(&self, key: DueKey, height: Option<u32>) -> Result<Option<Due>, Error> {
        decode(self.view(PALLET, "due", &[json!(key)], height).await?)
    }

    /// Everything that is in arrears (拖欠) at the time of block `height`, policies first.
    ///
    /// # Errors
    /// As [`Client::view`].
    pub async fn arrears(&self, height: u32) -> Result<Vec<(DueKey, Due)>, Error> {
        let mut found = Vec::new();
        let mut start: Option<DueKey> = None;
        loop {
            let arguments = [json!(start), json!(PAGE_MAX)];
            let answer = self.view(PALLET, "arrears", &arguments, Some(height)).await?;
            let (page, next): (Vec<(DueKey, Due)>, Option<DueKey>) = decode(answer)?;
            found.extend(page);
            match next {
                Some(_) => start = next,
                None => break,
            }
        }
        found.sort_by_key(|(key, _)| *key);
        Ok(found)
    }

    /// Everything that must be paid by a time and is not yet, late or not, policies first.
    ///
    /// # Errors
    /// As [`Client::entries`].
    pub async fn dues(&self, height: Option<u32>) -> Result<Vec<(DueKey, Due)>, Error> {
        let entries = self.entries(PALLET, "Dues", &[], usize::MAX, height).await?;
        let mut found = entries
            .into_iter()
            .map(|mut entry| {
                let key = entry.keys.first_mut().map(serde_json::Value::take).unwrap_or_default();
                Ok((decode(key)?, decode(entry.value)?))
            })
            .collect::<Result<Vec<(DueKey, Due)>, Error>>()?;
        found.sort_by_key(|(key, _)| *key);
        Ok(found)
    }
}
