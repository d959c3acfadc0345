//! Start scripts that give root up.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts};
use crate::scan;
use crate::source::SourceFile;
use groundplan_syntax::Language;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "user-switches",
    docs: "\
### What it finds
Commands of shell scripts that go on as another user than root (`gosu`, `su-exec`, `setpriv`, `runuser`,
`chpst`, `s6-setuidgid`, `setuidgid`; `su` and `sudo -u` where they replace the shell): an image whose
command is such a script starts as root and does its work as another user.

### What it does not find
Programs that change their user themselves.
",
    reads: &[
        Reads::Languages(&[Language::Shell]),
        Reads::Paths(&["*entrypoint*", "*entry-point*", "**/s6*/**/run", "**/services.d/**/run"]),
    ],
    markers: &[
        "gosu ",
        "su-exec ",
        "setpriv ",
        "runuser ",
        "chpst ",
        "setuidgid ",
        "exec su ",
        "exec sudo ",
    ],
    run: extract,
};

/// Programs that start another one as a user, <https://github.com/tianon/gosu>, and those beside it.
const TOOLS: [&str; 7] = [
    "gosu",
    "su-exec",
    "setpriv",
    "runuser",
    "chpst",
    "s6-setuidgid",
    "setuidgid",
];

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if scan::is_test(file.path)
        || !(file.language == Language::Shell || file.text.starts_with("#!"))
    {
        return;
    }
    for (index, line) in file.text.lines().enumerate() {
        if let Some(tool) = switches(line) {
            let at = index as u32 + 1;
            acc.add(file, at, at, Claim::UserSwitch(tool.to_owned()));
            return;
        }
    }
}

/// The program with which a line goes on as another user than root.
pub(crate) fn switches(line: &str) -> Option<&str> {
    switched(line, false)
}

/// As [`switches`], of the command of an image, which replaces nothing.
pub(crate) fn switches_command(command: &str) -> Option<&str> {
    switched(command, true)
}

fn switched(line: &str, of_command: bool) -> Option<&str> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let comment = words.iter().position(|w| w.starts_with('#'));
    let words = &words[..comment.unwrap_or(words.len())];
    let is_root = |word: &str| {
        let user = word.trim_matches(['"', '\'']).split(':').next();
        matches!(user, Some("root" | "0"))
    };
    words.iter().enumerate().find_map(|(at, word)| {
        let tool = word.rsplit('/').next().unwrap_or(word);
        let before = at.checked_sub(1).and_then(|at| words.get(at)).copied();
        // What runs one command for another user (`gosu postgres psql …`) ends with it, and the script goes on.
        let replaces = before == Some("exec");
        let starts = replaces || of_command && at == 0;
        let rest = &words[at + 1..];
        let option = |flags: &[&str]| {
            rest.iter().enumerate().find_map(|(at, word)| {
                let (flag, value) = word
                    .split_once('=')
                    .map_or((*word, None), |(f, v)| (f, Some(v)));
                let value = value.or_else(|| rest.get(at + 1).copied());
                flags.contains(&flag).then_some(value).flatten()
            })
        };
        let plain = || rest.iter().copied().find(|word| !word.starts_with('-'));
        let user = match tool {
            "su" if replaces => plain(),
            "sudo" if replaces => option(&["-u", "--user"]),
            "setpriv" => option(&["--reuid"]),
            "chpst" => option(&["-u", "-U"]),
            "runuser" => option(&["-u", "--user"]).or_else(plain),
            _ => plain(),
        };
        let known = replaces && matches!(tool, "su" | "sudo") || starts && TOOLS.contains(&tool);
        let goes_on = rest.len() > 1 && user.is_some_and(|user| !is_root(user));
        (known && goes_on).then_some(tool)
    })
}

#[cfg(test)]
mod tests {
    use super::switches;

    #[test]
    fn a_command_that_goes_on_as_another_user() {
        assert_eq!(switches("    exec gosu $PUID \"$@\""), Some("gosu"));
        assert_eq!(
            switches("exec su-exec app:app /srv/app # go"),
            Some("su-exec")
        );
        assert_eq!(
            switches("exec /sbin/setpriv --reuid=app server"),
            Some("setpriv")
        );
        assert_eq!(
            switches("[ -z \"$U\" ] || exec su app -c server"),
            Some("su")
        );
        assert_eq!(switches("apt-get install -y gosu tini"), None);
        assert_eq!(switches("su-exec www-data php artisan migrate"), None);
        assert_eq!(super::switches_command("gosu app server"), Some("gosu"));
        assert_eq!(switches("exec gosu root server"), None);
        assert_eq!(switches("exec setpriv --no-new-privs server"), None);
        assert_eq!(switches("exec setpriv --reuid=root server"), None);
        assert_eq!(switches("exec sudo -E server start"), None);
        assert_eq!(switches("exec chpst -u app server"), Some("chpst"));
        assert_eq!(switches("# exec gosu app server"), None);
    }
}
