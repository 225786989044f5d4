#!/usr/bin/env bash
# The official dev nodes' own set-up sequence, sent with cast.
#
#   set-up.sh shell|tools bare|ready-made RPC_URL
#
# `shell` is what the dev node's start script does, `tools` what the test kit of the Stylus tools does. A `bare` node
# needs every step; a `ready-made` one has it all, so repeated settings must succeed and repeated deployments be
# refused, as on a chain where they were made by hand. One line per check; "N passed, N failed" at the end.
set -euo pipefail

variant=$1 start=$2
export ETH_RPC_URL=$3
key=0xb6b15c8cb491557369f3c7d2c287b053eb229daa9c22138887752191c9520659
arb_wasm=0x0000000000000000000000000000000000000071
arb_wasm_cache=0x0000000000000000000000000000000000000072
arb_owner=0x0000000000000000000000000000000000000070
arb_debug=0x00000000000000000000000000000000000000FF
publisher=0x3fab184622dc19b6109349b94811493bf2a45362
factory=0x4e59b44847b379578588920ca78fbf26c0b4956c
known_cache_manager=0x2F8Bd4EaB69764c105aDd7dE7CB0402557a44E6f
salt=0x0000000000000000000000000000000000000000000000000000000000000000
# Signed once for all chains: no chain id, and a signature nobody made.
factory_tx=0xf8a58085174876e800830186a08080b853604580600e600039806000f350fe7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe03601600081602082378035828234f58015156039578182fd5b8082525050506014600cf31ba02222222222222222222222222222222222222222222222222222222222222222a02222222222222222222222222222222222222222222222222222222222222222
# A constructor without its contract: it copies 7,452 bytes that are not there.
cache_manager=0x60a06040523060805234801561001457600080fd5b50608051611d1c61003060003960006105260152611d1c6000f3fe
deployer_code=$(cat "$(dirname "$0")/../../arbos/contracts/StylusDeployer.hex")
# PUSH2 length, DUP1, copy what follows these 10 bytes, return it.
deployer=0x61$(printf '%04x' $((${#deployer_code} / 2)))80600a3d393df3$deployer_code

passed=0
failed=0
# check "what it shows" "text that must appear" command...
check() {
    local what="$variant set-up, $start: $1" expect=$2 out
    shift 2
    out=$("$@" 2>&1) || true
    if grep -qiE -- "$expect" <<<"$out"; then
        echo "ok: $what"
        passed=$((passed + 1))
    else
        echo "FAILED: $what (expected /$expect/)"
        printf '%s\n' "$out" | tail -5
        failed=$((failed + 1))
    fi
}
send() { cast send --private-key $key "$@"; }
mined='status +1 '
code_length() { local code; code=$(cast code "$1"); echo $(((${#code} - 2) / 2)); }
# Sends init code to the factory; where it was sent before, the factory reverts.
through_factory() { # what address init-code
    if [ "$(cast code "$2")" = 0x ]; then
        check "$1 through the factory" "$mined" send $factory "$salt${3#0x}"
    else
        check "$1 twice is refused" 'revert' send $factory "$salt${3#0x}"
    fi
}

check "becomeChainOwner" "$mined" send $arb_debug 'becomeChainOwner()'
check "the dev account is an owner" '^true' \
    cast call $arb_owner 'isChainOwner(address)(bool)' "$(cast wallet address $key)" --from "$(cast wallet address $key)"
check "setL1PricePerUnit" "$mined" send $arb_owner 'setL1PricePerUnit(uint256)' 0x0
if [ "$variant" = tools ]; then
    check "scheduleArbOSUpgrade" "$mined" send $arb_owner 'scheduleArbOSUpgrade(uint64,uint64)' 60 0
    check "give the publisher ether" "$mined" send $publisher --value 0.1ether
    check "the upgrade has happened" '^115' cast call 0x0000000000000000000000000000000000000064 'arbOSVersion()(uint64)'
else
    check "give the publisher ether" "$mined" send $publisher --value 1ether
fi
if [ "$start" = bare ]; then
    check "publish the factory" '0xeddf9e61fb9d8f5111840daef55e5fde0041f5702856532cdbb5a02998033d26' \
        cast publish $factory_tx
else
    check "publish the factory twice is refused" 'nonce too low' cast publish $factory_tx
fi
check "the factory is there" '^69$' code_length $factory

if [ "$variant" = tools ]; then
    through_factory "the cache manager" $known_cache_manager $cache_manager
    manager=$known_cache_manager
else
    created=$(send --create $cache_manager --json)
    manager=$(grep -oiE '"contractAddress": ?"0x[0-9a-f]{40}' <<<"$created" | grep -oE '0x.*' || true)
fi
check "the cache manager has the length tools check" '^7452$' code_length "$manager"
check "addWasmCacheManager" "$mined" send $arb_owner 'addWasmCacheManager(address)' "$manager"
check "the manager is known" '^true' cast call $arb_wasm_cache 'isCacheManager(address)(bool)' "$manager"

at=$(cast create2 --deployer $factory --salt $salt --init-code "$deployer" | grep -oE '0x[0-9a-fA-F]{40}' | head -1)
through_factory "the StylusDeployer" "$at" "$deployer"
check "the StylusDeployer is there" "^$((${#deployer_code} / 2))$" code_length "$at"
check "the StylusDeployer works" '^0x[0-9a-f]{64}$' \
    cast call "$at" 'initSalt(bytes32,bytes)(bytes32)' $salt 0x1234
through_factory "the StylusDeployer" "$at" "$deployer"
check "programs may be activated" '^[0-9]+' cast call $arb_wasm 'stylusVersion()(uint16)'

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
