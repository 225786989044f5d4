//! Arbitrary bytes as a program.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| stylus_fuzz::loader::load(input));
