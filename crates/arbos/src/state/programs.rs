//! What ArbOS keeps about Stylus programs.

use alloy_primitives::{B256, U256};
use stylus_vm::params::StylusParams;

use super::{
    address_set::AddressSet,
    storage::{Cell, Space, Storage},
};

/// Unix seconds that activation times are counted from.
pub const ACTIVATION_EPOCH: u64 = 1_421_388_000;
const HOUR: u64 = 3_600;
const DAY: u64 = 86_400;
/// Gas of reading the Stylus parameters: always a warm read.
const READ_PARAMS_GAS: u64 = 100;

/// The programs region, root sub-space 8.
#[derive(Clone, Copy, Debug)]
pub struct Programs {
    space: Space,
    arbos_version: u64,
}

impl Programs {
    pub(super) fn open(root: Space, arbos_version: u64) -> Self {
        Self {
            space: root.region(&[8]),
            arbos_version,
        }
    }

    /// Prices and limits; 100 gas.
    pub fn params<S: Storage>(self, storage: &mut S) -> Result<StylusParams, S::Error> {
        storage.burn(READ_PARAMS_GAS)?;
        let word = storage.peek(self.params_word().slot());
        Ok(StylusParams::decode(word.into(), self.arbos_version))
    }

    /// Replaces prices and limits; one write.
    pub fn set_params<S: Storage>(
        self,
        storage: &mut S,
        params: &StylusParams,
    ) -> Result<(), S::Error> {
        self.params_word()
            .set(storage, params.encode(self.arbos_version).into())
    }

    /// The record of the program with this code hash; one read.
    pub fn record<S: Storage>(
        self,
        storage: &mut S,
        code_hash: B256,
    ) -> Result<ProgramRecord, S::Error> {
        self.record_word(code_hash)
            .get(storage)
            .map(ProgramRecord::decode)
    }

    /// Replaces a program's record; one write.
    pub fn set_record<S: Storage>(
        self,
        storage: &mut S,
        code_hash: B256,
        record: &ProgramRecord,
    ) -> Result<(), S::Error> {
        self.record_word(code_hash).set(storage, record.encode())
    }

    /// Hash of the activated module of a program.
    pub fn module_hash(self, code_hash: B256) -> Cell<B256> {
        self.space.region(&[2]).cell_at(code_hash)
    }

    /// The state that data fees follow from.
    pub fn data_pricer(self) -> DataPricer {
        DataPricer(self.space.region(&[3]))
    }

    /// Who may cache programs, besides the chain owners.
    pub fn cache_managers(self) -> AddressSet {
        AddressSet(self.space.region(&[4]))
    }

    /// Extra gas burned by an activation, from ArbOS 60 on.
    pub fn activation_gas(self) -> Cell<u64> {
        self.space.region(&[5]).cell(0)
    }

    fn params_word(self) -> Cell<U256> {
        self.space.region(&[0]).cell(0)
    }

    fn record_word(self, code_hash: B256) -> Cell<U256> {
        self.space.region(&[1]).cell_at(code_hash)
    }
}

/// Seconds an activation lives.
pub fn expiry_seconds(params: &StylusParams) -> u64 {
    u64::from(params.expiry_days) * DAY
}

/// Seconds before an activation may be prolonged.
pub fn keepalive_seconds(params: &StylusParams) -> u64 {
    u64::from(params.keepalive_days) * DAY
}

/// What is remembered of an activation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ProgramRecord {
    /// Stylus version it was activated under; 0 when never activated.
    pub version: u16,
    /// Unscaled cost of an uncached start.
    pub init_cost: u16,
    /// Unscaled cost of a cached start.
    pub cached_cost: u16,
    /// Initial memory in pages.
    pub footprint: u16,
    /// Whole hours since [`ACTIVATION_EPOCH`], 24 bits.
    pub activated_at: u32,
    /// Estimated native code in KiB, 24 bits.
    pub asm_estimate_kb: u32,
    /// Whether a cache manager keeps it in the cache.
    pub cached: bool,
}

/// Why a program may not be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inactive {
    /// Never activated.
    NotActivated,
    /// Activated under another Stylus version.
    NeedsUpgrade {
        /// Version of the record.
        program: u16,
        /// Version in force.
        current: u16,
    },
    /// Activated too long ago.
    Expired {
        /// Seconds since activation.
        age: u64,
    },
}

impl ProgramRecord {
    /// Bit that moves a field's last byte (counted from the left) into place.
    const fn shift(last_byte: usize) -> usize {
        8 * (31 - last_byte)
    }

    /// Reads the packed word.
    pub fn decode(word: U256) -> Self {
        let field =
            |last_byte: usize, mask: u64| (word >> Self::shift(last_byte)).as_limbs()[0] & mask;
        Self {
            version: field(1, 0xffff) as u16,
            init_cost: field(3, 0xffff) as u16,
            cached_cost: field(5, 0xffff) as u16,
            footprint: field(7, 0xffff) as u16,
            activated_at: field(10, 0xff_ffff) as u32,
            asm_estimate_kb: field(13, 0xff_ffff) as u32,
            cached: field(14, 0xff) != 0,
        }
    }

    /// The packed word.
    pub fn encode(&self) -> U256 {
        let field = |value: u32, last_byte: usize| U256::from(value) << Self::shift(last_byte);
        field(self.version.into(), 1)
            | field(self.init_cost.into(), 3)
            | field(self.cached_cost.into(), 5)
            | field(self.footprint.into(), 7)
            | field(self.activated_at & 0xff_ffff, 10)
            | field(self.asm_estimate_kb & 0xff_ffff, 13)
            | field(self.cached.into(), 14)
    }

    /// `now` (Unix seconds) as an activation time.
    pub fn hours_at(now: u64) -> u32 {
        (now.saturating_sub(ACTIVATION_EPOCH) / HOUR).min(0xff_ffff) as u32
    }

    /// Seconds since activation; 0 when the activation lies in the future.
    pub fn age(&self, now: u64) -> u64 {
        now.saturating_sub(ACTIVATION_EPOCH + HOUR * u64::from(self.activated_at))
    }

    /// Whether the activation is too old at `now`. A record without a time is, for activation.
    pub fn is_expired(&self, params: &StylusParams, now: u64) -> bool {
        self.age(now) > expiry_seconds(params)
    }

    /// Checks that the program may be called.
    ///
    /// # Errors
    /// In this order: never activated, activated under another version, expired.
    pub fn check_active(&self, params: &StylusParams, now: u64) -> Result<(), Inactive> {
        if self.version == 0 {
            return Err(Inactive::NotActivated);
        }
        if self.version != params.version {
            return Err(Inactive::NeedsUpgrade {
                program: self.version,
                current: params.version,
            });
        }
        if self.is_expired(params, now) {
            return Err(Inactive::Expired { age: self.age(now) });
        }
        Ok(())
    }

    /// Estimated native code in bytes.
    pub fn asm_size(&self) -> u32 {
        self.asm_estimate_kb.saturating_mul(1_024)
    }
}

/// Demand for program storage, which the data fee grows with.
#[derive(Clone, Copy, Debug)]
pub struct DataPricer(Space);

impl DataPricer {
    /// ⌊⌊2^40 / 8,760⌋ / 3,600⌋: a tebibyte a year.
    pub const INITIAL_BYTES_PER_SECOND: u32 = 34_865;
    /// Wei per byte without demand.
    pub const INITIAL_MIN_PRICE: u32 = 82_928_201;
    /// Bytes of demand that raise the price by a factor of e.
    pub const INITIAL_INERTIA: u32 = 21_360_419;

    /// Bytes of demand not yet forgotten.
    pub fn demand(self) -> Cell<u32> {
        self.0.cell(0)
    }

    /// Bytes forgotten per second.
    pub fn bytes_per_second(self) -> Cell<u32> {
        self.0.cell(1)
    }

    /// Unix seconds of the last update.
    pub fn last_update(self) -> Cell<u64> {
        self.0.cell(2)
    }

    /// Wei per byte without demand.
    pub fn min_price(self) -> Cell<u32> {
        self.0.cell(3)
    }

    /// Bytes of demand that raise the price by a factor of e.
    pub fn inertia(self) -> Cell<u32> {
        self.0.cell(4)
    }

    /// The words it starts with.
    pub fn initialize<S: Storage>(self, storage: &mut S) -> Result<(), S::Error> {
        self.demand().set(storage, 0)?;
        self.bytes_per_second()
            .set(storage, Self::INITIAL_BYTES_PER_SECOND)?;
        self.last_update().set(storage, ACTIVATION_EPOCH)?;
        self.min_price().set(storage, Self::INITIAL_MIN_PRICE)?;
        self.inertia().set(storage, Self::INITIAL_INERTIA)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_has_its_fields_where_the_layout_says() {
        let record = ProgramRecord {
            version: 2,
            init_cost: 0x0102,
            cached_cost: 0x0304,
            footprint: 0x0506,
            activated_at: 0x07_0809,
            asm_estimate_kb: 0x0a_0b0c,
            cached: true,
        };
        let word: [u8; 32] = record.encode().to_be_bytes();
        assert_eq!(
            word[..16],
            [0, 2, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 1, 0]
        );
        assert_eq!(ProgramRecord::decode(record.encode()), record);
    }

    #[test]
    fn a_program_expires_strictly_after_its_days() {
        let params = StylusParams::default();
        let record = ProgramRecord {
            version: 2,
            activated_at: 100,
            ..ProgramRecord::default()
        };
        let born = ACTIVATION_EPOCH + 100 * HOUR;
        let last = born + 365 * 86_400;
        assert_eq!(record.check_active(&params, last), Ok(()));
        assert_eq!(
            record.check_active(&params, last + 1),
            Err(Inactive::Expired {
                age: 365 * 86_400 + 1
            })
        );
        assert_eq!(record.age(born - 1), 0);
    }
}
