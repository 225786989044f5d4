//! A slow interpreter of unmetered modules that counts ink by the rules.
//!
//! Independent of the crate on purpose: it walks the original operators, knows
//! prices as a list of names, and charges a block when it enters one.

use std::collections::HashMap;

use wasmparser::{BlockType, FuncType, Operator, Parser, Payload};

const HEADER: u64 = 2_450;
const READ_ARGS: u64 = 8_400 + 5_040;
const WRITE_RESULT: u64 = 8_400 + 2 * 16_381;

/// Names of operators (as they print) and their ink.
const PRICES: &[(&str, u64)] = &[
    (
        "Unreachable Return Nop I32Const I64Const Block Loop Else End",
        1,
    ),
    ("Drop", 9),
    ("Br BrIf If", 765),
    ("Select", 1_250),
    ("Call", 3_800),
    ("LocalGet LocalTee", 75),
    ("LocalSet", 210),
    ("GlobalGet", 225),
    ("GlobalSet", 575),
    ("I32Load I32Load8S I32Load8U I32Load16S I32Load16U", 670),
    (
        "I64Load I64Load8S I64Load8U I64Load16S I64Load16U I64Load32S I64Load32U",
        680,
    ),
    ("I32Store I32Store8 I32Store16", 825),
    (
        "I64Store I64Store8 I64Store16 I64Store32 MemoryCopy MemoryFill",
        950,
    ),
    (
        "I32Eqz I32Eq I32Ne I32LtS I32LtU I32GtS I32GtU I32LeS I32LeU I32GeS I32GeU",
        170,
    ),
    (
        "I64Eqz I64Eq I64Ne I64LtS I64LtU I64GtS I64GtU I64LeS I64LeU I64GeS I64GeU",
        225,
    ),
    ("I32Clz I32Ctz I64Clz I64Ctz", 210),
    ("I32Popcnt", 2_650),
    ("I64Popcnt", 6_000),
    (
        "I32Add I32Sub I32And I32Or I32Xor I32Shl I32ShrS I32ShrU I32Rotl I32Rotr",
        70,
    ),
    (
        "I64Add I64Sub I64And I64Or I64Xor I64Shl I64ShrS I64ShrU I64Rotl I64Rotr",
        100,
    ),
    ("I32Mul I64Mul", 160),
    ("I32DivS I32DivU I32RemS I32RemU", 1_120),
    ("I64DivS I64DivU I64RemS I64RemU", 1_270),
    (
        "I32WrapI64 I64ExtendI32S I64ExtendI32U I32Extend8S I32Extend16S",
        100,
    ),
    ("I64Extend8S I64Extend16S I64Extend32S", 100),
];

/// How a run ended: output and ink, or a trap.
#[derive(Debug, PartialEq, Eq)]
pub enum End {
    Returned {
        status: u32,
        output: Vec<u8>,
        ink: u64,
    },
    Trapped {
        ink: u64,
    },
}

struct Function<'a> {
    ty: usize,
    locals: usize,
    ops: Vec<Operator<'a>>,
    /// Index of the `end` (and `else`) of each opening operator.
    ends: HashMap<usize, (usize, Option<usize>)>,
    /// Ink to pay before the operator at an index.
    blocks: HashMap<usize, u64>,
}

pub struct Interpreter<'a> {
    types: Vec<FuncType>,
    imports: Vec<&'a str>,
    functions: Vec<Function<'a>>,
    elements: Vec<u32>,
    globals: Vec<u64>,
    memory: Vec<u8>,
    args: Vec<u8>,
    output: Vec<u8>,
    ink: u64,
}

struct Trap;

/// Where control goes after an operator sequence.
enum Flow {
    Next,
    Branch(u32),
    Return,
}

impl<'a> Interpreter<'a> {
    /// Reads a module of one page, one table and i32/i64 globals.
    pub fn new(wasm: &'a [u8]) -> Self {
        let mut it = Self {
            types: Vec::new(),
            imports: Vec::new(),
            functions: Vec::new(),
            elements: Vec::new(),
            globals: Vec::new(),
            memory: vec![0; 65_536],
            args: Vec::new(),
            output: Vec::new(),
            ink: 0,
        };
        let (mut kinds, mut next) = (Vec::new(), 0);
        for payload in Parser::new(0).parse_all(wasm) {
            match payload.unwrap() {
                Payload::TypeSection(types) => {
                    it.types = types
                        .into_iter_err_on_gc_types()
                        .map(Result::unwrap)
                        .collect();
                }
                Payload::ImportSection(imports) => {
                    it.imports = imports.into_imports().map(|i| i.unwrap().name).collect();
                }
                Payload::FunctionSection(list) => {
                    kinds = list.into_iter().map(Result::unwrap).collect();
                }
                Payload::GlobalSection(globals) => {
                    for global in globals {
                        match global
                            .unwrap()
                            .init_expr
                            .get_operators_reader()
                            .read()
                            .unwrap()
                        {
                            Operator::I32Const { value } => it.globals.push(value as u32 as u64),
                            Operator::I64Const { value } => it.globals.push(value as u64),
                            other => panic!("{other:?}"),
                        }
                    }
                }
                Payload::ElementSection(elements) => {
                    for element in elements {
                        let wasmparser::ElementItems::Functions(items) = element.unwrap().items
                        else {
                            panic!("expressions")
                        };
                        it.elements.extend(items.into_iter().map(Result::unwrap));
                    }
                }
                Payload::CodeSectionEntry(body) => {
                    let locals = body.get_locals_reader().unwrap();
                    let locals = locals.into_iter().map(|l| l.unwrap().0 as usize).sum();
                    let ops = body.get_operators_reader().unwrap();
                    let ops: Vec<_> = ops.into_iter().map(Result::unwrap).collect();
                    let (ends, blocks) = (match_ends(&ops), it.price_blocks(&ops));
                    it.functions.push(Function {
                        ty: kinds[next] as usize,
                        locals,
                        ops,
                        ends,
                        blocks,
                    });
                    next += 1;
                }
                _ => {}
            }
        }
        it
    }

    /// Runs the last function, which is the entry point.
    pub fn run(mut self, args: &[u8]) -> End {
        self.args = args.to_vec();
        let entry = (self.imports.len() + self.functions.len() - 1) as u32;
        let mut stack = vec![args.len() as u64];
        match self.call(entry, &mut stack) {
            Ok(()) => {
                let status = stack.pop().unwrap() as u32;
                End::Returned {
                    status,
                    output: self.output,
                    ink: self.ink,
                }
            }
            Err(Trap) => End::Trapped { ink: self.ink },
        }
    }

    fn price_blocks(&self, ops: &[Operator<'_>]) -> HashMap<usize, u64> {
        let mut blocks = HashMap::new();
        let (mut start, mut cost) = (0, HEADER);
        for (index, op) in ops.iter().enumerate() {
            cost += self.price(op);
            let ending = "End Else Return Loop Br BrIf BrTable If Call CallIndirect";
            if ending.split(' ').any(|name| name == name_of(op)) {
                blocks.insert(start, cost);
                (start, cost) = (index + 1, HEADER);
            }
        }
        blocks
    }

    fn price(&self, op: &Operator<'_>) -> u64 {
        match op {
            Operator::BrTable { targets } => 2_400 + 325 * u64::from(targets.len()),
            Operator::CallIndirect { type_index, .. } => {
                13_610 + 650 * self.types[*type_index as usize].params().len() as u64
            }
            op => {
                let name = name_of(op);
                let row = PRICES
                    .iter()
                    .find(|(names, _)| names.split(' ').any(|n| n == name));
                row.unwrap_or_else(|| panic!("no price for {name}")).1
            }
        }
    }

    fn call(&mut self, index: u32, stack: &mut Vec<u64>) -> Result<(), Trap> {
        let index = index as usize;
        if let Some(name) = self.imports.get(index) {
            return self.host(name, stack);
        }
        let number = index - self.imports.len();
        let ty = &self.types[self.functions[number].ty];
        let (params, results) = (ty.params().len(), ty.results().len());
        let mut locals = stack.split_off(stack.len() - params);
        locals.resize(params + self.functions[number].locals, 0);
        let base = stack.len();
        let last = self.functions[number].ops.len() - 1;
        self.sequence(number, 0, last, &mut locals, stack)?;
        let kept = stack.split_off(stack.len() - results);
        stack.truncate(base);
        stack.extend(kept);
        Ok(())
    }

    fn host(&mut self, name: &str, stack: &mut Vec<u64>) -> Result<(), Trap> {
        match name {
            "read_args" => {
                let dest = stack.pop().unwrap() as u32 as usize;
                self.ink += READ_ARGS + 30 * (self.args.len() as u64).saturating_sub(32);
                let end = dest + self.args.len();
                self.memory
                    .get_mut(dest..end)
                    .ok_or(Trap)?
                    .copy_from_slice(&self.args);
            }
            "write_result" => {
                let len = stack.pop().unwrap() as u32 as usize;
                let data = stack.pop().unwrap() as u32 as usize;
                self.ink += WRITE_RESULT + 2 * 55 * (len as u64).saturating_sub(32);
                self.output = self.memory.get(data..data + len).ok_or(Trap)?.to_vec();
            }
            other => panic!("{other}"),
        }
        Ok(())
    }

    /// Runs operators from `at` up to and including `last`.
    fn sequence(
        &mut self,
        function: usize,
        mut at: usize,
        last: usize,
        locals: &mut Vec<u64>,
        stack: &mut Vec<u64>,
    ) -> Result<Flow, Trap> {
        while at <= last {
            if let Some(cost) = self.functions[function].blocks.get(&at) {
                self.ink += cost;
            }
            let op = self.functions[function].ops[at].clone();
            match op {
                Operator::Block { blockty }
                | Operator::Loop { blockty }
                | Operator::If { blockty } => {
                    let (end, otherwise) = self.functions[function].ends[&at];
                    let results = usize::from(matches!(blockty, BlockType::Type(_)));
                    let is_loop = matches!(op, Operator::Loop { .. });
                    let mut from = at + 1;
                    let mut to = end;
                    if matches!(op, Operator::If { .. }) {
                        if stack.pop().unwrap() as u32 == 0 {
                            // Without an `else` control goes behind the `end`, whose block is inside.
                            from = otherwise.unwrap_or(end) + 1;
                        } else if let Some(index) = otherwise {
                            to = index;
                        }
                    }
                    let height = stack.len();
                    loop {
                        match self.sequence(function, from, to, locals, stack)? {
                            Flow::Next => break,
                            Flow::Return => return Ok(Flow::Return),
                            Flow::Branch(0) if is_loop => stack.truncate(height),
                            Flow::Branch(0) => {
                                let kept = stack.split_off(stack.len() - results);
                                stack.truncate(height);
                                stack.extend(kept);
                                break;
                            }
                            Flow::Branch(depth) => return Ok(Flow::Branch(depth - 1)),
                        }
                    }
                    at = end + 1;
                    continue;
                }
                Operator::Br { relative_depth } => return Ok(Flow::Branch(relative_depth)),
                Operator::BrIf { relative_depth } => {
                    if stack.pop().unwrap() as u32 != 0 {
                        return Ok(Flow::Branch(relative_depth));
                    }
                }
                Operator::BrTable { targets } => {
                    let index = stack.pop().unwrap() as u32 as usize;
                    let list: Vec<u32> = targets.targets().map(Result::unwrap).collect();
                    let depth = list.get(index).copied().unwrap_or(targets.default());
                    return Ok(Flow::Branch(depth));
                }
                Operator::Return => return Ok(Flow::Return),
                Operator::Call { function_index } => self.call(function_index, stack)?,
                Operator::CallIndirect { type_index, .. } => {
                    let index = stack.pop().unwrap() as u32 as usize;
                    let callee = *self.elements.get(index).ok_or(Trap)?;
                    let ty = self.functions[callee as usize - self.imports.len()].ty;
                    if self.types[ty] != self.types[type_index as usize] {
                        return Err(Trap);
                    }
                    self.call(callee, stack)?;
                }
                op => self.simple(&op, locals, stack)?,
            }
            at += 1;
        }
        Ok(Flow::Next)
    }

    fn simple(
        &mut self,
        op: &Operator<'_>,
        locals: &mut [u64],
        stack: &mut Vec<u64>,
    ) -> Result<(), Trap> {
        use Operator as O;
        match op {
            O::Unreachable => return Err(Trap),
            O::Nop | O::End | O::Else => {}
            O::I32Const { value } => stack.push(*value as u32 as u64),
            O::I64Const { value } => stack.push(*value as u64),
            O::LocalGet { local_index } => stack.push(locals[*local_index as usize]),
            O::LocalSet { local_index } => locals[*local_index as usize] = stack.pop().unwrap(),
            O::LocalTee { local_index } => locals[*local_index as usize] = *stack.last().unwrap(),
            O::GlobalGet { global_index } => stack.push(self.globals[*global_index as usize]),
            O::GlobalSet { global_index } => {
                self.globals[*global_index as usize] = stack.pop().unwrap();
            }
            O::Drop => drop(stack.pop()),
            O::Select => {
                let condition = stack.pop().unwrap() as u32;
                let other = stack.pop().unwrap();
                if condition == 0 {
                    *stack.last_mut().unwrap() = other;
                }
            }
            O::MemoryFill { .. } => {
                let (len, value) = (stack.pop().unwrap(), stack.pop().unwrap() as u8);
                let dest = stack.pop().unwrap() as usize;
                self.ink += 100 * len;
                self.memory
                    .get_mut(dest..dest + len as usize)
                    .ok_or(Trap)?
                    .fill(value);
            }
            O::MemoryCopy { .. } => {
                let (len, from) = (stack.pop().unwrap() as usize, stack.pop().unwrap() as usize);
                let dest = stack.pop().unwrap() as usize;
                self.ink += 100 * len as u64;
                if from + len > self.memory.len() || dest + len > self.memory.len() {
                    return Err(Trap);
                }
                self.memory.copy_within(from..from + len, dest);
            }
            O::I32Load { memarg } => self.load(memarg.offset, 4, None, false, stack)?,
            O::I32Load8U { memarg } => self.load(memarg.offset, 1, None, false, stack)?,
            O::I32Load16S { memarg } => self.load(memarg.offset, 2, Some(16), false, stack)?,
            O::I64Load { memarg } => self.load(memarg.offset, 8, None, true, stack)?,
            O::I64Load8S { memarg } => self.load(memarg.offset, 1, Some(8), true, stack)?,
            O::I64Load32U { memarg } => self.load(memarg.offset, 4, None, true, stack)?,
            O::I32Store { memarg } => self.store(memarg.offset, 4, stack)?,
            O::I32Store8 { memarg } => self.store(memarg.offset, 1, stack)?,
            O::I64Store { memarg } => self.store(memarg.offset, 8, stack)?,
            O::I64Store16 { memarg } => self.store(memarg.offset, 2, stack)?,
            op => return arithmetic(op, stack),
        }
        Ok(())
    }

    fn load(
        &self,
        offset: u64,
        width: usize,
        sign: Option<u32>,
        wide: bool,
        stack: &mut Vec<u64>,
    ) -> Result<(), Trap> {
        let at = (stack.pop().unwrap() as u32 as u64 + offset) as usize;
        let bytes = self.memory.get(at..at + width).ok_or(Trap)?;
        let mut value = bytes
            .iter()
            .rev()
            .fold(0u64, |sum, byte| sum << 8 | u64::from(*byte));
        if let Some(bits) = sign {
            value = ((value << (64 - bits)) as i64 >> (64 - bits)) as u64;
        }
        stack.push(if wide { value } else { value as u32 as u64 });
        Ok(())
    }

    fn store(&mut self, offset: u64, width: usize, stack: &mut Vec<u64>) -> Result<(), Trap> {
        let value = stack.pop().unwrap();
        let at = (stack.pop().unwrap() as u32 as u64 + offset) as usize;
        let target = self.memory.get_mut(at..at + width).ok_or(Trap)?;
        target.copy_from_slice(&value.to_le_bytes()[..width]);
        Ok(())
    }
}

fn name_of(op: &Operator<'_>) -> String {
    let text = format!("{op:?}");
    text.split([' ', '(']).next().unwrap().to_owned()
}

fn match_ends(ops: &[Operator<'_>]) -> HashMap<usize, (usize, Option<usize>)> {
    let (mut open, mut ends) = (Vec::new(), HashMap::new());
    for (index, op) in ops.iter().enumerate() {
        match op {
            Operator::Block { .. } | Operator::Loop { .. } | Operator::If { .. } => {
                open.push((index, None));
            }
            Operator::Else => open.last_mut().unwrap().1 = Some(index),
            Operator::End => {
                if let Some((start, otherwise)) = open.pop() {
                    ends.insert(start, (index, otherwise));
                }
            }
            _ => {}
        }
    }
    ends
}

fn arithmetic(op: &Operator<'_>, stack: &mut Vec<u64>) -> Result<(), Trap> {
    use Operator as O;
    let b = stack.pop().unwrap();
    let narrow = b as u32;
    let one = match op {
        O::I32Eqz => Some(u64::from(narrow == 0)),
        O::I64Eqz => Some(u64::from(b == 0)),
        O::I32Clz => Some(narrow.leading_zeros().into()),
        O::I32Ctz => Some(narrow.trailing_zeros().into()),
        O::I32Popcnt => Some(narrow.count_ones().into()),
        O::I64Clz => Some(b.leading_zeros().into()),
        O::I64Ctz => Some(b.trailing_zeros().into()),
        O::I64Popcnt => Some(b.count_ones().into()),
        O::I32WrapI64 | O::I64ExtendI32U => Some(narrow.into()),
        O::I64ExtendI32S | O::I64Extend32S => Some(narrow as i32 as i64 as u64),
        O::I32Extend8S => Some(narrow as i8 as i32 as u32 as u64),
        O::I32Extend16S => Some(narrow as i16 as i32 as u32 as u64),
        O::I64Extend8S => Some(b as i8 as i64 as u64),
        O::I64Extend16S => Some(b as i16 as i64 as u64),
        _ => None,
    };
    if let Some(value) = one {
        stack.push(value);
        return Ok(());
    }
    let a = stack.pop().unwrap();
    let (x, y, s, t) = (a as u32, narrow, a as i64, b as i64);
    let (p, q) = (x as i32, y as i32);
    let divided = |value: Option<u64>| value.ok_or(Trap);
    stack.push(match op {
        O::I32Add => x.wrapping_add(y).into(),
        O::I32Sub => x.wrapping_sub(y).into(),
        O::I32Mul => x.wrapping_mul(y).into(),
        O::I32DivS => divided(p.checked_div(q).map(|v| v as u32 as u64))?,
        O::I32DivU => divided(x.checked_div(y).map(u64::from))?,
        O::I32RemS if q == 0 => return Err(Trap),
        O::I32RemS => p.wrapping_rem(q) as u32 as u64,
        O::I32RemU => divided(x.checked_rem(y).map(u64::from))?,
        O::I32And => (x & y).into(),
        O::I32Or => (x | y).into(),
        O::I32Xor => (x ^ y).into(),
        O::I32Shl => x.wrapping_shl(y).into(),
        O::I32ShrS => p.wrapping_shr(y) as u32 as u64,
        O::I32ShrU => x.wrapping_shr(y).into(),
        O::I32Rotl => x.rotate_left(y % 32).into(),
        O::I32Rotr => x.rotate_right(y % 32).into(),
        O::I32Eq => u64::from(x == y),
        O::I32Ne => u64::from(x != y),
        O::I32LtS => u64::from(p < q),
        O::I32LtU => u64::from(x < y),
        O::I32GtS => u64::from(p > q),
        O::I32GtU => u64::from(x > y),
        O::I32LeS => u64::from(p <= q),
        O::I32LeU => u64::from(x <= y),
        O::I32GeS => u64::from(p >= q),
        O::I32GeU => u64::from(x >= y),
        O::I64Add => a.wrapping_add(b),
        O::I64Sub => a.wrapping_sub(b),
        O::I64Mul => a.wrapping_mul(b),
        O::I64DivS => divided(s.checked_div(t).map(|v| v as u64))?,
        O::I64DivU => divided(a.checked_div(b))?,
        O::I64RemS if t == 0 => return Err(Trap),
        O::I64RemS => s.wrapping_rem(t) as u64,
        O::I64RemU => divided(a.checked_rem(b))?,
        O::I64And => a & b,
        O::I64Or => a | b,
        O::I64Xor => a ^ b,
        O::I64Shl => a.wrapping_shl(y),
        O::I64ShrS => s.wrapping_shr(y) as u64,
        O::I64ShrU => a.wrapping_shr(y),
        O::I64Rotl => a.rotate_left(y % 64),
        O::I64Rotr => a.rotate_right(y % 64),
        O::I64Eq => u64::from(a == b),
        O::I64Ne => u64::from(a != b),
        O::I64LtS => u64::from(s < t),
        O::I64LtU => u64::from(a < b),
        O::I64GtS => u64::from(s > t),
        O::I64GtU => u64::from(a > b),
        O::I64LeS => u64::from(s <= t),
        O::I64LeU => u64::from(a <= b),
        O::I64GeS => u64::from(s >= t),
        O::I64GeU => u64::from(a >= b),
        other => panic!("{other:?}"),
    });
    Ok(())
}
