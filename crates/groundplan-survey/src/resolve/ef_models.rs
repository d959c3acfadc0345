//! Tables of contexts of Entity Framework Core: what their snapshots say, with what the classes add; and
//! where no snapshot is kept the sets, joined with the classes that they are of and the rules in code
//! (<https://learn.microsoft.com/ef/core/modeling/entity-types>).

use crate::facts::{Claim, EndRule, Fact, Mapper, ModelClass, TableRules};
use crate::resolve::handlers::nearest;
use crate::resolve::names::is_aside;
use crate::resolve::world::{World, folder_of};
use groundplan_model::{
    Cardinality, Entity, EntityKind, EntityRelation, Evidence, Field, Index, Provenance,
};
use std::collections::{BTreeMap, BTreeSet};

/// Bases above a class at most.
const HIGHEST: usize = 8;

/// Columns of users and roles of ASP.NET Core Identity.
const IDENTITY_USER: [(&str, &str); 15] = [
    ("Id", "string"),
    ("UserName", "string?"),
    ("NormalizedUserName", "string?"),
    ("Email", "string?"),
    ("NormalizedEmail", "string?"),
    ("EmailConfirmed", "bool"),
    ("PasswordHash", "string?"),
    ("SecurityStamp", "string?"),
    ("ConcurrencyStamp", "string?"),
    ("PhoneNumber", "string?"),
    ("PhoneNumberConfirmed", "bool"),
    ("TwoFactorEnabled", "bool"),
    ("LockoutEnd", "DateTimeOffset?"),
    ("LockoutEnabled", "bool"),
    ("AccessFailedCount", "int"),
];

const IDENTITY_ROLE: [(&str, &str); 4] = [
    ("Id", "string"),
    ("Name", "string?"),
    ("NormalizedName", "string?"),
    ("ConcurrencyStamp", "string?"),
];

type Classes<'f> = BTreeMap<&'f str, Vec<(&'f ModelClass, &'f Evidence)>>;
type Rules<'f> = BTreeMap<&'f str, Vec<(&'f TableRules, &'f Evidence)>>;

/// What files say of classes that contexts keep.
#[derive(Default)]
struct Read<'f> {
    classes: Classes<'f>,
    /// Sets of contexts, with the path of the context.
    sets: Vec<(&'f str, &'f ModelClass)>,
    rules: Rules<'f>,
    /// Which class a table of a snapshot is of.
    told: Vec<(&'f TableRules, &'f Evidence)>,
}

impl<'f> Read<'f> {
    fn of(world: &World<'f>) -> Self {
        let mut read = Read::default();
        // What is said is known at once; what a path says takes longer to read.
        let speaks = |fact: &Fact| matches!(fact.claim, Claim::Model(_) | Claim::TableRules(_));
        let all = world.facts().filter(|(_, fact)| speaks(fact));
        for (file, fact) in all.filter(|(file, _)| !is_aside(&file.path)) {
            match &fact.claim {
                Claim::Model(class) if class.mapper == Mapper::EfCore => match class.stored {
                    true => read.sets.push((&file.path, class)),
                    false => {
                        let of_name = read.classes.entry(&class.name).or_default();
                        of_name.push((class, &fact.at));
                    }
                },
                Claim::TableRules(rules) if rules.snapshot_of.is_some() => {
                    read.told.push((rules, &fact.at));
                }
                Claim::TableRules(rules) => {
                    let of_class = read.rules.entry(&rules.class).or_default();
                    of_class.push((rules, &fact.at));
                }
                _ => {}
            }
        }
        read
    }

    /// A class, and after it the other parts of it (`partial class`), which lie in its folder.
    fn parts(
        &self,
        class: &'f ModelClass,
        at: &'f Evidence,
    ) -> Vec<(&'f ModelClass, &'f Evidence)> {
        let of_name = self.classes.get(class.name.as_str()).into_iter().flatten();
        let beside = |there: &Evidence| {
            there.path != at.path && folder_of(&there.path) == folder_of(&at.path)
        };
        let others = of_name.filter(|(_, there)| beside(there)).copied();
        std::iter::once((class, at)).chain(others).collect()
    }

    /// The paths of contexts that keep a snapshot, wherever it lies. Of contexts of one name it is that
    /// of the one nearest above it.
    fn with_snapshot(&self) -> BTreeSet<&'f str> {
        let mut found = BTreeSet::new();
        let snapshots: BTreeSet<(&str, &str)> = (self.told.iter())
            .filter_map(|(rules, at)| Some((rules.snapshot_of.as_deref()?, at.path.as_str())))
            .collect();
        for (context, snapshot) in snapshots {
            let of_name = (self.sets.iter())
                .filter(|(_, set)| set.bases.iter().any(|base| base == context))
                .map(|(path, _)| *path);
            found.extend(of_name.max_by_key(|path| (shared(path, snapshot), *path)));
        }
        found
    }
}

/// Folders at the beginning that two paths have in common.
fn shared(one: &str, other: &str) -> usize {
    let pairs = one.split('/').zip(other.split('/'));
    pairs.take_while(|(a, b)| a == b).count()
}

/// Adds to the tables of snapshots what only their classes say, and gives those of contexts that keep no
/// snapshot, each with the path of its context.
pub(super) fn tables<'f>(
    world: &World<'f>,
    snapshots: &mut [(&'f str, Entity)],
) -> Vec<(&'f str, Entity)> {
    let read = Read::of(world);
    for (rules, at) in &read.told {
        let table = snapshots.iter_mut().find(|(path, table)| {
            *path == at.path && rules.table.as_deref() == Some(table.id.as_str())
        });
        let of_name = read.classes.get(rules.class.as_str());
        let class = of_name.and_then(|all| nearest(all, &at.path));
        if let (Some((_, table)), Some((class, _))) = (table, class) {
            if table.description.is_none() {
                table.description.clone_from(&class.entity.description);
            }
            for field in table.fields.iter_mut().filter(|f| f.description.is_none()) {
                let mut members = class.entity.fields.iter();
                let said = members.find(|m| m.name == field.name && m.description.is_some());
                if let Some(said) = said {
                    field.description.clone_from(&said.description);
                    let places = said.provenance.evidence.iter().cloned();
                    field.provenance = field.provenance.clone().and(places);
                }
            }
            let places = class.entity.provenance.evidence.iter().cloned();
            table.provenance = table.provenance.clone().and(places);
        }
    }
    let covered = read.with_snapshot();
    let open = || read.sets.iter().filter(|(path, _)| !covered.contains(path));
    let kept: BTreeSet<&str> = open().map(|(_, set)| set.name.as_str()).collect();
    let mut made: Vec<(&'f str, &'f str, Entity)> = Vec::new();
    let mut late: Vec<(String, EntityRelation)> = Vec::new();
    for (path, set) in open() {
        let of_name = read.classes.get(set.name.as_str());
        let Some((class, at)) = of_name.and_then(|all| nearest(all, path)) else {
            continue;
        };
        let mut table = Table::of(&read, &kept, class, at);
        let entity = table.entity(set);
        late.append(&mut table.late);
        if !entity.fields.is_empty() {
            made.push((path, &set.name, entity));
        }
    }
    for (class, relation) in late {
        for (.., entity) in made.iter_mut().filter(|(_, name, _)| *name == class) {
            let has = |name: &String| entity.fields.iter().any(|f| f.name == *name);
            let known = entity
                .relations
                .iter()
                .any(|r| r.to == relation.to && r.fields == relation.fields);
            if !known && relation.fields.iter().all(has) {
                entity.relations.push(relation.clone());
            }
        }
    }
    made.into_iter().map(|(path, _, e)| (path, e)).collect()
}

/// One table of a context without a snapshot.
struct Table<'r, 'f> {
    read: &'r Read<'f>,
    kept: &'r BTreeSet<&'f str>,
    class: &'f ModelClass,
    /// The class and those above it, nearest first.
    line: Vec<(&'f ModelClass, &'f Evidence)>,
    /// What code says of the class and of those above it; what stands first wins.
    rules: Vec<&'f TableRules>,
    /// Relations that other tables keep, by their class.
    late: Vec<(String, EntityRelation)>,
}

impl<'r, 'f> Table<'r, 'f> {
    fn of(
        read: &'r Read<'f>,
        kept: &'r BTreeSet<&'f str>,
        class: &'f ModelClass,
        at: &'f Evidence,
    ) -> Self {
        let mut line = read.parts(class, at);
        let mut from = 0;
        while let Some(parts) = line.get(from..).filter(|parts| !parts.is_empty()) {
            let mut above = parts.iter().filter_map(|(part, at)| {
                let base = read.classes.get(part.bases.first()?.as_str())?;
                nearest(base, &at.path)
            });
            let base = above.find(|base| !line.iter().any(|known| known.1 == base.1));
            let Some((base, at)) = base.filter(|_| line.len() < HIGHEST) else {
                break;
            };
            from = line.len();
            line.extend(read.parts(base, at));
        }
        let mut rules: Vec<&'f TableRules> = Vec::new();
        for (class, at) in &line {
            let of_name = read.rules.get(class.name.as_str()).into_iter().flatten();
            let (own, other): (Vec<_>, Vec<_>) =
                of_name.partition(|(_, there)| there.path == at.path);
            // What a builder says holds before what an attribute of the class says.
            rules.extend(other.iter().chain(&own).map(|(rules, _)| *rules));
        }
        Table {
            read,
            kept,
            class,
            line,
            rules,
            late: Vec::new(),
        }
    }

    fn entity(&mut self, set: &ModelClass) -> Entity {
        let mut entity = self.class.entity.clone();
        let own = self.rules.iter().filter(|r| r.class == self.class.name);
        let named = own.clone().find_map(|r| r.table.clone());
        entity.name = named.unwrap_or_else(|| set.entity.name.clone());
        if own.clone().any(|r| r.kind == EntityKind::View) {
            entity.kind = EntityKind::View;
        }
        // A base of a library may lend columns.
        let plain = |name: &String| {
            let mut letters = name.chars();
            letters.next() == Some('I') && letters.next().is_some_and(char::is_uppercase)
        };
        let last = self.line.last().and_then(|(last, _)| last.bases.first());
        entity.partial =
            last.is_some_and(|base| !plain(base) && !self.read.classes.contains_key(base.as_str()));
        let brought = self.brought();
        entity.partial &= brought.is_empty();
        let all: Vec<&Field> = (brought.iter())
            .chain(self.line.iter().rev().flat_map(|(c, _)| &c.entity.fields))
            .filter(|f| !self.rules.iter().any(|r| r.ignored.contains(&f.name)))
            .collect();
        entity.fields.clear();
        for field in &all {
            let kind = field.data_type.as_str();
            let inner = inner(kind);
            if self.kept.contains(kind) {
                let (relation, shadow) = self.reference(field, kind, &all);
                entity.relations.extend(relation);
                entity.fields.extend(shadow);
            } else if let Some(inner) = inner.filter(|_| kind != "byte[]") {
                self.many(field, inner);
            } else {
                entity.fields.push((*field).clone());
            }
        }
        let key = self.key(&all);
        for field in &mut entity.fields {
            field.primary_key = key.iter().any(|k| k.eq_ignore_ascii_case(&field.name));
            field.nullable &= !field.primary_key;
        }
        let columns = self.columns(&mut entity.fields);
        let rename = |name: &mut String| {
            if let Some(column) = columns.get(name.as_str()) {
                name.clone_from(column);
            }
        };
        entity.fields.iter_mut().for_each(|f| rename(&mut f.name));
        for relation in &mut entity.relations {
            relation.fields.iter_mut().for_each(rename);
        }
        let indexes = self.rules.iter().flat_map(|r| &r.indexes);
        for index in indexes.cloned() {
            let mut index: Index = index;
            index.fields.iter_mut().for_each(rename);
            entity.indexes.push(index);
        }
        entity
    }

    /// What the classes of ASP.NET Core Identity bring to one that stands on them
    /// (<https://learn.microsoft.com/aspnet/core/security/authentication/customize-identity-model>).
    fn brought(&self) -> Vec<Field> {
        let Some((last, at)) = self.line.last() else {
            return Vec::new();
        };
        let columns: &[(&str, &str)] = match last.bases.first().map(String::as_str) {
            Some("IdentityUser") => &IDENTITY_USER,
            Some("IdentityRole") => &IDENTITY_ROLE,
            _ => return Vec::new(),
        };
        let field = |(name, kind): &(&str, &str)| Field {
            name: (*name).to_owned(),
            // `IdentityUser<Guid>` says the type of its key, which is not read; without it is a text.
            data_type: match *name {
                "Id" => String::new(),
                _ => kind.trim_end_matches('?').to_owned(),
            },
            nullable: kind.ends_with('?'),
            default: None,
            primary_key: *name == "Id",
            unique: false,
            constraints: Vec::new(),
            description: Some("Added by ASP.NET Core Identity".to_owned()),
            provenance: Provenance::observed([(*at).clone()]),
        };
        columns.iter().map(field).collect()
    }

    /// The members of the key: those that are named, else `Id`, else `LoanId` of `Loan`
    /// (<https://learn.microsoft.com/ef/core/modeling/keys>).
    fn key(&self, all: &[&Field]) -> Vec<String> {
        if let Some(key) = self.rules.iter().find_map(|r| r.key.clone()) {
            return key;
        }
        let called = |name: &str| {
            let found = all.iter().find(|f| f.name.eq_ignore_ascii_case(name));
            found.map(|f| f.name.clone())
        };
        let of_class = || {
            let mut names = self
                .line
                .iter()
                .map(|(class, _)| format!("{}Id", class.name));
            names.find_map(|name| called(&name))
        };
        called("Id").or_else(of_class).into_iter().collect()
    }

    /// Gives fields what rules say of their columns; the names of columns that differ from the members.
    fn columns(&self, fields: &mut [Field]) -> BTreeMap<&'f str, String> {
        let mut names = BTreeMap::new();
        let rules = self.rules.iter().rev().flat_map(|r| &r.columns);
        for rule in rules {
            let Some(field) = fields.iter_mut().find(|f| f.name == rule.member) else {
                continue;
            };
            if let Some(kind) = &rule.data_type {
                field.data_type.clone_from(kind);
            }
            if let Some(required) = rule.required {
                field.nullable = !required && !field.primary_key;
            }
            if let Some(length) = rule
                .length
                .as_ref()
                .filter(|_| !field.data_type.contains('('))
            {
                field.constraints.retain(|c| !c.starts_with("length = "));
                field.constraints.push(format!("length = {length}"));
            }
            if let Some(column) = &rule.column {
                names.insert(rule.member.as_str(), column.clone());
            }
            let places = rule.provenance.evidence.iter().cloned();
            field.provenance = field.provenance.clone().and(places);
        }
        names
    }

    fn end(&self, member: &str) -> Option<&'f EndRule> {
        let mut all = self.rules.iter().flat_map(|r| &r.ends);
        all.find(|end| end.member == member)
    }

    /// `public Order Order { get; set; }`: which column keeps it, here or in the other table. Where no
    /// member does, the column is called by the member and made beside the others.
    fn reference(
        &mut self,
        field: &Field,
        kind: &str,
        all: &[&Field],
    ) -> (Option<EntityRelation>, Option<Field>) {
        let own = self.class.name.as_str();
        let end = self.end(&field.name);
        let there = self.read.classes.get(kind);
        let there = there.and_then(|all| nearest(all, &self.line[0].1.path));
        let members = || {
            there
                .into_iter()
                .flat_map(|(class, _)| &class.entity.fields)
        };
        let back = members().any(|f| f.data_type == own);
        let backs = members().any(|f| inner(&f.data_type) == Some(own));
        let one = match end {
            Some(end) => !end.of_many,
            None => back && !backs && kind != own,
        };
        let has = |name: &String| all.iter().any(|f| f.name == *name);
        let by_attribute = all.iter().find(|f| {
            let end = self.end(&f.name);
            end.is_some_and(|end| end.keys.contains(&field.name))
        });
        let named = end
            .map(|end| end.keys.clone())
            .filter(|keys| !keys.is_empty());
        let elsewhere = end.and_then(|end| end.holder.as_deref()) == Some(kind) && kind != own;
        // Of two references to one class neither is kept by a member that is called by the class.
        let alone = all.iter().filter(|f| f.data_type == kind).count() == 1;
        let of_class = alone.then(|| format!("{kind}Id"));
        let guessed = [Some(format!("{}Id", field.name)), of_class];
        let keys = named
            .filter(|_| !elsewhere)
            .or_else(|| by_attribute.map(|f| vec![f.name.clone()]))
            .or_else(|| {
                guessed
                    .into_iter()
                    .flatten()
                    .find(has)
                    .map(|name| vec![name])
            });
        let mut relation = EntityRelation {
            fields: Vec::new(),
            to: crate::scan::snake(kind),
            to_fields: Vec::new(),
            cardinality: match one {
                true => Cardinality::OneToOne,
                false => Cardinality::ManyToOne,
            },
            on_delete: end.and_then(|end| end.on_delete.clone()),
            through: None,
            provenance: and(&field.provenance, end),
        };
        if let Some(keys) = keys.filter(|_| !elsewhere) {
            relation.fields = keys;
            return (Some(relation), None);
        }
        if one {
            // The other table keeps the key, by a member that is called by this class.
            let keys = end
                .map(|end| end.keys.clone())
                .filter(|keys| !keys.is_empty());
            relation.fields = keys.unwrap_or_else(|| vec![format!("{own}Id")]);
            relation.to = self.class.entity.id.clone();
            self.late.push((kind.to_owned(), relation));
            return (None, None);
        }
        let mut column = field.clone();
        column.name = format!("{}Id", field.name);
        let key = members().find(|f| f.name == "Id" || f.name == format!("{kind}Id"));
        column.data_type = key.map(|f| f.data_type.clone()).unwrap_or_default();
        relation.fields = vec![column.name.clone()];
        (Some(relation), Some(column))
    }

    /// `HasMany(o => o.Lines).WithOne().HasForeignKey(l => l.OrderId)`: the other table keeps the key.
    fn many(&mut self, field: &Field, kind: &str) {
        let Some(end) = self.end(&field.name).filter(|end| end.many && !end.of_many) else {
            return;
        };
        if !end.keys.is_empty() && self.kept.contains(kind) {
            let relation = EntityRelation {
                fields: end.keys.clone(),
                to: self.class.entity.id.clone(),
                to_fields: Vec::new(),
                cardinality: Cardinality::ManyToOne,
                on_delete: end.on_delete.clone(),
                through: None,
                provenance: and(&field.provenance, Some(end)),
            };
            self.late.push((kind.to_owned(), relation));
        }
    }
}

fn and(provenance: &Provenance, end: Option<&EndRule>) -> Provenance {
    let places = end
        .into_iter()
        .flat_map(|end| end.provenance.evidence.iter().cloned());
    provenance.clone().and(places)
}

/// What a list is of: `Loan` of `ICollection<Loan>`.
fn inner(kind: &str) -> Option<&str> {
    let generic = kind
        .split_once('<')
        .map(|(_, rest)| rest.trim_end_matches('>'));
    generic.or_else(|| kind.strip_suffix("[]"))
}

#[cfg(test)]
mod tests {
    use super::tables;
    use crate::resolve::snapshots;
    use crate::resolve::world::World;
    use groundplan_model::Entity;

    fn read(files: &[(&str, &str)]) -> Vec<String> {
        let facts: Vec<_> = files
            .iter()
            .map(|(path, text)| crate::extract_file(path, text))
            .collect();
        let world = World::new(&facts, groundplan_knowledge::knowledge());
        let mut all = snapshots::tables(&world);
        let others = tables(&world, &mut all);
        all.extend(others);
        all.sort_by(|a, b| a.1.id.cmp(&b.1.id));
        all.iter().map(|(_, e)| line(e)).collect()
    }

    fn line(e: &Entity) -> String {
        let fields = e.fields.iter().map(|f| {
            let key = if f.primary_key { "!" } else { "" };
            let null = if f.nullable { "?" } else { "" };
            let more = f.constraints.join(" ");
            format!("{}{key} {}{null} {more}", f.name, f.data_type)
                .trim_end()
                .to_owned()
        });
        let fields: Vec<String> = fields.collect();
        let relations = (e.relations.iter())
            .map(|r| format!("{}>{} {:?}", r.fields.join("+"), r.to, r.cardinality));
        let relations: Vec<String> = relations.collect();
        let indexes = (e.indexes.iter()).map(|i| {
            format!(
                "{}{}",
                i.fields.join("+"),
                i.predicate.clone().unwrap_or_default()
            )
        });
        let indexes: Vec<String> = indexes.collect();
        let about = e.description.clone().unwrap_or_default();
        format!(
            "{} ({}) [{}] [{}] {about}",
            e.name,
            fields.join(", "),
            relations.join(", "),
            indexes.join(", ")
        )
    }

    const CONTEXT: &str = "namespace Depot.Data;
public class DepotContext : DbContext {
    public DbSet<Loan> Loans => Set<Loan>();
    public DbSet<Tool> Tools { get; set; }
    public DbSet<Photo> Photos { get; set; }
    protected override void OnModelCreating(ModelBuilder modelBuilder) {
        modelBuilder.Entity<Tool>(e => {
            e.HasOne(t => t.Cover).WithOne().OnDelete(DeleteBehavior.Cascade);
            e.Ignore(t => t.Shown);
        });
        modelBuilder.Entity<Photo>().HasIndex(p => p.Hash).IsUnique().HasFilter(\"\\\"Hash\\\" IS NOT NULL\");
    }
}";
    const CLASSES: &str = "namespace Depot.Data.Entities;
/// <summary>A tool that somebody has at home.</summary>
public class Loan {
    public int ToolId { get; set; }
    public int Order { get; set; }
    public Tool Tool { get; set; }
    public Tool? Before { get; set; }
    [MaxLength(40)]
    public string? Note { get; set; }
}
public class Tool {
    public int Id { get; set; }
    public string ToolId { get; set; }
    public Photo? Cover { get; set; }
    public bool Shown { get; set; }
    public ICollection<Loan> Loans { get; set; }
}
public class Photo {
    [Key]
    public string Hash { get; set; }
    public int ToolId { get; set; }
}";
    const CONFIGURATION: &str = "namespace Depot.Data.ModelConfiguration;
public class LoanConfiguration : IEntityTypeConfiguration<Loan> {
    public void Configure(EntityTypeBuilder<Loan> builder) {
        builder.ToTable(\"ToolLoans\");
        builder.HasKey(l => new { l.ToolId, l.Order });
        builder.Property(l => l.Order).HasColumnName(\"Position\").IsRequired();
        builder.HasOne(l => l.Tool).WithMany(t => t.Loans).HasForeignKey(l => l.ToolId);
    }
}";

    #[test]
    fn rules_in_code_decide_keys_and_relations() {
        let files = [
            ("Depot.Data/DepotContext.cs", CONTEXT),
            ("Depot.Data/Entities/All.cs", CLASSES),
            ("Depot.Data/ModelConfiguration/Loan.cs", CONFIGURATION),
        ];
        let wanted = [
            "ToolLoans (ToolId! int, Position! int, BeforeId int?, Note string? length = 40) \
             [ToolId>tool ManyToOne, BeforeId>tool ManyToOne] [] A tool that somebody has at home",
            "Photos (Hash! string, ToolId int) [ToolId>tool OneToOne] [Hash\"Hash\" IS NOT NULL] ",
            "Tools (Id! int, ToolId string) [] [] ",
        ];
        assert_eq!(read(&files), wanted);
    }

    #[test]
    fn a_snapshot_in_another_project_has_the_tables_of_the_context() {
        let snapshot = "namespace Depot.Sqlite.Migrations;
[DbContext(typeof(DepotContext))]
class DepotModelSnapshot : ModelSnapshot {
    protected override void BuildModel(ModelBuilder modelBuilder) {
        modelBuilder.Entity(\"Depot.Data.Entities.Loan\", b => {
            b.Property<int>(\"ToolId\").HasColumnType(\"INTEGER\");
            b.Property<int>(\"Order\").HasColumnType(\"INTEGER\");
            b.Property<DateTime>(\"Until\").HasMaxLength(25).HasColumnType(\"timestamp with time zone\");
            b.PrimitiveCollection<string>(\"Marks\").HasColumnType(\"TEXT\");
            b.HasKey(\"ToolId\", \"Order\");
            b.HasIndex(\"Order\").HasFilter(\"\\\"Order\\\" IS NOT NULL\");
            b.ToTable(\"ToolLoans\");
        });
    }
}";
        let files = [
            ("Depot.Data/DepotContext.cs", CONTEXT),
            ("Depot.Data/Entities/All.cs", CLASSES),
            ("Depot.Sqlite/Migrations/DepotModelSnapshot.cs", snapshot),
        ];
        let wanted = [
            "ToolLoans (ToolId! integer, Order! integer, Until timestamp with time zone, Marks text?) \
             [] [Order\"Order\" IS NOT NULL] A tool that somebody has at home",
        ];
        assert_eq!(read(&files), wanted);
    }
}
