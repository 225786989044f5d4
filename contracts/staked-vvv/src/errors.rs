//! Why a call is refused.

use crate::interface::IStakedVvv;
use alloy_primitives::{Address, U256};

contract_kit::errors! { IStakedVvv:
    ZeroAmount,
    ZeroAddress,
    AmountTooLarge { amount: U256, maximum: U256 },
    NonTransferable,
    AlreadyWired,
    NotWired,
    OnlyDiem,
    InexactTransfer { expected: U256, received: U256 },
    VvvCallFailed,
    DiemCallFailed,
    CooldownInProgress,
    CooldownNotOver { cooldown_end: u64, timestamp: u64 },
    NoCooldown,
    InsufficientUnlocked { unlocked: u128, amount: U256 },
    InsufficientLocked { locked: u128, amount: U256 },
    NothingToClaim,
    LockedYieldExceeded { available: U256, amount: U256 },
    CurveIndexOutOfRange { index: U256 },
    OwnableInvalidOwner { owner: Address },
}

/// What fallible methods of this contract return.
pub(crate) type Result<T, E = Error> = core::result::Result<T, E>;

impl From<openzeppelin_stylus::access::ownable::Error> for Error {
    fn from(error: openzeppelin_stylus::access::ownable::Error) -> Self {
        Self::Bubbled(error.into())
    }
}
