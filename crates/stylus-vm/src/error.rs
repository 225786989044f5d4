//! What can be wrong with a program.

use crate::Shortage;

/// Why a module cannot be activated. The text is what clients are shown.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ActivationError {
    /// The bytes are not WebAssembly of the accepted feature set.
    #[error("failed to parse wasm: {0}")]
    Invalid(String),
    /// A rule or limit of the environment is broken.
    #[error("failed to parse wasm: {0}")]
    Rule(String),
    /// An import that does not exist, or exists with another type.
    #[error("failed to build user module: {0}")]
    Import(String),
    /// The gas given does not cover the size of the module. All of it is used.
    #[error("out of gas")]
    OutOfGas,
    /// The instrumented module could not be compiled.
    #[error(transparent)]
    Program(#[from] ProgramError),
}

/// Why a module cannot be compiled or started.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProgramError {
    /// The module does not pass validation or instrumentation.
    #[error("{0}")]
    Module(String),
    /// The engine refused the instrumented module.
    #[error("failed to compile program: {0}")]
    Compile(String),
    /// The engine could not create an instance.
    #[error("failed to instantiate program: {0}")]
    Instantiate(String),
    /// There is no room for another instance.
    #[error(transparent)]
    Room(#[from] Shortage),
}
