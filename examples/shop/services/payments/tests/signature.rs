use hmac::{Hmac, Mac};
use payments::signature::is_valid;
use sha2::Sha256;

#[test]
fn only_the_own_signature_is_accepted() {
    let mut mac = Hmac::<Sha256>::new_from_slice(b"test").unwrap();
    mac.update(b"{}");
    let signature = hex::encode(mac.finalize().into_bytes());
    assert!(is_valid("test", b"{}", &signature));
    assert!(!is_valid("test", b"{ }", &signature));
    assert!(!is_valid("other", b"{}", &signature));
    assert!(!is_valid("test", b"{}", "not hexadecimal"));
}
