use super::{holds_credentials, is_secret_name, keep, kept_elsewhere, variables_in};

#[test]
fn what_is_to_be_filled_in_is_no_secret() {
    for value in [
        "API_KEY_VAL",
        "<key>",
        "{{ key }}",
        "your-api-key",
        "STRONG_API_KEY",
        "put-your-key-here",
        "changeme",
        "changethis",
        "set-me",
        "dummySecret",
        "REPLACE_WITH_LONG_SECRET",
        "${KEY}",
        "",
        "''",
        "''::text",
        "NULL",
        "gen_random_uuid()",
    ] {
        assert_eq!(keep("API_KEY", value).as_deref(), Some(value));
    }
    for value in [
        "changeit",
        "API",
        "f00",
        "HUNTER2",
        "KEY_4711",
        "sesame_key",
        "dummy4711",
        "MY-KEY-9!",
    ] {
        assert_eq!(keep("API_KEY", value), None, "{value}");
    }
}

#[test]
fn switches_are_no_secrets_and_passwords_in_addresses_are() {
    assert_eq!(keep("SSO_TOKENS", "true").as_deref(), Some("true"));
    assert_eq!(keep("SMTP_PASSWORD", "truelove"), None);
    assert_eq!(keep("RING_TOKENS", "256").as_deref(), Some("256"));
    assert_eq!(keep("ADMIN_TOKEN", "4711"), None);
    assert_eq!(keep("DB_PASSWORD", "1234"), None);
    assert_eq!(keep("DB_PASSWORD", "correct horse battery staple"), None);
    let shown = "Enter your password";
    assert_eq!(keep("login.password", shown).as_deref(), Some(shown));
    assert_eq!(
        keep("TOKEN_REFRESH", "5 seconds").as_deref(),
        Some("5 seconds")
    );
    assert!(!is_secret_name("TOKEN_UPDATE_LAST_LOGIN_THRESHOLD"));
    for (value, holds) in [
        ("postgres://shop:hunter2@db/shop?sslmode=disable", true),
        ("postgres://shop:${DB_PASSWORD}@db/shop", false),
        ("postgres://shop:STRONG_DB_PASSWORD@db/shop", false),
        ("postgres://shop:change-me@db/shop", false),
        ("postgres://shop@db/shop", false),
        ("http://db:8080/a@b", false),
    ] {
        assert_eq!(holds_credentials(value), holds, "{value}");
    }
}

#[test]
fn secrets_inside_of_addresses() {
    let value = "postgres://${USER}:${DB_PASSWORD}@db/${DB}?key=${API_KEY:-abc}";
    assert_eq!(
        variables_in(value),
        [("DB_PASSWORD", false), ("API_KEY", true)]
    );
    assert!(variables_in("${DB_PASSWORD}").is_empty());
}

#[test]
fn a_password_that_begins_like_a_reference_is_none() {
    for value in [
        "sm@rtHorse9",
        "vault:horse",
        "env:horse9",
        "file:horse",
        "ref+horse",
    ] {
        assert_eq!(kept_elsewhere(value), None, "{value}");
    }
    for value in [
        "vault:secret/data/shop#DB",
        "env:DB_PASSWORD",
        "file:/run/db.txt",
    ] {
        assert!(kept_elsewhere(value).is_some(), "{value}");
    }
}

#[test]
fn secrets_are_told_by_whole_words() {
    for name in [
        "DB_PASSWORD",
        "userApiKey",
        "AIRBRAKE_USER_KEY",
        "DATADOG_APPLICATION_KEY",
        "GITHUB_TOKEN",
        "authToken",
        "accesstoken",
        "SESSION_SALT",
        "GITHUB_PAT",
        "spring.datasource.password",
        "jwt-signing-key",
        "REFRESH_TOKENS",
        "FROM_PASSWORD",
        "DEVICE_ENABLE_SECRET",
        "DB_PASSWORD_MANAGER",
    ] {
        assert!(is_secret_name(name), "{name}");
    }
    for name in [
        "MAX_TOKENS",
        "CASSANDRA_NUM_TOKENS",
        "MAX_API_KEYS",
        "TOKEN_URL",
        "CACHE_KEY",
        "STRIPE_PUBLIC_KEY",
        "routing_key",
        "KEY",
        "PATH",
        "COMPASS_HEADING",
        "Jwt:Issuer",
        "llm.max-tokens",
        "RATE_LIMIT_TOKEN_BUCKET",
        "PW_KEEP_SERVICE_RUNNING",
        "PASS_THROUGH_HEADERS",
        "PASSWORD_MIN_LENGTH",
        "ACCESS_TOKEN_EXPIRE_MINUTES",
        "ALLOW_PASSWORD_LOGIN",
        "TOKEN_TIME",
        "SSO_DEBUG_TOKENS",
        "baseUrlTokenName",
        "injectionTokenType",
        "requestCredentials",
        "AUTH_DISABLE_USERNAME_PASSWORD",
        "reset_password_within",
        "PASSWORD_COMPLEXITY",
        "jwt_secret_alg",
        "TOKEN_VALIDITY",
        "DB_PASSWORD_FILE",
        "SECRETS_BACKEND",
        "TOKEN_PROVIDER",
        "security.password-reset-methods[0].icon",
        "csrf_token_generator",
        "security.password_hasher",
        "csrf.token_manager",
        "from_secret",
    ] {
        assert!(!is_secret_name(name), "{name}");
    }
}
