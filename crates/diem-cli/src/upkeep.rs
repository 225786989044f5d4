//! What a Stylus program needs from time to time: activation, renewal, a place in the
//! cache. Anybody may pay for these.

use crate::chain::{Call, Chain};
use crate::deploy::Target;
use crate::deployment::Deployment;
use crate::{Failure, Result, output, show};
use alloy::primitives::{Address, B256, U256};
use diem_abi::arbitrum::{
    ARB_OWNER_PUBLIC, ARB_WASM, ARB_WASM_CACHE, IArbOwnerPublic, IArbWasm, IArbWasmCache,
    ICacheManager,
};

/// Sent along with a renewal or activation of unknown price; the change comes back.
const FEE_CEILING_WEI: u64 = 10_000_000_000_000_000;

/// The programs that are ours to keep alive, with their names; EVM code is none.
pub(crate) fn programs(at: &Deployment) -> Vec<(&'static str, Address)> {
    if at.target == Target::Evm {
        return Vec::new();
    }
    let mut programs = vec![("sVVV", at.s_vvv), ("DIEM", at.diem)];
    if at.contracts.vvv.transaction.is_some() {
        programs.insert(0, ("VVV", at.vvv));
    }
    programs
}

/// Whether a program is in the chain's cache.
pub(crate) async fn is_cached(chain: &Chain, codehash: B256) -> Result<bool> {
    chain
        .call(
            ARB_WASM_CACHE,
            &IArbWasmCache::codehashIsCachedCall { codehash },
        )
        .await
}

/// Whether something is to be done for a program.
#[derive(Clone, Debug)]
pub(crate) enum Due {
    /// This.
    Now(Call),
    /// Nothing, and why.
    Not(String),
}

/// How to put a program in the cache: by a bid with the chain's cache manager, or by right
/// when that takes none and `from` owns the chain.
pub(crate) async fn placing(
    chain: &Chain,
    from: Address,
    program: Address,
    bid: Option<U256>,
) -> Result<Due> {
    if is_cached(chain, chain.codehash(program).await?).await? {
        return Ok(Due::Not("it is in the cache already".to_owned()));
    }
    let managers = chain
        .call(ARB_WASM_CACHE, &IArbWasmCache::allCacheManagersCall {})
        .await?;
    let mut why = "no cache manager".to_owned();
    if let Some(manager) = managers.last().copied() {
        match bidding(chain, from, manager, program, bid).await {
            Ok(call) => return Ok(Due::Now(call)),
            // A manager that does not answer is common on dev nodes, and no reason to stop.
            Err(failure) if bid.is_none() => failure.cause().clone_into(&mut why),
            Err(failure) => return Err(failure),
        }
    }
    let owns = IArbOwnerPublic::isChainOwnerCall { account: from };
    if chain.call(ARB_OWNER_PUBLIC, &owns).await? {
        let call = IArbWasmCache::cacheProgramCall { program };
        return Ok(Due::Now(Call::new(ARB_WASM_CACHE, &call)));
    }
    Ok(Due::Not(why))
}

/// A bid that the manager would take.
async fn bidding(
    chain: &Chain,
    from: Address,
    manager: Address,
    program: Address,
    bid: Option<U256>,
) -> Result<Call> {
    let least = chain
        .call(manager, &ICacheManager::getMinBidCall { program })
        .await?;
    let bid = bid.unwrap_or_else(|| U256::from(least));
    let call = Call::new(manager, &ICacheManager::placeBidCall { program }).paying(bid);
    chain.gas_of(from, &call).await?;
    Ok(call)
}

/// Puts a program in the cache. Returns whether it is there in the end.
pub(crate) async fn cache(
    chain: &Chain,
    from: Address,
    program: Address,
    bid: Option<U256>,
) -> Result<bool> {
    let how = match placing(chain, from, program, bid).await? {
        Due::Not(why) => why,
        Due::Now(call) => {
            let sent = chain.carry_out(from, &call).await?;
            format!(
                "{}, {} ETH, {} gas",
                call.function,
                show(call.value),
                sent.gas()
            )
        }
    };
    let cached = is_cached(chain, chain.codehash(program).await?).await?;
    let state = if cached { "cached   " } else { "not cached" };
    output::story(&format!("{state} {program}: {how}"));
    Ok(cached)
}

/// How to activate a program again.
pub(crate) async fn activation(chain: &Chain, from: Address, program: Address) -> Result<Due> {
    let call = IArbWasm::activateProgramCall { program };
    let call = Call::new(ARB_WASM, &call).paying(U256::from(FEE_CEILING_WEI));
    match chain.gas_of(from, &call).await {
        Ok(_) => Ok(Due::Now(call)),
        Err(failure) if failure.cause().contains("already active") => {
            Ok(Due::Not("active already".to_owned()))
        }
        Err(failure) => Err(failure.with("program", program)),
    }
}

/// How to renew a program's activation.
pub(crate) async fn renewal(chain: &Chain, from: Address, program: Address) -> Result<Due> {
    let codehash = chain.codehash(program).await?;
    let call = IArbWasm::codehashKeepaliveCall { codehash };
    let call = Call::new(ARB_WASM, &call).paying(U256::from(FEE_CEILING_WEI));
    match chain.gas_of(from, &call).await {
        Ok(_) => Ok(Due::Now(call)),
        Err(failure) if failure.cause().contains("too soon") => {
            Ok(Due::Not(failure.cause().to_owned()))
        }
        Err(failure) => Err(failure.with("program", program)),
    }
}

/// Days until a program's activation expires.
///
/// # Errors
/// The program is not active.
pub(crate) async fn days_left(chain: &Chain, program: Address) -> Result<u64> {
    let left = chain
        .call(ARB_WASM, &IArbWasm::programTimeLeftCall { program })
        .await;
    left.map(|seconds| seconds / 86_400)
        .map_err(|failure: Failure| failure.with("program", program))
}

/// How a program stands with the chain.
#[derive(Clone, Debug)]
pub(crate) struct State {
    /// Days until its activation expires, or why it needs activation.
    pub(crate) active: std::result::Result<u64, String>,
    /// Version of Stylus that the chain runs, which a program has to be activated for.
    pub(crate) stylus_version: u16,
    /// Whether it is in the chain's cache.
    pub(crate) cached: bool,
}

/// So early a renewal is advised. Nitro takes one from the 31st day of an activation on.
const RENEW_WHEN_DAYS_LEFT: u64 = 60;

impl State {
    /// The state in words.
    pub(crate) fn told(&self) -> String {
        let cached = if self.cached {
            "in the cache"
        } else {
            "not in the cache"
        };
        let version = self.stylus_version;
        match &self.active {
            Ok(days) => {
                let renew = if *days <= RENEW_WHEN_DAYS_LEFT {
                    ", renew with `diem keepalive`"
                } else {
                    ""
                };
                format!("active for Stylus {version}, {days} days left{renew}, {cached}")
            }
            Err(cause) => {
                format!("needs activation: {cause} (the chain runs Stylus {version}), {cached}")
            }
        }
    }
}

/// Asks the chain how a program stands.
///
/// # Errors
/// The node does not answer.
pub(crate) async fn state(chain: &Chain, program: Address, codehash: B256) -> Result<State> {
    let left = chain
        .call(ARB_WASM, &IArbWasm::programTimeLeftCall { program })
        .await;
    let active = match left {
        Ok(seconds) => Ok(seconds / 86_400),
        Err(failure) if failure.is_refusal() => Err(failure.cause().to_owned()),
        Err(failure) => return Err(failure),
    };
    Ok(State {
        active,
        stylus_version: chain
            .call(ARB_WASM, &IArbWasm::stylusVersionCall {})
            .await?,
        cached: is_cached(chain, codehash).await?,
    })
}
