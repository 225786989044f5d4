//! What revert data say in words, as go-ethereum's ABI package reads them.

use alloy_primitives::U256;
use alloy_sol_types::{Panic, Revert, SolError};

/// The reason that Solidity's `Error(string)` or `Panic(uint256)` gives; nothing for other data.
pub(super) fn revert_reason(output: &[u8]) -> Option<String> {
    if let Ok(revert) = Revert::abi_decode(output) {
        return Some(revert.reason);
    }
    let panic = Panic::abi_decode(output).ok()?;
    Some(panic_text(panic.code))
}

fn panic_text(code: U256) -> String {
    let known = match u8::try_from(code) {
        Ok(0x00) => "generic panic",
        Ok(0x01) => "assert(false)",
        Ok(0x11) => "arithmetic underflow or overflow",
        Ok(0x12) => "division or modulo by zero",
        Ok(0x21) => "enum overflow",
        Ok(0x22) => "invalid encoded storage byte array accessed",
        Ok(0x31) => "out-of-bounds array access; popping on an empty array",
        Ok(0x32) => "out-of-bounds access of an array or bytesN",
        Ok(0x41) => "out of memory",
        Ok(0x51) => "uninitialized function",
        _ => return format!("unknown panic code: {code:#x}"),
    };
    known.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn panic(code: u64) -> Option<String> {
        let panic = Panic {
            code: U256::from(code),
        };
        revert_reason(&panic.abi_encode())
    }

    #[test]
    fn a_panic_has_its_meaning_as_the_reason() {
        assert_eq!(
            panic(0x11).as_deref(),
            Some("arithmetic underflow or overflow")
        );
        assert_eq!(panic(0x01).as_deref(), Some("assert(false)"));
        assert_eq!(panic(0x12).as_deref(), Some("division or modulo by zero"));
        assert_eq!(panic(0x99).as_deref(), Some("unknown panic code: 0x99"));
        assert_eq!(panic(0x111).as_deref(), Some("unknown panic code: 0x111"));
    }

    #[test]
    fn an_error_has_its_string_and_other_data_have_no_reason() {
        let error = Revert::from("why").abi_encode();
        assert_eq!(revert_reason(&error).as_deref(), Some("why"));
        for other in [&[][..], &error[..4], &error[..3], &[1, 2, 3, 4]] {
            assert_eq!(revert_reason(other), None);
        }
    }
}
