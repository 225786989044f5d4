//! What a key file must be before its password is tried: nothing that stretches a password may take the memory or an
//! hour, and nothing may be shorter than who decrypts takes for granted.

use crate::Refusal;
use serde_json::Value;

/// Bytes of the derived key: half decrypts, half proves the password.
const DERIVED: u64 = 32;
/// Hex digits of the counter block of AES.
const IV_DIGITS: usize = 32;
/// Blocks of scrypt, 128 bytes each: a gigabyte, four times what geth takes.
const MOST_BLOCKS: u64 = 1 << 23;
/// Blocks times lanes of scrypt: about a minute.
const MOST_WORK: u64 = 1 << 25;
/// Rounds of PBKDF2, 64 times what geth takes.
const MOST_ROUNDS: u64 = 1 << 24;

/// Looks at what is there. What is not there is told by who reads the whole.
///
/// # Errors
/// The file cannot be tried, or not with reason.
pub(super) fn check(keystore: &Value) -> Result<(), Refusal> {
    let crypto = &keystore["crypto"];
    let params = &crypto["kdfparams"];
    let number = |name: &str| params[name].as_u64();
    let iv = crypto["cipherparams"]["iv"].as_str();
    if number("dklen").is_some_and(|length| length < DERIVED)
        || iv.is_some_and(|iv| iv.len() < IV_DIGITS)
    {
        return Err(Refusal::Short);
    }
    if number("c").is_some_and(|rounds| rounds > MOST_ROUNDS) {
        return Err(Refusal::Costly);
    }
    let (Some(n), Some(r), Some(p)) = (number("n"), number("r"), number("p")) else {
        return Ok(());
    };
    if n < 2 || !n.is_power_of_two() || p == 0 || u64::from(n.ilog2()) >= r.saturating_mul(16) {
        return Err(Refusal::Odd);
    }
    let blocks = n.saturating_mul(r);
    if blocks > MOST_BLOCKS || blocks.saturating_mul(p) > MOST_WORK {
        return Err(Refusal::Costly);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn scrypt(n: u64, r: u64, p: u64) -> Value {
        let params = json!({"dklen": 32, "n": n, "r": r, "p": p});
        json!({"crypto": {"kdfparams": params, "cipherparams": {"iv": "00".repeat(16)}}})
    }

    #[test]
    fn what_cast_and_geth_write_is_tried() {
        for (n, r, p) in [(8_192, 8, 1), (262_144, 8, 1), (4_096, 8, 6)] {
            assert_eq!(check(&scrypt(n, r, p)), Ok(()));
        }
    }

    #[test]
    fn a_key_file_that_asks_for_terabytes_or_hours_is_not_tried() {
        for (n, r, p) in [
            (1 << 31, 8, 1),
            (2, u32::MAX.into(), 1),
            (8_192, 8, 1 << 20),
        ] {
            assert_eq!(check(&scrypt(n, r, p)), Err(Refusal::Costly));
        }
        let rounds = json!({"crypto": {"kdfparams": {"dklen": 32, "c": u32::MAX}}});
        assert_eq!(check(&rounds), Err(Refusal::Costly));
    }

    #[test]
    fn a_key_file_with_a_short_part_is_refused() {
        let mut short = scrypt(8_192, 8, 1);
        short["crypto"]["kdfparams"]["dklen"] = 31.into();
        assert_eq!(check(&short), Err(Refusal::Short));
        let mut short = scrypt(8_192, 8, 1);
        short["crypto"]["cipherparams"]["iv"] = "00".into();
        assert_eq!(check(&short), Err(Refusal::Short));
    }

    #[test]
    fn a_key_file_whose_scrypt_is_none_is_refused() {
        for (n, r, p) in [
            (0, 8, 1),
            (1, 8, 1),
            (8_191, 8, 1),
            (8_192, 0, 1),
            (8_192, 8, 0),
            (262_144, 1, 8),
        ] {
            assert_eq!(check(&scrypt(n, r, p)), Err(Refusal::Odd));
        }
    }
}
