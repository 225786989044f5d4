//! ArbRetryableTx (0x6e): messages from the parent chain that may be retried.
//!
//! Without a parent chain there are never tickets, so every question about one finds none.

use alloy_primitives::{Address, B256, U256};
use alloy_sol_types::{SolError, sol};

use super::{Access, Context, Failure, Precompile, describe::describe, method::method, numbered};
use crate::state::{Space, Storage};

sol! {
    interface ArbRetryableTx {
        function redeem(bytes32 ticketId) external returns (bytes32);
        function getLifetime() external view returns (uint256);
        function getTimeout(bytes32 ticketId) external view returns (uint256);
        function keepalive(bytes32 ticketId) external returns (uint256);
        function getBeneficiary(bytes32 ticketId) external view returns (address);
        function cancel(bytes32 ticketId) external;
        function getCurrentRedeemer() external view returns (address);
        function submitRetryable(bytes32 requestId, uint256 l1BaseFee, uint256 deposit, uint256 callvalue, uint256 gasFeeCap, uint64 gasLimit, uint256 maxSubmissionFee, address feeRefundAddress, address beneficiary, address retryTo, bytes calldata retryData) external;

        error NoTicketWithID();
        error NotCallable();
    }
}
use ArbRetryableTx::*;

/// Seconds a ticket lives: a week.
const LIFETIME: u64 = 7 * 24 * 60 * 60;
const NO_TICKETS: &str = "there are no tickets without a parent chain";

pub(super) static PRECOMPILE: Precompile = Precompile {
    name: "ArbRetryableTx",
    address: numbered(0x6e),
    since: 0,
    access: Access::Anyone,
    methods: &[
        method!(Write, redeemCall, |context, call| {
            // Once for the ticket's size, once for the ticket.
            look_up(context, call.ticketId)?;
            no_ticket::<B256>(context, call.ticketId)
        })
        .approximate(NO_TICKETS),
        method!(View, getLifetimeCall, |_, _| Ok(U256::from(LIFETIME))),
        method!(View, getTimeoutCall, |context, call| {
            no_ticket::<U256>(context, call.ticketId)
        })
        .approximate(NO_TICKETS),
        method!(Write, keepaliveCall, |context, call| {
            no_ticket::<U256>(context, call.ticketId)
        })
        .approximate(NO_TICKETS),
        method!(View, getBeneficiaryCall, |context, call| {
            no_ticket::<Address>(context, call.ticketId)
        })
        .approximate(NO_TICKETS),
        method!(Write, cancelCall, |context, call| {
            no_ticket::<cancelReturn>(context, call.ticketId)
        })
        .approximate(NO_TICKETS),
        method!(View, getCurrentRedeemerCall, |_, _| Ok(Address::ZERO)).approximate(NO_TICKETS),
        method!(Write, submitRetryableCall, |_,
                                             _|
         -> Result<
            submitRetryableReturn,
            Failure,
        > {
            Err(Failure::solidity(NotCallable {}))
        }),
    ],
    describe: |data| describe(&[NoTicketWithID::SIGNATURE, NotCallable::SIGNATURE], data),
};

/// Looks a ticket up, as Nitro does, and finds none.
fn no_ticket<T>(context: &mut Context<'_>, ticket: B256) -> Result<T, Failure> {
    look_up(context, ticket)?;
    Err(Failure::solidity(NoTicketWithID {}))
}

/// Reads the timeout of a ticket, which says whether there is one.
fn look_up(context: &mut Context<'_>, ticket: B256) -> Result<(), Failure> {
    let timeout = Space::ROOT
        .region(&[2])
        .region(ticket.as_slice())
        .cell::<u64>(5);
    context.get(timeout.slot())?;
    Ok(())
}
