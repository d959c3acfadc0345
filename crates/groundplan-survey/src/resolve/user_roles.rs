//! Roles of people that columns of the data model hold: a boolean of a user that makes them an
//! administrator, and the permissions of a team.

use groundplan_model::{Blueprint, EntityKind, Observation, Provenance, Topic};

/// Columns that give whoever has them more than others have
/// (<https://docs.djangoproject.com/en/stable/ref/contrib/auth/#django.contrib.auth.models.User.is_staff>).
const FLAGS: [&str; 12] = [
    "admin",
    "administrator",
    "is_admin",
    "is_administrator",
    "is_moderator",
    "is_owner",
    "is_staff",
    "is_superuser",
    "moderator",
    "owner",
    "super_admin",
    "superuser",
];

/// Words of tables whose rows are people.
const PEOPLE: [&str; 9] = [
    "account",
    "customer",
    "employee",
    "member",
    "membership",
    "person",
    "profile",
    "staff",
    "user",
];

/// Columns that begin with `can_` from which on they are the permissions of their table.
const SEVERAL: usize = 3;

/// Adds one observation for each such column.
pub(crate) fn fill(blueprint: &mut Blueprint) {
    let mut found = Vec::new();
    for entity in blueprint
        .entities
        .iter()
        .filter(|e| e.kind == EntityKind::Table)
    {
        let lower = entity.name.to_ascii_lowercase();
        let mut words = lower.split(['_', '.', '-', ' ']);
        let people = words.any(|word| {
            let one = word.strip_suffix('s').unwrap_or(word);
            PEOPLE.contains(&one)
        });
        let boolean = |kind: &str| {
            let kind = kind.to_ascii_lowercase();
            kind.contains("bool") || kind == "tinyint(1)"
        };
        let flags: Vec<_> = (entity.fields.iter())
            .filter(|f| boolean(&f.data_type))
            .collect();
        let may: Vec<_> = flags
            .iter()
            .filter(|f| f.name.starts_with("can_"))
            .collect();
        let seen = |topic, field: &groundplan_model::Field| Observation {
            topic,
            element: entity.owner.clone(),
            name: field.name.clone(),
            detail: Some(format!("column of {}", entity.name)),
            provenance: Provenance::observed(field.provenance.first().cloned()),
        };
        let roles = flags
            .iter()
            .filter(|f| people && FLAGS.contains(&f.name.as_str()));
        found.extend(roles.map(|field| seen(Topic::Role, field)));
        if may.len() >= SEVERAL {
            found.extend(may.iter().map(|field| seen(Topic::Authorization, field)));
        }
    }
    blueprint.observations.extend(found);
}
