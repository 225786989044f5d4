//! What the fuzz targets share: how bytes become programs and requests, and what must hold.

#[cfg(feature = "node")]
pub mod door;
#[cfg(feature = "node")]
mod heard;
#[cfg(feature = "node")]
mod ledger;
pub mod loader;
#[cfg(feature = "node")]
mod methods;
mod modules;
#[cfg(feature = "node")]
pub mod requests;
#[cfg(feature = "node")]
mod socket;
mod transition;
#[cfg(feature = "node")]
mod words;
#[cfg(feature = "node")]
mod world;
