//! Writes a room with its mutants behind switches.
//!
//! Comments mark where the text of a mutant begins and ends, by number: a compiler's complaint about a place between
//! them is about that mutant.

use crate::mutation::{Kind, Mutant, Site, Span};
use std::fmt::Write as _;

/// How a room asks for its switch.
const ON: &str = "crate::mutation_switch::on";

/// The switch of a crate: an import, which becomes a constant before a module is run.
const SWITCH: &str = r#"
#[cfg(target_arch = "wasm32")]
mod mutation_switch {
    #[link(wasm_import_module = "mutation")]
    unsafe extern "C" {
        #[unsafe(ffi_const)]
        #[link_name = "on"]
        safe fn chosen(id: u32) -> u32;
    }
    #[inline(always)]
    pub(crate) fn on(id: u32) -> bool {
        chosen(id) != 0
    }
}
"#;

/// A room as it is written: the root of a crate has the switch beside what it holds.
pub fn with_switch(room: &str, text: String) -> String {
    if room.ends_with("lib.rs") {
        format!("#![feature(ffi_const)]\n#![allow(warnings)]\n{text}{SWITCH}")
    } else {
        text
    }
}

/// The source with all that `sites` say, which are in order.
pub fn render(source: &str, sites: &[Site]) -> String {
    let writer = Writer { source, sites };
    writer.range(0..source.len(), 0)
}

struct Writer<'a> {
    source: &'a str,
    sites: &'a [Site],
}

fn on(mutant: &Mutant) -> String {
    format!("{ON}({})", mutant.id)
}

/// The text of one mutant, marked as such.
fn marked(mutant: &Mutant, text: &str) -> String {
    format!("/*<{0}*/{text}/*{0}>*/", mutant.id)
}

impl Writer<'_> {
    /// The text of `range`, with the sites in it that come at or after `from` in order.
    fn range(&self, range: Span, from: usize) -> String {
        let mut text = String::new();
        let mut at = range.start;
        for (index, site) in self.sites.iter().enumerate().skip(from) {
            if site.span.start < at || site.span.end > range.end {
                continue;
            }
            text.push_str(&self.source[at..site.span.start]);
            text.push_str(&self.site(site, index + 1));
            at = site.span.end;
        }
        text.push_str(&self.source[at..range.end]);
        text
    }

    fn site(&self, site: &Site, next: usize) -> String {
        if matches!(site.kind, Kind::Const) {
            return String::new();
        }
        let plain = || self.range(site.span.clone(), next);
        if site.mutants.is_empty() {
            return plain();
        }
        let inner = |span: &Span| self.range(span.clone(), next);
        let mutants = &site.mutants;
        // if on(1) { one } else if on(2) { two } else { otherwise }
        let switch = |alternative: &dyn Fn(&Mutant) -> String, otherwise: &str| {
            let mut text = String::new();
            for mutant in mutants {
                let _ = write!(
                    text,
                    "if {} {{ {} }} else ",
                    on(mutant),
                    marked(mutant, &alternative(mutant))
                );
            }
            let _ = write!(text, "{{ {otherwise} }}");
            text
        };
        let text = match &site.kind {
            Kind::Const => String::new(),
            Kind::Body => mutants.iter().fold(String::new(), |mut text, mutant| {
                let _ = write!(
                    text,
                    " if {} {{ {} }}",
                    on(mutant),
                    marked(mutant, &format!("return {};", mutant.instead))
                );
                text
            }),
            Kind::Binary {
                left,
                operator,
                right,
            } => {
                let choice = switch(
                    &|mutant| format!("l {} r", mutant.instead),
                    &format!("l {operator} r"),
                );
                // What is only compared stays where it is.
                let compares = matches!(operator.as_str(), "==" | "!=" | "<" | "<=" | ">" | ">=");
                let by = if compares { "&" } else { "" };
                let (left, right) = (inner(left), inner(right));
                format!("(match ({by}({left}), {by}({right})) {{ (l, r) => {choice} }})")
            }
            Kind::Lazy { left, and, right } => {
                let mutant = &mutants[0];
                let (compare, short) = if *and { ("!=", "l") } else { ("==", "l") };
                let asked = marked(mutant, &on(mutant));
                // `l` decides alone where the operator, or its opposite, is lazy.
                format!(
                    "(match ({}) {{ l => if l {compare} {asked} {{ {} }} else {{ {short} }} }})",
                    inner(left),
                    inner(right)
                )
            }
            Kind::Assign {
                left,
                operator,
                right,
            } => {
                let write = |operator: &str| format!("{} {operator} {}", inner(left), inner(right));
                let choice = switch(&|mutant| write(&mutant.instead), &write(operator));
                format!("({choice})")
            }
            Kind::Unary { operand } => {
                let choice = switch(&|_| inner(operand), &plain());
                format!("({choice})")
            }
            Kind::Condition => {
                let mut text = format!("({})", plain());
                for mutant in mutants {
                    text = match mutant.instead.as_str() {
                        "true" => format!("({} || {text})", on(mutant)),
                        _ => format!("(!{} && {text})", on(mutant)),
                    };
                }
                text
            }
            Kind::Arm { guard } => {
                let never = format!(" if !{}", on(&mutants[0]));
                guard.as_ref().map_or_else(
                    || never.clone(),
                    |guard| format!("{never} && ({})", inner(guard)),
                )
            }
            Kind::Statement => format!("if !{} {{ {} }}", on(&mutants[0]), plain()),
            Kind::Number => {
                let choice = switch(&|mutant| mutant.instead.clone(), &plain());
                format!("({choice})")
            }
        };
        let ids: Vec<_> = mutants.iter().map(|mutant| mutant.id.to_string()).collect();
        let ids = ids.join(",");
        format!("/*<{ids}*/{text}/*{ids}>*/")
    }
}
