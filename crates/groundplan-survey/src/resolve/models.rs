//! Classes of an object mapper joined with their bases: which are tables, and with which fields.

use crate::facts::{AUTO_FIELD, Claim, Maker, Mapper, ModelClass, field_class, maker_name};
use crate::resolve::handlers::nearest;
use crate::resolve::model_ends::{self, Made};
use crate::resolve::names::is_aside;
use crate::resolve::world::World;
use crate::scan;
use groundplan_model::{
    Cardinality, Entity, EntityRelation, Evidence, Field, NULLABILITY_UNREAD, Provenance,
};
use std::collections::{BTreeMap, BTreeSet};

/// Bases above a class at most.
const HIGHEST: usize = 24;

pub(super) type Classes<'f> = BTreeMap<&'f str, Vec<(&'f ModelClass, &'f Evidence)>>;

/// The tables that classes stand for, each with the path of its file. The fields of bases that
/// only lend theirs come first; a base with a table of its own is referred to.
pub(crate) fn tables<'f>(world: &World<'f>) -> Vec<(&'f str, Entity)> {
    let classes = classes(world, |mapper| {
        !matches!(mapper, Mapper::Jpa | Mapper::EfCore)
    });
    let mut all = Vec::new();
    let twice = of_one_name(&classes);
    let mut heirs: BTreeMap<&str, Vec<Entity>> = BTreeMap::new();
    for (class, at) in classes.values().flatten() {
        if let Some(root) = shared(class, at, &classes) {
            let of_it = heirs.entry(&root.entity.id).or_default();
            of_it.push(table(class, at, &classes));
            continue;
        }
        if class.lends || !is_model(class, at, &classes) {
            continue;
        }
        let mut made = table(class, at, &classes);
        if class.mapper == Mapper::Django {
            for index in &mut made.indexes {
                index.name = index
                    .name
                    .replace("%(app_label)s", app_of(&at.path))
                    .replace("%(class)s", &class.name.to_lowercase());
            }
            named_by_app(&mut made, class, at, &twice);
        }
        let ones = line(class, at, &classes).0.into_iter();
        let ones = ones
            .enumerate()
            .filter(|(above, (c, _))| *above == 0 || c.lends);
        let ones = ones.flat_map(|(_, (c, _))| &c.ones).collect();
        all.push(Made {
            path: &at.path,
            class: &class.name,
            entity: made,
            ones,
        });
    }
    for made in &mut all {
        for heir in heirs.get(made.entity.id.as_str()).into_iter().flatten() {
            share(&mut made.entity, heir);
        }
    }
    all.sort_by(|a, b| (a.path, &a.entity.id).cmp(&(b.path, &b.entity.id)));
    model_ends::join(&mut all);
    all.into_iter().map(|m| (m.path, m.entity)).collect()
}

/// The class in whose table another of SQLAlchemy keeps its rows: the one that it stands on, where it has
/// no key of its own
/// (<https://docs.sqlalchemy.org/en/20/orm/inheritance.html#single-table-inheritance>).
fn shared<'f>(
    class: &'f ModelClass,
    at: &'f Evidence,
    classes: &Classes<'f>,
) -> Option<&'f ModelClass> {
    if class.mapper != Mapper::SqlAlchemy || class.lends {
        return None;
    }
    let keyed = |class: &ModelClass| class.entity.fields.iter().any(|f| f.primary_key);
    let (above, _) = line(class, at, classes);
    for (step, (base, _)) in above.iter().enumerate() {
        if step > 0 && !base.lends && base.stored && keyed(base) {
            return Some(base);
        }
        if keyed(base) {
            return None;
        }
    }
    None
}

/// Adds the columns of a class to the table that it shares, where they may be empty.
fn share(table: &mut Entity, heir: &Entity) {
    for field in &heir.fields {
        if table.fields.iter().any(|f| f.name == field.name) {
            continue;
        }
        let mut field = field.clone();
        field.nullable = true;
        table.fields.push(field);
    }
    for relation in &heir.relations {
        if !table.relations.iter().any(|r| r.fields == relation.fields) {
            table.relations.push(relation.clone());
        }
    }
}

pub(super) fn classes<'f>(world: &World<'f>, wanted: impl Fn(Mapper) -> bool) -> Classes<'f> {
    let mut classes: Classes<'f> = BTreeMap::new();
    for (file, fact) in world.facts() {
        if let Claim::Model(class) = &fact.claim
            && wanted(class.mapper)
            && !is_aside(&file.path)
        {
            classes
                .entry(&class.name)
                .or_default()
                .push((class, &fact.at));
        }
    }
    classes
}

/// A class and everything above it in the repository, nearest first.
fn line<'f>(
    class: &'f ModelClass,
    at: &'f Evidence,
    classes: &Classes<'f>,
) -> (Vec<(&'f ModelClass, &'f Evidence)>, bool) {
    let mut found = vec![(class, at)];
    let mut next = 0;
    let mut stored = class.stored;
    while let Some((class, at)) = found.get(next).copied() {
        next += 1;
        for base in &class.bases {
            let known = classes.get(base.as_str());
            match known.and_then(|all| nearest(all, &at.path)) {
                Some(seen) => {
                    // A base without a table of its own that names those of its heirs.
                    stored |= seen.0.stored && seen.0.lends;
                    if found.len() < HIGHEST && !found.iter().any(|f| f.1 == seen.1) {
                        found.push(seen);
                    }
                }
                // What Django and the usual packages call a model, or what any package does, where the
                // class has columns of Django itself.
                None => {
                    let columns = class.mapper == Mapper::Django
                        && !(class.entity.fields.is_empty() && class.entity.relations.is_empty());
                    let called = base.ends_with("Model") && base != "BaseModel"
                        || base.ends_with("ItemBase")
                        || base == "TagBase"
                        || base.starts_with("Abstract");
                    stored |= MODELS.contains(&base.as_str()) || columns && called;
                }
            }
        }
    }
    (found, stored)
}

/// Models of Django and of its usual packages: django-treebeard, django-mptt, django-model-utils,
/// django-extensions, django-polymorphic, django-parler, django-safedelete, wagtail.
const MODELS: [&str; 20] = [
    "AL_Node",
    "AbstractBaseUser",
    "AbstractUser",
    "ActivatorModel",
    "ClusterableModel",
    "MPTTModel",
    "MP_Node",
    "Model",
    "NS_Node",
    "PolymorphicModel",
    "SafeDeleteModel",
    "SoftDeletableModel",
    "StatusModel",
    "TimeFramedModel",
    "TimeStampedModel",
    "TimeStampedUUIDModel",
    "TitleDescriptionModel",
    "TitleSlugDescriptionModel",
    "TranslatableModel",
    "UUIDModel",
];

/// Columns that models of Django itself and of its usual packages bring, with their types, by the name
/// of the class: django-mptt, django-treebeard, django-model-utils, django-extensions,
/// django-safedelete, django-taggit. What both of two packages call alike has the same columns.
const LENT: &[(&str, &[(&str, &str)])] = &[
    ("AbstractBaseUser", PASSWORD),
    ("AbstractUser", PASSWORD),
    (
        "AbstractUser",
        &[
            ("is_superuser", "BooleanField"),
            ("username", "CharField"),
            ("first_name", "CharField"),
            ("last_name", "CharField"),
            ("email", "EmailField"),
            ("is_staff", "BooleanField"),
            ("is_active", "BooleanField"),
            ("date_joined", "DateTimeField"),
        ],
    ),
    ("PermissionsMixin", &[("is_superuser", "BooleanField")]),
    ("TagBase", &[("name", "CharField"), ("slug", "SlugField")]),
    (
        "GenericTaggedItemBase",
        &[
            ("content_type", "ForeignKey"),
            ("object_id", "IntegerField"),
        ],
    ),
    ("TaggedItemBase", &[("tag", "ForeignKey")]),
    (
        "MPTTModel",
        &[
            ("lft", "PositiveIntegerField"),
            ("rght", "PositiveIntegerField"),
            ("tree_id", "PositiveIntegerField"),
            ("level", "PositiveIntegerField"),
        ],
    ),
    (
        "MP_Node",
        &[
            ("path", "CharField"),
            ("depth", "PositiveIntegerField"),
            ("numchild", "PositiveIntegerField"),
        ],
    ),
    (
        "NS_Node",
        &[
            ("lft", "PositiveIntegerField"),
            ("rgt", "PositiveIntegerField"),
            ("tree_id", "PositiveIntegerField"),
            ("depth", "PositiveIntegerField"),
        ],
    ),
    (
        "TimeStampedModel",
        &[("created", "DateTimeField"), ("modified", "DateTimeField")],
    ),
    (
        "TimeFramedModel",
        &[("start", "DateTimeField"), ("end", "DateTimeField")],
    ),
    (
        "StatusModel",
        &[("status", "CharField"), ("status_changed", "DateTimeField")],
    ),
    ("SoftDeletableModel", &[("is_removed", "BooleanField")]),
    (
        "SafeDeleteModel",
        &[
            ("deleted", "DateTimeField"),
            ("deleted_by_cascade", "BooleanField"),
        ],
    ),
    (
        "TitleDescriptionModel",
        &[("title", "CharField"), ("description", "TextField")],
    ),
    (
        "TitleSlugDescriptionModel",
        &[
            ("title", "CharField"),
            ("slug", "SlugField"),
            ("description", "TextField"),
        ],
    ),
];

const PASSWORD: &[(&str, &str)] = &[("password", "CharField"), ("last_login", "DateTimeField")];

/// The columns that a class which is not in the repository is known to bring.
fn lent(base: &str) -> impl Iterator<Item = &'static (&'static str, &'static str)> + '_ {
    let of_it = LENT.iter().filter(move |(name, _)| *name == base);
    of_it.flat_map(|(_, columns)| columns.iter())
}

/// Whether a field of this class is a column: not where the class and all that it stands on are the
/// repository's own, since a column stands on a class of Django.
fn is_column(kind: &str, path: &str, classes: &Classes<'_>) -> bool {
    let find = |name: &str| nearest(classes.get(name)?, path);
    let Some((class, at)) = find(&field_class(kind)) else {
        return true;
    };
    let (above, _) = line(class, at, classes);
    let own =
        |name: &str| matches!(name, "field:object" | "field:ABC") || classes.contains_key(name);
    above.iter().any(|(class, _)| {
        class
            .bases
            .iter()
            .any(|base| !own(base) || base == &class.name)
    })
}

/// Whether a base that is not in the repository is known to bring no column.
fn is_bare(mapper: Mapper, base: &str) -> bool {
    let plain = matches!(base, "object" | "ABC" | "Generic" | "Protocol");
    plain
        || match mapper {
            Mapper::Django => matches!(base, "Model" | "PolymorphicModel" | "ClusterableModel"),
            // `Base` is what a maker of SQLAlchemy gives, no class of the program.
            _ => matches!(
                base,
                "Base"
                    | "Model"
                    | "SQLModel"
                    | "DeclarativeBase"
                    | "DeclarativeBaseNoMeta"
                    | "DeclarativeMeta"
                    | "MappedAsDataclass"
                    | "AsyncAttrs"
                    | "UserMixin"
            ),
        }
}

fn is_model<'f>(class: &'f ModelClass, at: &'f Evidence, classes: &Classes<'f>) -> bool {
    line(class, at, classes).1
}

fn table<'f>(class: &'f ModelClass, at: &'f Evidence, classes: &Classes<'f>) -> Entity {
    let mut entity = settled(class, at, classes);
    let (above, _) = line(class, at, classes);
    let mut fields: Vec<Field> = Vec::new();
    let mut parent: Option<(&ModelClass, &Evidence)> = None;
    // The options of the nearest class that has some of its own hold, unless they extend others.
    let mut options = !class.apart;
    // What a table inherits stays in that table.
    let mut inherited: Vec<&Evidence> = Vec::new();
    for (base, place) in above.iter().skip(1) {
        if inherited.contains(place) {
            continue;
        }
        let joined = class.mapper == Mapper::SqlAlchemy;
        if !base.lends && is_model(base, place, classes) {
            if joined {
                continue;
            }
            inherited.extend(line(base, place, classes).0.iter().map(|(_, at)| *at));
            parent = parent.or(Some((base, place)));
            continue;
        }
        let lent = settled(base, place, classes);
        let new: Vec<Field> = lent
            .fields
            .iter()
            .filter(|f| {
                !entity
                    .fields
                    .iter()
                    .chain(&fields)
                    .any(|k| k.name == f.name)
            })
            .cloned()
            .collect();
        fields.extend(new);
        for relation in &base.entity.relations {
            if !entity.relations.iter().any(|r| r.fields == relation.fields) {
                let mut relation = relation.clone();
                if relation.to == base.entity.id {
                    // `self` of a base is the class that takes it in.
                    relation.to.clone_from(&entity.id);
                }
                entity.relations.push(relation);
            }
        }
        for index in &base.entity.indexes {
            let of_field = || {
                let mut all = base.entity.fields.iter();
                all.any(|f| f.provenance == index.provenance)
            };
            if !entity.indexes.contains(index) && (options || of_field()) {
                entity.indexes.push(index.clone());
            }
        }
        options &= !base.apart;
    }
    entity.partial = above
        .iter()
        .flat_map(|(c, at)| c.bases.iter().map(move |base| (base, at)))
        .any(|(base, at)| {
            let known = classes.get(base.as_str());
            known.and_then(|all| nearest(all, &at.path)).is_none()
                && !is_bare(class.mapper, base)
                // A mixin of a package of others brings methods; what brings columns is called a model.
                && !(class.mapper == Mapper::Django
                    && (lent(base).next().is_some() || base.ends_with("Mixin")))
        });
    fields.retain(|f| !class.without.contains(&f.name));
    let own = std::mem::take(&mut entity.fields);
    entity.fields = fields;
    entity.fields.extend(own);
    if class.mapper == Mapper::Django {
        let unknown = above
            .iter()
            .filter(|(_, at)| !inherited.contains(at))
            .flat_map(|(c, at)| c.bases.iter().map(move |base| (base, *at)))
            .filter(|(base, _)| !classes.contains_key(base.as_str()));
        for (base, at) in unknown {
            for (name, kind) in lent(base) {
                if !entity.fields.iter().any(|f| f.name == *name) {
                    entity.fields.push(brought(base, name, kind, at));
                }
            }
        }
    }
    if let Some((parent, _)) = parent {
        let name = format!("{}_ptr", parent.name.to_lowercase());
        entity.relations.push(EntityRelation {
            fields: vec![name.clone()],
            to: parent.entity.id.clone(),
            to_fields: Vec::new(),
            cardinality: Cardinality::OneToOne,
            on_delete: Some("CASCADE".to_owned()),
            through: None,
            provenance: Provenance::observed([at.clone()]),
        });
        entity.fields.insert(0, key(name, "OneToOneField", at));
    } else if class.mapper == Mapper::Django && !entity.fields.iter().any(|f| f.primary_key) {
        // The settings may choose another type of key for all models.
        let chosen = classes
            .get(AUTO_FIELD)
            .and_then(|all| nearest(all, &at.path))
            .and_then(|(class, _)| class.entity.fields.first());
        let kind = chosen.map_or("AutoField", |field| &field.data_type);
        entity.fields.insert(0, key("id".to_owned(), kind, at));
    }
    entity
}

/// What a class declares, with what the ways in which its columns are made say of them.
fn settled<'f>(class: &'f ModelClass, at: &'f Evidence, classes: &Classes<'f>) -> Entity {
    let mut entity = class.entity.clone();
    if class.mapper == Mapper::Django {
        for maker in class.makers.iter().filter(|m| !m.sure) {
            if !is_column(&maker.by, &at.path, classes) {
                entity.fields.retain(|f| f.name != maker.field);
            }
        }
        return entity;
    }
    for maker in &class.makers {
        let way = way(maker, at, classes);
        if way.is_none() && !maker.sure {
            entity.fields.retain(|f| f.name != maker.field);
            continue;
        }
        let Some(field) = entity.fields.iter_mut().find(|f| f.name == maker.field) else {
            continue;
        };
        if let Some(way) = &way {
            field.primary_key |= way.primary_key;
            field.unique |= way.unique;
            if field.data_type.is_empty() {
                field.data_type.clone_from(&way.data_type);
            }
        }
        match maker.nullable.or(way.as_ref().and_then(|w| w.nullable)) {
            _ if field.primary_key => field.nullable = false,
            Some(nullable) => field.nullable = nullable,
            // SQLAlchemy's own rule holds only if all that stands between was read.
            None if way.is_some() => {}
            None => field.constraints.push(NULLABILITY_UNREAD.to_owned()),
        }
    }
    entity
}

/// What a way of making columns says, with what those say that it stands on.
struct Way {
    primary_key: bool,
    unique: bool,
    nullable: Option<bool>,
    data_type: String,
}

fn way<'f>(maker: &'f Maker, at: &'f Evidence, classes: &Classes<'f>) -> Option<Way> {
    let (mut by, mut from) = (&maker.by, at);
    let mut found: Option<Way> = None;
    for _ in 0..4 {
        let known = classes.get(maker_name(by).as_str());
        let (class, place) = known.and_then(|all| nearest(all, &from.path))?;
        let (field, next) = (class.entity.fields.first()?, class.makers.first()?);
        let way = found.get_or_insert(Way {
            primary_key: false,
            unique: false,
            nullable: None,
            data_type: String::new(),
        });
        way.primary_key |= field.primary_key;
        way.unique |= field.unique;
        way.nullable = way.nullable.or(next.nullable);
        if way.data_type.is_empty() {
            way.data_type.clone_from(&field.data_type);
        }
        if next.by.is_empty() || next.by == *by && place == from {
            break;
        }
        (by, from) = (&next.by, place);
    }
    found
}

/// The tables of Django that several applications have, by their ids
/// (<https://docs.djangoproject.com/en/stable/ref/models/options/#db-table>).
fn of_one_name<'f>(classes: &Classes<'f>) -> Classes<'f> {
    let mut all: Classes<'f> = BTreeMap::new();
    for (class, at) in classes.values().filter(|all| all.len() > 1).flatten() {
        let stored = class.mapper == Mapper::Django && !class.lends && is_model(class, at, classes);
        if stored {
            all.entry(&class.entity.id).or_default().push((class, at));
        }
    }
    all.retain(|_, of_it| {
        let apps: BTreeSet<&str> = of_it.iter().map(|(_, at)| app_of(&at.path)).collect();
        apps.len() > 1
    });
    all
}

/// Puts the application before the name of a table that several have, and before those of such tables
/// that it refers to: Django itself calls them `gym.Config` and `core.Config`.
fn named_by_app(table: &mut Entity, class: &ModelClass, at: &Evidence, twice: &Classes<'_>) {
    let of = |path: &str, id: &str| format!("{}.{id}", scan::snake(app_of(path)));
    for relation in &mut table.relations {
        for to in std::iter::once(&mut relation.to).chain(&mut relation.through) {
            let all = twice.get(to.as_str());
            if let Some((_, place)) = all.and_then(|all| nearest(all, &at.path)) {
                *to = of(&place.path, to);
            }
        }
    }
    if twice.contains_key(table.id.as_str()) {
        if table.name == class.name {
            table.name = format!("{}.{}", app_of(&at.path), class.name);
        }
        table.id = of(&at.path, &table.id);
    }
}

/// The application of Django that a file of models belongs to: the folder around `models`.
fn app_of(path: &str) -> &str {
    let parts: Vec<&str> = path.split('/').collect();
    let models = parts
        .iter()
        .position(|part| *part == "models" || part.starts_with("models."))
        .unwrap_or(parts.len().saturating_sub(1));
    let app = models.checked_sub(1).and_then(|at| parts.get(at));
    app.copied().unwrap_or_default()
}

/// A column that a class of a package brings.
fn brought(base: &str, name: &str, kind: &str, at: &Evidence) -> Field {
    // What is the only one of its kind, with the longest that it may be.
    let only: Option<&[&str]> = match (base, name) {
        ("MP_Node", "path") => Some(&["max_length = 255"]),
        ("AbstractUser", "username") => Some(&["max_length = 150"]),
        ("TagBase", "name" | "slug") => Some(&["max_length = 100"]),
        _ => None,
    };
    let constraints = only.unwrap_or_default().iter();
    Field {
        unique: only.is_some(),
        constraints: constraints.map(|text| (*text).to_owned()).collect(),
        nullable: matches!(
            name,
            "last_login" | "deleted" | "start" | "end" | "description"
        ),
        primary_key: false,
        description: Some(format!("Added by `{base}`")),
        ..key(name.to_owned(), kind, at)
    }
}

/// The key that Django adds where a model names none.
fn key(name: String, kind: &str, at: &Evidence) -> Field {
    Field {
        name,
        data_type: kind.to_owned(),
        nullable: false,
        default: None,
        primary_key: true,
        unique: false,
        constraints: Vec::new(),
        description: Some("Added by Django, since the model names no key".to_owned()),
        provenance: Provenance::observed([at.clone()]),
    }
}

#[cfg(test)]
mod tests {
    use super::tables;
    use crate::resolve::world::World;

    #[test]
    fn columns_are_made_by_ways_of_the_repository() {
        let base = "
import functools
from flask_sqlalchemy import SQLAlchemy
db = SQLAlchemy()
Column = functools.partial(db.Column, nullable=False)
def primary_key(name):
    kind, more = KEYS[name]
    return Column(kind, primary_key=True, **more)
";
        let own = "
from shop.base import db, Column, primary_key
from elsewhere import Column as Other, helper
class Order(db.Model):
    id = primary_key('Order')
    who = Column(key_type('User'), db.ForeignKey('users.id'))
    note = Column(db.Text, nullable=True)
    made = Column(db.DateTime, default=db.func.now())
    slug = Column(db.String(9), default=make_slug)
    thing = helper('x')
";
        let files = [("shop/base.py", base), ("shop/models.py", own)]
            .map(|(path, text)| crate::extract_file(path, text));
        let world = World::new(&files, groundplan_knowledge::knowledge());
        let mut all = tables(&world);
        let entity = all.pop().map(|(_, e)| e);
        let lines: Vec<String> = entity
            .iter()
            .flat_map(|e| &e.fields)
            .map(|f| {
                let (key, null) = (f.primary_key, f.nullable);
                let more = f.constraints.join(", ");
                format!(
                    "{} {} {key} {null} {:?} {more}",
                    f.name, f.data_type, f.default
                )
            })
            .collect();
        let wanted = [
            "id  true false None ",
            "who as users.id false false None ",
            "note Text false true None ",
            "made DateTime false false None default in the program: db.func.now()",
            "slug String(9) false false None default in the program: make_slug",
        ];
        assert_eq!(lines, wanted);
    }

    #[test]
    fn heirs_without_a_key_share_the_table_of_their_base() {
        let base = "
from flask_sqlalchemy import SQLAlchemy
db = SQLAlchemy()
class Comments(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    text = db.Column(db.Text, nullable=False)
class PageComments(Comments):
    __mapper_args__ = {'polymorphic_identity': 'page'}
    page_id = db.Column(db.Integer, db.ForeignKey('pages.id'), nullable=False)
class Solves(Comments):
    __tablename__ = 'solves'
    id = db.Column(None, db.ForeignKey('comments.id'), primary_key=True)
    points = db.Column(db.Integer)
class Admins(Comments):
    __tablename__ = 'admins'
    __mapper_args__ = {'polymorphic_identity': 'admin'}
";
        let files = [("shop/models.py", base)].map(|(path, text)| crate::extract_file(path, text));
        let world = World::new(&files, groundplan_knowledge::knowledge());
        let lines: Vec<String> = tables(&world)
            .into_iter()
            .map(|(_, e)| {
                let fields = e.fields.iter();
                let fields: Vec<_> = fields
                    .map(|f| format!("{} {}", f.name, f.nullable))
                    .collect();
                let to: Vec<&str> = e.relations.iter().map(|r| r.to.as_str()).collect();
                format!("{} ({}) -> {}", e.name, fields.join(", "), to.join(", "))
            })
            .collect();
        let wanted = [
            "comments (id false, text false, page_id true) -> pages",
            "solves (id false, points true) -> comments",
        ];
        assert_eq!(lines, wanted);
    }

    #[test]
    fn classes_of_packages_bring_their_columns() {
        let own = "
from django.contrib.auth.models import AbstractUser
from django.db import models
from model_utils.models import TimeStampedModel
class Member(AbstractUser):
    email = models.CharField(max_length=9)
class Branch(TimeStampedModel, MPTTModel):
    name = models.CharField(max_length=9)
";
        let files = [("shop/models.py", own)].map(|(path, text)| crate::extract_file(path, text));
        let world = World::new(&files, groundplan_knowledge::knowledge());
        let lines: Vec<String> = tables(&world)
            .into_iter()
            .map(|(_, e)| {
                let fields: Vec<&str> = e.fields.iter().map(|f| f.name.as_str()).collect();
                format!("{} {} {}", e.id, e.partial, fields.join(" "))
            })
            .collect();
        let wanted = [
            "branch false id name created modified lft rght tree_id level",
            "member false id email password last_login is_superuser username first_name last_name \
             is_staff is_active date_joined",
        ];
        assert_eq!(lines, wanted);
    }

    #[test]
    fn a_field_that_stands_on_no_class_of_django_is_no_column() {
        let fields = "
from django.db.models import CharField, Field
class UnstoredFieldBase:
    concrete = False
class PriceField(UnstoredFieldBase):
    pass
class CodeField(CharField):
    pass
class TextField(TextField):
    pass
";
        let own = "
from django.db import models
from core.fields import CodeField, PriceField
class Line(models.Model):
    code = CodeField(primary_key=True)
    amount = models.DecimalField()
    price = PriceField(amount_field='amount')
    text = TextField()
";
        let files = [("core/fields.py", fields), ("shop/models.py", own)]
            .map(|(path, text)| crate::extract_file(path, text));
        let world = World::new(&files, groundplan_knowledge::knowledge());
        let mut all = tables(&world);
        let entity = all.pop().map(|(_, e)| e);
        let names = entity.iter().flat_map(|e| &e.fields);
        let names: Vec<&str> = names.map(|f| f.name.as_str()).collect();
        assert_eq!(names, ["code", "amount", "text"]);
    }

    #[test]
    fn fields_of_django_are_columns_whatever_other_classes_are_called() {
        let other = "
class ExportField:
    pass
class BooleanField(ExportField):
    pass
class DateField(ExportField):
    pass
";
        let own = "
from django.db import models
from django.db.models import DateField
from elsewhere import Kept
class Page(Kept, models.Model):
    locked = models.BooleanField(default=False)
    made = DateField(null=True)
    owner = models.ForeignKey('shop.Owner', models.PROTECT)
    labels = models.ManyToManyField('Label', through='shop.PageLabel')
class Owner(models.Model):
    name = models.TextField()
class Label(models.Model):
    name = models.TextField()
";
        let files = [("shop/export.py", other), ("shop/models.py", own)]
            .map(|(path, text)| crate::extract_file(path, text));
        let world = World::new(&files, groundplan_knowledge::knowledge());
        let all = tables(&world);
        let page = all.iter().find(|(_, e)| e.id == "page").map(|(_, e)| e);
        let fields = page.iter().flat_map(|e| &e.fields);
        let fields: Vec<String> = fields
            .map(|f| format!("{} {}", f.name, f.constraints.join(", ")))
            .collect();
        let wanted = [
            "id ",
            "locked default in the program: False",
            "made ",
            "owner ",
        ];
        assert_eq!(fields, wanted);
        let relations = page.iter().flat_map(|e| &e.relations);
        let relations: Vec<String> = relations
            .map(|r| format!("{} {:?} {:?}", r.to, r.on_delete, r.through))
            .collect();
        let wanted = [
            "owner Some(\"PROTECT\") None",
            "label None Some(\"page_label\")",
        ];
        assert_eq!(relations, wanted);
        let partial: Vec<bool> = all.iter().map(|(_, e)| e.partial).collect();
        assert_eq!(partial, [false, false, true]);
    }

    #[test]
    fn fields_come_from_bases_in_other_files() {
        let base = "
from django.db import models
class Stamped(models.Model):
    created = models.DateTimeField()
    class Meta:
        abstract = True
class NamedMixin(models.Model):
    name = models.CharField(max_length=10)
    class Meta:
        abstract = True
";
        let own = "
from django.db import models
from core.base import NamedMixin, Stamped
class Site(NamedMixin, Stamped):
    code = models.SlugField(primary_key=True)
class Yard(Site):
    size = models.IntegerField()
class Shown(Site):
    class Meta:
        proxy = True
class Tree(MP_Node):
    class Meta:
        abstract = True
class Herb(Tree):
    label = models.CharField(max_length=10)
class SiteFilter(FilterSet):
    q = CharField()
";
        let files = [("core/base.py", base), ("sites/models.py", own)]
            .map(|(path, text)| crate::extract_file(path, text));
        let world = World::new(&files, groundplan_knowledge::knowledge());
        let lines: Vec<String> = tables(&world)
            .into_iter()
            .map(|(path, e)| {
                let fields: Vec<&str> = e.fields.iter().map(|f| f.name.as_str()).collect();
                let to: Vec<&str> = e.relations.iter().map(|r| r.to.as_str()).collect();
                format!(
                    "{path} {} ({}) -> {}",
                    e.id,
                    fields.join(", "),
                    to.join(", ")
                )
            })
            .collect();
        let wanted = [
            "sites/models.py herb (id, label, path, depth, numchild) -> ",
            "sites/models.py site (name, created, code) -> ",
            "sites/models.py yard (site_ptr, size) -> site",
        ];
        assert_eq!(lines, wanted);
    }
}
