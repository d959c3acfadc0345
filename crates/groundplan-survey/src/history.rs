//! What git says, read without a git program.
//!
//! The revision that documents state is the last commit that touched a surveyed file, so that a
//! commit of the documents themselves changes nothing.

use crate::people::People;
use gix::bstr::ByteSlice;
use gix::{ObjectId, Repository};
use groundplan_model::{Diagnostic, History, Release, Severity};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Reads the history of the repository that holds `root`.
///
/// `outputs` are paths relative to `root` whose changes do not count; `as_of` names a commit to
/// describe instead. Without a repository the history is empty, which is no fault.
pub fn history(root: &Path, outputs: &[String], as_of: Option<&str>) -> (History, Vec<Diagnostic>) {
    let Some((repository, prefix)) = open(root) else {
        let missing = as_of.map(|commit| {
            Diagnostic::new(
                Severity::Error,
                "no-history",
                format!("expected a git repository to look for `{commit}`, found none"),
            )
            .help("leave `--as-of` out, or survey a git checkout")
        });
        return (History::default(), missing.into_iter().collect());
    };
    match read(&repository, &prefix, outputs, as_of) {
        Ok(found) => found,
        Err(error) => {
            let diagnostic = Diagnostic::new(
                Severity::Warning,
                "broken-history",
                format!("cannot read git history: {error}"),
            )
            .help("`git fsck` shows what is broken; the survey itself does not need history");
            (History::default(), vec![diagnostic])
        }
    }
}

/// The web address of the repository that holds `root`, without credentials.
pub(crate) fn remote_of(root: &Path) -> Option<String> {
    remote(&open(root)?.0)
}

/// What decides the answer of [`history`] for the same files, options and outputs: the commit, the
/// tags, the names of authors and the depth of the clone. Costs no walk over commits.
pub(crate) fn state(root: &Path, as_of: Option<&str>) -> String {
    let Some((repository, _)) = open(root) else {
        return String::new();
    };
    let mut parts: Vec<String> = Vec::new();
    let commit = match as_of {
        Some(name) => repository.rev_parse_single(name).ok(),
        None => repository.head_id().ok(),
    };
    parts.extend(commit.map(|id| id.to_string()));
    if let Ok(references) = repository.references()
        && let Ok(tags) = references.tags()
    {
        let names = tags.flatten().map(|tag| {
            let target = tag.target();
            format!("{} {:?}", tag.name().as_bstr(), target)
        });
        parts.extend(names);
    }
    let names = repository.open_mailmap();
    parts.extend(names.entries().iter().map(|entry| format!("{entry:?}")));
    if let Ok(Some(shallow)) = repository.shallow_commits() {
        parts.extend(shallow.iter().map(|id| id.to_string()));
    }
    parts.extend(remote(&repository));
    parts.join("\n")
}

/// The repository that holds a folder, and the folder's path in it.
fn open(root: &Path) -> Option<(Repository, PathBuf)> {
    let root = root.canonicalize().ok()?;
    let mut folder = root.as_path();
    loop {
        if folder.join(".git").exists() {
            let repository = gix::open_opts(folder, gix::open::Options::isolated()).ok()?;
            return Some((repository, root.strip_prefix(folder).ok()?.to_path_buf()));
        }
        folder = folder.parent()?;
    }
}

/// Whether a folder lies in a repository of git.
pub(crate) fn is_kept(root: &Path) -> bool {
    open(root).is_some()
}

/// The files that git keeps, relative to `root`, in order; none without a repository. What is kept
/// belongs to the repository, also where a pattern of `.gitignore` would leave it out.
pub(crate) fn tracked(root: &Path) -> Vec<String> {
    let Some((repository, prefix)) = open(root) else {
        return Vec::new();
    };
    // Like git itself, which checks the hash of the index only when asked to: a damaged index does not
    // decode. One thread, since to start another costs more than to decode what is left to it.
    let options = gix::index::decode::Options {
        thread_limit: Some(1),
        ..Default::default()
    };
    let (place, kind) = (repository.index_path(), repository.object_hash());
    let Ok(index) = gix::index::File::at(place, kind, true, options) else {
        return Vec::new();
    };
    let prefix = prefix.to_string_lossy().replace('\\', "/");
    let is_file = |e: &&gix::index::Entry| {
        let mode = e.mode;
        mode == gix::index::entry::Mode::FILE || mode == gix::index::entry::Mode::FILE_EXECUTABLE
    };
    let all = index.entries().iter().filter(is_file);
    let paths = all.filter_map(|entry| {
        let path = entry.path(&index).to_str().ok()?;
        match prefix.is_empty() {
            true => Some(path.to_owned()),
            false => path
                .strip_prefix(prefix.as_str())
                .and_then(|rest| rest.strip_prefix('/'))
                .map(str::to_owned),
        }
    });
    let mut paths: Vec<String> = paths.collect();
    if !paths.is_sorted() {
        paths.sort();
    }
    paths
}

type Fault = Box<dyn std::error::Error + Send + Sync>;

fn read(
    repository: &Repository,
    prefix: &Path,
    outputs: &[String],
    as_of: Option<&str>,
) -> Result<(History, Vec<Diagnostic>), Fault> {
    let mut diagnostics = Vec::new();
    let head = match as_of {
        Some(name) => match repository.rev_parse_single(name) {
            Ok(id) => id.object()?.peel_to_commit()?.id,
            Err(_) => {
                diagnostics.push(
                    Diagnostic::new(
                        Severity::Error,
                        "unknown-commit",
                        format!("expected a commit of this repository, found `{name}`"),
                    )
                    .help("give a commit hash, tag or branch that `git rev-parse` knows"),
                );
                return Ok((History::default(), diagnostics));
            }
        },
        None => match repository.head_id() {
            Ok(id) => id.detach(),
            // A repository without a commit has no history.
            Err(_) => return Ok((History::default(), diagnostics)),
        },
    };
    let Some(revision) = last_change(repository, head, prefix, outputs)? else {
        return Ok((History::default(), diagnostics));
    };
    let commit = repository.find_commit(revision)?;
    let shallow = repository.is_shallow().unwrap_or(false);
    let mut history = History {
        revision: Some(revision.to_string()),
        date: Some(date(commit.time()?)),
        remote: remote(repository),
        shallow,
        ..History::default()
    };
    if shallow {
        diagnostics.push(
            Diagnostic::new(
                Severity::Warning,
                "shallow-clone",
                "the clone is shallow, so commits, authors and releases are lower bounds",
            )
            .help("`git fetch --unshallow` brings the whole history"),
        );
    }
    // Counts of the whole repository would say nothing true of one folder in it.
    if prefix.as_os_str().is_empty() {
        count(repository, revision, &mut history)?;
    }
    Ok((history, diagnostics))
}

fn count(repository: &Repository, revision: ObjectId, history: &mut History) -> Result<(), Fault> {
    let mailmap = repository.open_mailmap();
    let mut authors = People::default();
    let mut first: Option<gix::date::Time> = None;
    let mut walked: BTreeSet<ObjectId> = BTreeSet::new();
    let mut whole = !history.shallow;
    for info in repository.rev_walk([revision]).all()? {
        // In a partial or shallow clone the walk ends early; what was seen counts.
        let Ok(info) = info else {
            whole = false;
            break;
        };
        let Ok(commit) = info.object() else {
            whole = false;
            break;
        };
        walked.insert(info.id);
        history.commits += 1;
        let author = commit.author()?;
        let resolved = mailmap.resolve(author);
        authors.add(
            resolved.name.to_str_lossy().trim(),
            resolved.email.to_str_lossy().trim(),
        );
        let time = commit.time()?;
        if first.is_none_or(|f| time.seconds < f.seconds) {
            first = Some(time);
        }
    }
    history.since = first.map(date);
    history.authors = authors.all();
    (history.releases, history.other_tags) = releases(repository, whole.then_some(&walked))?;
    Ok(())
}

/// Tags that begin with a number or `v` and a number, those of release branches too, with the day
/// on which they were made: an annotated tag has its own. The tags that are left out are counted.
/// `walked` are the ancestors of the revision, where all of them were seen.
fn releases(
    repository: &Repository,
    walked: Option<&BTreeSet<ObjectId>>,
) -> Result<(Vec<Release>, u32), Fault> {
    let mut all = Vec::new();
    let mut tags: u32 = 0;
    for reference in repository.references()?.tags()? {
        let Ok(mut reference) = reference else {
            continue;
        };
        tags += 1;
        let name = reference.name().shorten().to_str_lossy().into_owned();
        let digits = name
            .rsplit('/')
            .next()
            .unwrap_or(&name)
            .trim_start_matches(['v', 'V']);
        if !digits.starts_with(|c: char| c.is_ascii_digit()) {
            continue;
        }
        let tagged = reference
            .try_id()
            .and_then(|id| repository.find_tag(id).ok())
            .and_then(|tag| tag.tagger().ok().flatten()?.time().ok());
        let Ok(id) = reference.peel_to_id() else {
            continue;
        };
        let Ok(commit) = repository.find_commit(id) else {
            continue;
        };
        let time = match tagged {
            Some(time) => time,
            None => commit.time()?,
        };
        all.push((
            time.seconds,
            id.detach(),
            Release {
                name,
                date: date(time),
                elsewhere: walked.is_some_and(|all| !all.contains(&id.detach())),
            },
        ));
    }
    all.sort_by(|a, b| (b.0, &b.2.name).cmp(&(a.0, &a.2.name)));
    // `2.1.0` and `v2.1.0` are one release, also where they stand on two commits.
    let mut known = BTreeSet::new();
    all.retain(|(_, _, release)| {
        let version = release.name.rsplit('/').next().unwrap_or(&release.name);
        let folder = release
            .name
            .rsplit_once('/')
            .map_or("", |(folder, _)| folder);
        let version = version.trim_start_matches(['v', 'V']);
        known.insert((folder.to_owned(), version.to_owned()))
    });
    let others = tags - u32::try_from(all.len()).unwrap_or(tags).min(tags);
    let all = all.into_iter().map(|(_, _, release)| release).collect();
    Ok((all, others))
}

/// The newest commit on the first-parent line whose tree differs from its parent's in anything
/// but `outputs`.
fn last_change(
    repository: &Repository,
    head: ObjectId,
    prefix: &Path,
    outputs: &[String],
) -> Result<Option<ObjectId>, Fault> {
    let mut current = head;
    let mut tree = subtree(repository, current, prefix)?;
    if tree.is_none() {
        return Ok(None);
    }
    loop {
        let commit = repository.find_commit(current)?;
        let Some(parent) = commit.parent_ids().next().map(|id| id.detach()) else {
            return Ok(Some(current));
        };
        // The parent may be missing in a shallow clone.
        let Ok(before) = subtree(repository, parent, prefix) else {
            return Ok(Some(current));
        };
        if differs(repository, tree, before, "", outputs)? {
            return Ok(Some(current));
        }
        current = parent;
        tree = before;
    }
}

fn subtree(
    repository: &Repository,
    commit: ObjectId,
    prefix: &Path,
) -> Result<Option<ObjectId>, Fault> {
    let tree = repository.find_commit(commit)?.tree()?;
    if prefix.as_os_str().is_empty() {
        return Ok(Some(tree.id));
    }
    let entry = tree.lookup_entry_by_path(prefix)?;
    Ok(entry.filter(|e| e.mode().is_tree()).map(|e| e.object_id()))
}

/// Whether two trees differ in a path that is no output. Equal subtrees are not opened.
fn differs(
    repository: &Repository,
    new: Option<ObjectId>,
    old: Option<ObjectId>,
    base: &str,
    outputs: &[String],
) -> Result<bool, Fault> {
    if new == old {
        return Ok(false);
    }
    let (new, old) = (entries(repository, new)?, entries(repository, old)?);
    let names: BTreeSet<&String> = new.keys().chain(old.keys()).collect();
    for name in names {
        let (a, b) = (new.get(name), old.get(name));
        if a == b {
            continue;
        }
        let path = if base.is_empty() {
            name.clone()
        } else {
            format!("{base}/{name}")
        };
        if outputs
            .iter()
            .any(|o| path == *o || path.starts_with(&format!("{o}/")))
        {
            continue;
        }
        let folder = |entry: Option<&(bool, ObjectId)>| entry.filter(|e| e.0).map(|e| e.1);
        let both_folders = a.is_none_or(|e| e.0) && b.is_none_or(|e| e.0);
        if !both_folders || differs(repository, folder(a), folder(b), &path, outputs)? {
            return Ok(true);
        }
    }
    Ok(false)
}

type Entries = BTreeMap<String, (bool, ObjectId)>;

fn entries(repository: &Repository, tree: Option<ObjectId>) -> Result<Entries, Fault> {
    let mut all = BTreeMap::new();
    let Some(tree) = tree else { return Ok(all) };
    for entry in repository.find_tree(tree)?.iter() {
        let entry = entry?;
        let name = entry.filename().to_str_lossy().into_owned();
        all.insert(name, (entry.mode().is_tree(), entry.object_id()));
    }
    Ok(all)
}

/// Day of a commit in its own time zone, as `YYYY-MM-DD`.
fn date(time: gix::date::Time) -> String {
    let days = (time.seconds + i64::from(time.offset)).div_euclid(86_400);
    // Civil date from days since 1970-01-01, after Howard Hinnant's `civil_from_days`
    // (<https://howardhinnant.github.io/date_algorithms.html>).
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_index = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_index + 2) / 5 + 1;
    let month = if month_index < 10 {
        month_index + 3
    } else {
        month_index - 9
    };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

/// The web address of `origin`, without credentials: `git@host:a/b.git` becomes
/// `https://host/a/b`. Paths of this machine are no address.
fn remote(repository: &Repository) -> Option<String> {
    let snapshot = repository.config_snapshot();
    let url = snapshot
        .string("remote.origin.url")?
        .to_str_lossy()
        .into_owned();
    web_address(&url)
}

fn web_address(url: &str) -> Option<String> {
    let plain = url.trim().trim_end_matches('/').trim_end_matches(".git");
    let rest = match plain.split_once("://") {
        Some(("https" | "http" | "ssh" | "git", rest)) => rest.to_owned(),
        Some(_) => return None,
        None => {
            let (host, path) = plain.split_once(':')?;
            if host.contains('/') || path.starts_with(['/', '\\']) || host.len() < 2 {
                return None;
            }
            format!("{host}/{path}")
        }
    };
    let rest = rest
        .rsplit_once('@')
        .map_or(rest.as_str(), |(_, rest)| rest);
    let (host, path) = rest.split_once('/')?;
    let host = host.split(':').next().unwrap_or(host);
    host.contains('.').then(|| format!("https://{host}/{path}"))
}
