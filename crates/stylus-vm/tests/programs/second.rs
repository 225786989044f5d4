//! The other engine: the stack machine that wasmi was before its second life, an interpreter that
//! shares no code with a compiler. It gets the same instrumented module; the host functions are
//! written again, for those that generated programs import.

use alloy_primitives::{Address, B256, keccak256};
use stylus_vm::hostio::{HostFunction, VM_HOOKS};
use stylus_vm::pricing::{
    COLD_ACCOUNT_GAS, HOST_CALL_INK, TRANSIENT_GAS, keccak_ink, read_ink, write_ink,
};
use stylus_vm::{Answer, Outcome, Request};
use wasmi::core::Trap;
use wasmi::{Caller, Config, Engine, Global, Linker, Memory, Module, StackLimits, Store, Value};

use crate::outcome::{CALLDATA, Ended, INK_PRICE, NOW, STACK};
use crate::transition::Transition;

/// Host functions that generated programs import, besides the payment for growth.
pub(crate) const IMPORTED: [&str; 11] = [
    "read_args",
    "write_result",
    "exit_early",
    "native_keccak256",
    "evm_ink_left",
    "evm_gas_left",
    "block_timestamp",
    "return_data_size",
    "transient_load_bytes32",
    "transient_store_bytes32",
    "account_balance",
];

/// A module on the other engine.
pub(crate) struct Second {
    engine: Engine,
    module: Module,
}

#[derive(Default)]
struct Host {
    ink: Option<Global>,
    status: Option<Global>,
    memory: Option<Memory>,
    output: Vec<u8>,
    exited: Option<u32>,
    transition: Transition,
}

/// One call of a host function: what is left of the ink, in hand.
struct Call<'a> {
    caller: Caller<'a, Host>,
    ink: u64,
}

impl<'a> Call<'a> {
    fn enter(caller: Caller<'a, Host>, name: &str) -> Result<Self, Trap> {
        let ink = match caller.data().ink.unwrap().get(&caller) {
            Value::I64(ink) => ink as u64,
            other => panic!("{other:?}"),
        };
        let mut call = Self { caller, ink };
        call.buy(HostFunction::find(VM_HOOKS, name).unwrap().base_ink)?;
        Ok(call)
    }

    fn store_ink(&mut self, ink: u64) {
        let global = self.caller.data().ink.unwrap();
        global
            .set(&mut self.caller, Value::I64(ink as i64))
            .unwrap();
        self.ink = ink;
    }

    /// Every charge is written at once, so that nothing has to be done on leaving.
    fn buy(&mut self, ink: u64) -> Result<(), Trap> {
        let Some(left) = self.ink.checked_sub(ink) else {
            return self.exhausted();
        };
        self.store_ink(left);
        Ok(())
    }

    fn buy_gas(&mut self, gas: u64) -> Result<(), Trap> {
        self.buy(gas.saturating_mul(INK_PRICE.into()))
    }

    fn exhausted(&mut self) -> Result<(), Trap> {
        self.store_ink(0);
        let status = self.caller.data().status.unwrap();
        status.set(&mut self.caller, Value::I32(1)).unwrap();
        Err(Trap::new("out of ink"))
    }

    fn require_gas(&mut self, gas: u64) -> Result<(), Trap> {
        if self.ink < gas.saturating_mul(INK_PRICE.into()) {
            return self.exhausted();
        }
        Ok(())
    }

    fn read(&self, at: u32, len: u32) -> Result<Vec<u8>, Trap> {
        let mut bytes = vec![0; len as usize];
        let memory = self.caller.data().memory.unwrap();
        let bounds = u64::from(at) + u64::from(len);
        if bounds > memory.data(&self.caller).len() as u64 {
            return Err(Trap::new("outside of memory"));
        }
        memory.read(&self.caller, at as usize, &mut bytes).unwrap();
        Ok(bytes)
    }

    fn word(&self, at: u32) -> Result<B256, Trap> {
        Ok(B256::from_slice(&self.read(at, 32)?))
    }

    fn write(&mut self, at: u32, bytes: &[u8]) -> Result<(), Trap> {
        let memory = self.caller.data().memory.unwrap();
        memory
            .write(&mut self.caller, at as usize, bytes)
            .map_err(|_| Trap::new("outside of memory"))
    }

    fn ask(&mut self, request: Request) -> Answer {
        self.caller.data_mut().transition.answer(request)
    }
}

impl Second {
    pub(crate) fn new(instrumented: &[u8]) -> Self {
        let mut config = Config::default();
        config.set_stack_limits(StackLimits::new(1 << 12, 1 << 22, 1 << 17).unwrap());
        let engine = Engine::new(&config);
        let module = Module::new(&engine, instrumented).unwrap();
        Self { engine, module }
    }

    pub(crate) fn run(&self, ink: u64) -> Ended {
        let mut store = Store::new(&self.engine, Host::default());
        let instance = linker(&self.engine)
            .instantiate(&mut store, &self.module)
            .unwrap()
            .ensure_no_start(&mut store)
            .unwrap();
        let memory = instance.get_memory(&store, "memory").unwrap();
        let global = |store: &Store<Host>, name| instance.get_global(store, name).unwrap();
        let (ink_left, status) = (
            global(&store, "stylus_ink_left"),
            global(&store, "stylus_ink_status"),
        );
        let stack_left = global(&store, "stylus_stack_left");
        ink_left.set(&mut store, Value::I64(ink as i64)).unwrap();
        stack_left
            .set(&mut store, Value::I32(STACK as i32))
            .unwrap();
        let footprint = u32::from(memory.current_pages(&store)) as u16;
        let host = store.data_mut();
        host.ink = Some(ink_left);
        host.status = Some(status);
        host.memory = Some(memory);
        let params = host.transition.params;
        host.transition.pages.add(footprint, &params);
        let entry = instance
            .get_typed_func::<i32, i32>(&store, "user_entrypoint")
            .unwrap();
        let returned = entry.call(&mut store, CALLDATA.len() as i32);
        let ended = match (returned, store.data().exited) {
            (Ok(status), _) => Some(status as u32),
            (Err(_), exited) => exited,
        };
        let outcome = match ended {
            Some(0) => Outcome::Success,
            Some(_) => Outcome::Revert,
            None if stack_left.get(&store).i32() == Some(0) => Outcome::OutOfStack,
            None if status.get(&store).i32() == Some(0) => Outcome::Failure,
            None => Outcome::OutOfInk,
        };
        let ink_left = ink_left.get(&store).i64().unwrap() as u64;
        let host = store.into_data();
        Ended {
            outcome,
            output: ended.map(|_| host.output).unwrap_or_default(),
            ink_left: match outcome {
                Outcome::OutOfInk | Outcome::OutOfStack => 0,
                _ => ink_left,
            },
            transition: host.transition,
        }
    }
}

fn linker(engine: &Engine) -> Linker<Host> {
    let mut linker = Linker::new(engine);
    macro_rules! link {
        ($name:literal, |$call:ident $(, $arg:ident: $ty:ty)*| -> $ret:ty $body:block) => {
            linker
                .func_wrap(VM_HOOKS, $name, |caller: Caller<'_, Host>, $($arg: $ty),*| {
                    #[allow(unused_mut, reason = "not every body charges more")]
                    let mut $call = Call::enter(caller, $name)?;
                    let answer: Result<$ret, Trap> = $body;
                    answer
                })
                .unwrap();
        };
    }
    link!("read_args", |call, dest: u32| -> () {
        call.buy(write_ink(CALLDATA.len() as u32))?;
        call.write(dest, &CALLDATA)
    });
    link!("write_result", |call, data: u32, len: u32| -> () {
        call.buy(2 * read_ink(len))?;
        call.caller.data_mut().output = call.read(data, len)?;
        Ok(())
    });
    link!("exit_early", |call, status: u32| -> () {
        call.caller.data_mut().exited = Some(status);
        Err(Trap::new("exit"))
    });
    link!("native_keccak256", |call,
                               data: u32,
                               len: u32,
                               dest: u32|
     -> () {
        call.buy(keccak_ink(len))?;
        let digest = keccak256(call.read(data, len)?);
        call.write(dest, digest.as_slice())
    });
    link!("evm_ink_left", |call| -> u64 { Ok(call.ink) });
    link!("evm_gas_left", |call| -> u64 {
        Ok(call.ink / u64::from(INK_PRICE))
    });
    link!("block_timestamp", |_call| -> u64 { Ok(NOW) });
    link!("return_data_size", |_call| -> u32 { Ok(0) });
    link!("transient_load_bytes32", |call,
                                     key: u32,
                                     dest: u32|
     -> () {
        call.buy_gas(TRANSIENT_GAS)?;
        let key = call.word(key)?;
        match call.ask(Request::TransientLoad { key }) {
            Answer::Word(value) => call.write(dest, value.as_slice()),
            other => panic!("{other:?}"),
        }
    });
    link!("transient_store_bytes32", |call,
                                      key: u32,
                                      value: u32|
     -> () {
        call.buy_gas(TRANSIENT_GAS)?;
        let (key, value) = (call.word(key)?, call.word(value)?);
        call.ask(Request::TransientStore { key, value });
        Ok(())
    });
    link!("account_balance", |call, address: u32, dest: u32| -> () {
        call.require_gas(COLD_ACCOUNT_GAS)?;
        let address = Address::from_slice(&call.read(address, 20)?);
        match call.ask(Request::Balance { address }) {
            Answer::Account { word, gas } => {
                call.buy_gas(gas)?;
                call.write(dest, word.as_slice())
            }
            other => panic!("{other:?}"),
        }
    });
    link!("pay_for_memory_grow", |call, pages: u32| -> () {
        let pages = pages as u16;
        if pages == 0 {
            return call.buy(HOST_CALL_INK);
        }
        match call.ask(Request::AddPages { pages }) {
            Answer::Gas(gas) => call.buy_gas(gas),
            other => panic!("{other:?}"),
        }
    });
    linker
}
