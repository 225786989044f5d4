"""Runs the proofs over the contracts' source.

    prove.py               every proof, and that each finds the wrong lines of `mutations`
    prove.py NAME ...      the proofs of these names
    prove.py --mutations   the wrong lines alone

The last line counts as a test runner's does.
"""

import sys

import credit  # noqa: F401  registers its proofs
import own_tests
import packing  # noqa: F401  registers its proofs
import roles  # noqa: F401  registers its proofs
import rounding  # noqa: F401  registers its proofs
from harness import PROOFS, Failed, Sources, Undecided, prove, timed
from mutations import MUTATIONS


def run(what, action):
    """Runs one check and tells how it ended."""
    try:
        said, seconds = timed(action)
    except Failed as error:
        print(f"FAILED {what}: {error}", flush=True)
        return False
    print(f"{what}: {said}, {seconds:.1f} s", flush=True)
    return True


def refuted(mutation):
    """The proof finds a counterexample where the source has the wrong line."""
    name, file, old, new = mutation
    text = Sources().text(file)
    if text.count(old) != 1:
        raise Failed(f"{file} has {old!r} {text.count(old)} times")
    (what,) = (each for each in PROOFS if each.name == name)
    try:
        prove(what, Sources({file: text.replace(old, new)}))
    except Undecided:
        raise
    except Failed:
        return "a counterexample"
    raise Failed("proved all the same")


def all_have_mutations():
    without = {each.name for each in PROOFS} - {name for name, *_ in MUTATIONS}
    if without:
        raise Failed(f"no wrong line for {', '.join(sorted(without))}")
    return f"{len(MUTATIONS)} for {len(PROOFS)} proofs"


def main(args):
    checks = []
    if not args:
        checks.append(("the sources' own tests in the machine", lambda: f"{own_tests.check()} pass"))
    if args != ["--mutations"]:
        names = set(args)
        unknown = names - {each.name for each in PROOFS}
        if unknown:
            sys.exit(f"prove: no proof {', '.join(sorted(unknown))}")
        for each in PROOFS:
            if not names or each.name in names:
                checks.append((each.name, lambda each=each: f"{prove(each, Sources())} obligations"))
    if not args or args == ["--mutations"]:
        checks.append(("a wrong line for each proof", all_have_mutations))
        for mutation in MUTATIONS:
            what = f"{mutation[0]} with {mutation[3].splitlines()[0] if mutation[3] else 'nothing'!r} for {mutation[2].splitlines()[0]!r}"
            checks.append((what, lambda mutation=mutation: refuted(mutation)))
    passed = sum([run(*check) for check in checks])
    print(f"{passed} passed, {len(checks) - passed} failed")
    return 0 if checks and passed == len(checks) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
