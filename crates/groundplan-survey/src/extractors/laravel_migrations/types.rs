//! Types of the columns of a blueprint of Laravel.

/// Methods of a blueprint that add one column of this name, with the type that it has
/// (<https://laravel.com/docs/migrations#available-column-types>).
const TYPES: &[(&str, &str)] = &[
    ("bigIncrements", "bigint unsigned"),
    ("bigInteger", "bigint"),
    ("binary", "blob"),
    ("boolean", "boolean"),
    ("char", "char"),
    ("date", "date"),
    ("dateTime", "datetime"),
    ("dateTimeTz", "datetime with time zone"),
    ("decimal", "decimal"),
    ("double", "double"),
    ("enum", "enum"),
    ("float", "float"),
    ("foreignId", "bigint unsigned"),
    ("foreignIdFor", "bigint unsigned"),
    ("foreignUlid", "char(26)"),
    ("foreignUuid", "uuid"),
    ("geography", "geography"),
    ("geometry", "geometry"),
    ("id", "bigint unsigned"),
    ("increments", "int unsigned"),
    ("integer", "int"),
    ("integerIncrements", "int unsigned"),
    ("ipAddress", "varchar(45)"),
    ("json", "json"),
    ("jsonb", "jsonb"),
    ("lineString", "linestring"),
    ("longText", "longtext"),
    ("macAddress", "varchar(17)"),
    ("mediumIncrements", "mediumint unsigned"),
    ("mediumInteger", "mediumint"),
    ("mediumText", "mediumtext"),
    ("point", "point"),
    ("polygon", "polygon"),
    ("rememberToken", "varchar(100)"),
    ("set", "set"),
    ("smallIncrements", "smallint unsigned"),
    ("smallInteger", "smallint"),
    ("softDeletes", "timestamp"),
    ("softDeletesDatetime", "datetime"),
    ("softDeletesTz", "timestamp with time zone"),
    ("string", "varchar"),
    ("text", "text"),
    ("time", "time"),
    ("timeTz", "time with time zone"),
    ("timestamp", "timestamp"),
    ("timestampTz", "timestamp with time zone"),
    ("tinyIncrements", "tinyint unsigned"),
    ("tinyInteger", "tinyint"),
    ("tinyText", "tinytext"),
    ("ulid", "char(26)"),
    ("unsignedBigInteger", "bigint unsigned"),
    ("unsignedDecimal", "decimal"),
    ("unsignedInteger", "int unsigned"),
    ("unsignedMediumInteger", "mediumint unsigned"),
    ("unsignedSmallInteger", "smallint unsigned"),
    ("unsignedTinyInteger", "tinyint unsigned"),
    ("uuid", "uuid"),
    ("vector", "vector"),
    ("year", "year"),
];

/// The type of a column that a method of a blueprint adds.
pub(super) fn type_of(method: &str) -> Option<&'static str> {
    // Methods of PHP are called in any case.
    let mut all = TYPES.iter();
    all.find(|(name, _)| name.eq_ignore_ascii_case(method))
        .map(|(_, plain)| *plain)
}

/// The name of a column that a method gives without being told one.
pub(super) fn usual_name(method: &str) -> Option<&'static str> {
    Some(match method {
        "id" => "id",
        "uuid" => "uuid",
        "ulid" => "ulid",
        "rememberToken" => "remember_token",
        "softDeletes" | "softDeletesDatetime" | "softDeletesTz" => "deleted_at",
        "ipAddress" => "ip_address",
        "macAddress" => "mac_address",
        _ => return None,
    })
}
