//! Why a call is refused.

use crate::interface::IDiem;
use alloc::vec::Vec;
use alloy_primitives::{Address, U256};
use diem_math::MathError;

contract_kit::errors! { IDiem:
    ZeroAmount,
    ZeroAddress,
    SlippageExceeded { actual: U256, limit: U256 },
    MintCapExceeded { requested: U256, available: U256 },
    InvalidCurve { base_rate: U256, target_supply: U256 },
    RateOverflow { supply: U256 },
    MintingPaused,
    InsufficientOutstanding { outstanding: u128, amount: U256 },
    OnlyStakedVvv,
    StakedVvvCallFailed,
    OnlyGuardian,
    OnlyGateway { caller: Address },
    InsufficientStake { available: u128, amount: U256 },
    CooldownNotOver { cooldown_end: u64, timestamp: u64 },
    NoCooldown,
    InsufficientCredits { account: Address, remaining: u128, amount: U256 },
    LengthMismatch { accounts: U256, amounts: U256 },
    InvalidLeaseTerm { epochs: U256 },
    UnknownLease { id: U256 },
    OnlyLessee { id: U256, caller: Address },
    LeaseNotOver { id: U256, end_epoch: u64, epoch: u64 },
    InsufficientLeaseCredits { id: U256, remaining: u128, amount: U256 },
}

/// What fallible methods of this contract return.
pub(crate) type Result<T, E = Error> = core::result::Result<T, E>;

impl From<Vec<u8>> for Error {
    fn from(data: Vec<u8>) -> Self {
        Self::Bubbled(data)
    }
}

impl From<openzeppelin_stylus::token::erc20::Error> for Error {
    fn from(error: openzeppelin_stylus::token::erc20::Error) -> Self {
        Self::Bubbled(error.into())
    }
}

impl Error {
    /// What the curve refused at `supply`.
    pub(crate) fn from_curve(error: MathError, supply: U256) -> Self {
        match error {
            MathError::CapExceeded {
                requested,
                available,
            } => Self::MintCapExceeded {
                requested,
                available,
            },
            _ => Self::RateOverflow { supply },
        }
    }
}
