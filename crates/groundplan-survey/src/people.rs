//! Authors of commits: one entry for each person, however many names and addresses they used.

use groundplan_model::Author;
use std::collections::BTreeMap;

/// Counts commits per person. Addresses serve to tell people apart and are not kept.
#[derive(Debug, Default)]
pub(crate) struct People {
    /// Commits per name and address, both as written.
    commits: BTreeMap<(String, String), u32>,
}

impl People {
    /// Counts one commit.
    pub(crate) fn add(&mut self, name: &str, address: &str) {
        if name.is_empty() || is_machine(name, address) {
            return;
        }
        *self
            .commits
            .entry((name.to_owned(), address.to_ascii_lowercase()))
            .or_default() += 1;
    }

    /// All people, most commits first, each under the name they used most.
    pub(crate) fn all(self) -> Vec<Author> {
        let mut groups = Groups::default();
        let mut of_key: BTreeMap<String, usize> = BTreeMap::new();
        let mut places = Vec::new();
        let habits = Habits::of(&self.commits);
        for ((name, address), commits) in &self.commits {
            let place = groups.add();
            places.push(place);
            let name = folded(name);
            let own = is_personal(address) && !habits.is_slip(&name, address, *commits);
            let mut keys = vec![format!("n {name}")];
            keys.extend(own.then(|| format!("a {address}")));
            for key in keys {
                let known = *of_key.entry(key).or_insert(place);
                groups.join(known, place);
            }
        }
        let mut people: BTreeMap<usize, BTreeMap<&str, u32>> = BTreeMap::new();
        for (place, ((name, _), commits)) in places.into_iter().zip(&self.commits) {
            *people
                .entry(groups.of(place))
                .or_default()
                .entry(name)
                .or_default() += commits;
        }
        let mut authors: Vec<Author> = people
            .into_values()
            .filter_map(|names| {
                let commits = names.values().sum();
                let most = names
                    .iter()
                    .max_by_key(|(name, n)| (**n, std::cmp::Reverse(**name)));
                let name = (*most?.0).to_owned();
                Some(Author { name, commits })
            })
            .collect();
        authors.sort_by(|a, b| (b.commits, &a.name).cmp(&(a.commits, &b.name)));
        authors
    }
}

/// Which addresses names commit with, and which names addresses stand beside, with how many commits.
#[derive(Debug, Default)]
struct Habits<'p> {
    of_name: BTreeMap<String, Vec<(&'p str, u32)>>,
    of_address: BTreeMap<&'p str, Vec<(String, u32)>>,
}

impl<'p> Habits<'p> {
    fn of(commits: &'p BTreeMap<(String, String), u32>) -> Self {
        let mut habits = Habits::default();
        for ((name, address), n) in commits.iter().filter(|((_, a), _)| is_personal(a)) {
            let name = folded(name);
            let names = habits.of_address.entry(address).or_default();
            names.push((name.clone(), *n));
            let addresses = habits.of_name.entry(name).or_default();
            addresses.push((address, *n));
        }
        habits
    }

    /// Whether somebody known by another address committed now and then with one that is somebody
    /// else's: a merge in a forge writes such pairs, and they would make one person of two.
    fn is_slip(&self, name: &str, address: &str, commits: u32) -> bool {
        let elsewhere = self.of_name.get(name).into_iter().flatten();
        let mut elsewhere = elsewhere.filter(|(a, _)| *a != address);
        let others = self.of_address.get(address).into_iter().flatten();
        let mut others = others.filter(|(n, _)| n != name);
        elsewhere.any(|(_, n)| *n > 3 * commits) && others.any(|(_, n)| *n > 3 * commits)
    }
}

/// Sets that grow together.
#[derive(Debug, Default)]
struct Groups {
    above: Vec<usize>,
}

impl Groups {
    fn add(&mut self) -> usize {
        self.above.push(self.above.len());
        self.above.len() - 1
    }

    fn of(&mut self, mut at: usize) -> usize {
        while self.above[at] != at {
            self.above[at] = self.above[self.above[at]];
            at = self.above[at];
        }
        at
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.of(a), self.of(b));
        self.above[a.max(b)] = a.min(b);
    }
}

/// Names of programs that commit: those of the forges, of dependency updates and of translations.
const MACHINES: [&str; 9] = [
    "allcontributors",
    "dependabot",
    "github actions",
    "github-actions",
    "greenkeeper",
    "pre-commit-ci",
    "renovate",
    "snyk",
    "weblate",
];

/// Whether a program made the commit. GitHub marks its apps with `[bot]`.
fn is_machine(name: &str, address: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let address = address.to_ascii_lowercase();
    let words: Vec<&str> = name.split([' ', '-', '_', '.']).collect();
    name.contains("[bot]")
        || address.contains("[bot]@")
        || words.contains(&"bot")
        || MACHINES.iter().any(|w| name.contains(w))
        || [
            "bot@",
            "ci@",
            "release@",
            "releases@",
            "build@",
            "automation@",
            "actions@",
        ]
        .iter()
        .any(|user| address.starts_with(user))
}

/// Whether an address is one person's: shared and placeholder addresses would join strangers.
fn is_personal(address: &str) -> bool {
    let Some((user, host)) = address.split_once('@') else {
        return false;
    };
    host.contains('.')
        && !host.ends_with(".local")
        && !matches!(host, "example.com" | "email.com" | "localhost.localdomain")
        && !matches!(
            user,
            "" | "root"
                | "admin"
                | "noreply"
                | "no-reply"
                | "none"
                | "user"
                | "you"
                | "git"
                | "info"
        )
}

/// A name in lower case, without the signs above and through Latin letters.
fn folded(name: &str) -> String {
    let plain = |c: char| match c {
        'á' | 'à' | 'â' | 'ä' | 'ã' | 'å' | 'ā' | 'ą' => 'a',
        'ç' | 'ć' | 'č' => 'c',
        'ď' | 'đ' => 'd',
        'é' | 'è' | 'ê' | 'ë' | 'ē' | 'ę' | 'ě' => 'e',
        'ğ' => 'g',
        'í' | 'ì' | 'î' | 'ï' | 'ī' => 'i',
        'ł' => 'l',
        'ñ' | 'ń' | 'ň' => 'n',
        'ó' | 'ò' | 'ô' | 'ö' | 'õ' | 'ø' | 'ő' => 'o',
        'ř' => 'r',
        'ś' | 'š' | 'ş' => 's',
        'ť' => 't',
        'ú' | 'ù' | 'û' | 'ü' | 'ů' | 'ű' => 'u',
        'ý' | 'ÿ' => 'y',
        'ź' | 'ż' | 'ž' => 'z',
        other => other,
    };
    let lower = name.to_lowercase();
    // `annlecka` is how `Ann Lecka` is called where no blank may stand.
    let letters = lower
        .chars()
        .filter(|c| !c.is_whitespace() && !"._-".contains(*c));
    letters.map(plain).collect()
}

#[cfg(test)]
mod tests {
    use super::People;

    #[test]
    fn one_person_is_counted_once_and_a_machine_never() {
        let mut people = People::default();
        for _ in 0..3 {
            people.add("Ann Łęcka", "ann@acme.dev");
        }
        people.add("ann", "Ann@acme.dev");
        people.add("Ann Lecka", "ann@home.example");
        // A merge once wrote Dee's name beside Ann's address.
        for _ in 0..13 {
            people.add("Ann Łęcka", "ann@acme.dev");
            people.add("Dee", "dee@acme.dev");
        }
        people.add("Dee", "ann@acme.dev");
        people.add("Bo", "root@localhost");
        people.add("Cy", "root@localhost");
        people.add(
            "dependabot[bot]",
            "49699333+dependabot[bot]@users.noreply.github.com",
        );
        people.add("Mend Renovate", "bot@renovateapp.com");
        for name in ["Hosted Weblate", "Snyk", "pre-commit-ci", "GitHub Actions"] {
            people.add(name, "");
        }
        let all: Vec<_> = people
            .all()
            .into_iter()
            .map(|a| (a.name, a.commits))
            .collect();
        let wanted = [("Ann Łęcka", 18), ("Dee", 14), ("Bo", 1), ("Cy", 1)];
        assert_eq!(all, wanted.map(|(n, c)| (n.to_owned(), c)));
    }

    #[test]
    fn no_one_is_cut() {
        let mut people = People::default();
        for n in 0..120 {
            people.add(&format!("Person {n}"), "");
        }
        assert_eq!(people.all().len(), 120);
    }
}
