//! Finds the places of a room that have mutants.

use crate::defaults;
use crate::mutation::{Kind, Mutant, Site, Span};
use std::collections::{BTreeMap, BTreeSet};
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Attribute, BinOp, Block, Expr, Lit, Pat, Signature, Stmt, UnOp};

/// The places of `source` in order, the outer before the inner. Functions named in `constant` keep their `const`, and
/// all of their mutants are dropped.
pub fn find(source: &str, constant: &BTreeSet<String>) -> Result<Vec<Site>, syn::Error> {
    let file = syn::parse_file(source)?;
    let mut finder = Finder {
        source,
        constant,
        function: Vec::new(),
        fixed: false,
        sites: Vec::new(),
    };
    finder.visit_file(&file);
    let mut sites = finder.sites;
    sites.sort_by_key(|site| (site.span.start, std::cmp::Reverse(site.span.end)));
    let mut seen = BTreeMap::new();
    for mutant in sites.iter_mut().flat_map(|site| &mut site.mutants) {
        let count = seen
            .entry((mutant.function.clone(), mutant.change.clone()))
            .or_insert(0);
        mutant.before = *count;
        *count += 1;
    }
    Ok(sites)
}

struct Finder<'a> {
    source: &'a str,
    constant: &'a BTreeSet<String>,
    /// The functions around the place, the innermost last.
    function: Vec<String>,
    /// Whether that is one of `constant`.
    fixed: bool,
    sites: Vec<Site>,
}

/// What stands in for an arithmetic or comparing operator.
fn others(operator: &BinOp) -> &'static [&'static str] {
    match operator {
        BinOp::Eq(_) => &["!="],
        BinOp::Ne(_) => &["=="],
        BinOp::Lt(_) => &["<=", "==", ">"],
        BinOp::Gt(_) => &[">=", "==", "<"],
        BinOp::Le(_) => &["<", ">"],
        BinOp::Ge(_) => &[">", "<"],
        BinOp::Add(_) => &["-", "*"],
        BinOp::Sub(_) => &["+", "/"],
        BinOp::Mul(_) => &["+", "/"],
        BinOp::Div(_) => &["%", "*"],
        BinOp::Rem(_) => &["/", "+"],
        BinOp::Shl(_) => &[">>"],
        BinOp::Shr(_) => &["<<"],
        BinOp::BitAnd(_) => &["|", "^"],
        // Fields that are joined never overlap, so that `^` would be the same.
        BinOp::BitOr(_) => &["&"],
        BinOp::BitXor(_) => &["|", "&"],
        BinOp::AddAssign(_) => &["-=", "*="],
        BinOp::SubAssign(_) => &["+=", "/="],
        BinOp::MulAssign(_) => &["+=", "/="],
        BinOp::BitAndAssign(_) => &["|=", "^="],
        BinOp::BitOrAssign(_) => &["&=", "^="],
        BinOp::BitXorAssign(_) => &["|=", "&="],
        BinOp::ShlAssign(_) => &[">>="],
        BinOp::ShrAssign(_) => &["<<="],
        _ => &[],
    }
}

/// Whether a condition binds names, and so cannot stand inside another expression.
fn binds(condition: &Expr) -> bool {
    struct Lets(bool);
    impl Visit<'_> for Lets {
        fn visit_expr_let(&mut self, _: &syn::ExprLet) {
            self.0 = true;
        }
    }
    let mut lets = Lets(false);
    lets.visit_expr(condition);
    lets.0
}

/// Whether an item is compiled for tests or for the host alone.
fn elsewhere(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("cfg")
            && matches!(&attribute.meta, syn::Meta::List(list) if matches!(
                list.tokens.to_string().as_str(),
                "test" | "not (target_arch = \"wasm32\")"
            ))
    })
}

impl Finder<'_> {
    fn text(&self, span: &Span) -> &str {
        &self.source[span.clone()]
    }

    /// The text of a place on one line.
    fn line(&self, span: &Span) -> String {
        let words: Vec<_> = self.text(span).split_whitespace().collect();
        words.join(" ")
    }

    /// Adds a place whose mutants are (what it says instead, what changes).
    fn add(&mut self, span: Span, kind: Kind, changes: Vec<(String, String)>) {
        let before = &self.source[..span.start];
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let place = (
            before.matches('\n').count() + 1,
            span.start - line_start + 1,
        );
        let (function, fixed) = (self.function.join("::"), self.fixed);
        let mutant = |(instead, change)| Mutant {
            id: 0,
            dropped: fixed,
            place,
            function: function.clone(),
            before: 0,
            change,
            instead,
        };
        let mutants: Vec<_> = changes.into_iter().map(mutant).collect();
        if !mutants.is_empty() {
            self.sites.push(Site {
                span,
                kind,
                mutants,
            });
        }
    }

    fn function(&mut self, signature: &Signature, block: &Block) {
        let name = signature.ident.to_string();
        if signature.constness.is_some() {
            self.fixed = self.constant.contains(&name);
            let span = signature.constness.span().byte_range();
            if !self.fixed {
                self.sites.push(Site {
                    span: span.start..span.end + 1,
                    kind: Kind::Const,
                    mutants: Vec::new(),
                });
            }
        }
        self.function.push(name.clone());
        if !block.stmts.is_empty() {
            let start = block.brace_token.span.open().byte_range().end;
            let whole = block.brace_token.span.close().byte_range().start;
            let body = self.line(&(start..whole));
            let changes = defaults::of(&signature.output)
                .into_iter()
                .filter(|value| *value != body)
                .map(|value| {
                    let shown = match value.as_str() {
                        "" => "()",
                        other => other,
                    };
                    let change = format!(
                        "replace {name} with {}",
                        shown.replace("::alloy_primitives::", "")
                    );
                    (value, change)
                })
                .collect();
            self.add(start..start, Kind::Body, changes);
        }
        self.visit_block(block);
        self.function.pop();
        self.fixed = false;
    }

    fn condition(&mut self, condition: &Expr, may_be_true: bool) {
        if binds(condition) {
            return;
        }
        let span = condition.span().byte_range();
        let shown = self.line(&span);
        let values: &[_] = if may_be_true {
            &["true", "false"]
        } else {
            &["false"]
        };
        let changes = values
            .iter()
            .map(|value| {
                let change = format!("replace the condition {shown} with {value}");
                ((*value).to_owned(), change)
            })
            .collect();
        self.add(span, Kind::Condition, changes);
    }

    fn statement(&mut self, span: Span) {
        let change = format!("delete {}", self.line(&span));
        self.add(span, Kind::Statement, vec![(String::new(), change)]);
    }

    fn binary(&mut self, node: &syn::ExprBinary) {
        let span = node.span().byte_range();
        let (left, right) = (
            node.left.span().byte_range(),
            node.right.span().byte_range(),
        );
        let operator = self.text(&node.op.span().byte_range()).to_owned();
        let (shown, sides) = (self.line(&span), (self.line(&left), self.line(&right)));
        let change = |other: &&str| {
            let change = format!("replace {shown} with {} {other} {}", sides.0, sides.1);
            ((*other).to_owned(), change)
        };
        if let BinOp::And(_) | BinOp::Or(_) = node.op {
            if binds(&node.left) || binds(&node.right) {
                return;
            }
            let and = operator == "&&";
            let changes = vec![change(&if and { "||" } else { "&&" })];
            self.add(span, Kind::Lazy { left, and, right }, changes);
            return;
        }
        let changes = others(&node.op).iter().map(change).collect();
        let kind =
            if operator.ends_with('=') && !matches!(operator.as_str(), "==" | "!=" | "<=" | ">=") {
                Kind::Assign {
                    left,
                    operator,
                    right,
                }
            } else {
                Kind::Binary {
                    left,
                    operator,
                    right,
                }
            };
        self.add(span, kind, changes);
    }
}

impl<'ast> Visit<'ast> for Finder<'_> {
    fn visit_item_mod(&mut self, node: &'ast syn::ItemMod) {
        if !elsewhere(&node.attrs) {
            visit::visit_item_mod(self, node);
        }
    }

    fn visit_item_fn(&mut self, node: &'ast syn::ItemFn) {
        // The way in is the macro's business: what it calls is a method.
        if !elsewhere(&node.attrs)
            && !node
                .attrs
                .iter()
                .any(|attribute| attribute.path().is_ident("entrypoint"))
        {
            self.function(&node.sig, &node.block);
        }
    }

    fn visit_item_impl(&mut self, node: &'ast syn::ItemImpl) {
        if !elsewhere(&node.attrs) {
            visit::visit_item_impl(self, node);
        }
    }

    fn visit_impl_item_fn(&mut self, node: &'ast syn::ImplItemFn) {
        if !elsewhere(&node.attrs) {
            self.function(&node.sig, &node.block);
        }
    }

    // What must be known to the compiler cannot hang on a switch.
    fn visit_item_const(&mut self, _: &'ast syn::ItemConst) {}
    fn visit_item_static(&mut self, _: &'ast syn::ItemStatic) {}
    fn visit_impl_item_const(&mut self, _: &'ast syn::ImplItemConst) {}
    fn visit_expr_const(&mut self, _: &'ast syn::ExprConst) {}
    fn visit_type(&mut self, _: &'ast syn::Type) {}
    fn visit_pat(&mut self, _: &'ast Pat) {}
    fn visit_attribute(&mut self, _: &'ast Attribute) {}

    fn visit_expr_repeat(&mut self, node: &'ast syn::ExprRepeat) {
        self.visit_expr(&node.expr);
    }

    fn visit_stmt(&mut self, node: &'ast Stmt) {
        let span = node.span().byte_range();
        match node {
            Stmt::Expr(
                Expr::Call(_)
                | Expr::MethodCall(_)
                | Expr::Try(_)
                | Expr::Assign(_)
                | Expr::Binary(_),
                Some(_),
            ) => self.statement(span),
            Stmt::Macro(node) if node.semi_token.is_some() => self.statement(span),
            _ => {}
        }
        visit::visit_stmt(self, node);
    }

    fn visit_expr_binary(&mut self, node: &'ast syn::ExprBinary) {
        self.binary(node);
        visit::visit_expr_binary(self, node);
    }

    fn visit_expr_unary(&mut self, node: &'ast syn::ExprUnary) {
        if let UnOp::Not(_) | UnOp::Neg(_) = node.op {
            let span = node.span().byte_range();
            let operand = node.expr.span().byte_range();
            let sign = self.text(&node.op.span().byte_range());
            let change = format!("delete {sign} in {}", self.line(&span));
            self.add(span, Kind::Unary { operand }, vec![(String::new(), change)]);
        }
        visit::visit_expr_unary(self, node);
    }

    fn visit_expr_if(&mut self, node: &'ast syn::ExprIf) {
        self.condition(&node.cond, true);
        visit::visit_expr_if(self, node);
    }

    fn visit_expr_while(&mut self, node: &'ast syn::ExprWhile) {
        self.condition(&node.cond, false);
        visit::visit_expr_while(self, node);
    }

    fn visit_expr_match(&mut self, node: &'ast syn::ExprMatch) {
        let takes_all = |arm: &syn::Arm| matches!(arm.pat, Pat::Wild(_)) && arm.guard.is_none();
        if node.arms.iter().any(takes_all) {
            for arm in node.arms.iter().filter(|arm| !takes_all(arm)) {
                let guard = arm.guard.as_ref().map(|(_, guard)| guard);
                if guard.is_some_and(|guard| binds(guard)) {
                    continue;
                }
                let pattern = arm.pat.span().byte_range();
                let change = format!("delete the arm {}", self.line(&pattern));
                let guard = guard.map(|guard| guard.span().byte_range());
                let span = pattern.end..guard.as_ref().map_or(pattern.end, |guard| guard.end);
                self.add(span, Kind::Arm { guard }, vec![(String::new(), change)]);
            }
        }
        visit::visit_expr_match(self, node);
    }

    fn visit_expr_lit(&mut self, node: &'ast syn::ExprLit) {
        if let Lit::Int(number) = &node.lit {
            let shown = number.to_string();
            if let Ok(value) = number.base10_parse::<u128>() {
                let other = value.checked_add(1).unwrap_or(0);
                let instead = format!("{other}{}", number.suffix());
                let change = format!("replace {shown} with {instead}");
                self.add(
                    node.span().byte_range(),
                    Kind::Number,
                    vec![(instead, change)],
                );
            }
        }
    }
}
