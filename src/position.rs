//! Positions: mint by locking, burn to unlock at one's own average.

use crate::book::Position;
use crate::contract::Diem;
use crate::errors::{Result, curve_error, refuse};
use crate::gas::{BURN, MINT};
use crate::interface::IDiem;
use crate::storage::{CURVE, PAUSED_BIT, POSITIONS, STAKED_VVV};
use crate::token::token_error;
use alloy_primitives::{Address, U256};
use contract_kit::event;
use contract_kit::word::{address, from_u128, high, low, pair};
use diem_math::{Curve, Quote};

impl Diem {
    pub(crate) fn load_position(&self, owner: Address) -> Position {
        let at = self.store.entry(POSITIONS, &owner);
        let word = self.store.get_at(at, 0);
        Position {
            at,
            locked: low(word),
            outstanding: high(word),
            debt: self.store.get_at(at, 1),
        }
    }

    pub(crate) fn store_position(&mut self, position: &Position) {
        self.store
            .set_at(position.at, 0, pair(position.locked, position.outstanding));
        self.store.set_at(position.at, 1, position.debt);
    }

    pub(crate) fn curve(&self) -> Result<Curve> {
        let word = self.store.get(CURVE);
        new_curve(from_u128(low(word)), from_u128(high(word)))
    }

    pub(crate) fn quote(&self, svvv: U256) -> Result<Quote> {
        let supply = self.total_supply();
        self.curve()?
            .quote(supply, svvv)
            .map_err(|error| curve_error(error, supply))
    }

    pub(crate) fn quote_exact(&self, diem: U256) -> Result<Quote> {
        let supply = self.total_supply();
        self.curve()?
            .quote_exact(supply, diem)
            .map_err(|error| curve_error(error, supply))
    }

    pub(crate) fn rate_at(&self, supply: U256) -> Result<U256> {
        self.curve()?
            .rate_at(supply)
            .map_err(|error| curve_error(error, supply))
    }

    /// sVVV's address, when minting is not paused.
    fn minting(&self) -> Result<Address> {
        let word = self.store.get(STAKED_VVV);
        if word.bit(PAUSED_BIT) {
            return Err(refuse!(IDiem::MintingPaused));
        }
        Ok(address(word))
    }

    pub(crate) fn mint(&mut self, svvv: U256, min_diem: U256) -> Result<U256> {
        self.insist(MINT)?;
        let staked_vvv = self.minting()?;
        let quote = self.quote_at_least(svvv, min_diem)?;
        let owner = self.store.caller();
        let index = self.lock(staked_vvv, owner, svvv)?;
        self.book_mint(owner, quote, index)
    }

    pub(crate) fn mint_exact(&mut self, diem: U256, max_svvv: U256) -> Result<U256> {
        self.insist(MINT)?;
        let staked_vvv = self.minting()?;
        if diem.is_zero() {
            return Err(refuse!(IDiem::ZeroAmount));
        }
        let quote = self.quote_exact(diem)?;
        if quote.svvv > max_svvv {
            return Err(refuse!(IDiem::SlippageExceeded, quote.svvv, max_svvv));
        }
        let owner = self.store.caller();
        let index = self.lock(staked_vvv, owner, quote.svvv)?;
        self.book_mint(owner, quote, index)?;
        Ok(quote.svvv)
    }

    pub(crate) fn mint_locked(
        &mut self,
        owner: Address,
        svvv: U256,
        min_diem: U256,
        index: U256,
    ) -> Result<U256> {
        self.only_staked_vvv()?;
        self.minting()?;
        let quote = self.quote_at_least(svvv, min_diem)?;
        self.book_mint(owner, quote, index)
    }

    fn quote_at_least(&self, svvv: U256, min_diem: U256) -> Result<Quote> {
        if svvv.is_zero() {
            return Err(refuse!(IDiem::ZeroAmount));
        }
        let quote = self.quote(svvv)?;
        if quote.diem < min_diem {
            return Err(refuse!(IDiem::SlippageExceeded, quote.diem, min_diem));
        }
        if quote.diem.is_zero() {
            return Err(refuse!(IDiem::ZeroAmount));
        }
        Ok(quote)
    }

    /// Writes a mint whose sVVV is locked.
    fn book_mint(&mut self, owner: Address, quote: Quote, index: U256) -> Result<U256> {
        let mut position = self.load_position(owner);
        position.add(quote.svvv, quote.diem, index);
        self.store_position(&position);
        self.token
            .erc20
            ._mint(owner, quote.diem)
            .map_err(token_error)?;
        event!(
            self.store.vm(),
            IDiem::Minted,
            [owner],
            [quote.svvv, quote.diem, quote.rate_after]
        );
        Ok(quote.diem)
    }

    pub(crate) fn burn(&mut self, diem: U256) -> Result<U256> {
        self.insist(BURN)?;
        let owner = self.store.caller();
        let mut position = self.load_position(owner);
        let part = self.burn_tokens(owner, &position, diem)?;
        // sVVV calls nobody back; its index is needed to write the position.
        let index = self.unlock(owner, part)?;
        position.remove(part, diem, index);
        self.store_position(&position);
        Ok(part)
    }

    pub(crate) fn burn_unlocked(
        &mut self,
        owner: Address,
        diem: U256,
        index: U256,
    ) -> Result<U256> {
        self.only_staked_vvv()?;
        let mut position = self.load_position(owner);
        let part = self.burn_tokens(owner, &position, diem)?;
        position.remove(part, diem, index);
        self.store_position(&position);
        Ok(part)
    }

    /// Burns liquid DIEM; gives back what that unlocks.
    fn burn_tokens(&mut self, owner: Address, position: &Position, diem: U256) -> Result<U256> {
        if diem.is_zero() {
            return Err(refuse!(IDiem::ZeroAmount));
        }
        let part = position.part(diem)?;
        self.token.erc20._burn(owner, diem).map_err(token_error)?;
        // Only told, and no exit may depend on what is only told.
        let rate_after = self.rate_at(self.total_supply()).unwrap_or(U256::MAX);
        event!(
            self.store.vm(),
            IDiem::Burned,
            [owner],
            [diem, part, rate_after]
        );
        Ok(part)
    }

    pub(crate) fn preview_mint(&self, svvv: U256) -> Result<U256> {
        self.quote(svvv).map(|quote| quote.diem)
    }

    pub(crate) fn preview_mint_exact(&self, diem: U256) -> Result<U256> {
        self.quote_exact(diem).map(|quote| quote.svvv)
    }

    pub(crate) fn preview_burn(&self, owner: Address, diem: U256) -> Result<U256> {
        self.load_position(owner).part(diem)
    }

    pub(crate) fn mint_rate(&self) -> Result<U256> {
        self.rate_at(self.total_supply())
    }

    pub(crate) fn position(&self, owner: Address) -> Result<(U256, U256, U256)> {
        let position = self.load_position(owner);
        let pending = self.net_yield(&position, self.current_index()?);
        Ok((
            from_u128(position.locked),
            from_u128(position.outstanding),
            pending,
        ))
    }

    pub(crate) fn outstanding_of(&self, owner: Address) -> U256 {
        from_u128(self.load_position(owner).outstanding)
    }
}

/// The curve, or `InvalidCurve` for parameters that it cannot have.
pub(crate) fn new_curve(base_rate: U256, target_supply: U256) -> Result<Curve> {
    Curve::new(base_rate, target_supply)
        .map_err(|_| refuse!(IDiem::InvalidCurve, base_rate, target_supply))
}
