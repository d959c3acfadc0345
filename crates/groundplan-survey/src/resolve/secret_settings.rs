//! Settings that hold secrets: those that are mounted, and those that only their name makes one.

use crate::facts::{Claim, Property};
use crate::resolve::holders::Holders;
use crate::resolve::names::is_aside;
use crate::resolve::world::World;
use crate::secrets;
use groundplan_model::{Blueprint, Evidence, Provenance, Setting, SettingSource};
use std::collections::{BTreeMap, BTreeSet};

/// Secrets with a value in files that units mount as their configuration.
pub(super) fn mounted_secrets(
    blueprint: &mut Blueprint,
    world: &World<'_>,
    ids: &[String],
    holders: &Holders,
) {
    for file in world.files {
        let secret =
            |claim: &Claim| matches!(claim, Claim::Property(p) if p.secret && p.value.is_none());
        if file.language.is_code()
            || !file.facts.iter().any(|f| secret(&f.claim))
            || is_aside(&file.path)
        {
            continue;
        }
        let Some(units) = holders.mounted_file(&file.path) else {
            continue;
        };
        // Readers of one line may name its key shorter or longer; the last one knows the format.
        let mut keys: BTreeMap<[u32; 2], (&Evidence, &Property)> = BTreeMap::new();
        for fact in &file.facts {
            if let Claim::Property(property) = &fact.claim
                && property.secret
                && property.value.is_none()
            {
                keys.insert(fact.at.lines, (&fact.at, property));
            }
        }
        for id in units.iter().filter_map(|u| ids.get(*u)) {
            for (at, property) in keys.values() {
                blueprint.settings.push(Setting {
                    element: Some(id.clone()),
                    name: property.key.clone(),
                    source: SettingSource::File,
                    value: None,
                    secret: true,
                    profile: property.profile.clone(),
                    provenance: Provenance::observed([(*at).clone()]),
                });
            }
        }
    }
}

/// Of two readers of one line, one may know no more of its key than the last part: `Password` beside
/// `MailOptions:SMTP:Password` is one setting, under its whole key.
pub(super) fn whole_keys(blueprint: &mut Blueprint) {
    let settings = &mut blueprint.settings;
    let mut whole: BTreeMap<(Option<String>, String, [u32; 2]), Vec<usize>> = BTreeMap::new();
    let place = |setting: &Setting| {
        let at = setting.provenance.evidence.first()?;
        let place = (setting.element.clone(), at.path.clone(), at.lines);
        (setting.source == SettingSource::File).then_some(place)
    };
    for (index, setting) in settings.iter().enumerate() {
        if let Some(place) = place(setting).filter(|_| setting.name.contains([':', '.'])) {
            whole.entry(place).or_default().push(index);
        }
    }
    let mut gone: BTreeSet<usize> = BTreeSet::new();
    for index in 0..settings.len() {
        let short = &settings[index];
        if !short.secret || short.value.is_some() || short.name.contains([':', '.']) {
            continue;
        }
        let last = |other: &usize| {
            let name = settings[*other].name.as_str();
            name.rsplit([':', '.']).next() == Some(short.name.as_str())
        };
        let all = place(short).and_then(|place| whole.get(&place));
        if let Some(&other) = all.into_iter().flatten().find(|other| last(other))
            && gone.insert(other)
        {
            // The shorter one is known to hold a secret.
            settings[index].name = settings[other].name.clone();
            settings[index].profile = settings[other].profile.clone();
        }
    }
    let mut index = 0;
    settings.retain(|_| {
        index += 1;
        !gone.contains(&(index - 1))
    });
}

/// A variable that code reads is a secret by its name until a file gives it a value that is none.
pub(super) fn no_secrets_by_name_alone(blueprint: &mut Blueprint) {
    let known: BTreeSet<(Option<String>, String)> = blueprint
        .settings
        .iter()
        .filter(|s| !s.secret && secrets::is_secret_name(&s.name))
        // What only says what to put there does not say that it is none.
        .filter(|s| {
            let value = s.value.as_deref().filter(|v| !v.is_empty());
            value.is_some_and(|v| !secrets::is_placeholder(&s.name, v) && !secrets::is_prose(v))
        })
        .map(|s| (s.element.clone(), s.name.clone()))
        .collect();
    if known.is_empty() {
        return;
    }
    for setting in &mut blueprint.settings {
        if setting.source.is_read()
            && known.contains(&(setting.element.clone(), setting.name.clone()))
        {
            setting.secret = false;
        }
    }
}
