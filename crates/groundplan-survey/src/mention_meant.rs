//! Words whose line says by itself that they mean something else: settings that a framework lays down for products
//! of all kinds, and fields that hold what users set for programs of their own.

use crate::paths;
use crate::source::SourceFile;
use groundplan_syntax::Language;

/// Whether the word at `at` of the topic says nothing about the system by where it stands in its file.
pub(crate) fn means_other(file: &SourceFile, topic: &str, at: usize) -> bool {
    let start = memchr::memrchr(b'\n', &file.text.as_bytes()[..at]).map_or(0, |n| n + 1);
    let rest = file.text.get(start..).unwrap_or_default();
    let line = rest.lines().next().unwrap_or_default();
    match file.language {
        // The skeleton has no replicas: who names one has written it.
        Language::Php => topic != "read-replica" && is_of_skeleton(file, line, at - start),
        Language::TypeScript => match topic {
            "autoscaler" => !defines_infrastructure(file.text),
            "health-check" => is_field(line),
            _ => false,
        },
        _ => false,
    }
}

/// Whether a line of the settings that come with a new program of Laravel names what may be chosen and is not: each
/// file has a block for all products that the framework knows, and the key `default` says which of them is used
/// (<https://github.com/laravel/laravel/tree/12.x/config>).
fn is_of_skeleton(file: &SourceFile, line: &str, at: usize) -> bool {
    const CHOSEN: [&str; 8] = [
        "broadcasting.php",
        "cache.php",
        "database.php",
        "filesystems.php",
        "logging.php",
        "mail.php",
        "queue.php",
        "session.php",
    ];
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
    let lower = paths::lower(file.path);
    let mut parts = lower.rsplit('/');
    let (name, folder) = (parts.next().unwrap_or_default(), parts.next());
    if folder != Some("config") || !file.text.contains("env('") {
        return false;
    }
    if name == "services.php" {
        let word = paths::lower(line.get(at..).unwrap_or_default());
        return SERVICES.iter().any(|of| word.starts_with(of));
    }
    let key = line.trim_start().trim_start_matches(['\'', '"']);
    CHOSEN.contains(&name)
        && !["default", "deprecations", "stack"]
            .iter()
            .any(|of| key.starts_with(of))
}

/// Whether code describes what a cloud or a cluster is to run.
fn defines_infrastructure(text: &str) -> bool {
    const LIBRARIES: [&str; 6] = ["aws-cdk", "cdk8s", "cdktf", "constructs", "pulumi", "sst"];
    text.lines()
        .filter(|line| line.contains("import") || line.contains("require("))
        .any(|line| LIBRARIES.iter().any(|library| line.contains(library)))
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
        means_other(&SourceFile::new(path, text), topic, at)
    }

    #[test]
    fn what_a_framework_lays_down_is_not_chosen() {
        let text = "return [\n 'default' => env('LOG_CHANNEL', 'syslog'),\n 'channels' => [\n  'graylog' => [],\n ],\n];";
        assert!(other(
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
        assert!(!other("app/logging.php", "log-collector", text, "graylog"));
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
        assert!(of(
            "autoscaler",
            "  autoscaling: {\n    enabled: boolean;",
            "autoscaling"
        ));
        let cdk = "import * as ecs from 'aws-cdk-lib/aws-ecs';\nconst autoscaling = s.autoScaleTaskCount();";
        assert!(!of("autoscaler", cdk, "autoscaling"));
    }
}
