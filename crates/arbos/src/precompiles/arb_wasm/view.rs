//! Looking at programs that can be called.

use alloy_primitives::{Address, B256};
use stylus_vm::params::StylusParams;

use super::ArbWasm::{ProgramExpired, ProgramNeedsUpgrade, ProgramNotActivated};
use crate::{
    precompiles::{Context, Failure},
    state::{Inactive, ProgramRecord},
};

/// The record of the program with this code hash, which must be active, and the parameters.
pub(super) fn active(
    context: &mut Context<'_>,
    code_hash: B256,
) -> Result<(ProgramRecord, StylusParams), Failure> {
    let programs = context.state.programs();
    let params = programs.params(context)?;
    let record = programs.record(context, code_hash)?;
    record
        .check_active(&params, context.now())
        .map_err(inactive)?;
    Ok((record, params))
}

/// As [`active`], of the program an account holds.
pub(super) fn active_at(
    context: &mut Context<'_>,
    program: Address,
) -> Result<(ProgramRecord, StylusParams), Failure> {
    let code_hash = context.code_hash(program)?;
    active(context, code_hash)
}

/// The ABI error for a program that may not be called.
pub(in crate::precompiles) fn inactive(reason: Inactive) -> Failure {
    match reason {
        Inactive::NotActivated => Failure::solidity(ProgramNotActivated {}),
        Inactive::NeedsUpgrade { program, current } => Failure::solidity(ProgramNeedsUpgrade {
            version: program,
            stylusVersion: current,
        }),
        Inactive::Expired { age } => Failure::solidity(ProgramExpired { ageInSeconds: age }),
    }
}
