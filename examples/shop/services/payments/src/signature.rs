//! Checks that a webhook was sent by the provider.

use hmac::{Hmac, Mac};
use sha2::Sha256;

/// Whether `signature` is the hexadecimal HMAC-SHA256 of `body`; compares in constant time.
pub fn is_valid(secret: &str, body: &[u8], signature: &str) -> bool {
    let Ok(given) = hex::decode(signature) else {
        return false;
    };
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else {
        return false;
    };
    mac.update(body);
    mac.verify_slice(&given).is_ok()
}
