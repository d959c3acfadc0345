//! What a resource says of backups, encryption, alarms, schedules and the rest.

use crate::facts::{Claim, FileFacts, Mark};
use crate::source::SourceFile;
use groundplan_model::Topic;
use groundplan_syntax::hcl::{self, Attribute, Block};

/// Kinds of resources that are marks by themselves, with the words that come before their name.
const KINDS: [(&str, Topic, &str); 39] = [
    ("aws_backup_plan", Topic::Backup, "AWS Backup plan"),
    (
        "azurerm_backup_policy_vm",
        Topic::Backup,
        "Azure backup policy",
    ),
    (
        "aws_cloudwatch_dashboard",
        Topic::Dashboard,
        "CloudWatch dashboard",
    ),
    (
        "google_monitoring_dashboard",
        Topic::Dashboard,
        "Cloud Monitoring dashboard",
    ),
    ("grafana_dashboard", Topic::Dashboard, "Grafana dashboard"),
    ("datadog_dashboard", Topic::Dashboard, "Datadog dashboard"),
    (
        "azurerm_portal_dashboard",
        Topic::Dashboard,
        "Azure dashboard",
    ),
    ("aws_cloudwatch_metric_alarm", Topic::AlertRule, ""),
    ("google_monitoring_alert_policy", Topic::AlertRule, ""),
    ("azurerm_monitor_metric_alert", Topic::AlertRule, ""),
    (
        "azurerm_monitor_scheduled_query_rules_alert",
        Topic::AlertRule,
        "",
    ),
    ("datadog_monitor", Topic::AlertRule, ""),
    ("grafana_rule_group", Topic::AlertRule, ""),
    (
        "aws_secretsmanager_secret",
        Topic::SecretReference,
        "AWS Secrets Manager",
    ),
    (
        "google_secret_manager_secret",
        Topic::SecretReference,
        "Secret Manager",
    ),
    (
        "azurerm_key_vault_secret",
        Topic::SecretReference,
        "Key Vault",
    ),
    ("aws_iam_role", Topic::Authorization, "IAM role"),
    (
        "google_service_account",
        Topic::Authorization,
        "Service account",
    ),
    (
        "azurerm_user_assigned_identity",
        Topic::Authorization,
        "Managed identity",
    ),
    (
        "azurerm_role_assignment",
        Topic::Authorization,
        "Role assignment",
    ),
    ("aws_security_group", Topic::NetworkPolicy, "Security group"),
    (
        "google_compute_firewall",
        Topic::NetworkPolicy,
        "Firewall rule",
    ),
    (
        "azurerm_network_security_group",
        Topic::NetworkPolicy,
        "Network security group",
    ),
    ("aws_wafv2_web_acl", Topic::NetworkPolicy, "AWS WAF"),
    (
        "google_compute_security_policy",
        Topic::NetworkPolicy,
        "Cloud Armor policy",
    ),
    ("aws_kms_key", Topic::Encryption, "AWS KMS key"),
    ("google_kms_crypto_key", Topic::Encryption, "Cloud KMS key"),
    ("azurerm_key_vault_key", Topic::Encryption, "Key Vault key"),
    ("aws_acm_certificate", Topic::Tls, "ACM certificate"),
    (
        "google_compute_managed_ssl_certificate",
        Topic::Tls,
        "Managed certificate",
    ),
    ("AWS::Backup::BackupPlan", Topic::Backup, "AWS Backup plan"),
    (
        "AWS::CertificateManager::Certificate",
        Topic::Tls,
        "ACM certificate",
    ),
    ("AWS::CloudWatch::Alarm", Topic::AlertRule, ""),
    (
        "AWS::CloudWatch::Dashboard",
        Topic::Dashboard,
        "CloudWatch dashboard",
    ),
    (
        "AWS::EC2::SecurityGroup",
        Topic::NetworkPolicy,
        "Security group",
    ),
    ("AWS::IAM::Role", Topic::Authorization, "IAM role"),
    ("AWS::KMS::Key", Topic::Encryption, "AWS KMS key"),
    (
        "AWS::SecretsManager::Secret",
        Topic::SecretReference,
        "AWS Secrets Manager",
    ),
    ("AWS::WAFv2::WebACL", Topic::NetworkPolicy, "AWS WAF"),
];

/// Arguments that are marks wherever they stand, unless switched off.
const ARGUMENTS: [(&str, Topic); 18] = [
    ("backup_retention_period", Topic::Backup),
    ("backup_retention_days", Topic::Backup),
    ("snapshot_retention_limit", Topic::Backup),
    ("automatic_backup_retention_days", Topic::Backup),
    ("storage_encrypted", Topic::Encryption),
    ("encrypted", Topic::Encryption),
    ("at_rest_encryption_enabled", Topic::Encryption),
    ("infrastructure_encryption_enabled", Topic::Encryption),
    ("sse_algorithm", Topic::Encryption),
    ("transit_encryption_enabled", Topic::Tls),
    ("min_tls_version", Topic::Tls),
    ("minimum_tls_version", Topic::Tls),
    ("minimum_protocol_version", Topic::Tls),
    ("ssl_policy", Topic::Tls),
    ("https_only", Topic::Tls),
    ("require_ssl", Topic::Tls),
    ("point_in_time_recovery_enabled", Topic::Backup),
    ("sse_enabled", Topic::Encryption),
];

/// Blocks that switch backups on by `enabled`.
const BACKUPS: [&str; 2] = ["backup_configuration", "point_in_time_recovery"];

/// Longest detail, in bytes.
const MAX_DETAIL: usize = 200;

pub(in crate::extractors) fn read(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    block: &Block<'_>,
    kind: &str,
    name: &str,
) {
    let add = |acc: &mut FileFacts, lines: (u32, u32), topic, name: String, detail| {
        let claim = Mark {
            topic,
            name,
            detail,
        };
        acc.add(file, lines.0, lines.1, Claim::Mark(claim));
    };
    if let Some((_, topic, words)) = KINDS.iter().find(|(k, ..)| *k == kind) {
        let (title, detail) = match topic {
            Topic::AlertRule => (own_name(block, name).to_owned(), alarm(block)),
            _ => (format!("{words} `{name}`"), about(block)),
        };
        add(acc, block.lines, *topic, title, detail);
    }
    match kind {
        "aws_cloudwatch_event_rule"
        | "aws_scheduler_schedule"
        | "AWS::Events::Rule"
        | "AWS::Scheduler::Schedule" => {
            if let Some(when) = text(block, "schedule_expression") {
                let when = Some(when.to_owned());
                add(acc, block.lines, Topic::ScheduledJob, name.to_owned(), when);
            }
        }
        "google_cloud_scheduler_job" => {
            if let Some(when) = text(block, "schedule") {
                let when = Some(when.to_owned());
                add(acc, block.lines, Topic::ScheduledJob, name.to_owned(), when);
            }
        }
        "aws_cloudwatch_log_group"
        | "AWS::Logs::LogGroup"
        | "azurerm_log_analytics_workspace"
        | "azurerm_application_insights" => {
            if let Some(days) = block.get("retention_in_days").and_then(number) {
                let detail = format!("logs are kept for {days} days");
                let name = own_name(block, name).to_owned();
                add(acc, block.lines, Topic::Logging, name, Some(detail));
            }
        }
        "google_logging_project_bucket_config" => {
            if let Some(days) = block.get("retention_days").and_then(number) {
                let detail = format!("logs are kept for {days} days");
                let name = own_name(block, name).to_owned();
                add(acc, block.lines, Topic::Logging, name, Some(detail));
            }
        }
        _ => {}
    }
    // A template knows a resource by its name alone, and writes properties in another way.
    let template = kind.contains("::");
    let title = match template {
        true => name.to_owned(),
        false => format!("{kind}.{name}"),
    };
    each(block, 0, &mut |inner| {
        for attribute in &inner.attributes {
            let known = ARGUMENTS.iter().find(|(n, _)| *n == attribute.name);
            // What a variable decides is not known here.
            if let (Some((_, topic)), Some(value)) = (known, hcl::literal(attribute.value))
                && !matches!(value, "false" | "0" | "" | "Disabled")
            {
                let written = match template {
                    true => pascal(attribute.name),
                    false => attribute.name.to_owned(),
                };
                let detail = format!("`{written}` is `{value}` for `{title}`");
                add(acc, attribute.lines, *topic, title.clone(), Some(detail));
            }
        }
        let on = inner.get("enabled").is_some_and(|a| a.value == "true");
        if on && BACKUPS.contains(&inner.kind) {
            let detail = format!("`{}` is on for `{title}`", inner.kind);
            add(acc, inner.lines, Topic::Backup, title.clone(), Some(detail));
        }
    });
}

/// The name of a property as templates write it: `retention_in_days` is `RetentionInDays`.
fn pascal(name: &str) -> String {
    let words = name.split('_').map(|word| match word {
        "sse" => "SSE".to_owned(),
        _ => {
            let (first, rest) = word.split_at_checked(1).unwrap_or((word, ""));
            format!("{}{rest}", first.to_ascii_uppercase())
        }
    });
    words.collect()
}

/// A block and those inside, up to a depth.
fn each(block: &Block<'_>, depth: usize, see: &mut dyn FnMut(&Block<'_>)) {
    see(block);
    if depth < 6 {
        for inner in &block.blocks {
            each(inner, depth + 1, see);
        }
    }
}

fn text<'t>(block: &Block<'t>, name: &str) -> Option<&'t str> {
    hcl::literal(block.get(name)?.value).filter(|v| !v.is_empty())
}

fn number<'t>(attribute: &Attribute<'t>) -> Option<&'t str> {
    hcl::literal(attribute.value).filter(|v| v.bytes().all(|b| b.is_ascii_digit()) && *v != "0")
}

/// The name that people see, where it stands as text.
fn own_name<'t>(block: &Block<'t>, label: &'t str) -> &'t str {
    let names = ["alarm_name", "display_name", "name"];
    names.iter().find_map(|n| text(block, n)).unwrap_or(label)
}

fn about(block: &Block<'_>) -> Option<String> {
    let text = text(block, "description")?;
    (text.len() <= MAX_DETAIL).then(|| text.to_owned())
}

/// What wakes somebody: metric, comparison and threshold as far as they stand as text.
fn alarm(block: &Block<'_>) -> Option<String> {
    let metric = text(block, "metric_name");
    let sign = match text(block, "comparison_operator") {
        Some("GreaterThanThreshold") => ">",
        Some("GreaterThanOrEqualToThreshold") => ">=",
        Some("LessThanThreshold") => "<",
        Some("LessThanOrEqualToThreshold") => "<=",
        _ => "",
    };
    let threshold = text(block, "threshold");
    match (metric, threshold) {
        (Some(metric), Some(threshold)) if !sign.is_empty() => {
            Some(format!("{metric} {sign} {threshold}"))
        }
        (Some(metric), _) => Some(metric.to_owned()),
        _ => text(block, "query")
            .filter(|q| q.len() <= MAX_DETAIL)
            .map(str::to_owned)
            .or_else(|| about(block)),
    }
}
