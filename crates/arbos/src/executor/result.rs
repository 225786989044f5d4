//! From revm's result codes to errors with the texts of a Nitro node.

use revm::interpreter::InstructionResult;

use crate::{error::ExecError, outcome::Status};

/// How a frame with this result ended.
pub(crate) fn status(result: InstructionResult) -> Status {
    if result.is_ok() {
        Status::Success
    } else if result == InstructionResult::Revert {
        Status::Revert
    } else {
        Status::Halt
    }
}

/// Why a frame with this result failed, as far as the code tells.
pub(crate) fn error(result: InstructionResult) -> Option<ExecError> {
    use InstructionResult as R;
    Some(match result {
        R::Stop | R::Return | R::SelfDestruct | R::Suspend => return None,
        R::Revert => ExecError::Revert,
        R::OutOfGas
        | R::MemoryOOG
        | R::MemoryLimitOOG
        | R::PrecompileOOG
        | R::InvalidOperandOOG
        | R::ReentrancySentryOOG => ExecError::OutOfGas,
        R::CallTooDeep => ExecError::CallDepth,
        R::OutOfFunds | R::OverflowPayment => ExecError::InsufficientBalance,
        R::OpcodeNotFound => ExecError::InvalidOpcode("opcode not defined".into()),
        R::InvalidFEOpcode => ExecError::InvalidOpcode("INVALID".into()),
        R::CallNotAllowedInsideStatic | R::StateChangeDuringStaticCall => {
            ExecError::WriteProtection
        }
        R::InvalidJump => ExecError::InvalidJump,
        R::StackUnderflow => ExecError::StackUnderflow,
        R::StackOverflow => ExecError::StackOverflow,
        R::OutOfOffset => ExecError::ReturnDataOutOfBounds,
        R::CreateCollision => ExecError::CreateCollision,
        R::NonceOverflow => ExecError::NonceOverflow,
        R::CreateContractSizeLimit => ExecError::CodeTooLarge,
        R::CreateInitCodeSizeLimit => ExecError::InitCodeTooLarge,
        R::CreateContractStartingWithEF | R::CreateInitCodeStartingEF00 => {
            ExecError::CodeStartsWithEf
        }
        R::NotActivated => ExecError::Other("error ProgramNotActivated()".into()),
        R::PrecompileError => ExecError::Other("precompile failed".into()),
        R::InvalidEOFInitCode
        | R::InvalidExtDelegateCallTarget
        | R::FatalExternalError
        | R::InvalidImmediateEncoding => ExecError::Other(format!("{result:?}")),
    })
}
