//! The module of a case.

use std::fmt::Write;

use super::cases::{Back, Case, Exit, Kind, Target, Type};
use super::operand::{CALLER, INNER, Operand, litter};

/// Times that a loop's body runs.
pub(super) const ROUNDS: u32 = 3;
/// What the arms and the ends of the blocks around bring into the sum.
pub(super) const ARM: u64 = 3;
pub(super) const ELSE_ARM: u64 = 5;
pub(super) const OUTER: u64 = 55;
pub(super) const FAR: u64 = 77;
/// The parameter of the block that an exit may stand in.
pub(super) const DEEP: u64 = 99;
/// Odd, so that no two sums make the same operand.
pub(super) const TAG_FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;

/// Salts of choices.
const DYNAMIC: u64 = 50;

/// What operands are made for.
#[derive(Clone, Copy)]
pub(super) enum Tag {
    Carried = 1,
    Fallen,
    Round,
    Called,
}

/// Length of the calldata, which no compiler can know.
const LENGTH: i64 = crate::outcome::CALLDATA.len() as i64;
impl Target {
    const fn label(self) -> &'static str {
        match self {
            Self::Own => "$own",
            Self::Outer => "$outer",
            Self::Far => "$far",
        }
    }
}

fn concat(parts: impl IntoIterator<Item = String>) -> String {
    parts.into_iter().collect()
}

fn list(keyword: &str, types: &[Type]) -> String {
    concat(types.iter().map(|ty| format!("({keyword} {}) ", ty.name())))
}

/// Adds the top of the stack to the sum.
fn add(ty: Type) -> String {
    let extend = if ty == Type::I32 {
        "i64.extend_i32_u "
    } else {
        ""
    };
    format!("{extend}(i64.rotl (global.get $sum) (i64.const 7)) i64.xor global.set $sum\n")
}

fn add_all(types: &[Type]) -> String {
    concat(types.iter().rev().map(|ty| add(*ty)))
}

fn add_constant(value: u64) -> String {
    format!("i64.const {}\n{}", value as i64, add(Type::I64))
}

/// Pushes operands made of the sum.
fn derive(tag: Tag, types: &[Type]) -> String {
    let value = |(at, ty): (usize, &Type)| {
        let wide = format!(
            "(i64.add (i64.mul (global.get $sum) (i64.const {})) (i64.const {}))",
            TAG_FACTOR as i64,
            (tag as u64) << 8 | at as u64
        );
        match ty {
            Type::I32 => format!("(i32.wrap_i64 {wide})\n"),
            Type::I64 => format!("{wide}\n"),
        }
    };
    concat(types.iter().enumerate().map(value))
}

/// Takes operands off the stack and puts them back over what `beneath` did to those below.
fn over(types: &[Type], beneath: &str) -> String {
    let locals = |op: &str| {
        let each = |(at, ty): (usize, &Type)| format!("local.{op} $r{at}{}\n", ty.name());
        types.iter().enumerate().map(each).collect::<Vec<_>>()
    };
    let (set, get) = (locals("set"), locals("get"));
    format!("{}{beneath}{}", concat(set.into_iter().rev()), concat(get))
}

/// Takes operands off the stack and stores them one after the other.
fn store(types: &[Type], first: usize) -> String {
    let each = |(at, ty): (usize, &Type)| {
        let (name, to) = (ty.name(), 8 * (first + at));
        let load = format!("(local.get $r{at}{name})");
        let wide = match ty {
            Type::I32 => format!("(i64.extend_i32_u {load})"),
            Type::I64 => load,
        };
        format!("local.set $r{at}{name} (i64.store (i32.const {to}) {wide})\n")
    };
    let stores: Vec<_> = types.iter().enumerate().map(each).collect();
    concat(stores.into_iter().rev())
}

/// An i32 that is known to the compiler or not.
fn number(case: &Case, value: i64) -> String {
    if case.mixed(DYNAMIC).is_multiple_of(2) {
        return format!("i32.const {value}\n");
    }
    format!("(i32.add (local.get $n) (i32.const {}))\n", value - LENGTH)
}

pub(super) fn module(case: &Case) -> String {
    let all: Vec<_> = Operand::waiting(case)
        .into_iter()
        .chain(Operand::params(case))
        .chain([litter(case)])
        .collect();
    let caller = Operand::list(case, CALLER, &[Type::I64, Type::I32]);
    let caller_types: Vec<_> = caller.iter().map(|operand| operand.ty).collect();
    let mut scratch = String::new();
    for at in 0..3 {
        for ty in [Type::I32, Type::I64] {
            let _ = write!(scratch, "(local $r{at}{0} {0})", ty.name());
        }
    }
    let (results, waiting) = (case.results, case.waiting);
    let mut first = results.len() + waiting.len();
    let returned = store(results, first);
    first += results.len();
    let kept = store(&caller_types, first);
    first += caller.len();
    format!(
        r#"(module
(import "vm_hooks" "write_result" (func $write (param i32 i32)))
(memory (export "memory") 1 1)
(global $sum (mut i64) (i64.const 1))
{globals}
(func $case (param $n i32) {result_list} (local $rounds i32) {scratch} {locals}
(local.set $rounds (i32.const {ROUNDS}))
{placed}
{waiting_get}
(block $far {result_list}
  (block $outer {result_list}
    {litter_get}
    {construct}
    {clear_litter}
  )
  {outer}
)
{far}
{store_results}
{store_waiting}
{called}
)
(func (export "user_entrypoint") (param $n i32) (result i32) {scratch} {caller_locals}
{caller_placed}
{caller_get}
(call $case (local.get $n))
{caller_spoilt}
{returned}
{kept}
(i64.store (i32.const {sum_at}) (global.get $sum))
(call $write (i32.const 0) (i32.const {len}))
i32.const 0)
)"#,
        globals = concat(all.iter().chain(&caller).map(Operand::global)),
        result_list = list("result", results),
        locals = concat(all.iter().map(Operand::local)),
        placed = concat(all.iter().map(Operand::place)),
        waiting_get = concat(Operand::waiting(case).iter().map(Operand::get)),
        litter_get = litter(case).get(),
        construct = construct(case, &all),
        clear_litter = over(results, &add(Type::I64)),
        outer = add_constant(OUTER),
        far = add_constant(FAR),
        store_results = store(results, 0),
        store_waiting = store(waiting, results.len()),
        called = derive(Tag::Called, results),
        caller_locals = concat(caller.iter().map(Operand::local)),
        caller_placed = concat(caller.iter().map(Operand::place)),
        caller_get = concat(caller.iter().map(Operand::get)),
        caller_spoilt = concat(caller.iter().map(Operand::spoil)),
        sum_at = 8 * first,
        len = 8 * (first + 1),
    )
}

/// The block of the case, with its parameters.
fn construct(case: &Case, all: &[Operand]) -> String {
    let params = concat(Operand::params(case).iter().map(Operand::get));
    let signature = format!(
        "{}{}",
        list("param", case.params),
        list("result", case.results)
    );
    let arm = |mark| arm(case, mark, all);
    match case.kind {
        Kind::Block => format!("{params}(block $own {signature}\n{})", arm(ARM)),
        Kind::Loop(_) => format!("{params}(loop $own {signature}\n{})", arm(ARM)),
        Kind::If { holds } => format!(
            "{params}{}if $own {signature}\n{}else\n{}end\n",
            number(case, holds.into()),
            arm(ARM),
            arm(ELSE_ARM)
        ),
        Kind::IfAlone { holds } => format!(
            "{params}{}if $own {signature}\n{}end\n",
            number(case, holds.into()),
            arm(ARM)
        ),
    }
}

fn arm(case: &Case, mark: u64, all: &[Operand]) -> String {
    let mut text = String::new();
    if !case.keeps {
        text += &add_all(case.params);
    }
    text += &concat(all.iter().map(Operand::spoil));
    text += &add_constant(mark);
    if let Kind::Loop(back) = case.kind {
        text += &round(case, back);
    }
    let below = if case.keeps {
        case.params
    } else {
        &[Type::I64]
    };
    if !case.keeps {
        text += &format!("i64.const {}\n", case.mixed(INNER) as i64);
    }
    if !case.deep {
        return text + &exit(case, below);
    }
    let (results, inner) = (list("result", case.results), exit(case, &[Type::I64]));
    text += &format!("i64.const {DEEP}\n(block $deep (param i64) {results}\n{inner})\n");
    text + &over(case.results, &add_all(below))
}

/// Goes round while there are rounds left.
fn round(case: &Case, back: Back) -> String {
    let next = derive(Tag::Round, case.params);
    let goes =
        "(i32.gt_s (local.tee $rounds (i32.sub (local.get $rounds) (i32.const 1))) (i32.const 0))";
    let clear = add_all(case.params);
    match back {
        Back::Br => format!("{goes}\nif\n{next}br $own\nend\n"),
        Back::BrIf => format!("{next}{goes}\nbr_if $own\n{clear}"),
        Back::BrTable => format!(
            "(block $on {}\ni64.const 4\n{next}{goes}\nbr_table $on $own $on)\n{clear}",
            list("result", case.params)
        ),
    }
}

/// Leaves a block where operands lie below.
fn exit(case: &Case, below: &[Type]) -> String {
    let carried = derive(Tag::Carried, case.results);
    let fallen = format!("{}{}", add_all(below), derive(Tag::Fallen, case.results));
    match case.exit {
        Exit::FallThrough => fallen,
        Exit::Return => format!("{carried}return\n"),
        Exit::Br(to) => format!("{carried}br {}\n", to.label()),
        Exit::BrIf { to, holds } => format!(
            "{carried}{}br_if {}\n{}{fallen}",
            number(case, holds.into()),
            to.label(),
            add_all(case.results)
        ),
        Exit::BrTable(index) => {
            let [first, second, default] = case.table().map(Target::label);
            let index = number(case, index.into());
            format!("{carried}{index}br_table {first} {second} {default}\n")
        }
    }
}
