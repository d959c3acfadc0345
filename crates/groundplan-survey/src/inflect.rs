//! Singular and plural of English words, as frameworks form them for names of tables, routes and their
//! parameters; the rules are those of Rails, which others follow.
//!
//! Only the rules of English that such words need; a word that an application teaches Rails in
//! `config/initializers/inflections.rb` is formed by the rules all the same.

/// Words that are their own plural.
const SAME: [&str; 11] = [
    "equipment",
    "fish",
    "information",
    "jeans",
    "money",
    "news",
    "police",
    "rice",
    "series",
    "sheep",
    "species",
];

/// Singular and plural that no rule gives.
const ODD: [(&str, &str); 13] = [
    ("child", "children"),
    ("database", "databases"),
    ("knife", "knives"),
    ("life", "lives"),
    ("man", "men"),
    ("mouse", "mice"),
    ("move", "moves"),
    ("movie", "movies"),
    ("ox", "oxen"),
    ("person", "people"),
    ("quiz", "quizzes"),
    ("shoe", "shoes"),
    ("wife", "wives"),
];

/// Ends of plurals with those of their singulars; the first that fits is taken.
const ENDS: [(&str, &str); 25] = [
    ("ss", "ss"),
    ("analyses", "analysis"),
    ("bases", "basis"),
    ("diagnoses", "diagnosis"),
    ("parentheses", "parenthesis"),
    ("synopses", "synopsis"),
    ("crises", "crisis"),
    ("theses", "thesis"),
    ("statuses", "status"),
    ("aliases", "alias"),
    ("buses", "bus"),
    ("viruses", "virus"),
    ("status", "status"),
    ("alias", "alias"),
    ("analysis", "analysis"),
    ("vertices", "vertex"),
    ("indices", "index"),
    ("matrices", "matrix"),
    ("sses", "ss"),
    ("shes", "sh"),
    ("ches", "ch"),
    ("xes", "x"),
    ("oes", "o"),
    ("lves", "lf"),
    ("rves", "rf"),
];

/// The last word of a name, with what stands before it.
fn last_word(name: &str) -> (&str, &str) {
    let at = name.rfind(['_', '-']).map_or(0, |at| at + 1);
    name.split_at(at)
}

/// `categories` as `category`.
pub(crate) fn singular(name: &str) -> String {
    let (before, word) = last_word(name);
    let lower = word.to_ascii_lowercase();
    if SAME.contains(&lower.as_str()) {
        return name.to_owned();
    }
    if let Some((one, _)) = ODD.iter().find(|(_, many)| *many == lower) {
        return format!("{before}{one}");
    }
    if let Some((stem, one)) = ENDS
        .iter()
        .find_map(|(many, one)| Some((word.strip_suffix(many)?, one)))
    {
        return format!("{before}{stem}{one}");
    }
    if let Some(stem) = word.strip_suffix("ies")
        && !stem.ends_with(['a', 'e', 'i', 'o', 'u'])
        && !stem.is_empty()
    {
        return format!("{before}{stem}y");
    }
    // `data`, `media`
    if let Some(stem) = word.strip_suffix('a')
        && stem.ends_with(['t', 'i'])
    {
        return format!("{before}{stem}um");
    }
    match word.strip_suffix('s') {
        Some(stem) => format!("{before}{stem}"),
        None => name.to_owned(),
    }
}

/// `category` as `categories`.
pub(crate) fn plural(name: &str) -> String {
    let (before, word) = last_word(name);
    let lower = word.to_ascii_lowercase();
    let many = ["data", "media", "metadata", "criteria"];
    if SAME.contains(&lower.as_str()) || many.contains(&lower.as_str()) {
        return name.to_owned();
    }
    if let Some((_, many)) = ODD.iter().find(|(one, _)| *one == lower) {
        return format!("{before}{many}");
    }
    if let Some(stem) = word.strip_suffix('y')
        && !stem.ends_with(['a', 'e', 'i', 'o', 'u'])
    {
        return format!("{before}{stem}ies");
    }
    if let Some(stem) = word.strip_suffix("sis") {
        return format!("{before}{stem}ses");
    }
    let hisses = ["ss", "sh", "ch", "x", "status", "alias", "bus", "virus"];
    if hisses.iter().any(|end| word.ends_with(end)) {
        return format!("{name}es");
    }
    match word.ends_with('s') {
        true => name.to_owned(),
        false => format!("{name}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::{plural, singular};

    #[test]
    fn words_of_routes() {
        for (many, one) in [
            ("users", "user"),
            ("categories", "category"),
            ("addresses", "address"),
            ("statuses", "status"),
            ("order_statuses", "order_status"),
            ("boxes", "box"),
            ("people", "person"),
            ("responses", "response"),
            ("archives", "archive"),
            ("keys", "key"),
            ("movies", "movie"),
        ] {
            assert_eq!(singular(many), one);
            assert_eq!(plural(one), many);
        }
        assert_eq!(singular("news"), "news");
        assert_eq!(singular("batch"), "batch");
        assert_eq!(singular("services"), "service");
    }
}
