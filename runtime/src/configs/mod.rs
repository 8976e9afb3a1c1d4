//! Configuration of every pallet: `system`, `money`, `governance`, `participants`,
//! `certification`, `brands`, `compensation`.

mod brands;
mod certification;
mod compensation;
mod governance;
mod money;
mod participants;
mod system;

pub use governance::GovernanceOrigin;
pub use system::{BlockHashCount, Version};
