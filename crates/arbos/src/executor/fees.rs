//! Who pays, and who is paid.

use alloy_primitives::{Address, U256};
use revm::context_interface::{JournalTr, journaled_state::account::JournaledAccountTr};

use super::{
    Mode,
    context::Ctx,
    gas::GasUsed,
    journal::{self, JournalAccess, sure},
    prices::Prices,
};
use crate::{
    state::{ArbosState, Free, L1_PRICER_FUNDS},
    trace::{Purpose, Transfer},
    tx::TxInput,
};

/// From this version on, gas costs no more than its resources do.
const PRICES_BY_RESOURCE: u64 = 60;

/// Takes the price of the whole gas limit from the sender and uses up the nonce. A creation uses it
/// up when its frame opens.
pub(crate) fn buy_gas(ctx: &mut Ctx<'_>, tx: &TxInput, gas_limit: u64, price: U256) {
    let mut sender = sure(ctx.journaled_state.load_account_mut(tx.from)).data;
    let cost = price.saturating_mul(U256::from(gas_limit));
    let left = sender.balance().saturating_sub(cost);
    sender.set_balance(left);
    if tx.to.is_some() {
        sender.bump_nonce();
    }
    record(ctx, Purpose::FeePayment, Some(tx.from), None, cost);
}

/// Returns the price of unused gas and passes on the rest: the compute share to the infrastructure
/// and network accounts, the L1 share to the L1 pricer.
pub(crate) fn settle(
    ctx: &mut Ctx<'_>,
    tx: &TxInput,
    gas_limit: u64,
    used: GasUsed,
    prices: &Prices,
    mode: Mode,
) {
    let unused = prices
        .charged
        .saturating_mul(U256::from(gas_limit.saturating_sub(used.total)));
    record(ctx, Purpose::GasRefund, None, Some(tx.from), unused);
    // Of a call for nothing ArbOS collects the base fee all the same. Nobody but a trace sees it.
    let is_gift = prices.charged.is_zero() && mode != Mode::Commit && ctx.chain.recorder.is_some();
    let price = if is_gift {
        prices.base_fee
    } else {
        prices.charged
    };
    if price.is_zero() {
        return;
    }
    journal::credit(ctx, tx.from, unused);

    let wei = |gas: u64| price.saturating_mul(U256::from(gas));
    let compute_gas = used.total.saturating_sub(prices.poster_gas);
    pay_compute(ctx, compute_gas, wei(compute_gas));
    pay_posting(ctx, prices, wei(prices.poster_gas));
    if ctx.chain.block.arbos_version >= PRICES_BY_RESOURCE && !is_gift {
        give_back(ctx, tx, used, prices);
    }
    if mode == Mode::Commit {
        arbos(ctx).add_gas_used(&mut JournalAccess(ctx), compute_gas);
    }
}

/// Resources are priced at the base fee of the block to come. Where they would have cost less than
/// what was charged, the network account gives the difference back.
fn give_back(ctx: &mut Ctx<'_>, tx: &TxInput, used: GasUsed, prices: &Prices) {
    let arbos = arbos(ctx);
    let next_base_fee = arbos.current_base_fee(&mut JournalAccess(ctx));
    let priced_gas = used.total.saturating_sub(ctx.chain.unpriced_gas);
    let charged = prices.charged.min(prices.base_fee);
    let difference = charged
        .saturating_mul(U256::from(used.total))
        .saturating_sub(next_base_fee.saturating_mul(U256::from(priced_gas)));
    let network_account = arbos.network_fee_recipient(&mut JournalAccess(ctx));
    if !difference.is_zero() && journal::debit(ctx, network_account, difference) {
        journal::credit(ctx, tx.from, difference);
    }
}

/// The infrastructure account, if there is one, gets what the minimum base fee asks for.
fn pay_compute(ctx: &mut Ctx<'_>, compute_gas: u64, mut fee: U256) {
    let arbos = arbos(ctx);
    let infra_account = arbos.infra_fee_recipient(&mut JournalAccess(ctx));
    if !infra_account.is_zero() {
        let min_base_fee = arbos.min_base_fee(&mut JournalAccess(ctx));
        let infra_fee = min_base_fee
            .min(ctx.chain.block.base_fee)
            .saturating_mul(U256::from(compute_gas))
            .min(fee);
        pay(ctx, infra_account, infra_fee);
        fee -= infra_fee;
    }
    let network_account = arbos.network_fee_recipient(&mut JournalAccess(ctx));
    pay(ctx, network_account, fee);
}

/// Counts the units that are posted, before anything runs: a transaction sees its own.
pub(crate) fn count_units(ctx: &mut Ctx<'_>, prices: &Prices) {
    if prices.poster_units == 0 {
        return;
    }
    let counter = arbos(ctx).l1_pricing().units_since_update();
    let mut access = JournalAccess(ctx);
    let mut storage = Free(&mut access);
    let units = sure(counter.get(&mut storage));
    sure(counter.set(&mut storage, units.saturating_add(prices.poster_units)));
}

fn pay_posting(ctx: &mut Ctx<'_>, prices: &Prices, fee: U256) {
    pay(ctx, L1_PRICER_FUNDS, fee);
    if prices.poster_units == 0 {
        return;
    }
    let pricing = arbos(ctx).l1_pricing();
    let mut access = JournalAccess(ctx);
    let mut storage = Free(&mut access);
    let available = sure(pricing.l1_fees_available().get(&mut storage));
    sure(
        pricing
            .l1_fees_available()
            .set(&mut storage, available.saturating_add(fee)),
    );
}

/// Pays a fee account.
fn pay(ctx: &mut Ctx<'_>, account: Address, fee: U256) {
    record(ctx, Purpose::FeeCollection, None, Some(account), fee);
    journal::credit(ctx, account, fee);
}

fn record(
    ctx: &mut Ctx<'_>,
    purpose: Purpose,
    from: Option<Address>,
    to: Option<Address>,
    value: U256,
) {
    if let Some(recorder) = &mut ctx.chain.recorder {
        recorder.transferred(Transfer {
            purpose,
            from,
            to,
            value,
        });
    }
}

fn arbos(ctx: &Ctx<'_>) -> ArbosState {
    ArbosState::open(ctx.chain.block.arbos_version)
}
