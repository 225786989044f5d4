//! What the fuzz targets share: how bytes become programs and requests, and what must hold.

#[cfg(feature = "node")]
pub mod door;
pub mod loader;
mod modules;
#[cfg(feature = "node")]
pub mod requests;
mod transition;
#[cfg(feature = "node")]
mod words;
