//! What a Stylus program needs from time to time: activation, renewal, a place in the
//! cache. Anybody may pay for these.

use crate::chain::Chain;
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

/// Puts a program in the cache: by a bid with the chain's cache manager, or by right when
/// there is none and `from` owns the chain. Returns whether it is there in the end.
pub(crate) async fn cache(
    chain: &Chain,
    from: Address,
    program: Address,
    bid: Option<U256>,
) -> Result<bool> {
    let codehash = chain.codehash(program).await?;
    if is_cached(chain, codehash).await? {
        output::story(&format!("cached    {program} already is"));
        return Ok(true);
    }
    let managers = chain
        .call(ARB_WASM_CACHE, &IArbWasmCache::allCacheManagersCall {})
        .await?;
    let mut how = "no cache manager".to_owned();
    if let Some(manager) = managers.last().copied() {
        match place_bid(chain, from, manager, program, bid).await {
            Ok(done) => how = done,
            // A manager that does not answer is common on dev nodes, and no reason to stop.
            Err(failure) if bid.is_none() => how = failure.cause().to_owned(),
            Err(failure) => return Err(failure),
        }
    }
    if !is_cached(chain, codehash).await? {
        let owns = IArbOwnerPublic::isChainOwnerCall { account: from };
        if chain.call(ARB_OWNER_PUBLIC, &owns).await? {
            let sent = chain
                .send(
                    from,
                    ARB_WASM_CACHE,
                    &IArbWasmCache::cacheProgramCall { program },
                )
                .await?;
            how = format!("by the chain's owner, {} gas", sent.gas());
        }
    }
    let cached = is_cached(chain, codehash).await?;
    let state = if cached { "cached   " } else { "not cached" };
    output::story(&format!("{state} {program}: {how}"));
    Ok(cached)
}

async fn place_bid(
    chain: &Chain,
    from: Address,
    manager: Address,
    program: Address,
    bid: Option<U256>,
) -> Result<String> {
    let least = chain
        .call(manager, &ICacheManager::getMinBidCall { program })
        .await?;
    let bid = bid.unwrap_or_else(|| U256::from(least));
    let sent = chain
        .pay(from, manager, &ICacheManager::placeBidCall { program }, bid)
        .await?;
    Ok(format!("by a bid of {} ETH, {} gas", show(bid), sent.gas()))
}

/// Activates a program again. Returns what was done.
pub(crate) async fn activate(chain: &Chain, from: Address, program: Address) -> Result<String> {
    let call = IArbWasm::activateProgramCall { program };
    match chain
        .pay(from, ARB_WASM, &call, U256::from(FEE_CEILING_WEI))
        .await
    {
        Ok(sent) => Ok(format!("activated with {} gas", sent.gas())),
        Err(failure) if failure.cause().contains("already active") => {
            Ok("active already".to_owned())
        }
        Err(failure) => Err(failure.with("program", program)),
    }
}

/// Renews a program's activation. Returns what was done.
pub(crate) async fn keepalive(chain: &Chain, from: Address, program: Address) -> Result<String> {
    let codehash = chain.codehash(program).await?;
    let call = IArbWasm::codehashKeepaliveCall { codehash };
    match chain
        .pay(from, ARB_WASM, &call, U256::from(FEE_CEILING_WEI))
        .await
    {
        Ok(sent) => Ok(format!("renewed with {} gas", sent.gas())),
        Err(failure) if failure.cause().contains("too soon") => Ok(failure.cause().to_owned()),
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
