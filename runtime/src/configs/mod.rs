//! Configuration of every pallet: [`system`], [`money`], [`governance`].

mod governance;
mod money;
mod system;

pub use governance::GovernanceOrigin;
pub use system::{BlockHashCount, Version};
