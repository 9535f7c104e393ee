//! Ed25519 (RFC 8032 §5.1.7) for a key that is used again and again: with multiples of it at hand, a signature takes 64
//! additions of points and no doubling, a third of the usual work.
//!
//! The verdict is that of the equation without the cofactor, `R = [s]B − [k]A`, compared by the bytes of `R`, as OpenSSL,
//! BoringSSL and RFC 8032's reference have it: an `s` that is not below the order of `B` and an `R` that is not written in
//! the one right way are refused. All that goes in is public, so nothing needs to take constant time.

use curve25519_dalek::constants::ED25519_BASEPOINT_POINT;
use curve25519_dalek::edwards::{CompressedEdwardsY, EdwardsPoint};
use curve25519_dalek::scalar::Scalar;
use curve25519_dalek::traits::Identity as _;

/// The windows of eight bits in a scalar.
const WINDOWS: usize = 32;
/// The multiples in a window, from 1: what is larger is the difference from the next window's 1.
const MULTIPLES: usize = 128;
/// What a table takes, in bytes, in memory of 32 bits.
pub const TABLE_BYTES: usize = WINDOWS * MULTIPLES * size_of::<EdwardsPoint>();

/// Multiples of a point: of `1` to `128` times `256^window`, for each window.
#[derive(Clone, Debug)]
struct Table(Vec<EdwardsPoint>);

impl Table {
    fn new(point: EdwardsPoint) -> Self {
        let mut multiples = Vec::with_capacity(WINDOWS * MULTIPLES);
        let mut base = point;
        for _ in 0..WINDOWS {
            let mut multiple = base;
            for _ in 1..MULTIPLES {
                multiples.push(multiple);
                multiple += base;
            }
            multiples.push(multiple);
            base = multiple + multiple;
        }
        Self(multiples)
    }

    /// Adds a multiple of the table's point to a sum.
    fn add(&self, sum: &mut EdwardsPoint, window: usize, digit: i16) {
        // Of 0 there is none to add.
        let Some(place) = usize::from(digit.unsigned_abs()).checked_sub(1) else { return };
        let Some(multiple) = self.0.get(window * MULTIPLES + place) else { return };
        if digit < 0 { *sum -= multiple } else { *sum += multiple }
    }
}

/// The digits of a scalar to the base 256, from -127 to 128. A scalar is below 2^253, so that nothing is carried out of it.
fn digits(scalar: &Scalar) -> [i16; WINDOWS] {
    let mut carry = 0;
    scalar.to_bytes().map(|byte| {
        let digit = i16::from(byte) + carry;
        carry = i16::from(digit > 128);
        digit - 256 * carry
    })
}

/// The multiples of the base point, which all keys share.
#[derive(Clone, Debug)]
pub struct BaseTable(Table);

impl BaseTable {
    /// Works them out: some 4,000 additions.
    #[must_use]
    pub fn new() -> Self {
        Self(Table::new(ED25519_BASEPOINT_POINT))
    }
}

impl Default for BaseTable {
    fn default() -> Self {
        Self::new()
    }
}

/// The multiples of a public key.
#[derive(Clone, Debug)]
pub struct KeyTable(Table);

impl KeyTable {
    /// Works them out: some 4,000 additions. `None` for what is no point of the curve, is not written in the one right way,
    /// or is of small order (a key under which one signature fits many messages): for others to judge.
    #[must_use]
    pub fn new(key: &[u8; 32]) -> Option<Self> {
        let point = CompressedEdwardsY(*key).decompress()?;
        let right = point.compress().as_bytes() == key && !point.is_small_order();
        right.then(|| Self(Table::new(-point)))
    }

    /// Whether a signature is valid. `challenge` is SHA-512 over the signature's first half, the key and the message.
    #[must_use]
    pub fn verify(&self, base: &BaseTable, challenge: &[u8; 64], signature: &[u8; 64]) -> bool {
        let (point, scalar) = signature.split_at(32);
        let Ok(scalar) = <[u8; 32]>::try_from(scalar) else { return false };
        let Some(scalar) = Option::<Scalar>::from(Scalar::from_canonical_bytes(scalar)) else { return false };
        let (of_base, of_key) = (digits(&scalar), digits(&Scalar::from_bytes_mod_order_wide(challenge)));
        let mut sum = EdwardsPoint::identity();
        for (window, (one, other)) in of_base.into_iter().zip(of_key).enumerate() {
            base.0.add(&mut sum, window, one);
            self.0.add(&mut sum, window, other);
        }
        sum.compress().as_bytes() == point
    }
}

#[cfg(test)]
mod tests;
