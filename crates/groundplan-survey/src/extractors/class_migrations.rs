//! Migrations that are a class or a value of a kind that their tool knows, whatever they do.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts, Mark};
use crate::paths;
use crate::source::SourceFile;
use groundplan_model::Topic;
use groundplan_syntax::Language;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "class-migrations",
    docs: "\
### What it finds
Files that are one migration by the class that they declare: of Doctrine (also below a base of the program's own), Phinx and
Yii in PHP, of TypeORM in TypeScript, of Flyway in Java and Kotlin, of SeaORM in Rust.

### What it does not find
What a migration does: that other readers tell. Bases of migrations, and tests.
",
    reads: &[Reads::Own(&[
        Language::Php,
        Language::JavaScript,
        Language::TypeScript,
        Language::Java,
        Language::Kotlin,
        Language::Rust,
    ])],
    markers: &[
        "function up(",
        "function safeUp(",
        "function change(",
        "MigrationInterface",
        "BaseJavaMigration",
        "MigrationTrait for ",
    ],
    run: extract,
};

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if paths::is_test(file.path) || !is_migration(file.language, file.text) {
        return;
    }
    let mark = Mark {
        topic: Topic::Migration,
        name: file.name().to_owned(),
        detail: None,
    };
    acc.add(file, 1, file.lines().count(), Claim::Mark(mark));
}

fn is_migration(language: Language, text: &str) -> bool {
    let says = |word: &str| text.contains(word);
    match language {
        // A step says what it does to a schema; a base of steps is abstract.
        Language::Php if says("abstract class ") => false,
        Language::Php => {
            let doctrine = says("DBAL\\Schema\\Schema") && says("function up(");
            let phinx = [
                "Phinx\\Migration\\",
                "Migrations\\AbstractMigration",
                "Migrations\\BaseMigration",
            ];
            let phinx = phinx.iter().any(|base| says(base))
                && (says("function change(") || says("function up("));
            let yii =
                says("yii\\db\\Migration") && (says("function up(") || says("function safeUp("));
            doctrine || phinx || yii
        }
        Language::TypeScript => says("implements MigrationInterface"),
        // JavaScript says it in a comment, as the generator of TypeORM writes it.
        Language::JavaScript => {
            let told = [
                "@implements {MigrationInterface}",
                "@typedef {import('typeorm').MigrationInterface} MigrationInterface",
            ];
            told.iter().any(|form| says(form))
        }
        Language::Java | Language::Kotlin => {
            let base = ["extends BaseJavaMigration", ": BaseJavaMigration("];
            base.iter().any(|form| says(form))
        }
        Language::Rust => says("impl MigrationTrait for "),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn migrations_are_known_by_their_class() {
        let php = "use Doctrine\\DBAL\\Schema\\Schema;\nfinal class Version1 extends ShopMigration { public function up(Schema $schema): void {} }";
        assert!(is_migration(Language::Php, php));
        let base = php.replace("final class", "abstract class");
        assert!(!is_migration(Language::Php, &base));
        let listener = "use Doctrine\\DBAL\\Schema\\Schema;\nclass SchemaListener { function onCreate(Schema $s) {} }";
        assert!(!is_migration(Language::Php, listener));
        let ts = "export class AddOrders1 implements MigrationInterface {}";
        assert!(is_migration(Language::TypeScript, ts));
        assert!(!is_migration(
            Language::TypeScript,
            "type A = MigrationInterface[];"
        ));
    }
}
