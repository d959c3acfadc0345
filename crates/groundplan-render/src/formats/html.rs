//! One self-contained page: no request to anywhere, readable without scripts and on paper.

mod block;
mod drawing;
mod escape;
mod hash;
mod inline;
mod page;
mod provenance;
mod sheet;

use crate::{Context, Format};
use escape::text;
use groundplan_document::Document;
use page::Page;

/// HTML with search, sources on click, inline drawings, light and dark.
pub(crate) static HTML: Format = Format {
    name: "html",
    extension: "html",
    media_type: "text/html; charset=utf-8",
    about: "one self-contained page with search, drawings and the source of each statement",
    run,
};

const STYLE: &str = include_str!("../../assets/page.css");
/// Runs before the first paint, so that the page does not flash in the wrong colours.
const EARLY: &str = include_str!("../../assets/early.js");
const SCRIPT: &str = include_str!("../../assets/page.js");
/// Zoom, neighbours and ways into drawings.
const DRAWING: &str = include_str!("../../assets/drawing.js");

fn run(document: &Document, context: &Context) -> String {
    let mut page = Page::new(document, context);
    head(&mut page);
    sidebar(&mut page);
    page.push("<main id=\"_main\" tabindex=\"-1\">\n<header class=\"title\">");
    page.push(&format!("<h1>{}</h1>\n", text(document.title.trim())));
    if !document.header.is_empty() {
        page.push("<dl>\n");
        for (label, words) in &document.header {
            page.push(&format!(
                "<div><dt>{}</dt><dd>",
                text(label.trim().trim_end_matches(':'))
            ));
            page.text(words, 1);
            page.push("</dd></div>\n");
        }
        page.push("</dl>\n");
    }
    page.push("</header>\n");
    for section in &document.sections {
        page.section(section, 2);
    }
    page.push("<p id=\"_nothing\" hidden>Nothing found.</p>\n");
    if !document.footer.is_empty() {
        page.push("<footer>");
        page.text(&document.footer, 1);
        page.push("</footer>\n");
    }
    page.push("</main>\n</div>\n");
    page.push("<div id=\"_panel\" role=\"dialog\" aria-label=\"Source of the statement\" tabindex=\"-1\" hidden></div>\n");
    let json = page.provenance_json();
    page.push(&format!(
        "<script type=\"application/json\" id=\"provenance\">{json}</script>\n"
    ));
    page.push(&format!("<script>{SCRIPT}</script>\n"));
    page.push(&format!("<script>{DRAWING}</script>\n</body>\n</html>\n"));
    page.out
}

fn head(page: &mut Page) {
    let title = text(page.document.title.trim());
    let policy = format!(
        "default-src 'none'; script-src '{}' '{}' '{}'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'",
        hash::source(EARLY),
        hash::source(SCRIPT),
        hash::source(DRAWING)
    );
    page.push(&format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <title>{title}</title>\n<style>{STYLE}</style>\n<script>{EARLY}</script>\n</head>\n\
         <body>\n<a class=\"skip\" href=\"#_main\">Skip to the text</a>\n<div class=\"page\">\n"
    ));
}

fn sidebar(page: &mut Page) {
    let title = text(page.document.title.trim());
    page.push(&format!(
        "<aside class=\"side\">\n<div class=\"tools\"><a class=\"name\" href=\"#_main\">{title}</a>\
         <button type=\"button\" id=\"_theme\">Dark</button>\
         <button type=\"button\" id=\"_toggle\" aria-expanded=\"false\" aria-controls=\"_nav\">Contents</button></div>\n\
         <div class=\"search\" role=\"search\"><input id=\"_search\" type=\"search\" placeholder=\"Search\" \
         aria-label=\"Search in this document\" autocomplete=\"off\" spellcheck=\"false\"><kbd aria-hidden=\"true\">/</kbd>\
         <p id=\"_found\" role=\"status\"></p></div>\n<nav id=\"_nav\" aria-label=\"Contents\">\n"
    ));
    page.contents();
    page.push(
        "</nav>\n<p class=\"legend\">Click a statement for its source: \
         <span><i class=\"src observed\"></i>\u{a0}seen or declared</span> \
         <span><i class=\"src computed\"></i>\u{a0}computed</span> \
         <span><i class=\"src decided\"></i>\u{a0}decided</span> \
         <span><i class=\"src assumed\"></i>\u{a0}assumed</span></p>\n</aside>\n",
    );
}
