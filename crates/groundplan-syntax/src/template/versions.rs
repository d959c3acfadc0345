//! Versions, and what every cluster of Kubernetes knows.

use super::data::Data;

/// Whether a version of an API, `batch/v1` or `batch/v1/CronJob`, is one that every cluster of
/// today has.
pub(super) fn is_built_in(api: &str) -> Data {
    const GROUPS: [&str; 12] = [
        "v1",
        "apps",
        "batch",
        "autoscaling",
        "policy",
        "networking.k8s.io",
        "rbac.authorization.k8s.io",
        "storage.k8s.io",
        "apiextensions.k8s.io",
        "admissionregistration.k8s.io",
        "coordination.k8s.io",
        "scheduling.k8s.io",
    ];
    let mut parts = api.split('/');
    let group = parts.next().unwrap_or("");
    let version = parts.next().unwrap_or("v1");
    let early = version.contains("alpha") || version.contains("beta");
    Data::Bool(GROUPS.contains(&group) && !early)
}

/// Whether a version fulfils all that a constraint asks: `>=1.19-0 <2`, `^1.2`, `~1.20`.
pub(super) fn fulfils(constraint: &str, version: &str) -> Data {
    let Some(version) = numbers(version) else {
        return Data::Unknown(false);
    };
    let mut any = false;
    for choice in constraint.split("||") {
        let mut all = true;
        let spaced = choice.replace(',', " ");
        let mut words = spaced.split_whitespace();
        while let Some(word) = words.next() {
            let digits = word.find(|c: char| c.is_ascii_digit() || c == 'v' || c == '*');
            let (sign, rest) = word.split_at(digits.unwrap_or(word.len()));
            let rest = match rest {
                "" => words.next().unwrap_or(""),
                rest => rest,
            };
            let Some(wanted) = numbers(rest) else {
                return Data::Unknown(false);
            };
            all &= match sign {
                ">=" => version >= wanted,
                ">" => version > wanted,
                "<" => version < wanted,
                "<=" => version <= wanted,
                "!=" => version != wanted,
                "^" => version >= wanted && version[0] == wanted[0],
                "~" => version >= wanted && version[..2] == wanted[..2],
                "" | "=" => {
                    let parts = rest.split('.').filter(|p| !matches!(*p, "x" | "*"));
                    let count = parts.count().min(3);
                    version[..count] == wanted[..count]
                }
                _ => return Data::Unknown(false),
            };
        }
        any |= all;
    }
    Data::Bool(any)
}

/// Major, minor and patch of `v1.30.0-eks`; what is missing is 0.
fn numbers(text: &str) -> Option<[u64; 3]> {
    let text = text.trim().trim_start_matches('v');
    let core = text.split(['-', '+']).next()?;
    let mut all = [0; 3];
    for (place, part) in core.split('.').take(3).enumerate() {
        all[place] = match part {
            "x" | "*" | "X" => 0,
            part => part.parse().ok()?,
        };
    }
    Some(all)
}
