//! Tests, by topic.

mod agreements;
mod exact;
mod formulas;
mod invariants;
mod policies;
mod properties;
mod samples;
mod settlements;
mod shares;
mod vectors;

/// A small generator of numbers, the same on every run (SplitMix64).
pub(crate) struct Numbers(pub(crate) u64);

impl Numbers {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `end`.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    /// A number of up to `bits` bits, small ones as often as large ones.
    pub(crate) fn of_bits(&mut self, bits: u64) -> u64 {
        let bits = self.below(bits + 1);
        if bits == 0 { 0 } else { self.next() >> (64 - bits) }
    }
}
