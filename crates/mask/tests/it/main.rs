//! What passes the masker and what does not. Every fake is put together at run time: the tree holds nothing that
//! looks like a secret.
#![expect(clippy::unwrap_used, reason = "helpers of tests may unwrap as tests do")]

mod clean;
mod kinds;
mod pairs;
mod properties;
mod writers;

use mask::Masker;

fn masker() -> Masker {
    Masker::new([7; 32])
}

fn masked(text: &str) -> String {
    masker().mask(text).into_owned()
}

/// `length` letters and digits that look random and are the same each time.
fn noise(length: usize) -> String {
    let letters = b"aZ3kQ9xW7mB2vN8cL5pR1tY6sD4fG0hJ";
    (0..length).map(|place| char::from(letters[(place * 7 + place / 32) % letters.len()])).collect()
}

fn bot_token() -> String {
    format!("{}:AA{}", 7_100_200_300_u64, noise(33))
}
