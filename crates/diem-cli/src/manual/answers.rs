//! What each command answers in JSON: names of the fields, in no order.

/// Of what was signed, sent and mined.
const DONE: &str = "done transaction gasUsed block";
/// Of each of what was signed, sent and mined.
const EACH: &str = "[done transaction gasUsed block]";
/// Of one program.
const KEPT: &str = "[program address done daysLeft]";
/// Of a credit line.
const LINE: &str = "epoch allowance used remaining gateway nextAllowance nextGateway";

/// Command and fields. In brackets: an array of objects of these fields. `+` joins parts.
const ANSWERS: [(&str, &[&str]); 62] = [
    (
        "networks",
        &["[key chainId name devnet target rpc genesis explorer vvv]"],
    ),
    (
        "deploy",
        &[
            "chainId genesis rpcUrl target vvv sVvv diem owner deployer guardian treasury timelock \
             salt arguments contracts",
        ],
    ),
    ("verify", &["chainId verified build solidity contracts"]),
    ("monitor", &["block level findings"]),
    ("tour", &["steps checks gasUsed"]),
    ("quote", &["sVvv diem mintRate"]),
    ("mint", &[DONE]),
    ("burn", &[DONE]),
    ("stake", &[DONE]),
    ("unstake", &[DONE]),
    ("withdraw", &[EACH]),
    ("claim", &[DONE]),
    ("transfer", &[DONE]),
    ("approve", &[DONE]),
    ("replace", &[DONE]),
    (
        "status",
        &[
            "account vvv vvvCooling vvvCooldownEnd sVvvFree sVvvLocked outstanding pendingRewards \
             pendingYield diem diemStaked diemCooling diemCooldownEnd leasedOut creditAllowance \
             creditUsed creditRemaining nextAllowance gateway nextGateway programs",
        ],
    ),
    ("position", &["account locked outstanding pendingYield"]),
    ("history", &["account fromBlock toBlock events"]),
    (
        "watch",
        &["block timestamp transaction contract event fields"],
    ),
    ("curve", &["supply mintRate targetSupply points"]),
    ("credit choose", &[DONE]),
    ("credit show", &["account", LINE]),
    ("credit settle", &[DONE]),
    ("lease open", &[DONE]),
    ("lease list", &["account leases"]),
    (
        "lease show",
        &["id lessor lessee amount startEpoch endEpoch", LINE],
    ),
    ("lease choose", &[DONE]),
    ("lease settle", &[DONE]),
    ("lease transfer", &[DONE]),
    ("lease close", &[DONE]),
    ("gateway set", &[DONE]),
    ("gateway default", &[DONE]),
    ("gateway revoke", &[DONE]),
    (
        "gateway list",
        &["gateways default nextDefault nextDefaultFromEpoch"],
    ),
    ("gateway show", &["gateway allowed isDefault isNextDefault"]),
    ("fund-rewards", &[DONE]),
    ("pause-mint", &[DONE]),
    ("set-treasury", &[EACH]),
    ("set-guardian", &[EACH]),
    ("unpause-mint", &[EACH]),
    ("set-emission", &[EACH]),
    ("accept-ownership", &[EACH]),
    ("transfer-ownership", &[EACH]),
    ("renounce-ownership", &[EACH]),
    ("timelock schedule", &[DONE, "id"]),
    ("timelock execute", &[DONE]),
    ("timelock cancel", &[DONE]),
    ("timelock list", &["timelock operations"]),
    ("wallet new", &["address file"]),
    ("wallet import", &["address file"]),
    ("wallet list", &["directory wallets"]),
    ("wallet address", &["address"]),
    ("key create", &["apiKey id baseUrl"]),
    ("key list", &["data"]),
    ("key revoke", &["revoked"]),
    ("usage", &["balance usage"]),
    ("activate", &[KEPT]),
    ("keepalive", &[KEPT]),
    ("cache-bid", &["[program address cached]"]),
    // Of what is signed elsewhere: --dry-run and --unsigned, then --safe.
    (
        "--unsigned",
        &[
            "preview chainId from maxFeePerGas maxPriorityFeePerGas fee feeAtMost dataFeeAtMost transactions",
        ],
    ),
    ("--safe", &["safe file transactions"]),
    ("transactions", &["function to value data nonce gas"]),
];

/// The fields that a command answers with `--json`, as its help tells them: its own, or those
/// of the command that it is a part of.
pub(super) fn told(path: &str) -> Option<String> {
    let Some((_, parts)) = ANSWERS.iter().find(|(command, _)| *command == path) else {
        return told(path.rsplit_once(' ')?.0);
    };
    let fields = parts.join(" ");
    let many = fields.starts_with('[');
    let names: Vec<String> = fields
        .trim_matches(['[', ']'])
        .split(' ')
        .map(|name| format!("`{name}`"))
        .collect();
    let what = match (many, path) {
        (_, "watch") => "One JSON document a line with --json",
        (true, _) => "An array with --json, of objects with",
        (false, _) => "An object with --json, with",
    };
    Some(format!("{what}: {}.", names.join(", ")))
}
