//! Blueprint and outline to document.

use crate::answer::{Absence, Answer};
use crate::answers;
use crate::context::{Context, declared};
use crate::outline::{LabelSpec, Outline, Repeat, SectionSpec, Style, TableSpec};
use crate::questions::{gap_text, numbered, open_questions, open_text, template};
use crate::subject::{Subject, rest, says, spread, subjects};
use crate::tree::{Block, Document, Item, Section, Span, State, Text};
use groundplan_model::{Blueprint, Diagnostic};
use std::collections::BTreeSet;

/// What the caller wants of a document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// ISO date of the document; without it the date of the described commit, else `undated`.
    pub date: Option<String>,
    /// Status to print, for example `Approved`; `Draft` without it.
    pub status: Option<String>,
    /// Errors of the brief that its owner wants documents of all the same. They stand first, and in
    /// a design nothing rests on the numbers of such a brief.
    pub faults: Vec<Diagnostic>,
}

/// How many labels are answered how well.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    /// With a source of their own.
    pub(crate) cited: usize,
    /// Without one.
    pub(crate) filled: usize,
    /// With a reasoned absence.
    pub(crate) absent: usize,
    /// With an open question.
    pub(crate) gap: usize,
}

impl Tally {
    fn add(&mut self, state: State) {
        match state {
            State::Cited => self.cited += 1,
            State::Filled => self.filled += 1,
            State::Absent => self.absent += 1,
            State::Gap => self.gap += 1,
        }
    }

    fn join(&mut self, other: Tally) {
        self.cited += other.cited;
        self.filled += other.filled;
        self.absent += other.absent;
        self.gap += other.gap;
    }

    /// All labels.
    pub(crate) fn all(&self) -> usize {
        self.cited + self.filled + self.absent + self.gap
    }
}

/// Messages and types beyond this stand in a table: readers come for what is kept.
const MOST_MESSAGES: usize = 12;

/// Kept entities get sections of their own; messages and types only where nothing is kept.
fn natural_limit(context: &Context, repeat: Repeat) -> usize {
    match repeat {
        Repeat::Entity if context.kept > 0 => context.kept,
        Repeat::Entity => MOST_MESSAGES,
        _ => usize::MAX,
    }
}

/// Most repetitions of a section, unless the outline says otherwise.
const LIMIT: usize = 40;

/// Writes the document that `outline` describes about the system of `blueprint`.
///
/// Questions have the ids of `blueprint.questions`; what is asked beyond them gets the next free
/// numbers. Outlines that ask for answers which do not exist give diagnostics, and the sections
/// say less.
pub fn compose(
    blueprint: &Blueprint,
    outline: &Outline,
    options: &Options,
) -> (Document, Vec<Diagnostic>) {
    let diagnostics = crate::outline::validate(outline);
    let open;
    let known = if blueprint.questions.is_empty() {
        open = open_questions(blueprint);
        &open
    } else {
        &blueprint.questions
    };
    let mut context = Context::new(blueprint, options);
    context.ids = known
        .iter()
        .map(|q| (q.key.clone(), q.id.clone()))
        .collect();
    // The first pass finds out what is asked and how well labels are answered; document control
    // and the list of questions speak of both.
    let first = write(&context, outline);
    let asked: Vec<&str> = context.asked.borrow().iter().copied().collect();
    let missing = asked
        .into_iter()
        .filter(|key| !context.ids.contains_key(*key));
    let next = known
        .iter()
        .filter_map(|q| q.id.strip_prefix("OQ-")?.parse::<usize>().ok())
        .max();
    let added = numbered(missing, next.unwrap_or(0) + 1, blueprint);
    // Where every question had its number and no answer speaks of labels, a second pass says the same.
    let mut document = if added.is_empty() && !context.tally_was_asked() {
        first.document
    } else {
        context.ids.extend(added.into_iter().map(|q| (q.key, q.id)));
        context.set_tally(first.tally);
        write(&context, outline).document
    };
    let designed = blueprint.origin == "designed";
    crate::blocked::block(&mut document, &options.faults, designed);
    (document, diagnostics)
}

/// The keys of the questions that outlines leave open. Nothing is written: what several outlines or
/// sections ask about one subject is asked once.
pub(crate) fn asked<'o>(
    blueprint: &Blueprint,
    outlines: impl Iterator<Item = &'o Outline>,
    options: &Options,
) -> BTreeSet<&'static str> {
    let context = Context::new(blueprint, options);
    let mut asking = Asking {
        context: &context,
        done: BTreeSet::new(),
    };
    for outline in outlines {
        let lines = outline.header.iter().map(|l| &l.fill);
        for key in lines.chain(&outline.footer) {
            asking.ask(key, Subject::System);
        }
        for section in &outline.sections {
            asking.section(section, Subject::System);
        }
    }
    context.asked.into_inner()
}

/// Asks what the sections of outlines ask.
struct Asking<'c, 'a, 'o> {
    context: &'c Context<'a>,
    /// What was asked about which subject.
    done: BTreeSet<(&'o str, [usize; 2])>,
}

impl<'a, 'o> Asking<'_, 'a, 'o> {
    fn ask(&mut self, key: &'o str, subject: Subject<'a>) {
        if self.done.insert((key, subject.place())) {
            run(self.context, key, subject);
        }
    }

    fn section(&mut self, spec: &'o SectionSpec, subject: Subject<'a>) {
        let cells = spec.table.iter().flat_map(|table| &table.rows);
        let cells = cells.flat_map(|row| &row.cells);
        let labels = spec.labels.iter().map(|label| &label.fill);
        for key in spec.fill.iter().chain(cells).chain(labels) {
            self.ask(key, subject);
        }
        for below in &spec.sections {
            let Some(repeat) = below.repeat else {
                self.section(below, subject);
                continue;
            };
            let all = subjects(self.context, repeat, subject);
            if all.is_empty() {
                if let Some(key) = &below.empty {
                    self.ask(key, subject);
                }
                continue;
            }
            for subject in all.iter().take(shown(self.context, below, repeat, &all)) {
                self.section(below, *subject);
            }
        }
    }
}

/// Of how many subjects a repeated section tells each by itself.
fn shown(context: &Context, spec: &SectionSpec, repeat: Repeat, all: &[Subject<'_>]) -> usize {
    let limit = spec.limit.unwrap_or(LIMIT);
    let limit = limit.min(natural_limit(context, repeat));
    // A table for the last one or two costs more room than their sections.
    let spare = if repeat == Repeat::Entity { 0 } else { 2 };
    let shown = if all.len() > limit + spare {
        limit
    } else {
        all.len()
    };
    if repeat != Repeat::Operation {
        return shown;
    }
    // Of which only the route is known, a table says it all.
    let known = all.iter().filter(|s| match s {
        Subject::Operation(_, o) => says(o),
        _ => true,
    });
    let known = known.count();
    shown.min(known.max(usize::from(known == 0 && is_example(context, all))))
}

/// Whether the first of these operations shows what is known of none: it is the first of the first interface
/// outward that has some.
fn is_example(context: &Context, all: &[Subject<'_>]) -> bool {
    let mut offering = (context.primary.iter()).filter(|i| !i.operations.is_empty());
    let first = offering.clone().next().map(|interface| &interface.id);
    let is_first = matches!(all.first(), Some(Subject::Operation(of, _)) if Some(&of.id) == first);
    is_first && !offering.any(|interface| interface.operations.iter().any(says))
}

struct Written {
    document: Document,
    tally: Tally,
}

fn write<'a>(context: &Context<'a>, outline: &Outline) -> Written {
    let mut writer = Writer {
        context,
        anchors: BTreeSet::new(),
        reserved: BTreeSet::new(),
    };
    outline.sections.iter().for_each(|s| writer.reserve(s));
    let mut tally = Tally::default();
    let mut sections = Vec::new();
    for (i, spec) in outline.sections.iter().enumerate() {
        let Some(part) = writer.section(spec, Subject::System, spec.heading.clone()) else {
            continue;
        };
        tally.join(part.tally);
        let mut section = part.section;
        section.number = outline
            .numbering
            .as_ref()
            .map(|n| format!("{}{}", n.first as usize + i, n.suffix));
        sections.push(section);
    }
    let system = &context.blueprint.system.name;
    let header = outline
        .header
        .iter()
        .filter_map(|l| match line(context, &l.fill, Subject::System) {
            text if text.is_empty() && l.optional => None,
            text => Some((l.label.clone(), text)),
        })
        .collect();
    let footer = outline
        .footer
        .as_ref()
        .map(|key| line(context, key, Subject::System));
    Written {
        document: Document {
            outline: outline.name.clone(),
            title: outline.title.replace("{system}", system),
            header,
            sections,
            footer: footer.unwrap_or_default(),
        },
        tally,
    }
}

/// An answer as one line.
fn line<'a>(context: &Context<'a>, key: &str, subject: Subject<'a>) -> Text {
    match run(context, key, subject) {
        Some(Answer::Said { text, .. }) => text,
        Some(Answer::Absent(absence)) => absence.sentence(),
        Some(Answer::Gap(key)) => gap_text(context, &[key]),
        None => Text::default(),
    }
}

/// The answer to a key, after what people declared and documents say of a question that it leaves open.
pub(crate) fn run<'a>(context: &Context<'a>, record: &str, subject: Subject<'a>) -> Option<Answer> {
    let answer = (answers::record(record)?.run)(context, subject);
    if let Answer::Gap(key) = answer {
        // What a person declared under the key that the question names is the answer to it.
        if let Some(text) = template(key).and_then(|t| declared(context, &t.answer)) {
            return Some(Answer::text(text));
        }
        // So is what a document of the repository says under a heading of that name.
        // What is written of plans and limits is no answer to how a release goes out.
        let own = match key {
            "roadmap" => record.starts_with("roadmap") || record.contains("phase"),
            "limitations" => record == "limitations",
            // Who has a stake need not be the one who owns or leads.
            "stakeholders" => record == "stakeholders",
            // What is said of the whole holds of a part only where it is the whole.
            "stores" => context.containers.len() == 1 || !matches!(subject, Subject::Element(_)),
            // Which laws bind the system is no measure of security.
            "compliance" => record != "security-requirements",
            _ => true,
        };
        if own && let Some(text) = context.stated_in_documents(key) {
            // Legal pages speak of one operation.
            let text = match context.said(key).is_some() {
                true => text,
                false => text
                    .then(" What holds elsewhere is asked in ")
                    .and(context.ask(key))
                    .then("."),
            };
            return Some(Answer::text(text));
        }
        if key == "versioning"
            && let Some(text) = context.stated_of_versions()
        {
            return Some(Answer::text(text));
        }
        // Of what is archived or left nothing more is planned here.
        if key == "roadmap"
            && own
            && let Some(text) = context.status()
        {
            let lead = Text::plain("No phase can be named, because of the state of the project. ");
            return Some(Answer::Absent(Absence::because(lead.append(text))));
        }
        // Nobody is asked what a page of the documents is about.
        if own && let Some(text) = context.see_pages(key) {
            return Some(Answer::text(text));
        }
        if let Some(reason) = crate::questions::idle(context, key) {
            return Some(Answer::Absent(Absence::because(reason)));
        }
        context.asked.borrow_mut().insert(key);
    }
    Some(answer)
}

/// A section that was written, and what is open in it and below.
struct Part {
    section: Section,
    tally: Tally,
    absences: Vec<Absence>,
    gaps: Vec<&'static str>,
    said: bool,
}

struct Writer<'c, 'a> {
    context: &'c Context<'a>,
    anchors: BTreeSet<String>,
    /// Headings of the outline, which no subject may take.
    reserved: BTreeSet<String>,
}

/// What stands under a heading before the sub-sections.
#[derive(Default)]
struct Own {
    blocks: Vec<Block>,
    absences: Vec<Absence>,
    gaps: Vec<&'static str>,
    tally: Tally,
    state: Option<State>,
    said: bool,
}

impl Own {
    fn note(&mut self, answer: &Answer) -> State {
        let state = answer.state();
        match answer {
            Answer::Said { .. } => self.said = true,
            Answer::Absent(absence) => self.absences.push(absence.clone()),
            Answer::Gap(key) => self.gaps.push(key),
        }
        self.state = self.state.max(Some(state));
        state
    }
}

impl<'a> Writer<'_, 'a> {
    fn reserve(&mut self, spec: &SectionSpec) {
        if spec.repeat.is_none() {
            self.reserved.insert(plain_heading(&spec.heading));
        }
        spec.sections.iter().for_each(|s| self.reserve(s));
    }

    /// A section; `None` if it is optional and says nothing.
    fn section(
        &mut self,
        spec: &SectionSpec,
        subject: Subject<'a>,
        heading: String,
    ) -> Option<Part> {
        let anchor = self.anchor(&heading);
        let mut own = self.own(spec, subject);
        let mut parts: Vec<Part> = Vec::new();
        for below in &spec.sections {
            match below.repeat {
                None => parts.extend(self.section(below, subject, below.heading.clone())),
                Some(_) => self.repeated(below, subject, &mut own, &mut parts),
            }
        }
        let said = own.said || parts.iter().any(|p| p.said);
        if spec.optional && !said {
            return None;
        }
        let mut tally = own.tally;
        let mut absences = own.absences;
        let mut gaps = own.gaps;
        let mut state = own.state;
        for part in &parts {
            tally.join(part.tally);
            state = state.max(Some(part.section.state));
            absences.extend(part.absences.iter().cloned());
            gaps.extend(&part.gaps);
        }
        let section = Section {
            anchor,
            heading,
            number: None,
            state: state.unwrap_or(State::Gap),
            blocks: own.blocks,
            sections: parts.into_iter().map(|p| p.section).collect(),
        };
        let section = match said || spec.keep || spec.repeat.is_some() {
            true => section,
            // One absence or question stands for everything below it.
            false => Section {
                blocks: self.collapsed(&absences, &gaps),
                sections: Vec::new(),
                ..section
            },
        };
        Some(Part {
            section,
            tally,
            absences,
            gaps,
            said,
        })
    }

    fn collapsed(&self, absences: &[Absence], gaps: &[&'static str]) -> Vec<Block> {
        let questions = match gaps.is_empty() {
            true => Text::default(),
            false => gap_text(self.context, gaps),
        };
        let with_questions = |mut text: Text| {
            if !questions.spans.is_empty() {
                if !text.spans.is_empty() {
                    text = text.then(" ");
                }
                text.spans.extend(questions.spans.iter().cloned());
            }
            text
        };
        let text = with_questions(Absence::joined(absences));
        if glance(&text) <= GLANCE {
            return vec![Block::Paragraph(text)];
        }
        // What stands for a section is read at a glance: reasons go first, then the later absences.
        let plain: Vec<Absence> = absences
            .iter()
            .filter(|a| a.reason.is_none())
            .cloned()
            .collect();
        // Then words that speak against one, and last all but the questions.
        let denied: Vec<Absence> = plain
            .iter()
            .map(Absence::without_exceptions)
            .filter(|a| !a.nouns.is_empty())
            .collect();
        fn heads(all: &[Absence]) -> impl Iterator<Item = &[Absence]> {
            (1..=all.len()).rev().filter_map(|n| all.get(..n))
        }
        let fewer = heads(&plain)
            .chain(absences.get(..1))
            .chain(heads(&denied))
            .map(|some| with_questions(Absence::joined(some).with_one_place()))
            .chain((!gaps.is_empty()).then(|| with_questions(Text::default())))
            .find(|text| glance(text) <= GLANCE);
        vec![Block::Paragraph(fewer.unwrap_or(text))]
    }

    fn repeated(
        &mut self,
        spec: &SectionSpec,
        above: Subject<'a>,
        own: &mut Own,
        parts: &mut Vec<Part>,
    ) {
        let Some(repeat) = spec.repeat else { return };
        let all = subjects(self.context, repeat, above);
        if all.is_empty() {
            self.none(spec, above, own);
            return;
        }
        let shown = shown(self.context, spec, repeat, &all);
        let all = spread(all, shown);
        let before = parts.len();
        for (i, subject) in all.iter().take(shown).enumerate() {
            let mut name = subject.heading(self.context);
            if spec.heading == "{name}" && self.reserved.contains(&plain_heading(&name)) {
                name.push_str(" (part of the system)");
            }
            let heading = spec
                .heading
                .replace("{n}", &(i + 1).to_string())
                .replace("{name}", &name);
            parts.extend(self.section(spec, *subject, heading));
        }
        // Nothing can be said of any of them.
        if shown > 0 && parts.len() == before {
            self.none(spec, above, own);
        }
        if let Some(more) = all.get(shown..).filter(|m| !m.is_empty()) {
            own.blocks.extend(rest(self.context, more));
            own.said = true;
        }
        let passed = self.context.passed;
        if repeat == Repeat::Entity && shown > 0 && passed > 0 {
            let verb = crate::words::verb_for(passed, "structure is", "structures are");
            let text = format!(
                "{passed} more {verb} what operations take and answer with, and part of the interfaces."
            );
            own.blocks.push(Block::Paragraph(Text::plain(text)));
        }
    }

    /// What stands where sections of their own would.
    fn none(&mut self, spec: &SectionSpec, above: Subject<'a>, own: &mut Own) {
        let answer = (spec.empty.as_ref()).and_then(|k| run(self.context, k, above));
        if let Some(answer) = answer {
            let state = own.note(&answer);
            own.tally.add(state);
            own.blocks.extend(self.blocks_of(answer));
        }
    }

    fn own(&mut self, spec: &SectionSpec, subject: Subject<'a>) -> Own {
        let mut own = Own::default();
        let mut open: Vec<Answer> = Vec::new();
        for key in &spec.fill {
            let Some(answer) = run(self.context, key, subject) else {
                continue;
            };
            // What has nothing to say here is no answer.
            if answer.is_empty() {
                continue;
            }
            own.note(&answer);
            if answer.is_said() {
                own.blocks.extend(self.blocks_of(answer));
            } else {
                open.push(answer);
            }
        }
        if !open.is_empty() {
            let blocks = self.collapsed(&own.absences, &own.gaps);
            own.blocks.extend(blocks);
        }
        if let (true, Some(state)) = (spec.labels.is_empty() && spec.table.is_none(), own.state) {
            own.tally.add(state);
        }
        if let Some(table) = &spec.table {
            self.table(table, subject, &mut own);
        }
        self.labels(&spec.labels, spec.style, subject, &mut own);
        own
    }

    fn blocks_of(&self, answer: Answer) -> Vec<Block> {
        match answer {
            Answer::Said { text, blocks } => {
                let first = (!text.is_empty()).then_some(Block::Paragraph(text));
                first.into_iter().chain(blocks).collect()
            }
            Answer::Absent(absence) => vec![Block::Paragraph(absence.sentence())],
            Answer::Gap(key) => vec![Block::Paragraph(gap_text(self.context, &[key]))],
        }
    }

    fn table(&self, table: &TableSpec, subject: Subject<'a>, own: &mut Own) {
        let mut rows = Vec::new();
        for row in &table.rows {
            let mut cells = vec![Text::default().and(Span::Strong(row.label.clone()))];
            let mut best = State::Gap;
            let mut asked: Vec<&str> = Vec::new();
            let answers: Vec<Answer> = (row.cells.iter())
                .map(|key| run(self.context, key, subject).unwrap_or(Answer::Gap("purpose")))
                .collect();
            for answer in &answers {
                best = best.max(own.note(answer));
            }
            for answer in answers {
                cells.push(match answer {
                    Answer::Said { text, blocks } => in_cell(text, blocks),
                    Answer::Absent(absence) => absence.sentence(),
                    // The second cell about the same question need not say it again.
                    Answer::Gap(key) if asked.contains(&key) => Text::plain("–"),
                    Answer::Gap(key) => {
                        asked.push(key);
                        // Beside what was found one cell is open, and not all is unknown.
                        match best {
                            State::Cited => open_text(self.context, key),
                            _ => gap_text(self.context, &[key]),
                        }
                    }
                });
            }
            cells.resize(table.columns.len(), Text::default());
            own.tally.add(best);
            rows.push(cells);
        }
        own.blocks.push(Block::Table {
            columns: table.columns.clone(),
            rows,
        });
    }

    fn labels(&self, labels: &[LabelSpec], style: Style, subject: Subject<'a>, own: &mut Own) {
        let mut answered = Vec::new();
        for label in labels {
            let Some(answer) = run(self.context, &label.fill, subject) else {
                continue;
            };
            // Where all that could be said is said elsewhere, a label stands for nothing.
            if label.optional && !answer.is_said() || answer.is_empty() {
                continue;
            }
            let state = own.note(&answer);
            own.tally.add(state);
            let (text, blocks) = match answer {
                Answer::Said { text, blocks } => (text, blocks),
                Answer::Absent(absence) => (absence.sentence(), Vec::new()),
                Answer::Gap(key) => (gap_text(self.context, &[key]), Vec::new()),
            };
            answered.push((label.label.clone(), text, blocks));
        }
        let fits = |blocks: &[Block]| {
            blocks
                .iter()
                .all(|b| matches!(b, Block::List { .. } | Block::Paragraph(_)))
        };
        let listed = style != Style::Paragraphs && answered.iter().all(|(_, _, b)| fits(b));
        if listed && !answered.is_empty() {
            own.blocks.push(Block::List {
                ordered: style == Style::Numbered,
                items: answered
                    .into_iter()
                    .map(|(l, t, b)| item(l, t, b))
                    .collect(),
            });
        } else {
            own.blocks.extend(
                answered
                    .into_iter()
                    .map(|(label, text, blocks)| Block::Labelled {
                        label,
                        text,
                        blocks,
                    }),
            );
        }
    }

    /// A unique anchor of letters, digits and hyphens.
    fn anchor(&mut self, heading: &str) -> String {
        let mut slug = String::new();
        for c in heading.chars().flat_map(char::to_lowercase) {
            if c.is_ascii_alphanumeric() {
                slug.push(c);
            } else if !slug.ends_with('-') && !slug.is_empty() {
                slug.push('-');
            }
        }
        let slug = slug.trim_end_matches('-');
        let slug = if slug.is_empty() { "section" } else { slug };
        let mut anchor = slug.to_owned();
        let mut n = 2;
        while !self.anchors.insert(anchor.clone()) {
            anchor = format!("{slug}-{n}");
            n += 1;
        }
        anchor
    }
}

/// A label as an item: what does not fit on its line goes below.
fn item(label: String, text: Text, blocks: Vec<Block>) -> Item {
    let mut below = Vec::new();
    for block in blocks {
        match block {
            Block::List { items, .. } => below.extend(items),
            Block::Paragraph(text) => below.push(Item::of(text)),
            _ => {}
        }
    }
    Item {
        items: below,
        ..Item::labelled(label, text)
    }
}

/// An answer in a cell: a list that its words lead into follows on the same line.
fn in_cell(text: Text, blocks: Vec<Block>) -> Text {
    const ITEMS: usize = 4;
    let leads = text.is_empty()
        || matches!(text.spans.last(), Some(Span::Plain(t)) if t.trim_end().ends_with(':'));
    if !leads {
        return text;
    }
    let mut items = blocks.into_iter().flat_map(|block| match block {
        Block::List { items, .. } => items.into_iter().map(|i| i.text).collect(),
        Block::Paragraph(text) => vec![text],
        _ => Vec::new(),
    });
    let shown: Vec<Text> = items.by_ref().take(ITEMS).collect();
    let rest = items.count();
    let mut text = text;
    for (i, item) in shown.into_iter().enumerate() {
        let joint = match (i, text.is_empty()) {
            (_, true) => "",
            (0, false) => " ",
            _ => "; ",
        };
        let mut item = item;
        if let Some(Span::Plain(last)) = item.spans.last_mut() {
            let kept = last.trim_end_matches('.').len();
            last.truncate(kept);
        }
        text = text.then(joint).append(item);
    }
    if rest > 0 {
        text = text.then(format!("; and {rest} more"));
    }
    text
}

/// Words of a paragraph that stands for a section; more are not read at a glance.
pub(crate) const GLANCE: usize = 60;

/// How many words a text has with the places that are shown for it, a path word by word.
pub(crate) fn glance(text: &Text) -> usize {
    /// Places that a page shows for one text.
    const SHOWN: usize = 2;
    let words = |text: &str| {
        text.split(|c: char| !c.is_alphanumeric())
            .filter(|w| !w.is_empty())
            .count()
    };
    let places = text.sources.iter().flat_map(|s| &s.evidence).take(SHOWN);
    let places: usize = places.map(|place| words(&place.label())).sum();
    words(&crate::text::plain(text)) + places
}

/// A heading as readers compare it: words without number, symbols and case.
fn plain_heading(heading: &str) -> String {
    let words = heading
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty());
    let words: Vec<String> = words.map(str::to_lowercase).collect();
    words.join(" ")
}
