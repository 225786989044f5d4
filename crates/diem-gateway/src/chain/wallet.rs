//! What a contract that signs for an account is asked (ERC-1271), as a program for the node: it may be anybody's code.

use alloy::{
    primitives::{Address, B256, Bytes},
    sol,
    sol_types::SolCall,
};

sol! {
    /// A contract that says whether a signature is its own (ERC-1271).
    interface IERC1271 {
        /// The magic value where it is.
        function isValidSignature(bytes32 hash, bytes signature) external view returns (bytes4 magic);
    }
}

/// The most gas that a wallet may burn over a signature: several times what a proof in pure EVM code needs.
const GAS: u32 = 10_000_000;

/// Longest signature that is passed on to a contract: a multisig of many owners needs a few thousand bytes. The program
/// counts its question in 16 bits.
pub(super) const MAX_SIGNATURE_BYTES: usize = 8_192;

/// Code, to be run as if it were to be deployed, that answers with a word: 1 where `wallet` says that `signature` is its
/// own on `hash`, else 0. The wallet cannot write, burns at most `GAS`, and of what it answers one word is looked at, so
/// that a revert, an endless loop and a flood of bytes are all but a no.
pub(super) fn question(wallet: Address, hash: B256, signature: &[u8]) -> Bytes {
    let call = IERC1271::isValidSignatureCall {
        hash,
        signature: Bytes::copy_from_slice(signature),
    };
    let call = call.abi_encode();
    let size = u16::try_from(call.len()).unwrap_or(u16::MAX).to_be_bytes();
    let magic = IERC1271::isValidSignatureCall::SELECTOR;
    // The question stands behind the code, whose length is the same for all.
    let code = |at: u16| -> Vec<u8> {
        let at = at.to_be_bytes();
        [
            &[0x61, size[0], size[1], 0x61, at[0], at[1]][..], // PUSH2 size, PUSH2 at
            &[0x60, 0x00, 0x39],                               // PUSH1 0, CODECOPY
            &[0x60, 0x20, 0x60, 0x00],                         // the answer: PUSH1 32, PUSH1 0
            &[0x61, size[0], size[1], 0x60, 0x00],             // the question: PUSH2 size, PUSH1 0
            &[0x73],                                           // PUSH20 wallet
            wallet.as_slice(),
            &[0x63], // PUSH4 gas
            &GAS.to_be_bytes(),
            &[0xfa],                         // STATICCALL
            &[0x60, 0x1f, 0x3d, 0x11, 0x16], // and RETURNDATASIZE > 31
            &[0x60, 0x00, 0x51, 0x63],       // and MLOAD 0 == magic << 224
            &magic,
            &[0x60, 0xe0, 0x1b, 0x14, 0x16],
            &[0x60, 0x00, 0x52, 0x60, 0x20, 0x60, 0x00, 0xf3], // MSTORE 0, RETURN the word
        ]
        .concat()
    };
    let length = u16::try_from(code(0).len()).unwrap_or(u16::MAX);
    [code(length), call].concat().into()
}
