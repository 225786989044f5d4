//! What is drawn: a call means the same on every chain, whatever the addresses there.

use super::side::Side;
use super::words::{Value, encode};
use crate::prelude::*;
use alloy::json_abi::{Function, Param};
use e2e::abi::types;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

/// A number, told by what makes it interesting.
#[derive(Clone, Debug)]
pub(crate) enum Number {
    /// Ids, flags, single wei.
    Few(u64),
    /// Wei that somebody could have.
    Amount(u128),
    /// Around the present epoch.
    Epoch(i64),
    /// Around the present second.
    Second(i64),
    /// Around a power of two.
    Power(usize, i8),
    /// Near the top.
    Top(u64),
    /// A place in the calldata, or a length of it, in bytes.
    Place(u16),
    /// The address of a person, which is a number too, and the same on every chain.
    Account(Index),
    /// Anything.
    Any([u8; 32]),
}

fn number() -> impl Strategy<Value = Number> {
    prop_oneof![
        3 => (0..5_u64).prop_map(Number::Few),
        4 => (0..28_u32, 1..1_000_u128).prop_map(|(power, digits)| Number::Amount(digits * 10_u128.pow(power))),
        1 => (-2..3_i64).prop_map(Number::Epoch),
        1 => (-2..3_i64).prop_map(Number::Second),
        3 => (prop_oneof![Just(8), Just(32), Just(64), Just(96), Just(112), Just(120), Just(128), Just(160), Just(255), 1..256_usize], -1..2_i8)
            .prop_map(|(bits, beside)| Number::Power(bits, beside)),
        2 => (0..70_u64).prop_map(Number::Top),
        1 => (0..400_u16).prop_map(Number::Place),
        1 => any::<Index>().prop_map(Number::Account),
        1 => any::<[u8; 32]>().prop_map(Number::Any),
    ]
}

impl Number {
    fn at(&self, side: &Side) -> U256 {
        let around = |middle: u64, by: i64| U256::from(middle.saturating_add_signed(by));
        let now = side.world.chain.time();
        match self {
            Self::Few(number) => U256::from(*number),
            Self::Amount(wei) => U256::from(*wei),
            Self::Epoch(by) => around(now / DAY, *by),
            Self::Second(by) => around(now, *by),
            Self::Power(bits, beside) => match beside {
                -1 => (U256::ONE << *bits) - U256::ONE,
                0 => U256::ONE << *bits,
                _ => (U256::ONE << *bits) + U256::ONE,
            },
            Self::Top(below) => U256::MAX - U256::from(*below),
            Self::Place(place) => U256::from(*place),
            Self::Account(index) => account(index.get(&Who::ALL).address()),
            Self::Any(bytes) => U256::from_be_bytes(*bytes),
        }
    }
}

fn account(address: Address) -> U256 {
    U256::from_be_bytes(address.into_word().0)
}

/// What may become an argument of any type.
#[derive(Clone, Debug)]
pub(crate) struct Draw {
    /// Whether it should be what the argument's name asks for.
    apt: bool,
    account: Index,
    number: Number,
}

fn draw() -> impl Strategy<Value = Draw> {
    let apt = prop::bool::weighted(0.7);
    (apt, any::<Index>(), number()).prop_map(|(apt, account, number)| Draw {
        apt,
        account,
        number,
    })
}

impl Draw {
    /// A word of a type; those that do not fill it are cut to it.
    fn word(&self, kind: &str, name: &str, side: &Side) -> U256 {
        let number = self.number.at(side);
        match kind {
            "address" => account(*self.account.get(&side.accounts)),
            "bool" => number & U256::ONE,
            "uint8" if self.apt => U256::from(27) + (number & U256::ONE),
            "uint8" => number & U256::from(u8::MAX),
            "uint32" if self.apt => U256::ONE + (number & U256::from(0xff)),
            "uint32" => number & U256::from(u32::MAX),
            _ if !self.apt => number,
            _ => apt(name, number, side),
        }
    }
}

/// What an argument of that name would rather be.
fn apt(name: &str, number: U256, side: &Side) -> U256 {
    match name {
        "epoch" => U256::from(side.world.chain.time() / DAY),
        "id" | "ids" => U256::ONE + (number & U256::from(3)),
        "deadline" | "maxSVVV" => U256::MAX,
        "minDiemOut" | "minDiemAmountOut" => U256::ZERO,
        // Statements of use are a few dollars, and of everything else there is some.
        _ => number % U256::from(1_000 * WAD),
    }
}

/// What is done to calldata.
#[derive(Clone, Debug)]
pub(crate) enum Damage {
    /// A word becomes something else.
    Word(Index, Number),
    /// A bit changes.
    Flip(Index),
    /// The end is missing.
    Cut(Index),
    /// Something follows.
    Longer(Vec<u8>),
    /// Another function is named.
    Selector([u8; 4]),
    /// Fewer bytes than name a function.
    Stump(Vec<u8>),
}

fn damage() -> impl Strategy<Value = Damage> {
    let constructor = stylus_constructor();
    prop_oneof![
        5 => (any::<Index>(), number()).prop_map(|(place, number)| Damage::Word(place, number)),
        3 => any::<Index>().prop_map(Damage::Flip),
        2 => any::<Index>().prop_map(Damage::Cut),
        2 => vec(any::<u8>(), 1..70).prop_map(Damage::Longer),
        1 => prop_oneof![any::<[u8; 4]>(), Just([0; 4]), Just([0xff; 4]), Just(constructor)].prop_map(Damage::Selector),
        1 => vec(any::<u8>(), 0..4).prop_map(Damage::Stump),
    ]
}

/// The selector by which a Stylus contract is constructed, which is done once only.
pub(super) fn stylus_constructor() -> [u8; 4] {
    let hash = alloy_primitives::keccak256("stylus_constructor()");
    [hash[0], hash[1], hash[2], hash[3]]
}

impl Damage {
    fn spoil(&self, calldata: &mut Vec<u8>, side: &Side) {
        let words = calldata.len().saturating_sub(4) / 32;
        match self {
            Self::Word(place, number) if words > 0 => {
                let at = 4 + 32 * place.index(words);
                calldata[at..at + 32].copy_from_slice(&number.at(side).to_be_bytes::<32>());
            }
            Self::Flip(place) if !calldata.is_empty() => {
                let bit = place.index(8 * calldata.len());
                calldata[bit / 8] ^= 1 << (bit % 8);
            }
            Self::Cut(place) if !calldata.is_empty() => {
                calldata.truncate(place.index(calldata.len()));
            }
            Self::Word(..) | Self::Flip(_) | Self::Cut(_) => {}
            Self::Longer(bytes) => calldata.extend(bytes),
            Self::Selector(selector) => {
                let named = calldata.len().min(4);
                calldata.splice(..named, *selector);
            }
            Self::Stump(bytes) => calldata.clone_from(bytes),
        }
    }
}

/// A call of any function by anybody.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    /// Seconds that pass before.
    pub(crate) wait: u64,
    caller: Index,
    /// Which function that changes state, where it is not said.
    function: Index,
    /// Items of an array argument, where it is apt.
    length: usize,
    draws: Vec<Draw>,
    damages: Vec<Damage>,
    /// Wei of ether sent along.
    pub(crate) value: u64,
}

/// As many arguments as any function has, and as many items of an array.
const DRAWS: usize = 7;

pub(crate) fn call() -> impl Strategy<Value = Call> {
    let wait = prop_oneof![4 => Just(0), 2 => 1..4_u64, 2 => 1..3 * DAY, 1 => Just(DAY), 1 => Just(8 * DAY)];
    let value = prop_oneof![19 => Just(0_u64), 1 => 1..3_u64];
    let damages = prop_oneof![3 => Just(Vec::new()), 2 => vec(damage(), 1..3)];
    (
        wait,
        any::<Index>(),
        any::<Index>(),
        0..4_usize,
        vec(draw(), DRAWS),
        damages,
        value,
    )
        .prop_map(
            |(wait, caller, function, length, draws, damages, value)| Call {
                wait,
                caller,
                function,
                length,
                draws,
                damages,
                value,
            },
        )
}

/// A call as it is made on one chain.
#[derive(Debug)]
pub(crate) struct Made<'s> {
    pub(crate) from: Address,
    /// Who that is, if there is a key.
    pub(crate) who: Option<Who>,
    /// The contract's place among the three.
    pub(crate) contract: usize,
    /// What was meant, before any damage.
    pub(crate) function: &'s Function,
    pub(crate) calldata: Bytes,
}

impl Call {
    /// The call on a chain; of `function` where one is given, which is a contract's place among the three and a
    /// function's in its interface.
    pub(crate) fn on<'s>(&self, side: &'s Side, function: Option<(usize, usize)>) -> Made<'s> {
        let (contract, place) = function.unwrap_or_else(|| *self.function.get(&side.writes));
        let function = side.interfaces[contract].functions().nth(place).unwrap();
        let kinds = types(function);
        let arguments: Vec<_> = kinds
            .iter()
            .zip(&function.inputs)
            .enumerate()
            .map(|(at, (kind, input))| self.argument(at, kind, input, side))
            .collect();
        let mut calldata = encode(function.selector().0, &arguments);
        for damage in &self.damages {
            damage.spoil(&mut calldata, side);
        }
        // Those who have a key are drawn as often as they have a part in the play.
        let from = *self.caller.get(&side.callers);
        Made {
            from,
            who: Who::of(from),
            contract,
            function,
            calldata: calldata.into(),
        }
    }

    fn argument(&self, at: usize, kind: &str, input: &Param, side: &Side) -> Value {
        let draw = |at: usize| &self.draws[at % DRAWS];
        let Some(item) = kind.strip_suffix("[]") else {
            return Value::Word(draw(at).word(kind, &input.name, side));
        };
        let length = if draw(at).apt {
            self.length
        } else {
            self.length ^ 1
        };
        let items = (at..at + length).map(|at| draw(at).word(item, &input.name, side));
        Value::Array(items.collect())
    }
}
