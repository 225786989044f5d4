//! The short commands: read, preview, sign, answer.

use crate::args::{Args, Command, DeployArgs};
use crate::deploy::{self, Plan};
use crate::deployment::{Arguments, Deployment};
use crate::output::{answer, columns, story};
use crate::settings::Settings;
use crate::{Amount, Failure, Result, Token, show, tour, upkeep};
use alloy::primitives::{Address, U256};
use diem_abi::{IDiem, IStakedVvv, IVVV};
use serde_json::json;

const BPS: u64 = 10_000;

/// A connected CLI with contracts to talk to.
struct Desk {
    settings: Settings,
    at: Deployment,
}

pub(crate) async fn run(args: Args) -> Result<()> {
    let settings = Settings::new(&args.common).await?;
    match args.command {
        Command::Deploy(args) => return run_deploy(&settings, args).await,
        Command::Tour => return tour::run(&settings).await,
        _ => {}
    }
    let desk = Desk {
        at: settings.deployment()?,
        settings,
    };
    match args.command {
        Command::Quote { amount } => desk.quote(amount).await,
        Command::Mint { amount, slippage } => desk.mint(amount, slippage).await,
        Command::Burn { amount } => desk.burn(amount).await,
        Command::Stake { amount } => desk.stake(amount).await,
        Command::Unstake { amount } => desk.unstake(amount).await,
        Command::Withdraw => desk.withdraw().await,
        Command::Claim { restake } => desk.claim(restake).await,
        Command::Status { account } => desk.status(account).await,
        Command::Activate => desk.activate().await,
        Command::Keepalive => desk.keepalive().await,
        Command::CacheBid { bid } => desk.cache_bid(bid).await,
        Command::Deploy(_) | Command::Tour => Ok(()),
    }
}

async fn run_deploy(settings: &Settings, args: DeployArgs) -> Result<()> {
    let deployer = settings.account()?;
    let owner = args.owner.unwrap_or(deployer);
    let plan = Plan {
        deployer,
        owner,
        treasury: args.treasury.unwrap_or(owner),
        vvv: deploy::choose_vvv(&settings.network, args.vvv)?,
        arguments: Arguments {
            base_rate: args.base_rate.wei,
            target_supply: args.target_supply.wei,
            emission_rate: args.emission_rate.wei,
        },
        wasm_dir: args.wasm_dir,
        cache: !args.no_cache,
    };
    if !settings.network.devnet {
        settings.confirm(&format!(
            "deploying DIEM on {} ({})\n  deployer {deployer}, owner {owner}, treasury {}\n  \
             base rate {}, target supply {}, emissions {} per second",
            settings.network.name,
            settings.chain.id(),
            plan.treasury,
            args.base_rate,
            args.target_supply,
            args.emission_rate
        ))?;
    }
    let made = deploy::deploy(&settings.chain, &plan).await?;
    let path = made.write(&settings.deployments)?;
    story(&format!("recorded  {}", path.display()));
    let text = columns(&[
        ("VVV", made.vvv.to_string()),
        ("sVVV", made.s_vvv.to_string()),
        ("DIEM", made.diem.to_string()),
        ("owner", made.owner.to_string()),
        ("treasury", made.treasury.to_string()),
    ]);
    answer(settings.json, &json!(made), &text);
    Ok(())
}

fn in_svvv(wei: U256) -> Amount {
    Amount {
        wei,
        token: Token::Svvv,
    }
}

fn in_diem(wei: U256) -> Amount {
    Amount {
        wei,
        token: Token::Diem,
    }
}

fn wrong_token(what: &str, amount: Amount, expected: &str) -> Failure {
    Failure::broken(
        format!("cannot {what} this"),
        format!("{what} takes {expected}"),
    )
    .with("amount", amount)
}

impl Desk {
    /// sVVV to lock and DIEM to get, one of them given.
    async fn preview(&self, amount: Amount) -> Result<(Amount, Amount)> {
        let chain = &self.settings.chain;
        match amount.token {
            Token::Svvv => {
                let call = IDiem::previewMintCall {
                    sVVVAmount: amount.wei,
                };
                Ok((amount, in_diem(chain.call(self.at.diem, &call).await?)))
            }
            Token::Diem => {
                let call = IDiem::previewMintExactCall {
                    diemAmount: amount.wei,
                };
                Ok((in_svvv(chain.call(self.at.diem, &call).await?), amount))
            }
            _ => Err(wrong_token("mint", amount, "sVVV to lock or DIEM to get")),
        }
    }

    async fn quote(&self, amount: Amount) -> Result<()> {
        let (svvv, diem) = self.preview(amount).await?;
        let rate = self
            .settings
            .chain
            .call(self.at.diem, &IDiem::mintRateCall {})
            .await?;
        let text = columns(&[
            ("lock", svvv.to_string()),
            ("get", diem.to_string()),
            ("rate now", format!("{} sVVV per DIEM", show(rate))),
        ]);
        let value = json!({ "sVvv": svvv.wei.to_string(), "diem": diem.wei.to_string(), "mintRate": rate.to_string() });
        answer(self.settings.json, &value, &text);
        Ok(())
    }

    async fn mint(&self, amount: Amount, slippage: u16) -> Result<()> {
        let account = self.settings.account()?;
        let (svvv, diem) = self.preview(amount).await?;
        let bps = U256::from(slippage);
        let chain = &self.settings.chain;
        let sent = if amount.token == Token::Svvv {
            let least = diem.wei * (U256::from(BPS) - bps) / U256::from(BPS);
            self.settings.confirm(&format!(
                "minting about {diem} (at least {}) by locking {svvv}",
                in_diem(least)
            ))?;
            let call = IDiem::mintCall {
                sVVVAmount: svvv.wei,
                minDiemOut: least,
            };
            chain.send(account, self.at.diem, &call).await?
        } else {
            let most = svvv.wei * (U256::from(BPS) + bps) / U256::from(BPS);
            self.settings.confirm(&format!(
                "minting {diem} by locking about {svvv} (at most {})",
                in_svvv(most)
            ))?;
            let call = IDiem::mintExactCall {
                diemAmount: diem.wei,
                maxSVVV: most,
            };
            chain.send(account, self.at.diem, &call).await?
        };
        let minted: IDiem::Minted = sent.event(self.at.diem)?;
        let (svvv, diem) = (in_svvv(minted.sVVVLocked), in_diem(minted.diemOut));
        self.done(format!("minted {diem} by locking {svvv}"), &sent);
        Ok(())
    }

    async fn burn(&self, amount: Amount) -> Result<()> {
        let account = self.settings.account()?;
        let preview = IDiem::previewBurnCall {
            account,
            diemAmount: amount.wei,
        };
        let unlocked = self.settings.chain.call(self.at.diem, &preview).await?;
        self.settings
            .confirm(&format!("burning {amount} to unlock {}", in_svvv(unlocked)))?;
        let call = IDiem::burnCall {
            diemAmount: amount.wei,
        };
        let sent = self
            .settings
            .chain
            .send(account, self.at.diem, &call)
            .await?;
        let burned: IDiem::Burned = sent.event(self.at.diem)?;
        self.done(
            format!("burned {amount}, unlocked {}", in_svvv(burned.sVVVUnlocked)),
            &sent,
        );
        Ok(())
    }

    async fn stake(&self, amount: Amount) -> Result<()> {
        let account = self.settings.account()?;
        let chain = &self.settings.chain;
        let sent = match amount.token {
            Token::Vvv => {
                self.settings
                    .confirm(&format!("staking {amount} for as much sVVV"))?;
                let spender = self.at.s_vvv;
                let allowed = IVVV::allowanceCall {
                    owner: account,
                    spender,
                };
                if chain.call(self.at.vvv, &allowed).await? < amount.wei {
                    let approve = IVVV::approveCall {
                        spender,
                        value: amount.wei,
                    };
                    chain.send(account, self.at.vvv, &approve).await?;
                }
                let call = IStakedVvv::stakeCall {
                    recipient: account,
                    amount: amount.wei,
                };
                chain.send(account, self.at.s_vvv, &call).await?
            }
            Token::Diem => {
                self.settings.confirm(&format!(
                    "staking {amount} for ${} of credit a day",
                    show(amount.wei)
                ))?;
                let call = IDiem::stakeCall { amount: amount.wei };
                chain.send(account, self.at.diem, &call).await?
            }
            _ => return Err(wrong_token("stake", amount, "VVV or DIEM")),
        };
        self.done(format!("staked {amount}"), &sent);
        Ok(())
    }

    async fn unstake(&self, amount: Amount) -> Result<()> {
        let account = self.settings.account()?;
        let chain = &self.settings.chain;
        let (wait, sent) = match amount.token {
            Token::Svvv => {
                self.settings
                    .confirm(&format!("unstaking {amount}; the VVV is free in 7 days"))?;
                let call = IStakedVvv::initiateUnstakeCall { amount: amount.wei };
                ("7 days", chain.send(account, self.at.s_vvv, &call).await?)
            }
            Token::Diem => {
                self.settings.confirm(&format!(
                    "unstaking {amount}; all that cools is free in 1 day"
                ))?;
                let call = IDiem::initiateUnstakeCall { amount: amount.wei };
                ("1 day", chain.send(account, self.at.diem, &call).await?)
            }
            _ => return Err(wrong_token("unstake", amount, "sVVV or DIEM")),
        };
        self.done(
            format!("{amount} cools down; `diem withdraw` in {wait}"),
            &sent,
        );
        Ok(())
    }

    async fn withdraw(&self) -> Result<()> {
        let account = self.settings.account()?;
        let chain = &self.settings.chain;
        let now = U256::from(chain.timestamp(None).await?);
        let svvv = chain
            .call(self.at.s_vvv, &IStakedVvv::stakesCall { user: account })
            .await?;
        let diem = chain
            .call(self.at.diem, &IDiem::stakedInfosCall { account })
            .await?;
        let vvv_ready = !svvv.cooldownAmount.is_zero() && svvv.cooldownEnd <= now;
        let diem_ready = !diem.coolDownAmount.is_zero() && diem.coolDownEnd <= now;
        if !vvv_ready && !diem_ready {
            return Err(
                Failure::refused("nothing to withdraw", "nothing has cooled down yet")
                    .with(
                        "VVV cooling",
                        format!("{} until {}", show(svvv.cooldownAmount), svvv.cooldownEnd),
                    )
                    .with(
                        "DIEM cooling",
                        format!("{} until {}", show(diem.coolDownAmount), diem.coolDownEnd),
                    )
                    .with("now", now),
            );
        }
        self.settings.confirm("withdrawing what has cooled down")?;
        if vvv_ready {
            let sent = chain
                .send(account, self.at.s_vvv, &IStakedVvv::finalizeUnstakeCall {})
                .await?;
            self.done(format!("withdrew {} VVV", show(svvv.cooldownAmount)), &sent);
        }
        if diem_ready {
            let sent = chain
                .send(account, self.at.diem, &IDiem::unstakeCall {})
                .await?;
            self.done(
                format!("withdrew {} DIEM", show(diem.coolDownAmount)),
                &sent,
            );
        }
        Ok(())
    }

    async fn claim(&self, restake: bool) -> Result<()> {
        let account = self.settings.account()?;
        let chain = &self.settings.chain;
        let pending = chain
            .call(
                self.at.s_vvv,
                &IStakedVvv::pendingRewardsCall { user: account },
            )
            .await?;
        let verb = if restake { "restaking" } else { "claiming" };
        self.settings
            .confirm(&format!("{verb} about {} VVV", show(pending)))?;
        let sent = if restake {
            chain
                .send(account, self.at.s_vvv, &IStakedVvv::claimAndStakeCall {})
                .await?
        } else {
            chain
                .send(account, self.at.s_vvv, &IStakedVvv::claimCall {})
                .await?
        };
        let claimed = sent
            .event::<IStakedVvv::Claimed>(self.at.s_vvv)
            .map_or(U256::ZERO, |event| event.amount);
        self.done(
            format!(
                "{} {} VVV",
                if restake { "restaked" } else { "claimed" },
                show(claimed)
            ),
            &sent,
        );
        Ok(())
    }

    async fn status(&self, account: Option<Address>) -> Result<()> {
        let account = match account {
            Some(account) => account,
            None => self.settings.account()?,
        };
        let (chain, at) = (&self.settings.chain, &self.at);
        let vvv = chain.call(at.vvv, &IVVV::balanceOfCall { account }).await?;
        let free = chain
            .call(
                at.s_vvv,
                &IStakedVvv::balanceOfUnlockedCall { user: account },
            )
            .await?;
        let pending = chain
            .call(at.s_vvv, &IStakedVvv::pendingRewardsCall { user: account })
            .await?;
        let position = chain
            .call(at.diem, &IDiem::positionCall { account })
            .await?;
        let diem = chain
            .call(at.diem, &IDiem::balanceOfCall { account })
            .await?;
        let stake = chain
            .call(at.diem, &IDiem::stakedInfosCall { account })
            .await?;
        let credits = chain
            .call(at.diem, &IDiem::creditsOfCall { account })
            .await?;
        let text = columns(&[
            ("account", account.to_string()),
            ("VVV", show(vvv)),
            ("sVVV free", show(free)),
            (
                "sVVV locked",
                format!(
                    "{} for {} DIEM outstanding",
                    show(position.locked),
                    show(position.outstanding)
                ),
            ),
            (
                "rewards",
                format!(
                    "{} VVV, of it {} from locked sVVV",
                    show(pending),
                    show(position.pendingYield)
                ),
            ),
            ("DIEM", show(diem)),
            (
                "DIEM staked",
                format!(
                    "{}, {} cooling",
                    show(stake.amountStaked),
                    show(stake.coolDownAmount)
                ),
            ),
            (
                "credit today",
                format!(
                    "${} of ${} left",
                    show(credits.remaining),
                    show(credits.allowance)
                ),
            ),
        ]);
        let value = json!({
            "account": account, "vvv": vvv.to_string(), "sVvvFree": free.to_string(),
            "sVvvLocked": position.locked.to_string(), "outstanding": position.outstanding.to_string(),
            "pendingRewards": pending.to_string(), "pendingYield": position.pendingYield.to_string(),
            "diem": diem.to_string(), "diemStaked": stake.amountStaked.to_string(),
            "diemCooling": stake.coolDownAmount.to_string(),
            "creditAllowance": credits.allowance.to_string(), "creditRemaining": credits.remaining.to_string(),
        });
        answer(self.settings.json, &value, &text);
        Ok(())
    }

    /// The programs that are ours to keep alive.
    fn programs(&self) -> Vec<(&'static str, Address)> {
        let mut programs = vec![("sVVV", self.at.s_vvv), ("DIEM", self.at.diem)];
        if self.settings.network.devnet {
            programs.insert(0, ("VVV", self.at.vvv));
        }
        programs
    }

    async fn activate(&self) -> Result<()> {
        let account = self.settings.account()?;
        self.settings.confirm(
            "activating the programs; the fee is what the chain asks, 0.01 ETH each at most",
        )?;
        for (name, program) in self.programs() {
            let done = upkeep::activate(&self.settings.chain, account, program).await?;
            self.upkept(name, program, &done).await?;
        }
        Ok(())
    }

    async fn keepalive(&self) -> Result<()> {
        let account = self.settings.account()?;
        self.settings.confirm(
            "renewing the programs; the fee is what the chain asks, 0.01 ETH each at most",
        )?;
        for (name, program) in self.programs() {
            let done = upkeep::keepalive(&self.settings.chain, account, program).await?;
            self.upkept(name, program, &done).await?;
        }
        Ok(())
    }

    async fn upkept(&self, name: &str, program: Address, done: &str) -> Result<()> {
        let days = upkeep::days_left(&self.settings.chain, program).await?;
        let value = json!({ "program": name, "address": program, "done": done, "daysLeft": days });
        answer(
            self.settings.json,
            &value,
            &format!("{name} {program}: {done}; {days} days left"),
        );
        Ok(())
    }

    async fn cache_bid(&self, bid: Option<Amount>) -> Result<()> {
        let account = self.settings.account()?;
        let price = bid.map_or("the least bid that wins".to_owned(), |bid| bid.to_string());
        self.settings.confirm(&format!(
            "bidding {price} for each program's place in the cache"
        ))?;
        for (name, program) in self.programs() {
            let cached = upkeep::cache(
                &self.settings.chain,
                account,
                program,
                bid.map(|bid| bid.wei),
            )
            .await?;
            let value = json!({ "program": name, "address": program, "cached": cached });
            let state = if cached {
                "in the cache"
            } else {
                "not in the cache"
            };
            answer(
                self.settings.json,
                &value,
                &format!("{name} {program}: {state}"),
            );
        }
        Ok(())
    }

    fn done(&self, what: String, sent: &crate::chain::Sent) {
        let value = json!({ "done": what, "transaction": sent.hash(), "gasUsed": sent.gas(), "block": sent.block() });
        answer(
            self.settings.json,
            &value,
            &format!("{what} ({} gas, {})", sent.gas(), sent.hash()),
        );
    }
}
