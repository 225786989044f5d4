//! The vocabulary of requests: values a client would send, and values none would.

mod code;
mod errand;
mod script;
mod simulation;
mod transactions;

use std::sync::LazyLock;

use alloy_primitives::{Address, B256, U256, hex};
use arbitrary::{Result, Unstructured};
use arbos::precompiles;
use serde_json::{Map, Value, json};

use crate::{
    heard::{Heard, recall},
    world::{ARBOS, BLANK, LOOP, PROGRAMS, RICH, SPECIAL, activation, program},
};
pub(crate) use code::stylus_code;

/// Numbers at the edges of what fields hold.
const EDGES: [u64; 8] = [0, 1, 2, 0x20, 0x40, 1 << 32, i64::MAX as u64, u64::MAX];
/// Depth of JSON that no parameter has.
const ANYTHING_DEPTH: usize = 3;

/// What a parameter means.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Word {
    Account,
    /// An account with a key.
    Signer,
    /// The account that stories deploy to.
    Blank,
    Hash,
    BlockHash,
    TransactionHash,
    Block,
    /// A block by number or tag only.
    Tag,
    Number,
    /// Number of blocks or percent of them: large ones take long and find nothing.
    Count,
    /// Id of a filter or snapshot.
    Id,
    Index,
    Bytes,
    Code,
    Flag,
    Call,
    /// A transaction that activates [`Word::Blank`].
    Activation,
    /// A call to [`Word::Blank`].
    Visit,
    StateOverride,
    BlockOverride,
    ArbosAccount,
    ArbosSlot,
    /// Accounts to be loaded.
    Dump,
    Filter,
    Tracer,
    TypedData,
    RawTransaction,
    MineOptions,
    Subscription,
    SubscriptionId,
    Keys,
    Percentiles,
    Anything,
}

/// Draws values from an input, in the light of what was heard before.
pub(crate) struct Speaker<'s, 'i> {
    pub(crate) u: &'s mut Unstructured<'i>,
    pub(crate) heard: &'s Heard,
}

impl Speaker<'_, '_> {
    /// One value.
    pub(crate) fn draw(&mut self, word: Word) -> Result<Value> {
        if self.one_in(32)? {
            return self.anything(ANYTHING_DEPTH);
        }
        Ok(match word {
            Word::Account => json!(self.account()?),
            Word::Signer => json!(self.u.choose(&RICH)?),
            Word::Blank => json!(BLANK),
            Word::Hash => json!(self.hash()?),
            Word::BlockHash => json!(self.recalled(|it| &it.blocks)?),
            Word::TransactionHash => json!(self.recalled(|it| &it.transactions)?),
            Word::Block => self.block()?,
            Word::Tag => self.tag()?,
            Word::Number => self.number()?,
            Word::Count => json!(format!("{:#x}", self.u.int_in_range(0..=40u8)?)),
            Word::Id => match recall(&self.heard.numbers, self.u)? {
                Some(id) => json!(id),
                None => self.number()?,
            },
            Word::Index => json!(format!("{:#x}", self.u.int_in_range(0..=3u8)?)),
            Word::Bytes => self.bytes()?,
            Word::Code => json!(hex::encode_prefixed(self.code()?)),
            Word::Flag => json!(self.u.arbitrary::<bool>()?),
            Word::Call => self.call()?,
            Word::Activation => activation(BLANK),
            Word::Visit => self.visit()?,
            Word::StateOverride => self.state_override()?,
            Word::BlockOverride => self.block_override()?,
            Word::ArbosAccount => json!(ARBOS),
            Word::ArbosSlot => json!(self.arbos_slot()?),
            Word::Dump => self.dump()?,
            Word::Filter => self.filter()?,
            Word::Tracer => self.tracer()?,
            Word::TypedData => self.typed_data()?,
            Word::RawTransaction => self.raw_transaction()?,
            Word::MineOptions => {
                self.fields(&[("timestamp", Word::Number), ("blocks", Word::Count)])?
            }
            Word::Subscription => {
                const KINDS: [&str; 4] = ["newHeads", "logs", "newPendingTransactions", "syncing"];
                json!(self.u.choose(&KINDS)?)
            }
            Word::SubscriptionId => match recall(&self.heard.subscriptions, self.u)? {
                Some(id) => json!(id),
                None => self.number()?,
            },
            Word::Keys => self.list(|it| Ok(json!(it.hash()?)))?,
            Word::Percentiles => self.list(|it| Ok(json!(it.u.int_in_range(-1i16..=101)?)))?,
            Word::Anything => self.anything(ANYTHING_DEPTH)?,
        })
    }

    fn one_in(&mut self, count: u8) -> Result<bool> {
        self.u.ratio(1u8, count)
    }

    fn account(&mut self) -> Result<Address> {
        static PRECOMPILES: LazyLock<Vec<Address>> =
            LazyLock::new(|| precompiles::precompiles().map(|it| it.address).collect());
        Ok(match self.u.int_in_range(0..=9u8)? {
            0 | 1 => *self.u.choose(&RICH)?,
            2 => *self.u.choose(&SPECIAL)?,
            3 => *self.u.choose(&PRECOMPILES)?,
            4..=6 => program(self.u.choose_index(PROGRAMS.len() - 1)?),
            7 => Address::left_padding_from(&[self.u.int_in_range(0..=20u8)?]),
            8 => BLANK,
            // Whoever burns all gas is called now and then only: it takes long.
            _ if self.one_in(32)? => program(PROGRAMS.len() - 1),
            _ if self.one_in(32)? => LOOP,
            _ => Address::from(self.u.arbitrary::<[u8; 20]>()?),
        })
    }

    fn uint(&mut self) -> Result<U256> {
        Ok(match self.u.int_in_range(0..=5u8)? {
            0 | 1 => U256::from(self.u.arbitrary::<u8>()?),
            2 => U256::from(*self.u.choose(&EDGES)?),
            3 => U256::from(self.u.arbitrary::<u64>()?),
            4 => U256::MAX >> self.u.int_in_range(0..=255usize)?,
            _ => U256::from_be_bytes(self.u.arbitrary::<[u8; 32]>()?),
        })
    }

    /// A word: one that was heard, or any.
    fn hash(&mut self) -> Result<B256> {
        if self.u.ratio(1u8, 3)? {
            self.recalled(|it| &it.words)
        } else {
            Ok(B256::from(self.uint()?))
        }
    }

    /// A slot that ArbOS uses.
    fn arbos_slot(&mut self) -> Result<B256> {
        if self.heard.arbos_slots.is_empty() {
            return self.hash();
        }
        Ok(*self.u.choose(&self.heard.arbos_slots)?)
    }

    /// A word of a kind that was heard, now and then another one.
    fn recalled(&mut self, kind: impl Fn(&Heard) -> &Vec<B256>) -> Result<B256> {
        if !self.one_in(8)?
            && let Some(known) = recall(kind(self.heard), self.u)?
        {
            return Ok(known);
        }
        Ok(B256::from(self.uint()?))
    }

    fn number(&mut self) -> Result<Value> {
        let value = self.uint()?;
        Ok(match self.u.int_in_range(0..=7u8)? {
            0 => json!(value.saturating_to::<u64>()),
            1 => json!(value.to_string()),
            _ => json!(value),
        })
    }

    fn tag(&mut self) -> Result<Value> {
        const TAGS: [&str; 5] = ["latest", "pending", "earliest", "safe", "finalized"];
        Ok(match self.u.int_in_range(0..=7u8)? {
            0..=3 => json!(self.u.choose(&TAGS)?),
            4..=6 => json!(format!("{:#x}", self.u.int_in_range(0..=24u8)?)),
            _ => self.number()?,
        })
    }

    fn block(&mut self) -> Result<Value> {
        Ok(match self.u.int_in_range(0..=7u8)? {
            0..=4 => self.tag()?,
            5 => json!({ "blockNumber": self.tag()? }),
            6 => json!(self.recalled(|it| &it.blocks)?),
            _ => json!({
                "blockHash": self.recalled(|it| &it.blocks)?,
                "requireCanonical": self.u.arbitrary::<bool>()?,
            }),
        })
    }

    fn raw_bytes(&mut self) -> Result<Vec<u8>> {
        let len = self.u.int_in_range(0..=96usize)?.min(self.u.len());
        Ok(self.u.bytes(len)?.to_vec())
    }

    fn bytes(&mut self) -> Result<Value> {
        Ok(json!(hex::encode_prefixed(self.raw_bytes()?)))
    }

    /// An object with some of the fields.
    fn fields(&mut self, known: &[(&str, Word)]) -> Result<Value> {
        let mut map = Map::new();
        for (name, word) in known {
            if self.one_in(3)? {
                map.insert((*name).to_owned(), self.draw(*word)?);
            }
        }
        Ok(Value::Object(map))
    }

    fn list(&mut self, item: impl Fn(&mut Self) -> Result<Value>) -> Result<Value> {
        let count = self.u.int_in_range(0..=3u8)?;
        Ok(Value::Array(
            (0..count).map(|_| item(self)).collect::<Result<_>>()?,
        ))
    }

    /// Any JSON of at most this depth.
    fn anything(&mut self, depth: usize) -> Result<Value> {
        Ok(match self.u.int_in_range(0..=9u8)? {
            0 => Value::Null,
            1 => json!(self.u.arbitrary::<bool>()?),
            2 => json!(self.u.arbitrary::<i64>()?),
            3 => json!(self.u.arbitrary::<f64>()?),
            4 => json!(self.u.arbitrary::<&str>()?),
            5 => json!(self.uint()?),
            6 => json!(self.account()?),
            7 => self.block()?,
            8 if depth > 0 => self.list(|it| it.anything(depth - 1))?,
            _ if depth > 0 => {
                let mut map = Map::new();
                for name in ["a", "b", "address", "storageKeys"] {
                    if self.one_in(3)? {
                        map.insert(name.to_owned(), self.anything(depth - 1)?);
                    }
                }
                Value::Object(map)
            }
            _ => json!({}),
        })
    }
}
