//! Configuration of every pallet: `system`, `money`, `governance`, `participants`, `brands`.

mod brands;
mod governance;
mod money;
mod participants;
mod system;

pub use governance::GovernanceOrigin;
pub use system::{BlockHashCount, Version};
