//! Systems outside of the repository that settings name by their public address.

use super::key_words::{is_made_up, names_issuer, names_mail_server, only_catches_mail};
use super::{End, Found, Wiring};
use crate::resolve::address::Address;
use crate::resolve::settings::Value;
use groundplan_model::{Confidence, RelationshipKind};

impl Wiring<'_, '_> {
    /// A public address that the unit's own code reads from its environment.
    pub(super) fn call_outside(&mut self, unit: usize, value: &Value, address: &Address) {
        let end = End::Outside(address.host.clone());
        let found = Found {
            kind: Some(RelationshipKind::Calls),
            at: &value.at,
            protocol: self.protocol(address, &end),
            technology: None,
            operation: None,
            confidence: Confidence::High,
        };
        self.add(unit, end, found);
    }

    /// Keys under which foreign systems stand by their public address.
    pub(super) fn outside(&mut self, unit: usize, value: &Value, address: &Address) {
        let key = value.key.to_ascii_lowercase();
        let public = address.host.contains('.')
            && address.host.bytes().any(|b| b.is_ascii_alphabetic())
            && !address.host.ends_with(".local")
            && !address.host.starts_with("example.");
        let named = key.ends_with("git.uri")
            || key.ends_with("mail.host")
            || key.ends_with("smtp.host")
            || names_mail_server(&value.key)
                && address.bare
                && !is_made_up(&address.host)
                && !only_catches_mail(&address.host)
            || names_issuer(&key) && !is_made_up(&address.host);
        if public && named && self.is_on(unit, value) {
            let of_mail = key.ends_with(".host") || names_mail_server(&value.key);
            let mail = || of_mail.then(|| "SMTP".to_owned());
            let found = Found {
                kind: key.ends_with("git.uri").then_some(RelationshipKind::Reads),
                at: &value.at,
                protocol: self
                    .protocol(address, &End::Outside(String::new()))
                    .or_else(mail),
                technology: None,
                operation: None,
                confidence: Confidence::High,
            };
            // A repository is named with its path; a server by its host.
            let name = match value.value.split("://").nth(1) {
                Some(rest) if key.ends_with("git.uri") => rest
                    .trim_end_matches('/')
                    .trim_end_matches(".git")
                    .to_ascii_lowercase(),
                _ => address.host.clone(),
            };
            if names_issuer(&key) {
                self.graph.issuers.insert(name.clone());
            }
            self.add(unit, End::Outside(name), found);
        }
    }
}
