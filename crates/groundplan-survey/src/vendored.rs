//! Libraries of others that lie among the files of a user interface, as they were downloaded.

use groundplan_syntax::Language;

/// Names of libraries as their files bear them, without version and `.min`. Names that are words,
/// such as `layer` or `video`, are left to the other signs: anybody may call a file so.
const LIBRARIES: [&str; 65] = [
    "amazeui",
    "angular",
    "angular-animate",
    "angular-cookies",
    "angular-resource",
    "angular-route",
    "angular-sanitize",
    "angular-ui-router",
    "axios",
    "bootstrap",
    "bootstrap-datepicker",
    "bootstrap-table",
    "bootstrap-theme",
    "bulma",
    "ckeditor",
    "codemirror",
    "crypto-js",
    "d3",
    "datatables",
    "dropzone",
    "echarts",
    "element-ui",
    "flatpickr",
    "font-awesome",
    "fontawesome",
    "fullcalendar",
    "handlebars",
    "highcharts",
    "htmx",
    "html5shiv",
    "iscroll",
    "jquery",
    "jquery-ui",
    "jquery.datatables",
    "jquery.validate",
    "jszip",
    "katex",
    "knockout",
    "layui",
    "leaflet",
    "lodash",
    "materialize",
    "mathjax",
    "mermaid",
    "modernizr",
    "pdf.worker",
    "plotly",
    "quill",
    "raphael",
    "react-dom",
    "redoc",
    "select2",
    "showdown",
    "socket.io",
    "sockjs",
    "summernote",
    "swagger-ui",
    "swagger-ui-bundle",
    "sweetalert",
    "sweetalert2",
    "swiper",
    "tinymce",
    "toastr",
    "vue",
    "zepto",
];

/// What is shorter may be one's own wrapper of the library of that name.
const FEWEST_LINES: usize = 400;
/// How far into a file a banner is looked for.
const HEAD: usize = 600;

/// Whether a script or style sheet is a library of others: by its ending, its banner with a version,
/// its folder below what is served, or the name of a library where it is long and has a version or
/// lies below what is served.
pub(crate) fn is_vendored(path: &str, language: Language, text: &str) -> bool {
    if !matches!(language, Language::JavaScript | Language::Css) {
        return false;
    }
    if is_packed(text) {
        return true;
    }
    let (folders, name) = crate::paths::split_name(path).unwrap_or(("", path));
    let Some((stem, _)) = name.rsplit_once('.') else {
        return false;
    };
    let packed = [".min", "-min", ".bundle", ".slim"];
    if packed.iter().any(|end| stem.ends_with(end)) || is_library_folder(folders) {
        return true;
    }
    let mut end = text.len().min(HEAD);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let head = &text[..end];
    let banner = head.trim_start().starts_with("/*!") || head.contains("@license");
    if banner && has_version(head) {
        return true;
    }
    // The notice that PDF.js begins with, for <https://www.gnu.org/software/librejs/>; code of one's own may have one.
    if head.contains("@licstart") && head.contains("Mozilla Foundation") && is_served(folders) {
        return true;
    }
    let bare = bare(stem);
    (bare != stem || is_served(folders))
        && LIBRARIES.iter().any(|l| l.eq_ignore_ascii_case(bare))
        && text.lines().take(FEWEST_LINES).count() == FEWEST_LINES
}

/// Whether webpack put a file together: what it was made of stands elsewhere, or is of others.
fn is_packed(text: &str) -> bool {
    /// How far into a file what webpack writes before all modules is looked for.
    const RUNTIME: usize = 4_000;
    let mut end = text.len().min(RUNTIME);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let head = &text[..end];
    head.contains("/******/") && head.contains("webpack")
}

/// Whether a folder holds what others wrote: `static/lib`, `public/plugins`, `3rdparty`.
pub(crate) fn is_library_folder(folders: &str) -> bool {
    steps(folders).any(|(part, served)| match part {
        "vendors" | "vendored" | "3rdparty" | "third-party" | "jslib" => true,
        "lib" | "libs" | "plugins" | "vendor.js" => served,
        // Nobody names a folder of one's own after these.
        "ckeditor" | "codemirror" | "datatables" | "font-awesome" | "fullcalendar"
        | "jquery-ui" | "katex" | "layui" | "mathjax" | "monaco-editor" | "pdfjs"
        | "summernote" | "swagger-ui" | "tinymce" => served,
        _ => false,
    })
}

/// Whether a folder is handed to browsers as it is.
fn is_served(folders: &str) -> bool {
    steps(folders)
        .last()
        .is_some_and(|(part, served)| served || is_root(part, ""))
}

/// The folders of a path, each with whether those above it are handed to browsers as they are.
fn steps(folders: &str) -> impl Iterator<Item = (&str, bool)> {
    let (mut served, mut before) = (false, "");
    crate::paths::parts(folders).map(move |part| {
        let above = served;
        // Below `src` people write themselves.
        served = part != "src" && (served || is_root(part, before));
        before = part;
        (part, above)
    })
}

/// Whether a folder below another one is a root of what is served; of Java only `main/webapp` is.
fn is_root(part: &str, above: &str) -> bool {
    matches!(part, "static" | "public" | "wwwroot" | "assets")
        || part == "webapp" && above == "main"
}

/// Whether a text has a version such as `v1.2.3`, which is not that of a licence.
fn has_version(head: &str) -> bool {
    let of_licence = |line: &str| {
        let line = line.to_ascii_lowercase();
        ["licen", "spdx", "apache"].iter().any(|w| line.contains(w))
    };
    let lines = head.lines().filter(|line| !of_licence(line));
    lines
        .flat_map(|line| line.split(|c: char| !(c.is_ascii_alphanumeric() || c == '.')))
        .any(|word| {
            let word = word.trim_start_matches(['v', 'V']).trim_end_matches('.');
            word.split('.').count() >= 2
                && word.starts_with(|c: char| c.is_ascii_digit())
                && word
                    .split('.')
                    .take(2)
                    .all(|p| !p.is_empty() && p.bytes().all(|b| b.is_ascii_digit()))
        })
}

/// A name without its version and the kind of build: `jquery` of `jquery-3.6.0`, `vue` of
/// `vue.global.prod`.
fn bare(stem: &str) -> &str {
    const KINDS: [&str; 10] = [
        ".min",
        ".global",
        ".prod",
        ".dev",
        ".umd",
        ".esm",
        ".all",
        ".full",
        ".development",
        ".production",
    ];
    let mut name = stem;
    while let Some(cut) = KINDS.iter().find_map(|kind| name.strip_suffix(kind)) {
        name = cut;
    }
    let digits = |c: char| c.is_ascii_digit() || c == '.';
    let cut = name.trim_end_matches(digits);
    let cut = cut.trim_end_matches(['v', '-', '_', '.']);
    // `d3` and `select2` end in a digit of their own.
    match cut.len() < name.len() && name[cut.len()..].contains(['.', '-', '_']) {
        true => cut,
        false => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_downloaded_is_of_others() {
        let long = "line\n".repeat(500);
        let is = |path: &str, text: &str| is_vendored(path, Language::JavaScript, text);
        assert!(is("ui/static/js/angular.js", &long));
        assert!(is("ui/static/js/jquery-3.6.0.js", &long));
        assert!(is("ui/vue.global.prod.js", &long));
        assert!(is("ui/js/d3.v7.js", &long));
        assert!(is("ui/public/js/d3.js", &long));
        assert!(!is("ui/js/d3.js", &long));
        assert!(is("ui/static/pdfjs/web/viewer.mjs", "x"));
        assert!(!is("src/pdfjs/viewer.mjs", "x"));
        let own = "/**\n * @license Apache License, Version 2.0\n */\n";
        assert!(!is("ui/js/cart.js", own));
        assert!(is("public/lib/grid.js", "x"));
        assert!(is("js/table.min.js", "x"));
        assert!(is("js/grid.js", "/*!\n * Grid v1.12.0\n */\n"));
        assert!(!is("src/plugins/axios.js", "import axios from 'axios'\n"));
        assert!(!is("src/lib/cart.js", &long));
        assert!(!is("webapp/src/lib/cart.js", &long));
        assert!(is("src/main/webapp/lib/grid.js", "x"));
        assert!(!is("src/order.js", &long));
        assert!(!is("src/vue-cart.js", &long));
        assert!(!is("static/js/video.js", &long));
    }
}
