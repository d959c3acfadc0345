//! Words whose line says by itself that they mean something else: settings that a framework lays down for products
//! of all kinds, and fields that hold what users set for programs of their own.

use crate::extractors::LARAVEL_INSIDE;
use crate::source::SourceFile;
use groundplan_model::LARAVEL_CHOICES;
use groundplan_syntax::Language;

/// Whether the word at `at` of the topic says nothing about the system by where it stands in its file. What the
/// whole file says of its words is looked up once: it is kept in `whole`.
pub(crate) fn means_other(
    file: &SourceFile<'_>,
    topic: &str,
    at: usize,
    whole: &mut Option<bool>,
) -> bool {
    let line = || {
        let start = memchr::memrchr(b'\n', &file.text.as_bytes()[..at]).map_or(0, |n| n + 1);
        let rest = file.text.get(start..).unwrap_or_default();
        rest.lines().next().unwrap_or_default()
    };
    match file.language {
        Language::Php => {
            let from = file.text.get(at..).unwrap_or_default();
            is_laid_down(topic, from) && is_of_skeleton(file, line(), from)
        }
        Language::TypeScript => topic == "health-check" && is_field(line()),
        // A step of the schema tells what once was; what holds stands in the schema that all steps make.
        Language::Ruby => {
            let kept = ["schema-migration", "table", "index", "check-constraint"];
            !kept.contains(&topic) && *whole.get_or_insert_with(|| is_step_of_schema(file.text))
        }
        Language::Python => {
            let from = file.text.get(at..).unwrap_or_default();
            // Longer files are data more often than code.
            let short = file.text.len() <= 64 * 1024;
            short
                && topic == "cache"
                && from.starts_with("lru_cache")
                && *whole.get_or_insert_with(|| keeps_for_objects(file.text))
        }
        _ => false,
    }
}

/// Whether a text begins with one of these words, however they are written.
fn begins(text: &str, words: &[&str]) -> bool {
    let with = |word: &&str| {
        let begin = text.get(..word.len());
        begin.is_some_and(|begin| begin.eq_ignore_ascii_case(word))
    };
    words.iter().any(with)
}

/// Whether the skeleton of Laravel has such a word at all: it has no replicas, of brokers SQS alone and two collectors
/// of logs. Who names another has written it.
fn is_laid_down(topic: &str, from: &str) -> bool {
    match topic {
        "read-replica" => false,
        "events" => begins(from, &["sqs"]),
        "log-collector" => begins(from, &["papertrail", "syslog"]),
        _ => true,
    }
}

/// Whether a file is one of the settings that come with a new program of Laravel: each has a block for all products
/// that the framework knows, and its key `default` says which of them is used
/// (<https://github.com/laravel/laravel/tree/12.x/config>).
fn is_offer_of_laravel(path: &str) -> bool {
    let mut parts = path.rsplit('/');
    let name = parts.next().unwrap_or_default();
    let folder = parts.next().unwrap_or_default();
    folder.eq_ignore_ascii_case("config")
        && LARAVEL_CHOICES
            .iter()
            .any(|of| name.eq_ignore_ascii_case(of))
}

/// Whether the name of a file says nothing about the system: it comes with a new program of Laravel, and what is
/// chosen in it needs no product.
pub(crate) fn is_offered(file: &SourceFile<'_>) -> bool {
    if !is_offer_of_laravel(file.path) {
        return false;
    }
    // Of `'default' => env('CACHE_STORE', 'file'),` the last text.
    let value = |line: &str| -> Option<String> {
        let texts = line.split('\'').skip(1).step_by(2);
        texts.last().map(str::to_owned)
    };
    let mut chosen = file.text.lines().filter(|line| chooses(line)).peekable();
    chosen.peek().is_some()
        && chosen.all(|line| value(line).is_some_and(|v| LARAVEL_INSIDE.contains(&v.as_str())))
}

/// Whether a line of such a file chooses: by `default`, by a driver that a variable gives, by the channels that one of
/// logs stands for, or as an item of such a list.
fn chooses(line: &str) -> bool {
    let Some(rest) = line.trim_start().strip_prefix(['\'', '"']) else {
        return false;
    };
    match rest.split(['\'', '"']).next().unwrap_or_default() {
        "channels" | "default" | "deprecations" | "stack" => true,
        "driver" => line.contains("env("),
        _ => !line.contains("=>"),
    }
}

/// Whether a line of the settings that come with a new program of Laravel names what may be chosen and is not.
fn is_of_skeleton(file: &SourceFile<'_>, line: &str, from: &str) -> bool {
    // Providers of mail and messages that the file of services has from the start.
    const SERVICES: [&str; 7] = [
        "mailgun",
        "mandrill",
        "postmark",
        "resend",
        "ses",
        "slack",
        "sparkpost",
    ];
    if is_offer_of_laravel(file.path) {
        return !chooses(line) && file.text.contains("env('");
    }
    let folder = file.path.rsplit('/').nth(1).unwrap_or_default();
    folder.eq_ignore_ascii_case("config")
        && file.name().eq_ignore_ascii_case("services.php")
        && begins(from, &SERVICES)
        && file.text.contains("env('")
}

/// Whether a file of scripts speaks of autoscalers and does not describe what a cloud or a cluster is to run.
pub(crate) fn describes_autoscalers(file: &SourceFile<'_>) -> bool {
    matches!(file.language, Language::JavaScript | Language::TypeScript)
        && !defines_infrastructure(file.text)
}

/// Whether code describes what a cloud or a cluster is to run.
fn defines_infrastructure(text: &str) -> bool {
    const LIBRARIES: [&str; 6] = ["aws-cdk", "cdk8s", "cdktf", "constructs", "pulumi", "sst"];
    text.lines()
        .filter(|line| line.contains("import") || line.contains("require("))
        .any(|line| LIBRARIES.iter().any(|library| line.contains(library)))
}

/// Whether a file of Ruby is a step of the schema: its class stands at the head.
fn is_step_of_schema(text: &str) -> bool {
    let head = text.as_bytes();
    let head = &head[..head.len().min(2048)];
    memchr::memmem::find(head, b"ActiveRecord::Migration[").is_some()
}

/// Whether all that a file decorates with `lru_cache` takes nothing but the object that it belongs to: an attribute that
/// is worked out once for each object, and no cache that anybody fills by what they ask.
fn keeps_for_objects(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim);
    let mut decorated = 0_usize;
    while let Some(line) = lines.next() {
        let named = line.contains("lru_cache");
        if !named || line.starts_with("from ") || line.starts_with("import ") {
            continue;
        }
        let head = lines.by_ref().take(20).find(|l| !l.starts_with('@'));
        let given = head.and_then(|head| {
            let head = head.strip_prefix("async ").unwrap_or(head);
            let (_, given) = head.strip_prefix("def ")?.split_once('(')?;
            Some(given.split_once(')')?.0.trim())
        });
        let given = given.filter(|_| line.starts_with('@'));
        if !given.is_some_and(|given| matches!(given.trim_end_matches(','), "self" | "cls")) {
            return false;
        }
        decorated += 1;
    }
    decorated > 0
}

/// Whether a line declares a field of a class with its type, or copies it: `public healthcheck: IProbe;`,
/// `this.healthcheck = app.healthcheck;`.
fn is_field(line: &str) -> bool {
    let ends = line.trim_end().ends_with(';');
    let line = line.trim().trim_end_matches([';', ',']);
    let declared = ["private ", "protected ", "public ", "readonly "]
        .iter()
        .any(|word| line.starts_with(word));
    if declared {
        return line.contains(':') && !line.contains('(');
    }
    let copied = line
        .strip_prefix("this.")
        .and_then(|rest| rest.split_once('='));
    // `healthcheck?: IProbe;`
    let typed = line.split_once(':').is_some_and(|(name, of)| {
        let name = name.trim_end_matches(['?', '!']);
        ends && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
            && !of.contains(['(', '\'', '"', '`', '='])
    });
    typed
        || copied.is_some_and(|(name, value)| {
            let of = value.trim().rsplit_once('.');
            of.is_some_and(|(_, last)| last == name.trim())
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn other(path: &str, topic: &str, text: &str, word: &str) -> bool {
        let at = text.find(word).unwrap_or_default();
        means_other(&SourceFile::new(path, text), topic, at, &mut None)
    }

    #[test]
    fn what_a_framework_lays_down_is_not_chosen() {
        let text = "return [\n 'default' => env('LOG_CHANNEL', 'syslog'),\n 'channels' => [\n  'papertrail' => [],\n  'graylog' => [],\n ],\n];";
        assert!(other(
            "config/logging.php",
            "log-collector",
            text,
            "papertrail"
        ));
        // The skeleton has no such channel.
        assert!(!other(
            "config/logging.php",
            "log-collector",
            text,
            "graylog"
        ));
        assert!(!other(
            "config/logging.php",
            "log-collector",
            text,
            "syslog"
        ));
        assert!(!other(
            "app/logging.php",
            "log-collector",
            text,
            "papertrail"
        ));
        let queue = "return [\n 'default' => env('QUEUE_CONNECTION', 'sync'),\n 'rabbitmq' => ['driver' => 'rabbitmq'],\n];";
        assert!(!other("config/queue.php", "events", queue, "rabbitmq"));
        let read = "return [\n 'read' => ['host' => [env('DB_REPLICA_HOST')]],\n];";
        assert!(!other(
            "config/database.php",
            "read-replica",
            read,
            "REPLICA"
        ));
        let services = "return ['mailgun' => [env('A')], 'stripe.com' => env('B')];";
        assert!(other(
            "config/services.php",
            "rented-service",
            services,
            "mailgun"
        ));
        assert!(!other(
            "config/services.php",
            "rented-service",
            services,
            "stripe.com"
        ));
    }

    #[test]
    fn the_name_of_a_file_of_a_framework_says_nothing_where_it_chooses_no_product() {
        let offered = |path: &str, chosen: &str| {
            let text = format!(
                "return [\n 'default' => env('CACHE_STORE', '{chosen}'),\n 'stores' => ['redis' => []],\n];"
            );
            is_offered(&SourceFile::new(path, &text))
        };
        assert!(offered("config/cache.php", "database"));
        assert!(!offered("config/cache.php", "redis"));
        assert!(!offered("app/cache.php", "database"));
    }

    #[test]
    fn what_an_object_works_out_once_is_no_cache() {
        let of = |text: &str| other("shop/orders.py", "cache", text, "lru_cache");
        let own = "from functools import lru_cache\nclass Order:\n    @lru_cache(maxsize=None)\n    def total(self) -> int:\n        return 1\n";
        assert!(of(own));
        let asked = "from functools import lru_cache\n@lru_cache\ndef rate(day):\n    return 1\n";
        assert!(!of(asked));
        assert!(!of(&format!("{own}{asked}")));
        assert!(!of("load = lru_cache()(read)\n"));
    }

    #[test]
    fn fields_of_what_users_describe_run_nothing() {
        let of = |topic, text, word| other("src/app.ts", topic, text, word);
        assert!(of(
            "health-check",
            "  public healthcheck: {\n",
            "healthcheck"
        ));
        assert!(of(
            "health-check",
            "  this.healthcheck = app.healthcheck;",
            "healthcheck"
        ));
        assert!(!of(
            "health-check",
            "  public healthcheck(): string {",
            "healthcheck"
        ));
        assert!(!of(
            "health-check",
            "  healthcheck: { path: '/live' },",
            "healthcheck"
        ));
        let scales = |path: &str, text: &str| describes_autoscalers(&SourceFile::new(path, text));
        let typed = "  autoscaling: {\n    enabled: boolean;";
        assert!(scales("src/app.ts", typed) && scales("src/app.js", typed));
        let cdk = "import * as ecs from 'aws-cdk-lib/aws-ecs';\nconst autoscaling = s.autoScaleTaskCount();";
        assert!(!scales("src/app.ts", cdk) && !scales("src/app.js", cdk));
    }
}
