//! Valid modules made for what an engine can get wrong in control flow: operands wait on the stack
//! while blocks, loops and ifs with parameters and several results come and go, branches of every
//! kind carry values over them, and whatever was waiting goes into a sum that is returned.

use wasm_encoder::{
    BlockType, CodeSection, ConstExpr, DataSection, ElementSection, Elements, EntityType,
    ExportKind, ExportSection, Function, FunctionSection, GlobalSection, GlobalType, ImportSection,
    Instruction as I, MemArg, MemArgTarget, MemorySection, MemoryType, Module, RefType,
    TableSection, TableType, TypeSection, ValType,
};

use stylus_vm::hostio::{HostFunction, Type, VM_HOOKS};

use crate::second::IMPORTED;

/// Functions besides the entry point.
const HELPERS: u32 = 4;
/// Instructions that a function may spend before it only tidies up.
const BUDGET: u32 = 140;
/// Deepest nesting of blocks.
const DEPTH: usize = 7;
/// Times that loops of one call of a function go round, all together.
const ROUNDS: i32 = 12;
/// Entries of the table, two of them empty.
const TABLE: u64 = HELPERS as u64 + 2;

/// Globals: two sums, and three that the code plays with.
const SUM: u32 = 0;
const GLOBALS: [ValType; 5] = [V64, V64, V32, V64, V32];
const V32: ValType = ValType::I32;
const V64: ValType = ValType::I64;

type Signature = (Vec<ValType>, Vec<ValType>);

/// The module of a seed.
pub(crate) fn module(seed: u64) -> Vec<u8> {
    let mut choices = Choices(seed.wrapping_mul(0xd134_2543_de82_ef95) | 1);
    for _ in 0..4 {
        choices.next();
    }
    let grows = choices.one_in(2);
    let mut types = Types::default();
    let entry = types.index((vec![V32], vec![V32]));

    let mut imports = ImportSection::new();
    let mut imported = Vec::new();
    let names = IMPORTED.iter().copied();
    for name in names.chain(grows.then_some("pay_for_memory_grow")) {
        let row = HostFunction::find(VM_HOOKS, name).unwrap();
        let values = |list: &[Type]| list.iter().map(value).collect::<Vec<_>>();
        let signature = (values(row.params), values(row.result.as_slice()));
        imports.import(
            VM_HOOKS,
            name,
            EntityType::Function(types.index(signature.clone())),
        );
        imported.push((name, signature));
    }

    let helpers: Vec<Signature> = (0..HELPERS)
        .map(|_| (choices.values(3), choices.values(3)))
        .collect();
    let mut functions = FunctionSection::new();
    for helper in &helpers {
        functions.function(types.index(helper.clone()));
    }
    functions.function(entry);

    let mut code = CodeSection::new();
    for (number, (params, results)) in helpers.iter().enumerate() {
        let body = Body::new(&mut choices, &mut types, &imported, &helpers, number);
        code.function(&body.write(params.clone(), results.clone(), false));
    }
    let body = Body::new(&mut choices, &mut types, &imported, &helpers, helpers.len());
    code.function(&body.write(vec![V32], vec![V32], true));

    let mut tables = TableSection::new();
    tables.table(TableType {
        element_type: RefType::FUNCREF,
        table64: false,
        minimum: TABLE,
        maximum: None,
        shared: false,
    });
    let first = imported.len() as u32;
    let mut elements = ElementSection::new();
    let list: Vec<u32> = (first..first + HELPERS).collect();
    elements.active(
        None,
        &ConstExpr::i32_const(1),
        Elements::Functions(list.into()),
    );

    let mut memories = MemorySection::new();
    memories.memory(MemoryType {
        minimum: 1,
        maximum: if grows { Some(4) } else { Some(1) },
        memory64: false,
        shared: false,
        page_size_log2: None,
    });
    let mut globals = GlobalSection::new();
    for val_type in GLOBALS {
        let start = match val_type {
            V32 => ConstExpr::i32_const(choices.constant() as i32),
            _ => ConstExpr::i64_const(choices.constant()),
        };
        let ty = GlobalType {
            val_type,
            mutable: true,
            shared: false,
        };
        globals.global(ty, &start);
    }
    let mut exports = ExportSection::new();
    exports.export("memory", ExportKind::Memory, 0);
    exports.export("user_entrypoint", ExportKind::Func, first + HELPERS);
    let mut datas = DataSection::new();
    let bytes: Vec<u8> = (0..64).map(|_| choices.next() as u8).collect();
    datas.active(0, &ConstExpr::i32_const(100), bytes);

    let mut module = Module::new();
    module
        .section(&types.section)
        .section(&imports)
        .section(&functions)
        .section(&tables)
        .section(&memories)
        .section(&globals)
        .section(&exports)
        .section(&elements)
        .section(&code)
        .section(&datas);
    module.finish()
}

fn value(ty: &Type) -> ValType {
    match ty {
        Type::I32 => V32,
        Type::I64 => V64,
        Type::F32 => ValType::F32,
        Type::F64 => ValType::F64,
    }
}

/// A stream of choices.
struct Choices(u64);

impl Choices {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 20
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }

    fn one_in(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }

    fn pick<T: Clone>(&mut self, list: &[T]) -> T {
        list[self.below(list.len())].clone()
    }

    fn value(&mut self) -> ValType {
        self.pick(&[V32, V64])
    }

    fn values(&mut self, most: usize) -> Vec<ValType> {
        (0..self.below(most + 1)).map(|_| self.value()).collect()
    }

    fn constant(&mut self) -> i64 {
        match self.below(4) {
            0 => self.pick(&[0, 1, -1, 2, 31, 32, 63, 64, 255, 65_535, 65_536]),
            1 => self.pick(&[
                i64::MIN,
                i64::MAX,
                i32::MIN.into(),
                i32::MAX.into(),
                u32::MAX.into(),
            ]),
            2 => self.below(300) as i64,
            _ => self.next() as i64,
        }
    }
}

/// The type section, each signature once.
#[derive(Default)]
struct Types {
    section: TypeSection,
    known: Vec<Signature>,
}

impl Types {
    fn index(&mut self, signature: Signature) -> u32 {
        let found = self.known.iter().position(|known| *known == signature);
        found.unwrap_or_else(|| {
            let (params, results) = signature.clone();
            self.section.ty().function(params, results);
            self.known.push(signature);
            self.known.len() - 1
        }) as u32
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Function,
    Block,
    Loop,
    If,
}

/// A label that can be branched to.
#[derive(Clone)]
struct Label {
    kind: Kind,
    /// What a branch to it carries.
    carries: Vec<ValType>,
    /// Operands below it.
    height: usize,
}

/// The body of a function as it is made.
struct Body<'a> {
    choices: &'a mut Choices,
    types: &'a mut Types,
    imported: &'a [(&'static str, Signature)],
    helpers: &'a [Signature],
    /// Helpers that may be called directly: those before this function.
    callable: usize,
    code: Vec<I<'static>>,
    stack: Vec<ValType>,
    labels: Vec<Label>,
    locals: Vec<ValType>,
    params: usize,
    budget: u32,
}

impl<'a> Body<'a> {
    fn new(
        choices: &'a mut Choices,
        types: &'a mut Types,
        imported: &'a [(&'static str, Signature)],
        helpers: &'a [Signature],
        callable: usize,
    ) -> Self {
        Self {
            choices,
            types,
            imported,
            helpers,
            callable,
            code: Vec::new(),
            stack: Vec::new(),
            labels: Vec::new(),
            locals: Vec::new(),
            params: 0,
            budget: BUDGET,
        }
    }

    fn write(mut self, params: Vec<ValType>, results: Vec<ValType>, is_entry: bool) -> Function {
        self.params = params.len();
        self.locals = params;
        // One of each kind at least, and the counter of the rounds, which is the last.
        self.locals.extend([V32, V64]);
        let more = self.choices.values(4);
        self.locals.extend(more);
        self.locals.push(V32);
        self.code
            .extend([I::I32Const(ROUNDS), I::LocalSet(self.rounds())]);
        if is_entry {
            self.code
                .extend([I::I32Const(200), I::Call(self.host("read_args"))]);
        }
        self.labels.push(Label {
            kind: Kind::Function,
            carries: results.clone(),
            height: 0,
        });
        let ended = self.sequence();
        if is_entry {
            if !ended {
                self.tidy(0);
            }
            self.report();
        } else if !ended {
            self.settle(&results);
        }
        self.code.push(I::End);
        let mut function = Function::new_with_locals_types(self.locals[self.params..].to_vec());
        for instruction in &self.code {
            function.instruction(instruction);
        }
        function
    }

    fn rounds(&self) -> u32 {
        self.locals.len() as u32 - 1
    }

    fn host(&self, name: &str) -> u32 {
        self.imported
            .iter()
            .position(|(known, _)| *known == name)
            .unwrap() as u32
    }

    /// Stores what locals and globals hold, and returns all memory.
    fn report(&mut self) {
        let mut at = 40_000;
        let values =
            (0..self.locals.len() as u32).map(|n| (I::LocalGet(n), self.locals[n as usize]));
        let globals = (0..GLOBALS.len() as u32).map(|n| (I::GlobalGet(n), GLOBALS[n as usize]));
        let all: Vec<_> = values.chain(globals).collect();
        for (get, ty) in all {
            self.code.extend([I::I32Const(at), get]);
            self.code.push(match ty {
                V32 => I::I32Store(plain(0)),
                _ => I::I64Store(plain(0)),
            });
            at += 8;
        }
        self.code.extend([
            I::I32Const(0),
            I::I32Const(65_536),
            I::Call(self.host("write_result")),
            I::GlobalGet(SUM),
            I::I32WrapI64,
            I::I32Const(1),
            I::I32And,
        ]);
    }

    fn base(&self) -> usize {
        self.labels.last().unwrap().height
    }

    fn emit(&mut self, instruction: I<'static>) {
        self.budget = self.budget.saturating_sub(1);
        self.code.push(instruction);
    }

    fn push(&mut self, ty: ValType, instruction: I<'static>) {
        self.emit(instruction);
        self.stack.push(ty);
    }

    /// Puts a value of a type on the stack.
    fn supply(&mut self, ty: ValType) {
        let locals = self.of_type(&self.locals[..self.locals.len() - 1], ty);
        let globals = self.of_type(&GLOBALS, ty);
        let instruction = match self.choices.below(5) {
            0 => I::GlobalGet(self.choices.pick(&globals)),
            1 | 2 => I::LocalGet(self.choices.pick(&locals)),
            _ if ty == V32 => I::I32Const(self.choices.constant() as i32),
            _ => I::I64Const(self.choices.constant()),
        };
        self.push(ty, instruction);
    }

    fn of_type(&self, list: &[ValType], ty: ValType) -> Vec<u32> {
        let fits = list.iter().enumerate().filter(|(_, known)| **known == ty);
        fits.map(|(index, _)| index as u32).collect()
    }

    /// Types of the topmost operands of this block, the deepest first.
    fn top(&self, count: usize) -> Option<&[ValType]> {
        let from = self.stack.len().checked_sub(count)?;
        (from >= self.base()).then(|| &self.stack[from..])
    }

    /// Makes the topmost operands be of these types, using what is there where it fits.
    fn arrange(&mut self, wanted: &[ValType]) {
        let there = (0..=wanted.len())
            .rev()
            .find(|count| self.top(*count).is_some_and(|top| *top == wanted[..*count]))
            .unwrap_or(0);
        for ty in &wanted[there..] {
            self.supply(*ty);
        }
    }

    /// Adds the operands above a height to the sum.
    fn tidy(&mut self, height: usize) {
        while self.stack.len() > height {
            let ty = self.stack.pop().unwrap();
            if ty == V32 {
                self.code.push(I::I64ExtendI32U);
            }
            self.code.extend([
                I::GlobalGet(SUM),
                I::I64Const(7),
                I::I64Rotl,
                I::I64Xor,
                I::GlobalSet(SUM),
            ]);
        }
    }

    /// Leaves exactly these operands in this block.
    fn settle(&mut self, results: &[ValType]) {
        let base = self.base();
        if self.stack[base..] == *results && !self.choices.one_in(4) {
            return;
        }
        self.tidy(base);
        for ty in results {
            self.supply(*ty);
        }
    }

    /// Instructions until the block is full; true when control cannot come to its end.
    fn sequence(&mut self) -> bool {
        let mut left = 3 + self.choices.below(16);
        while left > 0 && self.budget > 0 {
            left -= 1;
            if self.step() {
                return true;
            }
        }
        false
    }

    fn step(&mut self) -> bool {
        match self.choices.below(30) {
            0..=5 => {
                let ty = self.choices.value();
                self.supply(ty);
            }
            6..=9 => self.binary(),
            10 => self.unary(),
            11 => self.load(),
            12 => self.store(),
            13 | 14 => self.assign(),
            15 => self.select(),
            16..=20 if self.labels.len() < DEPTH => self.nest(),
            21..=23 => self.branch_if(),
            24 => return self.leave(),
            25 => self.call(),
            26 => self.call_host(),
            27 => self.bulk(),
            28 => {
                if self.top(1).is_some() {
                    self.stack.pop();
                    self.emit(I::Drop);
                }
            }
            _ => self.grow(),
        }
        false
    }

    fn binary(&mut self) {
        let ty = self.choices.value();
        self.arrange(&[ty, ty]);
        let (narrow, wide): (&[I<'static>], &[I<'static>]) = match self.choices.below(8) {
            0..=3 => (
                &[
                    I::I32Add,
                    I::I32Sub,
                    I::I32Mul,
                    I::I32And,
                    I::I32Or,
                    I::I32Xor,
                    I::I32Shl,
                    I::I32ShrS,
                    I::I32ShrU,
                    I::I32Rotl,
                    I::I32Rotr,
                ],
                &[
                    I::I64Add,
                    I::I64Sub,
                    I::I64Mul,
                    I::I64And,
                    I::I64Or,
                    I::I64Xor,
                    I::I64Shl,
                    I::I64ShrS,
                    I::I64ShrU,
                    I::I64Rotl,
                    I::I64Rotr,
                ],
            ),
            4 if self.choices.one_in(2) => (
                &[I::I32DivS, I::I32DivU, I::I32RemS, I::I32RemU],
                &[I::I64DivS, I::I64DivU, I::I64RemS, I::I64RemU],
            ),
            _ => (
                &[
                    I::I32Eq,
                    I::I32Ne,
                    I::I32LtS,
                    I::I32LtU,
                    I::I32GtS,
                    I::I32GtU,
                    I::I32LeS,
                    I::I32LeU,
                    I::I32GeS,
                    I::I32GeU,
                ],
                &[
                    I::I64Eq,
                    I::I64Ne,
                    I::I64LtS,
                    I::I64LtU,
                    I::I64GtS,
                    I::I64GtU,
                    I::I64LeS,
                    I::I64LeU,
                    I::I64GeS,
                    I::I64GeU,
                ],
            ),
        };
        let compares = narrow.len() == 10;
        let instruction = self.choices.pick(if ty == V32 { narrow } else { wide });
        self.stack.truncate(self.stack.len() - 2);
        self.push(if compares { V32 } else { ty }, instruction);
    }

    fn unary(&mut self) {
        let ty = self.choices.value();
        self.arrange(&[ty]);
        let (result, instruction) = self.choices.pick(if ty == V32 {
            &[
                (V32, I::I32Eqz),
                (V32, I::I32Clz),
                (V32, I::I32Ctz),
                (V32, I::I32Popcnt),
                (V32, I::I32Extend8S),
                (V32, I::I32Extend16S),
                (V64, I::I64ExtendI32S),
                (V64, I::I64ExtendI32U),
            ]
        } else {
            &[
                (V32, I::I64Eqz),
                (V64, I::I64Clz),
                (V64, I::I64Ctz),
                (V64, I::I64Popcnt),
                (V64, I::I64Extend8S),
                (V64, I::I64Extend16S),
                (V64, I::I64Extend32S),
                (V32, I::I32WrapI64),
            ]
        });
        self.stack.pop();
        self.push(result, instruction);
    }

    /// An address on the top, mostly inside of memory.
    fn address(&mut self) -> u64 {
        self.arrange(&[V32]);
        if !self.choices.one_in(40) {
            self.emit(I::I32Const(0x7fff));
            self.emit(I::I32And);
        }
        let far = [65_520, 65_536, 131_072];
        match self.choices.below(40) {
            0 => self.choices.pick(&far),
            _ => self.choices.below(64) as u64,
        }
    }

    fn load(&mut self) {
        let at = plain(self.address());
        let (ty, instruction) = self.choices.pick(&[
            (V32, I::I32Load(at)),
            (V32, I::I32Load8S(at)),
            (V32, I::I32Load8U(at)),
            (V32, I::I32Load16S(at)),
            (V32, I::I32Load16U(at)),
            (V64, I::I64Load(at)),
            (V64, I::I64Load8S(at)),
            (V64, I::I64Load8U(at)),
            (V64, I::I64Load16S(at)),
            (V64, I::I64Load16U(at)),
            (V64, I::I64Load32S(at)),
            (V64, I::I64Load32U(at)),
        ]);
        self.stack.pop();
        self.push(ty, instruction);
    }

    fn store(&mut self) {
        let at = plain(self.address());
        let ty = self.choices.value();
        // Sometimes what is stored is the address itself.
        if self.choices.one_in(3) {
            let local = self
                .choices
                .pick(&self.of_type(&self.locals.clone()[self.params..], V32));
            let local = (local + self.params as u32).min(self.rounds() - 1);
            if self.locals[local as usize] == V32 {
                self.emit(I::LocalTee(local));
                self.push(V32, I::LocalGet(local));
                if ty == V64 {
                    self.stack.pop();
                    self.push(V64, I::I64ExtendI32U);
                }
            } else {
                self.supply(ty);
            }
        } else {
            self.supply(ty);
        }
        let narrow = [I::I32Store(at), I::I32Store8(at), I::I32Store16(at)];
        let wide = [
            I::I64Store(at),
            I::I64Store8(at),
            I::I64Store16(at),
            I::I64Store32(at),
        ];
        let instruction = self
            .choices
            .pick(if ty == V32 { &narrow[..] } else { &wide[..] });
        let found = self.stack.pop();
        assert_eq!(found, Some(ty));
        self.stack.pop();
        self.emit(instruction);
    }

    fn assign(&mut self) {
        let ty = self.choices.value();
        self.arrange(&[ty]);
        let locals = self.of_type(&self.locals[..self.locals.len() - 1], ty);
        let local = self.choices.pick(&locals);
        match self.choices.below(4) {
            0 => {
                let global = self.choices.pick(&self.of_type(&GLOBALS, ty));
                self.stack.pop();
                self.emit(I::GlobalSet(global));
            }
            1 | 2 => self.emit(I::LocalTee(local)),
            _ => {
                self.stack.pop();
                self.emit(I::LocalSet(local));
            }
        }
    }

    fn select(&mut self) {
        let ty = self.choices.value();
        self.arrange(&[ty, ty]);
        self.supply(V32);
        self.stack.truncate(self.stack.len() - 2);
        self.emit(I::Select);
    }

    /// A block, loop or if that takes what lies on top, whatever it is.
    fn nest(&mut self) {
        let kind = self.choices.pick(&[Kind::Block, Kind::Loop, Kind::If]);
        if kind == Kind::If {
            self.arrange(&[V32]);
            self.stack.pop();
        }
        let most = (self.stack.len() - self.base()).min(3);
        let taken = self.choices.below(most + 1);
        let height = self.stack.len() - taken;
        let params = self.stack[height..].to_vec();
        let results = self.choices.values(3);
        let block = match (params.as_slice(), results.as_slice()) {
            ([], []) => BlockType::Empty,
            ([], [one]) => BlockType::Result(*one),
            _ => BlockType::FunctionType(self.types.index((params.clone(), results.clone()))),
        };
        self.emit(match kind {
            Kind::Loop => I::Loop(block),
            Kind::If => I::If(block),
            _ => I::Block(block),
        });
        self.labels.push(Label {
            kind,
            carries: if kind == Kind::Loop {
                params.clone()
            } else {
                results.clone()
            },
            height,
        });
        if !self.sequence() {
            self.settle(&results);
        }
        if kind == Kind::If && (params != results || self.choices.one_in(2)) {
            self.stack.truncate(height);
            self.stack.extend_from_slice(&params);
            self.emit(I::Else);
            if !self.sequence() {
                self.settle(&results);
            }
        }
        self.labels.pop();
        self.emit(I::End);
        self.stack.truncate(height);
        self.stack.extend(results);
    }

    /// A label by its depth.
    fn label(&mut self) -> (u32, Label) {
        let index = self.choices.below(self.labels.len());
        let depth = (self.labels.len() - 1 - index) as u32;
        (depth, self.labels[index].clone())
    }

    /// A condition; that of a loop holds only so many times.
    fn condition(&mut self, label: &Label) {
        self.supply(V32);
        if label.kind == Kind::Loop {
            let rounds = self.rounds();
            for instruction in [
                I::Drop,
                I::LocalGet(rounds),
                I::I32Const(1),
                I::I32Sub,
                I::LocalTee(rounds),
                I::I32Const(0),
                I::I32GtS,
            ] {
                self.emit(instruction);
            }
        } else if self.choices.one_in(2) {
            self.emit(I::I32Const(1));
            self.emit(I::I32And);
        }
    }

    fn branch_if(&mut self) {
        let (depth, label) = self.label();
        if self.labels.len() == 1 && self.callable == self.helpers.len() {
            return; // the entry point ends in one place
        }
        if label.kind == Kind::Function && self.callable == self.helpers.len() {
            return;
        }
        self.arrange(&label.carries);
        self.condition(&label);
        self.stack.pop();
        self.emit(I::BrIf(depth));
    }

    /// Leaves the block for good: by a branch, a table, a return or a trap.
    fn leave(&mut self) -> bool {
        if self.labels.len() < 2 || self.choices.one_in(2) {
            return false;
        }
        let is_entry = self.callable == self.helpers.len();
        let forward: Vec<u32> = (0..self.labels.len())
            .filter(|index| match self.labels[*index].kind {
                Kind::Loop => false,
                Kind::Function => !is_entry,
                Kind::Block | Kind::If => true,
            })
            .map(|index| (self.labels.len() - 1 - index) as u32)
            .collect();
        let Some(first) = (!forward.is_empty()).then(|| self.choices.pick(&forward)) else {
            return false;
        };
        let at =
            |body: &Self, depth: u32| body.labels[body.labels.len() - 1 - depth as usize].clone();
        let carries = at(self, first).carries;
        match self.choices.below(6) {
            0 => {
                self.arrange(&carries);
                self.emit(I::Br(first));
            }
            1..=3 => {
                let alike: Vec<u32> = forward
                    .into_iter()
                    .filter(|depth| at(self, *depth).carries == carries)
                    .collect();
                let count = self.choices.below(5);
                let targets: Vec<u32> = (0..count).map(|_| self.choices.pick(&alike)).collect();
                self.arrange(&carries);
                self.supply(V32);
                if self.choices.one_in(2) {
                    self.emit(I::I32Const(3));
                    self.emit(I::I32And);
                }
                self.emit(I::BrTable(targets.into(), first));
            }
            4 if !is_entry => {
                let results = self.labels[0].carries.clone();
                self.arrange(&results);
                self.emit(I::Return);
            }
            5 if self.choices.one_in(8) => self.emit(I::Unreachable),
            _ => return false,
        }
        // Code that nothing reaches.
        for _ in 0..self.choices.below(3) {
            match self.choices.below(4) {
                0 => self.emit(I::Nop),
                1 => self.code.extend([I::I64Eqz, I::Drop]),
                2 => self.code.extend([I::I32Add, I::I64ExtendI32U, I::Drop]),
                _ => self.code.extend([I::I32Const(1), I::Drop]),
            }
        }
        true
    }

    fn call(&mut self) {
        let first = self.imported.len() as u32;
        if self.callable == self.helpers.len() && self.choices.one_in(2) {
            let (params, results) = self.choices.pick(self.helpers);
            self.arrange(&params);
            self.supply(V32);
            if !self.choices.one_in(12) {
                self.emit(I::I32Const(3));
                self.emit(I::I32And);
                self.emit(I::I32Const(1));
                self.emit(I::I32Add);
            }
            let type_index = self.types.index((params.clone(), results.clone()));
            self.stack.truncate(self.stack.len() - params.len() - 1);
            self.emit(I::CallIndirect {
                type_index,
                table_index: 0,
            });
            self.stack.extend(results);
        } else if self.callable > 0 {
            let callee = self.choices.below(self.callable);
            let (params, results) = self.helpers[callee].clone();
            self.arrange(&params);
            self.stack.truncate(self.stack.len() - params.len());
            self.emit(I::Call(first + callee as u32));
            self.stack.extend(results);
        }
    }

    fn call_host(&mut self) {
        let index = self.choices.below(self.imported.len());
        let (name, (params, results)) = self.imported[index].clone();
        if name == "exit_early" && !self.choices.one_in(6) {
            return;
        }
        for ty in &params {
            self.supply(*ty);
            if *ty == V32 {
                self.emit(I::I32Const(0xfff));
                self.emit(I::I32And);
            }
        }
        self.stack.truncate(self.stack.len() - params.len());
        self.emit(I::Call(index as u32));
        self.stack.extend(results);
    }

    fn bulk(&mut self) {
        for mask in [0x3fff, 0x3fff, 0xff] {
            self.supply(V32);
            self.emit(I::I32Const(mask));
            self.emit(I::I32And);
        }
        self.stack.truncate(self.stack.len() - 3);
        let fills = self.choices.one_in(2);
        self.emit(if fills {
            I::MemoryFill(0)
        } else {
            I::MemoryCopy {
                src_mem: 0,
                dst_mem: 0,
            }
        });
    }

    fn grow(&mut self) {
        if self.choices.one_in(2) {
            return self.push(V32, I::MemorySize(0));
        }
        let pages = self.choices.pick(&[0, 0, 1, 1, 2, 65_536, -1]);
        self.push(V32, I::I32Const(pages));
        self.emit(I::MemoryGrow(0));
    }
}

fn plain(offset: u64) -> MemArg {
    MemArg {
        offset,
        align: 0,
        target: MemArgTarget::Memory(0),
        ordering: None,
    }
}
