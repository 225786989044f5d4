"""Rounding: each quotient goes against who asks, over exact numbers.

Multiplication followed by division is taken for what its name says, the floor or the ceiling: that `diem-math` computes
it is tested against big integers, and not proved here. Quotients are real numbers between the bounds of the floor or the
ceiling, so `x <= y` of whole numbers is shown as `x < y + 1`.
"""

import z3

from harness import DIEM, MATH, Failed, proof
from host import SECONDS_A_DAY, or_else
from rust.machine import Obj, Variant, exact, plain

INDEX = ("crates/diem-math/src/index.rs", "crates/diem-math/src/wad.rs")
CURVE = ("crates/diem-math/src/curve.rs", "crates/diem-math/src/series.rs", "crates/diem-math/src/limbs.rs", "crates/diem-math/src/wad.rs")
REALS = "QF_NRA"


def quotient(machine, a, b, divisor, up=False):
    """A number between the bounds of the floor, or of the ceiling, of `a b / divisor`."""
    like = z3.Real("any")
    a, b, divisor = (exact(plain(part), like) for part in (a, b, divisor))
    result = machine.number("quotient", z3.Real)
    product, whole = a * b, result * divisor
    bounds = [whole - divisor < product, product <= whole] if up else [whole <= product, product < whole + divisor]
    machine.assumed += [result >= 0, *bounds]
    return result


def divides(up):
    def hook(machine, a, b, divisor):
        if machine.branch(exact(plain(divisor), z3.Real("any")) == 0):
            return Variant("Err", (Variant("DivisionByZero"),))
        return Variant("Ok", (quotient(machine, a, b, divisor, up),))

    return hook


def exact_quotient(machine, a, b, divisor):
    """`word::mul_div`: the floor, and whether it is exact."""
    like = z3.Real("any")
    result = quotient(machine, a, b, divisor)
    whole = machine.branch(result * exact(plain(divisor), like) == exact(plain(a), like) * exact(plain(b), like))
    return Variant("Ok", ((result, whole),))


def difference(machine, a, b):
    """`word::sub`: the difference, and whether it is below zero; nothing reads it then."""
    below = machine.branch(exact(plain(a), z3.Real("any")) < exact(plain(b), z3.Real("any")))
    return exact(plain(a), z3.Real("any")) - exact(plain(b), z3.Real("any")), below


def added(machine, a, b):
    return exact(plain(a), z3.Real("any")) + exact(plain(b), z3.Real("any"))


def product_of(name):
    """A product of which nothing matters but that it is the same one, and positive."""

    def hook(machine, a, b):
        result = z3.Real(name)
        machine.assumed.append(result > 0)
        return result

    return hook


HOOKS = {
    "mul_div_down": divides(False),
    "mul_div_up": divides(True),
    "word::mul_div": exact_quotient,
    "word::mul_div_saturating": quotient,
    "word::sub": difference,
    "word::add": added,
    "word::mul": product_of("base_times_target"),
    "low": or_else("low", lambda machine, value: value),
    "from_u128": or_else("from_u128", lambda machine, value: value),
    # The yield debt plays no part in what a burn unlocks.
    "mul": lambda machine, a, b: z3.Real("debt_change"),
    "sub": lambda machine, a, b: z3.Real("debt_then"),
}


def real(machine, name):
    number = z3.Real(name)
    machine.assumed.append(number >= 0)
    return number


@proof("an epoch is the day that holds the second", MATH, logic=None)
def day_of_a_second(prover):
    machine = prover.machine()
    second = z3.Int("second")
    ((path, (epoch, refresh)),) = machine.explore(
        lambda: (machine.call("epoch_at", second), machine.call("next_refresh", second))
    )
    bounds = [*path, 0 <= second, second < 2**40]
    prover.hold_all(bounds, {
        "it has begun": epoch * SECONDS_A_DAY <= second,
        "it is not over": second < (epoch + 1) * SECONDS_A_DAY,
        "it refreshes when the next one begins": refresh == (epoch + 1) * SECONDS_A_DAY,
    }, "a day")


@proof("an accrual takes no more than was emitted, and no less than all rewards that it gives", INDEX, logic=REALS)
def accrual_is_covered(prover):
    machine = prover.machine(**HOOKS)

    def run():
        rate, elapsed, reserve, staked, first, second = (
            real(machine, name) for name in ("rate", "elapsed", "reserve", "staked", "first", "second")
        )
        machine.assumed += [rate < 2**96, elapsed < 2**40, reserve < 2**128, staked < 2**120, first + second <= staked]
        result = machine.call("accrue", rate, elapsed, reserve, staked)
        growth, paid = (exact(result.args[0].fields[name], rate) for name in ("index_growth", "paid"))
        rewards = [machine.call("reward_down", part, growth).args[0] for part in (first, second)]
        return growth, paid, sum(rewards), rate * elapsed, reserve

    for path, (growth, paid, rewards, due, reserve) in machine.explore(run):
        prover.hold_all(path, {
            "no more than the reserve is taken": paid < reserve + 1,
            "no more than the rate gives is taken": paid < due + 1,
            "the rewards of all are within what was taken": rewards <= paid,
            "the index does not fall": growth >= 0,
        }, "accrue")


@proof("the owner's 80% and the treasury's 20% are within the yield, and each at most 1 wei short", INDEX, logic=REALS)
def the_fee_is_a_fifth(prover):
    machine = prover.machine(**HOOKS)

    def run():
        gross = real(machine, "gross")
        return gross, machine.call("net_of_fee_down", gross).args[0], machine.call("fee_down", gross).args[0]

    for path, (gross, net, fee) in machine.explore(run):
        prover.hold_all(path, {
            "the owner has four fifths, rounded down": z3.And(5 * net <= 4 * gross, 4 * gross < 5 * (net + 1)),
            "the treasury has a fifth, rounded down": z3.And(5 * fee <= gross, gross < 5 * (fee + 1)),
            "both are within the yield": net + fee <= gross,
        }, "the fee")


def position(locked, outstanding):
    return Obj("Position", {"at": (), "locked": locked, "outstanding": outstanding, "debt": z3.Real("debt")})


@proof("a burn unlocks its part rounded down, all for all, and two burns no more than one", DIEM, logic=REALS)
def a_burn_rounds_down(prover):
    machine = prover.machine(**HOOKS)

    def run():
        locked, outstanding, first, second = (
            real(machine, name) for name in ("locked", "outstanding", "first", "second")
        )
        machine.assumed += [outstanding > 0, first + second <= outstanding]
        held = position(locked, outstanding)
        both = machine.call("Position::part", held, first + second)
        one = machine.call("Position::part", held, first)
        if one.name == "Err" or both.name == "Err":
            return None
        machine.call("Position::remove", held, one.args[0], first, z3.Real("index"))
        other = machine.call("Position::part", held, second)
        numbers = [exact(answer.args[0], locked) if answer.name == "Ok" else None for answer in (one, other, both)]
        rest = (held.fields["locked"], held.fields["outstanding"])
        return locked, outstanding, first, *numbers, rest

    for path, result in machine.explore(run):
        if result is None:
            prover.hold(path, z3.BoolVal(False), "who owes as much can burn")
            continue
        locked, outstanding, first, one, other, both, (left, owed) = result
        claims = {
            "no more than the part": one * outstanding <= locked * first,
            "less than 1 wei short of it": locked * first < (one + 1) * outstanding,
            "the rest stays locked": z3.And(left == locked - one, owed == outstanding - first),
            "all for all": z3.Implies(first == outstanding, z3.And(one <= locked, locked < one + 1)),
            "what stays is locked at no worse an average": left * outstanding >= locked * owed,
        }
        if other is not None:
            claims["two burns unlock no more than one"] = one + other < both + 1
        prover.hold_all(path, claims, "burn")


def curve():
    return Obj("Curve", {"base_rate": z3.Real("base"), "target_supply": z3.Real("target")})


def point(name):
    return Obj("Point", {"integral": z3.Real(name), "slope": z3.Real(name + "_slope"), "square": ()})


@proof("a cost is never below the exact one, and two mints never cost less than one", CURVE, logic=REALS)
def a_cost_rounds_up(prover):
    machine = prover.machine(**HOOKS)

    def run():
        points = [point(name) for name in ("start", "middle", "end")]
        start, middle, end = (each.fields["integral"] for each in points)
        machine.assumed += [0 <= start, start <= middle, middle <= end]
        price = lambda a, b: machine.call("Curve::price_up", curve(), points[a], points[b])
        return price(0, 1), price(1, 2), price(0, 2), start, end

    for path, (first, second, both, start, end) in machine.explore(run):
        scale = exact(machine.const("WAD_ULPS", CURVE[0]), start)
        error = exact(machine.const("INTEGRAL_ERROR_ULPS", CURVE[1]), start)
        base_times_target = z3.Real("base_times_target")
        # The exact integrals are at most the error above what is computed.
        exact_start, exact_end = z3.Real("exact_start"), z3.Real("exact_end")
        near = [start <= exact_start, exact_start <= start + error, end <= exact_end, exact_end <= end + error]
        exact_cost = base_times_target * (exact_end - exact_start)
        prover.hold_all([*path, *near], {
            "two steps cost no less": both < first + second + 1,
            "no less than the exact cost": both * scale >= exact_cost,
            "no more than 1 wei and two errors above it": both * scale < exact_cost + scale + base_times_target * 2 * error,
        }, "cost")


@proof("an output is the largest that its sum pays for", CURVE, logic=REALS)
def an_output_rounds_down(prover):
    def advance(machine, _, end, at, goal):
        """What `advance` promises: the last wei within the goal, in whole ulps. That it finds it is tested."""
        there = machine.number("there", z3.Real)
        goal = exact(plain(goal), there)
        machine.assumed += [there <= goal, z3.Real("one_wei_more") >= goal + 1, there >= 0]
        at.fields["integral"] = there
        end.set(z3.Real("end_of_mint"))
        machine.assumed.append(z3.Real("end_of_mint") >= z3.Real("supply"))
        return Variant("Ok", (True,))

    def settle(machine, _, svvv, diem, after):
        return Obj("Quote", {"svvv": svvv, "diem": diem, "rate_after": after})

    machine = prover.machine(**{
        **HOOKS, "Curve::advance": advance, "Curve::settle": settle, "Curve::point": lambda machine, _, supply: point("before"),
        "Curve::room": lambda machine, *_: Variant("Ok", (z3.Real("room"),)),
    })

    def run():
        supply, svvv = real(machine, "supply"), real(machine, "svvv")
        machine.assumed += [z3.Real("before") >= 0, z3.Real("room") >= 0]
        result = machine.call("Curve::quote", curve(), supply, svvv)
        if result.name == "Err":
            return None
        quote = result.args[0]
        there = quote.fields["rate_after"]
        price = lambda end: machine.call("Curve::price_up", curve(), point("before"), end)
        return quote.fields["diem"], svvv, price(there), price(point("one_wei_more")), there.fields["integral"]

    minted = 0
    for path, result in machine.explore(run):
        if result is None:
            continue
        diem, svvv, cost, more, there = result
        if not hasattr(diem, "sort") or not z3.is_arith(diem):
            continue
        minted += 1
        prover.hold_all([*path, there >= z3.Real("before")], {
            "what is paid covers the cost": cost < svvv + 1,
            "one wei of DIEM more would not be covered": more > svvv,
        }, "output")
    if not minted:
        raise Failed("nothing was minted")
