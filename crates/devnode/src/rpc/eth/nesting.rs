//! How far typed data may nest. Whoever hashes them follows every type into its members, so that
//! ever deeper types would end the stack, and types that name others twice the memory.

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::Value;

/// Deepest nesting of structs in structs.
const MAX_DEPTH: usize = 32;

/// Most brackets in the name of one type.
const MAX_BRACKETS: usize = 16;

/// Most members, each one counted in every place where its type stands.
const MAX_MEMBERS: usize = 10_000;

/// Typed data that nobody means to sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum NestingError {
    /// More than [`MAX_DEPTH`] structs in each other, or a struct in itself.
    #[error("types nest deeper than {MAX_DEPTH} levels")]
    Depth,
    /// An array of arrays of arrays, and so on.
    #[error("a type with more than {MAX_BRACKETS} brackets")]
    Brackets,
    /// More than [`MAX_MEMBERS`] members.
    #[error("more than {MAX_MEMBERS} members")]
    Members,
}

/// Members of each struct by its name.
type Structs = HashMap<String, Vec<Member>>;

#[derive(Deserialize)]
struct Member {
    #[serde(rename = "type")]
    ty: String,
}

/// Checks the `types` of typed data. What has another form altogether passes: it is refused by
/// whoever reads it.
pub(super) fn check(data: &Value) -> Result<(), NestingError> {
    let Some(types) = data.get("types") else {
        return Ok(());
    };
    let Ok(structs) = Structs::deserialize(types) else {
        return Ok(());
    };
    let names = structs.values().flatten().map(|member| member.ty.as_str());
    if names.chain(primary(data)).any(has_too_many_brackets) {
        return Err(NestingError::Brackets);
    }
    let mut measured = HashMap::new();
    let mut members = 0_usize;
    for name in structs.keys() {
        let size = measure(name, &structs, &mut measured, 0)?;
        members = members.saturating_add(size.members);
    }
    if members > MAX_MEMBERS {
        return Err(NestingError::Members);
    }
    Ok(())
}

fn primary(data: &Value) -> Option<&str> {
    data.get("primaryType").and_then(Value::as_str)
}

fn has_too_many_brackets(name: &str) -> bool {
    name.bytes().filter(|byte| b"[(".contains(byte)).count() > MAX_BRACKETS
}

/// What a type amounts to when all its members are spelled out.
#[derive(Clone, Copy, Debug, Default)]
struct Size {
    members: usize,
    depth: usize,
}

fn measure<'s>(
    name: &'s str,
    structs: &'s Structs,
    measured: &mut HashMap<&'s str, Size>,
    depth: usize,
) -> Result<Size, NestingError> {
    if let Some(size) = measured.get(name) {
        return Ok(*size);
    }
    let Some(members) = structs.get(name) else {
        return Ok(Size::default()); // a plain value
    };
    if depth > MAX_DEPTH {
        return Err(NestingError::Depth);
    }
    let mut size = Size::default();
    for member in members {
        let root = member.ty.split('[').next().unwrap_or_default();
        let inner = measure(root, structs, measured, depth + 1)?;
        size.members = size.members.saturating_add(inner.members).saturating_add(1);
        size.depth = size.depth.max(inner.depth + 1);
    }
    if size.depth > MAX_DEPTH {
        return Err(NestingError::Depth);
    }
    measured.insert(name, size);
    Ok(size)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// `count` structs, each of which has the next one for `per_struct` members.
    fn chain(count: usize, per_struct: usize) -> Value {
        let types: serde_json::Map<_, _> = (0..count)
            .map(|index| {
                let next = json!({ "name": "a", "type": format!("T{}", index + 1) });
                (format!("T{index}"), json!(vec![next; per_struct]))
            })
            .collect();
        json!({ "types": types, "primaryType": "T0" })
    }

    #[test]
    fn usual_typed_data_pass() {
        let mail = json!({
            "types": {
                "EIP712Domain": [{ "name": "name", "type": "string" }],
                "Person": [{ "name": "wallets", "type": "address[][2]" }],
                "Mail": [{ "name": "from", "type": "Person" }, { "name": "to", "type": "Person[]" }],
            },
            "primaryType": "Mail",
        });
        assert_eq!(check(&mail), Ok(()));
        assert_eq!(check(&chain(MAX_DEPTH, 1)), Ok(()));
        assert_eq!(check(&json!({ "types": 1 })), Ok(()));
        assert_eq!(check(&json!(null)), Ok(()));
    }

    #[test]
    fn long_chains_and_circles_are_too_deep() {
        assert_eq!(check(&chain(MAX_DEPTH + 2, 1)), Err(NestingError::Depth));
        assert_eq!(check(&chain(100_000, 1)), Err(NestingError::Depth));
        let circle = json!({ "types": { "A": [{ "name": "a", "type": "A[]" }] } });
        assert_eq!(check(&circle), Err(NestingError::Depth));
    }

    #[test]
    fn members_that_double_at_each_level_are_too_many() {
        assert_eq!(check(&chain(10, 2)), Ok(()));
        assert_eq!(check(&chain(20, 2)), Err(NestingError::Members));
    }
}
