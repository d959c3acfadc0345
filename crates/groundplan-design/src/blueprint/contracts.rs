//! Entities with fields, constraints and indexes; interfaces with operations and schemas.

use super::elements::{Parts, capital};
use super::{Maker, dialect, slug};
use crate::brief::Retention;
use crate::facts::number;
use groundplan_knowledge::Capability;
use groundplan_knowledge::capability::{self as pack, AuthClass, Idempotency, PiiClass, RuleKind};
use groundplan_model::{
    Audience, Blueprint, Cardinality, Entity, EntityKind, EntityRelation, Evidence, Field, Index,
    Interface, InterfaceKind, Operation, Parameter, Provenance, Response, Schema,
};
use std::collections::BTreeMap;

fn pii(class: PiiClass) -> &'static str {
    match class {
        PiiClass::Identity => "identity",
        PiiClass::Contact => "contact",
        PiiClass::Financial => "financial",
        PiiClass::Health => "health",
        PiiClass::Location => "location",
        PiiClass::Credential => "credential",
        PiiClass::Content => "content",
        PiiClass::Behaviour => "behaviour",
        PiiClass::Biometric => "biometric",
    }
}

fn field(m: &Maker, from: &pack::Field, reason: &Provenance) -> Field {
    let note = from.note.as_ref().map(|n| m.nouns.text(n));
    let class = from.pii.map(|p| format!("personal data: {}", pii(p)));
    let description = match (note, class) {
        (Some(note), Some(class)) => Some(format!("{note}; {class}")),
        (note, class) => note.or(class),
    };
    Field {
        name: m.nouns.identifier(&from.name),
        data_type: dialect::column(m.option("primary_db"), &from.data_type),
        nullable: from.nullable,
        default: from.default.clone(),
        primary_key: from.primary_key,
        unique: from.unique,
        constraints: Vec::new(),
        description,
        provenance: reason.clone(),
    }
}

fn relation(m: &Maker, from: &pack::Field, reason: &Provenance) -> Option<EntityRelation> {
    let to = from.references.as_ref()?;
    Some(EntityRelation {
        fields: vec![m.nouns.identifier(&from.name)],
        to: m.nouns.entity(to),
        to_fields: Vec::new(),
        cardinality: if from.unique || from.primary_key {
            Cardinality::OneToOne
        } else {
            Cardinality::ManyToOne
        },
        on_delete: Some(
            if from.nullable {
                "SET NULL"
            } else {
                "RESTRICT"
            }
            .to_owned(),
        ),
        through: None,
        provenance: reason.clone(),
    })
}

fn entity(m: &Maker, parts: &Parts, from: &pack::Entity, home: &Capability) -> Entity {
    let reason = m.reason(home);
    let mut fields: Vec<Field> = Vec::new();
    let mut relations = Vec::new();
    let mut add = |f: &pack::Field, reason: &Provenance| {
        if f.references.as_ref().is_some_and(|r| !m.nouns.exists(r)) {
            return;
        }
        fields.push(field(m, f, reason));
        relations.extend(relation(m, f, reason));
    };
    for f in from
        .fields
        .iter()
        .filter(|f| !m.nouns.never(&home.id, &f.name))
    {
        add(f, &reason);
    }
    let present: Vec<&str> = m.packs.iter().map(|p| p.id.as_str()).collect();
    for other in &m.packs {
        for join in other.joins_with(&present) {
            for r in join.relations.iter().filter(|r| r.entity == from.name) {
                add(&r.field, &m.reason(other));
            }
        }
    }
    // With tenants every record knows its tenant; the tenant itself and what is above it do not.
    let tenant = m
        .packs
        .iter()
        .find(|p| p.id == "multitenant")
        .and_then(|p| p.entities.first());
    if let Some(tenant) = tenant.filter(|t| t.name != from.name && home.id != "multitenant") {
        let key = pack::Field {
            name: format!("{}_id", tenant.name),
            data_type: "uuid".to_owned(),
            nullable: false,
            primary_key: false,
            unique: false,
            pii: None,
            default: None,
            references: Some(tenant.name.clone()),
            note: Some("row-level security compares it with the session".to_owned()),
        };
        if !from.fields.iter().any(|f| f.name == key.name) {
            add(&key, &m.decided("tenancy"));
        }
    }
    fields.dedup_by(|a, b| a.name == b.name);
    let mut indexes = Vec::new();
    let mut checks = Vec::new();
    for rule in &from.rules {
        let over = m.nouns.identifier(&m.nouns.filled(&rule.over));
        let columns: Vec<String> = over.split(',').map(|c| c.trim().to_owned()).collect();
        let suffix = rule
            .suffix
            .as_ref()
            .map_or(String::new(), |s| format!(" {}", m.nouns.identifier(s)));
        match rule.kind {
            RuleKind::Primary => {
                for f in fields.iter_mut().filter(|f| columns.contains(&f.name)) {
                    f.primary_key = true;
                }
            }
            RuleKind::Unique | RuleKind::Index => {
                let method = suffix
                    .trim()
                    .strip_prefix("using ")
                    .map(|r| r.split_whitespace().next().unwrap_or(r).to_owned());
                let predicate = suffix.find("where ").map(|at| suffix[at + 6..].to_owned());
                let unique = rule.kind == RuleKind::Unique;
                let kept = dialect::predicate(m, predicate.clone());
                // Without its condition the rule would forbid more than it means.
                let whole = kept == predicate;
                if let Some(condition) = predicate.filter(|_| unique && !whole) {
                    let said = format!(
                        "at most one row with the same ({over}) where {condition}, checked in the transaction that writes, which locks the owner's row"
                    );
                    checks.push((over.clone(), said));
                }
                indexes.push(Index {
                    name: String::new(),
                    fields: columns,
                    unique: unique && whole,
                    method: dialect::method(m, method),
                    predicate: kept,
                    provenance: reason.clone(),
                });
            }
            RuleKind::Check => checks.push((over.clone(), format!("CHECK ({over}){suffix}"))),
            RuleKind::Exclude => {
                if let Some(said) = dialect::exclusion(m, &over) {
                    checks.push((over.clone(), said));
                    continue;
                }
                checks.push((over.clone(), format!("EXCLUDE ({over}){suffix}")));
                indexes.push(Index {
                    name: "exclusion constraint".to_owned(),
                    fields: vec![over.clone()],
                    unique: true,
                    method: Some("gist".to_owned()),
                    predicate: None,
                    provenance: reason.clone(),
                });
            }
        }
    }
    // Every reference that no index begins with gets one of its own.
    for r in &relations {
        let covered = indexes
            .iter()
            .any(|i: &Index| i.fields.first() == r.fields.first());
        let key = fields.iter().find(|f| f.primary_key).map(|f| &f.name) == r.fields.first();
        if !covered && !key {
            indexes.push(Index {
                name: String::new(),
                fields: r.fields.clone(),
                unique: false,
                method: None,
                predicate: None,
                provenance: m.computed("an index for each reference (D24)", &["db.write_tps"]),
            });
        }
    }
    // A rule stands beside the first column that it names.
    for (over, check) in checks {
        let names = |f: &Field| {
            over.split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
                .position(|w| w == f.name)
        };
        let named = (0..fields.len())
            .filter_map(|i| Some((names(fields.get(i)?)?, i)))
            .min();
        let at = named.map_or(fields.len().saturating_sub(1), |(_, i)| i);
        if let Some(field) = fields.get_mut(at) {
            field.constraints.push(check);
        }
    }
    let owner = home
        .components
        .iter()
        .find(|c| c.stores.contains(&from.name));
    let name = m.nouns.entity(&from.name);
    let about = capital(&m.nouns.text(&from.about));
    let readings =
        m.option("primary_db") == "timeseries" && home.id == "iot" && from.partition.is_some();
    let (retention, said) = kept(m, from, home);
    let reason = reason.and(said);
    Entity {
        id: name.clone(),
        name,
        kind: EntityKind::Table,
        description: Some(about),
        owner: owner.map(|c| parts.container_of(&c.id)),
        store: Some(if readings {
            "readings".to_owned()
        } else {
            parts.database.clone()
        }),
        over: Vec::new(),
        materialized: false,
        partial: false,
        fields,
        relations,
        indexes,
        retention,
        // What no decision cuts is one table, whatever is usual for such records.
        partitioning: from
            .partition
            .clone()
            .filter(|_| readings || m.option("partitioning") != "none")
            .map(|p| m.nouns.identifier(&p)),
        provenance: reason,
    }
}

/// How long a record is kept, and where the brief says so: what it states for this record, or for
/// all, comes before what is usual.
pub(crate) fn kept(
    m: &Maker,
    from: &pack::Entity,
    home: &Capability,
) -> (Option<String>, Option<Evidence>) {
    let name = m.nouns.entity(&from.name);
    if let Some(said) = stated(m, from, home) {
        return (Some(said.period.clone()), said.place.evidence.clone());
    }
    if let Some(said) = m.brief.kept_ever(&name, &classes(from)) {
        let ever = "without an end, as the brief asks".to_owned();
        return (Some(ever), said.place.evidence.clone());
    }
    let usual = from.keep.as_ref().map(|k| m.nouns.text(k));
    // The period of the trail is a sum of its own.
    if usual
        .as_ref()
        .is_some_and(|k| k.contains("of the compliance packs"))
    {
        let months = m.design.facts.number("compliance.audit_retention_months");
        return (Some(format!("{} months", number(months))), None);
    }
    let all = m.brief.numbers.get("constraints.data_retention_months");
    // Sessions, credentials and the like end by what they are, not by a period of the brief.
    let plain = |text: &String| {
        // `24 months, longer where a law asks it`: the period stands before the comma.
        let head = text.split(',').next().unwrap_or(text);
        let bare = |t: &str| t.ends_with("months") || t.ends_with("years");
        text.starts_with(|c: char| c.is_ascii_digit())
            && (bare(text) || bare(head) && text.contains(", longer"))
    };
    // What the brief itself handles is what it means; what only carries word of it is not.
    let own = home.id == crate::domain::ID;
    let carries = matches!(home.id.as_str(), "notifications" | "exports");
    match all {
        Some(said)
            if own || home.always_if.is_none() && !carries && usual.as_ref().is_some_and(plain) =>
        {
            let period = match said.value {
                months if months % 12.0 == 0.0 && months > 12.0 => {
                    format!("{} years", number(months / 12.0))
                }
                1.0 => "1 month".to_owned(),
                months => format!("{} months", number(months)),
            };
            (Some(period), said.place.evidence.clone())
        }
        _ => (usual, None),
    }
}

/// The period that the brief states for a record, by the name that it has here or in its pack.
fn stated<'a>(m: &'a Maker, from: &pack::Entity, home: &Capability) -> Option<&'a Retention> {
    let name = m.nouns.entity(&from.name);
    let mut classes = classes(from);
    // `locations deleted after 14 days` says nothing of sessions and of the trail, which note an address.
    if home.always_if.is_some() {
        classes.retain(|c| *c != "location");
    }
    m.brief.kept(&name, &classes).or_else(|| {
        let renamed = name != from.name && home.always_if.is_none();
        m.brief.kept(&from.name, &[]).filter(|_| renamed)
    })
}

/// Periods that the brief states for records of which the design has none by that name.
pub(crate) fn unmatched<'a>(m: &'a Maker) -> Vec<&'a Retention> {
    let entities = m
        .packs
        .iter()
        .flat_map(|p| p.entities.iter().map(move |e| (p, e)));
    let used: Vec<&Retention> = entities
        .filter(|(_, e)| m.nouns.exists(&e.name))
        .filter_map(|(p, e)| stated(m, e, p))
        .collect();
    let own = own_kept(m);
    let all = m.brief.retention.iter();
    all.filter(|r| !used.iter().any(|u| std::ptr::eq(*u, *r)))
        .filter(|r| !own.iter().any(|(_, u)| std::ptr::eq(*u, *r)))
        .collect()
}

/// Records that the brief describes itself and whose period it states.
pub(crate) fn own_kept<'a>(m: &'a Maker) -> Vec<(String, &'a Retention)> {
    let own = m.brief.entities.iter();
    own.filter_map(|e| {
        let name = slug(&e.name).replace('-', "_");
        let kept = m.brief.kept(&name, &[])?;
        Some((name, kept))
    })
    .collect()
}

/// Classes of the data that an entity holds.
fn classes(from: &pack::Entity) -> Vec<&'static str> {
    let mut classes: Vec<&str> = from.fields.iter().filter_map(|f| f.pii).map(pii).collect();
    if !classes.is_empty() {
        classes.push("personal");
    }
    classes
}

/// The records of all capabilities and of the brief itself.
pub(crate) fn entities(m: &Maker, parts: &Parts, blueprint: &mut Blueprint) {
    for pack in &m.packs {
        for from in pack.entities.iter().filter(|e| m.nouns.exists(&e.name)) {
            blueprint.entities.push(entity(m, parts, from, pack));
        }
    }
    for own in &m.brief.entities {
        let name = slug(&own.name).replace('-', "_");
        let reason = Provenance::declared(own.place.evidence.clone());
        let simple = |text: &str, key: bool| {
            let (name, kind) = text.split_once(':').unwrap_or((text, "text"));
            Field {
                name: slug(name).replace('-', "_"),
                data_type: kind.trim().to_owned(),
                nullable: false,
                default: None,
                primary_key: key,
                unique: false,
                constraints: Vec::new(),
                description: own
                    .personal
                    .then(|| "personal data".to_owned())
                    .filter(|_| !key),
                provenance: reason.clone(),
            }
        };
        let classes: &[&str] = if own.personal { &["personal"] } else { &[] };
        let retention = m.brief.kept(&name, classes);
        let mut fields = vec![simple(&format!("{name}_id: uuid"), true)];
        fields.extend(own.fields.iter().map(|f| simple(f, false)));
        blueprint.entities.retain(|e| e.name != name);
        blueprint.entities.push(Entity {
            id: name.clone(),
            name,
            kind: EntityKind::Table,
            description: None,
            owner: Some(parts.main()),
            store: Some(parts.database.clone()),
            over: Vec::new(),
            materialized: false,
            partial: false,
            fields,
            relations: Vec::new(),
            indexes: Vec::new(),
            retention: retention.map(|r| r.period.clone()),
            partitioning: None,
            provenance: reason.and(retention.and_then(|r| r.place.evidence.clone())),
        });
    }
    // A reference to a record that is not there would hang in the air.
    let names: Vec<String> = blueprint.entities.iter().map(|e| e.name.clone()).collect();
    for entity in &mut blueprint.entities {
        entity.relations.retain(|r| names.contains(&r.to));
    }
}

fn audience(auth: AuthClass) -> Audience {
    match auth {
        AuthClass::Service => Audience::Internal,
        _ => Audience::Public,
    }
}

fn scheme(auth: AuthClass) -> &'static str {
    match auth {
        AuthClass::Public => "none",
        AuthClass::User => "session or bearer token",
        AuthClass::Admin => "session with operator role and second factor",
        AuthClass::Service => "client credentials",
        AuthClass::Device => "per-device certificate",
        AuthClass::Webhook => "signature over the raw body",
    }
}

fn schema_name(op: &str, kind: &str) -> String {
    let words: Vec<String> = op
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|w| !w.is_empty() && *w != "v1" && !w.ends_with("id"))
        .map(|w| capital(&w.to_lowercase()))
        .collect();
    format!("{}{kind}", words.join(""))
}

fn operation(
    m: &Maker,
    from: &pack::Endpoint,
    home: &Capability,
    schemas: &mut BTreeMap<String, Schema>,
) -> Operation {
    let reason = m.reason(home);
    let op = m.nouns.identifier(&from.op);
    let (method, path) = op.split_once(' ').unwrap_or(("GET", op.as_str()));
    let mut parameters: Vec<Parameter> = path
        .split('{')
        .skip(1)
        .filter_map(|p| p.split('}').next())
        .map(|name| Parameter {
            name: name.to_owned(),
            place: "path".to_owned(),
            data_type: Some("uuid".to_owned()),
            required: true,
            description: None,
        })
        .collect();
    if from.idempotency == Idempotency::Key {
        parameters.push(Parameter {
            name: "Idempotency-Key".to_owned(),
            place: "header".to_owned(),
            data_type: Some("varchar(64)".to_owned()),
            required: true,
            description: Some(
                "the same key with the same body gives the same answer for 48 hours".to_owned(),
            ),
        });
    }
    let body = !matches!(method, "GET" | "DELETE" | "WS");
    let mut request = None;
    if body && !from.request.is_empty() {
        let name = schema_name(&op, "Request");
        let fields = from
            .request
            .iter()
            .map(|f| {
                (
                    m.nouns.identifier(&f.name),
                    dialect::wire(&f.data_type),
                    !f.nullable,
                )
            })
            .collect();
        schemas.insert(
            name.clone(),
            Schema {
                name: name.clone(),
                fields,
                form: None,
                provenance: reason.clone(),
            },
        );
        request = Some(name);
    } else {
        parameters.extend(from.request.iter().map(|f| Parameter {
            name: m.nouns.identifier(&f.name),
            place: "query".to_owned(),
            data_type: Some(dialect::wire(&f.data_type)),
            required: !f.nullable,
            description: f.note.as_ref().map(|n| m.nouns.text(n)),
        }));
    }
    let mut schema = None;
    if !from.response.fields.is_empty() {
        let name = schema_name(&op, "Response");
        let fields = from
            .response
            .fields
            .iter()
            .map(|f| {
                (
                    m.nouns.identifier(&f.name),
                    dialect::wire(&f.data_type),
                    !f.nullable,
                )
            })
            .collect();
        schemas.insert(
            name.clone(),
            Schema {
                name: name.clone(),
                fields,
                form: None,
                provenance: reason.clone(),
            },
        );
        schema = Some(name);
    }
    let mut responses = vec![Response {
        status: from.response.status.to_string(),
        description: None,
        schema,
        origin: None,
    }];
    responses.extend(from.errors.iter().map(|e| Response {
        status: e.status.to_string(),
        description: Some(format!("{}: {}", e.code, m.nouns.text(&e.reason))),
        schema: Some("Problem".to_owned()),
        origin: None,
    }));
    Operation {
        id: op.clone(),
        method: method.to_owned(),
        path: path.to_owned(),
        summary: Some(capital(&m.nouns.text(&from.does))),
        handler: None,
        parameters,
        request,
        responses,
        security: match from.auth {
            AuthClass::Public => Vec::new(),
            auth => {
                let mut all = vec![scheme(auth).to_owned()];
                all.extend(from.scope.clone().map(|s| format!("scope {s}")));
                all
            }
        },
        security_inherited: false,
        security_all: None,
        security_optional: false,
        unread: false,
        more_outcomes: false,
        undeclared: Vec::new(),
        guards: Vec::new(),
        before: Vec::new(),
        tag: Some(home.name.clone()),
        deprecated: false,
        provenance: reason,
    }
}

/// One public interface per service, with the operations of its capabilities.
pub(crate) fn interfaces(m: &Maker, parts: &Parts, blueprint: &mut Blueprint) {
    let mut by_service: BTreeMap<String, Vec<(&Capability, &pack::Endpoint)>> = BTreeMap::new();
    for home in &m.packs {
        let first = home.components.first().map(|c| c.id.as_str());
        let service = match first.map(|id| parts.container_of(id)) {
            Some(id) if parts.services.contains(&id) => id,
            _ => parts.main(),
        };
        let there = |e: &&pack::Endpoint| {
            let entity = home.entities.iter().find(|h| h.name == e.entity);
            entity.is_none_or(|entity| m.nouns.exists(&entity.name))
        };
        for endpoint in home.endpoints.iter().filter(there) {
            by_service
                .entry(service.clone())
                .or_default()
                .push((*home, endpoint));
        }
    }
    for (service, all) in by_service {
        let mut schemas = BTreeMap::new();
        let problem = [("code", "text"), ("message", "text"), ("trace_id", "text")];
        schemas.insert(
            "Problem".to_owned(),
            Schema {
                name: "Problem".to_owned(),
                fields: problem
                    .iter()
                    .map(|(n, t)| ((*n).to_owned(), (*t).to_owned(), true))
                    .collect(),
                form: None,
                provenance: m.computed("RFC 9457, one form for all failures", &[]),
            },
        );
        let mut operations: Vec<Operation> = Vec::new();
        let mut kinds: Vec<AuthClass> = Vec::new();
        for (home, endpoint) in &all {
            let made = operation(m, endpoint, home, &mut schemas);
            if !operations.iter().any(|o| o.id == made.id) {
                operations.push(made);
                kinds.push(endpoint.auth);
            }
        }
        kinds.sort();
        kinds.dedup();
        let public = kinds.iter().any(|k| audience(*k) == Audience::Public);
        let name = if parts.services.len() == 1 {
            format!("{} API", m.name)
        } else {
            format!("{service} API")
        };
        blueprint.interfaces.push(Interface {
            id: format!("{service}.api"),
            name,
            element: Some(service),
            kind: InterfaceKind::Http,
            audience: if public {
                Audience::Public
            } else {
                Audience::Internal
            },
            partial: false,
            unserved: false,
            version: Some("v1".to_owned()),
            base_path: Some("/v1".to_owned()),
            description: Some(m.design.outcome.name("api_style").to_owned()),
            security_default: None,
            security_schemes: kinds
                .iter()
                .filter(|k| **k != AuthClass::Public)
                .map(|k| (scheme(*k).to_owned(), format!("{k:?}").to_lowercase()))
                .collect(),
            operations,
            schemas: schemas.into_values().collect(),
            provenance: m.decided("api_style"),
        });
    }
}
