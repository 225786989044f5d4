//! Arbitrary bytes as the body of a JSON-RPC request.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| stylus_fuzz::requests::serve(input));
