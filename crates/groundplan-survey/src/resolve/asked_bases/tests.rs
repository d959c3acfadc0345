//! What callers have to say before a base is told, and which operations it is put before.

use super::heads::{Hit, decide};
use super::{Served, at_root, below_unread, common};
use std::collections::BTreeMap;

/// Operations, each by its file and its path.
fn served(all: &[(&str, &str)]) -> Vec<Served> {
    let one = |(place, (file, path)): (usize, &(&str, &str))| Served {
        interface: 0,
        place,
        parts: path.split('/').map(str::to_owned).collect(),
        method: "GET".to_owned(),
        unread: false,
        code: true,
        file: (*file).to_owned(),
        project: None,
    };
    all.iter().enumerate().map(one).collect()
}

/// What is asked for: which operation, what stands before it, and whether a test of the program asks.
fn hits(all: &[(usize, &str, bool)]) -> BTreeMap<usize, Vec<Hit>> {
    let mut hits: BTreeMap<usize, Vec<Hit>> = BTreeMap::new();
    for (ask, &(at, head, own)) in all.iter().enumerate() {
        let head = head.to_owned();
        hits.entry(at).or_default().push(Hit { head, own, ask });
    }
    hits
}

#[test]
fn a_base_outvotes_others_in_a_fifth_as_many_paths() {
    let paths = ["parcels", "vans", "tours", "stops", "depots", "drivers"];
    let all: Vec<(&str, &str)> = paths.iter().map(|path| ("src/api.js", *path)).collect();
    let served = served(&all);
    let group: Vec<usize> = (0..served.len()).collect();
    let told = |asked: &[(usize, &str, bool)]| {
        let found = decide(&served, &group, &hits(asked), true);
        found.map(|(head, _, supported)| (head, supported))
    };
    let mut asked: Vec<(usize, &str, bool)> = (0..5).map(|at| (at, "/api", false)).collect();
    asked.push((5, "/mirror", false));
    let api = Some(("/api".to_owned(), vec![0, 1, 2, 3, 4]));
    assert_eq!(told(&asked), api);
    // One of four is more than a fifth.
    assert_eq!(told(&asked[1..]), None);
    // Two different paths below a base are too few.
    assert_eq!(told(&asked[..2]), None);
    // Tests that disagree are not outvoted by pages.
    asked.extend([(0, "/v1", true), (1, "/v2", true)]);
    assert_eq!(told(&asked), None);
}

#[test]
fn only_tests_of_the_program_put_a_base_before_routes_at_the_root() {
    let paths = ["parcels", "parcels/{}/stops", "vans", "tours", "readiness"];
    let all: Vec<(&str, &str)> = paths.iter().map(|path| ("src/server.js", *path)).collect();
    let served = served(&all);
    let group: Vec<usize> = (0..served.len()).collect();
    let asked = |own| [(0, "/api", own), (1, "/api", own), (2, "/api", own)];
    let told = |asked: &[(usize, &str, bool)]| {
        let found = at_root(&served, &group, &hits(asked));
        found.map(|(head, _, below)| (head, below))
    };
    assert_eq!(told(&asked(false)), None);
    // Other routes of the file stand below it too, what answers probes beside it.
    let below = Some(("/api".to_owned(), vec![0, 1, 2, 3]));
    assert_eq!(told(&asked(true)), below);
    let mut also_at_root = asked(true).to_vec();
    also_at_root.push((3, "", true));
    assert_eq!(told(&also_at_root), None);
}

#[test]
fn behind_a_gateway_only_tests_of_the_program_tell_a_begin() {
    let all = [("a.js", "parcels"), ("a.js", "vans"), ("a.js", "tours")];
    let served = served(&all);
    let asked = |own| hits(&[(0, "/api", own), (1, "/api", own), (2, "/api", own)]);
    let told = |own, routed: bool| {
        let found = below_unread(&served, &[0, 1, 2], &asked(own), &|_: &str| routed);
        found.len()
    };
    assert_eq!(told(false, true), 0);
    assert_eq!(told(false, false), 1);
    assert_eq!(told(true, true), 1);
}

#[test]
fn files_beside_those_that_are_asked_for_stand_below_the_same_base() {
    let served = served(&[
        ("src/routes/parcels.js", "parcels"),
        ("src/routes/parcels.js", "parcels/{}/stops"),
        ("src/routes/parcels.js", "parcels/{}/labels"),
        ("src/routes/vans.js", "vans"),
        ("src/routes/inner/pallets.js", "pallets"),
        ("src/admin/users.js", "users"),
    ]);
    let group: Vec<usize> = (0..served.len()).collect();
    let asked = hits(&[(0, "/api", false), (1, "/api", false), (2, "/api", false)]);
    let found = below_unread(&served, &group, &asked, &|_: &str| false);
    let told: Vec<_> = found
        .into_iter()
        .map(|(head, _, all)| (head, all))
        .collect();
    assert_eq!(told, [("/api".to_owned(), vec![0, 1, 2, 3])]);
}

#[test]
fn folders_are_common_by_whole_names() {
    assert_eq!(common("src/routes/v1", "src/routes/v2"), "src/routes");
    assert_eq!(common("src/routes", "src/routes"), "src/routes");
    assert_eq!(common("source", "src"), "");
}
