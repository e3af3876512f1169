//! Where the world's chance comes from.

use std::convert::Infallible;

use rand::TryRng;
use serde::{Deserialize, Serialize};

/// A generator (`SplitMix64`) whose place is a number, so that a saved world goes on where it was: what was drawn before
/// a save is not drawn again after a load.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Generator {
    seed: u64,
    /// How many numbers were taken.
    drawn: u64,
}

impl Generator {
    pub fn new(seed: u64) -> Self {
        Self { seed, drawn: 0 }
    }

    fn draw(&mut self) -> u64 {
        self.drawn = self.drawn.wrapping_add(1);
        let mut mixed = self.seed.wrapping_add(self.drawn.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }
}

impl TryRng for Generator {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        // The upper half: a shift by 32 leaves no more.
        Ok(u32::try_from(self.draw() >> 32).unwrap_or_default())
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(self.draw())
    }

    fn try_fill_bytes(&mut self, to: &mut [u8]) -> Result<(), Infallible> {
        for part in to.chunks_mut(8) {
            part.copy_from_slice(&self.draw().to_le_bytes()[..part.len()]);
        }
        Ok(())
    }
}
