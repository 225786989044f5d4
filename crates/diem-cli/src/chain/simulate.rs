//! What transactions would do one after the other, and what their data costs.

use super::{Call, Chain};
use crate::{Failure, Result};
use alloy::primitives::{Address, U256};
use alloy::providers::Provider;
use alloy::rpc::types::simulate::{SimBlock, SimulatePayload};
use alloy::rpc::types::state::{AccountOverride, StateOverridesBuilder};
use alloy::sol_types::SolCall;
use diem_abi::arbitrum::{INodeInterface, NODE_INTERFACE};
use diem_abi::explain;

impl Chain {
    /// Gas of each call of `from`, carried out one after the other in blocks of their own, by
    /// somebody with ETH enough. None where the node cannot tell.
    ///
    /// # Errors
    /// One of them would fail; or the node does not answer.
    pub(crate) async fn rehearse(&self, from: Address, calls: &[Call]) -> Result<Option<Vec<u64>>> {
        let rich = AccountOverride::default().with_balance(U256::MAX >> 1);
        let mut overrides = Some(StateOverridesBuilder::default().append(from, rich).build());
        let blocks = calls.iter().map(|call| SimBlock {
            block_overrides: None,
            state_overrides: overrides.take(),
            calls: vec![call.request(from)],
        });
        let payload = SimulatePayload::default().extend_blocks(blocks);
        let what = "try the transactions out";
        let blocks = match self.provider.simulate(&payload).await {
            Ok(blocks) => blocks,
            // Not every node has the method, or as much gas for it.
            Err(error) if error.as_error_resp().is_some() => return Ok(None),
            Err(error) => return Err(self.endpoint.refusal(what.to_owned(), &error)),
        };
        let outcomes = blocks.into_iter().flat_map(|block| block.calls);
        let mut gas = Vec::new();
        for (call, outcome) in calls.iter().zip(outcomes) {
            if !outcome.status {
                let cause = explain(&outcome.return_data).map(|refusal| refusal.sentence);
                let message = outcome.error.map(|error| error.message);
                let cause = cause.or(message).unwrap_or_else(|| "it reverts".to_owned());
                return Err(
                    Failure::refused(format!("{what}: {}", call.function), cause)
                        .with("from", from)
                        .with("to", call.to)
                        .hint("nothing was sent: mend what it says, and try again"),
                );
            }
            gas.push(outcome.gas_used);
        }
        Ok((gas.len() == calls.len()).then_some(gas))
    }

    /// Gas that Arbitrum takes for the data of each call on top of its own, for the chain that it
    /// posts the data to. Zero elsewhere.
    ///
    /// # Errors
    /// The node does not answer.
    pub(crate) async fn data_gas(&self, calls: &[Call]) -> Result<Vec<u64>> {
        let what = || "ask for the gas of data".to_owned();
        let mut gas = Vec::new();
        for call in calls {
            let asked = INodeInterface::gasEstimateL1ComponentCall {
                to: call.to,
                contractCreation: false,
                data: call.data.clone(),
            };
            let request = Call::new(NODE_INTERFACE, &asked).request(Address::ZERO);
            let answer = self.provider.call(request).await;
            let answer = answer.map_err(|error| self.endpoint.refusal(what(), &error))?;
            // Nothing answers where the node is not Arbitrum's.
            if answer.is_empty() {
                return Ok(vec![0; calls.len()]);
            }
            let told = INodeInterface::gasEstimateL1ComponentCall::abi_decode_returns(&answer);
            let told = told.map_err(|error| {
                Failure::broken(what(), error.to_string()).with("contract", NODE_INTERFACE)
            })?;
            gas.push(told.gasEstimateForL1);
        }
        Ok(gas)
    }
}
