//! What a document says about itself: revision, coverage, authors, change log, sources.

use super::records;
use super::seen::{MOST, topic};
use crate::answer::{Absence, Answer};
use crate::context::{Context, counted, declared, declared_or};
use crate::subject::Subject;
use crate::text::{bullets, names, plain_cell, table};
use crate::tree::{Block, Item, Span, Text};
use crate::words;
use groundplan_model::{
    Decision, DecisionStatus, Element, Observation, Provenance, Release, Topic,
};

records! {
    "change-log": change_log, "Releases of the system with their dates.";
    "change-log-by-date": change_log_by_date, "Releases of the system, the date first.";
    "contents": |_, _| Answer::blocks(vec![Block::Contents]), "The table of contents.";
    "document-authors": document_authors, "Who wrote the system, from its history.";
    "document-basis": document_basis, "What the document was made from.";
    "document-control": document_control, "What was read, what was not, and how much rests on evidence.";
    "document-date": document_date, "Date of the document.";
    "document-id": |c, _| Answer::text(id(c)), "Identity of the blueprint.";
    "document-project": |c, _| Answer::text(Text::plain(&*c.blueprint.system.name)), "Name of the system.";
    "document-reviewers": |c, _| declared_or(c, "review.reviewers", "review"), "Who reviews the document.";
    "document-revision": document_revision, "The commit that is described.";
    "document-status": document_status, "State of the document.";
    "document-template": document_template, "Which outline it follows.";
    "document-version": document_version, "Version of the system described.";
    "feedback": feedback, "Where feedback goes.";
    "footer": footer, "The last line.";
    "glossary": glossary, "Terms and what they mean here.";
    "internal-documents": internal_documents, "Documents of the repository.";
    "next-review": |c, _| declared_or(c, "review.next", "review"), "When the document is reviewed next.";
    "references": references, "Where technologies are described.";
    "review-checklist": review_checklist, "What a reviewer looks at, ticked where the tool can tell.";
    "review-schedule": |c, _| declared_or(c, "review.schedule", "review"), "How often the document is reviewed.";
    "revision-table": revision_table, "The revision as a table.";
}

fn id(c: &Context) -> Text {
    let words = if c.blueprint.blueprint_id.is_empty() {
        "not computed"
    } else {
        &c.blueprint.blueprint_id
    };
    Text::code(words)
}

/// Twelve digits tell commits apart in any repository.
fn short_revision<'a>(c: &Context<'a>) -> Option<&'a str> {
    let full = c.blueprint.history.revision.as_deref()?;
    Some(full.get(..12).unwrap_or(full))
}

fn history_source(what: &str) -> Provenance {
    Provenance::computed(what, ["git history".to_owned()])
}

fn date_text(c: &Context) -> Option<String> {
    c.options
        .date
        .clone()
        .or_else(|| c.blueprint.history.date.clone())
}

fn document_date<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    match date_text(c) {
        Some(date) if c.options.date.is_none() => {
            let text = Text::plain(format!("{date} (date of the revision)"));
            Answer::text(text.from(&history_source(
                "date of the last commit that touched a surveyed file",
            )))
        }
        Some(date) => Answer::text(Text::plain(date)),
        None if c.designed() => Answer::text(Text::plain("undated; the brief has none")),
        None => Answer::text(Text::plain("undated, since no git history was read")),
    }
}

/// The numbers of a version that is nothing but one: `v1.37.2`.
fn numbers(text: &str) -> Option<Vec<u64>> {
    let text = text.trim().trim_start_matches(['v', 'V']);
    let parts: Vec<u64> = text.split('.').map_while(|p| p.parse().ok()).collect();
    (parts.len() >= 2 && parts.len() == text.split('.').count()).then_some(parts)
}

/// Whether a tag is one of the whole system, and not of one package among others: `v2.1.0`, `shop@2.1.0` and
/// `@acme/app@2.1.0` of a system `shop`.
fn is_of_whole(tag: &str, id: &str) -> bool {
    let Some((name, _)) = tag.rsplit_once('@') else {
        return true;
    };
    let last = name.rsplit('/').next().unwrap_or(name);
    last.is_empty() || last == "app" || last == id
}

/// The newest tag that the revision holds: one of another branch is no version of it.
fn newest_release<'c>(c: &'c Context<'_>) -> Option<&'c Release> {
    let mut all = c.blueprint.history.releases.iter();
    all.find(|r| !r.elsewhere)
}

fn document_version<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let blueprint = c.blueprint;
    if let Some(version) = &blueprint.system.version {
        // Where releases are tags, a manifest is often left at a number that nobody raises.
        let releases = c.blueprint.history.releases.iter().filter(|r| !r.elsewhere);
        let id = &blueprint.system.id;
        let newest = releases.map(|r| r.name.as_str());
        let newest = newest.filter(|tag| is_of_whole(tag, id)).find_map(|tag| {
            let number = tag.rsplit_once('@').map_or(tag, |(_, number)| number);
            Some((numbers(number)?, tag))
        });
        if let (Some((tagged, tag)), Some(written)) = (newest, numbers(&version.text))
            && tagged > written
        {
            let text =
                Text::plain(tag).from(&history_source("newest tag of a version of the system"));
            let text = text.then(format!("; a manifest says {}", version.text));
            return Answer::text(text.from(&version.provenance));
        }
        return Answer::text(Text::plain(&*version.text).from(&version.provenance));
    }
    if let Some(release) = newest_release(c) {
        // What came after a release has no version yet.
        let later = c
            .blueprint
            .history
            .date
            .as_deref()
            .is_some_and(|date| date > &*release.date);
        let lead = if later { "later than " } else { "" };
        let text = Text::plain(format!("{lead}{}", release.name));
        return Answer::text(text.from(&history_source("newest tag of the history")));
    }
    match short_revision(c) {
        Some(revision) => {
            let text = Text::plain("revision ").then_code(revision);
            Answer::text(text.from(&history_source("last commit that touched a surveyed file")))
        }
        None if c.designed() => Answer::text(Text::plain("none before the first release")),
        None => Answer::text(Text::plain(
            "no version was read from manifests, tags or history",
        )),
    }
}

fn document_revision<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let Some(revision) = short_revision(c) else {
        if c.designed() {
            return Answer::text(Text::plain(format!(
                "none: {} does not exist yet",
                c.blueprint.system.name
            )));
        }
        return Answer::text(Text::plain("none, since no git history was read"));
    };
    let mut text = Text::code(revision);
    if let Some(date) = &c.blueprint.history.date {
        text = text.then(format!(" of {date}"));
    }
    Answer::text(text.from(&history_source("last commit that touched a surveyed file")))
}

fn document_status<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    if let Some(text) = declared(c, "review.status") {
        return Answer::text(text);
    }
    let words = c.options.status.as_deref().unwrap_or("Draft");
    let text = match c.options.status {
        Some(_) => Text::plain(words),
        None if c.designed() => Text::plain(format!(
            "Draft: generated, {} awaits its first review",
            c.blueprint.system.name
        )),
        None => Text::plain("Draft: generated, and reviewed by nobody yet"),
    };
    Answer::text(text)
}

fn document_authors<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let (names, more) = super::people::committers(c, 5);
    if names.is_empty() {
        let from = if c.designed() {
            "a brief"
        } else {
            "the files of the repository"
        };
        return Answer::text(Text::plain(format!("Groundplan, from {from}")));
    }
    let list = match more {
        0 => words::list(&names, "and"),
        n => format!("{} and {} more", names.join(", "), words::number(n as u64)),
    };
    let text = Text::plain(format!("Groundplan, from the work of {list}"));
    Answer::text(text.from(&history_source("authors of all commits up to the revision")))
}

fn document_template<'a>(_: &Context<'a>, _: Subject<'a>) -> Answer {
    Answer::text(Text::plain("Standard architecture documentation"))
}

fn document_basis<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let coverage = &c.blueprint.coverage;
    if coverage.files == 0 {
        if c.designed() {
            let numbers = c.blueprint.calculations.len();
            let text = format!(
                "a brief; {} follow from it, each with its sum in ",
                words::count(numbers, "fact")
            );
            let sources = c.blueprint.system.purpose.iter().map(|s| &s.provenance);
            let text = Text::plain(text).then_code("facts.json");
            let measured = c.blueprint.slos.iter().any(|s| s.achieved.is_some());
            let text = text.then(match measured {
                true => "; what was measured stands beside its target",
                false => "; nothing of it is built or measured",
            });
            return Answer::text(text.from_all(sources));
        }
        return Answer::text(Text::plain("declared content only; no file was surveyed"));
    }
    let mut text = Text::plain(format!(
        "{} read",
        words::count(coverage.files as usize, "file")
    ));
    if let Some(revision) = short_revision(c) {
        text = text.then(" at revision ").then_code(revision);
    }
    // Numbers of a design hold for the design, whatever stands beside them.
    if !c.blueprint.targets.is_empty() {
        text = text.then("; targets and numbers are those of a brief beside it");
    }
    Answer::text(text.from(&Provenance::computed(
        "files that were read",
        ["coverage".to_owned()],
    )))
}

fn document_control<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let coverage = &c.blueprint.coverage;
    let mut blocks = Vec::new();
    if coverage.files > 0 {
        let languages: Vec<String> = coverage
            .languages
            .iter()
            .take(6)
            .map(|l| {
                format!(
                    "{} ({})",
                    l.language,
                    words::count(l.lines as usize, "line")
                )
            })
            .collect();
        let text = format!(
            "{} read; most of it {}.",
            words::count(coverage.files as usize, "file"),
            words::list(&languages, "and")
        );
        blocks.push(Block::Paragraph(counted(
            Text::plain(text),
            "files that were read, lines by language",
            ["coverage".to_owned()],
        )));
    }
    let words_only = crate::searched::of_topics(coverage, &[]).unread;
    // Pages (`.vue`, `.svelte`) of which calls were read are evidence of relationships.
    let called = |language: &str| {
        let ending = format!(".{}", language.to_ascii_lowercase());
        let mut places = c
            .blueprint
            .relationships
            .iter()
            .flat_map(|r| &r.provenance.evidence);
        matches!(language, "Svelte" | "Vue") && places.any(|at| at.path.ends_with(&ending))
    };
    let (with_calls, without): (Vec<_>, Vec<_>) = words_only
        .into_iter()
        .partition(|language| called(language));
    for (languages, lead, missing) in [
        (
            without,
            "words and packages only",
            "operations, calls, settings and records are",
        ),
        (
            with_calls,
            "words, packages and calls only",
            "operations, settings and records are",
        ),
    ] {
        if !languages.is_empty() {
            let text = format!(
                "Code in {} was searched for {lead}: its {missing} in no list or count here.",
                words::list(&languages, "and")
            );
            blocks.push(Block::Paragraph(Text::plain(text)));
        }
    }
    for catalogue in coverage.catalogues.iter().take(4) {
        let text = Text::code(format!("{}/", catalogue.folder))
            .then(format!(
                " holds {} of one shape (",
                words::count(catalogue.entries as usize, "folder")
            ))
            .spans(names(catalogue.files.iter().map(String::as_str), 4))
            .then(
                ") that no image, mount, import or workspace names; the words in them are left out where words \
                 are searched for.",
            );
        blocks.push(Block::Paragraph(text));
    }
    if !coverage.unread.is_empty() {
        const ROWS: usize = 16;
        let mut unread: Vec<_> = coverage.unread.iter().collect();
        unread.sort_by(|a, b| (b.files, &a.reason).cmp(&(a.files, &b.reason)));
        let rest = unread.split_off(unread.len().min(ROWS));
        let last = (!rest.is_empty()).then(|| {
            let files: u32 = rest.iter().map(|u| u.files).sum();
            vec![
                plain_cell(&words::count(rest.len(), "other reason")),
                plain_cell(&files.to_string()),
                plain_cell(""),
            ]
        });
        let rows = unread.into_iter().map(|u| {
            let examples: Vec<&str> = u.examples.iter().take(3).map(String::as_str).collect();
            vec![
                plain_cell(&u.reason),
                plain_cell(&u.files.to_string()),
                Text::default().spans(names(examples, 3)),
            ]
        });
        blocks.push(Block::Paragraph(Text::plain("What was seen and not read:")));
        blocks.push(table(
            &["Reason", "Files or folders", "For example"],
            rows.chain(last).collect(),
        ));
    }
    Answer::blocks(blocks)
}

fn revision_table<'a>(c: &Context<'a>, s: Subject<'a>) -> Answer {
    let cell = |answer: Answer| match answer {
        Answer::Said { text, .. } => text,
        _ => plain_cell(""),
    };
    let author = match c.designed() {
        true => "Groundplan, from a brief".to_owned(),
        false => "Groundplan, from the files of the repository".to_owned(),
    };
    let row = vec![
        cell(document_version(c, s)),
        date_text(c).map_or_else(|| Text::plain("undated"), Text::plain),
        Text::plain(author),
        Text::plain("Generated from ").spans(match short_revision(c) {
            Some(revision) => vec![
                Span::Plain("revision ".to_owned()),
                Span::Code(revision.to_owned()),
            ],
            None if c.designed() => vec![Span::Plain("a brief".to_owned())],
            None => vec![Span::Plain("the files of the repository".to_owned())],
        }),
    ];
    Answer::blocks(vec![table(
        &["Version", "Date", "Author", "Changes"],
        vec![row],
    )])
}

/// Version, date, changes and author of the newest releases: tags, with what a change log says of
/// them, or the change log alone.
fn releases(c: &Context) -> (Vec<[Text; 4]>, usize) {
    let notes = c.seen(Topic::Release);
    let bare = |version: &str| version.trim_start_matches(['v', 'V']).to_lowercase();
    let tags = &c.blueprint.history.releases;
    let source = history_source("tags of the repository");
    let row = |name: &str, date: &str, note: Option<&Observation>| {
        let changes = note.and_then(changes_of).map(|(_, words, source)| {
            Text::default()
                .spans(crate::text::inline(&words))
                .from(source)
        });
        [
            Text::plain(name),
            plain_cell(date),
            changes.unwrap_or_else(|| plain_cell("")),
            plain_cell(""),
        ]
    };
    if tags.is_empty() {
        // The newest first; a release without a date stands where the change log has it.
        let dated = super::releases::dated(c);
        let dated = dated.into_iter().map(|(_, note)| note);
        let newest: Vec<&Observation> = match dated.len() == notes.len() {
            true => dated.collect(),
            false => notes.to_vec(),
        };
        let rows = newest.into_iter().take(MOST).map(|n| {
            let date = changes_of(n).map_or("", |(date, ..)| date);
            row(&n.name, date, Some(n))
        });
        return (rows.collect(), notes.len());
    }
    let rows = tags.iter().take(MOST).map(|r| {
        let name = r.name.rsplit('/').next().unwrap_or(&r.name);
        let note = notes.iter().find(|n| bare(&n.name) == bare(name));
        let mut row = row(&r.name, &r.date, note.copied());
        row[0] = row[0].clone().from(&source);
        row
    });
    (rows.collect(), tags.len())
}

/// Date, the first changes in one line, and the place of a release in a change log.
fn changes_of(note: &Observation) -> Option<(&str, String, &Provenance)> {
    let mut lines: Vec<&str> = note.detail.as_deref()?.lines().collect();
    let is_date = |l: &&str| l.len() == 10 && l.bytes().filter(u8::is_ascii_digit).count() == 8;
    let date = match lines.first() {
        Some(first) if is_date(first) => lines.remove(0),
        _ => "",
    };
    let shown: Vec<String> = lines
        .iter()
        .take(3)
        .map(|l| words::short(l.trim_end_matches('.'), 170))
        .collect();
    let more = match lines.len().saturating_sub(3) {
        0 => String::new(),
        _ => "; and more".to_owned(),
    };
    (!shown.is_empty()).then(|| {
        (
            date,
            format!("{}{more}", shown.join("; ")),
            &note.provenance,
        )
    })
}

fn logged<'a>(c: &Context<'a>, s: Subject<'a>, columns: [&str; 4], order: [usize; 4]) -> Answer {
    let (all, total) = releases(c);
    if all.is_empty() {
        let this = match revision_table(c, s) {
            Answer::Said { blocks, .. } => blocks,
            _ => Vec::new(),
        };
        let Some(Block::Table { rows, .. }) = this.into_iter().next() else {
            return Answer::Gap("releases");
        };
        // Version, date, author, changes of the only revision that is known.
        let natural = [0, 1, 3, 2];
        let rows = rows
            .into_iter()
            .map(|row| {
                order
                    .iter()
                    .filter_map(|&i| row.get(natural[i]).cloned())
                    .collect()
            })
            .collect();
        return Answer::blocks(vec![table(&columns, rows)]);
    }
    let undescribed = all.iter().all(|row| row[2] == plain_cell(""));
    let rows = all
        .into_iter()
        .map(|row| order.iter().map(|&i| row[i].clone()).collect())
        .collect();
    let mut blocks = vec![table(&columns, rows)];
    if total > MOST {
        blocks.push(Block::Paragraph(Text::plain(format!(
            "{} older tags and entries of change logs are left out.",
            total - MOST
        ))));
    }
    if undescribed {
        blocks.push(Block::Paragraph(Text::plain(
            "What changed in them is not told, because no section of a change log of the system names these versions (searched: CHANGELOG, CHANGES, HISTORY, RELEASES and what's-new files).",
        )));
    }
    Answer::blocks(blocks)
}

fn change_log<'a>(c: &Context<'a>, s: Subject<'a>) -> Answer {
    logged(c, s, ["Version", "Date", "Changes", "Author"], [0, 1, 2, 3])
}

fn change_log_by_date<'a>(c: &Context<'a>, s: Subject<'a>) -> Answer {
    logged(c, s, ["Date", "Version", "Author", "Changes"], [1, 0, 3, 2])
}

fn feedback<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    if let Some(text) = declared(c, "review.feedback") {
        return Answer::text(text);
    }
    match &c.blueprint.history.remote {
        Some(url) => {
            let link = Span::Link {
                text: url.clone(),
                url: url.clone(),
            };
            let text = Text::plain("Issues of the repository, ")
                .and(link)
                .then(".");
            Answer::text(text.from(&history_source("address of the remote `origin`")))
        }
        None => Answer::Gap("review"),
    }
}

fn footer<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let mut text = Text::plain("Generated by Groundplan");
    if let Some(date) = date_text(c) {
        text = text.then(format!(" as of {date}"));
    }
    Answer::text(text.then(" from blueprint ").append(id(c)).then("."))
}

fn glossary<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    if c.blueprint.glossary.is_empty() {
        return Answer::Gap("glossary");
    }
    let items = c.blueprint.glossary.iter().map(|term| {
        let text = Text {
            spans: crate::text::inline(&term.meaning),
            sources: vec![term.provenance.clone()],
        };
        Item::labelled(&*term.term, text)
    });
    Answer::blocks(vec![Block::List {
        ordered: false,
        items: items.collect(),
    }])
}

fn internal_documents<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let all: Vec<_> = c
        .blueprint
        .observations_of(Topic::Documentation)
        .chain(c.blueprint.observations_of(Topic::Runbook))
        .collect();
    if all.is_empty() {
        return topic(
            c,
            &[Topic::Documentation],
            "document in a folder for documents",
            &["names of folders"],
            "glossary",
        );
    }
    let mut items: Vec<Text> = all
        .iter()
        .take(MOST * 2)
        .map(|o| {
            let text = match o.provenance.first() {
                Some(place) => Text::default().and(Span::File {
                    text: o.name.clone(),
                    path: place.path.clone(),
                }),
                None => Text::plain(&*o.name),
            };
            text.from(&o.provenance)
        })
        .collect();
    if all.len() > MOST * 2 {
        items.push(Text::plain(format!("and {} more", all.len() - MOST * 2)));
    }
    Answer::blocks(vec![bullets(items)])
}

fn references<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let mut seen = std::collections::BTreeSet::new();
    let mut items = Vec::new();
    for element in &c.containers {
        for name in &element.technology {
            if !seen.insert(name) {
                continue;
            }
            let Some(known) = groundplan_knowledge::knowledge().by_name(name) else {
                continue;
            };
            let link = Span::Link {
                text: known.name.clone(),
                url: known.homepage.clone(),
            };
            let text = Text::default()
                .and(link)
                .then(" is used by ")
                .and(Span::Code(element.name.clone()));
            items.push(text.then(".").from(&element.provenance));
        }
    }
    items.truncate(12);
    if items.is_empty() {
        return Answer::Absent(Absence::of(
            "technology with a reference",
            &["images", "manifests"],
        ));
    }
    Answer::blocks(vec![bullets(items)])
}

/// The boxes of the module outline, each ticked only if the blueprint shows it.
fn review_checklist<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let b = c.blueprint;
    let described = c
        .containers
        .iter()
        .filter(|e| e.description.is_some() || super::structure::says_system(c, e))
        .count();
    let all = c.containers.len();
    let cited = c.tally().map_or((0, 0), |t| (t.cited, t.all()));
    let scales = b
        .elements
        .iter()
        .any(|e| e.attribute("scaling.max").is_some());
    let mut all_parts = b.elements.iter();
    let optional = !scales && all_parts.any(|e| e.attribute("scaling.optional").is_some());
    let scales = scales
        || optional
        || c.designed()
            && b.elements
                .iter()
                .any(|e| e.attribute("replicas.max").is_some());
    // A design decides what code would show.
    let decided = |id: &str| c.designed() && b.decisions.iter().any(|d| d.id == id);
    let signs_in = b.observations_of(Topic::Authentication).next().is_some() || decided("K12");
    // An open box reads as a task, so the words beside it say one.
    let found = |what: &str, topic: Topic| match b.observations_of(topic).next() {
        Some(_) if c.designed() => format!("{what} is designed"),
        Some(_) => format!("{what} was found"),
        None => {
            let word = crate::spoken::heard(&b.coverage, what);
            let noun = words::uncapital(what);
            match word.first() {
                // What words speak of is not denied.
                Some(s) if s.by_name() => {
                    format!("To check: {noun} was not recognized, but see {}", s.file())
                }
                Some(s) => format!(
                    "To check: {noun} was not recognized, but see “{}” in {}",
                    s.word,
                    s.file()
                ),
                None => format!("To check: {noun} was not found"),
            }
        }
    };
    let boxes: Vec<(bool, String)> = vec![
        (
            !b.views.is_empty(),
            format!(
                "{} drawn from the blueprint",
                words::count(b.views.len(), "diagram")
            ),
        ),
        (
            all > 0 && described == all,
            format!(
                "{described} of {} have a purpose that a person wrote",
                words::count(all, "component")
            ),
        ),
        (
            signs_in,
            match decided("K12") {
                true => "Authentication is decided in K12".to_owned(),
                false => found(
                    "Authentication in code or configuration",
                    Topic::Authentication,
                ),
            },
        ),
        (
            scales,
            if scales && c.designed() {
                // Both bounds are those of one element.
                let both = |e: &Element| {
                    let [from, to] = ["replicas", "replicas.max"].map(|key| e.attribute(key));
                    let (from, to) = (&from?.value, &to?.value);
                    let name = &e.name;
                    Some(format!(
                        "Scaling of {name} has its bounds: from {from} to {to}"
                    ))
                };
                let bounds = b.elements.iter().find_map(both);
                bounds.unwrap_or_else(|| "Scaling has an upper bound".to_owned())
            } else if optional {
                "A scaling rule was found that is off by default".to_owned()
            } else if scales {
                "A scaling rule was found".to_owned()
            } else {
                "To check: no scaling rule was found".to_owned()
            },
        ),
        (
            b.observations_of(Topic::Backup).next().is_some(),
            found("A backup", Topic::Backup),
        ),
        (!b.decisions.is_empty(), recorded(&b.decisions)),
        (
            !b.roadmap.is_empty(),
            match b.roadmap.is_empty() {
                true => "To add: a roadmap".to_owned(),
                false => "A roadmap is recorded".to_owned(),
            },
        ),
        (
            b.questions.is_empty(),
            format!("{} open", words::count(b.questions.len(), "question")),
        ),
        (
            cited.1 > 0 && cited.0 * 2 >= cited.1,
            format!("{} of {} labels quote a source", cited.0, cited.1),
        ),
        (
            b.system.answers.contains_key("review.reviewers"),
            match b.system.answers.contains_key("review.reviewers") {
                true => "Reviewers are named".to_owned(),
                false => "To add: the reviewers".to_owned(),
            },
        ),
    ];
    let items = boxes.into_iter().map(|(checked, words)| Item {
        checked: Some(checked),
        ..Item::of(Text::plain(words))
    });
    Answer::blocks(vec![Block::List {
        ordered: false,
        items: items.collect(),
    }])
}

/// How many decisions are recorded, and how many of the records are not in force.
fn recorded(all: &[Decision]) -> String {
    let count = words::count(all.len(), "decision");
    let of = |status: DecisionStatus| all.iter().filter(|d| d.status == status).count();
    let apart: Vec<String> = [
        (DecisionStatus::Proposed, "proposed"),
        (DecisionStatus::Rejected, "rejected"),
        (DecisionStatus::Deprecated, "deprecated"),
        (DecisionStatus::Superseded, "superseded"),
    ]
    .into_iter()
    .filter_map(|(status, word)| match of(status) {
        0 => None,
        n => Some(format!("{n} {word}")),
    })
    .collect();
    match apart.is_empty() {
        true => format!("{count} recorded"),
        false => format!("{count} recorded, of which {}", words::list(&apart, "and")),
    }
}
