//! Forms of nouns and verbs: one and many, the third person.

/// Nouns whose plural is no ending.
pub(crate) const ODD: [(&str, &str); 19] = [
    ("quiz", "quizzes"),
    ("child", "children"),
    ("foot", "feet"),
    ("tooth", "teeth"),
    ("goose", "geese"),
    ("mouse", "mice"),
    ("louse", "lice"),
    ("ox", "oxen"),
    ("half", "halves"),
    ("calf", "calves"),
    ("shelf", "shelves"),
    ("knife", "knives"),
    ("wolf", "wolves"),
    ("loaf", "loaves"),
    ("thief", "thieves"),
    ("hoof", "hooves"),
    ("scarf", "scarves"),
    ("wife", "wives"),
    ("midwife", "midwives"),
];

/// Nouns that end in `ie`, whose plural is none of a noun in `y`.
const IE: [&str; 11] = [
    "movie", "cookie", "selfie", "calorie", "rookie", "zombie", "brownie", "hoodie", "smoothie",
    "prairie", "eyrie",
];

/// Nouns that end in `che`: of `avalanches` one is no `avalanch`.
pub(crate) const CHE: [&str; 12] = [
    "avalanche",
    "cache",
    "niche",
    "ache",
    "headache",
    "toothache",
    "moustache",
    "creche",
    "quiche",
    "tranche",
    "cliche",
    "brioche",
];

/// Nouns of which more than one ends in `ses` and one in `s`.
pub(crate) const US: [&str; 14] = [
    "bus", "minibus", "virus", "bonus", "campus", "census", "chorus", "circus", "surplus",
    "syllabus", "status", "gas", "lens", "canvas",
];

/// A noun whose plural ending was cut off, as it is written: `querie` to `query`.
pub(crate) fn folded(noun: &str) -> String {
    match noun.strip_suffix("ie") {
        Some(stem) if stem.len() > 1 && !IE.contains(&noun) => format!("{stem}y"),
        _ => noun.to_owned(),
    }
}

/// One of a noun: `companies` to `company`, `courses` to `course`, `boxes` to `box`.
pub(crate) fn single(word: &str) -> String {
    let word = word.trim_end_matches("'s").trim_end_matches("’s");
    if US.contains(&word) || ["logistics", "news", "series", "analysis", "chassis"].contains(&word)
    {
        return word.to_owned();
    }
    if let Some((one, _)) = ODD.iter().find(|(_, many)| *many == word) {
        return (*one).to_owned();
    }
    if let Some((before, head)) = word.rsplit_once('-')
        && let Some((one, _)) = ODD.iter().find(|(_, many)| *many == head)
    {
        return format!("{before}-{one}");
    }
    // `storemen`, `midwomen`: people whose plural bends inside.
    if let Some(stem) = word.strip_suffix("men").filter(|s| s.len() > 2)
        && !["speci", "regi", "abdo", "acu", "cycla", "exa", "se"].contains(&stem)
    {
        return format!("{stem}man");
    }
    if ["taxis", "skis", "safaris", "kiwis", "emojis"].contains(&word) {
        return word.trim_end_matches('s').to_owned();
    }
    if let Some(stem) = word.strip_suffix("people").filter(|s| !s.is_empty()) {
        return format!("{stem}person");
    }
    if let Some(stem) = word.strip_suffix("ies").filter(|s| s.len() > 1) {
        return folded(&format!("{stem}ie"));
    }
    let bare = word.strip_suffix('s').unwrap_or(word);
    if CHE.contains(&bare) {
        return bare.to_owned();
    }
    if let Some(stem) = word.strip_suffix("es")
        // `prizes` are no `priz`, and `waltzes` no `waltze`.
        && (["x", "sh", "ch", "ss", "tz", "zz"]
            .iter()
            .any(|e| stem.ends_with(e))
            || US.contains(&stem))
    {
        return stem.to_owned();
    }
    match word.strip_suffix('s') {
        Some(stem) if word.len() > 3 && !stem.ends_with(['s', 'u', 'i']) => stem.to_owned(),
        _ => word.to_owned(),
    }
}

/// The third person of a verb; of two words the first bends.
pub(crate) fn third(verb: &str) -> String {
    let (head, tail) = verb.split_once(' ').map_or((verb, ""), |(h, t)| (h, t));
    let bent = if let Some(stem) = head.strip_suffix('y')
        && !stem.ends_with(['a', 'e', 'o', 'u'])
    {
        format!("{stem}ies")
    } else if ["s", "x", "z", "ch", "sh"]
        .iter()
        .any(|e| head.ends_with(e))
    {
        format!("{head}es")
    } else {
        format!("{head}s")
    };
    if tail.is_empty() {
        bent
    } else {
        format!("{bent} {tail}")
    }
}

/// Words that tell how or when a thing is, and make no other thing of it.
pub(super) const PLAIN: [&str; 54] = [
    "defective",
    "expiring",
    "leaking",
    "outstanding",
    "overdue",
    "overflowing",
    "upcoming",
    "stolen",
    "wrong",
    "serious",
    "lost",
    "broken",
    "faulty",
    "urgent",
    "late",
    "damaged",
    "dead",
    "sick",
    "suspicious",
    "unused",
    "raw",
    "tomorrow",
    "next",
    "last",
    "opposing",
    "incoming",
    "outgoing",
    "existing",
    "missing",
    "pending",
    "growing",
    "remaining",
    "new",
    "old",
    "first",
    "second",
    "other",
    "same",
    "own",
    "monthly",
    "daily",
    "weekly",
    "yearly",
    "good",
    "free",
    "open",
    "real",
    "live",
    "full",
    "single",
    "different",
    "named",
    "local",
    "two",
];
