//! Routes of Hono and procedures of tRPC that one file describes, and another gives to what serves them.

use super::Routers;
use crate::facts::Endpoint;
use crate::http_paths;
use crate::resolve::world::World;

impl<'f> Routers<'f> {
    /// A route with the method and path that the file says which describes it; where that was not found, one of Hono
    /// that was not read.
    pub(super) fn described(
        &self,
        endpoint: &Endpoint,
        path: &'f str,
        world: &World<'f>,
    ) -> Vec<Endpoint> {
        let target = endpoint.method.strip_prefix('[');
        let target = target.and_then(|t| t.strip_suffix(']'));
        let node = target.and_then(|target| self.index.node(path, &format!("={target}")));
        let verbs = node.and_then(|node| self.verbs.get(&node));
        let said = verbs.and_then(|all| all.first()?.split_once(' '));
        let Some((method, own)) = said else {
            // What describes a procedure of tRPC need not say that it has a path.
            return match endpoint.framework.as_str() {
                "trpc" => Vec::new(),
                framework => vec![http_paths::unread(framework)],
            };
        };
        let made = Endpoint {
            method: method.to_owned(),
            path: http_paths::join(endpoint.path.trim_end_matches('/'), own),
            summary: (endpoint.summary.clone()).or_else(|| verbs?.get(1).cloned()),
            ..endpoint.clone()
        };
        self.placed_as(made, &endpoint.path, path, world)
    }
}
