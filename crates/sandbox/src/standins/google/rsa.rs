//! An RSA key: made, written down, and used to look at signatures.
//!
//! Textbook arithmetic without any care for timing: it guards nothing but a test.

use num_bigint::BigUint;
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use sha2::{Digest as _, Sha256};

/// Bits of each of the two primes.
const BITS: u64 = 1_024;
/// The public exponent that everybody uses.
const EXPONENT: u32 = 65_537;
/// Rounds of Miller and Rabin's test: at this size one errs less often than memory does.
const ROUNDS: usize = 8;
/// What stands before a SHA-256 digest in a signature (RFC 8017, 9.2, note 1).
const DIGEST_INFO: [u8; 19] = [
    0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00,
    0x04, 0x20,
];

/// A private key of 2048 bits.
pub(super) struct Key {
    modulus: BigUint,
    private: BigUint,
    primes: [BigUint; 2],
}

impl Key {
    /// Makes a key; the same seed always makes the same one.
    pub fn make(seed: u64) -> Self {
        let mut rng = StdRng::seed_from_u64(seed);
        let one = BigUint::from(1_u32);
        let exponent = BigUint::from(EXPONENT);
        loop {
            let (p, q) = (prime(&mut rng), prime(&mut rng));
            let around = (&p - &one) * (&q - &one);
            if let Some(private) = exponent.modinv(&around).filter(|_| p > q) {
                return Self { modulus: &p * &q, private, primes: [p, q] };
            }
        }
    }

    /// Whether `signature` is RSASSA-PKCS1-v1_5 with SHA-256 over `message`.
    pub fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        let length = usize::try_from(BITS * 2 / 8).unwrap_or_default();
        if signature.len() != length {
            return false;
        }
        let opened = BigUint::from_bytes_be(signature).modpow(&BigUint::from(EXPONENT), &self.modulus);
        let digest = Sha256::digest(message);
        let mut expected = vec![0x01];
        expected.resize(length - 2 - DIGEST_INFO.len() - digest.len(), 0xff);
        expected.push(0);
        expected.extend(DIGEST_INFO);
        expected.extend(digest);
        // A number has no leading zero.
        opened.to_bytes_be() == expected
    }

    /// The key as PKCS #8 in DER (RFC 5208 around RFC 8017, A.1.2).
    pub fn to_der(&self) -> Vec<u8> {
        let one = BigUint::from(1_u32);
        let [p, q] = &self.primes;
        let numbers = [
            BigUint::ZERO,
            self.modulus.clone(),
            BigUint::from(EXPONENT),
            self.private.clone(),
            p.clone(),
            q.clone(),
            &self.private % (p - &one),
            &self.private % (q - &one),
            q.modinv(p).unwrap_or_default(),
        ];
        let key = sequence(&numbers.iter().map(integer).collect::<Vec<_>>().concat());
        // rsaEncryption with no parameters.
        let algorithm =
            [0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00];
        sequence(&[integer(&BigUint::ZERO), algorithm.to_vec(), tagged(0x04, &key)].concat())
    }
}

fn prime(rng: &mut StdRng) -> BigUint {
    loop {
        let mut bytes = vec![0; usize::try_from(BITS / 8).unwrap_or_default()];
        rng.fill_bytes(&mut bytes);
        let mut candidate = BigUint::from_bytes_be(&bytes);
        // Two high bits, so that the product has all its bits; and odd.
        for bit in [0, BITS - 2, BITS - 1] {
            candidate.set_bit(bit, true);
        }
        if is_prime(&candidate, rng) {
            return candidate;
        }
    }
}

fn is_prime(candidate: &BigUint, rng: &mut StdRng) -> bool {
    if (3_u32..2_000).step_by(2).any(|small| (candidate % small) == BigUint::ZERO) {
        return false;
    }
    let one = BigUint::from(1_u32);
    let less = candidate - &one;
    let twos = less.trailing_zeros().unwrap_or_default();
    let odd = &less >> twos;
    (0..ROUNDS).all(|_| {
        let mut bytes = [0; 64];
        rng.fill_bytes(&mut bytes);
        let mut power = BigUint::from_bytes_be(&bytes).modpow(&odd, candidate);
        if power == one || power == less {
            return true;
        }
        for _ in 1..twos {
            power = &power * &power % candidate;
            if power == less {
                return true;
            }
        }
        false
    })
}

fn tagged(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut out = vec![tag];
    let length = content.len().to_be_bytes();
    let significant = &length[length.iter().take_while(|byte| **byte == 0).count()..];
    if content.len() >= 0x80 {
        out.push(0x80 | u8::try_from(significant.len()).unwrap_or_default());
    }
    out.extend(if content.is_empty() { &[0][..] } else { significant });
    out.extend(content);
    out
}

fn sequence(content: &[u8]) -> Vec<u8> {
    tagged(0x30, content)
}

fn integer(number: &BigUint) -> Vec<u8> {
    let mut bytes = number.to_bytes_be();
    if bytes.first().is_none_or(|first| first & 0x80 != 0) {
        bytes.insert(0, 0);
    }
    tagged(0x02, &bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_by_the_private_half_is_taken_and_no_other() {
        let key = Key::make(7);
        assert_eq!(key.modulus.bits(), 2_048);
        let mut block = vec![0x01];
        block.resize(256 - 2 - 19 - 32, 0xff);
        block.push(0);
        block.extend(DIGEST_INFO);
        block.extend(Sha256::digest(b"hello"));
        let signature = BigUint::from_bytes_be(&block).modpow(&key.private, &key.modulus).to_bytes_be();
        let mut padded = vec![0; 256 - signature.len()];
        padded.extend(signature);
        assert!(key.verifies(b"hello", &padded));
        assert!(!key.verifies(b"hullo", &padded));
        assert!(!key.verifies(b"hello", &padded[1..]));
        let der = key.to_der();
        assert_eq!(der[..2], [0x30, 0x82]);
        assert_eq!(usize::from(u16::from_be_bytes([der[2], der[3]])), der.len() - 4);
    }
}
