//! Everything an actor can do, as data that can be printed, pasted back, sent and predicted.

pub mod permit;
mod request;
mod token_request;

pub use permit::Permit;
pub use request::Request;
pub(crate) use request::named;

use crate::actors::Who;

/// A token, by its contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "names")]
pub enum Token {
    Vvv,
    SVvv,
    Diem,
}

/// A contract that has an owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "names")]
pub enum Owned {
    SVvv,
    Diem,
}

/// What sVVV and DIEM do for each other and for nobody else, and the transfers that sVVV does not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the entry points' names")]
pub enum Door {
    Lock,
    Unlock,
    PayLockedYield,
    MintLocked,
    BurnUnlocked,
    SettleYield,
    TransferSVvv,
    TransferFromSVvv,
}

/// One transaction, or the passing of time. Amounts in wei.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(
    missing_docs,
    reason = "the fields are the arguments of the entry point named"
)]
pub enum Action {
    /// Time passes until the next action; mines nothing by itself.
    Wait {
        seconds: u64,
    },

    // VVV and sVVV
    Faucet {
        who: Who,
        amount: u128,
    },
    FundRewards {
        who: Who,
        amount: u128,
    },
    SetEmissionRate {
        who: Who,
        rate: u128,
    },
    StakeVvv {
        who: Who,
        recipient: Who,
        amount: u128,
    },
    InitiateUnstakeVvv {
        who: Who,
        amount: u128,
    },
    FinalizeUnstake {
        who: Who,
    },
    Claim {
        who: Who,
    },
    ClaimAndStake {
        who: Who,
    },
    MintDiem {
        who: Who,
        amount: u128,
        least: u128,
    },
    BurnDiem {
        who: Who,
        amount: u128,
    },

    // DIEM
    Mint {
        who: Who,
        amount: u128,
        least: u128,
    },
    MintExact {
        who: Who,
        amount: u128,
        most: u128,
    },
    Burn {
        who: Who,
        amount: u128,
    },
    Transfer {
        who: Who,
        to: Who,
        amount: u128,
    },
    ClaimYield {
        who: Who,
    },
    CollectFees {
        who: Who,
    },
    SetGuardian {
        who: Who,
        guardian: Who,
    },
    SetTreasury {
        who: Who,
        treasury: Who,
    },
    PauseMint {
        who: Who,
    },
    UnpauseMint {
        who: Who,
    },

    // credits
    StakeDiem {
        who: Who,
        amount: u128,
    },
    InitiateUnstakeDiem {
        who: Who,
        amount: u128,
    },
    UnstakeDiem {
        who: Who,
    },
    SetGateway {
        who: Who,
        gateway: Who,
        allowed: bool,
    },
    RevokeGateway {
        who: Who,
        gateway: Who,
    },
    SetDefaultGateway {
        who: Who,
        gateway: Option<Who>,
    },
    ChooseGateway {
        who: Who,
        gateway: Option<Who>,
    },
    Settle {
        who: Who,
        epoch: u64,
        account: Who,
        used: u128,
    },
    SettleBatch {
        who: Who,
        epoch: u64,
        accounts: Vec<Who>,
        used: Vec<u128>,
    },
    Lease {
        who: Who,
        lessee: Who,
        amount: u128,
        epochs: u32,
    },
    TransferLease {
        who: Who,
        id: u64,
        to: Who,
    },
    ChooseLeaseGateway {
        who: Who,
        id: u64,
        gateway: Option<Who>,
    },
    SettleLeases {
        who: Who,
        epoch: u64,
        ids: Vec<u64>,
        used: Vec<u128>,
    },
    CloseLease {
        who: Who,
        id: u64,
    },

    // tokens
    TransferVvv {
        who: Who,
        to: Who,
        amount: u128,
    },
    TransferFrom {
        token: Token,
        who: Who,
        from: Who,
        to: Who,
        amount: u128,
    },
    Approve {
        token: Token,
        who: Who,
        spender: Who,
        amount: u128,
    },
    /// Any VVV, to sVVV.
    ApproveStaking {
        who: Who,
    },
    /// Submits a permit for `token`, VVV or DIEM.
    UsePermit {
        token: Token,
        who: Who,
        permit: Permit,
    },
    /// The permit is the caller's, for sVVV.
    StakeWithPermit {
        who: Who,
        recipient: Who,
        amount: u128,
        nonce: u64,
        deadline: u64,
        signer: Who,
    },

    // ownership
    OfferOwnership {
        of: Owned,
        who: Who,
        to: Who,
    },
    AcceptOwnership {
        of: Owned,
        who: Who,
    },
    RenounceOwnership {
        of: Owned,
        who: Who,
    },
    WireDiem {
        who: Who,
        diem: Who,
    },

    /// Where nobody but the other contract gets in.
    Trespass {
        who: Who,
        door: Door,
        account: Who,
        amount: u128,
    },
}

impl Action {
    /// Its name, without what it is about.
    pub fn name(&self) -> String {
        let text = format!("{self:?}");
        text.split([' ', '{']).next().unwrap_or_default().to_owned()
    }
}
