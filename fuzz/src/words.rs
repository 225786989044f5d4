//! The vocabulary of requests: values a client would send, and values none would.

use std::sync::LazyLock;

use alloy_primitives::{Address, B256, U256, address, hex};
use arbitrary::{Result, Unstructured};
use arbos::precompiles;
use serde_json::{Map, Value, json};

/// Funded accounts, one of them the owner of the chain.
const RICH: [Address; 3] = [
    address!("3f1Eae7D46d88F08fc2F8ed27FCb2AB183EB2d0E"),
    address!("f39Fd6e51aad88F6F4ce6aB8827279cffFb92266"),
    address!("70997970C51812dc3A010C7d01b50e0d17dc79C8"),
];
/// NodeInterface, the account of ArbOS's own state, a stranger.
const SPECIAL: [Address; 3] = [
    address!("00000000000000000000000000000000000000c8"),
    address!("A4B05FffffFffFFFFfFFfffFfffFFfffFfFfFFFf"),
    address!("00000000000000000000000000000000deadbeef"),
];
/// Account of the first deployed program; the others follow.
const FIRST_PROGRAM: u64 = 0x51a1_0000;
/// Programs that are deployed and activated.
const PROGRAMS: [&[u8]; 6] = [
    include_bytes!("../../vectors/stylus/script.wasm"),
    include_bytes!("../../vectors/stylus/h_call.wasm"),
    include_bytes!("../../vectors/stylus/h_sstore.wasm"),
    include_bytes!("../../vectors/stylus/op_mem_grow.wasm"),
    include_bytes!("../../vectors/stylus/recurse_forever.wasm"),
    include_bytes!("../../vectors/stylus/erc20_small.wasm"),
];
/// Account of a contract that loops until its gas is gone.
const LOOP: Address = address!("0000000000000000000000000000000000100b00");
/// JUMPDEST PUSH0 JUMP.
const LOOP_CODE: &str = "0x5b5f56";
/// Where ArbWasm is.
const ARB_WASM: Address = address!("0000000000000000000000000000000000000071");
/// `activateProgram(address)`.
const ACTIVATE: [u8; 4] = [0x58, 0xc7, 0x80, 0xc2];
/// Numbers at the edges of what fields hold.
const EDGES: [u64; 8] = [0, 1, 2, 0x20, 0x40, 1 << 32, i64::MAX as u64, u64::MAX];

/// Requests that deploy what the vocabulary speaks of.
pub(crate) fn furnishing() -> Vec<(&'static str, Value)> {
    let mut requests = vec![("anvil_setCode", json!([LOOP, LOOP_CODE]))];
    for (index, wasm) in PROGRAMS.iter().enumerate() {
        let account = program(index);
        let code = hex::encode_prefixed(container(wasm));
        requests.push(("anvil_setCode", json!([account, code])));
        let data = [&ACTIVATE[..], account.into_word().as_slice()].concat();
        let tx = json!({
            "from": RICH[0], "to": ARB_WASM, "value": "0xde0b6b3a7640000",
            "data": hex::encode_prefixed(data),
        });
        requests.push(("eth_sendTransaction", json!([tx])));
    }
    requests
}

fn program(index: usize) -> Address {
    Address::left_padding_from(&(FIRST_PROGRAM + index as u64).to_be_bytes())
}

/// A module as the code of an account.
fn container(wasm: &[u8]) -> Vec<u8> {
    let mut code = vec![0xef, 0xf0, 0, 0];
    let params = brotli::enc::BrotliEncoderParams {
        quality: 5,
        ..Default::default()
    };
    brotli::BrotliCompress(&mut &wasm[..], &mut code, &params).expect("written to memory");
    code
}

/// What a parameter means.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Word {
    Account,
    Hash,
    Block,
    Number,
    Bytes,
    Code,
    Flag,
    Call,
    StateOverride,
    BlockOverride,
    Filter,
    Tracer,
    TypedData,
    RawTransaction,
    Keys,
    Percentiles,
    Anything,
}

impl Word {
    /// One value.
    pub(crate) fn draw(self, u: &mut Unstructured<'_>) -> Result<Value> {
        if u.ratio(1u8, 24)? {
            return anything(u, 3);
        }
        Ok(match self {
            Self::Account => json!(account(u)?),
            Self::Hash => json!(hash(u)?),
            Self::Block => block(u)?,
            Self::Number => number(u)?,
            Self::Bytes => bytes(u)?,
            Self::Code => code(u)?,
            Self::Flag => json!(u.arbitrary::<bool>()?),
            Self::Call => call(u)?,
            Self::StateOverride => overrides(u)?,
            Self::BlockOverride => fields(
                u,
                &[
                    ("number", Self::Number),
                    ("time", Self::Number),
                    ("gasLimit", Self::Number),
                    ("feeRecipient", Self::Account),
                    ("baseFeePerGas", Self::Number),
                ],
            )?,
            Self::Filter => fields(
                u,
                &[
                    ("fromBlock", Self::Block),
                    ("toBlock", Self::Block),
                    ("address", Self::Account),
                    ("topics", Self::Keys),
                    ("blockHash", Self::Hash),
                ],
            )?,
            Self::Tracer => tracer(u)?,
            Self::TypedData => typed_data(u)?,
            Self::RawTransaction => raw_transaction(u)?,
            Self::Keys => list(u, |u| Ok(json!(hash(u)?)))?,
            Self::Percentiles => list(u, |u| Ok(json!(u.int_in_range(-1i16..=101)?)))?,
            Self::Anything => anything(u, 3)?,
        })
    }
}

fn account(u: &mut Unstructured<'_>) -> Result<Address> {
    static PRECOMPILES: LazyLock<Vec<Address>> =
        LazyLock::new(|| precompiles::precompiles().map(|it| it.address).collect());
    Ok(match u.int_in_range(0..=7u8)? {
        0 | 1 => *u.choose(&RICH)?,
        2 => *u.choose(&SPECIAL)?,
        3 => *u.choose(&PRECOMPILES)?,
        4 | 5 => program(u.choose_index(PROGRAMS.len())?),
        6 => Address::left_padding_from(&[u.int_in_range(0..=20u8)?]),
        _ if u.ratio(1u8, 8)? => LOOP,
        _ => Address::from(u.arbitrary::<[u8; 20]>()?),
    })
}

fn uint(u: &mut Unstructured<'_>) -> Result<U256> {
    Ok(match u.int_in_range(0..=5u8)? {
        0 | 1 => U256::from(u.arbitrary::<u8>()?),
        2 => U256::from(*u.choose(&EDGES)?),
        3 => U256::from(u.arbitrary::<u64>()?),
        4 => U256::MAX >> u.int_in_range(0..=255usize)?,
        _ => U256::from_be_bytes(u.arbitrary::<[u8; 32]>()?),
    })
}

fn hash(u: &mut Unstructured<'_>) -> Result<B256> {
    Ok(B256::from(uint(u)?))
}

fn number(u: &mut Unstructured<'_>) -> Result<Value> {
    let value = uint(u)?;
    Ok(match u.int_in_range(0..=7u8)? {
        0 => json!(value.saturating_to::<u64>()),
        1 => json!(value.to_string()),
        _ => json!(value),
    })
}

fn block(u: &mut Unstructured<'_>) -> Result<Value> {
    const TAGS: [&str; 5] = ["latest", "pending", "earliest", "safe", "finalized"];
    Ok(match u.int_in_range(0..=7u8)? {
        0..=3 => json!(u.choose(&TAGS)?),
        4 => json!(format!("{:#x}", u.int_in_range(0..=20u8)?)),
        5 => json!({ "blockNumber": number(u)? }),
        6 => json!({ "blockHash": hash(u)?, "requireCanonical": u.arbitrary::<bool>()? }),
        _ => number(u)?,
    })
}

fn bytes(u: &mut Unstructured<'_>) -> Result<Value> {
    let len = u.int_in_range(0..=96usize)?.min(u.len());
    Ok(json!(hex::encode_prefixed(u.bytes(len)?)))
}

/// Code of an account: opcodes, a program, a fragment, a delegation.
fn code(u: &mut Unstructured<'_>) -> Result<Value> {
    let len = u.int_in_range(0..=96usize)?.min(u.len());
    let tail = u.bytes(len)?;
    let code = match u.int_in_range(0..=7u8)? {
        0 => container(PROGRAMS[u.choose_index(PROGRAMS.len())?]),
        1 => container(tail),
        2 => [&[0xef, 0xf0, u.int_in_range(0..=3)?], tail].concat(),
        3 => [&[0xef, 0x01, 0x00], account(u)?.as_slice()].concat(),
        _ => tail.to_vec(),
    };
    Ok(json!(hex::encode_prefixed(code)))
}

/// A call or transaction, often of a precompile's method.
fn call(u: &mut Unstructured<'_>) -> Result<Value> {
    let mut call = fields(
        u,
        &[
            ("from", Word::Account),
            ("to", Word::Account),
            ("value", Word::Number),
            ("gas", Word::Number),
            ("gasPrice", Word::Number),
            ("maxFeePerGas", Word::Number),
            ("maxPriorityFeePerGas", Word::Number),
            ("accessList", Word::Anything),
            ("type", Word::Number),
            ("chainId", Word::Number),
        ],
    )?;
    let fields = call.as_object_mut().expect("fields make an object");
    if !u.ratio(1u8, 6)? {
        fields.insert("from".into(), json!(u.choose(&RICH)?));
        for price in [
            "gasPrice",
            "maxPriorityFeePerGas",
            "type",
            "chainId",
            "accessList",
        ] {
            fields.remove(price);
        }
        fields.insert(
            "value".into(),
            json!(format!("{:#x}", u.arbitrary::<u8>()?)),
        );
    }
    let data = if u.arbitrary()? {
        let (to, data) = method_call(u)?;
        fields.insert("to".into(), json!(to));
        json!(hex::encode_prefixed(data))
    } else if u.ratio(1u8, 4)? {
        fields.remove("to");
        code(u)?
    } else {
        bytes(u)?
    };
    fields.insert(if u.arbitrary()? { "data" } else { "input" }.into(), data);
    if u.ratio(1u8, 16)? {
        let authorization = json!({
            "chainId": "0x0", "address": account(u)?, "nonce": number(u)?,
            "yParity": "0x0", "r": hash(u)?, "s": hash(u)?,
        });
        fields.insert("authorizationList".into(), json!([authorization]));
    }
    Ok(call)
}

/// A precompile's method with words for arguments.
fn method_call(u: &mut Unstructured<'_>) -> Result<(Address, Vec<u8>)> {
    static METHODS: LazyLock<Vec<precompiles::MethodInfo>> =
        LazyLock::new(|| precompiles::methods().collect());
    let info = u.choose(&METHODS)?;
    let mut data = info.method.selector.to_vec();
    let words = info.method.signature.matches(',').count() + 1;
    for _ in 0..words + u.int_in_range(0..=2usize)? {
        let word = if u.ratio(1u8, 3)? {
            account(u)?.into_word()
        } else {
            hash(u)?
        };
        data.extend_from_slice(word.as_slice());
    }
    Ok((info.precompile.address, data))
}

fn overrides(u: &mut Unstructured<'_>) -> Result<Value> {
    let mut map = Map::new();
    for _ in 0..u.int_in_range(0..=2u8)? {
        let mut account_override = fields(
            u,
            &[
                ("balance", Word::Number),
                ("nonce", Word::Number),
                ("code", Word::Code),
                ("movePrecompileToAddress", Word::Account),
            ],
        )?;
        let slots = json!({ hash(u)?.to_string(): hash(u)? });
        let key = if u.ratio(1u8, 4)? {
            "state"
        } else {
            "stateDiff"
        };
        account_override[key] = slots;
        map.insert(account(u)?.to_string(), account_override);
    }
    Ok(Value::Object(map))
}

fn tracer(u: &mut Unstructured<'_>) -> Result<Value> {
    const TRACERS: [&str; 8] = [
        "callTracer",
        "prestateTracer",
        "stylusTracer",
        "stylusProgramTracer",
        "4byteTracer",
        "noopTracer",
        "",
        "muxTracer",
    ];
    let config = fields(
        u,
        &[
            ("onlyTopCall", Word::Flag),
            ("withLog", Word::Flag),
            ("diffMode", Word::Flag),
            ("disableCode", Word::Flag),
            ("disableStorage", Word::Flag),
        ],
    )?;
    let mut options = fields(
        u,
        &[
            ("enableMemory", Word::Flag),
            ("disableStack", Word::Flag),
            ("disableStorage", Word::Flag),
            ("enableReturnData", Word::Flag),
            ("limit", Word::Number),
            ("stateOverrides", Word::StateOverride),
            ("blockOverrides", Word::BlockOverride),
        ],
    )?;
    options["tracer"] = json!(u.choose(&TRACERS)?);
    options["tracerConfig"] = config;
    Ok(options)
}

fn typed_data(u: &mut Unstructured<'_>) -> Result<Value> {
    const TYPES: [&str; 9] = [
        "A",
        "B",
        "A[]",
        "B[2]",
        "uint256",
        "bytes",
        "string[][]",
        "int8",
        "mapping",
    ];
    let member = |u: &mut Unstructured<'_>| {
        Ok(json!({ "name": if u.arbitrary()? { "a" } else { "b" }, "type": u.choose(&TYPES)? }))
    };
    let (first, second) = (list(u, member)?, list(u, member)?);
    Ok(json!({
        "types": { "EIP712Domain": [], "A": first, "B": second },
        "primaryType": if u.arbitrary()? { "A" } else { "B" },
        "domain": {},
        "message": { "a": anything(u, 3)?, "b": anything(u, 3)? },
    }))
}

/// An RLP list behind a type byte: the shape of a transaction, with anything in it.
fn raw_transaction(u: &mut Unstructured<'_>) -> Result<Value> {
    const TYPES: [u8; 10] = [1, 2, 3, 4, 0x64, 0x66, 0x68, 0x69, 0x6a, 0x78];
    let mut raw = Vec::new();
    if u.arbitrary()? {
        raw.push(*u.choose(&TYPES)?);
    }
    let mut payload = Vec::new();
    for _ in 0..u.int_in_range(0..=14usize)? {
        let item = match u.int_in_range(0..=3u8)? {
            0 => Vec::new(),
            1 => uint(u)?.to_be_bytes_trimmed_vec(),
            2 => account(u)?.to_vec(),
            _ => {
                payload.push(0xc0);
                continue;
            }
        };
        if item.len() != 1 || item[0] >= 0x80 {
            payload.push(0x80 + item.len() as u8);
        }
        payload.extend(item);
    }
    match u8::try_from(payload.len()) {
        Ok(short @ ..=55) => raw.push(0xc0 + short),
        Ok(long) => raw.extend([0xf8, long]),
        Err(_) => raw.extend([0xf9, (payload.len() >> 8) as u8, payload.len() as u8]),
    }
    raw.extend(payload);
    Ok(json!(hex::encode_prefixed(raw)))
}

/// An object with some of the fields.
fn fields(u: &mut Unstructured<'_>, known: &[(&str, Word)]) -> Result<Value> {
    let mut map = Map::new();
    for (name, word) in known {
        if u.ratio(1u8, 3)? {
            map.insert((*name).to_owned(), word.draw(u)?);
        }
    }
    Ok(Value::Object(map))
}

fn list(
    u: &mut Unstructured<'_>,
    item: impl Fn(&mut Unstructured<'_>) -> Result<Value>,
) -> Result<Value> {
    let count = u.int_in_range(0..=3u8)?;
    Ok(Value::Array(
        (0..count).map(|_| item(u)).collect::<Result<_>>()?,
    ))
}

/// Any JSON of at most this depth.
fn anything(u: &mut Unstructured<'_>, depth: usize) -> Result<Value> {
    Ok(match u.int_in_range(0..=9u8)? {
        0 => Value::Null,
        1 => json!(u.arbitrary::<bool>()?),
        2 => json!(u.arbitrary::<i64>()?),
        3 => json!(u.arbitrary::<f64>()?),
        4 => json!(u.arbitrary::<&str>()?),
        5 => json!(uint(u)?),
        6 => json!(account(u)?),
        7 => block(u)?,
        8 if depth > 0 => list(u, |u| anything(u, depth - 1))?,
        _ if depth > 0 => {
            let mut map = Map::new();
            for name in ["a", "b", "address", "storageKeys"] {
                if u.ratio(1u8, 3)? {
                    map.insert(name.to_owned(), anything(u, depth - 1)?);
                }
            }
            Value::Object(map)
        }
        _ => json!({}),
    })
}
