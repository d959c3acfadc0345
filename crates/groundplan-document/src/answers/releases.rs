//! Releases: what makes one, how often, how it is taken back, and what is switched without one.

use super::configuration::is_example;
use super::delivery::{is_work, job_text, limited, ranked, started, triggers, triggers_of};
use super::deployment::{names_of, told};
use super::found::{found, product_text, products};
use super::goals::distinct;
use super::images::{fixed, image_of, is_built};
use super::records;
use super::seen::{end, groups, item};
use crate::answer::{Absence, Answer};
use crate::context::{Context, counted};
use crate::text::{first_places, inline, names};
use crate::tree::Text;
use crate::words;
use groundplan_knowledge::{Category, knowledge};
use groundplan_model::{
    Attribute, Element, Job, JobStage, Observation, Pipeline, Release, Setting, Topic,
};
use std::collections::BTreeSet;

records! {
    "deployment-windows": |c, _| deployment_windows(c), "When deployments are made.";
    "feature-flags": |c, _| feature_flags(c), "What is switched at run time or at start.";
    "hotfix": |c, _| hotfix(c), "How an urgent fix goes out.";
    "release-frequency": |c, _| release_frequency(c), "How often releases are made.";
    "release-process": |c, _| release_process(c), "What makes a release, and the last ones.";
    "rollback": |c, _| rollback(c), "How a bad version is taken back.";
}

/// Days since a fixed day of an ISO date, for differences only.
fn day(date: &str) -> Option<i64> {
    let mut parts = date.get(..10)?.split('-');
    let mut next = || parts.next()?.parse::<i64>().ok();
    let (y, m, d) = (next()?, next()?, next()?);
    if !(1..=12).contains(&m) || !(1..=31).contains(&d) || !(1..=9999).contains(&y) {
        return None;
    }
    let shifted = if m <= 2 { y - 1 } else { y };
    let from_march = (m + 9) % 12;
    Some(
        shifted * 365 + shifted / 4 - shifted / 100
            + shifted / 400
            + (from_march * 153 + 2) / 5
            + d,
    )
}

/// The median of the days between one release and the next, in whole days.
fn middle_gap(releases: &[Release]) -> Option<i64> {
    let mut days: Vec<i64> = releases.iter().filter_map(|r| day(&r.date)).collect();
    days.sort_unstable();
    let mut gaps: Vec<i64> = days
        .windows(2)
        .filter_map(|w| Some(w.last()? - w.first()?))
        .collect();
    gaps.sort_unstable();
    let upper = gaps.get(gaps.len() / 2)?;
    let lower = gaps.get((gaps.len() - 1) / 2)?;
    Some((lower + upper) / 2)
}

/// Whether a tag says that it comes before a release: `v2.0.0-rc.1`, `1.4b2`, `3.0-SNAPSHOT`.
fn is_prerelease(tag: &str) -> bool {
    let lower = tag.to_lowercase();
    let word = ["alpha", "beta", "preview", "snapshot", "nightly", "canary"]
        .iter()
        .any(|w| lower.contains(w));
    // `rc`, `pre`, `a`, `b` and `dev` only beside a digit, since names of products hold them too.
    let short = lower
        .match_indices(|c: char| c.is_ascii_digit())
        .any(|(at, _)| {
            let after = lower
                .get(at + 1..)
                .unwrap_or("")
                .trim_start_matches(['-', '.', '_']);
            ["rc", "pre", "dev", "a", "b", "m"].iter().any(|w| {
                after.strip_prefix(w).is_some_and(|rest| {
                    rest.trim_start_matches(['.', '-'])
                        .starts_with(|c: char| c.is_ascii_digit())
                        || rest.is_empty() && w.len() > 1
                })
            })
        });
    word || short
}

/// Whether a tag names a build and no release: `v0.3.5+b169`, `v0.11.1.b2095`, `24.08.0-dev`,
/// `nightly`.
fn is_build(tag: &str) -> bool {
    let lower = tag.to_lowercase();
    let last = lower.rsplit(['.', '-', '+']).next().unwrap_or("");
    let counted = |prefix: &str| {
        last.strip_prefix(prefix)
            .is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
    };
    lower.contains('+')
        || counted("b") && lower.contains(".b")
        || counted("build")
        || matches!(last, "dev" | "snapshot" | "nightly")
        || lower.contains("nightly")
}

/// The releases that a change log dates, newest first, each with its observation.
pub(super) fn dated<'a>(c: &Context<'a>) -> Vec<(Release, &'a Observation)> {
    let release = |o: &&'a Observation| {
        let date = o.detail.as_deref()?.lines().next()?;
        let whole = date.len() == 10 && day(date).is_some();
        let release = Release {
            name: o.name.clone(),
            date: date.to_owned(),
            elsewhere: false,
        };
        whole.then_some((release, *o))
    };
    let mut all: Vec<_> = c.seen(Topic::Release).iter().filter_map(release).collect();
    all.sort_by(|(a, _), (b, _)| (&b.date, &b.name).cmp(&(&a.date, &a.name)));
    all
}

/// What the dates of a change log say, where no tag was read.
fn logged_text(c: &Context) -> Option<Text> {
    let mut all = dated(c);
    all.retain(|(release, _)| !is_build(&release.name) && !is_prerelease(&release.name));
    let ((newest, at), (oldest, _)) = (all.first()?, all.last()?);
    let dates: Vec<Release> = all.iter().map(|(release, _)| release.clone()).collect();
    let text = match all.len() {
        1 => Text::plain("The change log dates one release: ")
            .then_code(&newest.name)
            .then(format!(" of {}", newest.date)),
        n => Text::plain(format!(
            "The newest {} that the change log dates lie between {} and {}",
            words::count(n, "release"),
            oldest.date,
            newest.date
        )),
    };
    let text = with_gap(text, &dates);
    let text = match all.len() {
        1 => text,
        _ => text.then("; the newest is ").then_code(&newest.name),
    };
    Some(end(text.from(&at.provenance)))
}

/// The text with how close releases follow each other.
fn with_gap(text: Text, releases: &[Release]) -> Text {
    match middle_gap(releases) {
        Some(0) => text.then(", half of them on the day of the one before"),
        Some(gap) => text.then(format!(
            ", half of them within {} of the one before",
            words::count(usize::try_from(gap).unwrap_or(0), "day")
        )),
        None => text,
    }
}

fn releases_text(c: &Context) -> Option<Text> {
    let every = &c.blueprint.history.releases;
    if every.is_empty() {
        return logged_text(c);
    }
    let plain: Vec<Release> = every
        .iter()
        .filter(|r| !is_build(&r.name) && !is_prerelease(&r.name))
        .cloned()
        .collect();
    // Where nothing but pre-releases was made, they are what there is.
    let all = if plain.is_empty() { every } else { &plain };
    let others = c.blueprint.history.other_tags as usize;
    let left = every.len() - all.len() + others;
    let (newest, oldest) = (all.first()?, all.last()?);
    let n = words::count(all.len(), "release");
    let text = match all.len() {
        1 => Text::plain("One release: ")
            .then_code(&newest.name)
            .then(format!(" of {}", newest.date)),
        _ => Text::plain(format!("{n} from {} to {}", oldest.date, newest.date)),
    };
    let text = with_gap(text, all);
    let text = match all.len() {
        1 => text,
        _ => text.then("; the newest is ").then_code(&newest.name),
    };
    let before = all.iter().filter(|r| is_prerelease(&r.name)).count();
    let text = match (left, before) {
        (0, 0) => text,
        (0, n) => text.then(format!(
            ". By {}, {} of them {}",
            words::verb_for(n, "its tag", "their tags"),
            words::spelled(n),
            words::verb_for(n, "is a pre-release", "are pre-releases"),
        )),
        (n, _) => {
            let what = match n == others {
                true => "whose names are no versions of their own",
                false if others == 0 => "for pre-releases and builds",
                false => "for pre-releases, builds or what is no version of its own,",
            };
            text.then(format!(
                ". {} {what} {} not counted",
                words::capital(&words::spelled_count(n, "more tag")),
                words::verb_for(n, "was", "were"),
            ))
        }
    };
    Some(counted(
        end(text),
        "median of the days between tags that look like releases",
        ["git tags".to_owned()],
    ))
}

fn release_frequency(c: &Context) -> Answer {
    let mut items: Vec<Text> = told(
        c,
        &[
            "delivery.releases",
            "operations.release_frequency",
            "operations.release",
        ],
    )
    .into_iter()
    .collect();
    items.extend(releases_text(c));
    for p in shipping(c)
        .into_iter()
        .filter(|p| p.triggers.iter().any(|t| t.starts_with("schedule")))
        .take(3)
    {
        items.push(shipping_text(p));
    }
    super::goals::one_line(items)
        .or_else(|| any_time(c, "how often that is"))
        .unwrap_or(Answer::Gap("releases"))
}

fn is_shipping(j: &Job) -> bool {
    j.stages
        .iter()
        .any(|s| matches!(s, JobStage::Deploy | JobStage::Release))
}

/// Pipelines that release or deploy: by their jobs, or because a release starts or names them.
fn shipping<'a>(c: &Context<'a>) -> Vec<&'a Pipeline> {
    let named = |p: &Pipeline| {
        let lower = p.name.to_lowercase();
        let called = lower.contains("release") || lower.contains("publish");
        called
            || p.triggers
                .iter()
                .any(|t| t.starts_with("release"))
            // Checks run on tags too, beside all else.
            || !p.triggers.is_empty() && p.triggers.iter().all(|t| t.starts_with("tag "))
    };
    let all = ranked(c).into_iter();
    all.filter(|p| p.jobs.iter().any(is_shipping) || is_work(p) && named(p))
        .collect()
}

/// The jobs of a pipeline that ship; all of them where none does by its stages.
fn shipping_jobs(p: &Pipeline) -> Vec<&Job> {
    let ships: Vec<&Job> = p.jobs.iter().filter(|j| is_shipping(j)).collect();
    match ships.is_empty() {
        true => p.jobs.iter().collect(),
        false => ships,
    }
}

/// What starts the jobs of a pipeline that ship: they need not run on all that starts the rest.
fn shipped(p: &Pipeline) -> String {
    let own = triggers_of(p, &shipping_jobs(p));
    match own.len() < p.triggers.len() {
        true => started(&own),
        false => format!("{}{}", triggers(p), limited(p)),
    }
}

fn shipping_text(p: &Pipeline) -> Text {
    let shown = shipping_jobs(p);
    let when = shipped(p);
    let mut text = match p.triggers.is_empty() {
        true => Text::code(&p.name).then(" ships"),
        false => Text::code(&p.name).then(format!(" runs {when}")),
    };
    text = text
        .then(": ")
        .spans(names(shown.iter().map(|j| j.name.as_str()), 3));
    let into = distinct(shown.iter().filter_map(|j| j.environment.as_deref()));
    if !into.is_empty() {
        text = text.then(", into ").spans(names(into, 3));
    }
    end(text.from(&first_places(shown.iter().map(|j| &j.provenance), 2)))
}

/// The commands that a platform runs before it starts the machines of a release.
fn before_release(c: &Context) -> Vec<Text> {
    let mut told: BTreeSet<(&str, &str)> = BTreeSet::new();
    let all = c.containers.iter();
    let all = all.flat_map(|e| super::hosted::by_platform(e, "release-command"));
    let text = |(platform, command): (&str, &Attribute)| {
        let text = Text::plain(format!("Before {platform} starts a release it runs "));
        end(text
            .then_code(command.value.as_str())
            .from(&command.provenance))
    };
    all.filter(|(platform, command)| told.insert((*platform, command.value.as_str())))
        .map(text)
        .collect()
}

fn release_process(c: &Context) -> Answer {
    let mut items: Vec<Text> = told(
        c,
        &[
            "delivery.releases",
            "delivery.rollout",
            "operations.release",
        ],
    )
    .into_iter()
    .collect();
    items.extend(shipping(c).into_iter().map(shipping_text));
    items.extend(before_release(c));
    items.extend(releases_text(c));
    found(items).unwrap_or_else(|| {
        c.absent(
            "release or deployment job",
            &[super::delivery::WORKFLOWS, "git tags"],
            "releases",
        )
    })
}

fn deployment_windows(c: &Context) -> Answer {
    let mut items: Vec<Text> = told(c, &["delivery.windows", "operations.windows"])
        .into_iter()
        .collect();
    for p in shipping(c) {
        for t in p.triggers.iter().filter(|t| t.starts_with("schedule")) {
            let text = Text::code(&p.name)
                .then(" is started by the schedule ")
                .then_code(t.trim_start_matches("schedule").trim());
            items.push(end(text.then(" (UTC)").from(&p.provenance)));
        }
    }
    found(items)
        .or_else(|| any_time(c, "a schedule or window of deployments"))
        .unwrap_or(Answer::Gap("releases"))
}

/// That what ships is started by other things than `none`, and by which: the first pipelines that do.
fn any_time(c: &Context, none: &str) -> Option<Answer> {
    let all = shipping(c);
    // What tests a change may push an image for it, and ships nothing.
    let tries = |p: &Pipeline| {
        let lower = p.name.to_lowercase();
        let mut words = lower.split(|c: char| !c.is_alphanumeric());
        words.any(|word| matches!(word, "test" | "tests" | "e2e" | "check" | "checks" | "lint"))
    };
    let started: Vec<&&Pipeline> = all
        .iter()
        .filter(|p| !p.triggers.is_empty() && !tries(p))
        .collect();
    if started.is_empty() {
        return None;
    }
    let mut text = Text::default();
    for (at, p) in started.iter().take(2).enumerate() {
        let joint = if at == 0 { "" } else { ", " };
        let then = format!(" runs {}", shipped(p));
        text = text.then(joint).then_code(&p.name).then(then);
    }
    let text = end(text.from(&first_places(started.iter().map(|p| &p.provenance), 2)));
    if let Some(said) = c.stated_in_documents("releases") {
        return Some(Answer::text(text.then(" ").append(said)));
    }
    let text = text.then(format!(
        " No pipeline speaks of {none} (searched: names, triggers and jobs of the pipelines that ship)"
    ));
    let lead = "; what people keep to is asked in ";
    Some(Answer::text(c.asked_in(text, lead, "releases")))
}

/// Whether a name contains one of the words.
pub(super) fn has_mark(text: &str, marks: &[&str]) -> bool {
    let lower = text.to_lowercase();
    marks.iter().any(|m| lower.contains(m))
}

/// Whether a name speaks of taking a version back. Tests and migrations go back as well, and take no version back.
fn goes_back(text: &str) -> bool {
    let lower = text.to_lowercase();
    let mut words = lower.split(|c: char| !c.is_alphanumeric());
    let others = |w: &str| w.starts_with("migrat") || matches!(w, "test" | "tests" | "testing");
    !words.any(others) && has_mark(text, &["rollback", "roll back", "rollout undo", "revert"])
}

/// Pipelines and jobs whose names speak of something.
fn called(c: &Context, speaks: impl Fn(&str) -> bool) -> Vec<Text> {
    let mut items = Vec::new();
    for p in ranked(c) {
        if speaks(&p.name) || p.triggers.iter().any(|t| speaks(t)) {
            let text = Text::code(&p.name).then(format!(" ({})", p.product));
            let text = if p.triggers.is_empty() {
                text
            } else {
                text.then(format!(" runs {}{}", triggers(p), limited(p)))
            };
            items.push(end(text.from(&p.provenance)));
        } else {
            let named = p
                .jobs
                .iter()
                .filter(|j| speaks(&j.name) || j.steps.iter().any(|s| speaks(s)));
            items.extend(named.map(|j| job_text(p, j, &[])));
        }
    }
    items
}

fn hotfix(c: &Context) -> Answer {
    let mut items: Vec<Text> = told(c, &["delivery.hotfix", "operations.hotfix"])
        .into_iter()
        .collect();
    items.extend(called(c, |text| has_mark(text, &["hotfix", "hot-fix"])));
    found(items)
        .or_else(|| any_time(c, "urgent fixes"))
        .unwrap_or(Answer::Gap("releases"))
}

fn rollback(c: &Context) -> Answer {
    let mut items: Vec<Text> = told(c, &["delivery.rollback", "operations.rollback"])
        .into_iter()
        .collect();
    items.extend(called(c, goes_back));
    let runbooks: Vec<&Observation> = c
        .seen(Topic::Runbook)
        .iter()
        .filter(|o| o.name.to_lowercase().contains("rollback"))
        .copied()
        .collect();
    items.extend(groups(c, &runbooks).iter().map(|g| end(item(g))));
    if items.is_empty() {
        items.extend(c.stated_in_documents("rollback"));
    }
    if let Some(answer) = found(items) {
        return answer;
    }
    if !c.surveyed() {
        return Answer::Gap("rollback");
    }
    let places = [super::delivery::WORKFLOWS, "documents"];
    let absence = c.unless_spoken(Absence::of("rollback job or runbook", &places));
    // What is known of versions stands first: it decides whether there is anything to go back to.
    let text = Text::default();
    // Images of others have versions too; what is taken back is what the repository builds.
    let own: Vec<&Element> = c
        .containers
        .iter()
        // Without a deployment file there is nothing in which a version could stand.
        .filter(|e| is_built(e) || (e.source.is_some() && image_of(e).is_some()))
        .filter(|e| e.attribute("deployed-by").is_some())
        // What developers start for themselves is no version that anybody runs.
        .filter(|e| !super::deployment::is_of_development(e))
        // A platform that starts processes builds their image itself.
        .filter(|e| {
            e.attribute("deployed-by")
                .is_none_or(|a| a.value != "the Procfile")
        })
        // A process has no image that could have a version.
        .filter(|e| !super::deployment::is_process(e))
        // What one file only builds, another may name with a version.
        .filter(|e| image_of(e).is_some() || e.attribute("variant").is_none())
        .copied()
        .collect();
    if own.is_empty() {
        return c.absent(
            "rollback job or runbook",
            &[super::delivery::WORKFLOWS, "documents"],
            "rollback",
        );
    }
    // One deployment may name a version where another takes what a tag points at.
    let moves = |e: &Element| {
        let mut all = e.attributes_of("image");
        all.any(|a| fixed(&a.value) == Some(false))
    };
    let versioned = |e: &Element| image_of(e).is_some_and(|a| fixed(&a.value) != Some(false));
    // A variable names the version when it is deployed.
    let (given, own): (Vec<&Element>, Vec<&Element>) = own
        .into_iter()
        .partition(|e| e.attribute("image.tag").is_some());
    let (mixed, own): (Vec<&Element>, Vec<&Element>) =
        own.into_iter().partition(|e| versioned(e) && moves(e));
    let (kept, loose): (Vec<&Element>, Vec<&Element>) = own.into_iter().partition(|e| versioned(e));
    let text = match kept.len() {
        0 if loose.is_empty() => text,
        // An image without a name is made anew of whatever source is there.
        0 if loose.iter().all(|e| e.attribute("image").is_none()) => text
            .then("The deployment files build ")
            .spans(names_of(&loose, 4))
            .then(words::verb_for(
                loose.len(),
                " where it is started and name no image of it",
                " where they are started and name no image of them",
            )),
        0 => text
            .then(words::verb_for(
                loose.len(),
                "In the deployment files the image of ",
                "In the deployment files the images of ",
            ))
            .spans(names_of(&loose, 4))
            .then(words::verb_for(
                loose.len(),
                ", which is built here, is named without a version",
                ", which are built here, are named without a version",
            )),
        n => {
            let verb = words::verb_for(
                n,
                " runs an image with a version",
                " run images with a version",
            );
            let count = words::capital(&words::spelled_count(n, "container"));
            let text = text.then(format!(
                "{count} built here{verb}, so that an earlier one can be named"
            ));
            match loose.is_empty() {
                true => text,
                false => text
                    .then("; ")
                    .spans(names_of(&loose, 4))
                    .then(words::verb_for(loose.len(), " does not", " do not")),
            }
        }
    };
    let text = match given.first().and_then(|e| e.attribute("image.tag")) {
        None => text,
        Some(tag) => follow(text)
            .then(words::verb_for(
                given.len(),
                "Which version of ",
                "Which versions of ",
            ))
            .spans(names_of(&given, 4))
            .then(words::verb_for(given.len(), " runs is", " run is"))
            .then(" said by a variable that is set at the start")
            .from(&tag.provenance),
    };
    let text = match mixed.len() {
        0 => text,
        n => follow(text)
            .then(words::verb_for(n, "The image of ", "The images of "))
            .spans(names_of(&mixed, 4))
            .then(words::verb_for(
                n,
                ", which is built here, has a version in one deployment file and a tag that moves in another",
                ", which are built here, have a version in one deployment file and a tag that moves in another",
            )),
    };
    let mut absence = absence;
    absence.documented = None;
    let text = follow(text).append(absence.sentence());
    let text = c.asked_in(
        text,
        " How a bad version is taken back is open: ",
        "rollback",
    );
    let shown = match (kept.is_empty(), loose.is_empty()) {
        (false, _) => &kept,
        (true, false) => &loose,
        (true, true) => &mixed,
    };
    let places = shown.iter().filter_map(|e| {
        image_of(e)
            .or_else(|| e.attribute("base-image"))
            .or_else(|| e.attribute("build"))
    });
    Answer::text(text.from(&first_places(places.map(|a| &a.provenance), 3)))
}

/// The text with its sentence ended, ready for the next; nothing where there is no sentence yet.
fn follow(text: Text) -> Text {
    match text.spans.is_empty() {
        true => text,
        false => end(text).then(" "),
    }
}

/// Settings that switch something on or off when a part starts.
fn switches(c: &Context) -> Vec<Text> {
    let speaks = |name: &str| {
        let lower = name.to_lowercase();
        let parts: Vec<&str> = lower.split(|c: char| !c.is_ascii_alphanumeric()).collect();
        let first = parts.first().copied().unwrap_or("");
        let last = parts.last().copied().unwrap_or("");
        // Keys of frameworks have dots; they switch parts of the framework, not of the system.
        !lower.contains('.')
            && (["enable", "enabled", "disable", "disabled", "feature"].contains(&first)
                || ["enabled", "disabled"].contains(&last))
    };
    // Behind the name of the program: `SHOP_ENABLE_SIGNUP`.
    let inner = |s: &Setting| {
        let lower = s.name.to_lowercase();
        let parts: Vec<&str> = lower.split(['_', '-']).collect();
        let tool =
            ["pip", "npm", "ci", "go", "cargo"].contains(&parts.first().copied().unwrap_or(""));
        let word = parts.iter().any(|p| ["enable", "disable"].contains(p));
        word && !tool && !lower.contains('.') && s.source.is_read()
    };
    let of = |keep: &dyn Fn(&Setting) -> bool| -> BTreeSet<&str> {
        let all = c.blueprint.settings.iter().filter(|s| keep(s));
        all.map(|s| &*s.name).collect()
    };
    let (known, read) = (of(&|s| !is_example(s)), of(&|s| s.source.is_read()));
    let mut all: Vec<(&str, Vec<&str>, Vec<_>)> = Vec::new();
    for s in c
        .blueprint
        .settings
        .iter()
        // What a product reads by its own name switches that product.
        .filter(|s| !knowledge().by_env(&s.name).is_some_and(|t| t.is_server()))
        // What a pattern names and no code reads switches nothing.
        .filter(|s| !s.secret && known.contains(&*s.name) && (speaks(&s.name) || inner(s)))
    {
        let element = s.element.as_deref().map(|id| c.name_of(id));
        match all.iter_mut().find(|(name, ..)| *name == s.name) {
            Some((_, elements, sources)) => {
                elements.extend(element.filter(|e| !elements.contains(e)));
                sources.push(&s.provenance);
            }
            None => all.push((&s.name, element.into_iter().collect(), vec![&s.provenance])),
        }
    }
    all.sort_by_key(|(_, elements, _)| std::cmp::Reverse(elements.len()));
    all.into_iter()
        // Which of several parts with the same code reads it was not followed.
        .map(|(name, _, sources)| {
            // A store may hold the value that counts, with the variable as its first value.
            let text = Text::code(name).then(match read.contains(name) {
                true => " is named like a switch, and code reads it",
                false => " is named like a switch, and a file sets it",
            });
            end(text.from(&first_places(sources, 2)))
        })
        .collect()
}

fn feature_flags(c: &Context) -> Answer {
    let mut items: Vec<Text> = told(c, &["delivery.feature_flags"]).into_iter().collect();
    items.extend(
        products(c, |t| t.category == Category::FeatureFlags)
            .iter()
            .map(product_text),
    );
    let seen: Vec<&Observation> = c.seen(Topic::FeatureFlag).to_vec();
    items.extend(groups(c, &seen).iter().map(|g| {
        let text = Text::code(g.name);
        let text = match g.elements.is_empty() {
            true => text,
            false => text
                .then(" in ")
                .spans(names(g.elements.iter().copied(), 3)),
        };
        let text = match g.detail {
            Some(detail) => text.then(": ").spans(inline(&words::short(detail, 200))),
            None => text,
        };
        end(text.from(&first_places(g.sources.iter().copied(), 2)))
    }));
    items.extend(switches(c));
    found(items).unwrap_or_else(|| {
        c.absent_topics(
            &[Topic::FeatureFlag],
            "feature flag",
            &["package manifests", "names of settings"],
            "feature-flags",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn release(date: &str) -> Release {
        Release {
            name: date.to_owned(),
            date: date.to_owned(),
            elsewhere: false,
        }
    }

    #[test]
    fn days_between_dates() {
        let gap = |a: &str, b: &str| Some(day(b)? - day(a)?);
        assert_eq!(gap("2024-02-28", "2024-03-01"), Some(2));
        assert_eq!(gap("2023-02-28", "2023-03-01"), Some(1));
        assert_eq!(gap("2023-12-31", "2024-01-01"), Some(1));
        assert_eq!(gap("2020-01-01", "2021-01-01"), Some(366));
        assert_eq!(day("2024-13-01"), None);
        assert_eq!(day("äöü"), None);
        assert_eq!(day(""), None);
    }

    #[test]
    fn the_middle_gap_is_no_mean() {
        let all = ["2024-01-01", "2024-01-08", "2024-01-15", "2024-12-01"].map(release);
        assert_eq!(middle_gap(&all), Some(7));
        assert_eq!(middle_gap(&all[..1]), None);
        // Of two in the middle it is what lies between them.
        assert_eq!(
            middle_gap(&["2024-01-01", "2024-01-08", "2024-01-29"].map(release)),
            Some(14)
        );
    }
}
