//! How a call enters a contract.

/// Declares a contract's way in: `contract! { Contract: (argument: Type, ...) }`, the
/// arguments being those of its constructor; `contract! { Contract }` without one.
///
/// No method takes value. The constructor answers to the selector that StylusDeployer
/// calls in the transaction that creates the contract; the contract sees to it that it
/// runs once.
#[macro_export]
macro_rules! contract {
    ($contract:ident $(: ($($arg:ident: $type:ty),*))?) => {
        impl $contract {
            /// Runs one call: its answer, or its revert data.
            fn enter(&mut self, input: &[u8]) -> ::stylus_sdk::ArbResult {
                let mut out = $crate::out::Out::new();
                let done = self.dispatch(input, &mut out);
                let bytes = out.into_bytes();
                if done { Ok(bytes) } else { Err(bytes) }
            }

            fn dispatch(&mut self, input: &[u8], out: &mut $crate::out::Out) -> bool {
                #[allow(unused_mut, reason = "not every contract has a constructor")]
                let Some((selector, mut args)) = $crate::abi::Args::split(input) else {
                    return false;
                };
                if !self.store.vm().msg_value().is_zero() {
                    return false;
                }
                $(if selector == ::stylus_sdk::abi::CONSTRUCTOR_SELECTOR {
                    $(let $arg = args.read::<$type>();)*
                    if args.malformed() {
                        return false;
                    }
                    return $crate::abi::finish::<(), _>(self.constructor($($arg),*), out);
                })?
                self.route(selector, args, out)
            }
        }
    };
}
