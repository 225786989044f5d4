//! The gateway's own count of a text, for answers whose upstream counted nothing.

/// Letters and digits of a run that count as one token: common vocabularies write English at about four.
const RUN: u64 = 4;

/// How many tokens `text` counts as, where the upstream did not count.
///
/// A run of ASCII letters and digits counts one for each four begun; every other character that is no space counts one.
/// No vocabulary is consulted, so the same text counts the same for every model.
pub fn own_count(text: &str) -> u64 {
    let mut tokens = 0_u64;
    let mut run = 0_u64;
    for character in text.chars() {
        if character.is_ascii_alphanumeric() {
            run += 1;
            continue;
        }
        tokens += run.div_ceil(RUN) + u64::from(!character.is_whitespace());
        run = 0;
    }
    tokens + run.div_ceil(RUN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_marks_and_other_scripts_are_counted() {
        for (text, tokens) in [
            ("", 0),
            ("one two", 2),
            ("abcde", 2),
            ("a, b.", 4),
            ("    ", 0),
            ("私は", 2),
            ("x=1;", 4),
        ] {
            assert_eq!(own_count(text), tokens, "{text:?}");
        }
    }
}
