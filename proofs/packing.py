"""Packed words: each holds its fields and nothing else of them, whatever their values.

The places are those of the protocol's requirement, written down here once more and not read from the source: so a field
that moves, grows or shrinks fails, even where both sides of its packing moved alike.
"""

import z3

from harness import DIEM, STAKED_VVV, Failed, proof
from rust.machine import Obj, concrete, widen

# Struct, and field: (first bit, bits). One word each.
LINES = {
    "Line": {"allowance": (0, 91), "used": (91, 91), "epoch": (182, 24), "gateway": (206, 24), "changed": (230, 1)},
    "Waiting": {"leaving": (0, 91), "cooling": (91, 91), "end": (182, 40), "next": (222, 24)},
    "LeaseLine": {
        "amount": (0, 91), "used": (91, 91), "epoch": (182, 24), "end": (206, 24), "gateway": (230, 24),
        "changed": (254, 1), "opening": (255, 1),
    },
    "Default": {"counts": (0, 24), "last_set": (24, 24), "from": (48, 24), "registered": (72, 24)},
}


class Words:
    """Storage of which a proof looks at a word or three, and at one entry."""

    def __init__(self):
        self.words = {}

    def get(self, _, slot):
        return self.words.setdefault(concrete(slot), z3.BitVec(f"slot_{concrete(slot)}", 256))

    def set(self, _, slot, value):
        self.words[concrete(slot)] = value

    def entry(self, _, slot, key):
        return (concrete(slot), key.get_id())

    def get_at(self, _, entry, word):
        place = (entry, concrete(word))
        return self.words.setdefault(place, z3.BitVec("_".join(map(str, place)), 256))

    def set_at(self, _, entry, word, value):
        self.words[entry, concrete(word)] = value

    def vm(self, _):
        return self


def free(prover, name, places, tag):
    """A value of the struct with any fields of their widths."""
    machine = prover.machine()
    file = next(iter(prover.program.structs[name]))
    kinds = prover.program.structs[name][file]
    if set(kinds) - {"at", "debt"} != set(places):
        raise Failed(f"{name} has other fields than the protocol gives it: {sorted(kinds)}")
    fields, bounds = {}, []
    for field, (_, bits) in places.items():
        if kinds[field] == "bool":
            fields[field] = z3.Bool(f"{tag}.{field}")
            continue
        fields[field] = z3.BitVec(f"{tag}.{field}", machine.width(kinds[field], file))
        if bits < fields[field].size():
            bounds.append(z3.ULT(fields[field], 1 << bits))
    return Obj(name, fields), bounds


def expected(value, places):
    """The word that the protocol's table gives."""
    word = z3.BitVecVal(0, 256)
    for field, (first, _) in places.items():
        word |= widen(value.fields[field], 256) << first
    return word


def alone(prover, run):
    """What `run` gives on its only path."""
    (found,) = prover.machine().explore(run)
    return found[1]


def packs(prover, name, places, pack, unpack):
    """The obligations of one packed word."""
    value, bounds = free(prover, name, places, "a")
    word = alone(prover, lambda: pack(value))
    prover.hold(bounds, word == expected(value, places), f"{name} packs as the table says")
    back = alone(prover, lambda: unpack(word))
    for field in places:
        prover.hold(bounds, back.fields[field] == value.fields[field], f"{name}.{field} comes back")
    # Any other value of one field: the others, its neighbours first, stay as they were.
    other, more = free(prover, name, places, "b")
    for field in places:
        changed = Obj(name, {**value.fields, field: other.fields[field]})
        back = alone(prover, lambda: unpack(pack(changed)))
        for beside in places:
            if beside != field:
                kept = back.fields[beside] == value.fields[beside]
                prover.hold([*bounds, *more], kept, f"{name}.{beside} stays when {field} is set")
    # No bit of a word that was never packed reaches two fields, or a field that is not its own.
    any_word = z3.BitVec("word", 256)
    back = alone(prover, lambda: unpack(any_word))
    for field, (first, bits) in places.items():
        own = z3.Extract(first + bits - 1, first, any_word)
        prover.hold([], widen(back.fields[field], 256) == widen(own, 256), f"{name}.{field} reads its own bits alone")


def methods(prover, name):
    return (
        lambda value: prover.machine().call(f"{name}::pack", value),
        lambda word: prover.machine().call(f"{name}::unpack", word),
    )


@proof("an account's line keeps its five fields", DIEM)
def packing_of_a_line(prover):
    packs(prover, "Line", LINES["Line"], *methods(prover, "Line"))


@proof("what waits and the cooldown bucket keep their four fields", DIEM)
def packing_of_what_waits(prover):
    packs(prover, "Waiting", LINES["Waiting"], *methods(prover, "Waiting"))


@proof("a lease's line keeps its seven fields", DIEM)
def packing_of_a_lease(prover):
    packs(prover, "LeaseLine", LINES["LeaseLine"], *methods(prover, "LeaseLine"))


@proof("the default gateway's word keeps its four fields", DIEM)
def packing_of_the_default_gateway(prover):
    packs(prover, "Default", LINES["Default"], *methods(prover, "Default"))


@proof("a lease's second word keeps lessee and next gateway", DIEM)
def packing_of_a_lessee(prover):
    lessee, gateway = z3.BitVec("lessee", 160), z3.BitVec("gateway", 32)
    bounds = [z3.ULT(gateway, 1 << 24)]
    machine = prover.machine()
    word = alone(prover, lambda: machine.call("lessee_word", lessee, gateway))
    prover.hold(bounds, z3.Extract(159, 0, word) == lessee, "the lessee stands in bits 0 to 160")
    prover.hold(bounds, z3.Extract(183, 160, word) == z3.Extract(23, 0, gateway), "the gateway stands in bits 160 to 184")
    prover.hold(bounds, z3.Extract(255, 184, word) == 0, "nothing stands above")
    back = alone(prover, lambda: machine.call("next_gateway", word))
    prover.hold(bounds, back == gateway, "the gateway comes back")


@proof("a position's two words keep locked sVVV, outstanding DIEM and debt", DIEM)
def packing_of_a_position(prover):
    machine = prover.machine()
    owner = z3.BitVec("owner", 160)
    fields = {"locked": z3.BitVec("locked", 128), "outstanding": z3.BitVec("outstanding", 128), "debt": z3.BitVec("debt", 256)}

    def stored():
        contract = Obj("Diem", {"store": Words()})
        at = contract.fields["store"].entry(None, 13, owner)
        machine.call("Diem::store_position", contract, Obj("Position", {"at": at, **fields}))
        return machine.call("Diem::load_position", contract, owner), contract.fields["store"].words[at, 0]

    back, word = alone(prover, stored)
    for field, value in fields.items():
        prover.hold([], back.fields[field] == value, f"Position.{field} comes back")
    prover.hold([], z3.Extract(127, 0, word) == fields["locked"], "locked sVVV stands below")
    prover.hold([], z3.Extract(255, 128, word) == fields["outstanding"], "outstanding DIEM stands above")


@proof("an sVVV account's word keeps free and locked sVVV and the flag", STAKED_VVV)
def packing_of_an_svvv_account(prover):
    places = {"free": (0, 120), "locked": (120, 120), "settles": (240, 1)}
    machine = prover.machine()
    debt = z3.BitVec("debt", 256)
    packs(
        prover, "Account", places,
        lambda value: machine.call("Account::pack", value),
        lambda word: machine.call("Account::unpack", (), word, debt),
    )


@proof("an sVVV cooldown keeps amount and end", STAKED_VVV)
def packing_of_an_svvv_cooldown(prover):
    packs(prover, "Cooldown", {"amount": (0, 128), "end": (128, 64)}, *methods(prover, "Cooldown"))


@proof("sVVV's totals survive being stored and read", STAKED_VVV)
def packing_of_the_pool(prover):
    widths = {"index": 216, "updated": 40, "staked": 128, "locked": 128, "reserve": 128, "paid": 128, "rate": 96}
    machine = prover.machine()
    pool, bounds = free(prover, "Pool", {name: (0, bits) for name, bits in widths.items()}, "a")

    def stored():
        store = Words()
        contract = Obj("StakedVvv", {"store": store})
        machine.call("StakedVvv::store_pool", contract, pool)
        address = z3.BitVec("address", 160)
        word = machine.call("contract_and_rate", address, pool.fields["rate"])
        return store, machine.call("Pool::unpack", *(store.get(None, slot) for slot in (0, 1, 2)), word), word, address

    ((_, (store, back, word, address)),) = machine.explore(stored)
    for field in widths:
        prover.hold(bounds, back.fields[field] == pool.fields[field], f"Pool.{field} comes back")
    places = {("index", 0): (40, 216), ("updated", 0): (0, 40), ("staked", 1): (0, 128), ("locked", 1): (128, 128), ("reserve", 2): (0, 128), ("paid", 2): (128, 128)}
    for (field, slot), (first, bits) in places.items():
        own = z3.Extract(first + bits - 1, first, store.get(None, slot))
        prover.hold(bounds, widen(own, 256) == widen(pool.fields[field], 256), f"Pool.{field} stands in slot {slot}")
    prover.hold(bounds, z3.Extract(159, 0, word) == address, "the contract stands in bits 0 to 160")
    prover.hold(bounds, z3.Extract(255, 160, word) == z3.Extract(95, 0, pool.fields["rate"]), "the rate stands above")


@proof("a gateway's word keeps number and permission, whichever way it is let or revoked", DIEM)
def packing_of_a_gateway(prover):
    number, allowed = z3.BitVec("number", 32), z3.Bool("allowed")
    bounds = [z3.ULT(number, 1 << 24)]
    machine = prover.machine()
    gateway = z3.BitVec("gateway", 160)

    def written():
        contract = Obj("Diem", {"store": Words()})
        before = widen(number, 256) | z3.If(z3.Bool("was"), z3.BitVecVal(1 << 24, 256), z3.BitVecVal(0, 256))
        machine.call("Diem::write_gateway", contract, gateway, before, allowed)
        word = machine.call("Diem::gateway_word", contract, gateway)
        return word, machine.call("Diem::allowed_number", contract, gateway)

    for path, (word, answer) in machine.explore(written):
        prover.hold([*bounds, *path], word == widen(number, 256) | widen(allowed, 256) << 24, "number below, permission in bit 24")
        told = answer.args[0] == number if answer.name == "Some" else z3.Not(allowed)
        prover.hold([*bounds, *path], told, "a number is told of an allowed gateway alone")
        prover.hold([*bounds, *path], allowed if answer.name == "Some" else z3.BoolVal(True), "only while it is allowed")
