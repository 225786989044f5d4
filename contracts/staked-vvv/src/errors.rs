//! Why a call is refused.

use crate::interface::IStakedVvv;
use alloy_primitives::U256;

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
}

/// What fallible methods of this contract return.
pub(crate) type Result<T, E = Error> = core::result::Result<T, E>;

impl From<alloc::vec::Vec<u8>> for Error {
    fn from(data: alloc::vec::Vec<u8>) -> Self {
        Self::Bubbled(data)
    }
}
