//! Charges cards and tells the shop how it went.

pub mod events;
pub mod provider;
pub mod routes;
pub mod signature;
