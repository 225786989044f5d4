"""Roles: what the owner and the guardian may do, nobody else may; whatever stands in storage."""

import z3

from harness import DIEM, STAKED_VVV, Failed, proof
from packing import Words
from rust.machine import Obj, Variant

OWNER = "contracts/kit/src/owner.rs"
# Method, and what it is called with; by who may call it.
DIEM_ACTS = {
    "owner": {
        "set_treasury": ("address",), "set_guardian": ("address",), "unpause_mint": (), "set_gateway": ("address", "flag"),
        "set_default_gateway": ("address",), "transfer_ownership": ("address",), "renounce_ownership": (),
    },
    "pending": {"accept_ownership": ()},
    "guardian": {"pause_mint": (), "revoke_gateway": ("address",)},
}
SVVV_ACTS = {
    "owner": {
        "set_diem": ("address",), "set_emission_rate": ("word",), "transfer_ownership": ("address",), "renounce_ownership": (),
    },
    "pending": {"accept_ownership": ()},
}
# What each of them tells, and which never take nobody's address.
EVENTS = {
    "set_treasury": "TreasuryUpdated", "set_guardian": "GuardianUpdated", "unpause_mint": "MintUnpaused", "pause_mint": "MintPaused",
    "set_gateway": "GatewaySet", "revoke_gateway": "GatewaySet", "set_default_gateway": "DefaultGatewaySet",
    "transfer_ownership": "OwnershipTransferStarted", "accept_ownership": "OwnershipTransferred",
    "renounce_ownership": "OwnershipTransferred", "set_diem": "DiemSet",
}
SOMEBODY = {"set_treasury", "set_gateway", "set_diem"}


class Host(Words):
    """Storage, and a caller of whom nothing is known."""

    def caller(self, _):
        return z3.BitVec("caller", 160)

    def here(self, _):
        return z3.BitVec("here", 160)

    def now(self, _):
        return z3.BitVec("second", 64)

    def gas_left(self, _):
        return z3.BitVecVal(2**64 - 1, 64)


def argument(kind, at):
    if kind == "flag":
        return z3.Bool(f"given_{at}")
    return z3.BitVec(f"given_{at}", 160 if kind == "address" else 256)


HOOKS = {
    "Owner": lambda machine, slot: Obj("Owner", {"0": slot}),
    "address": lambda machine, word: z3.Extract(159, 0, word),
    # Answers of other contracts: any, and no refusal.
    "Diem::venice": lambda machine, contract: Variant("Ok", (z3.BitVec("vvv", 160),)),
    "Diem::staked_vvv": lambda machine, contract: z3.BitVec("s_vvv", 160),
    "StakedVvv::staked_vvv_of": lambda machine, contract, diem: Variant("Ok", (z3.BitVec("here", 160),)),
    # What follows the check of the owner.
    "StakedVvv::change_rate": lambda machine, contract, rate: Variant("Ok"),
}


def only(prover, name, acts, slots):
    """Whoever an act does not refuse is the one whose address stood in the slot, and not the zero address."""
    for role, methods in acts.items():
        for method, kinds in methods.items():
            machine = prover.machine(**HOOKS)

            def run():
                store = Host()
                allowed = z3.Extract(159, 0, store.get(machine, slots[role]))
                given = [argument(kind, at) for at, kind in enumerate(kinds)]
                return allowed, machine.call(f"{name}::{method}", Obj(name, {"store": store}), *given)

            done = 0
            for path, (allowed, result) in machine.explore(run):
                if isinstance(result, Variant) and result.name == "Err":
                    continue
                done += 1
                # The rate's event is told by what follows the check.
                if method in EVENTS and EVENTS[method] not in machine.events:
                    raise Failed(f"{method} tells {machine.events}, and not {EVENTS[method]}")
                caller = z3.BitVec("caller", 160)
                prover.hold_all(path, {
                    f"only the {role} calls {method}": caller == allowed, f"nobody calls {method}": caller != 0,
                    f"{method} names somebody": argument("address", 0) != 0 if method in SOMEBODY else z3.BoolVal(True),
                }, method)
            if not done:
                raise Failed(f"{method} never succeeds")


@proof("DIEM's owner, pending owner and guardian alone do what is theirs", (*DIEM, "src/roles.rs", OWNER))
def owners_acts_of_diem(prover):
    only(prover, "Diem", DIEM_ACTS, {"owner": 6, "pending": 7, "guardian": 8})


@proof("sVVV's owner and pending owner alone do what is theirs", (*STAKED_VVV, "contracts/staked-vvv/src/contract.rs", "contracts/staked-vvv/src/gas.rs", OWNER))
def owners_acts_of_svvv(prover):
    only(prover, "StakedVvv", SVVV_ACTS, {"owner": 8, "pending": 9})
