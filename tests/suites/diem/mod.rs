//! DIEM: minting along the curve, burning, the yield fee, the token.

mod burning;
mod curve;
mod minting;
mod token;
mod yield_fee;
