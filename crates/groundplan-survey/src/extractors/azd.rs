//! Services of the Azure Developer CLI.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, Deployable, FileFacts};
use crate::source::SourceFile;
use groundplan_syntax::Node;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "azd",
    docs: "\
### What it finds
Services of an `azure.yaml` with the folder of their project, what hosts them, and their image or Dockerfile
(<https://learn.microsoft.com/azure/developer/azure-developer-cli/azd-schema>).

### What it does not find
What hosts are made of; that stands in Bicep or Terraform.
",
    reads: &[Reads::Paths(&["azure.yaml", "azure.yml"])],
    markers: &["services:"],
    run: extract,
};

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    for root in file.yaml() {
        for (key, service) in root.get("services").map(Node::entries).unwrap_or_default() {
            let host = service.str_of("host").unwrap_or_default();
            if host.is_empty() {
                continue;
            }
            let mut made = Deployable {
                source: "azd".to_owned(),
                kind: host.to_owned(),
                name: key.text.clone(),
                ..Deployable::default()
            };
            if let Some(project) = service.get("project") {
                let written = project.str().unwrap_or_default();
                made.build = file.resolve(written).map(|p| file.placed(p, project.first));
                let docker = service.get("docker").and_then(|d| d.str_of("path"));
                let folder = made.build.as_ref().map(|b| b.value.as_str());
                made.dockerfile = folder
                    .zip(docker)
                    .and_then(|(folder, path)| crate::source::join(folder, path));
            }
            if let Some(image) = service.get("image")
                && let Some(text) = image.str().filter(|t| !t.contains('$'))
            {
                made.image = Some(file.placed(text.to_owned(), image.first));
            }
            let lines = (key.line, service.last.max(key.line));
            acc.add(file, lines.0, lines.1, Claim::Deployable(Box::new(made)));
        }
    }
}
