//! Arrays that cannot be in the calldata: given up before anything of them is read, so that
//! calldata of a few words cannot have memory for millions taken.

use contract_kit::abi::Args;
use contract_kit::out::Out;
use contract_kit::{Address, U256};

fn calldata(words: &[U256]) -> Vec<u8> {
    let mut out = Out::selector(0xdead_beef);
    for word in words {
        out.put(word);
    }
    out.into_bytes()
}

fn assert_unread(calldata: &[u8]) {
    for read in [
        |args: &mut Args<'_>| args.read::<Vec<U256>>().len(),
        |args: &mut Args<'_>| args.read::<Vec<Address>>().len(),
    ] {
        let args = Args::split(calldata);
        assert!(args.is_some(), "calldata has a selector");
        if let Some((_, mut args)) = args {
            assert_eq!((read(&mut args), args.malformed()), (0, true));
        }
    }
}

fn word(value: u64) -> U256 {
    U256::from(value)
}

#[test]
fn an_array_with_dirty_bits_above_its_offset_is_not_read() {
    for dirty in [U256::ONE << 32, U256::ONE << 64, U256::ONE << 255] {
        assert_unread(&calldata(&[dirty | word(32), word(1), word(7)]));
    }
}

#[test]
fn an_array_with_dirty_bits_above_its_length_is_not_read() {
    for dirty in [U256::ONE << 32, U256::ONE << 64, U256::ONE << 255] {
        assert_unread(&calldata(&[word(32), dirty | word(1), word(7)]));
    }
}

#[test]
fn an_array_longer_than_the_calldata_is_not_read() {
    let data = calldata(&[word(32), word(2), word(7), word(8)]);
    for cut in 1..=64 {
        assert_unread(&data[..data.len() - cut]);
    }
    for length in [3, 64, 96, u64::from(u32::MAX)] {
        assert_unread(&calldata(&[word(32), word(length), word(7), word(8)]));
    }
}

#[test]
fn an_array_past_the_end_of_the_calldata_is_not_read() {
    for offset in [96, 97, 1 << 20] {
        assert_unread(&calldata(&[word(offset), word(1), word(7)]));
    }
}

#[test]
fn errors_after_what_was_fine_and_fine_words_after_errors_stay_malformed() {
    let data = calldata(&[word(1), U256::MAX, word(1)]);
    let args = Args::split(&data);
    assert!(args.is_some(), "calldata has a selector");
    if let Some((_, mut args)) = args {
        assert!(args.read::<bool>() && !args.malformed());
        let _ = args.read::<u32>();
        assert!(args.malformed());
        assert!(args.read::<bool>() && args.malformed());
        let _ = args.read::<Address>();
        assert!(args.malformed());
    }
}
