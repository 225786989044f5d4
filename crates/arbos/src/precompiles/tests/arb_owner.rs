//! ArbOwner, ArbOwnerPublic and ArbDebug.

use alloy_primitives::{Address, B256, U256, hex};
use alloy_sol_types::{SolCall, SolEvent};

use super::{ALICE, Answer, Ask, CLEAR, OPEN, OWNER, PLENTY, READ, WORD, WRITE, mock::World, ok};
use crate::{
    genesis::DEV_ACCOUNT,
    precompiles::{
        PrecompileStatus, arb_debug::ArbDebug, arb_owner::ArbOwner::*, gas_info::ArbGasInfo,
        methods, numbered, owner_public::ArbOwnerPublic,
    },
    state::{StylusParams, sure},
};

fn act<C: SolCall>(world: &mut World, call: C) -> Answer {
    Ask::new(0x70, call).from(OWNER).run(world)
}

#[track_caller]
fn act_ok<C: SolCall>(world: &mut World, call: C) {
    let answer = act(world, call);
    assert_eq!(answer.result.status, PrecompileStatus::Success);
    assert_eq!(answer.gas_used, 0);
}

fn params(world: &mut World) -> StylusParams {
    let programs = world.arbos().programs();
    sure(programs.params(&mut world.free()))
}

#[test]
fn strangers_are_refused_with_a_text_and_lose_all_gas() {
    let mut world = World::at(51);
    Ask::new(0x70, getAllChainOwnersCall {})
        .run(&mut world)
        .assert_error("unauthorized caller to access-controlled method");
    Ask::raw(0x70, [1])
        .run(&mut world)
        .assert_error("unauthorized");
}

#[test]
fn owners_pay_nothing_and_their_acts_are_logged() {
    let mut world = World::at(51);
    let call = setL1PricePerUnitCall {
        pricePerUnit: U256::from(5),
    };
    let input = call.abi_encode();
    act_ok(&mut world, call);
    let log = OwnerActs::decode_log(&world.logs[0]).unwrap();
    assert_eq!(log.address, numbered(0x70));
    assert_eq!(log.owner, OWNER);
    assert_eq!(log.method[..], input[..4]);
    assert_eq!(log.data.data, input);
    assert_eq!(world.logs.len(), 1);

    // A view in a transaction is logged as well, in a static frame it is not.
    act_ok(&mut world, getAllChainOwnersCall {});
    assert_eq!(world.logs.len(), 2);
    let view = Ask::new(0x70, getAllChainOwnersCall {})
        .from(OWNER)
        .static_();
    assert!(view.run(&mut world).result.is_success());
    assert_eq!(world.logs.len(), 2);
}

#[test]
fn a_refused_act_costs_an_owner_nothing_but_needs_the_gas() {
    let mut world = World::at(51);
    let bad = setInkPriceCall { inkPrice: 1 << 24 };
    act(&mut world, bad).assert_revert(b"", 0);
    act(&mut world, setSpeedLimitCall { limit: 0 }).assert_revert(b"", 0);
    Ask::raw(0x70, [9, 9, 9, 9])
        .from(OWNER)
        .run(&mut world)
        .assert_revert(b"", 0);
    let call = setNetworkFeeAccountCall {
        newNetworkFeeAccount: ALICE,
    };
    Ask::new(0x70, call)
        .from(OWNER)
        .gas(WRITE)
        .run(&mut world)
        .assert_revert(b"", 0);
    Ask::new(0x70, getAllChainOwnersCall {})
        .from(OWNER)
        .gas(OPEN + READ - 1)
        .run(&mut world)
        .assert_error("out of gas");
    assert!(world.logs.is_empty());
}

#[test]
fn anyone_becomes_chain_owner_on_a_debug_chain() {
    let mut world = World::at(51);
    let (_, gas) = ok(&mut world, 0xff, ArbDebug::becomeChainOwnerCall {});
    // Membership, size, place, member, size read and written.
    assert_eq!(gas, OPEN + READ + READ + 2 * WRITE + READ + WRITE);
    let (_, gas) = ok(&mut world, 0xff, ArbDebug::becomeChainOwnerCall {});
    assert_eq!(gas, OPEN + READ);
    let (owners, gas) = ok(&mut world, 0x6b, ArbOwnerPublic::getAllChainOwnersCall {});
    assert_eq!(owners, [OWNER, DEV_ACCOUNT, ALICE]);
    assert_eq!(gas, OPEN + 4 * READ + 5 * WORD);
    let answer = Ask::new(0x70, getNetworkFeeAccountCall {}).run(&mut world);
    assert!(answer.result.is_success());
}

#[test]
fn debug_precompiles_are_refused_on_other_chains() {
    let mut world = World::at(51);
    world.chain.allow_debug_precompiles = false;
    Ask::new(0xff, ArbDebug::becomeChainOwnerCall {})
        .run(&mut world)
        .assert_error("debug precompiles are disabled");
}

#[test]
fn debug_events_errors_and_code_work() {
    let mut world = World::at(51);
    let value = B256::repeat_byte(3);
    let call = ArbDebug::eventsCall { flag: true, value };
    let (returned, gas) = Ask::new(0xff, call)
        .value(5)
        .ok::<ArbDebug::eventsCall>(&mut world);
    assert_eq!((returned._0, returned._1), (ALICE, U256::from(5)));
    let logs = (375 * 3 + 8 * 32) + (375 * 5 + 8 * 64);
    assert_eq!(gas, OPEN + 2 * WORD + logs + 2 * WORD);
    let mixed = ArbDebug::Mixed::decode_log(&world.logs[1]).unwrap();
    assert_eq!(
        (mixed.flag, mixed.caller, mixed.value),
        (true, ALICE, value)
    );

    Ask::new(0xff, ArbDebug::eventsViewCall {})
        .run(&mut world)
        .assert_revert(b"", OPEN);
    let revert = Ask::new(0xff, ArbDebug::customRevertCall { number: 9 }).run(&mut world);
    assert_eq!(revert.result.output[..4], hex!("1753067f"));
    let words = (revert.result.output.len() as u64).div_ceil(32);
    assert_eq!(revert.gas_used, WORD + words * WORD);
    let text = crate::precompiles::describe_error(numbered(0xff), &revert.result.output);
    assert!(text.unwrap().starts_with("error Custom(9, "));
    Ask::new(0xff, ArbDebug::legacyErrorCall {})
        .run(&mut world)
        .assert_revert(b"", 0);
    let crashed = Ask::new(0xff, ArbDebug::panicCall {}).run(&mut world);
    assert_eq!(crashed.result.status, PrecompileStatus::Crash);
    assert_eq!(crashed.result.gas_left, 0);

    let new_code = hex!("5f5f").to_vec();
    let call = ArbDebug::overwriteContractCodeCall {
        target: ALICE,
        newCode: new_code.clone().into(),
    };
    let (old, _) = ok(&mut world, 0xff, call);
    assert!(old.is_empty());
    assert_eq!(world.state.account(ALICE).code, new_code);
}

#[test]
fn owners_come_and_go_and_from_60_on_by_events() {
    for (version, events) in [(51, 0), (60, 1)] {
        let mut world = World::at(version);
        act_ok(&mut world, addChainOwnerCall { newOwner: ALICE });
        assert_eq!(world.logs.len(), 1 + events);
        let is_owner = isChainOwnerCall { addr: ALICE };
        let answer = act(&mut world, is_owner);
        assert_eq!(answer.result.output[..], U256::from(1).to_be_bytes::<32>());
        let remove = removeChainOwnerCall {
            ownerToRemove: ALICE,
        };
        act_ok(&mut world, remove.clone());
        act(&mut world, remove).assert_revert(b"", 0);
        let (owners, _) = ok(&mut world, 0x6b, ArbOwnerPublic::getAllChainOwnersCall {});
        assert_eq!(owners, [OWNER, DEV_ACCOUNT]);
    }
}

#[test]
fn an_upgrade_is_scheduled_and_told_while_pending() {
    let mut world = World::at(51);
    let pending = |world: &mut World| {
        let (told, _) = ok(world, 0x6b, ArbOwnerPublic::getScheduledUpgradeCall {});
        (told.arbosVersion, told.scheduledForTimestamp)
    };
    assert_eq!(pending(&mut world), (0, 0));
    let schedule = |newVersion, timestamp| scheduleArbOSUpgradeCall {
        newVersion,
        timestamp,
    };
    act_ok(&mut world, schedule(60, 77));
    assert_eq!(pending(&mut world), (60, 77));
    act_ok(&mut world, schedule(51, 77));
    assert_eq!(pending(&mut world), (0, 0));
}

#[test]
fn stylus_parameters_are_set_one_by_one() {
    let mut world = World::at(60);
    act_ok(&mut world, setInkPriceCall { inkPrice: 12_345 });
    act_ok(&mut world, setWasmMaxStackDepthCall { depth: 9 });
    act_ok(&mut world, setWasmFreePagesCall { pages: 3 });
    act_ok(&mut world, setWasmPageGasCall { gas: 4 });
    act_ok(&mut world, setWasmPageLimitCall { limit: 5 });
    act_ok(
        &mut world,
        setWasmMinInitGasCall {
            gas: 129,
            cached: 65,
        },
    );
    act_ok(&mut world, setWasmInitCostScalarCall { percent: 101 });
    act_ok(&mut world, setWasmExpiryDaysCall { _days: 6 });
    act_ok(&mut world, setWasmKeepaliveDaysCall { _days: 7 });
    act_ok(&mut world, setWasmBlockCacheSizeCall { count: 8 });
    act_ok(&mut world, setWasmMaxSizeCall { size: 10 });
    act_ok(&mut world, setMaxStylusContractFragmentsCall { count: 11 });
    assert_eq!(
        params(&mut world),
        StylusParams {
            version: 2,
            ink_price: 12_345,
            max_stack_depth: 9,
            free_pages: 3,
            page_gas: 4,
            page_limit: 5,
            min_init_gas: 2,
            min_cached_init_gas: 3,
            init_cost_scalar: 51,
            cached_cost_scalar: 50,
            expiry_days: 6,
            keepalive_days: 7,
            block_cache_size: 8,
            max_wasm_size: 10,
            max_fragment_count: 11,
        }
    );
    let most = setWasmInitCostScalarCall { percent: u64::MAX };
    act_ok(&mut world, most);
    let most = setWasmMinInitGasCall {
        gas: u8::MAX,
        cached: u16::MAX,
    };
    act_ok(&mut world, most);
    let params = params(&mut world);
    assert_eq!(params.init_cost_scalar, 255);
    assert_eq!((params.min_init_gas, params.min_cached_init_gas), (2, 255));
    for inkPrice in [0, 1 << 24] {
        act(&mut world, setInkPriceCall { inkPrice }).assert_revert(b"", 0);
    }
}

#[test]
fn prices_that_are_set_are_told_by_gas_info() {
    let mut world = World::at(51);
    let [a, b] = [1_000_000_000u64, 2_000_000_000].map(U256::from);
    act_ok(&mut world, setL1PricePerUnitCall { pricePerUnit: a });
    act_ok(&mut world, setMinimumL2BaseFeeCall { priceInWei: b });
    act_ok(&mut world, setSpeedLimitCall { limit: 11 });
    act_ok(&mut world, setMaxTxGasLimitCall { limit: 12 });
    act_ok(&mut world, setMaxBlockGasLimitCall { limit: 13 });
    act_ok(&mut world, setL2GasPricingInertiaCall { sec: 14 });
    act_ok(&mut world, setL2GasBacklogToleranceCall { sec: 15 });
    act_ok(&mut world, setGasBacklogCall { backlog: 16 });
    act_ok(&mut world, setPerBatchGasChargeCall { cost: -17 });
    act_ok(&mut world, setAmortizedCostCapBipsCall { cap: 18 });
    let told = |world: &mut World| -> [U256; 9] {
        [
            ok(world, 0x6c, ArbGasInfo::getL1BaseFeeEstimateCall {}).0,
            ok(world, 0x6c, ArbGasInfo::getMinimumGasPriceCall {}).0,
            ok(world, 0x6c, ArbGasInfo::getGasAccountingParamsCall {})
                .0
                ._0,
            ok(world, 0x6c, ArbGasInfo::getMaxTxGasLimitCall {}).0,
            U256::from(ok(world, 0x6c, ArbGasInfo::getMaxBlockGasLimitCall {}).0),
            U256::from(ok(world, 0x6c, ArbGasInfo::getPricingInertiaCall {}).0),
            U256::from(ok(world, 0x6c, ArbGasInfo::getGasBacklogToleranceCall {}).0),
            U256::from(ok(world, 0x6c, ArbGasInfo::getGasBacklogCall {}).0),
            U256::from(ok(world, 0x6c, ArbGasInfo::getAmortizedCostCapBipsCall {}).0),
        ]
    };
    assert_eq!(
        told(&mut world)[2..],
        [11u64, 12, 13, 14, 15, 16, 18].map(U256::from)
    );
    assert_eq!(told(&mut world)[..2], [a, b]);
    let (charge, _) = ok(&mut world, 0x6c, ArbGasInfo::getPerBatchGasChargeCall {});
    assert_eq!(charge, -17);
}

#[test]
fn gas_constraints_replace_each_other_and_price_the_backlog() {
    let mut world = World::at(51);
    let set = |constraints| setGasPricingConstraintsCall { constraints };
    act_ok(&mut world, set(vec![[1, 2, 3], [4, 5, 6]]));
    act_ok(&mut world, set(vec![[7_000_000, 100, 0]]));
    let told = ok(
        &mut world,
        0x6c,
        ArbGasInfo::getGasPricingConstraintsCall {},
    )
    .0;
    assert_eq!(told, vec![[7_000_000, 100, 0]]);
    act(&mut world, set(vec![[0, 2, 3]])).assert_revert(b"", 0);
    let arbos = world.arbos();
    arbos.add_gas_used(&mut world, 700_000_000);
    arbos.update_base_fee(&mut world, 0);
    assert_eq!(
        arbos.current_base_fee(&mut world),
        U256::from(270_830_000u64)
    );
    act_ok(&mut world, set(vec![]));
    arbos.update_base_fee(&mut world, 0);
    assert_eq!(arbos.current_base_fee(&mut world), U256::from(100_000_000));
}

#[test]
fn a_surplus_of_the_l1_pool_is_recognised_up_to_a_limit() {
    let mut world = World::at(51);
    world.credit(crate::state::L1_PRICER_FUNDS, U256::from(100));
    let release = |world: &mut World, most: u64| {
        let call = releaseL1PricerSurplusFundsCall {
            maxWeiToRelease: U256::from(most),
        };
        U256::from_be_slice(&act(world, call).result.output)
    };
    assert_eq!(release(&mut world, 30), U256::from(30));
    assert_eq!(release(&mut world, 1_000), U256::from(70));
    assert_eq!(release(&mut world, 1_000), U256::ZERO);
    let (available, _) = ok(&mut world, 0x6c, ArbGasInfo::getL1FeesAvailableCall {});
    assert_eq!(available, U256::from(100));
}

#[test]
fn native_token_owners_need_the_feature_and_then_mint_and_burn() {
    use crate::precompiles::native_token::ArbNativeTokenManager::{
        burnNativeTokenCall, mintNativeTokenCall,
    };
    let mut world = World::at(51);
    let add = addNativeTokenOwnerCall { newOwner: ALICE };
    act(&mut world, add.clone()).assert_revert(b"", 0);
    let week = 7 * 24 * 60 * 60;
    let now = world.block.timestamp;
    let from = |timestamp| setNativeTokenManagementFromCall { timestamp };
    act(&mut world, from(now + week - 1)).assert_revert(b"", 0);
    act_ok(&mut world, from(now + week));
    act(&mut world, from(now + week - 1)).assert_revert(b"", 0);
    world.block.timestamp += week;
    act_ok(&mut world, add);
    let amount = U256::from(50);
    Ask::new(0x73, mintNativeTokenCall { amount })
        .from(OWNER)
        .run(&mut world)
        .assert_revert(b"", PLENTY);
    ok(&mut world, 0x73, mintNativeTokenCall { amount });
    assert_eq!(world.state.account(ALICE).balance, amount);
    ok(&mut world, 0x73, burnNativeTokenCall { amount });
    assert_eq!(world.state.account(ALICE).balance, U256::ZERO);
    let broke = Ask::new(0x73, burnNativeTokenCall { amount }).run(&mut world);
    assert_eq!(broke.result.status, PrecompileStatus::Revert);
    // Nothing may be withdrawn to the parent chain while there are such owners.
    use crate::precompiles::arb_sys::ArbSys::withdrawEthCall;
    let withdraw = Ask::new(0x64, withdrawEthCall { destination: ALICE }).value(1);
    withdraw
        .run(&mut world)
        .assert_revert(b"", OPEN + WORD + READ);
}

#[test]
fn the_chain_config_must_be_json_of_this_chain() {
    let mut world = World::at(51);
    let set = |text: &str| setChainConfigCall {
        chainConfig: text.to_owned(),
    };
    act(&mut world, set("not json")).assert_revert(b"", 0);
    act(&mut world, set(r#"{"chainId":1}"#)).assert_revert(b"", 0);
    let config = r#"{"chainId":412346}"#;
    act_ok(&mut world, set(config));
    let stored = world.arbos().chain_config();
    assert_eq!(sure(stored.get(&mut world.free())), config.as_bytes());
}

#[test]
fn switches_and_accounts_are_set_and_told() {
    let mut world = World::at(60);
    act_ok(&mut world, setCalldataPriceIncreaseCall { enable: true });
    act_ok(&mut world, setCollectTipsCall { collectTips: true });
    act_ok(&mut world, setBrotliCompressionLevelCall { level: 11 });
    act(&mut world, setBrotliCompressionLevelCall { level: 12 }).assert_revert(b"", 0);
    let account = Address::repeat_byte(5);
    act_ok(
        &mut world,
        setNetworkFeeAccountCall {
            newNetworkFeeAccount: account,
        },
    );
    act_ok(
        &mut world,
        setInfraFeeAccountCall {
            newInfraFeeAccount: account,
        },
    );
    use ArbOwnerPublic as Public;
    assert!(
        ok(
            &mut world,
            0x6b,
            Public::isCalldataPriceIncreaseEnabledCall {}
        )
        .0
    );
    assert!(ok(&mut world, 0x6b, Public::getCollectTipsCall {}).0);
    assert_eq!(
        ok(&mut world, 0x6b, Public::getBrotliCompressionLevelCall {}).0,
        11
    );
    assert_eq!(
        ok(&mut world, 0x6b, Public::getNetworkFeeAccountCall {}).0,
        account
    );
    assert_eq!(
        ok(&mut world, 0x6b, Public::getInfraFeeAccountCall {}).0,
        account
    );
    assert_eq!(
        ok(
            &mut world,
            0x6b,
            Public::getMaxStylusContractFragmentsCall {}
        )
        .0,
        2
    );
    let arbos = world.arbos();
    assert!(arbos.collects_tips(&mut world));
    assert!(arbos.calldata_price_increased(&mut world));
    act_ok(&mut world, setCalldataPriceIncreaseCall { enable: false });
    assert!(!arbos.calldata_price_increased(&mut world));
}

#[test]
fn prices_by_resource_are_cleared_and_refused_where_wrong_and_absent_otherwise() {
    let mut world = World::at(60);
    let set = |constraints| setMultiGasPricingConstraintsCall { constraints };
    act_ok(&mut world, set(Vec::new()));
    for wrong in [
        (vec![(9, 1)], 100, 100, 0),
        (vec![(1, 1), (200, 1)], 100, 100, 0),
        (vec![(1, 1)], 0, 100, 0),
        (vec![(1, 1)], 100, 0, 0),
    ] {
        act(&mut world, set(vec![wrong])).assert_revert(b"", 0);
    }
    act(&mut world, set(vec![(vec![(8, 1)], 100, 100, 0)]))
        .assert_error("ArbOwner.setMultiGasPricingConstraints");
    assert!(methods().any(|row| row.method.fidelity == crate::precompiles::Fidelity::Absent));
}

#[test]
fn the_recipient_of_filtered_funds_is_told_by_an_event() {
    let mut world = World::at(60);
    let newRecipient = ALICE;
    act_ok(&mut world, setFilteredFundsRecipientCall { newRecipient });
    let event = FilteredFundsRecipientSet::decode_log(&world.logs[0]).unwrap();
    assert_eq!(event.newRecipient, ALICE);
    assert_eq!(world.logs.len(), 2);
}

#[test]
fn recognising_no_surplus_writes_all_the_same() {
    let mut world = World::at(51);
    let maxWeiToRelease = U256::from(1);
    let call = releaseL1PricerSurplusFundsCall { maxWeiToRelease };
    // Owners are given back what they use, but must have it.
    let needed = OPEN + WORD + 2 * READ + CLEAR + WORD;
    act_ok(&mut world, call.clone());
    for (gas, enough) in [(needed, true), (needed - 1, false)] {
        let ask = Ask::new(0x70, call.clone()).from(OWNER).gas(gas);
        assert_eq!(ask.run(&mut world).result.is_success(), enough);
    }
}
