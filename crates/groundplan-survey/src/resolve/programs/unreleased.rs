//! Servers of a module that its releases leave out.

use super::reach::Packages;
use super::{Program, holds_tools, main_name};
use crate::facts::Claim;
use crate::resolve::names::{is_double, is_test_word};
use crate::resolve::world::{World, folder_of};
use std::collections::{BTreeMap, BTreeSet};

/// Operations that make a server of a program; fewer are those of a tool, such as what a sign-in calls back.
const SERVES: usize = 3;

/// Whether a program is called after tests, or after what shows how to use the module: `e2e-server`,
/// `example-api`.
fn is_of_tests(name: &str) -> bool {
    let mut words = name.split(['-', '_', '.']);
    words.any(|word| {
        is_test_word(word) && word != "integration"
            || matches!(
                word,
                "bench"
                    | "benchmark"
                    | "demo"
                    | "example"
                    | "examples"
                    | "loadtest"
                    | "sample"
                    | "testserver"
            )
    })
}

impl<'f> World<'f> {
    /// Adds the servers of a module that none of its releases hands out, as those that need a compiler of C, or
    /// that packages of distributions bring: where no image says which programs run, and what a release hands out
    /// is not built of all code that answers others.
    pub(super) fn add_unreleased(
        &self,
        module: usize,
        mains: &BTreeSet<&'f str>,
        programs: &mut Vec<Program<'f>>,
    ) {
        let released: BTreeSet<&str> = self.released_folders().collect();
        let only_released = |p: &Program<'_>| p.images.is_empty() && released.contains(p.folder);
        if programs.is_empty() || !programs.iter().all(only_released) {
            return;
        }
        let root = self.projects[module].folder.as_str();
        let other = |folder: &&&'f str| {
            let inner = folder.strip_prefix(root).unwrap_or(folder);
            let tool = inner.split('/').any(holds_tools);
            let name = main_name(folder);
            !tool
                && !is_double(name)
                && !is_of_tests(name)
                && programs.iter().all(|p| p.folder != **folder)
        };
        let others: Vec<&'f str> = mains.iter().filter(other).copied().collect();
        if others.is_empty() {
            return;
        }
        let packages = Packages::of(self, module);
        let known: Vec<Vec<bool>> = (programs.iter())
            .map(|program| packages.reached(program.folder))
            .collect();
        let answering = self.answering();
        for folder in others {
            let reached = packages.reached(folder);
            let operations = packages.nodes.iter().enumerate().map(|(node, name)| {
                let here = |all: &Vec<bool>| all.get(node) == Some(&true);
                let own = here(&reached) && !known.iter().any(here);
                answering.get(name).copied().filter(|_| own).unwrap_or(0)
            });
            if operations.sum::<usize>() >= SERVES {
                programs.push(Program {
                    folder,
                    name: main_name(folder).to_owned(),
                    images: Vec::new(),
                });
            }
        }
    }

    /// Folders and files of Go with code that answers others, with how many operations of HTTP they have; a
    /// server of gRPC or RPC has enough.
    fn answering(&self) -> BTreeMap<&'f str, usize> {
        let mut all: BTreeMap<&'f str, usize> = BTreeMap::new();
        for (file, fact) in self.facts().filter(|(file, _)| file.path.ends_with(".go")) {
            let more = match &fact.claim {
                Claim::Endpoint(_) => 1,
                Claim::GrpcServer(_) | Claim::RpcServer(_) => SERVES,
                _ => continue,
            };
            for place in [folder_of(&file.path), file.path.as_str()] {
                *all.entry(place).or_default() += more;
            }
        }
        all
    }
}
