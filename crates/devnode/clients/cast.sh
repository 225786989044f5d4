#!/usr/bin/env bash
# cast, unmodified, against the node: cast.sh <http url>. One line per check; "N passed, N failed" at the end.
set -euo pipefail

export ETH_RPC_URL=$1
fixtures=$(dirname "$0")/../tests/fixtures
# First account of the phrase that every dev node serves.
key=0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80
me=$(cast wallet address $key)
friend=0x00000000000000000000000000000000000000fa
multicall=0xcA11bde05977b3631167028862bE2a173976CA11

passed=0
failed=0
# check "what it shows" "text that must appear" command...
check() {
    local what="cast: $1" expect=$2 out
    shift 2
    out=$("$@" 2>&1) || true
    if grep -qE -- "$expect" <<<"$out"; then
        echo "ok: $what"
        passed=$((passed + 1))
    else
        echo "FAILED: $what (expected /$expect/)"
        printf '%s\n' "$out" | tail -5
        failed=$((failed + 1))
    fi
}
# field "name" of the JSON that a command prints
field() {
    local name=$1
    shift
    "$@" --json | node -e 'process.stdout.write(String(JSON.parse(require("fs").readFileSync(0))[process.argv[1]]))' "$name"
}
send() { cast send --private-key $key "$@"; }

check "the chain says who it is" '^412346$' cast chain-id
check "the account has ether" '^10000\.0' cast balance "$me" --ether
probe=$(field contractAddress send --create "0x$(cat "$fixtures/Probe.hex")")
check "a contract is deployed" '^1124$' cast codesize "$probe"
check "ether is sent" '^status +1 ' send $friend --value 7
check "ether has arrived" '^7$' cast balance $friend
hash=$(field transactionHash send "$probe" 'set(uint256)' 41)
check "a contract is read" '^41$' cast call "$probe" 'value()(uint256)'
check "its storage is read" '^0x0{62}29$' cast storage "$probe" 0
check "an account of the node sends without a key" '^status +1 ' \
    cast send --unlocked --from "$me" "$probe" 'set(uint256)' 42
check "a legacy transaction is sent" '^type +0$' send --legacy "$probe" 'set(uint256)' 43
check "a transaction with an access list is sent" '^status +1 ' send "$probe" 'set(uint256)' 44 --access-list
check "a receipt is found" '^status +1 ' cast receipt "$hash"
check "a transaction is found" "^hash +$hash" cast tx "$hash"
check "a block is shown with its transactions" "$hash" cast block "$(field blockNumber cast receipt "$hash")" --full
check "an event is found by its indexed field" "$hash" \
    cast logs --address "$probe" 'Set(address indexed,uint256 indexed,uint256)' "$me" 0
check "gas is estimated" '^[0-9]{5}$' cast estimate --from "$me" "$probe" 'set(uint256)' 45
check "an access list is made" '0x0{64}' cast access-list "$probe" 'value()(uint256)'
check "a reason arrives" 'execution reverted: no luck' cast call "$probe" 'fail(string)' 'no luck'
check "a custom error arrives with its data" "0x[0-9a-f]{8}0{24}$(tr 'A-F' 'a-f' <<<"${me#0x}")0{63}5" \
    cast call --from "$me" "$probe" 'deny(uint256)' 5
check "a call is traced" '\[Return\]' cast call --trace "$probe" 'value()(uint256)'
check "a signed transaction is published" '"status": ?"0x1"' \
    cast publish "$(cast mktx --private-key $key "$probe" 'set(uint256)' 46)"
check "a block is found by its time" '^[0-9]+$' cast find-block "$(cast block latest --field timestamp)"
check "fees are offered" '^[0-9]+$' cast gas-price
check "many reads go as one" '0{62}2e, 0x0{62}2e' cast call $multicall 'aggregate((address,bytes)[])(uint256,bytes[])' \
    "[($probe,$(cast calldata 'value()')),($probe,$(cast calldata 'value()'))]"

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
