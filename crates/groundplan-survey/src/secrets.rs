//! What counts as a secret, and how it is kept out.

use crate::finders::Finders;

/// Whether a bundler puts a variable into the files of a page, by the beginning of its name.
pub(crate) fn is_of_bundle(name: &str) -> bool {
    const BEGINS: [&str; 7] = [
        "EXPO_PUBLIC_",
        "GATSBY_",
        "NEXT_PUBLIC_",
        "NUXT_PUBLIC_",
        "REACT_APP_",
        "VITE_",
        "VUE_APP_",
    ];
    !name.bytes().any(|b| b.is_ascii_lowercase())
        && BEGINS.iter().any(|begin| name.starts_with(begin))
}

/// Whether a key names a secret: its value is then never kept.
pub fn is_secret_name(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let words = &words_in(name, &lower)[..];
    let joined = words.join("_");
    // `api_token_env` names the variable that holds one.
    if words.len() > 1 && words.last().is_some_and(|w| matches!(*w, "env" | "envvar")) {
        return false;
    }
    // What a bundler puts into the files of a page is open to whoever loads it.
    const KEPT: [&str; 3] = ["password", "secret", "private"];
    const PLAIN: [&str; 4] = ["_key", "_token", "_dsn", "_id"];
    // `PUBLIC_` is what some bundlers ask for, and a word that other programs use as well.
    let public = || joined.starts_with("public_") && !name.bytes().any(|b| b.is_ascii_lowercase());
    if (is_of_bundle(name) || public())
        && PLAIN.iter().any(|end| joined.ends_with(end))
        && !KEPT.iter().any(|part| joined.contains(part))
    {
        return false;
    }
    // Parts that may stand anywhere in a name, also where words are written together.
    static PARTS: Finders = Finders::of(&[
        "apikey",
        "privatekey",
        "accesskey",
        "connectionstring",
        "clientkey",
        "signingkey",
        "encryptionkey",
        "jwtkey",
        "accountkey",
        "sharedkey",
        "masterkey",
        "authkey",
        "password",
        "passwd",
        "passphrase",
        "secret",
        "credential",
        "requirepass",
        "masterauth",
    ]);
    const NOT: [&str; 17] = [
        // How a browser is to send what it has
        // (<https://developer.mozilla.org/docs/Web/API/Request/credentials>).
        "request_credentials",
        "with_credentials",
        "include_credentials",
        "secret_name",
        "token_url",
        "token_uri",
        "token_endpoint",
        "secret_file",
        "password_file",
        "token_expir",
        "token_ttl",
        "secret_ref",
        "secretref",
        "token_audience",
        "token_count",
        "token_limit",
        "allow_credentials",
    ];
    // `SigningKey` and `signing-key` are the same name.
    let squashed: String = joined.chars().filter(|c| *c != '_').collect();
    let named = PARTS.any(&squashed)
        || words
            .iter()
            .any(|w| matches!(*w, "pwd" | "token") && !counts(words))
        || words
            .last()
            .is_some_and(|w| matches!(*w, "pass" | "pw" | "pat" | "salt" | "jwt" | "hmac"))
        || ends_in_token(words)
        || is_key(name, words);
    named && !NOT.iter().any(|w| joined.contains(w)) && !is_rule(words) && !is_of_code(name, words)
}

/// Whether a name is that of a part of a program that deals with secrets: `csrf_token_generator`,
/// `security.password_hasher`. A variable in capitals may be the secret of who is called so:
/// `DB_PASSWORD_MANAGER`.
fn is_of_code(name: &str, words: &[&str]) -> bool {
    const OF_TOKENS: [&str; 6] = [
        "extractor",
        "factory",
        "handler",
        "manager",
        "repository",
        "resolver",
    ];
    const PARTS: [&str; 6] = [
        "encoder",
        "field",
        "generator",
        "hasher",
        "parameter",
        "validator",
    ];
    let [.., before, last] = words else {
        return false;
    };
    let of_secret = matches!(*before, "password" | "token");
    name.bytes().any(|b| b.is_ascii_lowercase())
        && of_secret
        && (PARTS.contains(last) || *before == "token" && OF_TOKENS.contains(last))
}

/// Whether a name speaks of a rule about secrets or of what is said about one, by its last word or the first:
/// `PASSWORD_MIN_LENGTH`, `ACCESS_TOKEN_EXPIRE_MINUTES`, `ALLOW_PASSWORD_LOGIN`,
/// `security.password-reset-methods[0].icon`.
fn is_rule(words: &[&str]) -> bool {
    const LAST: [&str; 75] = [
        "age",
        "alg",
        "algorithm",
        "attempts",
        "audience",
        "backend",
        "broker",
        "class",
        "complexity",
        "cost",
        "count",
        "cron",
        "day",
        "days",
        "delay",
        "disabled",
        "driver",
        "duration",
        "enabled",
        "endpoint",
        "expiration",
        "expires",
        "expiry",
        "file",
        "format",
        "header",
        "host",
        "hostname",
        "hour",
        "hours",
        "href",
        "icon",
        "interval",
        "issuer",
        "iterations",
        "kind",
        "label",
        "length",
        "lifetime",
        "limit",
        "login",
        "minute",
        "minutes",
        "mode",
        "name",
        "path",
        "period",
        "placeholder",
        "policy",
        "port",
        "prefix",
        "provider",
        "ref",
        "regex",
        "required",
        "reset",
        "retention",
        "rounds",
        "second",
        "seconds",
        "size",
        "suffix",
        "table",
        "threshold",
        "time",
        "timedelta",
        "timeout",
        "title",
        "ttl",
        "type",
        "url",
        "validity",
        "version",
        "window",
        "within",
    ];
    const FIRST: [&str; 12] = [
        "allow", "disable", "enable", "has", "is", "max", "min", "num", "number", "require",
        "show", "use",
    ];
    // What switches something stands anywhere: `AUTH_DISABLE_USERNAME_PASSWORD`.
    const SWITCH: [&str; 4] = ["allow", "disable", "enable", "require"];
    let is = |word: Option<&&str>, all: &[&str]| word.is_some_and(|w| all.contains(w));
    // `DEVICE_ENABLE_SECRET` is the word by which routers call one of theirs.
    let before_last = words.len().saturating_sub(2);
    let switched = (words.iter().enumerate()).any(|(at, w)| {
        *w == "debug" || SWITCH.contains(w) && (*w != "enable" || at != before_last)
    });
    // `from_secret` names one that is kept elsewhere.
    let named = matches!(words, [a, b] if *a == "from" && b.starts_with("secret"));
    words.len() > 1 && (is(words.last(), &LAST) || is(words.first(), &FIRST) || switched || named)
}

/// Whether a value is only a switch, whatever its name.
fn is_switch(value: &str) -> bool {
    let value = value.trim().trim_matches(['"', '\'']).to_ascii_lowercase();
    matches!(
        value.as_str(),
        "true" | "false" | "yes" | "no" | "on" | "off" | "none" | "null"
    )
}

/// Whether a setting is a number of things that have the name of a secret: `SESSION_TOKENS=4`. One
/// token may be a number, and a password is often one.
fn is_amount(name: &str, value: &str) -> bool {
    let value = value.trim().trim_matches(['"', '\'']);
    let words = words_of(name);
    (1..=7).contains(&value.len())
        && value.bytes().all(|b| b.is_ascii_digit())
        && words
            .last()
            .is_some_and(|w| w.ends_with("tokens") || w.ends_with("keys"))
}

/// Whether a value is a time, whatever its name: `5 seconds`, `15m`, `1h30m`.
fn is_duration(value: &str) -> bool {
    const UNITS: [&str; 23] = [
        "ms", "s", "sec", "secs", "second", "seconds", "m", "min", "mins", "minute", "minutes",
        "h", "hour", "hours", "d", "day", "days", "w", "week", "weeks", "month", "months", "years",
    ];
    let value = value.trim().trim_matches(['"', '\'']).to_ascii_lowercase();
    let units = value.split(|c: char| !c.is_ascii_alphabetic());
    let mut units = units.filter(|u| !u.is_empty()).peekable();
    value.len() <= 24
        && value.starts_with(|c: char| c.is_ascii_digit())
        && units.peek().is_some()
        && units.all(|u| UNITS.contains(&u))
}

/// Whether an address holds a user's password: `postgres://shop:hunter2@db/shop`. One that a
/// variable gives is none.
pub(crate) fn holds_credentials(value: &str) -> bool {
    let Some((_, rest)) = value.split_once("://") else {
        return false;
    };
    if value.trim().contains(char::is_whitespace) {
        return false;
    }
    let end = rest.find(['/', ' ', '"', '\'', '?']).unwrap_or(rest.len());
    let Some((user, _)) = rest[..end].rsplit_once('@') else {
        return false;
    };
    user.split_once(':').is_some_and(|(_, password)| {
        !password.is_empty()
            && !is_placeholder("password", password)
            && !password.starts_with(['$', '{', '<', '%', '*', '…'])
            && !password.contains("${")
    })
}

/// Whether a connection string of `Key=value;` holds a password: one that a variable or a stand-in
/// gives is none.
pub(crate) fn has_password(value: &str) -> bool {
    value.contains(';')
        && value.split(';').any(|part| {
            part.split_once('=').is_some_and(|(key, password)| {
                let key = key.trim().to_ascii_lowercase();
                let password = password.trim();
                matches!(key.as_str(), "password" | "pwd")
                    && !password.is_empty()
                    && !password.starts_with(['$', '{', '<', '%', '*', '#', '…'])
            })
        })
}

/// Whether a value is a sentence that is shown to people, such as `Enter your password`: some words
/// of letters with one that binds them, and no sign that stands in passwords only.
pub(crate) fn is_prose(value: &str) -> bool {
    const BIND: [&str; 34] = [
        "a", "an", "and", "are", "as", "at", "be", "been", "by", "can", "cannot", "could", "do",
        "enter", "for", "from", "has", "have", "in", "is", "must", "not", "of", "on", "or",
        "please", "the", "this", "to", "was", "while", "with", "you", "your",
    ];
    let value = value.trim().trim_matches(['"', '\'']);
    let words: Vec<&str> = value
        .split_whitespace()
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()))
        .collect();
    let plain = |word: &&str| {
        word.chars()
            .all(|c| c.is_alphabetic() || matches!(c, '\'' | '’' | '-'))
    };
    words.len() >= 3
        && words.iter().all(plain)
        && words
            .iter()
            .any(|word| BIND.contains(&word.to_lowercase().as_str()))
}

/// The words of a name, lower case: `userApiKey`, `USER_API_KEY` and `user.api-key` have the same.
pub(crate) fn words_of(name: &str) -> Vec<String> {
    let lower = name.to_ascii_lowercase();
    let words = words_in(name, &lower).into_iter();
    words.map(str::to_owned).collect()
}

/// The same as parts of the name in small letters, `lower`.
fn words_in<'l>(name: &str, lower: &'l str) -> Vec<&'l str> {
    let mut words = Vec::with_capacity(8);
    let (mut from, mut before) = (0, b' ');
    let mut add = |from: usize, to: usize| {
        words.extend(lower.get(from..to).filter(|word| !word.is_empty()));
    };
    for (at, byte) in name.bytes().enumerate() {
        let starts = byte.is_ascii_uppercase() && before.is_ascii_alphanumeric();
        let starts = starts && !before.is_ascii_uppercase();
        if !byte.is_ascii_alphanumeric() || starts {
            add(from, at);
            from = if starts { at } else { at + 1 };
        }
        before = byte;
    }
    add(from, name.len());
    words
}

/// Whether a name speaks of how many or how long, not of the thing itself: `max_tokens`.
fn counts(words: &[&str]) -> bool {
    const AMOUNTS: [&str; 26] = [
        "max", "min", "maximum", "minimum", "limit", "limits", "count", "num", "nr", "number",
        "total", "size", "length", "window", "budget", "quota", "usage", "price", "cost", "ttl",
        "lifetime", "expiry", "timeout", "bytes", "bucket", "rate",
    ];
    words.iter().any(|w| AMOUNTS.contains(w))
}

/// `authtoken`, `tokens`, `refreshtokens`: written together, or more than one.
fn ends_in_token(words: &[&str]) -> bool {
    let token = |w: &&str| *w != "token" && (w.ends_with("token") || w.ends_with("tokens"));
    words.iter().any(token) && !counts(words)
}

/// A variable whose last word is `KEY`, unless it is known to be public or to name a place:
/// `STRIPE_USER_KEY` is a secret, `CACHE_KEY` and `PUBLIC_KEY` are none.
fn is_key(name: &str, words: &[&str]) -> bool {
    const OPEN: [&str; 23] = [
        "public",
        "pub",
        "primary",
        "foreign",
        "cache",
        "sort",
        "partition",
        "routing",
        "registry",
        "object",
        "index",
        "group",
        "hash",
        "row",
        "map",
        "lookup",
        "publishable",
        "site",
        "shard",
        "message",
        "name",
        "mail",
        "email",
    ];
    let variable = !name.chars().any(|c| c.is_ascii_lowercase());
    variable
        && words.len() > 1
        && words.last().is_some_and(|w| *w == "key")
        && !words.iter().any(|w| OPEN.contains(w))
}

/// Whether a value looks like a secret whatever its key: key headers, provider prefixes, JWT.
pub fn is_secret_value(value: &str) -> bool {
    let value = value.trim();
    if value.contains("PRIVATE KEY-----") {
        return true;
    }
    const PREFIXES: [&str; 14] = [
        "AKIA",
        "ASIA",
        "ghp_",
        "gho_",
        "ghs_",
        "github_pat_",
        "glpat-",
        "sk_live_",
        "sk_test_",
        "xoxb-",
        "xoxp-",
        "SG.",
        "AIza",
        "npm_",
    ];
    let token_like = |v: &str| {
        v.len() >= 16
            && v.bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"_-./+=".contains(&b))
    };
    if PREFIXES.iter().any(|p| value.starts_with(p)) && token_like(value) {
        return true;
    }
    value.starts_with("eyJ") && value.matches('.').count() == 2 && value.len() > 40
}

/// Whether a value tells in words what to put there: `STRONG_DB_PASSWORD`, `put-your-key-here`,
/// `changeme`. A password may have such words as well, but then also a digit or a sign.
fn stands_for_another(value: &str) -> bool {
    const SECRETS: [&str; 6] = ["PASSWORD", "SECRET", "TOKEN", "KEY", "PASS", "PASSPHRASE"];
    let lower = value.to_ascii_lowercase();
    let plain = |b: u8| b.is_ascii_alphabetic() || matches!(b, b'-' | b'_');
    if value.is_empty() || !value.bytes().all(plain) {
        return false;
    }
    let squashed: String = lower.chars().filter(char::is_ascii_alphabetic).collect();
    if [
        "changeme",
        "changethis",
        "setme",
        "replaceme",
        "fillmein",
        "putyour",
        "insertyour",
        "enteryour",
        "dummy",
    ]
    .iter()
    .any(|word| squashed.starts_with(word))
        || matches!(squashed.as_str(), "placeholder" | "tobereplaced")
    {
        return true;
    }
    let words: Vec<&str> = value.split(['-', '_']).filter(|w| !w.is_empty()).collect();
    let has = |wanted: &[&str]| {
        words
            .iter()
            .any(|word| wanted.iter().any(|w| word.eq_ignore_ascii_case(w)))
    };
    // `STRONG_DB_PASSWORD`: in capitals it is the name of a thing.
    let named = words.len() > 1 && value == value.to_ascii_uppercase() && has(&SECRETS);
    let asked = words.len() > 2
        && has(&["your", "my"])
        && has(&["here", "key", "secret", "token", "password"]);
    named || asked
}

/// Whether a value only says what is to be put in its place: `<token>`, `{{ token }}`, `YOUR_TOKEN`,
/// or its own name in capitals, as scripts replace it.
pub(crate) fn is_placeholder(name: &str, value: &str) -> bool {
    let value = value.trim().trim_matches(['"', '\'']);
    let between = |open: &str, close: &str| {
        value.len() > open.len() + close.len() && value.starts_with(open) && value.ends_with(close)
    };
    let capitals = |text: &str| {
        text.contains('_')
            && text
                .bytes()
                .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
    };
    let lower = value.to_ascii_lowercase();
    if kept_elsewhere(value).is_some() {
        return true;
    }
    let asks = [
        "enter-", "enter_", "insert-", "insert_", "put-your", "put_your", "your-", "your_",
        "<your", "replace-", "replace_",
    ];
    between("<", ">")
        || between("{{", "}}")
        || asks.iter().any(|word| lower.starts_with(word))
        || stands_for_another(value)
        || (capitals(value)
            && ((capitals(name) && value.contains(name))
                || ["_VAL", "_VALUE", "_HERE", "_PLACEHOLDER"]
                    .iter()
                    .any(|end| value.ends_with(end))))
}

/// Whether a setting holds a secret: by its name or look, unless the value shows that there is
/// none, as in a connection string without a password.
pub(crate) fn holds_secret(name: &str, value: &str) -> bool {
    if is_secret_value(value) {
        return true;
    }
    if !is_secret_name(name) || is_switch(value) || is_prose(value) || is_amount(name, value) {
        return false;
    }
    let squashed: String = name
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect();
    // A password may look like a time.
    let hard = ["password", "secret", "key", "pass"];
    if is_duration(value) && !hard.iter().any(|w| squashed.contains(w)) {
        return false;
    }
    let rest = squashed.replace("connectionstring", "");
    if rest.len() == squashed.len() || is_secret_name(&rest) {
        return true;
    }
    let lower = value.to_ascii_lowercase();
    const PARTS: [&str; 8] = [
        "password",
        "pwd",
        "pass=",
        "key=",
        "secret",
        "token",
        "signature",
        "credential",
    ];
    // A variable may hold anything.
    value.is_empty()
        || value.contains('$')
        || value.contains('@')
        || PARTS.iter().any(|part| lower.contains(part))
}

/// A value as it may be kept: `None` for a secret; credentials in URLs are cut out.
pub(crate) fn keep(name: &str, value: &str) -> Option<String> {
    let is_address = value.contains("://");
    // What only names a variable gives nothing away, however long the name is.
    if is_variable(value) {
        return Some(value.to_owned());
    }
    if is_secret_value(value) {
        return None;
    }
    if holds_secret(name, value) {
        // A connection string is worth its host; what stands before `@` is dropped.
        let reference = value.trim_start().starts_with("${") || gives_nothing(value);
        let kept = is_address || reference || is_placeholder(name, value);
        if let Some(mark) = kept_elsewhere(value) {
            return Some(format!("{mark}…"));
        }
        return kept.then(|| without_credentials(value));
    }
    Some(without_credentials(value))
}

/// Whether a value is none, as it may be written for a column: nothing, empty quotes (`''::text`), `NULL`, or
/// a function that makes one up anew for each row (`gen_random_uuid()`).
fn gives_nothing(value: &str) -> bool {
    let value = value.trim();
    let plain = value.split_once("::").map_or(value, |(plain, kind)| {
        let typed = |c: char| c.is_ascii_alphanumeric() || "_ ()".contains(c);
        match kind.chars().all(typed) {
            true => plain,
            false => value,
        }
    });
    let plain = plain.trim();
    let called = plain.strip_suffix("()").is_some_and(|name| {
        !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphabetic() || b == b'_')
    });
    let nothing = ["null", "nil", "none"];
    plain.is_empty()
        || matches!(plain, "''" | "\"\"" | "``")
        || called
        || nothing.iter().any(|word| plain.eq_ignore_ascii_case(word))
}

/// Whether a value is nothing but a variable: `${DB_PASSWORD}`, `${DB_PASSWORD:?not set}`. One with
/// a default is not.
pub(crate) fn is_variable(value: &str) -> bool {
    let Some(inner) = value.strip_prefix("${").and_then(|v| v.strip_suffix('}')) else {
        return false;
    };
    let name = inner.split('?').next().unwrap_or(inner);
    let name = if name.len() < inner.len() {
        name.strip_suffix(':').unwrap_or(name)
    } else {
        name
    };
    !name.is_empty()
        && name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"_.-".contains(&b))
}

/// The mark of a value that is encrypted, or that says where the secret is kept: then it does not
/// stand in the file. A password may begin like one, so that what follows has to be of its form.
pub(crate) fn kept_elsewhere(value: &str) -> Option<&'static str> {
    const ENCRYPTED: [&str; 5] = ["{cipher}", "ENC(", "ENC[", "DEC(", "$ANSIBLE_VAULT"];
    const KEPT: [&str; 8] = [
        "vault://",
        "op://",
        "sm://",
        "ssm://",
        "arn:aws:secretsmanager:",
        "arn:aws:ssm:",
        "@Microsoft.KeyVault(",
        "/run/secrets/",
    ];
    let value = value.trim().trim_matches(['"', '\'']);
    let all = ENCRYPTED.iter().chain(&KEPT).copied();
    if let Some(mark) = all.into_iter().find(|mark| value.starts_with(mark)) {
        return Some(mark);
    }
    let is_path = |rest: &str| {
        rest.contains('/')
            && rest
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"/._-#".contains(&b))
    };
    let is_variable = |rest: &str| {
        !rest.is_empty()
            && rest
                .bytes()
                .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
    };
    let of = |mark: &'static str, fits: &dyn Fn(&str) -> bool| {
        value
            .strip_prefix(mark)
            .filter(|rest| fits(rest))
            .map(|_| mark)
    };
    of("vault:", &|rest| is_path(rest) && rest.contains('#'))
        .or_else(|| of("ref+", &|rest| rest.contains("://")))
        .or_else(|| of("secretref:", &|rest| !rest.contains(char::is_whitespace)))
        .or_else(|| of("file:", &is_path))
        .or_else(|| of("classpath:", &|rest| is_path(&format!("/{rest}"))))
        .or_else(|| of("env:", &is_variable))
        .or_else(|| of("/etc/", &|rest| is_path(&format!("/{rest}"))))
}

/// A URL without `user:password@`, and without secret parameters of its query or of a
/// `key=value;` connection string.
pub fn without_credentials(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    let mut rest = value;
    while let Some(at) = rest.find("://") {
        let (head, tail) = rest.split_at(at + 3);
        out.push_str(head);
        let end = tail
            .find(['/', ' ', '"', '\'', '?', ','])
            .unwrap_or(tail.len());
        let authority = &tail[..end];
        match authority.rfind('@') {
            Some(mark) => out.push_str(&authority[mark + 1..]),
            None => match late_mark(tail, authority) {
                Some(mark) => {
                    rest = &tail[mark + 1..];
                    continue;
                }
                None => out.push_str(authority),
            },
        }
        rest = &tail[end..];
        // The address of a web hook is its key.
        if is_hook(authority, rest) {
            let end = rest.find([' ', '"', '\'', '`', ')']).unwrap_or(rest.len());
            out.push_str("/…");
            rest = &rest[end..];
        }
    }
    out.push_str(rest);
    drop_secret_parameters(&out)
}

/// The secret variables inside a value that is more than one variable, and whether each has a
/// default: `postgres://shop:${DB_PASSWORD}@db/shop`.
pub(crate) fn variables_in(value: &str) -> Vec<(&str, bool)> {
    let mut all = Vec::new();
    let mut rest = value;
    while let Some((head, tail)) = rest.split_once("${") {
        let Some((inner, after)) = tail.split_once('}') else {
            break;
        };
        let end = inner
            .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
            .unwrap_or(inner.len());
        let (name, behind) = inner.split_at(end);
        let whole = head.is_empty() && after.is_empty() && rest.len() == value.len();
        if !whole && !name.is_empty() && is_secret_name(name) {
            let default = behind.strip_prefix(":-").or(behind.strip_prefix('-'));
            all.push((name, default.is_some_and(|d| !d.is_empty())));
        }
        rest = after;
    }
    all
}

fn is_hook(authority: &str, path: &str) -> bool {
    let is = |host: &str| authority.eq_ignore_ascii_case(host);
    (is("hooks.slack.com") && path.len() > 1)
        || ((is("discord.com") || is("discordapp.com")) && path.starts_with("/api/webhooks/"))
        || authority
            .to_ascii_lowercase()
            .ends_with(".webhook.office.com")
}

/// Where the credentials end if the password holds a `/`, `?` or `,`: what stands behind the `:` is
/// then no port.
fn late_mark(tail: &str, authority: &str) -> Option<usize> {
    let (_, behind) = authority.rsplit_once(':')?;
    if behind.bytes().all(|b| b.is_ascii_digit()) || behind.starts_with(['$', '{', '<', '%']) {
        return None;
    }
    let end = tail.find([' ', '"', '\'', '\n']).unwrap_or(tail.len());
    tail[..end].find('@')
}

/// Hides the values of `name=value` and `--name value` whose name says that they are secret.
fn drop_secret_parameters(value: &str) -> String {
    if !value.contains('=') && !value.contains("--") {
        return value.to_owned();
    }
    let mut out = String::with_capacity(value.len());
    // Whether the next word is the value of a flag.
    let mut hidden = false;
    for part in value.split_inclusive(['&', ';', '?', ' ', ',']) {
        let text = part.trim_end_matches(['&', ';', '?', ' ', ',']);
        let name = match text.split_once('=') {
            Some((name, _)) if is_secret_name(name) => name,
            _ if hidden && !text.starts_with('-') => "",
            _ => {
                // An empty word between two spaces is no value yet.
                hidden = if text.is_empty() {
                    hidden
                } else {
                    is_secret_flag(part)
                };
                out.push_str(part);
                continue;
            }
        };
        if hidden && text.is_empty() {
            out.push_str(part);
            continue;
        }
        hidden = false;
        out.push_str(name);
        out.push_str(if name.is_empty() { "…" } else { "=…" });
        out.push_str(&part[text.len()..]);
    }
    out
}

fn is_secret_flag(part: &str) -> bool {
    part.starts_with("--") && part.ends_with(' ') && is_secret_name(part)
}

/// The parts of a `key=value;` connection string that say where the server is; `None` if it is no
/// such string or says nothing about the place. A list of what may be kept, not of what may not:
/// vendors invent names for their keys.
pub(crate) fn connection_address(value: &str) -> Option<String> {
    const KEPT: [&str; 14] = [
        "server",
        "host",
        "hostname",
        "data source",
        "datasource",
        "addr",
        "address",
        "network address",
        "port",
        "database",
        "initial catalog",
        "endpoint",
        "bootstrapservers",
        "filename",
    ];
    let mut parts = Vec::new();
    for (index, part) in value.split([';', ',']).enumerate() {
        match part.split_once('=') {
            Some((name, place)) => {
                let name = name.trim();
                let kept = KEPT.contains(&name.to_ascii_lowercase().as_str());
                if kept && !place.trim().is_empty() {
                    parts.push(format!("{name}={}", without_credentials(place.trim())));
                }
            }
            // `redis:6379,password=…` begins with the address.
            None if index == 0 && is_address(part) => parts.push(part.trim().to_owned()),
            // `Server=sql,1433`
            None if part.trim().bytes().all(|b| b.is_ascii_digit()) && !part.trim().is_empty() => {
                if let Some(last) = parts.last_mut() {
                    last.push(',');
                    last.push_str(part.trim());
                }
            }
            None => {}
        }
    }
    (!parts.is_empty()).then(|| parts.join(";"))
}

fn is_address(text: &str) -> bool {
    let text = text.trim();
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.:".contains(c);
    let port = text
        .rsplit_once(':')
        .is_some_and(|(_, port)| !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit()));
    text.len() <= 100
        && text.chars().all(plain)
        && (port || !is_secret_value(text) && text.len() <= 30)
}

#[cfg(test)]
mod tests;
