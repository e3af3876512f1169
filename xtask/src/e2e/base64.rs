//! Bytes as text: the control API takes files so, and the tests of python-telegram-bot their bots.

/// Base64 of RFC 4648, with padding.
pub fn encode(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let bits =
            three.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - three.len()));
        for place in 0..4 {
            let digit = DIGITS[(bits >> (18 - 6 * place) & 63) as usize];
            text.push(if place > three.len() { '=' } else { char::from(digit) });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_has_its_padding() {
        let forms = ["", "f", "fo", "foo", "foob", "~~~"].map(|text| encode(text.as_bytes()));
        assert_eq!(forms, ["", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "fn5+"]);
    }
}
