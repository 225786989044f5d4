//! Many clients insist on Base's chain id; the node takes any.

use crate::prelude::*;
use alloy::sol_types::eip712_domain;
use devnode::NodeConfig;

#[test]
fn everything_works_under_chain_id_8453() {
    const BASE: u64 = 8_453;
    let config = NodeConfig {
        chain_id: BASE,
        ..NodeConfig::default()
    };
    let world = World::on(config, e2e::world::parameters(), |chain, p| {
        TARGET.deploy(chain, p)
    });
    assert_eq!(world.chain.chain_id(), BASE);
    let mut h = with_earning_minter(&world);
    h.wait(DAY);
    h.act(ClaimYield { who: Alice });
    h.act(choose(Alice, Gateway));
    h.act(StakeDiem {
        who: Alice,
        amount: 100 * WAD,
    });
    h.act(h.settle(Gateway, Alice, 100 * WAD));
    h.act(BurnDiem {
        who: Alice,
        amount: 100 * WAD,
    });
    let diem = world.contracts.diem;
    let domain = eip712_domain! {
        name: "Diem",
        version: "1",
        chain_id: BASE,
        verifying_contract: diem,
    };
    assert_eq!(
        world.chain.view(diem, &IDiem::DOMAIN_SEPARATORCall {}),
        domain.separator()
    );
}
