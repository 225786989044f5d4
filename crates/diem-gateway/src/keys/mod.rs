//! API keys: made for a wallet's signature, shown once, found by their hash.

mod making;
mod secret;
mod sign_in;

pub use making::{KeyWish, Made, MakeError, Place, invite, make, make_for};
pub use secret::{NoRandomness, NotSealed, Seal, Secret, SecretHash, same};
pub use sign_in::{NotOurs, SignIn, VALID};
