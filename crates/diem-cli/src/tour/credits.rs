//! The day of a credit: a gateway chosen, credit served, settled, settled again for nothing,
//! left in the evening, fresh the next day; and a lease, settled by the gateway of its lessee.

use super::guide::Guide;
use super::life::wad;
use super::line::Line;
use crate::chain::Sent;
use crate::{Result, show};
use alloy::primitives::{Address, U256};
use diem_abi::IDiem;
use diem_math::epoch::epoch_at;

const STAKE_DIEM: u64 = 50;
const SERVED: u64 = 30;
const OLDER: u64 = 10;
const LEAVING_DIEM: u64 = 20;
const EVENING_HOUR: u64 = 20;
const LEASE_DIEM: u64 = 10;
const LEASE_EPOCHS: u32 = 2;

/// Whose line.
#[derive(Clone, Copy)]
enum Whose {
    Account(Address),
    Lease(U256),
}

/// Holds a line against the model, on the day it is by the chain's clock.
async fn check(guide: &mut Guide, whose: Whose, line: &mut Line) -> Result<()> {
    line.roll(epoch_at(guide.chain.timestamp(None).await?));
    let (numbers, gateways) = match whose {
        Whose::Account(account) => {
            let call = IDiem::lineOfCall { account };
            let is = guide.chain.call(guide.at.diem, &call).await?;
            (
                [is.epoch, is.allowance, is.used, is.nextAllowance],
                [is.gateway, is.nextGateway],
            )
        }
        Whose::Lease(id) => {
            let call = IDiem::leaseLineOfCall { id };
            let is = guide.chain.call(guide.at.diem, &call).await?;
            (
                [is.epoch, is.allowance, is.used, is.nextAllowance],
                [is.gateway, is.nextGateway],
            )
        }
    };
    for ((what, model), is) in line.numbers().into_iter().zip(numbers) {
        guide.check(&format!("credit: {what}"), is, model)?;
    }
    for ((what, model), is) in line.gateways().into_iter().zip(gateways) {
        guide.check_address(&format!("credit: {what}"), is, model)?;
    }
    Ok(())
}

/// What the gateway says of bob: dollars used in an epoch, in all.
fn statement(guide: &Guide, epoch: u64, used: U256) -> IDiem::settleCall {
    IDiem::settleCall {
        epoch: U256::from(epoch),
        account: guide.cast.bob,
        used,
    }
}

/// The gateway states what bob used today in all; event and line are the model's.
async fn settle(guide: &mut Guide, bob: &mut Line, used: U256) -> Result<Sent> {
    let (gateway, diem) = (guide.cast.gateway, guide.at.diem);
    let call = statement(guide, bob.epoch(), used);
    let sent = guide.chain.send(gateway, diem, &call).await?;
    if bob.state(used) {
        let event: IDiem::CreditsSettled = sent.event(diem)?;
        guide.check("settled: used", event.used, used)?;
        guide.check("settled: allowance", event.allowance, bob.allowance())?;
        guide.check("settled: epoch", event.epoch, U256::from(bob.epoch()))?;
    } else {
        let silent = U256::from(u8::from(sent.is_silent()));
        guide.check("settled: silent", silent, U256::ONE)?;
    }
    check(guide, Whose::Account(guide.cast.bob), bob).await?;
    Ok(sent)
}

/// Bob chooses a gateway, stakes, is served, leaves in part, and finds his credit fresh the
/// next day. Returns his line.
pub(super) async fn day(guide: &mut Guide) -> Result<Line> {
    let (cast, at) = (guide.cast, guide.at.clone());
    // A whole day ahead, so that the clock cannot run over midnight in between.
    guide.midnight().await?;
    let today = epoch_at(guide.chain.timestamp(None).await?);
    let mut bob = Line::new(today, Address::ZERO);
    let bobs = Whose::Account(cast.bob);

    let call = IDiem::setGatewayCall {
        gateway: cast.gateway,
        allowed: true,
    };
    let registered = guide.chain.send(cast.owner, at.diem, &call).await?;
    let call = IDiem::chooseGatewayCall {
        gateway: cast.gateway,
    };
    let chosen = guide.chain.send(cast.bob, at.diem, &call).await?;
    bob.choose(cast.gateway);
    let event: IDiem::GatewayChosen = chosen.event(at.diem)?;
    guide.check("chosen: from", event.fromEpoch, U256::from(today))?;
    check(guide, bobs, &mut bob).await?;
    guide.tell(
        "choose a gateway",
        "bob names who may settle his credit; at once, since he has none yet",
        &[&registered, &chosen],
    );

    let stake = wad(STAKE_DIEM);
    let call = IDiem::stakeCall { amount: stake };
    let sent = guide.chain.send(cast.bob, at.diem, &call).await?;
    bob.add(stake);
    check(guide, bobs, &mut bob).await?;
    let dollars = show(stake);
    guide.tell(
        "stake DIEM",
        &format!("bob stakes {dollars} DIEM: ${dollars} of credit a day"),
        &[&sent],
    );

    let served = wad(SERVED);
    let sent = settle(guide, &mut bob, served).await?;
    let text = format!(
        "the gateway served ${} and states it: ${} left today",
        show(served),
        show(bob.left())
    );
    guide.tell("settle", &text, &[&sent]);

    let again = settle(guide, &mut bob, served).await?;
    let older = settle(guide, &mut bob, wad(OLDER)).await?;
    let text = format!(
        "the same statement again, then an older one of ${OLDER}: nothing happens, ${} left",
        show(bob.left())
    );
    guide.tell("settle again", &text, &[&again, &older]);

    let call = statement(guide, today, stake + wad(1));
    let refusal = guide
        .refused(cast.gateway, at.diem, &call, "InsufficientCredits")
        .await?;
    guide.tell("state too much", &refusal, &[]);

    evening(guide, &mut bob).await?;

    guide.midnight().await?;
    check(guide, bobs, &mut bob).await?;
    let text = format!(
        "bob has ${} again, without any transaction",
        show(bob.left())
    );
    guide.tell("00:00 UTC", &text, &[]);

    let late = statement(guide, today, stake);
    let refusal = guide
        .refused(cast.gateway, at.diem, &late, "WrongEpoch")
        .await?;
    check(guide, bobs, &mut bob).await?;
    guide.tell("too late", &refusal, &[]);
    Ok(bob)
}

/// Bob takes part of his stake out, and today's credit is served and settled all the same.
async fn evening(guide: &mut Guide, bob: &mut Line) -> Result<()> {
    let (cast, at) = (guide.cast, guide.at.clone());
    guide.hour(EVENING_HOUR).await?;
    let leaving = wad(LEAVING_DIEM);
    let call = IDiem::initiateUnstakeCall { amount: leaving };
    let sent = guide.chain.send(cast.bob, at.diem, &call).await?;
    bob.leave(leaving);
    check(guide, Whose::Account(cast.bob), bob).await?;
    let text = format!(
        "at {EVENING_HOUR}:00 bob takes {} DIEM out: today's ${} stand, tomorrow starts with ${}",
        show(leaving),
        show(bob.allowance()),
        show(bob.tomorrow())
    );
    guide.tell("leave", &text, &[&sent]);

    let all = bob.allowance();
    let sent = settle(guide, bob, all).await?;
    let call = statement(guide, bob.epoch(), all + U256::ONE);
    guide
        .refused(cast.gateway, at.diem, &call, "InsufficientCredits")
        .await?;
    let text = format!(
        "the gateway states ${} in all; not a wei more passes",
        show(all)
    );
    guide.tell("served till late", &text, &[&sent]);
    Ok(())
}

/// Bob leases part of his credit to carol, who chooses a gateway for it.
pub(super) async fn lease(guide: &mut Guide, mut bob: Line) -> Result<()> {
    let (cast, at) = (guide.cast, guide.at.clone());
    let bobs = Whose::Account(cast.bob);
    let leased = wad(LEASE_DIEM);
    let call = IDiem::leaseCall {
        lessee: cast.carol,
        amount: leased,
        epochs: LEASE_EPOCHS,
    };
    let sent = guide.chain.send(cast.bob, at.diem, &call).await?;
    bob.leave(leased);
    let opened: IDiem::LeaseOpened = sent.event(at.diem)?;
    let today = epoch_at(sent.timestamp());
    let end = today + 1 + u64::from(LEASE_EPOCHS);
    guide.check(
        "lease: first epoch",
        opened.startEpoch,
        U256::from(today + 1),
    )?;
    guide.check("lease: end", opened.endEpoch, U256::from(end))?;
    check(guide, bobs, &mut bob).await?;
    let text = format!(
        "${} a day to carol for {LEASE_EPOCHS} days from tomorrow; bob keeps ${} then",
        show(leased),
        show(bob.tomorrow())
    );
    guide.tell("lease credit", &text, &[&sent]);

    let id = opened.id;
    let mut line = Line::new(today, Address::ZERO);
    line.come(leased);
    let call = IDiem::chooseLeaseGatewayCall {
        id,
        gateway: cast.gateway,
    };
    let sent = guide.chain.send(cast.carol, at.diem, &call).await?;
    line.choose(cast.gateway);
    check(guide, Whose::Lease(id), &mut line).await?;
    let call = settle_lease(today, id, leased);
    let early = guide
        .refused(cast.gateway, at.diem, &call, "InsufficientLeaseCredits")
        .await?;
    guide.tell(
        "choose for it",
        &format!("carol names its gateway; not before tomorrow: {early}"),
        &[&sent],
    );

    guide.midnight().await?;
    let call = settle_lease(today + 1, id, leased);
    let sent = guide.chain.send(cast.gateway, at.diem, &call).await?;
    line.roll(today + 1);
    line.state(leased);
    let event: IDiem::LeaseSettled = sent.event(at.diem)?;
    guide.check("lease: used", event.used, leased)?;
    guide.check("lease: allowance", event.allowance, line.allowance())?;
    check(guide, Whose::Lease(id), &mut line).await?;
    check(guide, bobs, &mut bob).await?;
    let more = settle_lease(today + 1, id, leased + U256::ONE);
    guide
        .refused(cast.gateway, at.diem, &more, "InsufficientLeaseCredits")
        .await?;
    let text = format!(
        "the gateway states ${}, all of carol's day; bob has ${} of his own",
        show(leased),
        show(bob.left())
    );
    guide.tell("settle the lease", &text, &[&sent]);

    let call = IDiem::closeLeaseCall { id };
    let early = guide
        .refused(cast.carol, at.diem, &call, "LeaseNotOver")
        .await?;
    guide.tell("not yet over", &early, &[]);

    guide.sleep(u64::from(LEASE_EPOCHS)).await?;
    let sent = guide.chain.send(cast.carol, at.diem, &call).await?;
    bob.roll(epoch_at(sent.timestamp()));
    bob.add(leased);
    check(guide, bobs, &mut bob).await?;
    let text = format!("bob has ${} a day again, at once", show(bob.left()));
    guide.tell("close the lease", &text, &[&sent]);

    let sent = guide
        .chain
        .send(cast.bob, at.diem, &IDiem::unstakeCall {})
        .await?;
    let out: IDiem::Unstaked = sent.event(at.diem)?;
    guide.check("DIEM taken out", out.amount, wad(LEAVING_DIEM))?;
    check(guide, bobs, &mut bob).await?;
    guide.tell(
        "take DIEM out",
        &format!("{} DIEM back with bob", show(out.amount)),
        &[&sent],
    );
    Ok(())
}

fn settle_lease(epoch: u64, id: U256, used: U256) -> IDiem::settleLeasesCall {
    IDiem::settleLeasesCall {
        epoch: U256::from(epoch),
        ids: vec![id],
        used: vec![used],
    }
}
