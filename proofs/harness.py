"""What a proof is: obligations over the contracts' source, each settled by z3. `unknown`, which is what the solver says
when its effort is spent, is a failure."""

import time
from dataclasses import dataclass, field
from pathlib import Path

import z3

from rust.machine import Machine, Program

ROOT = Path(__file__).resolve().parent.parent
# Steps of the solver until it answers `unknown`, which is a failure: many times what any obligation takes, and the same on
# every machine.
EFFORT = 100_000_000

KIT = ("contracts/kit/src/word.rs", "crates/diem-math/src/epoch.rs")
DIEM = (*KIT, "src/storage.rs", "src/ledger.rs", "src/lines.rs", "src/credits.rs", "src/leases.rs", "src/gateways.rs", "src/gas.rs", "src/book.rs", "src/position.rs")
STAKED_VVV = (*KIT, *(f"contracts/staked-vvv/src/{name}.rs" for name in ("storage", "account", "pool", "emissions", "staking")))
MATH = tuple(f"crates/diem-math/src/{name}.rs" for name in ("epoch", "index", "wad", "curve", "series", "limbs"))


class Failed(Exception):
    """An obligation that does not hold, or that the solver cannot settle."""


class Undecided(Failed):
    """The solver's effort was spent."""


@dataclass
class Proof:
    """A run of obligations under one name."""

    name: str
    files: tuple
    run: object
    statement: str
    logic: str


@dataclass
class Sources:
    """The repository's files, as they stand or with one text replaced."""

    replaced: dict = field(default_factory=dict)

    def program(self, files):
        return Program({file: self.text(file) for file in files})

    def text(self, file):
        return self.replaced.get(file) or (ROOT / file).read_text()


@dataclass
class Prover:
    """Settles the obligations of one proof."""

    program: Program
    logic: str = "QF_BV"
    settled: int = 0
    reached: int = 0

    def machine(self, **hooks):
        return Machine(self.program, hooks, self.logic)

    def hold(self, assumed, claim, what):
        """`claim` follows from `assumed`."""
        self.hold_all(assumed, {what: claim}, what)

    def hold_all(self, assumed, claims, where):
        """Each of the claims follows. Assumptions that nothing meets prove nothing, and are not counted."""
        if self.solve(assumed, where) is None:
            return
        self.reached += 1
        self.settled += len(claims)
        claims = {what: z3.BoolVal(claim) if isinstance(claim, bool) else claim for what, claim in claims.items()}
        model = self.solve([*assumed, z3.Not(z3.And(*claims.values()))], where)
        if model is not None:
            broken = [what for what, claim in claims.items() if not z3.is_true(model.eval(claim, model_completion=True))]
            raise Failed(f"{where}: not true that {', '.join(broken)}; {shown(model)}")

    def solve(self, terms, what):
        solver = z3.SolverFor(self.logic) if self.logic else z3.Solver()
        solver.set("rlimit", EFFORT)
        solver.add(*terms)
        answer = solver.check()
        if answer == z3.unknown:
            raise Undecided(f"{what}: {solver.reason_unknown()}")
        return solver.model() if answer == z3.sat else None


PROOFS = []


def proof(statement, files, logic="QF_BV"):
    """Registers a function of a `Prover` as a proof; its name is the function's. Without a logic, z3 chooses."""

    def register(run):
        PROOFS.append(Proof(run.__name__, files, run, statement, logic))
        return run

    return register


def prove(what, sources):
    """Runs one proof. Gives how many obligations it settled; raises where one does not hold."""
    prover = Prover(sources.program(what.files), what.logic)
    what.run(prover)
    if prover.reached == 0:
        raise Failed("nothing was proved: no obligation can be reached")
    return prover.settled


def shown(model):
    """A counterexample in one line."""
    values = ", ".join(f"{name} = {model[name]}" for name in sorted(model, key=str)[:24])
    return f"a counterexample: {values}"


def timed(run, *args):
    begun = time.monotonic()
    return run(*args), time.monotonic() - begun
