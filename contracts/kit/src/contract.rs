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
            ) -> ::core::result::Result<::alloc::vec::Vec<u8>, ::alloc::vec::Vec<u8>> {
                let Some((selector, mut args)) = $crate::abi::Args::split(input) else {
                    return Err(::alloc::vec::Vec::new());
                };
                if !self.store.vm().msg_value().is_zero() {
                    return Err(::alloc::vec::Vec::new());
                }
                if selector == ::stylus_sdk::abi::CONSTRUCTOR_SELECTOR {
                    $(let $arg = args.next::<$type>()?;)*
                    return $crate::abi::finish::<(), _>(self.constructor($($arg),*));
                }
                self.route(selector, args)
            }
        }
    };
}
