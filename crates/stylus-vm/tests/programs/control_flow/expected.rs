//! What a case returns, by the meaning of the instructions.

use super::cases::{Back, Case, Exit, Kind, Target, Type};
use super::operand::{CALLER, INNER, Operand, litter};
use super::text::{ARM, DEEP, ELSE_ARM, FAR, OUTER, ROUNDS, TAG_FACTOR, Tag};

/// The sum that everything goes into.
struct Sum(u64);

impl Sum {
    fn add(&mut self, value: u64) {
        self.0 = self.0.rotate_left(7) ^ value;
    }

    /// The topmost goes first.
    fn add_all(&mut self, values: &[u64]) {
        values.iter().rev().for_each(|value| self.add(*value));
    }

    /// New operands, each made of the sum.
    fn derive(&self, tag: Tag, types: &[Type]) -> Vec<u64> {
        let value = |(at, ty): (usize, &Type)| {
            let tag = (tag as u64) << 8 | at as u64;
            let value = self.0.wrapping_mul(TAG_FACTOR).wrapping_add(tag);
            match ty {
                Type::I32 => u64::from(value as u32),
                Type::I64 => value,
            }
        };
        types.iter().enumerate().map(value).collect()
    }
}

/// Where control goes from an exit; `None` is the end of the block that the exit stands in.
enum Way {
    To(Option<Target>, Vec<u64>),
    Return(Vec<u64>),
}

fn values(operands: &[Operand]) -> Vec<u64> {
    operands.iter().map(|operand| operand.value).collect()
}

/// The words of the output, in order.
pub(super) fn words(case: &Case) -> Vec<u64> {
    let mut sum = Sum(1);
    let way = construct(case, &mut sum);
    let (stored, returned) = match way {
        Way::Return(results) => (None, results),
        Way::To(target, mut results) => {
            if !matches!(target, Some(Target::Outer | Target::Far)) {
                // The end of the block itself: what waited between the two comes into the sum.
                sum.add(litter(case).value);
            }
            if target != Some(Target::Far) {
                sum.add(OUTER);
            }
            sum.add(FAR);
            results.extend(values(&Operand::waiting(case)));
            (Some(results), sum.derive(Tag::Called, case.results))
        }
    };
    let mut words = stored.unwrap_or_else(|| vec![0; case.results.len() + case.waiting.len()]);
    words.extend(returned);
    words.extend(values(&Operand::list(
        case,
        CALLER,
        &[Type::I64, Type::I32],
    )));
    words.push(sum.0);
    words
}

fn construct(case: &Case, sum: &mut Sum) -> Way {
    let mut params = values(&Operand::params(case));
    let mut rounds = ROUNDS;
    loop {
        let arm = match case.kind {
            Kind::IfAlone { holds: false } => return Way::To(None, params),
            Kind::If { holds: false } => ELSE_ARM,
            _ => ARM,
        };
        if !case.keeps {
            sum.add_all(&params);
        }
        sum.add(arm);
        if let Kind::Loop(back) = case.kind {
            rounds -= 1;
            let next = sum.derive(Tag::Round, case.params);
            if rounds > 0 {
                params = next;
                continue;
            }
            match back {
                Back::Br => {}
                Back::BrIf | Back::BrTable => sum.add_all(&next),
            }
        }
        break;
    }
    let below = if case.keeps {
        params
    } else {
        vec![case.mixed(INNER)]
    };
    if !case.deep {
        return exit(case, sum, &below);
    }
    match exit(case, sum, &[DEEP]) {
        Way::To(None, results) => {
            sum.add_all(&below);
            Way::To(None, results)
        }
        way => way,
    }
}

fn exit(case: &Case, sum: &mut Sum, below: &[u64]) -> Way {
    let carried = sum.derive(Tag::Carried, case.results);
    match case.exit {
        Exit::Return => Way::Return(carried),
        Exit::Br(to) | Exit::BrIf { to, holds: true } => Way::To(Some(to), carried),
        Exit::BrTable(index) => {
            let table = case.table();
            Way::To(Some(table[(index as u32).min(2) as usize]), carried)
        }
        Exit::BrIf { holds: false, .. } => {
            sum.add_all(&carried);
            sum.add_all(below);
            Way::To(None, sum.derive(Tag::Fallen, case.results))
        }
        Exit::FallThrough => {
            sum.add_all(below);
            Way::To(None, sum.derive(Tag::Fallen, case.results))
        }
    }
}
