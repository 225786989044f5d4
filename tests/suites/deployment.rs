//! `diem deploy`, the code that users run, gives the same contracts as the tests' own deployment.

use crate::prelude::*;
use diem_cli::deploy::{self, Builds, Owner as Owns, Plan, deploy};
use diem_cli::deployment::Arguments;
use e2e::deploy::{Target, repository};
use e2e::model::Contracts;

#[test]
fn contracts_deployed_by_the_command_line_follow_the_model() {
    let (target, records) = match TARGET {
        Target::Stylus => (deploy::Target::Stylus, "target/e2e-deployments"),
        Target::Evm => (deploy::Target::Evm, "target/evm-deployments"),
    };
    let world = World::deployed(e2e::world::parameters(), |chain, parameters| {
        // The command line leaves time to the node.
        chain.rpc::<serde_json::Value>("evm_setTime", serde_json::json!([start()]));
        let plan = Plan {
            deployer: parameters.owner,
            owner: Owns::Account(parameters.owner),
            guardian: Address::ZERO,
            treasury: Some(parameters.treasury),
            vvv: None,
            arguments: Arguments {
                base_rate: parameters.base_rate,
                target_supply: parameters.target_supply,
                emission_rate: parameters.emission_rate,
                max_emission_rate: parameters.max_emission_rate,
            },
            target,
            builds: Builds {
                wasm: repository().join("target/wasm"),
                evm: repository().join("target/evm"),
            },
            deployments: repository().join(records),
            devnet: true,
            cache: true,
        };
        let deployment = chain.wait(async {
            let client = diem_cli::chain::Chain::connect(chain.url(), &[Owner.signer().clone()])
                .await
                .unwrap();
            deploy(&client, &plan).await.unwrap()
        });
        chain.forget_nonces();
        chain.set_time(start() + 3_600);
        Contracts {
            vvv: deployment.vvv,
            s_vvv: deployment.s_vvv,
            diem: deployment.diem,
        }
    });
    let mut h = world.history();
    h.compare_views();
    h.act(StakeVvv {
        who: Alice,
        recipient: Alice,
        amount: 1_000_000 * WAD,
    });
    h.act(Mint {
        who: Alice,
        amount: 500_000 * WAD,
        least: 0,
    });
    h.act(choose(Alice, Gateway));
    h.act(StakeDiem {
        who: Alice,
        amount: 1_000 * WAD,
    });
    h.act(h.settle(Gateway, Alice, 1_000 * WAD));
}
