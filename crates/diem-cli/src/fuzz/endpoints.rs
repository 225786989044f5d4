//! Addresses of nodes: what is secret in one never shows, whether it is taken or refused.

use super::try_cases;
use crate::endpoint::{ANSWER_TIMEOUT, Endpoint};
use proptest::prelude::*;
use proptest::sample::select;
use std::cell::Cell;

/// Each makes a client of its own.
const CASES: u32 = 300;

/// Something that stands in no host, scheme or message by chance.
fn secret() -> impl Strategy<Value = String> {
    "[0-9a-f]{4}".prop_map(|tail| format!("sesam{tail}"))
}

#[test]
fn no_secret_of_a_nodes_address_shows_whatever_the_address() {
    let scheme = select(&["http", "http", "http", "https", "ws", "ftp", "HTTP", ""][..]);
    let host = prop_oneof![
        3 => Just("127.0.0.1".to_owned()),
        1 => Just("[::1]".to_owned()),
        1 => "[a-z]{1,8}\\.example",
        1 => "[-a-z0-9.\\[\\]%:]{0,12}",
    ];
    let port = prop_oneof![
        Just(String::new()),
        (0..70_000_u32).prop_map(|port| format!(":{port}"))
    ];
    let parts = (secret(), secret(), secret(), secret(), secret(), 0..32_u8);
    let taken = Cell::new(0_u32);
    try_cases(
        CASES,
        &(scheme, host, port, parts),
        |(scheme, host, port, parts)| {
            let (user, password, path, query, fragment, has) = parts;
            let part = |bit: u8, text: String| {
                if has >> bit & 1 == 1 {
                    text
                } else {
                    String::new()
                }
            };
            let login = part(0, format!("{user}:{}@", part(1, password)));
            let rest = [
                part(2, format!("/v3/{path}")),
                part(3, format!("?key={query}")),
                part(4, format!("#{fragment}")),
            ];
            let typed = format!("{scheme}://{login}{host}{port}{}", rest.concat());
            let told = match Endpoint::new(&typed, ANSWER_TIMEOUT) {
                Ok(endpoint) => {
                    taken.set(taken.get() + 1);
                    format!("{endpoint:?} {}", endpoint.origin())
                }
                Err(failure) => failure.to_string(),
            };
            prop_assert!(!told.contains("sesam"), "{} is told as {}", typed, told);
            Ok(())
        },
    );
    assert!(taken.get() > 0, "no address was taken");
}

#[test]
fn no_text_as_a_nodes_address_panics() {
    let texts = prop_oneof![any::<String>(), "https?:.{0,30}", "http://[^a]{0,20}"];
    try_cases(CASES, &texts, |text| {
        if let Ok(endpoint) = Endpoint::new(&text, ANSWER_TIMEOUT) {
            prop_assert!(endpoint.origin().starts_with("http"), "{:?}", text);
        }
        Ok(())
    });
}
