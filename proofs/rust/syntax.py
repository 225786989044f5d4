"""Parses the subset of Rust that the proofs run: what is outside it stops the proof and names the line.

Expressions are tuples, their kind first. Types are kept as text: the machine needs them for widths alone.
"""

import re
from dataclasses import dataclass

TOKEN = re.compile(
    r"""(?P<space>\s+|//[^\n]*|/\*.*?\*/)
    |(?P<number>0x[0-9a-fA-F_]+(?:u8|u16|u32|u64|u128|usize)?|[0-9][0-9_]*(?:u8|u16|u32|u64|u128|usize)?)
    |(?P<string>b?"(?:[^"\\]|\\.)*")
    |(?P<life>'[a-z_]+(?!'))
    |(?P<name>[A-Za-z_][A-Za-z0-9_]*)
    |(?P<sign><<=|>>=|\.\.=|::|->|=>|==|!=|<=|>=|&&|\|\||\+=|-=|\*=|/=|%=|&=|\|=|\^=|<<|>>|\.\.|[-+*/%&|^!<>=.,;:(){}\[\]?@\#$])
    """,
    re.VERBOSE | re.DOTALL,
)
SUFFIX = re.compile(r"(u8|u16|u32|u64|u128|usize)$")
BINARY = [
    ("||",), ("&&",), ("==", "!=", "<", ">", "<=", ">="), ("|",), ("^",), ("&",), ("<<", ">>"), ("+", "-"), ("*", "/", "%"),
]
ASSIGN = {"=", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<=", ">>="}
CLOSING = {"(": ")", "[": "]", "{": "}"}


class Unsupported(Exception):
    """The source says something that is outside of the subset."""


@dataclass
class Token:
    kind: str
    text: str
    line: int


@dataclass
class Function:
    """A function: its body is parsed when it is first run."""

    name: str
    params: list  # (pattern, type text); ("self" comes first where there is one)
    returns: str
    body: list  # tokens, braces included
    file: str
    owner: str = ""
    writes: bool = False  # takes `&mut self`
    parsed: tuple = None


def tokens(text, file):
    """All tokens of `text`, comments left out."""
    at, line, found = 0, 1, []
    while at < len(text):
        match = TOKEN.match(text, at)
        if not match:
            raise Unsupported(f"{file}:{line}: cannot read {text[at:at + 20]!r}")
        if match.lastgroup != "space":
            found.append(Token(match.lastgroup, match.group(), line))
        line += match.group().count("\n")
        at = match.end()
    return found


class Source:
    """The items of one file: constants, structs, functions, by name."""

    def __init__(self, text, file):
        self.file, self.consts, self.structs, self.functions, self.aliases, self.tests = file, {}, {}, {}, {}, {}
        self.items(Parser(tokens(text, file), file), "")

    def items(self, p, owner):
        while p.more() and not p.at("}"):
            self.item(p, owner)

    def item(self, p, owner):
        test = False
        while p.at("#"):
            p.next()
            p.take("!")
            test |= [token.text for token in p.group()] == ["[", "test", "]"]
        if p.take("pub") and p.at("("):
            p.group()
        if p.at("const") and p.peek(1).text != "fn":
            p.next()
            name = p.next().text
            p.expect(":")
            kind = p.type({"="})
            p.expect("=")
            value = p.until(";")
            self.consts[owner + name] = (kind, value, p.file)
            return
        while p.at("const") or p.at("unsafe"):
            p.next()
        if p.take("fn"):
            self.function(p, owner, test)
        elif p.take("impl"):
            head = [token.text for token in p.before("{")]
            # `impl Trait for Type` and `impl Type`, generics left out.
            name = head[head.index("for") + 1] if "for" in head else (head[0] if head and head[0] != "<" else head[-2])
            p.expect("{")
            self.items(p, name + "::")
            p.expect("}")
        elif p.take("struct"):
            self.struct(p)
        elif p.take("type"):
            name = p.next().text
            p.before("=") if p.at("<") else None
            p.expect("=")
            self.aliases[name] = p.type({";"})
            p.expect(";")
        elif p.take("mod"):
            p.next()
            if not p.take(";"):
                p.expect("{")
                self.items(p, owner)
                p.expect("}")
        elif p.at("use") or p.at("extern"):
            p.until(";")
        elif p.at("enum") or p.at("trait"):
            p.before("{")
            p.group()
        else:  # a macro that makes items
            p.before_any({"{", "("})
            brace = p.at("{")
            p.group()
            if not brace:
                p.take(";")

    def struct(self, p):
        name = p.next().text
        p.before_any({"{", "(", ";"}) if p.at("<") else None
        fields = {}
        if p.at("("):
            inner = Parser(p.group()[1:-1], p.file)
            while inner.more():
                if inner.take("pub") and inner.at("("):
                    inner.group()
                fields[str(len(fields))] = inner.type({","})
                inner.take(",")
            p.expect(";")
        elif not p.take(";"):
            inner = Parser(p.group()[1:-1], p.file)
            while inner.more():
                while inner.take("#"):
                    inner.group()
                if inner.take("pub") and inner.at("("):
                    inner.group()
                field = inner.next().text
                inner.expect(":")
                fields[field] = inner.type({","})
                inner.take(",")
        self.structs[name] = fields

    def function(self, p, owner, test):
        name = p.next().text
        if p.at("<"):
            p.type({"("})
        inner = Parser(p.group()[1:-1], p.file)
        params, writes = [], False
        while inner.more():
            if [token.text for token in inner.rest()][:2] in (["&", "self"], ["self"], ["self", ","]) or inner.at("self"):
                inner.take("&")
                inner.next()
                params.append((("name", "self"), "Self"))
            elif inner.at("&") and inner.peek(1).text == "mut" and inner.peek(2).text == "self":
                for _ in range(3):
                    inner.next()
                writes = True
                params.append((("name", "self"), "Self"))
            else:
                pattern = inner.pattern()
                inner.expect(":")
                params.append((pattern, inner.type({","})))
            inner.take(",")
        returns = p.type({"{", "where"}) if p.take("->") else "()"
        p.before("{")
        function = Function(name, params, returns, p.group(), p.file, owner.rstrip(":"), writes)
        self.functions[owner + name] = function
        if test:
            self.tests[name] = function


class Parser:
    """A cursor over tokens that knows expressions."""

    def __init__(self, found, file):
        self.found, self.file, self.place = found, file, 0

    # the cursor

    def more(self):
        return self.place < len(self.found)

    def rest(self):
        return self.found[self.place:]

    def peek(self, ahead=0):
        place = self.place + ahead
        return self.found[place] if place < len(self.found) else Token("end", "", 0)

    def at(self, text):
        token = self.peek()
        return token.text == text and token.kind != "string"

    def next(self):
        token = self.peek()
        self.place += 1
        return token

    def take(self, text):
        if self.at(text):
            self.place += 1
            return True
        return False

    def expect(self, text):
        if not self.take(text):
            self.fail(f"expected {text}")

    def fail(self, why):
        token = self.peek()
        raise Unsupported(f"{self.file}:{token.line}: {why}, found {token.text!r}")

    def group(self):
        """A bracketed group, brackets included."""
        first, depth = self.place, 0
        while self.more():
            token = self.next()
            if token.kind == "sign" and token.text in "([{":
                depth += 1
            elif token.kind == "sign" and token.text in ")]}":
                depth -= 1
                if depth == 0:
                    return self.found[first:self.place]
        self.fail("a group does not end")

    def before_any(self, stops):
        first = self.place
        while self.more() and not (self.peek().kind == "sign" and self.peek().text in stops):
            self.next()
        return self.found[first:self.place]

    def before(self, stop):
        return self.before_any({stop})

    def until(self, stop):
        """The tokens up to `stop` outside of groups; takes `stop` as well."""
        first = self.place
        while self.more() and not self.at(stop):
            if self.peek().text in CLOSING:
                self.group()
            else:
                self.next()
        inside = self.found[first:self.place]
        self.expect(stop)
        return inside

    def type(self, stops):
        """The text of a type, up to one of `stops` outside of brackets."""
        depth, words = 0, []
        while self.more():
            text = self.peek().text
            if depth == 0 and text in stops | {")", "]", "}"}:
                break
            depth += {"<": 1, "(": 1, "[": 1, ">": -1, ")": -1, "]": -1, ">>": -2}.get(text, 0)
            words.append(self.next().text)
        return "".join(words).replace("&mut", "").replace("&", "")

    # patterns

    def pattern(self):
        if self.take(".."):
            return ("rest",)
        self.take("&")
        self.take("ref")
        if self.take("mut"):
            return ("name", self.next().text)
        if self.take("("):
            parts = []
            while not self.take(")"):
                parts.append(self.pattern())
                self.take(",")
            return ("tuple", parts)
        if self.take("["):
            parts = []
            while not self.take("]"):
                parts.append(self.pattern())
                self.take(",")
            return ("tuple", parts)
        if self.peek().kind == "number":
            return ("literal", self.primary(True))
        path = [self.next().text]
        while self.take("::"):
            path.append(self.next().text)
        if self.take("("):
            parts = []
            while not self.take(")"):
                parts.append(self.pattern())
                self.take(",")
            return ("variant", path[-1], parts)
        if self.at("{"):
            self.next()
            fields = {}
            while not self.take("}"):
                if self.take(".."):
                    continue
                field = self.next().text
                if field == "mut":
                    field = self.next().text
                fields[field] = self.pattern() if self.take(":") else ("name", field)
                self.take(",")
            return ("struct", path[-1], fields)
        if path in (["true"], ["false"]):
            return ("literal", ("path", path, self.peek().line))
        if path == ["_"]:
            return ("any",)
        if len(path) > 1 or path[0] in ("None",):
            return ("variant", path[-1], [])
        return ("name", path[0])

    # statements

    def block(self):
        self.expect("{")
        statements = []
        while not self.take("}"):
            if self.take(";"):
                continue
            statements.append(self.statement())
        return ("block", statements)

    def statement(self):
        line = self.peek().line
        if self.at("use"):
            self.until(";")
            return ("drop", ("tuple", []), line)
        if self.take("let"):
            pattern = self.pattern()
            kind = self.type({"=", ";"}) if self.take(":") else None
            value = self.expression() if self.take("=") else None
            other = self.block() if self.take("else") else None
            self.expect(";")
            return ("let", pattern, kind, value, other, line)
        value = self.expression()
        if self.take(";"):
            return ("drop", value, line)
        if self.at("}"):
            return ("value", value, line)
        if value[0] in ("if", "block", "for", "match", "while", "loop"):
            return ("drop", value, line)
        self.fail("a statement does not end")

    # expressions

    def expression(self, structs=True):
        if self.at("|") or self.at("||") or self.at("move"):
            return self.closure()
        if self.take("return"):
            return ("return", None if self.at(";") or self.at("}") else self.expression())
        if self.take("break"):
            return ("break",)
        if self.take("continue"):
            return ("continue",)
        left = self.binary(0, structs)
        if self.peek().kind == "sign" and self.peek().text in ("..", "..="):
            last = self.next().text == "..="
            return ("range", left, self.binary(0, structs), last)
        if self.peek().kind == "sign" and self.peek().text in ASSIGN:
            sign = self.next().text
            return ("assign", sign[:-1], left, self.expression(structs))
        return left

    def closure(self):
        self.take("move")
        params = []
        if not self.take("||"):
            self.expect("|")
            while not self.take("|"):
                params.append(self.pattern())
                if self.take(":"):
                    self.type({",", "|"})
                self.take(",")
        return ("closure", params, self.expression())

    def binary(self, level, structs):
        if level == len(BINARY):
            return self.cast(structs)
        left = self.binary(level + 1, structs)
        while self.peek().kind == "sign" and self.peek().text in BINARY[level]:
            sign = self.next().text
            left = ("binary", sign, left, self.binary(level + 1, structs))
        return left

    def cast(self, structs):
        value = self.unary(structs)
        while self.take("as"):
            value = ("cast", value, self.next().text)
        return value

    def unary(self, structs):
        if self.take("!"):
            return ("not", self.unary(structs))
        if self.take("*"):
            return ("deref", self.unary(structs))
        if self.take("&"):
            self.take("mut")
            return ("ref", self.unary(structs))
        return self.postfix(self.primary(structs))

    def postfix(self, value):
        while True:
            line = self.peek().line
            if self.take("?"):
                value = ("try", value)
            elif self.take("."):
                name = self.next().text
                if self.at("::"):
                    self.next()
                    self.expect("<")
                    self.type({">"})
                    self.expect(">")
                value = ("method", value, name, self.arguments(), line) if self.at("(") else ("field", value, name)
            elif self.at("("):
                value = ("call", value, self.arguments(), line)
            elif self.take("["):
                value = ("index", value, self.expression())
                self.expect("]")
            else:
                return value

    def arguments(self):
        self.expect("(")
        return self.list(")")

    def list(self, end):
        values = []
        while not self.take(end):
            values.append(self.expression())
            if not self.at(end):
                self.expect(",")
        return values

    def primary(self, structs):
        token = self.peek()
        if token.kind == "number":
            text = SUFFIX.sub("", self.next().text.replace("_", ""))
            suffix = SUFFIX.search(token.text)
            return ("number", int(text, 0), suffix and suffix.group())
        if token.kind == "string":
            return ("string", self.next().text)
        if self.take("("):
            values = []
            comma = False
            while not self.take(")"):
                values.append(self.expression())
                comma |= self.take(",")
            return values[0] if len(values) == 1 and not comma else ("tuple", values)
        if self.take("["):
            if self.at("]"):
                self.next()
                return ("array", [])
            first = self.expression()
            if self.take(";"):
                count = self.expression()
                self.expect("]")
                return ("repeat", first, count)
            self.take(",")
            return ("array", [first] + self.list("]"))
        if self.at("{"):
            return self.block()
        if self.take("const") or self.take("unsafe"):
            return self.block()
        if self.take("if"):
            return self.condition()
        if self.take("match"):
            return self.match()
        if self.take("for"):
            pattern = self.pattern()
            self.expect("in")
            return ("for", pattern, self.expression(False), self.block())
        if self.take("while"):
            return ("while", self.expression(False), self.block())
        if self.take("loop"):
            return ("loop", self.block())
        if token.kind == "name":
            return self.path(structs)
        self.fail("expected an expression")

    def condition(self):
        if self.take("let"):
            pattern = self.pattern()
            self.expect("=")
            test = ("matches", pattern, self.expression(False))
        else:
            test = self.expression(False)
        then = self.block()
        other = None
        if self.take("else"):
            other = self.condition() if self.take("if") else self.block()
        return ("if", test, then, other)

    def match(self):
        value = self.expression(False)
        self.expect("{")
        arms = []
        while not self.take("}"):
            pattern = self.pattern()
            guard = self.expression(False) if self.take("if") else None
            self.expect("=>")
            arms.append((pattern, guard, self.expression()))
            self.take(",")
        return ("match", value, arms)

    def path(self, structs):
        line = self.peek().line
        parts = [self.next().text]
        while self.at("::"):
            self.next()
            if self.take("<"):
                self.type({">"})
                self.expect(">")
            else:
                parts.append(self.next().text)
        if self.at("!") and self.peek(1).text in CLOSING:
            self.next()
            inner = Parser(self.group()[1:-1] + [Token("sign", ")", line)], self.file)
            return ("macro", parts[-1], inner, line)
        if structs and self.at("{") and parts[-1][0].isupper():
            self.next()
            fields, base = {}, None
            while not self.take("}"):
                if self.take(".."):
                    base = self.expression()
                else:
                    field = self.next().text
                    fields[field] = self.expression() if self.take(":") else ("path", [field], line)
                self.take(",")
            return ("make", parts[-1], fields, base)
        return ("path", parts, line)
