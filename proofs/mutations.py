"""One wrong line for each proof, at least: with it in the source, the proof must find a counterexample."""

LEDGER, LINES, CREDITS, LEASES = "src/ledger.rs", "src/lines.rs", "src/credits.rs", "src/leases.rs"
GATEWAYS, BOOK = "src/gateways.rs", "src/book.rs"
SVVV = "contracts/staked-vvv/src/"
MATH = "crates/diem-math/src/"

# Proof, file, what stands there once, what stands there instead.
MUTATIONS = [
    ("packing_of_a_line", "src/storage.rs", "AMOUNT_BITS: usize = 91", "AMOUNT_BITS: usize = 90"),
    ("packing_of_a_line", LEDGER, "GATEWAY_AT: usize = EPOCH_AT + EPOCH_BITS;\nconst CHANGED", "GATEWAY_AT: usize = EPOCH_AT + EPOCH_BITS - 1;\nconst CHANGED"),
    ("packing_of_what_waits", LEDGER, "NEXT_AT: usize = BUCKET_END_AT + TIME_BITS;", "NEXT_AT: usize = BUCKET_END_AT + TIME_BITS - 1;"),
    ("packing_of_a_lease", LEDGER, "OPENING_BIT: usize = LEASE_CHANGED_BIT + 1;", "OPENING_BIT: usize = LEASE_CHANGED_BIT;"),
    ("packing_of_the_default_gateway", GATEWAYS, "FROM_AT: usize = LAST_SET_AT + NUMBER_BITS;", "FROM_AT: usize = LAST_SET_AT + NUMBER_BITS - 1;"),
    ("packing_of_a_lessee", LEASES, "at(u128::from(next), ADDRESS_BITS)", "at(u128::from(next), ADDRESS_BITS - 1)"),
    ("packing_of_a_position", "src/position.rs", "pair(position.locked, position.outstanding)", "pair(position.outstanding, position.locked)"),
    ("packing_of_an_svvv_account", SVVV + "account.rs", "SETTLES_BIT: usize = 2 * BALANCE_BITS;", "SETTLES_BIT: usize = 2 * BALANCE_BITS - 1;"),
    ("packing_of_an_svvv_cooldown", SVVV + "account.rs", "end: high(word) as u64", "end: low(word) as u64"),
    ("packing_of_the_pool", SVVV + "emissions.rs", "pool.index << TIME_BITS | time", "pool.index << (TIME_BITS - 1) | time"),
    ("packing_of_a_gateway", GATEWAYS, "word.set_bit(ALLOWED_BIT, allowed)", "word.set_bit(ALLOWED_BIT - 1, allowed)"),
    ("step_of_stake", CREDITS, "line.allowance.saturating_add(low(amount))", "line.allowance.saturating_sub(low(amount))"),
    # The credit that stays after an unstake.
    ("step_of_initiate_unstake", LINES, "self.line.changed = true;", ""),
    ("step_of_initiate_unstake", CREDITS, "saturating_add(DIEM_COOLDOWN_SECONDS)", "saturating_add(1)"),
    ("step_of_initiate_unstake", LINES, "if amount > from_u128(available) {", "if false {"),
    ("step_of_unstake", CREDITS, "waiting.cooling = 0;", ""),
    ("step_of_choose_gateway", LEDGER, "if self.allowance == 0 {\n            // Nothing", "if self.used == 0 {\n            // Nothing"),
    ("step_of_settle", LEDGER, "let news = low(total) > *used;", "let news = true;"),
    ("step_of_settle_batch", LEDGER, "if total > from_u128(allowance) {", "if total > from_u128(allowance) + U256::ONE {"),
    ("step_of_lease", LEASES, "let leased = account.leave(amount)?;", "let leased = low(amount);"),
    ("step_of_transfer_lease", LEASES, ".set_at(entry, LESSEE, lessee_word(to, next_gateway(word)));", ".set_at(entry, LESSOR, lessee_word(to, next_gateway(word)));"),
    ("step_of_choose_lease_gateway", LEDGER, "let at_once = self.allowance() == 0;", "let at_once = true;"),
    ("step_of_settle_leases", LEDGER, "let allowance = self.allowance();\n        state(", "let allowance = self.amount;\n        state("),
    ("step_of_close_lease", LEASES, "if today < end {", "if today + 1 < end {"),
    ("step_of_close_lease", LEASES, ".saturating_sub(from_u128(amount));", ".saturating_sub(from_u128(0));"),
    ("step_of_set_gateway", GATEWAYS, "default.registered += 1;", "default.last_set += 1;"),
    # A revoked default that loses its place.
    ("step_of_revoke_gateway", GATEWAYS, "self.write_gateway(gateway, word, false);", "let mut default = self.load_default();\ndefault.last_set = NOBODY;\ndefault.counts = NOBODY;\nself.store.set(DEFAULT_GATEWAY, default.pack());"),
    ("step_of_set_default_gateway", GATEWAYS, "DEFAULT_DELAY: u64 = 2;", "DEFAULT_DELAY: u64 = 1;"),
    # Anybody may take both contracts.
    ("owners_acts_of_diem", "contracts/kit/src/owner.rs", "self.check(store)?;\n        store.set(self.0 + Self::PENDING, to.to_word());", "store.set(self.0 + Self::PENDING, to.to_word());"),
    ("owners_acts_of_svvv", "contracts/kit/src/owner.rs", "only(store, pending)?;", ""),
    ("owners_acts_of_svvv", SVVV + "contract.rs", "OWNER.check(&self.store)?;\n        if diem.is_zero() {", "if diem.is_zero() {"),
    ("owners_acts_of_diem", GATEWAYS, "self.only_guardian()?;", ""),
    ("owners_acts_of_diem", "contracts/kit/src/owner.rs", "if account.is_zero() || account != allowed {", "if account != allowed {"),
    ("owners_acts_of_diem", "contracts/kit/src/owner.rs", "IOwnable::OwnershipTransferStarted,", "IOwnable::OwnershipTransferred,"),
    ("owners_acts_of_svvv", SVVV + "contract.rs", "event!(self.store.vm(), IStakedVvv::DiemSet, [diem], []);", ""),
    ("owners_acts_of_svvv", SVVV + "contract.rs", "OWNER.check(&self.store)?;\n        if diem.is_zero() {", "OWNER.check(&self.store)?;\n        if false {"),
    ("owners_acts_of_diem", GATEWAYS, "OWNER.check(&self.store)?;\n        if gateway.is_zero() {", "OWNER.check(&self.store)?;\n        if false {"),
    ("every_writer_is_an_act", LEASES, "fn only_lessee(&self,", "fn only_lessee(&mut self,"),
    ("days_pass", LEDGER, "self.allowance = self.allowance.saturating_sub(waiting.leaving);", ""),
    # What word 1 says is subtracted twice.
    ("days_pass", LINES, "if !line.changed {\n            waiting.forget();", "if false {\n            waiting.forget();"),
    ("one_dollar", LEDGER, "if self.opening || self.epoch >= self.end {", "if self.epoch >= self.end {"),
    ("amounts_fit", MATH + "curve.rs", "0x33b_2e3c", "0x1033b_2e3c"),
    ("day_of_a_second", MATH + "epoch.rs", "timestamp / EPOCH_SECONDS", "(timestamp + 1) / EPOCH_SECONDS"),
    ("accrual_is_covered", MATH + "index.rs", "let paid = mul_div_up(", "let paid = mul_div_down("),
    ("accrual_is_covered", MATH + "index.rs", ".min(reserve)", ".min(emission_rate)"),
    ("the_fee_is_a_fifth", MATH + "index.rs", "mul_div_down(gross, YIELD_NET, WAD)", "mul_div_up(gross, YIELD_NET, WAD)"),
    ("a_burn_rounds_down", BOOK, "let part = mul_div_down(diem,", "let part = mul_div_up(diem,"),
    ("a_cost_rounds_up", MATH + "curve.rs", "let growth = word::add(&growth, &INTEGRAL_ERROR_ULPS);", ""),
    ("a_cost_rounds_up", MATH + "curve.rs", "Ok((price, false)) => word::add(&price, &U256::ONE),", "Ok((price, false)) => price,"),
    ("an_output_rounds_down", MATH + "curve.rs", "let (growth, nothing) = word::sub(&growth, &INTEGRAL_ERROR_ULPS);", "let nothing = false;"),
]
