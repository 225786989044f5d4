"""web3.py, unmodified, against the node: python web3_client.py <http url> <ws url>"""

import asyncio
import json
import sys
import traceback
from pathlib import Path

from eth_account import Account
from web3 import AsyncWeb3, Web3, WebSocketProvider
from web3.exceptions import ContractCustomError, ContractLogicError

# First account of the phrase that every dev node serves.
KEY = "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80"
FRIEND = "0x00000000000000000000000000000000000000f3"
# Source: ../tests/fixtures/Probe.sol
BYTECODE = (Path(__file__).parent / "../tests/fixtures/Probe.hex").read_text().strip()


def member(kind, name, inputs, outputs=(), **more):
    """One ABI entry; inputs are (type, name) or (type, name, indexed)."""
    described = [{"type": type_, "name": word, "indexed": bool(rest)} for type_, word, *rest in inputs]
    return {"type": kind, "name": name, "inputs": described, "outputs": [{"type": it, "name": ""} for it in outputs], **more}


ABI = [
    member("function", "value", [], ["uint256"], stateMutability="view"),
    member("function", "set", [("uint256", "next")], stateMutability="payable"),
    member("function", "fail", [("string", "reason")], stateMutability="pure"),
    member("function", "deny", [("uint256", "it")], stateMutability="view"),
    member("event", "Set", [("address", "who", 1), ("uint256", "old", 1), ("uint256", "value")], anonymous=False),
    member("error", "Denied", [("address", "who"), ("uint256", "value")]),
]

url, ws_url = sys.argv[1:]
w3 = Web3(Web3.HTTPProvider(url))
me = Account.from_key(KEY)
seen = {}


def send(tx):
    """Signs and sends; the receipt."""
    filled = {"from": me.address, "nonce": w3.eth.get_transaction_count(me.address), "chainId": w3.eth.chain_id, **tx}
    filled.setdefault("gas", w3.eth.estimate_gas(filled))
    filled.setdefault("maxFeePerGas", w3.eth.gas_price * 2)
    filled.setdefault("maxPriorityFeePerGas", 0)
    raw = me.sign_transaction(filled).raw_transaction
    receipt = w3.eth.wait_for_transaction_receipt(w3.eth.send_raw_transaction(raw), poll_latency=0.02)
    assert receipt.status == 1
    return receipt


def set_value(value):
    probe = seen["probe"]
    return send({"to": probe.address, "data": probe.encode_abi("set", [value])})


def the_account_has_ether():
    assert w3.eth.get_balance(me.address) > 10**18


def a_contract_is_deployed():
    receipt = send({"data": "0x" + BYTECODE})
    seen["probe"] = w3.eth.contract(receipt.contractAddress, abi=ABI)
    assert len(w3.eth.get_code(receipt.contractAddress)) > 0


def ether_is_sent():
    send({"to": Web3.to_checksum_address(FRIEND), "value": 7})
    assert w3.eth.get_balance(Web3.to_checksum_address(FRIEND)) == 7


def a_contract_is_written_and_read():
    receipt = set_value(41)
    seen["set"] = receipt.transactionHash
    assert seen["probe"].events.Set().process_receipt(receipt)[0].args.value == 41
    assert seen["probe"].functions.value().call() == 41


def a_custom_error_arrives_with_its_values():
    try:
        seen["probe"].functions.deny(5).call({"from": me.address})
    except ContractCustomError as error:
        selector = Web3.keccak(text="Denied(address,uint256)")[:4].hex()
        assert error.data == "0x" + selector + me.address[2:].lower().rjust(64, "0") + f"{5:064x}"
    else:
        raise AssertionError("did not revert")


def a_reason_arrives():
    try:
        seen["probe"].functions.fail("no luck").call()
    except ContractLogicError as error:
        assert "no luck" in str(error)
    else:
        raise AssertionError("did not revert")


def an_event_is_found_by_its_indexed_field():
    find = seen["probe"].events.Set().get_logs
    assert find(from_block=0, argument_filters={"who": me.address})[0].args.value == 41
    assert not find(from_block=0, argument_filters={"who": Web3.to_checksum_address(FRIEND)})


def a_filter_gives_each_change_once():
    changes = seen["probe"].events.Set().create_filter(from_block="latest")
    changes.get_new_entries()
    set_value(42)
    assert [entry.args.value for entry in changes.get_new_entries()] == [42]
    assert changes.get_new_entries() == []


def blocks_come_over_websocket():
    async def listen():
        async with AsyncWeb3(WebSocketProvider(ws_url)) as socket:
            await socket.eth.subscribe("newHeads")
            receipt = await asyncio.to_thread(set_value, 43)
            async for message in socket.socket.process_subscriptions():
                return message["result"]["number"], receipt.blockNumber

    heard, mined = asyncio.run(asyncio.wait_for(listen(), 10))
    assert heard == mined, (heard, mined)


def the_fee_history_has_a_base_fee_for_each_block_and_the_next():
    history = w3.eth.fee_history(3, "latest", [50])
    assert len(history.baseFeePerGas) == 4 and len(history.reward) == 3


def a_transaction_is_traced():
    params = ["0x" + seen["set"].hex().removeprefix("0x"), {"tracer": "callTracer"}]
    trace = w3.provider.make_request("debug_traceTransaction", params)["result"]
    assert trace["to"] == seen["probe"].address.lower(), json.dumps(trace)


CHECKS = [
    the_account_has_ether,
    a_contract_is_deployed,
    ether_is_sent,
    a_contract_is_written_and_read,
    a_custom_error_arrives_with_its_values,
    a_reason_arrives,
    an_event_is_found_by_its_indexed_field,
    a_filter_gives_each_change_once,
    blocks_come_over_websocket,
    the_fee_history_has_a_base_fee_for_each_block_and_the_next,
    a_transaction_is_traced,
]
failed = 0
for check in CHECKS:
    name = check.__name__.replace("_", " ")
    try:
        check()
        print(f"ok: web3.py: {name}")
    except Exception:  # every failure is counted, whatever it is
        failed += 1
        print(f"FAILED: web3.py: {name}\n{traceback.format_exc()}")
print(f"{len(CHECKS) - failed} passed, {failed} failed")
sys.exit(1 if failed else 0)
