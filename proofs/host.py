"""What stands behind a contract while it runs in the machine: its storage, its caller, the second, and DIEM's balances.

Everything that the contract reads for the first time is any word at all; only what a proof assumes narrows it.

Amounts and times are exact numbers here, and a packed word is the struct that was packed into it: that packing gives back
what it took is proved in `packing` for fields within their widths, so a word that is packed here owes that they are.
"""

from dataclasses import dataclass, field

import z3

from packing import LINES
from rust.machine import Obj, Variant, exact_both, is_arith, widen

SECONDS_A_DAY = 86_400
# Slot, and word of the entry: the struct that is packed there.
PACKED = {(14, 0): "Line", (14, 1): "Waiting", (16, 2): "LeaseLine", (18, None): "Default"}
# Words that are one number.
NUMBERS = {(11, None), (12, None), (14, 2)}
# What stays a bit vector: numbers of gateways, which are compared and never counted with.
VECTORS = {"gateway": 32, "next": 32, "counts": 32, "last_set": 32, "registered": 128}
FLAGS = {"changed", "opening"}


class Packed:
    """A word that holds a struct."""

    def __init__(self, value, zero):
        self.value, self.zero = value, zero

    def is_zero(self, _):
        return self.zero


@dataclass(frozen=True)
class Entry:
    """Where the words of a map's entry stand."""

    slot: int
    number: int  # of the key, among those that were asked for


@dataclass
class Store:
    """Storage words by place. Two keys are the same entry or not: the run forks on it, once."""

    machine: object
    sender: object = None
    second: object = None
    before: dict = field(default_factory=dict)
    after: dict = field(default_factory=dict)
    keys: list = field(default_factory=list)  # (slot, key)

    def word(self, place):
        if place not in self.before:
            self.before[place] = self.after[place] = self.unknown(place)
        return self.after[place]

    def unknown(self, place):
        """Any word that may stand there."""
        name = "_".join(map(str, ("word", *place)))
        kind = (place[0], place[2] if len(place) > 1 else None)
        if kind in NUMBERS:
            number = z3.Int(name)
            self.machine.assumed += [number >= 0, number < 2**256]
            return number
        if kind not in PACKED:
            return z3.BitVec(name, 256)
        fields = {}
        for part, (_, bits) in LINES[PACKED[kind]].items():
            tag = f"{name}.{part}"
            if part in FLAGS:
                fields[part] = z3.Bool(tag)
            elif part in VECTORS:
                fields[part] = z3.BitVec(tag, VECTORS[part])
                self.machine.assumed.append(z3.ULT(fields[part], 1 << bits))
            else:
                fields[part] = z3.Int(tag)
                self.machine.assumed += [fields[part] >= 0, fields[part] < 1 << bits]
        return Packed(Obj(PACKED[kind], fields), z3.Bool(f"{name}.zero"))

    def get(self, _, slot):
        return self.word((plain_number(slot),))

    def set(self, _, slot, value):
        self.write((plain_number(slot),), value)
        return ()

    def write(self, place, value):
        self.word(place)
        self.after[place] = widen(value, 256) if isinstance(value, z3.BitVecRef) else value

    def entry(self, machine, slot, key):
        slot, key = plain_number(slot), key if is_arith(key) else widen(key, 256)
        for at, (place, known) in enumerate(self.keys):
            if place == slot and machine.branch(known == key):
                return Entry(slot, at)
        self.keys.append((slot, key))
        return Entry(slot, len(self.keys) - 1)

    def get_at(self, _, entry, word):
        return self.word((entry.slot, entry.number, plain_number(word)))

    def set_at(self, _, entry, word, value):
        self.write((entry.slot, entry.number, plain_number(word)), value)
        return ()

    def written(self):
        """The slots of which a word was written."""
        return {place[0] for place in self.after if self.after[place] is not self.before[place]}

    def caller(self, _):
        return self.sender

    def here(self, _):
        return z3.BitVec("here", 160)

    def now(self, _):
        return self.second

    def gas_left(self, _):
        # As much as there is: a lack of gas only refuses.
        return z3.BitVecVal(2**64 - 1, 64)

    def vm(self, _):
        return self


@dataclass
class Erc20:
    """OpenZeppelin's part, as far as moves of DIEM go: it refuses more than the balance."""

    spendable: object
    moved: list = field(default_factory=list)  # (from, to, amount)

    def _update(self, machine, source, to, amount):
        if machine.branch(self.spendable < amount):
            return Variant("Err", (Variant("ERC20InsufficientBalance"),))
        self.moved.append((source, to, amount))
        return Variant("Ok")


@dataclass
class Token:
    erc20: Erc20


def plain_number(value):
    return value if isinstance(value, int) else z3.simplify(value).as_long()


# When today began, seconds.
MIDNIGHT = z3.Int("midnight")
TODAY = z3.Int("today")
# Seconds have 40 bits: this side of the year 36000.
LAST_DAY = 2**40 // SECONDS_A_DAY - 1


def day(machine, second):
    """Stands for `epoch_at`: the day that holds the second. That the function gives it is proved in `rounding`."""
    known = [TODAY >= 0, TODAY <= LAST_DAY, MIDNIGHT >= 0, MIDNIGHT <= second, second < MIDNIGHT + SECONDS_A_DAY]
    machine.assumed += [fact for fact in known if not any(fact.eq(old) for old in machine.assumed)]
    return TODAY


def pack(name):
    """Stands for `pack`, and owes that every field is within its width."""

    def hook(machine, value):
        within = []
        for part, (_, bits) in LINES[name].items():
            if part in VECTORS:
                within.append(z3.ULT(value.fields[part], 1 << bits))
            elif part not in FLAGS:
                within += [value.fields[part] >= 0, value.fields[part] < 1 << bits]
        machine.owed.append((list(machine.path), z3.And(within)))
        # Words of zeros matter where a lease may be missing; a lease has an amount.
        if name == "LeaseLine":
            machine.owed.append((list(machine.path), value.fields["amount"] > 0))
        return Packed(value.copy(), False)

    return hook


def or_else(name, of_exact):
    """`of_exact` for exact numbers, the function itself for words."""

    def hook(machine, *args):
        if any(is_arith(arg) for arg in args):
            return of_exact(machine, *args)
        return machine.run(machine.program.find(machine.program.functions, name, None), args)

    return hook


def total(machine, a, b):
    # Modulo 2^256: owed is that nothing was cut off.
    a, b = exact_both(a, b)
    machine.owed.append((list(machine.path), a + b < 2**256))
    return a + b


def cut(machine, value):
    machine.owed.append((list(machine.path), value < 2**128))
    return value


HOOKS = {
    "epoch_at": day,
    "add": or_else("add", total),
    "low": or_else("low", cut),
    "from_u128": or_else("from_u128", lambda machine, value: value),
    # Byte by byte in the source, for the compiler's sake.
    "address": lambda machine, word: z3.Extract(159, 0, word),
    # An epoch beside an address: any 24 bits, nothing reads them but `leaseOf`.
    "at": or_else("at", lambda machine, value, offset: z3.ZeroExt(232, z3.BitVec("some_epoch", 24)) << offset),
    **{f"{name}::unpack": lambda machine, word: word.value.copy() for name in LINES},
    **{f"{name}::pack": pack(name) for name in LINES},
}


def diem(machine, sender, second, spendable):
    """DIEM, with any storage."""
    return Obj("Diem", {"store": Store(machine, sender, second), "token": Token(Erc20(spendable))})
