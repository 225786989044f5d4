"""Credit lines: L-1 to L-4 as relations of one step, over every entry point that writes them, with any storage.

What a step begins with is bound by the invariant below and by nothing else; each act of `ACTS` keeps it, and so does the
passing of days. For an account, `leaving` is what its allowance falls by tomorrow, `cooling` what is in its bucket,
`leased` what it leased out. Two numbers of a proof's own, which no contract stores, say what of these is of today:
`unstaked` what went to the bucket, `opened` what went to leases. Then

    leaving <= allowance,  leaving <= unstaked + opened,  unstaked <= cooling,  opened <= leased,
    where unstaked > 0 the bucket opens tomorrow or later.

With `stake = allowance - leaving + leased + cooling`, of which the sum over all accounts is `totalStaked`, L-4 follows:
the allowances of today, of the account and of its leases, are at most `allowance + leased - opened <= stake`. A lease of
today has none, and no other more than its amount.
"""

import z3

from harness import DIEM, MATH, Failed, proof
from host import HOOKS, MIDNIGHT, SECONDS_A_DAY, diem, plain_number
from rust.machine import Obj, Variant, is_arith

LINE_SLOTS = {"LINES": 14, "LEASES": 16, "DEFAULT_GATEWAY": 18, "TOTAL_STAKED": 11, "LEASE_COUNT": 12}


def word(name):
    return z3.Int(name)


def address(name):
    return z3.BitVec(name, 160)


# Every entry point that writes a line, a lease or who settles them: the method, and what it is called with.
ACTS = {
    "stake": lambda: [word("amount")],
    "initiate_unstake": lambda: [word("amount")],
    "unstake": lambda: [],
    "choose_gateway": lambda: [address("gateway")],
    "settle": lambda: [word("epoch"), address("account"), word("used")],
    "settle_batch": lambda: [word("epoch"), [address("account")], [word("used")]],
    "lease": lambda: [address("lessee"), word("amount"), word("epochs")],
    "transfer_lease": lambda: [word("id"), address("to")],
    "choose_lease_gateway": lambda: [word("id"), address("gateway")],
    "settle_leases": lambda: [word("epoch"), [word("id")], [word("used")]],
    "close_lease": lambda: [word("id")],
    "set_gateway": lambda: [address("gateway"), z3.Bool("allowed")],
    "revoke_gateway": lambda: [address("gateway")],
    "set_default_gateway": lambda: [address("gateway")],
}
# What an act may write of what a proof looks at; of the rest it must write nothing.
WRITES = {
    **dict.fromkeys(("stake", "initiate_unstake", "unstake", "choose_gateway", "settle", "settle_batch"), {"LINES"}),
    **dict.fromkeys(("transfer_lease", "choose_lease_gateway", "settle_leases"), {"LEASES"}),
    **dict.fromkeys(("lease", "close_lease"), {"LINES", "LEASES"}),
    **dict.fromkeys(("set_gateway", "revoke_gateway", "set_default_gateway"), {"DEFAULT_GATEWAY"}),
}
# Called by those alone.
PARTS = {"store_line", "store_account", "settle_line", "settle_lease", "register", "write_gateway"}

# Whoever is allowed to act may: the proofs do not lean on roles.
ROLES = {
    "Owner": lambda machine, slot: Obj("Owner", {"0": slot}),
    "Owner::check": lambda machine, owner, store: Variant("Ok"),
    "Diem::only_guardian": lambda machine, contract: Variant("Ok"),
    **HOOKS,
}


# Above every amount of DIEM.
LIMIT = 2**91


class Account:
    """An account as a proof looks at it, today."""

    def __init__(self, machine, contract, owner, today):
        loaded = machine.call("Diem::load_account", contract, owner, today)
        line, waiting = loaded.fields["line"].fields, loaded.fields["waiting"].fields
        self.allowance, self.used, self.gateway = line["allowance"], line["used"], line["gateway"]
        self.leaving, self.cooling, self.end = waiting["leaving"], waiting["cooling"], waiting["end"]
        self.next = machine.call("Line::next_gateway", loaded.fields["line"], loaded.fields["waiting"])
        self.next_allowance = machine.call("Line::next_allowance", loaded.fields["line"], loaded.fields["waiting"])
        self.leased = machine.call("Diem::leased_out", contract, owner)
        self.stored_epoch = contract.fields["store"].get_at(machine, loaded.fields["at"], 0).value.fields["epoch"]

    def stake(self):
        """What it put in and can take out some day."""
        return self.allowance - self.leaving + self.leased + self.cooling

    def invariant(self, unstaked, opened, today):
        tomorrow = MIDNIGHT + SECONDS_A_DAY
        return {
            "amounts are amounts of DIEM": z3.And(self.leased < LIMIT, unstaked < LIMIT, opened < LIMIT),
            "leaving <= allowance": self.leaving <= self.allowance,
            "leaving <= unstaked + opened": self.leaving <= unstaked + opened,
            "unstaked <= cooling": unstaked <= self.cooling,
            "opened <= leased": opened <= self.leased,
            "what was unstaked today stays in the bucket today": z3.Or(unstaked == 0, tomorrow <= self.end),
            "used <= allowance": self.used <= self.allowance,
            "the stored epoch is not to come": self.stored_epoch <= today,
        }


class Lease:
    """A lease as a proof looks at it, today."""

    def __init__(self, machine, contract, id, today):
        found = machine.call("Diem::find_lease", contract, id, today)
        self.exists = found.name == "Ok"
        if not self.exists:
            return
        entry, line = found.args[0]
        self.amount, self.used, self.gateway = line.fields["amount"], line.fields["used"], line.fields["gateway"]
        self.end, self.opening = line.fields["end"], line.fields["opening"]
        self.allowance = machine.call("LeaseLine::allowance", line)
        store = contract.fields["store"]
        self.lessor = z3.Extract(159, 0, store.get_at(machine, entry, 0))
        self.stored_epoch = store.get_at(machine, entry, 2).value.fields["epoch"]

    def invariant(self, account, owner, opened, today):
        """Where there is one: its day, its term, and that it is part of what its lessor leased out."""
        if not self.exists:
            return {}
        claims = {
            "a lease has an amount": self.amount > 0,
            "a lease of today ends after tomorrow": z3.Implies(self.opening, self.end >= today + 2),
            "the lease's epoch is not to come": self.stored_epoch <= today,
            "used <= the lease's allowance": self.used <= self.allowance,
        }
        if account:
            part = z3.If(self.opening, opened, account.leased - opened)
            claims["the lease is part of what its lessor leased out"] = z3.Implies(
                self.lessor == owner, self.amount <= part
            )
        return claims


class Look:
    """What a proof looks at, of that which the act may write."""

    def __init__(self, step, contract, today):
        machine, writes = step.machine, WRITES[step.act]
        self.account = Account(machine, contract, step.owner, today) if "LINES" in writes else None
        self.lease = Lease(machine, contract, step.id, today) if "LEASES" in writes else None
        self.defaults = []
        if "DEFAULT_GATEWAY" in writes:
            self.defaults = [machine.call("Diem::default_number", contract, today + later) for later in (0, 1)]
        self.total = machine.call("Diem::total_staked", contract)
        self.count = contract.fields["store"].get(machine, LINE_SLOTS["LEASE_COUNT"])


class Step:
    """One act in a world of which nothing is known but the invariant."""

    def __init__(self, prover, act):
        self.machine = prover.machine(**ROLES)
        self.act = act
        self.owner, self.id, self.caller = address("observed"), word("observed_id"), address("caller")
        self.unstaked, self.opened = word("unstaked"), word("opened")
        self.given = ACTS[act]()

    def run(self):
        """Looks, acts, and looks again; nothing where the act refuses."""
        machine = self.machine
        second, spendable = word("second"), word("spendable")
        contract = diem(machine, self.caller, second, spendable)
        today = machine.call("Diem::today", contract)
        before = Look(self, contract, today)
        machine.assumed += [0 <= number for number in (second, spendable, self.id, self.unstaked, self.opened)]
        machine.assumed += [z3.And(0 <= given, given < 2**256) for given in self.numbers()]
        machine.assumed += [
            # No DIEM beyond what can be minted, see `amounts_fit`.
            before.total < LIMIT, spendable < LIMIT - before.total,
            # Time is on this side of the year 36000, and so many leases are never opened.
            second < (1 << 40) - SECONDS_A_DAY, before.count < 2**128,
        ]
        if before.account:
            machine.assumed += before.account.invariant(self.unstaked, self.opened, today).values()
            machine.assumed += [before.account.stake() <= before.total]
        if before.lease:
            machine.assumed += before.lease.invariant(before.account, self.owner, self.opened, today).values()
            if before.lease.exists:
                machine.assumed += [self.id <= before.count, self.id > 0]
        if self.act == "close_lease":
            # The lease that is closed has the invariant too: so it is the one that is looked at.
            machine.assumed += [self.given[0] == self.id]
        result = machine.call(f"Diem::{self.act}", contract, *self.given)
        if isinstance(result, Variant) and result.name == "Err":
            return None
        return before, Look(self, contract, today), contract, today

    def looks_at_what_it_changes(self, before):
        """Whether what is looked at is what the act changes. It is any account and any lease: so once it is that one."""
        if self.act == "close_lease":
            return self.owner == before.lease.lessor if before.lease.exists else z3.BoolVal(False)
        if self.act in ("settle", "settle_batch"):
            account = self.given[1][0] if isinstance(self.given[1], list) else self.given[1]
            return self.owner == account
        if self.act in ("transfer_lease", "choose_lease_gateway"):
            return self.id == self.given[0]
        if self.act == "settle_leases":
            return self.id == self.given[1][0]
        return self.owner == self.caller if before.account else z3.BoolVal(True)

    def numbers(self):
        """The numbers that the act is called with."""
        flat = [part for given in self.given for part in (given if isinstance(given, list) else [given])]
        return [part for part in flat if is_arith(part)]

    def claims(self, before, after, contract, today):
        claims = {"only what the act may write was written": z3.BoolVal(self.wrote(contract) <= WRITES[self.act])}
        zero = z3.IntVal(0)
        mine = self.owner == self.caller
        amount = {"initiate_unstake": 0, "lease": 1}.get(self.act)
        leaves = zero if amount is None else z3.If(mine, self.given[amount], zero)
        unstaked = self.unstaked + leaves if self.act == "initiate_unstake" else self.unstaked
        opened = self.opened + leaves if self.act == "lease" else self.opened
        if before.account:
            claims |= self.account_claims(before.account, after.account, mine)
            claims |= after.account.invariant(unstaked, opened, today)
            change = after.total - before.total
            claims |= {
                "L-4: stake moves with totalStaked": after.account.stake() - before.account.stake() == z3.If(mine, change, zero),
                "L-4: the DIEM that moved is what totalStaked moved by": z3.Or(z3.Not(mine), change == moved(contract)),
            }
        if before.lease:
            claims |= self.lease_claims(before, after, mine, today)
            claims |= after.lease.invariant(after.account, self.owner, opened, today)
        if before.defaults:
            claims["L-1: today's default stays"] = after.defaults[0] == before.defaults[0]
            # A change that waits may be taken back; no other comes sooner than the day after tomorrow.
            claims["L-2: nobody new is tomorrow's default"] = z3.Or(
                after.defaults[1] == before.defaults[1], after.defaults[1] == before.defaults[0]
            )
        return claims

    def wrote(self, contract):
        """The maps above of which a word was written."""
        slots = contract.fields["store"].written()
        return {name for name in ("LINES", "LEASES", "DEFAULT_GATEWAY") if LINE_SLOTS[name] in slots}

    def account_claims(self, was, now, mine):
        claims = {
            "L-1: the allowance does not fall today": now.allowance >= was.allowance,
            "L-1: who has an allowance keeps the gateway today": z3.Or(was.allowance == 0, now.gateway == was.gateway),
            "L-3: what is used never falls today": now.used >= was.used,
        }
        if self.act not in ("settle", "settle_batch"):
            claims["L-3: a settlement alone uses credit"] = now.used == was.used
        if self.act not in ("lease", "close_lease"):
            claims["what is leased out changes with leases alone"] = now.leased == was.leased
        return claims

    def lease_claims(self, before, after, mine, today):
        was, now = before.lease, after.lease
        if was.exists and now.exists:
            claims = {
                "L-1: a lease's allowance stays": now.allowance == was.allowance,
                "L-1: a lease with an allowance keeps its gateway today": z3.Or(was.allowance == 0, now.gateway == was.gateway),
                "L-3: what a lease used never falls today": now.used >= was.used,
                "a lease keeps amount, term and lessor": z3.And(
                    now.amount == was.amount, now.end == was.end, now.lessor == was.lessor
                ),
            }
            if self.act != "settle_leases":
                claims["L-3: a settlement alone uses a lease's credit"] = now.used == was.used
            if self.act != "close_lease" and before.account and self.act != "lease":
                claims["what is leased out stays"] = after.account.leased == before.account.leased
            return claims
        if was.exists:
            return {
                "L-1: only a lease whose term is over is gone": z3.And(was.allowance == 0, was.end <= today),
                "L-4: its dollars are its lessor's again, once": after.account.leased
                == before.account.leased - z3.If(self.owner == was.lessor, was.amount, z3.IntVal(0)),
            }
        if now.exists:
            lessee, amount, _ = self.given
            return {
                "L-4: a new lease has nothing today": now.allowance == 0,
                "L-4: a new lease has its lessor's dollars, once": z3.And(
                    now.lessor == self.caller, now.amount == amount,
                    after.account.leased == before.account.leased + z3.If(mine, amount, z3.IntVal(0)),
                ),
                "a new lease has a number of its own": z3.And(self.id == after.count, after.count == before.count + 1),
            }
        return {}


def moved(contract):
    """DIEM that came to the contract, less what left it."""
    change = z3.IntVal(0)
    for source, to, amount in contract.fields["token"].erc20.moved:
        change = change + amount if str(to) == "here" else change - amount
        assert "here" in (str(source), str(to))
    return change


def step(prover, act):
    one = Step(prover, act)
    succeeded = 0
    for path, result in one.machine.explore(one.run):
        if result is None:
            continue
        succeeded += 1
        claims = one.claims(*result)
        for at, (_, owed) in enumerate(one.machine.owed):
            claims[f"what is packed or cut fits ({at})"] = z3.Implies(one.looks_at_what_it_changes(result[0]), owed)
        prover.hold_all(path, claims, act)
    if not succeeded:
        raise Failed(f"{act} never succeeds")


def register():
    for act in ACTS:
        run = lambda prover, act=act: step(prover, act)
        run.__name__ = f"step_of_{act}"
        proof(f"L-1 to L-4 through {act}", DIEM, logic=None)(run)


register()


@proof("the acts above are all that writes lines, leases and gateways", DIEM)
def every_writer_is_an_act(prover):
    writers = set()
    for file in ("src/lines.rs", "src/credits.rs", "src/leases.rs", "src/gateways.rs"):
        for name, function in prover.program.sources[file].functions.items():
            if name.startswith("Diem::") and function.writes:
                writers.add(function.name)
    if writers != set(ACTS) | PARTS:
        raise Failed(f"not what is proved: {sorted(writers ^ (set(ACTS) | PARTS))}")
    for name, slot in LINE_SLOTS.items():
        prover.hold([], z3.BoolVal(plain_number(prover.machine().const(name, "src/storage.rs")) == slot), f"{name} is slot {slot}")


@proof("a day that passes takes what was leaving, once, and nothing else", DIEM, logic=None)
def days_pass(prover):
    machine = prover.machine(**ROLES)
    owner, id, later = address("observed"), word("observed_id"), word("later")
    unstaked, opened = word("unstaked"), word("opened")

    def run():
        contract = diem(machine, address("caller"), word("second"), word("spendable"))
        today = machine.call("Diem::today", contract)
        machine.assumed += [later < 1 << 24, later > today]
        looks = [
            (Account(machine, contract, owner, at), Lease(machine, contract, id, at)) for at in (today, later)
        ]
        account, lease = looks[0]
        machine.assumed += [0 <= unstaked, 0 <= opened]
        machine.assumed += account.invariant(unstaked, opened, today).values()
        machine.assumed += lease.invariant(account, owner, opened, today).values()
        return looks

    for path, ((account, lease), (then, lease_then)) in machine.explore(run):
        none = z3.IntVal(0)
        claims = {
            "tomorrow's allowance is the forecast": then.allowance == account.next_allowance,
            "tomorrow's allowance lacks what was leaving": then.allowance == account.allowance - account.leaving,
            "tomorrow's gateway is the forecast": then.gateway == account.next,
            "nothing of tomorrow is used": then.used == 0,
            "stake stays": then.stake() == account.stake(),
            **then.invariant(none, none, later),
            **lease_then.invariant(then, owner, none, later),
        }
        if lease.exists:
            claims |= {
                "a lease has its amount or nothing": z3.Or(lease_then.allowance == 0, lease_then.allowance == lease.amount),
                "a lease keeps its amount": lease_then.amount == lease.amount,
                "a lease has its term and no day more": (lease_then.allowance != 0)
                == z3.And(later < lease.end, lease.amount != 0),
            }
        prover.hold_all(path, claims, "a day passes")


@proof("L-4: the allowances of an account and its leases are within its stake", DIEM, logic=None)
def one_dollar(prover):
    machine = prover.machine(**ROLES)
    owner, id = address("observed"), word("observed_id")
    unstaked, opened = word("unstaked"), word("opened")

    def run():
        contract = diem(machine, address("caller"), word("second"), word("spendable"))
        today = machine.call("Diem::today", contract)
        account, lease = Account(machine, contract, owner, today), Lease(machine, contract, id, today)
        machine.assumed += [0 <= unstaked, 0 <= opened]
        machine.assumed += account.invariant(unstaked, opened, today).values()
        machine.assumed += lease.invariant(account, owner, opened, today).values()
        return account, lease

    for path, (account, lease) in machine.explore(run):
        claims = {"allowance + leased - opened <= stake": account.allowance + account.leased - opened <= account.stake()}
        if lease.exists:
            claims["a lease of today has nothing, and none more than its amount"] = lease.allowance <= z3.If(lease.opening, z3.IntVal(0), lease.amount)
        prover.hold_all(path, claims, "today")


@proof("all DIEM there can be fits the fields of amounts", MATH)
def amounts_fit(prover):
    most = prover.machine().const("Curve::MAX_TARGET_SUPPLY", "crates/diem-math/src/curve.rs")
    prover.hold([], z3.ULT(most << 1, z3.BitVecVal(LIMIT, 256)), "twice the largest target supply is below 2^91")
    seconds = prover.machine().const("EPOCH_SECONDS", "crates/diem-math/src/epoch.rs")
    cooldown = prover.machine().const("DIEM_COOLDOWN_SECONDS", "crates/diem-math/src/epoch.rs")
    prover.hold([], z3.And(seconds == SECONDS_A_DAY, cooldown == SECONDS_A_DAY), "a day is a day")
