//! What a function could answer without doing its work.

use quote::ToTokens;
use syn::{GenericArgument, PathArguments, ReturnType, Type};

/// Combinations of a tuple's fields that are tried.
const MOST: usize = 4;

/// Expressions of the type that a function returns; the empty one for a function that returns nothing.
pub fn of(answer: &ReturnType) -> Vec<String> {
    match answer {
        ReturnType::Default => vec![String::new()],
        ReturnType::Type(_, answer) => of_type(answer),
    }
}

fn list(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

fn of_type(answer: &Type) -> Vec<String> {
    match answer {
        Type::Tuple(tuple) => {
            let fields: Vec<_> = tuple.elems.iter().map(of_type).collect();
            // As many as the field with the most, each field taking turns.
            let most = fields.iter().map(Vec::len).max().unwrap_or(1).min(MOST);
            (0..most)
                .map(|turn| {
                    let fields: Vec<_> = fields
                        .iter()
                        .filter_map(|field| field.get(turn % field.len().max(1)).cloned())
                        .collect();
                    match fields.len() {
                        1 => format!("({},)", fields[0]),
                        _ => format!("({})", fields.join(", ")),
                    }
                })
                .collect()
        }
        Type::Reference(reference) if text(&reference.elem) == "str" => {
            list(&["\"\"", "\"wrong\""])
        }
        Type::Path(path) => {
            let Some(last) = path.path.segments.last() else {
                return Vec::new();
            };
            let inner = inner_type(&last.arguments);
            match last.ident.to_string().as_str() {
                "bool" => list(&["true", "false"]),
                "u8" | "u16" | "u32" | "u64" | "u128" | "usize" => list(&["0", "1"]),
                "U256" => list(&[
                    "::alloy_primitives::U256::ZERO",
                    "::alloy_primitives::U256::ONE",
                ]),
                "Address" => list(&[
                    "::alloy_primitives::Address::ZERO",
                    "::alloy_primitives::Address::with_last_byte(1)",
                ]),
                "B256" => list(&["::alloy_primitives::B256::ZERO"]),
                "String" => list(&["::alloc::string::String::new()"]),
                "Vec" => list(&["::alloc::vec::Vec::new()"]),
                "Result" => wrapped("Ok", inner),
                "Option" => {
                    let mut values = list(&["None"]);
                    values.extend(wrapped("Some", inner));
                    values
                }
                _ => list(&["::core::default::Default::default()"]),
            }
        }
        _ => Vec::new(),
    }
}

fn wrapped(variant: &str, inner: Option<&Type>) -> Vec<String> {
    let values = inner.map(of_type).unwrap_or_default();
    values
        .iter()
        .map(|value| format!("{variant}({value})"))
        .collect()
}

fn inner_type(arguments: &PathArguments) -> Option<&Type> {
    let PathArguments::AngleBracketed(arguments) = arguments else {
        return None;
    };
    arguments.args.iter().find_map(|argument| match argument {
        GenericArgument::Type(inner) => Some(inner),
        _ => None,
    })
}

fn text(node: &impl ToTokens) -> String {
    node.to_token_stream().to_string()
}
