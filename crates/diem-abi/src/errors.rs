//! Custom errors as sentences. The CLI prints them; the words are meant for a user who
//! wants to know what to do next.

use crate::arbitrum::{IArbWasm, ICacheManager, IStylusDeployer};
use crate::{IDiem, IStakedVvv, IVVV};
use alloy_primitives::U256;
use alloy_primitives::utils::format_ether;
use alloy_sol_types::{Panic, PanicKind, Revert, SolError, SolInterface};

/// A revert, decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The Solidity error with its raw values, as one would grep for it.
    pub error: String,
    /// What it means, with the numbers in units.
    pub sentence: String,
}

impl Refusal {
    fn new(error: &impl core::fmt::Debug, sentence: impl Into<String>) -> Self {
        Self {
            error: format!("{error:?}"),
            sentence: sentence.into(),
        }
    }
}

/// Decodes revert data of any contract this crate knows. `None` when it is none of them.
///
/// Errors that several contracts share mean the same in each.
#[must_use]
pub fn explain(data: &[u8]) -> Option<Refusal> {
    if let Ok(error) = IDiem::IDiemErrors::abi_decode(data) {
        return Some(diem(&error));
    }
    if let Ok(error) = IStakedVvv::IStakedVvvErrors::abi_decode(data) {
        return Some(staked_vvv(&error));
    }
    if let Ok(error) = IVVV::IVVVErrors::abi_decode(data) {
        return Some(vvv(&error));
    }
    if let Ok(error) = IArbWasm::IArbWasmErrors::abi_decode(data) {
        return Some(arb_wasm(&error));
    }
    if let Ok(error) = ICacheManager::ICacheManagerErrors::abi_decode(data) {
        return Some(cache_manager(&error));
    }
    if let Ok(error) = IStylusDeployer::IStylusDeployerErrors::abi_decode(data) {
        return Some(deployer(&error));
    }
    if let Ok(error) = Revert::abi_decode(data) {
        return Some(Refusal::new(&error, error.reason.clone()));
    }
    let panic = Panic::abi_decode(data).ok()?;
    Some(Refusal::new(&panic, panicked(&panic)))
}

/// VVV keeps its books as Solmate does: what falls short is an underflow there.
fn panicked(panic: &Panic) -> String {
    match panic.kind() {
        Some(PanicKind::UnderOverflow) => {
            "a balance or an allowance of VVV falls short, or a sum overflows".to_owned()
        }
        _ => format!("the contract panicked: {panic}"),
    }
}

/// A WAD amount for a sentence: no trailing zeros.
fn wad(amount: U256) -> String {
    let text = format_ether(amount);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn diem(error: &IDiem::IDiemErrors) -> Refusal {
    use IDiem::IDiemErrors as E;
    let sentence = match error {
        E::ZeroAmount(_) => "the amount is zero, or too small to give anything".to_owned(),
        E::ZeroAddress(_) => "the address is zero".to_owned(),
        E::SlippageExceeded(e) => {
            format!(
                "the curve gives {} now, past your limit of {}",
                wad(e.actual),
                wad(e.limit)
            )
        }
        E::MintCapExceeded(e) => format!(
            "{} would pass the supply cap; at most {} still fits",
            wad(e.requested),
            wad(e.available)
        ),
        E::InvalidCurve(e) => format!(
            "no curve with a base rate of {} and a target supply of {}",
            wad(e.baseRate),
            wad(e.targetSupply)
        ),
        E::RateOverflow(e) => format!(
            "the rate at a supply of {} DIEM has no 256-bit value",
            wad(e.supply)
        ),
        E::MintingPaused(_) => {
            "minting is paused by the guardian; everything else works".to_owned()
        }
        E::InsufficientOutstanding(e) => format!(
            "you owe {} DIEM and cannot burn {} against your position",
            wad(e.outstanding),
            wad(e.amount)
        ),
        E::OnlyStakedVvv(_) => "only the sVVV contract may call this".to_owned(),
        E::StakedVvvCallFailed(_) => "the sVVV contract did not answer as it should".to_owned(),
        E::OnlyGuardian(_) => "only the guardian may do this".to_owned(),
        E::InvalidTreasury(e) => {
            format!(
                "{} is one of the system's own contracts and could never give VVV back",
                e.treasury
            )
        }
        E::OnlyGateway(e) => format!("{} is not a registered gateway, or is revoked", e.caller),
        E::UnknownGateway(e) => format!("{} is not a registered gateway, or is revoked", e.gateway),
        E::TooManyGateways(e) => format!("no more than {} gateways are ever registered", e.maximum),
        E::InsufficientStake(e) => format!(
            "${} a day are left from tomorrow on for this, not {}",
            wad(e.available),
            wad(e.amount)
        ),
        E::CooldownNotOver(e) => cooldown(e.cooldownEnd, e.timestamp),
        E::NoCooldown(_) => "nothing is cooling down".to_owned(),
        E::WrongEpoch(e) => format!(
            "this states what was used on day {}; only today, day {}, can be settled",
            e.epoch, e.today
        ),
        E::NotItsGateway(e) => {
            format!(
                "{} does not settle the credit of {} today",
                e.gateway, e.account
            )
        }
        E::NotItsLeaseGateway(e) => {
            format!(
                "{} does not settle the credit of lease {} today",
                e.gateway, e.id
            )
        }
        E::InsufficientCredits(e) => format!(
            "{} has ${} of credit today; ${} in all were stated",
            e.account,
            wad(e.allowance),
            wad(e.used)
        ),
        E::LengthMismatch(e) => {
            format!("{} lines but {} totals were given", e.lines, e.totals)
        }
        E::InvalidLeaseTerm(e) => format!("a lease runs for 1 to 365 days, not {}", e.epochs),
        E::UnknownLease(e) => format!("there is no open lease {}", e.id),
        E::OnlyLessee(e) => format!("{} is not the lessee of lease {}", e.caller, e.id),
        E::LeaseNotOver(e) => {
            format!(
                "lease {} ends with day {}; today is day {}",
                e.id, e.endEpoch, e.epoch
            )
        }
        E::InsufficientLeaseCredits(e) => format!(
            "lease {} has ${} of credit today; ${} in all were stated",
            e.id,
            wad(e.allowance),
            wad(e.used)
        ),
        E::InsufficientGas(e) => gas(e.left, e.needed),
        E::ERC20InsufficientBalance(e) => balance(e.balance, e.needed),
        E::ERC20InsufficientAllowance(e) => allowance(e.allowance, e.needed),
        E::ERC20InvalidReceiver(e) if !e.receiver.is_zero() => {
            "DIEM sent to its own contract would be lost; `stake` is how DIEM is staked".to_owned()
        }
        E::ERC20InvalidSender(_)
        | E::ERC20InvalidReceiver(_)
        | E::ERC20InvalidSpender(_)
        | E::ERC20InvalidApprover(_) => "the zero address can take no part in this".to_owned(),
        E::ERC2612ExpiredSignature(e) => format!("the permit was valid until {}", e.deadline),
        E::ERC2612InvalidSigner(e) => {
            format!("the permit was signed by {}, not by {}", e.signer, e.owner)
        }
        E::ECDSAInvalidSignature(_) | E::ECDSAInvalidSignatureS(_) => {
            "the permit's signature is malformed".to_owned()
        }
        E::OwnableUnauthorizedAccount(e) => format!("{} is not the owner", e.account),
        E::OwnableInvalidOwner(e) => format!("{} cannot be the owner", e.owner),
        E::InsufficientUnlocked(e) => format!(
            "you have {} unlocked sVVV, not {}",
            wad(e.unlocked),
            wad(e.amount)
        ),
        E::InsufficientLocked(e) => {
            format!("{} sVVV are locked, not {}", wad(e.locked), wad(e.amount))
        }
        E::OnlyDiem(_) => "only the DIEM contract may call this".to_owned(),
        E::LockedYieldExceeded(e) => format!(
            "locked sVVV earned {} that is not paid yet, not {}",
            wad(e.available),
            wad(e.amount)
        ),
        E::VvvCallFailed(_) => "VVV refused the transfer".to_owned(),
    };
    Refusal::new(error, sentence)
}

fn staked_vvv(error: &IStakedVvv::IStakedVvvErrors) -> Refusal {
    use IStakedVvv::IStakedVvvErrors as E;
    let sentence = match error {
        E::AmountTooLarge(e) => {
            format!(
                "{} is more than the contract can hold ({})",
                wad(e.amount),
                wad(e.maximum)
            )
        }
        E::NonTransferable(_) => "sVVV cannot be moved between accounts".to_owned(),
        E::AlreadyWired(_) => "DIEM has been set already, once and for all".to_owned(),
        E::InvalidDiem(e) => format!("{} is no DIEM contract built on this sVVV", e.diem),
        E::EmissionRateTooHigh(e) => format!(
            "{} VVV a second is above the {} that this contract can ever emit",
            wad(e.rate),
            wad(e.maximum)
        ),
        E::NotWired(_) => "DIEM has not been set yet".to_owned(),
        E::InexactTransfer(e) => format!(
            "VVV moved {} instead of {}: not an exact token",
            wad(e.received),
            wad(e.expected)
        ),
        E::CooldownInProgress(_) => {
            "an unstake is already under way; finalize it before asking for another".to_owned()
        }
        E::NothingToClaim(_) => "nothing is pending".to_owned(),
        E::CurveIndexOutOfRange(e) => {
            format!("the curve's grid has 256 points, 0 to 255, not {}", e.index)
        }
        E::DiemCallFailed(_) => "the DIEM contract did not answer as it should".to_owned(),
        // Shared with DIEM, whose table is asked first.
        other => format!("sVVV refused: {other:?}"),
    };
    Refusal::new(error, sentence)
}

fn vvv(error: &IVVV::IVVVErrors) -> Refusal {
    use IVVV::IVVVErrors as E;
    let sentence = match error {
        E::SupplyOverflow(e) => {
            format!(
                "a supply of {} cannot grow by {}",
                wad(e.supply),
                wad(e.amount)
            )
        }
        // Shared with DIEM, whose table is asked first.
        other => format!("VVV refused: {other:?}"),
    };
    Refusal::new(error, sentence)
}

fn arb_wasm(error: &IArbWasm::IArbWasmErrors) -> Refusal {
    use IArbWasm::IArbWasmErrors as E;
    let sentence = match error {
        E::ProgramNotWasm(_) => "there is no Stylus program at this address".to_owned(),
        E::ProgramNotActivated(_) => "the program is not activated; run `diem activate`".to_owned(),
        E::ProgramNeedsUpgrade(e) => format!(
            "the program was activated for Stylus {}, the chain runs {}; run `diem activate`",
            e.version, e.stylusVersion
        ),
        E::ProgramExpired(e) => format!(
            "the program's activation expired after {} days; run `diem activate`",
            e.ageInSeconds / 86_400
        ),
        E::ProgramUpToDate(_) => "the program is already active".to_owned(),
        E::ProgramKeepaliveTooSoon(e) => format!(
            "the program was activated {} days ago, too soon to renew",
            e.ageInSeconds / 86_400
        ),
        E::ProgramInsufficientValue(e) => {
            format!(
                "{} ETH were sent for a data fee of {} ETH",
                wad(e.have),
                wad(e.want)
            )
        }
    };
    Refusal::new(error, sentence)
}

fn cache_manager(error: &ICacheManager::ICacheManagerErrors) -> Refusal {
    use ICacheManager::ICacheManagerErrors as E;
    let sentence = match error {
        E::AlreadyCached(_) => "the program is already in the cache".to_owned(),
        E::AsmTooLarge(e) => {
            format!(
                "the program takes {} bytes of a cache of {}",
                e.asm, e.cacheSize
            )
        }
        E::BidTooLarge(e) => format!("a bid of {} ETH is too large", wad(e.bid)),
        E::BidTooSmall(e) => {
            format!(
                "a bid of {} wei is below the minimum of {} wei",
                e.bid, e.min
            )
        }
        E::BidsArePaused(_) => "the cache takes no bids at the moment".to_owned(),
    };
    Refusal::new(error, sentence)
}

fn deployer(error: &IStylusDeployer::IStylusDeployerErrors) -> Refusal {
    use IStylusDeployer::IStylusDeployerErrors as E;
    let sentence = match error {
        E::ContractInitializationError(e) => match explain(&e.data) {
            Some(inner) => format!("the constructor refused: {}", inner.sentence),
            None => format!("the constructor refused with {}", e.data),
        },
        E::ContractDeploymentError(_) => "the code was refused by the chain".to_owned(),
        E::RefundExcessValueError(e) => {
            format!(
                "{} ETH of change could not be given back",
                wad(e.excessValue)
            )
        }
        E::EmptyBytecode(_) => "no code was given".to_owned(),
        E::InitValueButNotInitData(_) => "value was given without a constructor".to_owned(),
    };
    // The code or the inner data would fill the screen; the name says enough.
    let name = format!("{error:?}");
    let name = name.split('(').next().unwrap_or_default();
    Refusal {
        error: name.to_owned(),
        sentence,
    }
}

fn cooldown(end: U256, now: U256) -> String {
    format!(
        "the cooldown goes on for {} seconds, until {end}",
        end.saturating_sub(now)
    )
}

fn gas(left: U256, needed: U256) -> String {
    format!("{left} gas were left where {needed} must be; send it with more, as estimates say")
}

fn balance(balance: U256, needed: U256) -> String {
    format!(
        "the token balance is {}, {} are needed",
        wad(balance),
        wad(needed)
    )
}

fn allowance(allowance: U256, needed: U256) -> String {
    format!(
        "the token allowance is {}, {} are needed",
        wad(allowance),
        wad(needed)
    )
}
