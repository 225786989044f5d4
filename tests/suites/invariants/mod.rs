//! Random histories over the real WASM against the model. `E2E_STEPS` sets how many steps each history has,
//! `E2E_SEED` how the first one begins.

mod credits;
mod paths;
mod staking;

/// Steps of one history, unless `E2E_STEPS` says otherwise.
const DEFAULT_STEPS: u64 = 300;

fn steps() -> u64 {
    number("E2E_STEPS").unwrap_or(DEFAULT_STEPS)
}

fn first_seed() -> u64 {
    number("E2E_SEED").unwrap_or(1)
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name)
        .ok()
        .map(|text| text.parse().expect("a number"))
}
