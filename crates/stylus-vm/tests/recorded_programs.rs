//! Activation of every recorded program gives the recorded figures.
#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a failed fixture is a failed test"
)]

mod support;

use alloy_primitives::U256;
use stylus_vm::call_cost::{StartCosts, cached_gas, call_cost};
use stylus_vm::data_fee::DataPricer;
use stylus_vm::memory::Pages;
use stylus_vm::{ActivationConfig, StylusParams, activate};
use support::vectors::{self, Figures};

const GAS: u64 = 1 << 40;

fn compare(name: &str, version: u16, figures: &Figures) -> Result<(), String> {
    let cfg = ActivationConfig {
        arbos_version: 51,
        stylus_version: version,
        page_limit: 128,
        debug_chain: false,
    };
    let mut gas = GAS;
    let activation = match (
        activate(&vectors::wasm(name), &cfg, &mut gas),
        figures.accepted,
    ) {
        (Ok(activation), true) => activation,
        (Err(_), false) => return Ok(()),
        (Ok(_), false) => return Err(format!("accepted, not: {:?}", figures.error)),
        (Err(error), true) => return Err(format!("refused: {error}")),
    };
    let same = |what: &str, ours: u64, theirs: Option<u64>| match theirs {
        Some(theirs) if theirs == ours => Ok(()),
        theirs => Err(format!("{what}: {ours} instead of {theirs:?}")),
    };
    same(
        "init cost",
        activation.init_cost.into(),
        figures.init_cost.map(u64::from),
    )?;
    same(
        "cached",
        activation.cached_init_cost.into(),
        figures.cached_init_cost.map(u64::from),
    )?;
    same(
        "asm",
        activation.asm_estimate.into(),
        figures.asm_estimate.map(u64::from),
    )?;
    same(
        "footprint",
        activation.footprint.into(),
        figures.footprint_pages.map(u64::from),
    )?;
    same(
        "program pages",
        activation.program.footprint().into(),
        figures.footprint_pages.map(u64::from),
    )?;
    same(
        "entry",
        activation.user_main.into(),
        figures.user_main.map(u64::from),
    )?;
    let first = u64::from(activation.first_added_global);
    same("ink global", first, figures.ink_left_global.map(u64::from))?;
    same(
        "status global",
        first + 1,
        figures.ink_status_global.map(u64::from),
    )?;
    same(
        "depth global",
        first + 3,
        figures.depth_left_global.map(u64::from),
    )?;
    same("gas", GAS - gas, figures.activation_gas_metered)?;

    let min_init_gas = if version == 1 { 72 } else { 69 };
    let params = StylusParams {
        version,
        min_init_gas,
        ..Default::default()
    };
    let costs = StartCosts {
        init_cost: activation.init_cost,
        cached_cost: activation.cached_init_cost,
        footprint: activation.footprint,
    };
    let uncached = call_cost(&params, &costs, false, Pages::default());
    same(
        "uncached call",
        uncached.init + uncached.cached,
        figures.call_cost_gas_uncached,
    )?;
    same(
        "cached call",
        cached_gas(&params, costs.cached_cost),
        figures.call_cost_gas_cached,
    )?;
    let mut pricer = DataPricer::default();
    let fee = pricer.add(activation.asm_estimate, pricer.last_update);
    let want = figures.data_fee_wei_at_initial_price.as_ref().unwrap();
    if fee != want.parse::<U256>().unwrap() {
        return Err(format!("fee: {fee} instead of {want}"));
    }
    Ok(())
}

#[test]
fn every_recorded_program_activates_as_recorded() {
    let vectors = vectors::load();
    let mut wrong = Vec::new();
    for (name, program) in &vectors.programs {
        for (version, figures) in [(1, &program.stylus_v1), (2, &program.stylus_v2)] {
            if let Err(text) = compare(name, version, figures) {
                wrong.push(format!("{name} v{version}: {text}"));
            }
        }
    }
    assert!(vectors.programs.len() > 200);
    assert!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}
