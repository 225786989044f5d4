//! ABI errors as the sentence clients see.

use alloy_primitives::{Address, B256, U256, keccak256};

/// `error Name(args)` for error data of one of these signatures, whose parameters are all one word.
pub(super) fn describe(signatures: &[&str], data: &[u8]) -> Option<String> {
    let (selector, words) = data.split_first_chunk::<4>()?;
    let signature = signatures
        .iter()
        .find(|signature| keccak256(signature)[..4] == selector[..])?;
    let (name, types) = signature.strip_suffix(')')?.split_once('(')?;
    let kinds = types.split(',').filter(|kind| !kind.is_empty());
    let args: Vec<String> = kinds
        .zip(words.as_chunks::<32>().0)
        .map(|(kind, word)| argument(kind, B256::from(*word)))
        .collect();
    Some(format!("error {name}({})", args.join(", ")))
}

fn argument(kind: &str, word: B256) -> String {
    match kind {
        "address" => Address::from_word(word).to_string(),
        "bool" => (!word.is_zero()).to_string(),
        "bytes32" => word.to_string(),
        _ => U256::from_be_bytes(word.0).to_string(),
    }
}

#[cfg(test)]
mod tests {
    use alloy_primitives::hex;

    use super::*;

    #[test]
    fn an_error_is_named_with_its_arguments() {
        let mut data = hex!("637d968f").to_vec();
        data.extend_from_slice(&U256::from(1).to_be_bytes::<32>());
        data.extend_from_slice(&U256::from(2).to_be_bytes::<32>());
        let known = [
            "ProgramNotActivated()",
            "ProgramNeedsUpgrade(uint16,uint16)",
        ];
        assert_eq!(
            describe(&known, &data).as_deref(),
            Some("error ProgramNeedsUpgrade(1, 2)")
        );
        assert_eq!(
            describe(&known, &hex!("6f809c4e")).as_deref(),
            Some("error ProgramNotActivated()")
        );
        assert_eq!(describe(&known, &hex!("00000000")), None);
        assert_eq!(describe(&known, &[]), None);
    }
}
