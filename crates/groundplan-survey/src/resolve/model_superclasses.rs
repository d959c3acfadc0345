//! What superclasses of JPA lend to the classes that stand on them.

use crate::facts::{ImportAt, Mapper, ModelClass};
use crate::resolve::models::{Classes, classes};
use crate::resolve::world::{World, folder_of};
use groundplan_model::{Entity, Evidence};
use std::collections::BTreeMap;

/// Superclasses above a class at most.
const HIGHEST: usize = 12;

/// Modules that files with classes import, by path.
type Imports<'f> = BTreeMap<&'f str, Vec<&'f str>>;

/// What superclasses that have no table of their own lend to classes of JPA, by the path and the id
/// of the class: fields and relations, the highest first.
pub(crate) fn lent<'f>(world: &World<'f>) -> BTreeMap<&'f str, BTreeMap<String, Entity>> {
    let classes = classes(world, |mapper| mapper == Mapper::Jpa);
    let mut all: BTreeMap<&str, BTreeMap<String, Entity>> = BTreeMap::new();
    if classes.is_empty() {
        return all;
    }
    let mut imports: Imports<'f> = BTreeMap::new();
    for (_, at) in classes.values().flatten() {
        imports.entry(&at.path).or_default();
    }
    for file in world.files {
        if let Some(of_file) = imports.get_mut(file.path.as_str()) {
            of_file.extend(file.imports().map(ImportAt::module));
        }
    }
    for (class, at) in classes.values().flatten().filter(|(c, _)| !c.lends) {
        let mut above: Vec<&ModelClass> = Vec::new();
        // A superclass of a package may lend columns too.
        let mut partial = false;
        let mut open = vec![(*class, *at)];
        while let Some((class, at)) = open.pop() {
            for (place, name) in class.bases.iter().enumerate() {
                match base_of(name, at, &classes, &imports) {
                    Some(base) if base.0.lends && above.len() < HIGHEST => {
                        above.push(base.0);
                        open.push(base);
                    }
                    Some(_) => {}
                    // A trait of PHP, which stands behind the superclass, mostly has no columns.
                    None => {
                        // The one of TypeORM has methods alone.
                        let bare = at.path.ends_with(".php") || name == "BaseEntity";
                        partial |= place == 0 && !bare || at.path.ends_with(".java")
                    }
                }
            }
        }
        let mut taken = class.entity.clone();
        taken.fields.clear();
        taken.relations.clear();
        for base in above.iter().rev() {
            taken.fields.extend(base.entity.fields.iter().cloned());
            let relations = base.entity.relations.iter().cloned();
            taken.relations.extend(relations);
        }
        taken.partial = partial;
        if !taken.fields.is_empty() || taken.partial {
            let of_file = all.entry(at.path.as_str()).or_default();
            of_file.insert(class.entity.id.clone(), taken);
        }
    }
    all
}

/// The class that another extends, as Java looks for it: one of the same file, one that is imported
/// by name, one of the same package, one of an imported package; else the only one of its name.
fn base_of<'f>(
    name: &str,
    at: &'f Evidence,
    classes: &Classes<'f>,
    imports: &Imports<'f>,
) -> Option<(&'f ModelClass, &'f Evidence)> {
    let all = classes.get(name)?;
    let one = |fits: &dyn Fn(&str) -> bool| {
        let mut found = all.iter().filter(|(_, place)| fits(&place.path));
        let first = found.next()?;
        found.next().is_none().then_some(*first)
    };
    let of_file = imports.get(at.path.as_str()).map_or(&[][..], Vec::as_slice);
    let end = format!(".{name}");
    let named: Vec<String> = of_file
        .iter()
        .filter(|module| module.ends_with(&end))
        .map(|module| format!("{}.java", module.replace('.', "/")))
        .collect();
    let package = package_of(&at.path);
    one(&|path| path == at.path)
        .or_else(|| one(&|path| named.iter().any(|n| path.ends_with(n.as_str()))))
        .or_else(|| one(&|path| folder_of(path) == folder_of(&at.path)))
        .or_else(|| one(&|path| package.is_some() && package_of(path) == package))
        .or_else(|| {
            one(&|path| {
                let of_it = package_of(path).unwrap_or_default().replace('/', ".");
                !of_it.is_empty() && of_file.contains(&format!("{of_it}.*").as_str())
            })
        })
        .or_else(|| one(&|_| true))
}

/// The folders of a path below its source root.
fn package_of(path: &str) -> Option<&str> {
    let folder = folder_of(path);
    folder.split_once("/java/").map(|(_, package)| package)
}

#[cfg(test)]
mod tests {
    use super::lent;
    use crate::resolve::world::World;

    #[test]
    fn a_superclass_is_the_one_that_is_imported() {
        let base = |column: &str| {
            format!(
                "package p;\n@MappedSuperclass\nabstract class Base {{\n  @Id long id;\n  String {column};\n}}\n"
            )
        };
        let own = "package shop.orders;
import shop.common.Base;
@Entity
class Order extends Base {
  String note;
}
";
        let files = [
            ("a/src/main/java/shop/audit/Base.java", base("auditor")),
            ("b/src/main/java/shop/common/Base.java", base("maker")),
            ("c/src/main/java/shop/orders/Order.java", own.to_owned()),
        ]
        .map(|(path, text)| crate::extract_file(path, &text));
        let world = World::new(&files, groundplan_knowledge::knowledge());
        let lines: Vec<String> = lent(&world)
            .into_iter()
            .flat_map(|(path, all)| all.into_iter().map(move |(id, e)| (path, id, e)))
            .map(|(_, id, e)| {
                let fields: Vec<&str> = e.fields.iter().map(|f| f.name.as_str()).collect();
                format!("{id}: {}", fields.join(", "))
            })
            .collect();
        assert_eq!(lines, ["order: id, maker"]);
    }
}
