//! Compose files.

pub(in crate::extractors) mod comments;
pub(in crate::extractors) mod file;
mod labels;
mod ports;
mod service;

use crate::extractor::{Extractor, Reads};

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "compose",
    docs: "\
### What it finds
Services of Compose files (`compose.yaml`, `docker-compose*.yml`, stack files, and any YAML file
whose top-level `services` have an image or a build): image, build, command, ports, environment,
`env_file`, start order and links, networks, volumes, profiles, health check, replicas, limits,
reservations, restart policy, user, and routes in Traefik labels. Defaults of
`${NAME:-default}` are filled in, anchors and merges resolved, `extends` within a file merged.
Files of version 1, without `services`, too. An override file (`docker-compose.prod.yml`) and
`include` become overlays. The comment directly above a service says what it is for, where it is a
sentence about it, and the comment above everything else what the file is for and for which stage.

### What it does not find
Values of secrets. What `include`, `env_file` and `extends` of another file bring in is joined
later; variables without a default stay as `${NAME}`.
",
    reads: &[Reads::Paths(&["*.yml", "*.yaml"])],
    markers: &["services:", "image:", "build:", "include:"],
    run: file::extract,
};
