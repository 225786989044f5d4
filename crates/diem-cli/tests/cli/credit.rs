//! Credit by commands alone: gateways, choices, settlements, leases.

use crate::desk::{Desk, dev_account};
use alloy::primitives::{Address, U256};
use diem_abi::{IDiem, IStakedVvv, IVVV};

/// Somebody who may sign: the key and the address.
struct Signer(String, Address);

impl Signer {
    /// Somebody new with ETH.
    fn new(desk: &Desk, n: u8) -> Self {
        let (key, address) = desk.somebody(n, 10_u128.pow(18));
        Self(key, address)
    }

    fn name(&self) -> String {
        self.1.to_string()
    }
}

/// A desk whose dev account holds liquid DIEM and is in the first hour of a day.
fn with_diem() -> Desk {
    let desk = Desk::deployed();
    let (chain, me, at) = (desk.chain(), dev_account(), desk.deployment());
    let amount = U256::from(100_000) * U256::from(10).pow(U256::from(18));
    desk.runtime.block_on(async {
        let mint = IVVV::mintCall { to: me, amount };
        chain.send(me, at.vvv, &mint).await.unwrap();
        let approve = IVVV::approveCall {
            spender: at.s_vvv,
            value: amount,
        };
        chain.send(me, at.vvv, &approve).await.unwrap();
        let stake = IStakedVvv::stakeCall {
            recipient: me,
            amount,
        };
        chain.send(me, at.s_vvv, &stake).await.unwrap();
        let refresh = chain.call(at.diem, &IDiem::nextRefreshCall {}).await;
        let now = chain.timestamp(None).await.unwrap();
        let left: u64 = refresh.unwrap().to::<u64>() - now;
        chain.travel(left + 60).await.unwrap();
    });
    desk.diem(&["mint", "100DIEM"]).answers(&[]);
    desk
}

#[test]
fn credit_is_chosen_for_settled_once_and_left_by_commands_alone() {
    let desk = with_diem();
    let (one, two) = (Signer::new(&desk, 1), Signer::new(&desk, 2));
    let me = dev_account().to_string();
    desk.diem(&["gateway", "list"])
        .answers(&["default   nobody", "none was ever registered"]);
    desk.diem(&["credit", "choose", &one.name()])
        .fails(1, &["UnknownGateway", "diem gateway list"]);
    desk.diem(&["gateway", "set", &one.name()])
        .answers(&["is a gateway"]);
    desk.diem(&["gateway", "set", &two.name()]).answers(&[]);
    desk.diem(&["gateway", "list"])
        .answers(&[&one.name(), &two.name()]);

    // Chosen before there is credit: at once. Chosen over standing credit: from tomorrow on.
    let chosen = desk.diem(&["credit", "choose", &one.name()]);
    chosen.answers(&[&one.name(), "settles your credit at once"]);
    desk.diem(&["stake", "50DIEM"]).answers(&[]);
    let chosen = desk.diem(&["credit", "choose", "nobody"]);
    chosen.answers(&["nobody settles your credit from epoch", "tomorrow"]);
    desk.diem(&["credit", "show"]).answers(&[
        "today     $50 of $50 left ($0 used), settled by 0x",
        "tomorrow  $50, settled by nobody",
    ]);
    desk.diem(&["credit", "choose", &one.name()]).answers(&[]);

    // Said once.
    let settle =
        |key: &Signer, used: &str| desk.diem_as(Some(&key.0), &["credit", "settle", &me, used]);
    settle(&one, "30USD").answers(&["$30 of $50 used today"]);
    settle(&one, "30USD").answers(&["nothing new"]);
    settle(&one, "10USD").answers(&["nothing new"]);
    settle(&one, "50.5USD").fails(1, &["$50 of credit today", "InsufficientCredits"]);
    settle(&two, "40USD").fails(1, &["NotItsGateway", "diem credit show"]);
    let line = desk.diem(&["credit", "show", "--json"]).json();
    assert_eq!(line["used"], "30000000000000000000");
    assert_eq!(line["remaining"], "20000000000000000000");
    let epoch = line["epoch"].as_str().unwrap().to_owned();

    // Leaving in the evening leaves today as it is.
    desk.diem(&["unstake", "20DIEM"]).answers(&[]);
    desk.diem(&["unstake", "31DIEM"])
        .fails(1, &["InsufficientStake", "diem credit show"]);
    desk.diem(&["credit", "show"])
        .answers(&["$20 of $50 left", "tomorrow  $30"]);
    settle(&one, "50USD").answers(&["$50 of $50 used today"]);
    desk.days(1);
    desk.diem(&["credit", "show"])
        .answers(&["$30 of $30 left ($0 used)"]);
    let late = ["credit", "settle", &me, "50USD", "--epoch", &epoch];
    desk.diem_as(Some(&one.0), &late)
        .fails(1, &["WrongEpoch", "00:00 UTC"]);
}

#[test]
fn a_gateway_is_revoked_by_the_guardian_or_the_owner_and_let_back_by_the_owner() {
    let desk = with_diem();
    let (gateway, guardian, stranger) = (
        Signer::new(&desk, 1),
        Signer::new(&desk, 2),
        Signer::new(&desk, 3),
    );
    let (chain, at) = (desk.chain(), desk.deployment());
    let call = IDiem::setGuardianCall {
        newGuardian: guardian.1,
    };
    desk.runtime
        .block_on(chain.send(dev_account(), at.diem, &call))
        .unwrap();
    let revoke = ["gateway", "revoke", &gateway.name()];
    desk.diem(&revoke).fails(1, &["nothing to revoke"]);
    desk.diem(&["gateway", "set", &gateway.name()]).answers(&[]);
    desk.diem(&["gateway", "default", &gateway.name()])
        .answers(&["is the default gateway from epoch"]);
    desk.diem(&["gateway", "list"]).answers(&["nobody; 0x"]);
    desk.days(2);
    desk.diem(&["gateway", "show", &gateway.name()])
        .answers(&["the credit of whoever chose it", "default  0x"]);

    desk.diem_as(Some(&stranger.0), &revoke)
        .fails(1, &["OwnableUnauthorizedAccount", "key of that role"]);
    desk.diem_as(Some(&guardian.0), &revoke)
        .answers(&["settles nothing any more"]);
    desk.diem(&["gateway", "list"]).answers(&["revoked"]);
    let settle = ["credit", "settle", &dev_account().to_string(), "1USD"];
    desk.diem_as(Some(&gateway.0), &settle)
        .fails(1, &["OnlyGateway"]);
    desk.diem_as(Some(&guardian.0), &["gateway", "set", &gateway.name()])
        .fails(1, &["OwnableUnauthorizedAccount"]);
    desk.diem(&["gateway", "set", &gateway.name()]).answers(&[]);
    desk.diem(&revoke).answers(&[]);
    let told = desk.diem(&["gateway", "show", &gateway.name(), "--json"]);
    let told = told.json();
    assert_eq!(
        (&told["allowed"], &told["isDefault"]),
        (&false.into(), &true.into())
    );
    desk.diem(&["gateway", "default", "nobody"])
        .answers(&["nobody is the default gateway"]);
}

#[test]
fn a_lease_is_opened_chosen_for_settled_handed_on_and_closed_by_commands_alone() {
    let desk = with_diem();
    let (gateway, lessee, other) = (
        Signer::new(&desk, 1),
        Signer::new(&desk, 2),
        Signer::new(&desk, 3),
    );
    desk.diem(&["gateway", "set", &gateway.name()]).answers(&[]);
    desk.diem(&["stake", "50DIEM"]).answers(&[]);
    let open = desk.diem(&["lease", "open", &lessee.name(), "10DIEM", "2", "--json"]);
    let done = open.json()["done"].as_str().unwrap().to_owned();
    let id = done
        .strip_prefix("lease ")
        .and_then(|rest| rest.split(':').next())
        .unwrap()
        .to_owned();
    desk.diem(&["lease", "show", "99"])
        .fails(1, &["no such lease", "99"]);
    desk.diem(&["lease", "choose", &id, &gateway.name()])
        .fails(1, &["OnlyLessee", "diem lease show"]);
    desk.diem_as(Some(&lessee.0), &["lease", "choose", &id, &gateway.name()])
        .answers(&["at once"]);
    let settle = |used: &str| desk.diem_as(Some(&gateway.0), &["lease", "settle", &id, used]);
    settle("1USD").fails(1, &["InsufficientLeaseCredits"]);
    desk.days(1);
    desk.diem(&["lease", "show", &id]).answers(&[
        &lessee.name(),
        "$10 of $10 left",
        "tomorrow  $10, settled by 0x",
    ]);
    settle("10USD").answers(&["$10 of $10 used today"]);
    settle("4USD").answers(&["nothing new"]);
    desk.diem_as(Some(&lessee.0), &["lease", "transfer", &id, &other.name()])
        .answers(&[&other.name()]);
    desk.diem(&["lease", "close", &id])
        .fails(1, &["LeaseNotOver"]);
    desk.days(2);
    desk.diem_as(Some(&other.0), &["lease", "close", &id])
        .answers(&["$10 a day are", &dev_account().to_string()]);
    desk.diem(&["credit", "show"]).answers(&["$50 of $50 left"]);
}
