"""The machine against the compiler: the sources' own unit tests, which `cargo test` runs too, must pass in the machine;
and fail in it with their first assertion turned round."""

import re

import z3

from harness import KIT, Failed, Sources
from rust.machine import Machine, Program, Refuted, Variant, concrete, plain

MATH = ("crates/diem-math/src/index.rs", "crates/diem-math/src/wad.rs")
GROUPS = (
    (*KIT, *MATH, "src/storage.rs", "src/ledger.rs", "src/ledger_tests.rs", "src/book.rs"),
    (*KIT, *MATH, *(f"contracts/staked-vvv/src/{name}.rs" for name in ("storage", "account", "pool"))),
)
# As many as there are today: fewer would mean that they are no longer found.
LEAST = 24


def divides(up):
    def hook(_, a, b, divisor):
        a, b, divisor = (concrete(plain(part)) for part in (a, b, divisor))
        if divisor == 0:
            return Variant("Err", (Variant("DivisionByZero"),))
        result = -(-a * b // divisor) if up else a * b // divisor
        if result >= 2**256:
            return Variant("Err", (Variant("Overflow"),))
        return Variant("Ok", (z3.BitVecVal(result, 256),))

    return hook


def passes(program, test):
    machine = Machine(program, {"mul_div_down": divides(False), "mul_div_up": divides(True)})
    try:
        for path, _ in machine.explore(lambda: machine.run(test, ())):
            if path:
                raise Failed(f"{test.name}: a test forks")
    except Refuted:
        return False
    return True


def turned(text, name):
    """The file with the first assertion of a test turned round; nothing where it has none of its own."""
    begin = text.index(f"fn {name}(")
    end = text.find("#[test]", begin)
    body = text[begin : end if end > 0 else len(text)]
    new = re.sub(r"assert_eq!\(", "assert_ne!(", body, count=1)
    return None if new == body else text[:begin] + new + text[begin + len(body) :]


def check():
    """Gives how many tests passed; raises at the first that does not, or that passes turned round as well."""
    count = 0
    for files in GROUPS:
        texts = {file: Sources().text(file) for file in files}
        program = Program(texts)
        for file, source in program.sources.items():
            for name, test in source.tests.items():
                if not passes(program, test):
                    raise Failed(f"{file}: {name} passes in the compiler's hands and fails in the machine")
                wrong = turned(texts[file], name)
                if wrong:
                    other = Program({**texts, file: wrong})
                    if passes(other, other.sources[file].tests[name]):
                        raise Failed(f"{file}: {name} passes whatever it expects")
                count += 1
    if count < LEAST:
        raise Failed(f"only {count} tests of the sources were found")
    return count
