//! How a call enters a contract.

/// Declares a contract's way in: `contract! { Contract: (argument: Type, ...) }`, the
/// arguments being those of its constructor.
///
/// No method takes value. The constructor answers to the selector that StylusDeployer
/// calls in the transaction that creates the contract; the contract sees to it that it
/// runs once.
#[macro_export]
macro_rules! contract {
    ($contract:ident: ($($arg:ident: $type:ty),*)) => {
        impl $contract {
            /// Runs one call.
            fn enter(
                &mut self,
                input: &[u8],
            ) -> $crate::error::Result<::alloc::vec::Vec<u8>> {
                let Some((selector, mut args)) = $crate::abi::Args::split(input) else {
                    return Err($crate::Error::silent());
                };
                if !self.store.vm().msg_value().is_zero() {
                    return Err($crate::Error::silent());
                }
                if selector == ::stylus_sdk::abi::CONSTRUCTOR_SELECTOR {
                    $(let $arg = args.next::<$type>();)*
                    args.check()?;
                    return $crate::abi::finish::<(), _>(self.constructor($($arg),*));
                }
                self.route(selector, args)
            }
        }
    };
}
