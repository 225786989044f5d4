"""Runs parsed Rust over z3's terms: bit vectors as wide as the types, or exact numbers where a proof is about rounding.

A condition that is not decided by what is known so far forks the run: `explore` goes through every path. Amounts wrap
as the release profile lets them; the lengths and offsets of `usize` are plain integers.
"""

from dataclasses import dataclass, field
from pathlib import Path

import z3

from .syntax import Parser, Source, Unsupported

# Steps of the solver, not seconds: the same on every machine.
FORK_EFFORT = 1_000_000
WIDTHS = {"u8": 8, "u32": 32, "u64": 64, "u128": 128, "U256": 256, "Address": 160, "B256": 256}


@dataclass
class Obj:
    """A struct's value, or a host's object by another class."""

    name: str
    fields: dict

    def copy(self):
        return Obj(self.name, {key: copied(value) for key, value in self.fields.items()})


@dataclass(frozen=True)
class Variant:
    """A value of `Option` or `Result`, or a typed refusal (`name` is the error's then)."""

    name: str
    args: tuple = ()


@dataclass
class Place:
    """A borrowed number: `&mut x`."""

    get: object
    set: object


@dataclass
class Closure:
    params: list
    body: tuple
    scope: dict
    file: str
    owner: str


class Return(Exception):
    def __init__(self, value):
        super().__init__()
        self.value = value


class Break(Exception):
    pass


class Continue(Exception):
    pass


class Refuted(Exception):
    """A test that runs in the machine saw another value than it expects."""


def copied(value):
    if isinstance(value, Obj):
        return value.copy()
    if isinstance(value, tuple):
        return tuple(copied(part) for part in value)
    return list(value) if isinstance(value, list) else value


def concrete(value):
    """The plain integer of a term that is one; nothing otherwise."""
    if isinstance(value, (bool, int)):
        return int(value)
    term = z3.simplify(value)
    if z3.is_bv_value(term) or z3.is_int_value(term):
        return term.as_long()
    return None


def is_arith(value):
    return isinstance(value, z3.ArithRef)


def exact(value, beside):
    """The term as an exact number, of the sort of the number `beside` it."""
    if is_arith(value):
        return value
    number = concrete(value)
    if number is None and beside.is_int():
        return z3.BV2Int(value)
    if number is None:
        raise Unsupported("a bit vector among exact numbers")
    return beside.sort().cast(number)


def exact_both(a, b):
    return exact(a, b), exact(b, a)


def widen(value, width):
    """The number in `width` bits, as `as` makes it."""
    if isinstance(value, (bool, z3.BoolRef)):
        return z3.If(value, z3.BitVecVal(1, width), z3.BitVecVal(0, width))
    if isinstance(value, int):
        return z3.BitVecVal(value, width)
    have = value.size()
    if have == width:
        return value
    return z3.ZeroExt(width - have, value) if have < width else z3.Extract(width - 1, 0, value)


class Program:
    """The files that a proof runs, by the names that they define."""

    def __init__(self, texts):
        self.sources = {file: Source(text, file) for file, text in texts.items()}
        self.functions, self.structs, self.consts, self.aliases = {}, {}, {}, {}
        for file, source in self.sources.items():
            for table, found in (
                (self.functions, source.functions), (self.structs, source.structs),
                (self.consts, source.consts), (self.aliases, source.aliases),
            ):
                for name, item in found.items():
                    table.setdefault(name, {})[file] = item

    def find(self, table, name, file, module=None):
        """The item that `name` means in `file`: its own, the named module's, or the only one there is."""
        places = table.get(name)
        if not places:
            return None
        if module:
            for place, item in places.items():
                if Path(place).stem == module:
                    return item
        if file in places:
            return places[file]
        if len(places) > 1:
            raise Unsupported(f"{name} is defined in {', '.join(places)}")
        return next(iter(places.values()))


@dataclass
class Machine:
    program: Program
    hooks: dict = field(default_factory=dict)
    logic: str = "QF_BV"
    assumed: list = field(default_factory=list)
    path: list = field(default_factory=list)
    decisions: list = field(default_factory=list)
    taken: int = 0
    fresh: int = 0
    events: list = field(default_factory=list)  # names, in their order
    owed: list = field(default_factory=list)  # what must hold for exact numbers to stand for words

    # paths

    def explore(self, run):
        """Yields, for each way through `run`, the conditions of the way and what it gives."""
        pending = [[]]
        while pending:
            self.decisions, self.path, self.taken, self.fresh, self.owed = pending.pop(), [], 0, 0, []
            self.assumed, self.events = [], []
            result = run()
            for at in range(len(self.decisions)):
                decision, forked = self.decisions[at]
                if forked:
                    pending.append([(d, False) for d, _ in self.decisions[:at]] + [(not decision, False)])
            yield self.assumed + self.path, result

    def branch(self, condition):
        if isinstance(condition, bool):
            return condition
        condition = z3.simplify(condition)
        if z3.is_true(condition) or z3.is_false(condition):
            return z3.is_true(condition)
        for known in self.path:
            if known.eq(condition):
                return True
            if known.eq(z3.simplify(z3.Not(condition))):
                return False
        if self.taken < len(self.decisions):
            decision = self.decisions[self.taken][0]
        else:
            decision = self.possible(condition)
            self.decisions.append((decision, decision and self.possible(z3.Not(condition))))
        self.taken += 1
        self.path.append(condition if decision else z3.simplify(z3.Not(condition)))
        return decision

    def possible(self, condition):
        """Whether the path can go there; a doubt counts as yes, and only costs time."""
        solver = z3.SolverFor(self.logic) if self.logic else z3.Solver()
        solver.set("rlimit", FORK_EFFORT)
        solver.add(*self.assumed, *self.path, condition)
        return solver.check() != z3.unsat

    def variable(self, name, width):
        self.fresh += 1
        return z3.BitVec(f"{name}!{self.fresh}", width)

    def number(self, name, sort=z3.Int):
        self.fresh += 1
        return sort(f"{name}!{self.fresh}")

    # types

    def width(self, kind, file):
        alias = self.program.find(self.program.aliases, kind, file) if kind else None
        return WIDTHS.get((alias or kind or "").split("::")[-1])

    def typed(self, value, kind, file):
        """A literal in the width of its type."""
        width = self.width(kind, file)
        if width and isinstance(value, int) and not isinstance(value, bool):
            return z3.BitVecVal(value, width)
        return value

    def default(self, kind, file):
        width = self.width(kind, file)
        if width:
            return z3.BitVecVal(0, width)
        if kind == "usize":
            return 0
        if kind == "bool":
            return False
        if kind.startswith("Option"):
            return Variant("None")
        fields = self.program.find(self.program.structs, kind, file)
        if fields is None:
            raise Unsupported(f"{file}: no default of {kind}")
        return Obj(kind, {name: self.default(part, file) for name, part in fields.items()})

    # functions

    def call(self, name, *args, file=None):
        """Runs the function `name`, `Type::name` for a method."""
        hook = self.hooks.get(name)
        if hook:
            return hook(self, *args)
        function = self.program.find(self.program.functions, name, file)
        if function is None:
            raise Unsupported(f"{file}: no function {name}")
        return self.run(function, args)

    def run(self, function, args):
        if function.parsed is None:
            function.parsed = Parser(function.body, function.file).block()
        frame = Frame(self, function.file, function.owner, {})
        for (pattern, kind), value in zip(function.params, args, strict=True):
            frame.bind(pattern, self.typed(value, kind, function.file))
        try:
            value = frame.eval(function.parsed)
        except Return as returned:
            value = returned.value
        return self.typed(value, function.returns, function.file)

    def const(self, name, file, module=None):
        found = self.program.find(self.program.consts, name, file, module)
        if found is None:
            return None
        kind, tokens, place = found
        owner = name.rsplit("::", 1)[0] if "::" in name else ""
        value = Frame(self, place, owner, {}).eval(Parser(list(tokens), place).expression())
        return self.typed(value, kind, place)


class Frame:
    """One call: its scope, and how expressions are run in it."""

    def __init__(self, machine, file, owner, scope):
        self.machine, self.file, self.owner, self.scope = machine, file, owner, scope

    def fail(self, why, line="?"):
        raise Unsupported(f"{self.file}:{line}: {why}")

    def eval(self, node):
        return getattr(self, "do_" + node[0])(*node[1:])

    def value(self, node):
        """What `node` gives, as a value of its own where it is a struct."""
        found = self.eval(node)
        return found if node[0] in ("ref", "make", "call", "method") else copied(found)

    # patterns

    def bind(self, pattern, value):
        """Binds the names of a pattern; false where it does not fit."""
        kind = pattern[0]
        if kind == "any":
            return True
        if kind == "name":
            self.scope[pattern[1]] = value
            return True
        if kind == "tuple" and pattern[1][-1:] == [("rest",)]:
            return self.bind(("tuple", pattern[1][:-1]), value[: len(pattern[1]) - 1])
        if kind == "tuple":
            return all([self.bind(part, piece) for part, piece in zip(pattern[1], value, strict=True)])
        if kind == "struct":
            return all([self.bind(part, value.fields[name]) for name, part in pattern[2].items()])
        if kind == "variant":
            if not isinstance(value, Variant) or value.name != pattern[1]:
                return False
            return all([self.bind(part, piece) for part, piece in zip(pattern[2], value.args, strict=True)])
        if kind == "literal":
            return self.machine.branch(self.equal(self.eval(pattern[1]), value))
        return self.fail(f"pattern {kind}")

    # statements

    def do_block(self, statements):
        outer = dict(self.scope)
        shadowed = set()
        result = ()
        for statement in statements:
            if statement[0] == "let":
                self.let(*statement[1:])
                shadowed |= names_of(statement[1])
            elif statement[0] == "value":
                result = self.value(statement[1])
            else:
                self.eval(statement[1])
        # What the block declared is gone; what it assigned stays.
        for name in shadowed:
            if name in outer:
                self.scope[name] = outer[name]
            else:
                self.scope.pop(name, None)
        return result

    def let(self, pattern, kind, node, other, line):
        if node is None:
            return
        value = self.machine.typed(self.value(node), kind, self.file)
        if not self.bind(pattern, value):
            if other is None:
                self.fail("a pattern that does not fit", line)
            self.eval(other)
            self.fail("an else that does not leave", line)

    def do_return(self, node):
        raise Return(self.value(node) if node else ())

    def do_break(self):
        raise Break

    def do_continue(self):
        raise Continue

    def within(self, pattern, run):
        """Runs with the names of a pattern bound, and forgets them after."""
        outer = {name: self.scope[name] for name in names_of(pattern) if name in self.scope}
        try:
            return run()
        finally:
            for name in names_of(pattern):
                self.scope.pop(name, None)
            self.scope.update(outer)

    def do_if(self, test, then, other):
        if test[0] == "matches":
            value = self.eval(test[2])
            fits, result = self.within(
                test[1], lambda: (True, self.eval(then)) if self.bind(test[1], value) else (False, ())
            )
            if fits:
                return result
        elif other and is_pure(then) and is_pure(other):
            return self.either(self.eval(test), self.eval(then), self.eval(other))
        elif self.machine.branch(self.eval(test)):
            return self.eval(then)
        return self.eval(other) if other else ()

    def either(self, test, then, other):
        """One of two values that cost nothing to compute: a term, and no fork."""
        test, then, other = plain(test), plain(then), plain(other)
        if isinstance(test, bool):
            return then if test else other
        if is_arith(then) or is_arith(other):
            return z3.If(test, *exact_both(then, other))
        if isinstance(then, (z3.BitVecRef, z3.BoolRef)) or isinstance(other, (z3.BitVecRef, z3.BoolRef)):
            return z3.If(test, like(other, then), like(then, other))
        return then if self.machine.branch(test) else other

    def do_match(self, node, arms):
        value = self.eval(node)
        for pattern, guard, body in arms:
            fits, result = self.within(pattern, lambda: self.arm(pattern, value, guard, body))
            if fits:
                return result
        return self.fail("no arm fits")

    def arm(self, pattern, value, guard, body):
        if self.bind(pattern, value) and (guard is None or self.machine.branch(self.eval(guard))):
            return True, self.value(body)
        return False, ()

    def do_for(self, pattern, items, body):
        def each():
            for item in list(self.eval(items)):
                self.bind(pattern, item)
                try:
                    self.eval(body)
                except Continue:
                    continue
                except Break:
                    break
            return ()

        return self.within(pattern, each)

    # expressions

    def do_number(self, value, suffix):
        return z3.BitVecVal(value, WIDTHS[suffix]) if suffix in WIDTHS else value

    def do_string(self, text):
        return text

    def do_tuple(self, parts):
        return tuple(self.value(part) for part in parts)

    def do_array(self, parts):
        return [self.value(part) for part in parts]

    def do_repeat(self, part, count):
        return [self.value(part) for _ in range(concrete(self.eval(count)))]

    def do_range(self, first, last, inclusive):
        return range(concrete(self.eval(first)), concrete(self.eval(last)) + int(inclusive))

    def do_closure(self, params, body):
        return Closure(params, body, self.scope, self.file, self.owner)

    def do_ref(self, node):
        if node[0] in ("path", "field"):
            value = self.eval(node)
            if isinstance(value, Obj) or not isinstance(value, (bool, int, z3.ExprRef, Variant)):
                return value
            return Place(lambda: self.eval(node), lambda new: self.assign(node, new))
        return self.eval(node)

    def do_deref(self, node):
        value = self.eval(node)
        return value.get() if isinstance(value, Place) else value

    def do_make(self, name, fields, base):
        name = self.owner if name == "Self" else name
        kinds = self.machine.program.find(self.machine.program.structs, name, self.file)
        if kinds is None:
            return Variant(name, tuple(self.value(field) for field in fields.values()))
        values = dict(copied(self.eval(base)).fields) if base else {}
        for field_name, node in fields.items():
            values[field_name] = self.machine.typed(plain(self.value(node)), kinds[field_name], self.file)
        return Obj(name, {field_name: values[field_name] for field_name in kinds})

    def do_field(self, node, name):
        value = self.eval(node)
        if isinstance(value, tuple):
            return value[int(name)]
        if isinstance(value, Obj):
            return value.fields[name]
        return getattr(value, name)

    def do_index(self, node, at):
        return self.eval(node)[concrete(self.eval(at))]

    def do_path(self, parts, line):
        name = parts[-1]
        if len(parts) == 1 and name in self.scope:
            return self.scope[name]
        if name == "None":
            return Variant("None")
        if parts in (["true"], ["false"]):
            return name == "true"
        if len(parts) > 1 and parts[-2] in WIDTHS and name in ("MAX", "ZERO", "ONE"):
            width = WIDTHS[parts[-2]]
            return z3.BitVecVal({"MAX": 2**width - 1, "ZERO": 0, "ONE": 1}[name], width)
        owner = self.owner if len(parts) > 1 and parts[-2] == "Self" else parts[-2] if len(parts) > 1 else None
        module = parts[-2] if len(parts) > 1 else None
        for key, where in ((f"{owner}::{name}", None), (name, module)):
            value = self.machine.const(key, self.file, where)
            if value is not None:
                return value
            if self.machine.program.find(self.machine.program.functions, key, self.file, where):
                return key
        return self.fail(f"no {'::'.join(parts)}", line)

    def do_try(self, node):
        value = self.eval(node)
        if value.name in ("Err", "None"):
            raise Return(value)
        return value.args[0] if value.args else ()

    def do_macro(self, name, parser, line):
        start = parser.place
        args = parser.list(")") if name != "matches" else []
        parser.place = start
        if name == "event":
            self.machine.events.append(args[1][1][-1])
            return ()
        if name == "refuse":
            error = args[0][1][-1]
            return Variant(error, tuple(self.eval(arg) for arg in args[1:]))
        if name in ("assert_eq", "assert_ne"):
            same = self.equal(self.eval(args[0]), self.eval(args[1]))
            if not self.machine.branch(same if name == "assert_eq" else negated(same)):
                raise Refuted(f"{self.file}:{line}: {name} does not hold")
            return ()
        if name == "assert":
            if not self.machine.branch(self.eval(args[0])):
                raise Refuted(f"{self.file}:{line}: assert does not hold")
            return ()
        if name == "unreachable":
            raise Refuted(f"{self.file}:{line}: reached what cannot be reached")
        return self.fail(f"macro {name}", line)

    def do_not(self, node):
        value = self.eval(node)
        return negated(value) if isinstance(value, (bool, z3.BoolRef)) else ~value

    def do_cast(self, node, kind):
        value = plain(self.eval(node))
        if kind == "usize":
            number = concrete(value)
            return self.fail("a length that is not known") if number is None else number
        if is_arith(value):
            return value
        width = self.machine.width(kind, self.file)
        return widen(value, width)

    def do_assign(self, sign, target, node):
        value = self.value(node)
        if sign:
            value = self.operate(sign, self.eval(target), value)
        self.assign(target, value)
        return ()

    def assign(self, target, value):
        if target[0] == "path":
            name = target[1][-1]
            old = self.scope.get(name)
            if isinstance(old, Place):
                old.set(value)
            else:
                self.scope[name] = like(old, value)
        elif target[0] == "deref":
            self.eval(target[1]).set(value)
        elif target[0] == "field":
            owner = self.eval(target[1])
            if not isinstance(owner, Obj):
                self.fail("an assignment to no struct")
            owner.fields[target[2]] = like(owner.fields[target[2]], plain(value))
        elif target[0] == "tuple":
            for part, piece in zip(target[1], value, strict=True):
                self.assign(part, piece)
        elif target[0] == "index":
            self.eval(target[1])[concrete(self.eval(target[2]))] = value
        else:
            self.fail(f"an assignment to {target[0]}")

    def do_binary(self, sign, left, right):
        if sign in ("&&", "||") and is_pure(right):
            first, second = self.eval(left), self.eval(right)
            if isinstance(first, bool):
                return second if first == (sign == "&&") else first
            return z3.And(first, second) if sign == "&&" else z3.Or(first, second)
        if sign in ("&&", "||"):
            first = self.machine.branch(self.eval(left))
            if first == (sign == "||"):
                return first
            return self.eval(right)
        return self.operate(sign, self.eval(left), self.eval(right))

    def operate(self, sign, left, right):
        left, right = plain(left), plain(right)
        if sign in ("==", "!="):
            same = self.equal(left, right)
            return same if sign == "==" else negated(same)
        if isinstance(left, int) and isinstance(right, int):
            return PLAIN[sign](left, right)
        if is_arith(left) or is_arith(right):
            return self.exactly(sign, *exact_both(left, right))
        if sign in ("<<", ">>"):
            if not isinstance(left, z3.BitVecRef):
                return self.fail("a shift of no word")
            by = z3.BitVecVal(right, left.size()) if isinstance(right, int) else widen(right, left.size())
            return left << by if sign == "<<" else z3.LShR(left, by)
        if isinstance(left, (bool, z3.BoolRef)):
            return {"&": z3.And, "|": z3.Or, "^": z3.Xor}[sign](left, right)
        width = left.size() if isinstance(left, z3.BitVecRef) else right.size()
        return WORDS[sign](widen(left, width), widen(right, width))

    def exactly(self, sign, left, right):
        if sign in ("<", ">", "<=", ">="):
            return PLAIN[sign](left, right)
        if sign == "/" and left.is_int() and z3.is_int_value(right) and right.as_long() > 0:
            return left / right
        if sign not in ("+", "-", "*"):
            return self.fail(f"{sign} of exact numbers")
        result = PLAIN[sign](left, right)
        self.machine.owed.append((list(self.machine.path), z3.And(result >= 0, result < 2**256)))
        return result

    def equal(self, left, right):
        left, right = plain(left), plain(right)
        if isinstance(left, Obj) and isinstance(right, Obj):
            return conjunction([self.equal(left.fields[name], right.fields[name]) for name in left.fields])
        if isinstance(left, Variant) and isinstance(right, Variant):
            if left.name != right.name or len(left.args) != len(right.args):
                return False
            return conjunction([self.equal(a, b) for a, b in zip(left.args, right.args)])
        if isinstance(left, (tuple, list)):
            return conjunction([self.equal(a, b) for a, b in zip(left, right, strict=True)])
        if isinstance(left, (bool, int)) and isinstance(right, (bool, int)):
            return left == right
        if is_arith(left) or is_arith(right):
            a, b = exact_both(left, right)
            return a == b
        if isinstance(left, z3.BitVecRef) and isinstance(right, z3.BitVecRef):
            # The words of a refusal are compared as words.
            width = max(left.size(), right.size())
            return widen(left, width) == widen(right, width)
        return left == right

    # calls

    def do_call(self, target, args, line):
        if target[0] == "path":
            parts = target[1]
            name = parts[-1]
            if len(parts) == 1 and name in self.scope:
                return self.apply(self.scope[name], [self.value(arg) for arg in args])
            if len(parts) == 1 and name in ("Ok", "Err", "Some"):
                return Variant(name, tuple(self.value(arg) for arg in args if arg != ("tuple", [])))
            if len(parts) == 1 and name == "drop":
                return ()
            values = [self.value(arg) for arg in args]
            if len(parts) > 1:
                owner = self.owner if parts[-2] == "Self" else parts[-2]
                if owner in WIDTHS and name == "from":
                    value = plain(values[0])
                    return value if is_arith(value) else widen(value, WIDTHS[owner])
                if owner == "U256" and name == "from_limbs":
                    return z3.Concat(*[widen(limb, 64) for limb in reversed(values[0])])
                key = f"{owner}::{name}"
                if key in self.machine.hooks or self.machine.program.find(
                    self.machine.program.functions, key, self.file
                ):
                    return self.machine.call(key, *values, file=self.file)
                if name == "default":
                    return self.machine.default(owner, self.file)
                found = self.machine.program.find(self.machine.program.functions, name, self.file, owner)
                if name in self.machine.hooks or found is None:
                    return self.machine.call(name, *values, file=self.file)
                return self.machine.run(found, values)
            return self.machine.call(name, *values, file=self.file)
        return self.apply(self.eval(target), [self.value(arg) for arg in args])

    def apply(self, function, args):
        if isinstance(function, Closure):
            frame = Frame(self.machine, function.file, function.owner, function.scope)
            pattern = ("tuple", function.params)
            return frame.within(pattern, lambda: (frame.bind(pattern, tuple(args)), frame.value(function.body))[1])
        if isinstance(function, str):
            return self.machine.call(function, *args, file=self.file)
        return function(*args)

    def do_method(self, node, name, args, line):
        target = self.eval(node)
        if isinstance(target, Place):
            target = target.get()
        if isinstance(target, Obj):
            key = f"{target.name}::{name}"
            if key in self.machine.hooks or self.machine.program.find(self.machine.program.functions, key, self.file):
                return self.machine.call(key, target, *[self.value(arg) for arg in args], file=self.file)
        elif not isinstance(target, (bool, int, tuple, list, range, Variant, z3.ExprRef)) and hasattr(target, name):
            return getattr(target, name)(self.machine, *[plain(self.value(arg)) for arg in args])
        builtin = getattr(self, "on_" + name, None)
        if builtin is None:
            return self.fail(f"method {name} of {target}", line)
        # What another contract's error becomes does not matter: it is a refusal.
        values = [] if name == "map_err" else [self.value(arg) for arg in args]
        return builtin(node, target, *values)

    # methods of words

    def on_is_zero(self, _, word):
        return self.equal(word, z3.BitVecVal(0, word.size()) if isinstance(word, z3.BitVecRef) else 0)

    def on_bit(self, _, word, at):
        return z3.Extract(concrete(at), concrete(at), word) == 1

    def on_set_bit(self, node, word, at, on):
        mask = z3.BitVecVal(1 << concrete(at), word.size())
        self.assign(node, z3.If(on, word | mask, word & ~mask))
        return ()

    def on_saturating_add(self, _, a, b):
        a, b = same_width(a, b)
        if is_arith(a):
            return self.exactly("+", a, b)
        total = a + b
        return self.saturated(z3.ULT(total, a), -1, total)

    def on_saturating_sub(self, _, a, b):
        a, b = same_width(a, b)
        if is_arith(a):
            return z3.If(a >= b, a - b, a.sort().cast(0))
        return self.saturated(z3.ULT(a, b), 0, a - b)

    def saturated(self, passed, bound, result):
        """The bound where it was passed. Where it cannot be, the result alone: simpler for whoever reasons about it."""
        if not self.machine.possible(passed):
            return result
        return z3.If(passed, z3.BitVecVal(bound, result.size()), result)

    def on_saturating_mul(self, _, a, b):
        a, b = same_width(a, b)
        if is_arith(a):
            product = a * b
            return z3.If(product < 2**256, product, a.sort().cast(2**256 - 1))
        wide = z3.ZeroExt(a.size(), a) * z3.ZeroExt(a.size(), b)
        return z3.If(z3.Extract(2 * a.size() - 1, a.size(), wide) == 0, a * b, z3.BitVecVal(-1, a.size()))

    def on_wrapping_add(self, _, a, b):
        return self.operate("+", a, b)

    def on_wrapping_sub(self, _, a, b):
        return self.operate("-", a, b)

    def on_wrapping_mul(self, _, a, b):
        return self.operate("*", a, b)

    def on_min(self, _, a, b):
        a, b = same_width(a, b)
        return z3.If(a <= b, a, b) if is_arith(a) else z3.If(z3.ULE(a, b), a, b)

    def on_bit_len(self, _, word):
        number = concrete(word)
        return self.fail("the length of an unknown word") if number is None else number.bit_length()

    def on_to_word(self, _, value):
        return value if is_arith(value) else widen(value, 256)

    def on_as_limbs(self, node, word):
        if is_arith(word):
            # The top limb is all that anybody asks for: zero or not.
            return [None, None, None, z3.If(word < 2**192, word.sort().cast(0), word.sort().cast(1))]
        return self.on_into_limbs(node, word)

    def on_wrapping_shl(self, _, word, by):
        return self.exactly("*", word, word.sort().cast(1 << by)) if is_arith(word) else word << by

    def on_into_limbs(self, _, word):
        return [z3.Extract(64 * limb + 63, 64 * limb, word) for limb in range(word.size() // 64)]

    def on_checked_add(self, _, a, b):
        a, b = same_width(a, b)
        return Variant("None") if self.machine.branch(z3.ULT(a + b, a)) else Variant("Some", (a + b,))

    # methods of Option and Result

    def on_then(self, _, condition, closure):
        return Variant("Some", (self.apply(closure, []),)) if self.machine.branch(condition) else Variant("None")

    def on_ok_or_else(self, _, option, closure):
        return Variant("Ok", option.args) if option.name == "Some" else Variant("Err", (self.apply(closure, []),))

    def on_map_err(self, _, result):
        return result

    def on_map(self, _, result, closure):
        return Variant(result.name, (self.apply(closure, list(result.args)),)) if result.name in ("Ok", "Some") else result

    def on_unwrap_or_default(self, _, result):
        return result.args[0] if result.name in ("Ok", "Some") else z3.BitVecVal(0, 256)

    def on_is_ok(self, _, result):
        return result.name == "Ok"

    def on_get_or_insert_with(self, node, option, closure):
        if option.name == "None":
            option = Variant("Some", (self.apply(closure, []),))
            self.assign(node, option)
        return option.args[0]

    # methods of lists

    def on_into_iter(self, _, items):
        return items

    def on_iter(self, _, items):
        return items

    def on_len(self, _, items):
        return len(items)

    def on_zip(self, _, items, others):
        return list(zip(items, others))

    def on_contains(self, _, items, wanted):
        return z3.Or([self.equal(item, wanted) for item in items])


def names_of(pattern):
    kind = pattern[0]
    if kind == "name":
        return {pattern[1]}
    if kind in ("tuple",):
        return set().union(*[names_of(part) for part in pattern[1]]) if pattern[1] else set()
    if kind == "variant":
        return set().union(*[names_of(part) for part in pattern[2]]) if pattern[2] else set()
    if kind == "struct":
        return set().union(*[names_of(part) for part in pattern[2].values()]) if pattern[2] else set()
    return set()


def is_pure(node):
    """Whether running `node` can only give a value: no call, no assignment, nothing left early."""
    kind = node[0]
    if kind == "block":
        return len(node[1]) == 1 and node[1][0][0] == "value" and is_pure(node[1][0][1])
    if kind in ("path", "number"):
        return True
    if kind in ("field", "cast", "not", "deref"):
        return is_pure(node[1])
    return kind == "binary" and is_pure(node[2]) and is_pure(node[3])


def plain(value):
    return value.get() if isinstance(value, Place) else value


def like(old, value):
    """A literal in the width of what it replaces."""
    if isinstance(old, z3.BitVecRef) and isinstance(value, int) and not isinstance(value, bool):
        return z3.BitVecVal(value, old.size())
    return value


def same_width(a, b):
    a, b = plain(a), plain(b)
    if is_arith(a) or is_arith(b):
        return exact_both(a, b)
    width = a.size() if isinstance(a, z3.BitVecRef) else b.size()
    return widen(a, width), widen(b, width)


def negated(value):
    return not value if isinstance(value, bool) else z3.Not(value)


def conjunction(parts):
    if any(part is False for part in parts):
        return False
    parts = [part for part in parts if part is not True]
    return z3.And(parts) if parts else True


PLAIN = {
    "+": lambda a, b: a + b, "-": lambda a, b: a - b, "*": lambda a, b: a * b, "/": lambda a, b: a // b,
    "%": lambda a, b: a % b, "&": lambda a, b: a & b, "|": lambda a, b: a | b, "^": lambda a, b: a ^ b,
    "<<": lambda a, b: a << b, ">>": lambda a, b: a >> b, "<": lambda a, b: a < b, ">": lambda a, b: a > b,
    "<=": lambda a, b: a <= b, ">=": lambda a, b: a >= b,
}
WORDS = {
    "+": lambda a, b: a + b, "-": lambda a, b: a - b, "*": lambda a, b: a * b, "/": z3.UDiv, "%": z3.URem,
    "&": lambda a, b: a & b, "|": lambda a, b: a | b, "^": lambda a, b: a ^ b,
    "<": z3.ULT, ">": z3.UGT, "<=": z3.ULE, ">=": z3.UGE,
}
