//! Elixir: services that the settings of a program send its mail by.

use crate::elixir::{self, Statement};
use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts};
use crate::scan;
use crate::source::SourceFile;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "elixir-mailers",
    docs: "\
### What it finds
The service behind the adapter that `config.exs`, `prod.exs` or `runtime.exs` of `config` gives a mailer of Swoosh or
Bamboo (`config :shop, Shop.Mailer, adapter: Swoosh.Adapters.Sendgrid`) in every case or in production, with the
address that the adapter sends to unless `base_url` names another (<https://hexdocs.pm/swoosh>).

### What it does not find
Adapters that code chooses or that stand under another condition, those of developers, of tests and of other stages,
Amazon SES, whose address depends on a region.
",
    reads: &[Reads::Paths(&["**/config/*.exs"])],
    markers: &["Swoosh.Adapters.", "Bamboo."],
    run: extract,
};

/// Adapters by the last word of their name, and where they send to.
const SERVICES: [(&str, &str); 13] = [
    ("Brevo", "https://api.brevo.com"),
    ("Mailgun", "https://api.mailgun.net"),
    ("MailgunAdapter", "https://api.mailgun.net"),
    ("Mailjet", "https://api.mailjet.com"),
    ("Mandrill", "https://mandrillapp.com"),
    ("MandrillAdapter", "https://mandrillapp.com"),
    ("Postmark", "https://api.postmarkapp.com"),
    ("PostmarkAdapter", "https://api.postmarkapp.com"),
    ("Resend", "https://api.resend.com"),
    ("SendGridAdapter", "https://api.sendgrid.com"),
    ("Sendgrid", "https://api.sendgrid.com"),
    ("SparkPost", "https://api.sparkpost.com"),
    ("Sendinblue", "https://api.sendinblue.com"),
];

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if !elixir::is_for_production(file.name()) || scan::is_test(file.path) {
        return;
    }
    for statement in elixir::statements(file.text) {
        mailer(acc, file, &statement);
        // `if config_env() == :prod do`
        let condition = statement.arguments.join(", ");
        if statement.word == "if" && condition.replace(' ', "") == "config_env()==:prod" {
            for inner in statement.before_else() {
                mailer(acc, file, inner);
            }
        }
    }
}

fn mailer(acc: &mut FileFacts, file: &SourceFile<'_>, statement: &Statement) {
    if statement.word != "config" || statement.option("base_url").is_some() {
        return;
    }
    let adapter = statement.option("adapter").unwrap_or_default();
    let (library, name) = match adapter.strip_prefix("Swoosh.Adapters.") {
        Some(name) => ("Swoosh", name),
        None => (
            "Bamboo",
            adapter.strip_prefix("Bamboo.").unwrap_or_default(),
        ),
    };
    if let Some((_, address)) = SERVICES.iter().find(|(known, _)| *known == name) {
        let client = scan::call("http", Some((*address).to_owned()), library);
        let (first, last) = statement.lines;
        acc.add(file, first, last, Claim::Client(client));
    }
}
