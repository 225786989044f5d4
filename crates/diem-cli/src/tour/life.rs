//! The investor's walk: stake, fund, mint, earn, transfer, burn, unstake, withdraw.

use super::guide::Guide;
use super::model::fee;
use crate::chain::Sent;
use crate::{Failure, Result, show};
use alloy::primitives::U256;
use diem_abi::{IDiem, IStakedVvv, IVVV};
use diem_math::MathError;

const STAKE_VVV: u64 = 400_000;
const RESERVE_VVV: u64 = 1_000_000;
const MINT_SVVV: u64 = 250_000;
const MINT_DIEM: u64 = 100;
const GIFT_DIEM: u64 = 60;
const MONTH_DAYS: u64 = 30;
const UNSTAKE_DAYS: u64 = 7;

pub(super) fn wad(whole: u64) -> U256 {
    U256::from(whole) * diem_math::wad::WAD
}

fn on_curve(error: MathError) -> Failure {
    Failure::refused("the tour cannot mint that much here", error.to_string())
        .hint("walk the tour on a fresh chain")
}

/// Stakes VVV, funds emissions, mints DIEM both ways.
pub(super) async fn invest(guide: &mut Guide) -> Result<()> {
    let (cast, at) = (guide.cast, guide.at.clone());
    let stake = wad(STAKE_VVV);
    let gift = guide
        .chain
        .send(
            cast.owner,
            at.vvv,
            &IVVV::mintCall {
                to: cast.alice,
                amount: stake,
            },
        )
        .await?;
    let approve = IVVV::approveCall {
        spender: at.s_vvv,
        value: stake,
    };
    let approved = guide.chain.send(cast.alice, at.vvv, &approve).await?;
    let call = IStakedVvv::stakeCall {
        recipient: cast.alice,
        amount: stake,
    };
    let staked = guide.chain.send(cast.alice, at.s_vvv, &call).await?;
    guide.pool.accrue(staked.timestamp());
    guide.alice.checkpoint(guide.pool.index);
    guide.alice.free.balance += stake;
    guide.pool.staked += stake;
    let balance = guide
        .chain
        .call(
            at.s_vvv,
            &IStakedVvv::balanceOfCall {
                account: cast.alice,
            },
        )
        .await?;
    guide.check("sVVV of alice", balance, stake)?;
    guide.tell(
        "stake VVV",
        &format!("{} VVV -> {} sVVV", show(stake), show(balance)),
        &[&gift, &approved, &staked],
    );

    let reserve = wad(RESERVE_VVV);
    let gift = guide
        .chain
        .send(
            cast.owner,
            at.vvv,
            &IVVV::mintCall {
                to: cast.owner,
                amount: reserve,
            },
        )
        .await?;
    let approve = IVVV::approveCall {
        spender: at.s_vvv,
        value: reserve,
    };
    let approved = guide.chain.send(cast.owner, at.vvv, &approve).await?;
    let funded = guide
        .chain
        .send(
            cast.owner,
            at.s_vvv,
            &IStakedVvv::fundRewardsCall { amount: reserve },
        )
        .await?;
    guide.pool.accrue(funded.timestamp());
    guide.pool.reserve += reserve;
    let held = guide
        .chain
        .call(at.s_vvv, &IStakedVvv::rewardReserveCall {})
        .await?;
    let model = guide.pool.reserve;
    guide.check("reward reserve", held, model)?;
    let rate = show(guide.pool.rate);
    guide.tell(
        "fund emissions",
        &format!("{} VVV in reserve, {rate} VVV per second", show(held)),
        &[&gift, &approved, &funded],
    );

    let quote = guide
        .alice
        .curve
        .quote(guide.alice.supply, wad(MINT_SVVV))
        .map_err(on_curve)?;
    let preview = IDiem::previewMintCall {
        sVVVAmount: quote.svvv,
    };
    let preview = guide.chain.call(at.diem, &preview).await?;
    guide.check("preview of a mint", preview, quote.diem)?;
    let call = IDiem::mintCall {
        sVVVAmount: quote.svvv,
        minDiemOut: quote.diem,
    };
    let sent = guide.chain.send(cast.alice, at.diem, &call).await?;
    minted(guide, &sent, quote).await?;
    let text = format!(
        "{} sVVV locked -> {} DIEM, next at {} sVVV",
        show(quote.svvv),
        show(quote.diem),
        show(quote.rate_after)
    );
    guide.tell("mint DIEM", &text, &[&sent]);

    let quote = guide
        .alice
        .curve
        .quote_exact(guide.alice.supply, wad(MINT_DIEM))
        .map_err(on_curve)?;
    let call = IDiem::mintExactCall {
        diemAmount: quote.diem,
        maxSVVV: quote.svvv,
    };
    let sent = guide.chain.send(cast.alice, at.diem, &call).await?;
    minted(guide, &sent, quote).await?;
    let text = format!("{} DIEM for {} sVVV", show(quote.diem), show(quote.svvv));
    guide.tell("mint exactly", &text, &[&sent]);
    Ok(())
}

/// Books a mint in the model and compares event, position and rate.
async fn minted(guide: &mut Guide, sent: &Sent, quote: diem_math::Quote) -> Result<()> {
    guide.pool.accrue(sent.timestamp());
    guide.alice.mint(guide.pool.index, quote);
    let event: IDiem::Minted = sent.event(guide.at.diem)?;
    guide.check("sVVV locked", event.sVVVLocked, quote.svvv)?;
    guide.check("DIEM minted", event.diemOut, quote.diem)?;
    guide.check("rate after", event.mintRateAfter, quote.rate_after)?;
    position(guide).await
}

/// Alice holds her rewards, and `else_held` VVV from elsewhere.
async fn vvv_of_alice(guide: &mut Guide, else_held: U256) -> Result<()> {
    let call = IVVV::balanceOfCall {
        account: guide.cast.alice,
    };
    let balance = guide.chain.call(guide.at.vvv, &call).await?;
    let model = guide.alice.received + else_held;
    guide.check("VVV of alice", balance, model)
}

async fn position(guide: &mut Guide) -> Result<()> {
    let call = IDiem::positionCall {
        account: guide.cast.alice,
    };
    let position = guide.chain.call(guide.at.diem, &call).await?;
    let (locked, outstanding) = (guide.alice.locked.balance, guide.alice.outstanding);
    guide.check("position: locked", position.locked, locked)?;
    guide.check("position: outstanding", position.outstanding, outstanding)
}

/// A month passes; the yield is shared 80/20, the free part claimed, DIEM given away.
pub(super) async fn earn(guide: &mut Guide) -> Result<()> {
    let (cast, at) = (guide.cast, guide.at.clone());
    guide.sleep(MONTH_DAYS).await?;
    let sent = guide
        .chain
        .send(cast.alice, at.diem, &IDiem::claimYieldCall {})
        .await?;
    guide.pool.accrue(sent.timestamp());
    let (gross, net) = guide.alice.claim_yield(guide.pool.index);
    let event: IDiem::YieldClaimed = sent.event(at.diem)?;
    guide.check("yield of the position, 80%", event.amount, net)?;
    vvv_of_alice(guide, U256::ZERO).await?;
    let text = format!(
        "{MONTH_DAYS} days: {} VVV gross, 80% = {} VVV",
        show(gross),
        show(net)
    );
    guide.tell("claim yield", &text, &[&sent]);

    let before = guide
        .chain
        .call(
            at.vvv,
            &IVVV::balanceOfCall {
                account: at.treasury,
            },
        )
        .await?;
    let due = guide
        .chain
        .call(at.diem, &IDiem::totalFeesCollectedCall {})
        .await?;
    let sent = guide
        .chain
        .send(cast.bob, at.diem, &IDiem::collectFeesCall {})
        .await?;
    guide.pool.accrue(sent.timestamp());
    guide.alice.locked.checkpoint(guide.pool.index);
    let event: IDiem::FeesCollected = sent.event(at.diem)?;
    // On a fresh chain alice's is the only position, and the fee is 20% of her gross yield.
    if guide.alice.outstanding == guide.alice.supply {
        let model = fee(guide.alice.locked.gross()).saturating_sub(due);
        guide.check("fee, 20%", event.amount, model)?;
    }
    let after = guide
        .chain
        .call(
            at.vvv,
            &IVVV::balanceOfCall {
                account: at.treasury,
            },
        )
        .await?;
    guide.check("VVV of the treasury", after, before + event.amount)?;
    let text = format!("20% = {} VVV to the treasury", show(event.amount));
    guide.tell("collect fees", &text, &[&sent]);

    let sent = guide
        .chain
        .send(cast.alice, at.s_vvv, &IStakedVvv::claimCall {})
        .await?;
    guide.pool.accrue(sent.timestamp());
    let claimed = guide.alice.claim(guide.pool.index);
    vvv_of_alice(guide, U256::ZERO).await?;
    let text = format!("{} VVV of free sVVV and the yield since", show(claimed));
    guide.tell("claim rewards", &text, &[&sent]);

    let gift = wad(GIFT_DIEM);
    let sent = guide
        .chain
        .send(
            cast.alice,
            at.diem,
            &IDiem::transferCall {
                to: cast.bob,
                value: gift,
            },
        )
        .await?;
    let balance = guide
        .chain
        .call(at.diem, &IDiem::balanceOfCall { account: cast.bob })
        .await?;
    guide.check("DIEM of bob", balance, gift)?;
    guide.tell(
        "transfer DIEM",
        &format!("{} DIEM from alice to bob", show(gift)),
        &[&sent],
    );
    Ok(())
}

/// Half of the DIEM is burned, the sVVV unlocked, unstaked, and withdrawn after 7 days.
pub(super) async fn leave(guide: &mut Guide) -> Result<()> {
    let (cast, at) = (guide.cast, guide.at.clone());
    let burned = guide.alice.outstanding / U256::from(2);
    let sent = guide
        .chain
        .send(cast.alice, at.diem, &IDiem::burnCall { diemAmount: burned })
        .await?;
    guide.pool.accrue(sent.timestamp());
    let unlocked = guide.alice.burn(guide.pool.index, burned);
    let event: IDiem::Burned = sent.event(at.diem)?;
    guide.check("sVVV unlocked", event.sVVVUnlocked, unlocked)?;
    let rate = guide
        .alice
        .curve
        .rate_at(guide.alice.supply)
        .map_err(on_curve)?;
    guide.check("rate after", event.mintRateAfter, rate)?;
    position(guide).await?;
    let text = format!(
        "{} DIEM burned -> {} sVVV unlocked",
        show(burned),
        show(unlocked)
    );
    guide.tell("burn part", &text, &[&sent]);

    let amount = guide.alice.free.balance;
    let sent = guide
        .chain
        .send(
            cast.alice,
            at.s_vvv,
            &IStakedVvv::initiateUnstakeCall { amount },
        )
        .await?;
    guide.pool.accrue(sent.timestamp());
    guide.alice.free.checkpoint(guide.pool.index);
    guide.alice.free.balance = U256::ZERO;
    guide.pool.staked -= amount;
    let call = IStakedVvv::balanceOfUnlockedCall { user: cast.alice };
    let free = guide.chain.call(at.s_vvv, &call).await?;
    guide.check("free sVVV of alice", free, U256::ZERO)?;
    guide.tell(
        "unstake",
        &format!("{} sVVV cool down for {UNSTAKE_DAYS} days", show(amount)),
        &[&sent],
    );

    let early = IStakedVvv::finalizeUnstakeCall {};
    let refusal = guide
        .refused(cast.alice, at.s_vvv, &early, "CooldownNotOver")
        .await?;
    guide.tell("too early", &refusal, &[]);

    guide.sleep(UNSTAKE_DAYS).await?;
    let before = guide
        .chain
        .call(
            at.vvv,
            &IVVV::balanceOfCall {
                account: cast.alice,
            },
        )
        .await?;
    let sent = guide
        .chain
        .send(cast.alice, at.s_vvv, &IStakedVvv::finalizeUnstakeCall {})
        .await?;
    let after = guide
        .chain
        .call(
            at.vvv,
            &IVVV::balanceOfCall {
                account: cast.alice,
            },
        )
        .await?;
    guide.check("VVV withdrawn", after, before + amount)?;
    guide.tell(
        "withdraw",
        &format!("{} VVV back with alice", show(amount)),
        &[&sent],
    );

    let sent = guide
        .chain
        .send(cast.alice, at.s_vvv, &IStakedVvv::claimCall {})
        .await?;
    guide.pool.accrue(sent.timestamp());
    guide.alice.claim(guide.pool.index);
    vvv_of_alice(guide, amount).await?;
    let earned = guide.alice.received;
    guide.tell(
        "claim the rest",
        &format!("{} VVV earned in all", show(earned)),
        &[&sent],
    );
    Ok(())
}
