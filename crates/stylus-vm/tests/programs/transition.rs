//! What both engines ask: one stand-in for the state, so that only the engines can differ.

use std::collections::BTreeMap;

use alloy_primitives::B256;
use stylus_vm::memory::Pages;
use stylus_vm::{Answer, Request, StylusParams};

/// Gas of touching an account.
const TOUCH: u64 = 2_600;

/// State of one run.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Transition {
    pub(crate) pages: Pages,
    pub(crate) params: StylusParams,
    transient: BTreeMap<B256, B256>,
    asked: u64,
}

impl Transition {
    /// Answers what the generated programs can ask.
    pub(crate) fn answer(&mut self, request: Request) -> Answer {
        self.asked += 1;
        match request {
            Request::AddPages { pages } => Answer::Gas(self.pages.add(pages, &self.params)),
            Request::TransientLoad { key } => {
                Answer::Word(self.transient.get(&key).copied().unwrap_or_default())
            }
            Request::TransientStore { key, value } => {
                self.transient.insert(key, value);
                Answer::Done
            }
            Request::Balance { address } => Answer::Account {
                word: address.into_word(),
                gas: TOUCH,
            },
            other => panic!("{other:?}"),
        }
    }
}
