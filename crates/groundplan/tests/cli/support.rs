//! Temporary repositories, runs of the program, and what they left.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

/// When a run counts as one that does not end. It is no measure of speed: a run takes seconds, and the machine may be
/// busy with others.
const LIMIT: Duration = Duration::from_secs(60);

/// A temporary folder with a repository and a home; removed afterwards.
pub(crate) struct Folder {
    base: PathBuf,
    /// The repository.
    pub(crate) repo: PathBuf,
}

impl Folder {
    /// An empty repository.
    pub(crate) fn new() -> Folder {
        Folder::named("repo")
    }

    /// An empty repository in a folder called `name`.
    pub(crate) fn named(name: &str) -> Folder {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let label = format!("groundplan-cli-{}-{count}", std::process::id());
        // Links of the system in the way to it would hide that paths are told apart.
        let base = std::env::temp_dir().canonicalize().unwrap().join(label);
        let _ = std::fs::remove_dir_all(&base);
        let repo = base.join(name);
        std::fs::create_dir_all(&repo).unwrap();
        std::fs::create_dir_all(base.join("home")).unwrap();
        Folder { base, repo }
    }

    /// A repository with these files, written in this order.
    pub(crate) fn with<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Folder {
        let folder = Folder::new();
        for (path, text) in files {
            folder.write(path, text);
        }
        folder
    }

    /// The home of the runs, where the cache goes.
    pub(crate) fn home(&self) -> PathBuf {
        self.base.join("home")
    }

    /// A path beside the repository.
    pub(crate) fn beside(&self, name: &str) -> PathBuf {
        self.base.join(name)
    }

    /// Writes a file of the repository.
    pub(crate) fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let full = self.repo.join(path);
        std::fs::create_dir_all(full.parent().unwrap()).unwrap();
        std::fs::write(full, text).unwrap();
    }

    /// Reads a file of the repository.
    pub(crate) fn read(&self, path: &str) -> String {
        let full = self.repo.join(path);
        std::fs::read_to_string(&full).unwrap_or_else(|e| panic!("{}: {e}", full.display()))
    }

    /// The program, to be run in the repository.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_groundplan"));
        command.args(arguments).current_dir(&self.repo);
        command
            .env("HOME", self.home())
            .env_remove("XDG_CACHE_HOME");
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Runs the program in the repository.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        finish(self.command(arguments).spawn().unwrap(), arguments)
    }

    /// Runs the program and expects success.
    pub(crate) fn good(&self, arguments: &[&str]) -> Ran {
        self.run(arguments).ended(0)
    }

    /// The documents of the repository: path below the output folder to content.
    pub(crate) fn outputs(&self) -> BTreeMap<String, Vec<u8>> {
        files(&self.repo.join("docs/architecture"))
    }

    /// Runs git in the repository, untouched by the account's settings.
    pub(crate) fn git(&self, arguments: &[&str]) -> String {
        let ran = Command::new("git")
            .args(arguments)
            .current_dir(&self.repo)
            .env("HOME", self.home())
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .envs([
                ("GIT_AUTHOR_NAME", "Ann"),
                ("GIT_AUTHOR_EMAIL", "ann@example.org"),
            ])
            .envs([
                ("GIT_COMMITTER_NAME", "Ann"),
                ("GIT_COMMITTER_EMAIL", "ann@example.org"),
            ])
            .envs([("GIT_AUTHOR_DATE", "2024-05-06T07:08:09Z")])
            .envs([("GIT_COMMITTER_DATE", "2024-05-06T07:08:09Z")])
            .output()
            .unwrap();
        assert!(
            ran.status.success(),
            "git {arguments:?}: {}",
            lossy(&ran.stderr)
        );
        lossy(&ran.stdout)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.base);
    }
}

/// A run that has ended.
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ran {
    /// Expects this exit status.
    #[track_caller]
    pub(crate) fn ended(self, code: i32) -> Ran {
        assert_eq!(
            self.code,
            Some(code),
            "stdout: {}\nstderr: {}",
            self.out,
            self.err
        );
        assert!(!self.err.contains("panicked"), "{}", self.err);
        self
    }

    /// Expects all of these words on standard error.
    #[track_caller]
    pub(crate) fn says(self, words: &[&str]) -> Ran {
        for word in words {
            assert!(
                self.err.contains(word),
                "expected `{word}` in: {}",
                self.err
            );
        }
        self
    }

    /// Standard output as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap_or_else(|e| panic!("{e}: {}", self.out))
    }
}

/// Waits for a run; one that hangs is ended and fails the test.
#[track_caller]
pub(crate) fn finish(mut child: Child, arguments: &[&str]) -> Ran {
    let start = Instant::now();
    let mut out = child.stdout.take().unwrap();
    let mut err = child.stderr.take().unwrap();
    let out = std::thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = out.read_to_end(&mut bytes);
        bytes
    });
    let err = std::thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = err.read_to_end(&mut bytes);
        bytes
    });
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        if start.elapsed() > LIMIT {
            let _ = child.kill();
            panic!("{arguments:?} took longer than {LIMIT:?}");
        }
        std::thread::sleep(Duration::from_millis(3));
    };
    Ran {
        code: status.code(),
        out: lossy(&out.join().unwrap()),
        err: lossy(&err.join().unwrap()),
    }
}

pub(crate) fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// All files below a folder: relative path to content.
pub(crate) fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut all = BTreeMap::new();
    collect(folder, folder, &mut all);
    all
}

fn collect(base: &Path, folder: &Path, all: &mut BTreeMap<String, Vec<u8>>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(base, &path, all);
        } else {
            let name = path
                .strip_prefix(base)
                .unwrap()
                .to_string_lossy()
                .into_owned();
            all.insert(name, std::fs::read(&path).unwrap());
        }
    }
}

/// Expects two sets of files to be the same, and says which differ and where.
#[track_caller]
pub(crate) fn same(a: &BTreeMap<String, Vec<u8>>, b: &BTreeMap<String, Vec<u8>>, what: &str) {
    assert!(!a.is_empty(), "no files: {what}");
    let names = |all: &BTreeMap<String, Vec<u8>>| all.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(a), names(b), "{what}");
    for (name, text) in a {
        if text != &b[name] {
            let (one, two) = (lossy(text), lossy(&b[name]));
            let pair = one.lines().zip(two.lines()).find(|(x, y)| x != y);
            panic!("{what}: {name} differs: {pair:?}");
        }
    }
}

/// Whether the tests run as a user whom permissions do not stop.
pub(crate) fn is_root() -> bool {
    let ran = Command::new("id").arg("-u").output();
    ran.is_ok_and(|ran| lossy(&ran.stdout).trim() == "0")
}
