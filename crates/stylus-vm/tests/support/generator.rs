//! Random modules that always end: every loop counts down.

use std::fmt::Write;

const BINARY: &[&str] = &[
    "add", "sub", "mul", "and", "or", "xor", "shl", "shr_s", "shr_u", "rotl", "rotr",
];
const COMPARE: &[&str] = &[
    "eq", "ne", "lt_s", "lt_u", "gt_s", "gt_u", "le_s", "le_u", "ge_s", "ge_u",
];
const DIVIDE: &[&str] = &["div_s", "div_u", "rem_s", "rem_u"];
const UNARY: &[&str] = &["clz", "ctz", "popcnt"];
const CONSTANTS: &[i64] = &[0, 1, -1, 2, 7, 31, 255, 65_537, 1_122_624_046, -137_132];

/// Functions before the entry point.
const HELPERS: u64 = 3;

/// A generator of one module.
pub struct Generator {
    state: u64,
    /// Innermost label depth that is not a loop, counted from the function.
    labels: Vec<bool>,
    /// Helpers that may be called: only earlier ones.
    callable: u64,
}

impl Generator {
    /// The text of the module of a seed.
    pub fn module(seed: u64) -> String {
        let state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        let mut it = Self {
            state,
            labels: Vec::new(),
            callable: 0,
        };
        let mut text = String::from(
            r#"(module
  (import "vm_hooks" "read_args" (func $read_args (param i32)))
  (import "vm_hooks" "write_result" (func $write_result (param i32 i32)))
  (memory (export "memory") 1 1)
  (type $helper (func (param i32 i64) (result i64)))
  (global $g (mut i32) (i32.const 5)) (global $h (mut i64) (i64.const -9))
  (table 3 funcref) (elem (i32.const 0) $f0 $f1 $f2)
"#,
        );
        // Locals everywhere: 0, 2, 4 and the counter 6 are i32; 1, 3 and 5 are i64.
        for helper in 0..HELPERS {
            it.callable = helper;
            let (body, result) = (it.statements(3), it.i64(3));
            writeln!(
                text,
                "(func $f{helper} (type $helper) (local i32 i64 i32 i64 i32)\n{body}\n{result})"
            )
            .unwrap();
        }
        it.callable = HELPERS;
        let body = it.statements(6);
        writeln!(
            text,
            r#"(func (export "user_entrypoint") (param i32) (result i32) (local i64 i32 i64 i32 i64 i32)
(call $read_args (i32.const 0)) {body}
(i64.store (i32.const 1100) (local.get 1)) (i64.store (i32.const 1108) (local.get 3))
(i32.store (i32.const 1116) (local.get 2)) (i32.store (i32.const 1120) (global.get $g))
(i64.store (i32.const 1124) (global.get $h))
(call $write_result (i32.const 960) (i32.const 192)) {})) "#,
            it.i32(2)
        )
        .unwrap();
        text
    }

    fn next(&mut self, bound: u64) -> u64 {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        (self.state >> 20) % bound
    }

    fn pick<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.next(list.len() as u64) as usize]
    }

    fn statements(&mut self, count: u64) -> String {
        let count = 1 + self.next(count);
        (0..count)
            .map(|_| self.statement(3))
            .collect::<Vec<_>>()
            .join("\n")
    }

    fn statement(&mut self, depth: u64) -> String {
        let kinds = if depth == 0 { 6 } else { 14 };
        match self.next(kinds) {
            0 => format!("(local.set {} {})", self.pick(&[0, 2, 4]), self.i32(depth)),
            1 => format!("(local.set {} {})", self.pick(&[1, 3, 5]), self.i64(depth)),
            2 => format!("(global.set $g {})", self.i32(depth)),
            3 => format!("(global.set $h {})", self.i64(depth)),
            4 => format!(
                "({} offset={} {} {})",
                self.pick(&["i32.store", "i32.store8"]),
                self.next(40),
                self.address(depth),
                self.i32(depth)
            ),
            5 => format!(
                "({} offset={} {} {})",
                self.pick(&["i64.store", "i64.store16"]),
                self.next(40),
                self.address(depth),
                self.i64(depth)
            ),
            6 => format!("(drop {})", self.i32(depth)),
            7 => {
                let condition = self.i32(depth - 1);
                self.labels.push(true);
                let (yes, no) = (self.statement(depth - 1), self.statement(depth - 1));
                self.labels.pop();
                format!("(if {condition} (then {yes}) (else {no}))")
            }
            8 => {
                self.labels.push(true);
                let body = self.statement(depth - 1);
                let condition = self.i32(depth - 1);
                let (depth_out, rest) = (self.outward(), self.statement(depth - 1));
                self.labels.pop();
                format!("(block {body} (br_if {depth_out} {condition}) {rest})")
            }
            9 => {
                self.labels.push(true);
                let body = self.statement(0);
                self.labels.pop();
                let times = 1 + self.next(4);
                format!(
                    "(local.set 6 (i32.const {times})) (loop {body} (br_if 0 (local.tee 6 (i32.sub (local.get 6) (i32.const 1)))))"
                )
            }
            10 => format!(
                "(block (block (block (br_table 0 1 2 1 {}) ) {} ) {})",
                self.i32(depth - 1),
                self.statement_in(2, depth - 1),
                self.statement_in(1, depth - 1)
            ),
            11 => format!(
                "(memory.{} (i32.and {} (i32.const 511)) {} (i32.and {} (i32.const 63)))",
                self.pick(&["fill", "copy"]),
                self.i32(1),
                self.address(1),
                self.i32(1)
            ),
            12 if self.labels.is_empty() && self.callable < HELPERS && self.next(3) == 0 => {
                format!("(if {} (then (return {})))", self.i32(1), self.i64(1))
            }
            _ => format!("(drop {})", self.i64(depth)),
        }
    }

    fn statement_in(&mut self, labels: usize, depth: u64) -> String {
        self.labels.extend(std::iter::repeat_n(true, labels));
        let text = self.statement(depth);
        self.labels.truncate(self.labels.len() - labels);
        text
    }

    /// A label to leave by; only blocks and ifs are counted, so none loops.
    fn outward(&mut self) -> u64 {
        self.next(2).min(self.labels.len() as u64 - 1)
    }

    fn address(&mut self, depth: u64) -> String {
        format!(
            "(i32.and {} (i32.const 1023))",
            self.i32(depth.saturating_sub(1))
        )
    }

    fn i32(&mut self, depth: u64) -> String {
        let below = depth.saturating_sub(1);
        match self.next(if depth == 0 { 3 } else { 13 }) {
            0 => format!("(i32.const {})", self.pick(CONSTANTS)),
            1 | 2 => format!("(local.get {})", self.pick(&[0, 2, 4])),
            3 => format!(
                "(i32.{} {} {})",
                self.pick(BINARY),
                self.i32(below),
                self.i32(below)
            ),
            4 => format!(
                "(i32.{} {} {})",
                self.pick(COMPARE),
                self.i32(below),
                self.i32(below)
            ),
            5 => format!(
                "(i64.{} {} {})",
                self.pick(COMPARE),
                self.i64(below),
                self.i64(below)
            ),
            6 => format!("(i32.eqz {})", self.i32(below)),
            7 => format!(
                "(select {} {} {})",
                self.i32(below),
                self.i32(below),
                self.i32(below)
            ),
            8 => format!(
                "(if (result i32) {} (then {}) (else {}))",
                self.i32(below),
                self.i32(below),
                self.i32(below)
            ),
            9 => format!(
                "({} offset={} {})",
                self.pick(&["i32.load", "i32.load8_u", "i32.load16_s"]),
                self.next(40),
                self.address(below)
            ),
            10 => format!("(local.tee {} {})", self.pick(&[0, 2, 4]), self.i32(below)),
            11 => match self.next(5) {
                0 => "(global.get $g)".to_owned(),
                1 => format!(
                    "(i32.{} {} {})",
                    self.pick(DIVIDE),
                    self.i32(below),
                    self.i32(below)
                ),
                2 => format!("(i32.wrap_i64 {})", self.i64(below)),
                3 => format!("(i64.eqz {})", self.i64(below)),
                _ => format!(
                    "(i32.{} {})",
                    self.pick(&["extend8_s", "extend16_s"]),
                    self.i32(below)
                ),
            },
            _ => format!("(i32.{} {})", self.pick(UNARY), self.i32(below)),
        }
    }

    fn i64(&mut self, depth: u64) -> String {
        let below = depth.saturating_sub(1);
        match self.next(if depth == 0 { 3 } else { 13 }) {
            0 => format!("(i64.const {})", self.pick(CONSTANTS)),
            1 | 2 => format!("(local.get {})", self.pick(&[1, 3, 5])),
            3 | 4 => format!(
                "(i64.{} {} {})",
                self.pick(BINARY),
                self.i64(below),
                self.i64(below)
            ),
            5 => format!(
                "(select {} {} {})",
                self.i64(below),
                self.i64(below),
                self.i32(below)
            ),
            6 => format!(
                "(i64.{} {})",
                self.pick(&["extend_i32_s", "extend_i32_u"]),
                self.i32(below)
            ),
            7 => format!("(block (result i64) {})", self.i64(below)),
            8 => format!(
                "({} offset={} {})",
                self.pick(&["i64.load", "i64.load8_s", "i64.load32_u"]),
                self.next(40),
                self.address(below)
            ),
            9 => format!("(local.tee {} {})", self.pick(&[1, 3, 5]), self.i64(below)),
            10 if self.callable > 0 => {
                let callee = self.next(self.callable);
                format!("(call $f{callee} {} {})", self.i32(below), self.i64(below))
            }
            11 if self.callable == HELPERS => {
                format!(
                    "(call_indirect (type $helper) {} {} (i32.and {} (i32.const 3)))",
                    self.i32(below),
                    self.i64(below),
                    self.i32(below)
                )
            }
            11 => match self.next(4) {
                0 => "(global.get $h)".to_owned(),
                1 => format!(
                    "(i64.{} {} {})",
                    self.pick(DIVIDE),
                    self.i64(below),
                    self.i64(below)
                ),
                _ => format!(
                    "(i64.{} {})",
                    self.pick(&["extend8_s", "extend16_s", "extend32_s"]),
                    self.i64(below)
                ),
            },
            _ => format!("(i64.{} {})", self.pick(UNARY), self.i64(below)),
        }
    }
}
