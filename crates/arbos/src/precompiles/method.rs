//! The table row of a precompile method.

use alloy_primitives::{Address, Selector};

use stylus_vm::hostio::Fidelity;

use super::{Context, Failure};

/// What a method may do. Ordered: each kind may do what the ones before it may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mutability {
    /// Does not open the ArbOS state.
    Pure,
    /// Reads.
    View,
    /// Writes.
    Write,
    /// Writes and takes value.
    Payable,
}

/// One method of a precompile.
#[derive(Clone, Copy, Debug)]
pub struct Method {
    /// Canonical signature.
    pub signature: &'static str,
    /// First four bytes of the calldata.
    pub selector: [u8; 4],
    /// What it may do.
    pub mutability: Mutability,
    /// First ArbOS version that has it.
    pub since: u64,
    /// Last ArbOS version that has it.
    pub until: u64,
    /// How closely it follows Nitro.
    pub fidelity: Fidelity,
    /// What differs, when something does.
    pub note: &'static str,
    pub(super) run: fn(&mut Context<'_>, &[u8]) -> Result<Vec<u8>, Failure>,
}

impl Method {
    /// From this ArbOS version on.
    pub(super) const fn since(mut self, version: u64) -> Self {
        self.since = version;
        self
    }

    /// Up to and with this ArbOS version.
    pub(super) const fn until(mut self, version: u64) -> Self {
        self.until = version;
        self
    }

    /// Differs from Nitro as `note` says.
    pub(super) const fn approximate(mut self, note: &'static str) -> Self {
        self.fidelity = Fidelity::Approximate;
        self.note = note;
        self
    }

    /// Not here, for the reason `note` gives.
    pub(super) const fn absent(mut self, note: &'static str) -> Self {
        self.fidelity = Fidelity::Absent;
        self.note = note;
        self
    }
}

/// Who may call a precompile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Anyone.
    Anyone,
    /// Chain owners, free of gas.
    ChainOwner,
    /// Anyone, on chains that allow debug precompiles.
    DebugChain,
    /// Anyone, for the price of finding out who may filter transactions, which covers everything.
    Filterers,
}

/// A precompile: an address and its methods.
#[derive(Clone, Copy, Debug)]
pub struct Precompile {
    /// Name of its interface.
    pub name: &'static str,
    /// Where it is.
    pub address: Address,
    /// First ArbOS version that has it.
    pub since: u64,
    /// Who may call it.
    pub access: Access,
    /// Its methods.
    pub methods: &'static [Method],
    /// Turns error data into the text clients see, `error Name(args)`.
    pub(super) describe: fn(&[u8]) -> Option<String>,
}

/// First ArbOS version that knows the precompiles of Stylus.
const STYLUS: u64 = 30;
/// First ArbOS version that knows every later precompile.
const ALL_KNOWN: u64 = 50;

impl Precompile {
    /// First ArbOS version that treats the address as a precompile's: it starts warm, and calls
    /// before [`Precompile::since`] succeed without doing anything.
    pub(super) const fn known_since(&self) -> u64 {
        match self.since {
            0..STYLUS => 0,
            STYLUS..ALL_KNOWN => STYLUS,
            ALL_KNOWN.. => ALL_KNOWN,
        }
    }

    pub(super) fn method(&self, selector: Selector, arbos_version: u64) -> Option<&'static Method> {
        self.methods.iter().find(|method| {
            method.selector == selector.0 && (method.since..=method.until).contains(&arbos_version)
        })
    }
}

/// A row of the table of everything precompiles can do.
#[derive(Clone, Copy, Debug)]
pub struct MethodInfo {
    /// The precompile.
    pub precompile: &'static Precompile,
    /// The method.
    pub method: &'static Method,
}

/// Makes a table row of a `sol!` call type, what it may do, and its handler
/// `fn(&mut Context, Call) -> Result<Call::Return, Failure>`.
macro_rules! method {
    ($mutability:ident, $call:ty, $handler:expr) => {
        $crate::precompiles::Method {
            signature: <$call as alloy_sol_types::SolCall>::SIGNATURE,
            selector: <$call as alloy_sol_types::SolCall>::SELECTOR,
            mutability: $crate::precompiles::Mutability::$mutability,
            since: 0,
            until: u64::MAX,
            fidelity: $crate::precompiles::Fidelity::Exact,
            note: "",
            run: |context, arguments| {
                let call = $crate::precompiles::decode::arguments::<$call>(arguments)?;
                let handler: fn(
                    &mut $crate::precompiles::Context<'_>,
                    $call,
                ) -> Result<_, $crate::precompiles::Failure> = $handler;
                let output = handler(context, call)?;
                Ok(<$call as alloy_sol_types::SolCall>::abi_encode_returns(
                    &output,
                ))
            },
        }
    };
}
pub(super) use method;
