//! One of the two targets, with everybody on it in the same state as on the other.

use crate::prelude::*;
use alloy::json_abi::{Error, JsonAbi};
use alloy_primitives::{Log, keccak256};
use e2e::abi::StateMutability;
use e2e::deploy::Target;
use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;

/// The interfaces, in the order in which contracts are counted here.
pub(crate) const INTERFACES: [&str; 3] = ["IVVV", "IStakedVvv", "IDiem"];
/// Who has most to do, drawn twice as often as others.
const PLAYERS: [Who; 6] = [Alice, Bob, Dave, Owner, Guardian, Gateway];
/// What stands for a contract's address where two chains are compared.
const MARK: [u8; 19] = [0xcc; 19];

/// A chain of one target and what can be drawn there.
pub(crate) struct Side {
    pub(crate) target: Target,
    pub(crate) world: World,
    /// VVV, sVVV and DIEM.
    pub(crate) contracts: [Address; 3],
    pub(crate) interfaces: [JsonAbi; 3],
    /// All functions: contract, and place in its interface.
    pub(crate) functions: Vec<(usize, usize)>,
    /// Those of them that change state.
    pub(crate) writes: Vec<(usize, usize)>,
    /// Addresses to draw from.
    pub(crate) accounts: Vec<Address>,
    /// Others whom damaged calldata named in this case.
    met: RefCell<BTreeSet<Address>>,
    /// Callers to draw from.
    pub(crate) callers: Vec<Address>,
    /// When each case begins.
    start: u64,
    snapshot: Cell<U256>,
}

impl Side {
    /// A side on which `prepare` was done.
    pub(crate) fn prepared(target: Target, prepare: impl Fn(&World) -> u64) -> Self {
        let world = World::of(target);
        let start = prepare(&world);
        world.chain.set_time(start);
        let at = world.contracts;
        let contracts = [at.vvv, at.s_vvv, at.diem];
        let interfaces = INTERFACES.map(e2e::abi::interface);
        let (mut functions, mut writes) = (Vec::new(), Vec::new());
        for (contract, abi) in interfaces.iter().enumerate() {
            for (place, function) in abi.functions().enumerate() {
                functions.push((contract, place));
                if function.state_mutability == StateMutability::NonPayable {
                    writes.push((contract, place));
                }
            }
        }
        let people = Who::ALL.map(Who::address);
        let mut accounts = people.to_vec();
        accounts.extend(contracts);
        accounts.extend([Address::ZERO, Address::repeat_byte(0xff)]);
        // A precompile of Ethereum, one of Arbitrum, and somebody that nobody has heard of.
        accounts.extend([1, 0x64].map(Address::with_last_byte));
        accounts.push(Address::from_word(keccak256("somebody")));
        let mut callers = people.to_vec();
        callers.extend(PLAYERS.map(Who::address));
        callers.extend(contracts);
        callers.push(Address::ZERO);
        let snapshot = Cell::new(world.chain.snapshot());
        Self {
            target,
            world,
            contracts,
            interfaces,
            functions,
            writes,
            accounts,
            met: RefCell::default(),
            callers,
            start,
            snapshot,
        }
    }

    /// Back to what was prepared.
    pub(crate) fn begin(&self) {
        let chain = &self.world.chain;
        chain.revert(self.snapshot.get());
        self.snapshot.set(chain.snapshot());
        chain.set_time(self.start);
        self.met.borrow_mut().clear();
    }

    /// From now on these may have something too.
    pub(crate) fn meet(&self, addresses: &[Address]) {
        let strangers = addresses.iter().filter(|it| !self.accounts.contains(it));
        self.met.borrow_mut().extend(strangers);
    }

    /// Everybody who may have something.
    pub(crate) fn everybody(&self) -> Vec<Address> {
        let met = self.met.borrow();
        self.accounts.iter().chain(met.iter()).copied().collect()
    }

    /// Lets time pass.
    pub(crate) fn wait(&self, seconds: u64) {
        let chain = &self.world.chain;
        chain.set_time(chain.time() + seconds);
    }

    /// The error of a contract's interface that this is, to its last byte.
    pub(crate) fn declared(&self, contract: usize, data: &[u8]) -> Option<&Error> {
        let mut errors = self.interfaces[contract].errors();
        errors.find(|error| {
            data.starts_with(error.selector().as_slice())
                && data.len() == 4 + 32 * error.inputs.len()
        })
    }

    /// Bytes in which the contracts have the same names on both sides.
    pub(crate) fn neutral(&self, bytes: &[u8]) -> Bytes {
        let mut neutral = bytes.to_vec();
        for (place, contract) in self.contracts.iter().enumerate() {
            let found = bytes.windows(20).enumerate();
            for (at, _) in found.filter(|(_, part)| *part == contract.as_slice()) {
                neutral[at..at + 19].copy_from_slice(&MARK);
                neutral[at + 19] = place as u8;
            }
        }
        neutral.into()
    }

    /// Logs likewise.
    pub(crate) fn neutral_logs(&self, logs: &[Log]) -> Vec<Bytes> {
        let whole = |log: &Log| {
            let topics = log.data.topics().iter().map(|topic| topic.to_vec());
            let mut bytes = log.address.to_vec();
            bytes.extend(topics.flatten());
            bytes.extend(&log.data.data);
            self.neutral(&bytes)
        };
        logs.iter().map(whole).collect()
    }
}
