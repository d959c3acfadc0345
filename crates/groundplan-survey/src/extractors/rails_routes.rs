//! Routes of Rails.

mod devise;
mod mapper;
pub(super) mod paths;
mod resources;
mod scope;

use crate::extractor::{Extractor, Reads};
use crate::facts::FileFacts;
use crate::paths as files;
use crate::ruby;
use crate::scan::{self, Part};
use crate::source::SourceFile;
use mapper::Mapper;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "rails-routes",
    docs: "\
### What it finds
Endpoints of `config/routes.rb` and of the files that it draws from `config/routes`: `resources` and
`resource` with their options, nested, shallow and with concerns; `namespace`, `scope`, `member`,
`collection`, `get` and its like, `match`, `root`; loops over lists that are written out. What is
mounted (`mount`) is one endpoint that answers all methods, unless the repository has
its routes: those of an engine, or of an API of Grape. Routes of `devise_for` by the modules that the
model switches on, with its `path`, `path_names`, `controllers`, `only` and `skip`; one endpoint where nobody knows them. Optional parts of a path
make a path with and one without them; those of a scope are left out. The handler is
`controller#action`; what `constraints` ask of the subdomain or host is told with each route. Routes to
a controller of the repository that has neither a method nor a template for the action, and no parent
that could have one, are left out.

### What it does not find
Routes that gems define (`use_doorkeeper`), routes only for development or tests,
other constraints, plurals that an application teaches Rails, paths that are computed.
",
    reads: &[Reads::Paths(&[
        "**/config/routes.rb",
        "**/config/routes/**/*.rb",
        "**/config/*_routes.rb",
    ])],
    markers: &[],
    run: extract,
};

/// The router of a file that another one draws.
const DRAWN: &str = "routes";

/// What stands before the name of a class whose routes are taken in.
pub(super) const CLASS: &str = "::";

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if scan::part(file) != Part::Own || files::is_test(file.path) {
        return;
    }
    let all = ruby::statements(file.text);
    // A file below `config/routes` has its place where `draw` names it.
    let router = file.path.contains("config/routes/").then_some(DRAWN);
    let mut mapper = Mapper::new(acc, file, router);
    mapper.run(&all);
}
