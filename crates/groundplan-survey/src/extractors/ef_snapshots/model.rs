//! What a snapshot says of its entity types, before they are tables.

use crate::fluent::{self, Chain, Link};
use crate::secrets;
use groundplan_syntax::Code;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// Owned types in owned types at most.
const DEEPEST: u8 = 8;

/// Entity types of a snapshot at most.
const MOST: usize = 5_000;

/// A property of an entity type.
#[derive(Debug, Default)]
pub(super) struct Property {
    pub(super) name: String,
    /// Its type in C#.
    pub(super) kind: String,
    pub(super) column: Option<String>,
    pub(super) column_type: Option<String>,
    pub(super) required: bool,
    pub(super) length: Option<String>,
    pub(super) default: Option<String>,
    pub(super) comment: Option<String>,
    pub(super) lines: (u32, u32),
}

/// A key or index over properties.
#[derive(Debug, Default)]
pub(super) struct Key {
    pub(super) name: String,
    pub(super) properties: Vec<String>,
    pub(super) unique: bool,
    pub(super) filter: Option<String>,
    pub(super) lines: (u32, u32),
}

/// A reference to another entity type.
#[derive(Debug, Default)]
pub(super) struct Reference {
    pub(super) to: String,
    pub(super) properties: Vec<String>,
    pub(super) to_properties: Vec<String>,
    pub(super) one_to_one: bool,
    pub(super) on_delete: Option<&'static str>,
    pub(super) lines: (u32, u32),
}

/// Where the rows of an entity type are kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Stored {
    /// Where its base or owner keeps them, or in a table of its own name.
    #[default]
    Unsaid,
    Table(String, Option<String>),
    View(String),
    /// In one column of its owner.
    Json(String),
    Nowhere,
}

/// An entity type.
#[derive(Debug, Default)]
pub(super) struct EntityType {
    pub(super) stored: Stored,
    pub(super) base: Option<String>,
    /// The owner and the navigation from there.
    pub(super) owner: Option<(String, String)>,
    pub(super) properties: Vec<Property>,
    pub(super) key: Vec<String>,
    pub(super) keys: Vec<Key>,
    pub(super) references: Vec<Reference>,
    /// Navigations to owned types that are always there.
    pub(super) required: BTreeSet<String>,
    pub(super) comment: Option<String>,
    pub(super) lines: (u32, u32),
}

/// All entity types by their full names, in order.
pub(super) struct Model<'f, 't> {
    code: &'f Code<'t>,
    pub(super) names: Vec<String>,
    pub(super) types: BTreeMap<String, EntityType>,
}

impl<'f, 't> Model<'f, 't> {
    pub(super) fn read(code: &'f Code<'t>) -> Self {
        let mut model = Model {
            code,
            names: Vec::new(),
            types: BTreeMap::new(),
        };
        let mut at = 0;
        while at < code.tokens.len() {
            let chain = code
                .is(at, "modelBuilder")
                .then(|| fluent::chain_at(code, at));
            let Some(chain) = chain.flatten() else {
                at += 1;
                continue;
            };
            if let Some(link) = chain.link("Entity") {
                let lines = (code.line(at), code.line(chain.end - 1));
                model.entity(link, lines);
            }
            at = chain.end;
        }
        model
    }

    fn entity(&mut self, link: &Link<'t>, lines: (u32, u32)) {
        let arguments = self.code.arguments(link.open);
        let name = arguments.first().and_then(|r| fluent::text(self.code, r));
        let body = arguments.last().and_then(|r| fluent::closure(self.code, r));
        if let (Some(name), Some((variable, body))) = (name, body) {
            self.of(&name, lines);
            self.body(&name, variable, body, 0);
        }
    }

    fn of(&mut self, name: &str, lines: (u32, u32)) -> &mut EntityType {
        if !self.types.contains_key(name) {
            self.names.push(name.to_owned());
        }
        let found = self.types.entry(name.to_owned()).or_default();
        if found.lines == (0, 0) {
            found.lines = lines;
        }
        found
    }

    fn body(&mut self, name: &str, variable: &str, body: Range<usize>, depth: u8) {
        let mut at = body.start;
        while at < body.end && self.names.len() < MOST {
            let is_start = self.code.is(at, variable);
            let chain = is_start.then(|| fluent::chain_at(self.code, at)).flatten();
            let Some(chain) = chain else {
                at += 1;
                continue;
            };
            let lines = (self.code.line(at), self.code.line(chain.end - 1));
            self.statement(name, &chain, lines, depth);
            at = chain.end;
        }
    }

    fn text(&self, link: &Link<'t>, index: usize) -> Option<String> {
        let range = self.code.arguments(link.open).into_iter().nth(index)?;
        fluent::text(self.code, &range)
    }

    fn statement(&mut self, name: &str, chain: &Chain<'t>, lines: (u32, u32), depth: u8) {
        let Some(first) = chain.links.first() else {
            return;
        };
        let code = self.code;
        match first.name {
            // A list of plain values is kept in one column.
            "Property" | "PrimitiveCollection" => {
                let property = self.property(first, chain, lines);
                if let Some(property) = property {
                    self.of(name, lines).properties.push(property);
                }
            }
            "HasKey" => self.of(name, lines).key = fluent::texts(code, first.open),
            "HasAlternateKey" | "HasIndex" => {
                let key = self.key(first, chain, lines);
                self.of(name, lines).keys.push(key);
            }
            "ToTable" => {
                let schema = self.text(first, 1);
                let stored = match self.text(first, 0) {
                    Some(table) => Stored::Table(table, schema),
                    None => Stored::Nowhere,
                };
                let known = self.of(name, lines);
                if !matches!(known.stored, Stored::View(_)) {
                    known.stored = stored;
                }
            }
            "ToView" => {
                if let Some(view) = self.text(first, 0) {
                    self.of(name, lines).stored = Stored::View(view);
                }
            }
            "ToFunction" | "ToSqlQuery" => self.of(name, lines).stored = Stored::Nowhere,
            "ToJson" => {
                let column = self.text(first, 0).unwrap_or_default();
                self.of(name, lines).stored = Stored::Json(column);
            }
            "HasBaseType" => self.of(name, lines).base = self.text(first, 0),
            "HasComment" => self.of(name, lines).comment = self.text(first, 0),
            "Navigation" => {
                let required = chain.link("IsRequired").is_some();
                if let Some(navigation) = self.text(first, 0).filter(|_| required) {
                    self.of(name, lines).required.insert(navigation);
                }
            }
            "HasOne" => {
                let reference = self.reference(first, chain, lines);
                if let Some(reference) = reference {
                    // The key of a pair may be kept by the other of the two.
                    let holder = self.holder(chain, name);
                    self.of(&holder, lines).references.push(reference);
                }
            }
            "WithOwner" => {
                let owner = self.types.get(name).and_then(|t| t.owner.clone());
                let properties = chain.link("HasForeignKey");
                let properties = properties.map(|link| fluent::texts(code, link.open));
                if let (Some((to, _)), Some(properties)) = (owner, properties) {
                    let reference = Reference {
                        to,
                        properties,
                        on_delete: Some("CASCADE"),
                        lines,
                        ..Reference::default()
                    };
                    self.of(name, lines).references.push(reference);
                }
            }
            "OwnsOne" | "OwnsMany" if depth < DEEPEST => self.owned(name, first, lines, depth),
            _ => {}
        }
    }

    fn owned(&mut self, owner: &str, link: &Link<'t>, lines: (u32, u32), depth: u8) {
        let arguments = self.code.arguments(link.open);
        let names: Vec<String> = (arguments.iter().take(2))
            .filter_map(|r| fluent::text(self.code, r))
            .collect();
        let body = arguments.last().and_then(|r| fluent::closure(self.code, r));
        let (Some(navigation), Some((variable, body))) = (names.get(1), body) else {
            return;
        };
        let full = format!("{owner}.{navigation}");
        let made = self.of(&full, lines);
        made.owner = Some((owner.to_owned(), navigation.clone()));
        self.body(&full, variable, body, depth + 1);
    }

    fn property(&self, first: &Link<'t>, chain: &Chain<'t>, lines: (u32, u32)) -> Option<Property> {
        let name = self.text(first, 0)?;
        let text = |link: &str| self.text(chain.link(link)?, 0);
        let written = |link: &str| {
            let range = self
                .code
                .arguments(chain.link(link)?.open)
                .into_iter()
                .next()?;
            let one = |at| self.code.string(at).unwrap_or_else(|| self.code.raw(at));
            (range.len() <= 8).then(|| range.map(one).collect::<String>())
        };
        let default = text("HasDefaultValueSql").or_else(|| written("HasDefaultValue"));
        Some(Property {
            kind: first.types.clone().map(|at| self.code.raw(at)).collect(),
            column: text("HasColumnName"),
            column_type: text("HasColumnType"),
            required: chain.link("IsRequired").is_some(),
            length: written("HasMaxLength"),
            default: default.and_then(|value| secrets::keep(&name, &value)),
            comment: text("HasComment"),
            lines,
            name,
        })
    }

    fn key(&self, first: &Link<'t>, chain: &Chain<'t>, lines: (u32, u32)) -> Key {
        let name = chain.link("HasDatabaseName").or(chain.link("HasName"));
        let arguments = self.code.arguments(first.open);
        // `HasIndex(new[] { "A", "B" }, "the name of the index")`
        let listed = arguments
            .first()
            .is_some_and(|r| self.code.is(r.start, "new"));
        let mut properties = fluent::texts(self.code, first.open);
        let mut own = None;
        if listed && arguments.len() == 2 {
            own = properties.pop();
        }
        let unique = chain.link("IsUnique").is_some_and(|link| {
            self.code
                .arguments(link.open)
                .first()
                .is_none_or(|r| !self.code.is(r.start, "false"))
        });
        Key {
            name: name
                .and_then(|link| self.text(link, 0))
                .or(own)
                .unwrap_or_default(),
            properties,
            unique: unique || first.name == "HasAlternateKey",
            filter: chain.link("HasFilter").and_then(|link| self.text(link, 0)),
            lines,
        }
    }

    fn reference(
        &self,
        first: &Link<'t>,
        chain: &Chain<'t>,
        lines: (u32, u32),
    ) -> Option<Reference> {
        let to = self.text(first, 0)?;
        let one_to_one = chain.link("WithOne").is_some();
        let mut properties = fluent::texts(self.code, chain.link("HasForeignKey")?.open);
        if one_to_one && properties.len() > 1 {
            properties.remove(0);
        }
        let mut to_properties = (chain.link("HasPrincipalKey"))
            .map(|link| fluent::texts(self.code, link.open))
            .unwrap_or_default();
        if one_to_one && to_properties.len() > 1 {
            to_properties.remove(0);
        }
        let action = chain.link("OnDelete").map(|link| {
            let close = self.code.partner(link.open).unwrap_or(link.open);
            self.code.raw(close.saturating_sub(1))
        });
        let on_delete = action.and_then(fluent::on_delete);
        Some(Reference {
            to,
            properties,
            to_properties,
            one_to_one,
            on_delete,
            lines,
        })
    }

    /// The entity type that keeps the key of `HasOne(…).WithOne(…).HasForeignKey("Type", "Id")`.
    fn holder(&self, chain: &Chain<'t>, name: &str) -> String {
        let link = chain
            .link("HasForeignKey")
            .filter(|_| chain.link("WithOne").is_some());
        let texts = link
            .map(|link| fluent::texts(self.code, link.open))
            .unwrap_or_default();
        match texts.as_slice() {
            [holder, _, ..] if self.types.contains_key(holder) => holder.clone(),
            _ => name.to_owned(),
        }
    }
}
