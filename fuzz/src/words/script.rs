//! Calldata of the program that does what its calldata says (vectors/stylus/README.md).

use arbitrary::Result;

use super::Speaker;

/// Operands of the commands from 1 on. `k` key, `w` word, `v` value, `a` address, `g` gas,
/// `n` number, `s` small number, `d` data with its length, `c` code with its length.
const COMMANDS: [&str; 33] = [
    "k", "kk", "", "", "k", "kk", "avgd", "agd", "agd", "nn", "", "nd", "vc", "vwc", "a", "ann",
    "a", "a", "", "", "", "", "d", "ww", "n", "n", "n", "n", "s", "", "", "www", "ww",
];
/// Most commands of one script.
const MAX_COMMANDS: u8 = 8;
/// How deep scripts stand in the calls of scripts.
const MAX_DEPTH: u8 = 2;

impl Speaker<'_, '_> {
    /// Commands, the innermost of which have no scripts for data.
    pub(super) fn script(&mut self) -> Result<Vec<u8>> {
        self.script_at(0)
    }

    fn script_at(&mut self, depth: u8) -> Result<Vec<u8>> {
        let mut script = Vec::new();
        for _ in 0..self.u.int_in_range(1..=MAX_COMMANDS)? {
            let command = self.u.choose_index(COMMANDS.len())?;
            script.push(command as u8 + 1);
            for operand in COMMANDS[command].bytes() {
                self.operand(operand, depth, &mut script)?;
            }
        }
        Ok(script)
    }

    fn operand(&mut self, operand: u8, depth: u8, script: &mut Vec<u8>) -> Result<()> {
        match operand {
            b'k' => {
                script.extend([0; 31]);
                script.push(self.u.int_in_range(0..=7)?);
            }
            b'v' => {
                script.extend([0; 31]);
                script.push(u8::from(self.one_in(4)?));
            }
            b'a' => script.extend(self.account()?),
            b'g' => {
                let shift = self.u.int_in_range(0..=63u32)?;
                script.extend((u64::MAX >> shift).to_le_bytes());
            }
            b's' => script.extend([self.u.arbitrary()?, 0, 0, 0]),
            b'n' => script.extend(self.small()?.to_le_bytes()),
            b'd' | b'c' => {
                let data = match operand {
                    b'c' => self.initcode()?,
                    _ if depth < MAX_DEPTH && self.u.arbitrary()? => self.script_at(depth + 1)?,
                    _ => self.raw_bytes()?,
                };
                script.extend((data.len() as u32).to_le_bytes());
                script.extend(data);
            }
            _ => script.extend(self.hash()?),
        }
        Ok(())
    }

    /// A number that is small more often than not.
    fn small(&mut self) -> Result<u32> {
        Ok(if self.one_in(8)? {
            self.u.arbitrary()?
        } else {
            self.u.int_in_range(0..=4)?
        })
    }
}
