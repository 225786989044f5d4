//! Texts that stand for numbers and bytes.

use std::borrow::Cow;

/// The form of one value.
#[derive(Clone, Copy, Debug)]
pub(super) enum Shape {
    /// A number: `0x`, then digits without leading zeros.
    Quantity {
        /// Most bits of it.
        bits: usize,
    },
    /// Bytes: `0x`, then two digits for each.
    Data,
    /// Bytes whose number is fixed.
    Bytes {
        /// Their number.
        count: usize,
        /// What they are, with an article.
        what: &'static str,
    },
    /// `true` or `false`.
    Bool,
    /// Any text.
    Text,
}

impl Shape {
    pub(super) const ADDRESS: Self = Self::Bytes {
        count: 20,
        what: "an address",
    };
    pub(super) const HASH: Self = Self::Bytes {
        count: 32,
        what: "a hash",
    };

    /// Checks a value's JSON text.
    pub(super) fn check(self, json: &str) -> Result<(), String> {
        if let Self::Bool = self {
            return match kind(json) {
                Kind::Bool => Ok(()),
                kind => Err(format!("cannot unmarshal {} into bool", kind.name())),
            };
        }
        let Some(text) = text(json) else {
            return Err(match self {
                Self::Text => format!("cannot unmarshal {} into string", kind(json).name()),
                _ => "cannot unmarshal non-string".to_owned(),
            });
        };
        match self {
            Self::Quantity { bits } => quantity(&text, bits),
            Self::Data => bytes(&text).map(drop),
            Self::Bytes { count, what } => {
                let digits = bytes(&text)?;
                if digits.len() != count * 2 {
                    let (have, want) = (digits.len(), count * 2);
                    return Err(format!(
                        "hex string has length {have}, want {want} for {what}"
                    ));
                }
                Ok(())
            }
            Self::Bool | Self::Text => Ok(()),
        }
    }
}

/// What a JSON text holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Null,
    Bool,
    Number,
    Text,
    List,
    Object,
}

impl Kind {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool => "bool",
            Self::Number => "number",
            Self::Text => "string",
            Self::List => "array",
            Self::Object => "object",
        }
    }
}

/// What a valid JSON text holds, by its first letter.
pub(super) fn kind(json: &str) -> Kind {
    match json.trim_start().bytes().next() {
        Some(b't' | b'f') => Kind::Bool,
        Some(b'"') => Kind::Text,
        Some(b'[') => Kind::List,
        Some(b'{') => Kind::Object,
        Some(b'n') => Kind::Null,
        _ => Kind::Number,
    }
}

/// The text that a JSON string stands for.
pub(super) fn text(json: &str) -> Option<Cow<'_, str>> {
    match serde_json::from_str::<&str>(json) {
        Ok(text) => Some(Cow::Borrowed(text)),
        Err(_) => serde_json::from_str(json).ok().map(Cow::Owned),
    }
}

fn without_prefix(text: &str) -> Result<&str, String> {
    text.strip_prefix("0x")
        .or_else(|| text.strip_prefix("0X"))
        .ok_or_else(|| "hex string without 0x prefix".to_owned())
}

fn hex(digits: &str) -> Result<(), String> {
    if digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        Ok(())
    } else {
        Err("invalid hex string".to_owned())
    }
}

/// Checks a number.
pub(super) fn quantity(text: &str, bits: usize) -> Result<(), String> {
    if text.is_empty() {
        return Err("empty hex string".to_owned());
    }
    let digits = without_prefix(text)?;
    if digits.is_empty() {
        return Err("hex string \"0x\"".to_owned());
    }
    if digits.len() > 1 && digits.starts_with('0') {
        return Err("hex number with leading zero digits".to_owned());
    }
    hex(digits)?;
    if digits.len() > bits / 4 {
        return Err(format!("hex number > {bits} bits"));
    }
    Ok(())
}

/// The digits of bytes.
fn bytes(text: &str) -> Result<&str, String> {
    if text.is_empty() {
        return Ok(text);
    }
    let digits = without_prefix(text)?;
    if digits.len() % 2 != 0 {
        return Err("hex string of odd length".to_owned());
    }
    hex(digits)?;
    Ok(digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusals(shape: Shape, texts: &[&str]) -> Vec<String> {
        let check = |text: &&str| shape.check(text).err().unwrap_or_default();
        texts.iter().map(check).collect()
    }

    #[test]
    fn numbers_have_a_prefix_no_leading_zeros_and_an_end() {
        let texts = [
            r#""0x0""#,
            r#""0xff""#,
            r#""0XfF""#,
            r#""0xffffffffffffffff""#,
            r#""0x01""#,
            r#""0x""#,
            r#""""#,
            r#""1""#,
            r#""0xg""#,
            r#""0x10000000000000000""#,
            "1",
            "1.5",
            "true",
            "{}",
            "[]",
        ];
        let said = refusals(Shape::Quantity { bits: 64 }, &texts);
        assert!(said[..4].iter().all(String::is_empty), "{said:?}");
        assert_eq!(
            said[4..10],
            [
                "hex number with leading zero digits",
                "hex string \"0x\"",
                "empty hex string",
                "hex string without 0x prefix",
                "invalid hex string",
                "hex number > 64 bits",
            ]
        );
        assert!(
            said[10..]
                .iter()
                .all(|it| it == "cannot unmarshal non-string")
        );
    }

    #[test]
    fn bytes_have_a_prefix_and_two_digits_each() {
        let texts = [
            r#""0x""#,
            r#""""#,
            r#""0xaB""#,
            r#""0xa""#,
            r#""ab""#,
            r#""0xzz""#,
        ];
        assert_eq!(
            refusals(Shape::Data, &texts),
            [
                "",
                "",
                "",
                "hex string of odd length",
                "hex string without 0x prefix",
                "invalid hex string"
            ]
        );
        assert_eq!(
            refusals(Shape::ADDRESS, &[r#""0x12""#, r#""""#]),
            [
                "hex string has length 2, want 40 for an address",
                "hex string has length 0, want 40 for an address"
            ]
        );
    }
}
