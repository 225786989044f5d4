//! Every view of the three contracts, as the model predicts it.

use super::{INDEX_SCALE, Line, Model};
use crate::abi::{IDiem, IStakedVvv, IVVV};
use crate::action::Owned;
use crate::actors::Who;
use crate::chain::probe::Probe;
use alloy_primitives::{Address, U256};

impl Model {
    /// All views of the whole system and of every account, at `self.now`.
    pub fn probes(&self) -> Vec<Probe> {
        let mut probes = self.s_vvv_probes();
        probes.extend(self.diem_probes());
        for address in self.accounts.keys() {
            probes.extend(self.account_probes(*address));
        }
        for gateway in self.gateways.allowed.keys() {
            probes.push(Probe::new(
                format!("DIEM.isGateway({gateway})"),
                self.contracts.diem,
                &IDiem::isGatewayCall { account: *gateway },
                &self.gateways.allows(*gateway),
            ));
        }
        probes.extend(self.permission_probes());
        for id in 0..=self.next_lease.to::<u64>() {
            probes.extend(self.lease_probes(U256::from(id)));
        }
        probes
    }

    /// Allowances and permits that were ever given, and who may become an owner.
    fn permission_probes(&self) -> Vec<Probe> {
        use IDiem::*;
        let mut probes = Vec::new();
        for ((token, owner, spender), value) in &self.allowances {
            let (owner, spender) = (*owner, *spender);
            probes.push(Probe::new(
                format!("{token:?}.allowance({owner}, {spender})"),
                self.contracts.token(*token),
                &allowanceCall { owner, spender },
                value,
            ));
        }
        for ((token, owner), nonce) in &self.nonces {
            probes.push(Probe::new(
                format!("{token:?}.nonces({owner})"),
                self.contracts.token(*token),
                &noncesCall { owner: *owner },
                &U256::from(*nonce),
            ));
        }
        for of in [Owned::SVvv, Owned::Diem] {
            probes.push(Probe::new(
                format!("{of:?}.pendingOwner"),
                self.contracts.owned(of),
                &pendingOwnerCall {},
                &self.ownership(of).pending,
            ));
        }
        probes
    }

    fn s_vvv_probes(&self) -> Vec<Probe> {
        use IStakedVvv::*;
        let at = self.contracts.s_vvv;
        let (index, reserve) = self.pending();
        let earned = self.locked_yield_scaled_now() / INDEX_SCALE;
        let net_index = self.index * U256::from(4) / U256::from(5);
        let ask = |label: &str| format!("sVVV.{label}");
        vec![
            Probe::new(ask("totalSupply"), at, &totalSupplyCall {}, &self.staked()),
            Probe::new(
                ask("totalLockedStakedVVV"),
                at,
                &totalLockedStakedVVVCall {},
                &self.locked(),
            ),
            Probe::new(ask("rewardReserve"), at, &rewardReserveCall {}, &reserve),
            Probe::new(
                ask("emissionRatePerSecond"),
                at,
                &emissionRatePerSecondCall {},
                &self.emission_rate,
            ),
            Probe::new(
                ask("maxEmissionRatePerSecond"),
                at,
                &maxEmissionRatePerSecondCall {},
                &self.max_emission_rate,
            ),
            Probe::new(
                ask("accRewardPerShare"),
                at,
                &accRewardPerShareCall {},
                &self.index,
            ),
            Probe::new(
                ask("accRewardPerShareLocked"),
                at,
                &accRewardPerShareLockedCall {},
                &net_index,
            ),
            Probe::new(ask("currentIndex"), at, &currentIndexCall {}, &index),
            Probe::new(
                ask("lastRewardTimestamp"),
                at,
                &lastRewardTimestampCall {},
                &U256::from(self.accrued_at),
            ),
            Probe::new(
                ask("lockedYield"),
                at,
                &lockedYieldCall {},
                &lockedYieldReturn {
                    earned,
                    paid: self.locked_yield_paid,
                },
            ),
            Probe::new(ask("treasury"), at, &treasuryCall {}, &self.treasury),
            Probe::new(ask("owner"), at, &ownerCall {}, &self.s_vvv_owner.owner),
        ]
    }

    fn diem_probes(&self) -> Vec<Probe> {
        use IDiem::*;
        let at = self.contracts.diem;
        let supply = self.diem_supply();
        let total_staked = self.total(|account| account.active() + account.bucket);
        let ask = |label: &str| format!("DIEM.{label}");
        vec![
            Probe::new(ask("totalSupply"), at, &totalSupplyCall {}, &supply),
            Probe::new(ask("mintRate"), at, &mintRateCall {}, &self.rate_at(supply)),
            Probe::new(
                ask("pendingFees"),
                at,
                &pendingFeesCall {},
                &self.pending_fees(),
            ),
            Probe::new(
                ask("totalFeesCollected"),
                at,
                &totalFeesCollectedCall {},
                &self.fees_collected,
            ),
            Probe::new(ask("totalStaked"), at, &totalStakedCall {}, &total_staked),
            Probe::new(ask("mintPaused"), at, &mintPausedCall {}, &self.paused),
            Probe::new(ask("guardian"), at, &guardianCall {}, &self.guardian),
            Probe::new(ask("owner"), at, &ownerCall {}, &self.diem_owner.owner),
            Probe::new(
                ask("defaultGateway"),
                at,
                &defaultGatewayCall {},
                &self.default_gateway(),
            ),
            Probe::new(
                ask("nextRefresh"),
                at,
                &nextRefreshCall {},
                &U256::from((self.epoch() + 1) * super::DAY),
            ),
        ]
    }

    fn default_gateway(&self) -> IDiem::defaultGatewayReturn {
        let (from, next) = self.gateways.defaults.last().copied().unwrap_or_default();
        IDiem::defaultGatewayReturn {
            today: self.gateways.default_in(self.epoch()),
            next,
            fromEpoch: U256::from(from),
        }
    }

    fn account_probes(&self, address: Address) -> Vec<Probe> {
        let account = self.account(address);
        let name = Who::of(address).map_or_else(|| address.to_string(), |who| format!("{who:?}"));
        let at = &self.contracts;
        let epoch = self.epoch();
        let s = |label: &str| format!("sVVV.{label}({name})");
        let d = |label: &str| format!("DIEM.{label}({name})");
        let staked = account.free + account.locked;
        let locked_stakes = IStakedVvv::lockedStakesReturn {
            sVVVLockedAmount: account.locked,
            outstandingDiemAmount: account.outstanding,
        };
        let position = IDiem::positionReturn {
            locked: account.locked,
            outstanding: account.outstanding,
            pendingYield: self.pending_yield(address),
        };
        let staked_infos = IDiem::stakedInfosReturn {
            amountStaked: account.active(),
            coolDownEnd: U256::from(account.bucket_end),
            coolDownAmount: account.bucket,
        };
        let line = self.line(address);
        let (today, next) = self.gateways_of(&line);
        let line_of = IDiem::lineOfReturn {
            epoch: U256::from(epoch),
            allowance: line.today.allowance,
            used: line.used,
            gateway: today,
            nextAllowance: line.tomorrow.allowance,
            nextGateway: next,
        };
        let credits = IDiem::creditsOfReturn {
            allowance: line.today.allowance,
            used: line.used,
            remaining: line.remaining(),
            epoch: U256::from(epoch),
        };
        let who = address;
        vec![
            Probe::new(
                format!("VVV.balanceOf({name})"),
                at.vvv,
                &IVVV::balanceOfCall { account: who },
                &account.vvv,
            ),
            Probe::new(
                s("balanceOf"),
                at.s_vvv,
                &IStakedVvv::balanceOfCall { account: who },
                &staked,
            ),
            Probe::new(
                s("balanceOfUnlocked"),
                at.s_vvv,
                &IStakedVvv::balanceOfUnlockedCall { user: who },
                &account.free,
            ),
            Probe::new(
                s("lockedStakes"),
                at.s_vvv,
                &IStakedVvv::lockedStakesCall { user: who },
                &locked_stakes,
            ),
            Probe::new(
                s("pendingRewards"),
                at.s_vvv,
                &IStakedVvv::pendingRewardsCall { user: who },
                &self.pending_rewards(who),
            ),
            Probe::new(
                s("stakes"),
                at.s_vvv,
                &IStakedVvv::stakesCall { user: who },
                &self.stakes(who),
            ),
            Probe::new(
                d("balanceOf"),
                at.diem,
                &IDiem::balanceOfCall { account: who },
                &account.diem,
            ),
            Probe::new(
                d("position"),
                at.diem,
                &IDiem::positionCall { account: who },
                &position,
            ),
            Probe::new(
                d("stakedInfos"),
                at.diem,
                &IDiem::stakedInfosCall { account: who },
                &staked_infos,
            ),
            Probe::new(
                d("creditsOf"),
                at.diem,
                &IDiem::creditsOfCall { account: who },
                &credits,
            ),
            Probe::new(
                d("lineOf"),
                at.diem,
                &IDiem::lineOfCall { account: who },
                &line_of,
            ),
            Probe::new(
                d("nextAllowanceOf"),
                at.diem,
                &IDiem::nextAllowanceOfCall { account: who },
                &line.tomorrow.allowance,
            ),
            Probe::new(
                d("gatewayOf"),
                at.diem,
                &IDiem::gatewayOfCall { account: who },
                &IDiem::gatewayOfReturn { today, next },
            ),
            Probe::new(
                d("leasedOut"),
                at.diem,
                &IDiem::leasedOutCall { account: who },
                &account.leased,
            ),
            Probe::new(
                d("isGateway"),
                at.diem,
                &IDiem::isGatewayCall { account: who },
                &self.gateways.allows(who),
            ),
        ]
    }

    fn lease_probes(&self, id: U256) -> Vec<Probe> {
        use IDiem::*;
        let at = self.contracts.diem;
        let epoch = self.epoch();
        let lease = self.leases.get(&id);
        let facts = lease.map_or_else(
            || leaseOfReturn {
                lessor: Address::ZERO,
                lessee: Address::ZERO,
                amount: U256::ZERO,
                startEpoch: U256::ZERO,
                endEpoch: U256::ZERO,
            },
            |lease| leaseOfReturn {
                lessor: lease.lessor,
                lessee: lease.lessee,
                amount: lease.amount,
                startEpoch: U256::from(lease.start),
                endEpoch: U256::from(lease.end),
            },
        );
        let line = lease.map(|lease| lease.line_in(epoch)).unwrap_or_default();
        let (today, next) = match lease {
            Some(_) => self.gateways_of(&line),
            None => Default::default(),
        };
        let line_of = leaseLineOfReturn {
            epoch: U256::from(epoch),
            allowance: line.today.allowance,
            used: line.used,
            gateway: today,
            nextAllowance: line.tomorrow.allowance,
            nextGateway: next,
        };
        let credits = leaseCreditsOfReturn {
            allowance: line.today.allowance,
            used: line.used,
            remaining: line.remaining(),
            epoch: U256::from(epoch),
        };
        let ask = |label: &str| format!("DIEM.{label}({id})");
        vec![
            Probe::new(ask("leaseOf"), at, &leaseOfCall { id }, &facts),
            Probe::new(ask("leaseLineOf"), at, &leaseLineOfCall { id }, &line_of),
            Probe::new(
                ask("leaseCreditsOf"),
                at,
                &leaseCreditsOfCall { id },
                &credits,
            ),
            Probe::new(
                ask("leaseGatewayOf"),
                at,
                &leaseGatewayOfCall { id },
                &leaseGatewayOfReturn { today, next },
            ),
        ]
    }

    /// The addresses of a line's gateways, today's and tomorrow's.
    fn gateways_of(&self, line: &Line) -> (Address, Address) {
        let epoch = self.epoch();
        (
            self.gateways.behind(line.today.gateway, epoch),
            self.gateways.behind(line.tomorrow.gateway, epoch + 1),
        )
    }

    /// Free rewards and net locked yield of an account as of `self.now`.
    pub fn pending_rewards(&self, address: Address) -> U256 {
        let account = self.account(address);
        account.rewards.whole_at(self.pending().0, account.free) + self.pending_yield(address)
    }

    fn stakes(&self, address: Address) -> IStakedVvv::stakesReturn {
        let account = self.account(address);
        // Balance times index, less what is owed: the same whenever it is computed.
        let debt = (account.free * account.rewards.seen).wrapping_sub(account.rewards.raw);
        IStakedVvv::stakesReturn {
            rewardDebt: debt,
            cooldownEnd: U256::from(account.cooldown_end),
            cooldownAmount: account.cooling,
        }
    }
}
