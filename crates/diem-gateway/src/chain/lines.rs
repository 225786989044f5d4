//! `lineOf` and `leaseLineOf`, and how long an answer may be believed.

use alloy::primitives::{Address, U256};
use diem_abi::IDiem;
use futures_util::future::BoxFuture;

use super::{Chain, ChainError, Clock, Lines, Node, Standing};
use crate::{
    line::{Epoch, Line},
    money::Usd,
};

/// The zero address is nobody.
pub(super) fn somebody(address: Address) -> Option<Address> {
    (!address.is_zero()).then_some(address)
}

/// An epoch of the contract's, which counts them in words of 256 bits.
pub(super) fn epoch(node: &Node, word: U256) -> Result<Epoch, ChainError> {
    word.try_into()
        .map_err(|_| node.nonsense("an epoch", format!("{word} is none")))
}

fn dollars(node: &Node, word: U256) -> Result<Usd, ChainError> {
    word.try_into()
        .map(Usd)
        .map_err(|_| node.nonsense("an amount of a line", format!("{word} is none")))
}

impl Chain {
    async fn read(&self, line: Line, pending: bool) -> Result<Standing, ChainError> {
        let (node, diem) = (&self.0.node, self.0.diem);
        let (numbers, gateways) = match line {
            Line::Account(account) => {
                let is = node
                    .call(diem, &IDiem::lineOfCall { account }, pending)
                    .await?;
                (
                    [is.epoch, is.allowance, is.used, is.nextAllowance],
                    [is.gateway, is.nextGateway],
                )
            }
            Line::Lease(id) => {
                let call = IDiem::leaseLineOfCall { id: U256::from(id) };
                let is = node.call(diem, &call, pending).await?;
                (
                    [is.epoch, is.allowance, is.used, is.nextAllowance],
                    [is.gateway, is.nextGateway],
                )
            }
        };
        let [gateway, next_gateway] = gateways.map(somebody);
        Ok(Standing {
            line,
            epoch: epoch(node, numbers[0])?,
            allowance: dollars(node, numbers[1])?,
            used: dollars(node, numbers[2])?,
            gateway,
            next_allowance: dollars(node, numbers[3])?,
            next_gateway,
            block: self.head().number,
        })
    }

    async fn read_now(&self, line: Line) -> Result<Standing, ChainError> {
        let epoch = Lines::clock(self).epoch;
        let mut standing = self.read(line, false).await?;
        if standing.epoch < epoch {
            // The latest block of an idle chain may still stand in yesterday.
            standing = self.read(line, true).await?;
        }
        if standing.epoch < epoch {
            return Err(ChainError::NotBegun {
                line,
                read: standing.epoch,
                epoch,
            });
        }
        if standing.epoch > epoch {
            self.look().await?;
        }
        self.forget_other_epochs(standing.epoch);
        if standing.allowance > Usd::ZERO && standing.gateway == Some(self.0.gateway) {
            self.known().insert(line, standing);
        }
        Ok(standing)
    }
}

impl Lines for Chain {
    fn clock(&self) -> Clock {
        self.0.watch.clock(self.0.rules)
    }

    fn standing(&self, line: Line) -> BoxFuture<'_, Result<Standing, ChainError>> {
        let epoch = Lines::clock(self).epoch;
        let known = self.known().get(&line).copied();
        Box::pin(async move {
            match known.filter(|standing| standing.epoch == epoch) {
                Some(standing) => Ok(standing),
                None => self.read_now(line).await,
            }
        })
    }

    fn fresh(&self, line: Line) -> BoxFuture<'_, Result<Standing, ChainError>> {
        Box::pin(self.read_now(line))
    }
}
