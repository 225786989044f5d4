"""The whole life of a DIEM holder by the live interface alone, with web3.py:
stake VVV, claim, mint DIEM, stake it, compound, unstake, burn, and take the VVV home.

    python web3py/round_trip.py [--deployment ../deployments/412346.json]

A new wallet does all of it; the account of DIEM_PRIVATE_KEY (a dev account unless set) gives it ether. Needs a chain
with evm_increaseTime and the VVV stand-in, whose faucet is open. Every number is checked to the last wei; the exit
code is 1 when one is wrong.
"""

import argparse
import json
import os
import sys

from eth_account import Account
from web3 import Web3
from web3.exceptions import ContractLogicError

DAY = 86_400
SCALE = 10**36
STAKE = 10_000 * 10**18
LOCK = 4_000 * 10**18
# First account of the mnemonic that every dev node serves; worth nothing elsewhere.
DEV_KEY = "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80"

STAKING_ABI = {
    "stake": ("address recipient, uint256 amount", None),
    "claim": ("", None),
    "claimAndStake": ("", None),
    "mintDiem": ("uint256 sVVVAmountToLock, uint256 minDiemAmountOut", None),
    "burnDiem": ("uint256 diemAmountToBurn", None),
    "initiateUnstake": ("uint256 amount", None),
    "finalizeUnstake": ("", None),
    "balanceOf": ("address account", "uint256"),
    "balanceOfUnlocked": ("address user", "uint256"),
    "stakes": ("address user", "uint256 rewardDebt, uint256 cooldownEnd, uint256 cooldownAmount"),
    "lockedStakes": ("address user", "uint256 sVVVLockedAmount, uint256 outstandingDiemAmount"),
    "getDiemAmountOut": ("uint256 sVVVAmountToLock", "uint256"),
    "pendingRewards": ("address user", "uint256"),
    "accRewardPerShare": ("", "uint256"),
}
DIEM_ABI = {
    "stake": ("uint256 amount", None),
    "initiateUnstake": ("uint256 amount", None),
    "unstake": ("", None),
    "balanceOf": ("address account", "uint256"),
    "stakedInfos": ("address account", "uint256 amountStaked, uint256 coolDownEnd, uint256 coolDownAmount"),
}
VVV_ABI = {
    "mint": ("address to, uint256 amount", None),
    "approve": ("address spender, uint256 amount", "bool"),
    "balanceOf": ("address account", "uint256"),
}
VIEWS = {
    "balanceOf", "balanceOfUnlocked", "stakes", "lockedStakes", "getDiemAmountOut", "pendingRewards",
    "accRewardPerShare", "stakedInfos",
}  # fmt: skip


def json_abi(functions):
    """Spells the short form above out as the JSON that web3.py takes."""

    def parameters(text):
        fields = [field.split() for field in (text or "").split(",") if field.strip()]
        return [{"type": field[0], "name": field[1] if len(field) > 1 else ""} for field in fields]

    return [
        {
            "type": "function",
            "name": name,
            "stateMutability": "view" if name in VIEWS else "nonpayable",
            "inputs": parameters(inputs),
            "outputs": parameters(outputs),
        }
        for name, (inputs, outputs) in functions.items()
    ]


class Client:
    """One wallet on one chain."""

    def __init__(self, deployment):
        self.web3 = Web3(Web3.HTTPProvider(deployment["rpcUrl"]))
        self.chain_id = deployment["chainId"]
        self.account = Account.create()

        def contract(key, functions):
            return self.web3.eth.contract(Web3.to_checksum_address(deployment[key]), abi=json_abi(functions))

        self.vvv = contract("vvv", VVV_ABI)
        self.staking = contract("sVvv", STAKING_ABI)
        self.diem = contract("diem", DIEM_ABI)

    def read(self, contract, name, *args, block="latest"):
        return contract.functions[name](*args).call(block_identifier=block)

    def mine(self, transaction, account):
        """Signs, sends and waits; returns the block number."""
        signed = account.sign_transaction(transaction)
        sent = self.web3.eth.send_raw_transaction(signed.raw_transaction)
        receipt = self.web3.eth.wait_for_transaction_receipt(sent, poll_latency=0.05)
        check(receipt["status"], 1, "transaction status")
        return receipt["blockNumber"]

    def send(self, contract, name, *args):
        sender = self.account.address
        nonce = self.web3.eth.get_transaction_count(sender)
        fields = {"from": sender, "nonce": nonce, "chainId": self.chain_id}
        return self.mine(contract.functions[name](*args).build_transaction(fields), self.account)

    def refused(self, contract, name, *args):
        try:
            contract.functions[name](*args).call({"from": self.account.address})
        except ContractLogicError:
            return
        sys.exit(f"{name}{args} should have been refused")

    def fund(self, key):
        """Gives the wallet an ether."""
        funder = Account.from_key(key)
        gas_price = self.web3.eth.gas_price
        transaction = {
            "to": self.account.address,
            "value": 10**18,
            "nonce": self.web3.eth.get_transaction_count(funder.address),
            "chainId": self.chain_id,
            "maxFeePerGas": 2 * gas_price,
            "maxPriorityFeePerGas": 0,
        }
        transaction["gas"] = self.web3.eth.estimate_gas({**transaction, "from": funder.address})
        self.mine(transaction, funder)

    def warp(self, days):
        self.web3.provider.make_request("evm_increaseTime", [days * DAY])
        self.web3.provider.make_request("evm_mine", [])

    def index_at(self, block):
        """The reward index that a transaction left behind."""
        return self.read(self.staking, "accRewardPerShare", block=block)


def check(actual, expected, what):
    if actual != expected:
        sys.exit(f"{what}: expected {expected}, got {actual}")


def say(what, amount, unit):
    print(f"{what:<36} {Web3.from_wei(amount, 'ether')} {unit}")


def round_trip(client):
    me = client.account.address
    vvv, staking, diem = client.vvv, client.staking, client.diem

    # A new wallet with ether and VVV.
    client.fund(os.environ.get("DIEM_PRIVATE_KEY", DEV_KEY))
    client.send(vvv, "mint", me, STAKE)

    # Stake.
    client.send(vvv, "approve", staking.address, STAKE)
    staked = client.index_at(client.send(staking, "stake", me, STAKE))
    check(client.read(staking, "balanceOf", me), STAKE, "sVVV")
    check(client.read(vvv, "balanceOf", me), 0, "VVV")
    say("staked", STAKE, "VVV")

    # A month of rewards.
    client.warp(30)
    claimed = client.index_at(client.send(staking, "claim"))
    earned = STAKE * (claimed - staked)
    check(client.read(vvv, "balanceOf", me), earned // SCALE, "claimed VVV")
    check(earned > 0, True, "rewards (is the reserve funded?)")
    say("claimed after 30 days", earned // SCALE, "VVV")

    # Mint exactly what was quoted; a wei more as minimum is refused.
    quote = client.read(staking, "getDiemAmountOut", LOCK)
    client.refused(staking, "mintDiem", LOCK, quote + 1)
    minted = client.index_at(client.send(staking, "mintDiem", LOCK, quote))
    check(client.read(diem, "balanceOf", me), quote, "DIEM")
    check(client.read(staking, "lockedStakes", me), [LOCK, quote], "position")
    check(client.read(staking, "balanceOfUnlocked", me), STAKE - LOCK, "free sVVV")
    say(f"minted by locking {LOCK // 10**18} sVVV", quote, "DIEM")

    # Stake the DIEM: a dollar of credit a day each.
    client.send(diem, "stake", quote)
    check(client.read(diem, "stakedInfos", me), [quote, 0, 0], "staked DIEM")
    check(client.read(diem, "balanceOf", me), 0, "liquid DIEM")
    say("staked", quote, "DIEM")

    # A week later: free sVVV earned all of its yield, locked sVVV 80% of it. A fraction of a wei was kept at the claim.
    client.warp(7)
    compounded = client.index_at(client.send(staking, "claimAndStake"))
    free = earned % SCALE + STAKE * (minted - claimed) + (STAKE - LOCK) * (compounded - minted)
    locked = LOCK * (compounded - minted) // SCALE * 4 // 5
    compound = free // SCALE + locked
    total = STAKE + compound
    check(client.read(staking, "balanceOf", me), total, "compounded sVVV")
    say("compounded after 7 days", compound, "VVV")

    # Unstake the DIEM: one day.
    client.send(diem, "initiateUnstake", quote)
    client.refused(diem, "unstake")
    client.warp(1)
    client.send(diem, "unstake")
    check(client.read(diem, "stakedInfos", me), [0, 0, 0], "staked DIEM")
    check(client.read(diem, "balanceOf", me), quote, "liquid DIEM")
    say("unstaked after a day", quote, "DIEM")

    # Burn a quarter at one's own average, rounded down, and then all that is left.
    part = quote // 4
    client.send(staking, "burnDiem", part)
    check(client.read(staking, "lockedStakes", me), [LOCK - part * LOCK // quote, quote - part], "part of the position")
    client.send(staking, "burnDiem", quote - part)
    check(client.read(staking, "lockedStakes", me), [0, 0], "position")
    check(client.read(staking, "balanceOfUnlocked", me), total, "free sVVV")
    check(client.read(diem, "balanceOf", me), 0, "DIEM")
    say("burned, everything unlocked", quote, "DIEM")

    # Take it all home: seven days.
    client.send(staking, "initiateUnstake", total)
    check(client.read(staking, "stakes", me)[2], total, "cooling VVV")
    client.refused(staking, "finalizeUnstake")
    client.warp(7)
    before = client.read(vvv, "balanceOf", me)
    client.send(staking, "finalizeUnstake")
    check(client.read(vvv, "balanceOf", me), before + total, "VVV")
    client.send(staking, "claim")
    check(client.read(staking, "pendingRewards", me), 0, "rewards")
    say("unstaked after 7 days", total, "VVV")
    print("every number as expected")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--deployment", default="../deployments/412346.json")
    with open(parser.parse_args().deployment, encoding="utf-8") as file:
        round_trip(Client(json.load(file)))


if __name__ == "__main__":
    main()
