//! The day of a credit: staked, spent, refused when used up, fresh the next day; and a
//! lease, spent by its lessee.

use super::guide::Guide;
use super::life::wad;
use crate::{Result, show};
use alloy::primitives::{Address, U256};
use diem_abi::IDiem;
use diem_math::epoch::epoch_at;

const STAKE_DIEM: u64 = 50;
const FIRST_SPEND: u64 = 30;
const LEASE_DIEM: u64 = 10;
const LEASE_EPOCHS: u32 = 2;

/// Allowance, used and remaining credit of an account, as the model has them.
async fn credit(guide: &mut Guide, account: Address, allowance: U256, used: U256) -> Result<()> {
    let call = IDiem::creditsOfCall { account };
    let credits = guide.chain.call(guide.at.diem, &call).await?;
    let epoch = epoch_at(guide.chain.timestamp(None).await?);
    guide.check("credit: allowance", credits.allowance, allowance)?;
    guide.check("credit: used", credits.used, used)?;
    guide.check(
        "credit: remaining",
        credits.remaining,
        allowance.saturating_sub(used),
    )?;
    guide.check("credit: epoch", credits.epoch, U256::from(epoch))
}

/// Bob stakes DIEM; a gateway spends his day's credit, is refused more, and finds it
/// fresh the next day.
pub(super) async fn spend(guide: &mut Guide) -> Result<()> {
    let (cast, at) = (guide.cast, guide.at.clone());
    // A whole day ahead, so that the clock cannot run over midnight in between.
    guide.midnight().await?;
    let call = IDiem::setGatewayCall {
        gateway: cast.gateway,
        allowed: true,
    };
    let registered = guide.chain.send(cast.owner, at.diem, &call).await?;
    let stake = wad(STAKE_DIEM);
    let staked = guide
        .chain
        .send(cast.bob, at.diem, &IDiem::stakeCall { amount: stake })
        .await?;
    credit(guide, cast.bob, stake, U256::ZERO).await?;
    let text = format!(
        "bob stakes {} DIEM: ${} of credit a day",
        show(stake),
        show(stake)
    );
    guide.tell("stake DIEM", &text, &[&registered, &staked]);

    let first = wad(FIRST_SPEND);
    let call = IDiem::spendCall {
        account: cast.bob,
        amount: first,
    };
    let sent = guide.chain.send(cast.gateway, at.diem, &call).await?;
    let event: IDiem::CreditsSpent = sent.event(at.diem)?;
    guide.check("credit spent", event.amount, first)?;
    guide.check("credit remaining", event.remaining, stake - first)?;
    credit(guide, cast.bob, stake, first).await?;
    let text = format!(
        "the gateway settles ${}, ${} left today",
        show(first),
        show(stake - first)
    );
    guide.tell("spend credit", &text, &[&sent]);

    let refusal = guide
        .refused(cast.gateway, at.diem, &call, "InsufficientCredits")
        .await?;
    guide.tell("spend too much", &refusal, &[]);

    let rest = IDiem::spendCall {
        account: cast.bob,
        amount: stake - first,
    };
    let sent = guide.chain.send(cast.gateway, at.diem, &rest).await?;
    credit(guide, cast.bob, stake, stake).await?;
    let wei = IDiem::spendCall {
        account: cast.bob,
        amount: U256::ONE,
    };
    let refusal = guide
        .refused(cast.gateway, at.diem, &wei, "InsufficientCredits")
        .await?;
    guide.tell("used up", &refusal, &[&sent]);

    guide.midnight().await?;
    credit(guide, cast.bob, stake, U256::ZERO).await?;
    guide.tell(
        "00:00 UTC",
        &format!("bob has ${} again, without any transaction", show(stake)),
        &[],
    );
    Ok(())
}

/// Bob leases part of his credit to carol.
pub(super) async fn lease(guide: &mut Guide) -> Result<()> {
    let (cast, at) = (guide.cast, guide.at.clone());
    let (stake, leased) = (wad(STAKE_DIEM), wad(LEASE_DIEM));
    let call = IDiem::leaseCall {
        lessee: cast.carol,
        amount: leased,
        epochs: LEASE_EPOCHS,
    };
    let sent = guide.chain.send(cast.bob, at.diem, &call).await?;
    let opened: IDiem::LeaseOpened = sent.event(at.diem)?;
    let today = epoch_at(sent.timestamp());
    guide.check(
        "lease: first epoch",
        opened.startEpoch,
        U256::from(today + 1),
    )?;
    guide.check(
        "lease: end",
        opened.endEpoch,
        U256::from(today + 1 + u64::from(LEASE_EPOCHS)),
    )?;
    credit(guide, cast.bob, stake - leased, U256::ZERO).await?;
    let text = format!(
        "${} a day to carol for {LEASE_EPOCHS} days from tomorrow; bob keeps ${}",
        show(leased),
        show(stake - leased)
    );
    guide.tell("lease credit", &text, &[&sent]);

    let id = opened.id;
    let call = IDiem::spendLeaseCall { id, amount: leased };
    let refusal = guide
        .refused(cast.gateway, at.diem, &call, "InsufficientLeaseCredits")
        .await?;
    guide.tell("not before it", &refusal, &[]);

    guide.midnight().await?;
    let sent = guide.chain.send(cast.gateway, at.diem, &call).await?;
    let event: IDiem::LeaseSpent = sent.event(at.diem)?;
    guide.check("lease: spent", event.amount, leased)?;
    guide.check("lease: remaining", event.remaining, U256::ZERO)?;
    let refusal = guide
        .refused(cast.gateway, at.diem, &call, "InsufficientLeaseCredits")
        .await?;
    guide.tell(
        "spend the lease",
        &format!("carol uses ${}; then {refusal}", show(leased)),
        &[&sent],
    );

    let early = guide
        .refused(
            cast.carol,
            at.diem,
            &IDiem::closeLeaseCall { id },
            "LeaseNotOver",
        )
        .await?;
    guide.tell("not yet over", &early, &[]);

    guide.sleep(u64::from(LEASE_EPOCHS)).await?;
    let sent = guide
        .chain
        .send(cast.carol, at.diem, &IDiem::closeLeaseCall { id })
        .await?;
    credit(guide, cast.bob, stake, U256::ZERO).await?;
    guide.tell(
        "close the lease",
        &format!("bob has ${} a day again", show(stake)),
        &[&sent],
    );
    Ok(())
}
