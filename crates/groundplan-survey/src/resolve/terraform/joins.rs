//! Resources that join two others: who waits for a queue, what a gateway passes requests to.

use super::{Part, Plan, argument};
use crate::extractors::TERRAFORM_EXPRESSION as EXPRESSION;
use crate::facts::{Deployable, Placed};
use groundplan_knowledge::Knowledge;
use groundplan_model::{RelationshipKind, Role};
use std::collections::BTreeMap;

/// A kind of resource, the argument that names who goes to the other, and the one that names the
/// other.
const JOINS: [(&str, &str, &str); 10] = [
    (
        "aws_lambda_event_source_mapping",
        "function_name",
        "event_source_arn",
    ),
    ("aws_cloudwatch_event_target", "arn", "event_bus_name"),
    ("aws_sns_topic_subscription", "endpoint", "topic_arn"),
    ("aws_apigatewayv2_integration", "api_id", "integration_uri"),
    ("aws_api_gateway_integration", "rest_api_id", "uri"),
    (
        "aws_s3_bucket_notification",
        "lambda_function.lambda_function_arn",
        "bucket",
    ),
    (
        "google_pubsub_subscription",
        "push_config.push_endpoint",
        "topic",
    ),
    (
        "aws_lb_listener",
        "load_balancer_arn",
        "default_action.target_group_arn",
    ),
    (
        "aws_lb_listener_rule",
        "listener_arn",
        "action.target_group_arn",
    ),
    (
        "aws_alb_listener",
        "load_balancer_arn",
        "default_action.target_group_arn",
    ),
];

/// Kinds whose own arguments name what they pass requests to.
const PASSES: [(&str, &str); 3] = [
    ("aws_cloudfront_distribution", "origin.domain_name"),
    ("aws_sfn_state_machine", "definition"),
    ("aws_sqs_queue", "redrive_policy"),
];

/// A join of a part with another: what it is called, where that stands, and the key under which the
/// part's attributes tell what the join is, if its ends do not tell it.
pub(super) type Join = (Placed<String>, Option<&'static str>);

/// Keys of attributes that say what a link to the part they name is.
const SUBSCRIBES: &str = "link.subscribes";
const PUBLISHES: &str = "link.publishes";

/// What a link of something that Terraform makes is: who passes requests on routes them, and a
/// function that is told the address of a queue without being woken by it puts messages there.
pub(crate) fn kind_of_link(
    knowledge: &Knowledge,
    made: &Deployable,
    link: &str,
    to: Role,
) -> Option<RelationshipKind> {
    let (technology, runs) = super::product(knowledge, made)?;
    let says = |key: &str| (made.attributes.iter()).any(|(k, v)| k == key && v.value == link);
    if technology.role == Some(Role::Gateway) {
        return Some(RelationshipKind::Routes);
    }
    if says(SUBSCRIBES) {
        return Some(RelationshipKind::Subscribes);
    }
    // A queue hands on what nobody could work off.
    if technology.role == Some(Role::Broker) && to == Role::Broker {
        return Some(RelationshipKind::Publishes);
    }
    let function = runs && made.kind.contains("function");
    (says(PUBLISHES) || function && to == Role::Broker).then_some(RelationshipKind::Publishes)
}

impl<'f> Plan<'f> {
    /// Joins of each part, by its position.
    pub(super) fn joins(&self, knowledge: &Knowledge) -> BTreeMap<usize, Vec<Join>> {
        let mut all: BTreeMap<usize, Vec<Join>> = BTreeMap::new();
        for part in &self.parts {
            for (_, from, to) in JOINS.iter().filter(|(kind, ..)| *kind == part.made.kind) {
                let (Some(from), Some(to)) = (argument(part.made, from), argument(part.made, to))
                else {
                    continue;
                };
                let placed = |name: &str| Placed {
                    value: name.to_owned(),
                    at: part.at.clone(),
                };
                for start in self.starts(&from.value, part.instance) {
                    let kind = self.parts.get(start).map_or("", |p| p.made.kind.as_str());
                    let known = knowledge.by_resource(kind);
                    let gateway = known.is_some_and(|(t, _)| t.role == Some(Role::Gateway));
                    if known.is_some_and(|(_, runs)| runs) || gateway {
                        let ends = self.ends(&to.value, part.instance);
                        let waits = (!gateway).then_some(SUBSCRIBES);
                        let links = all.entry(start).or_default();
                        links.extend(ends.iter().map(|name| (placed(name), waits)));
                    } else if let Some(name) = self.parts.get(start).and_then(|p| p.name.as_deref())
                    {
                        // A queue takes nothing by itself: the topic puts copies into it.
                        for other in self.starts(&to.value, part.instance) {
                            let links = all.entry(other).or_default();
                            links.push((placed(name), Some(PUBLISHES)));
                        }
                    }
                }
            }
        }
        for (index, part) in self.parts.iter().enumerate() {
            for (_, path) in PASSES.iter().filter(|(kind, _)| *kind == part.made.kind) {
                for (key, value) in &part.made.attributes {
                    if key.strip_prefix(EXPRESSION) != Some(path) {
                        continue;
                    }
                    for name in self.named(&value.value, part.instance) {
                        let at = value.at.clone();
                        let links = all.entry(index).or_default();
                        links.push((Placed { value: name, at }, None));
                    }
                }
            }
        }
        all
    }

    /// Parts that an expression names, also behind a listener, which stands for its balancer.
    fn starts(&self, expression: &str, instance: usize) -> Vec<usize> {
        let mut found = Vec::new();
        for index in self.parts_in(expression, instance) {
            let Some(part) = self.parts.get(index) else {
                continue;
            };
            match argument(part.made, "load_balancer_arn") {
                Some(of) => found.extend(self.parts_in(&of.value, part.instance)),
                None => found.push(index),
            }
        }
        found
    }

    /// Names of parts that an expression names, also behind a target group, which stands for the
    /// services that register with it.
    fn ends(&self, expression: &str, instance: usize) -> Vec<String> {
        let mut found = self.named(expression, instance);
        let groups = self.parts_in(expression, instance);
        for (other, part) in self.parts.iter().enumerate() {
            let registered = argument(part.made, "load_balancer.target_group_arn");
            let Some(registered) = registered.filter(|_| part.name.is_some()) else {
                continue;
            };
            let own = self.parts_in(&registered.value, part.instance);
            if own.iter().any(|group| groups.contains(group))
                && let Some(name) = self.parts.get(other).and_then(|p| p.name.clone())
            {
                found.push(name);
            }
        }
        found
    }

    /// The resources that tell what a part is: itself, and the definition that it names.
    pub(super) fn told_by(&self, index: usize) -> Vec<&Part<'f>> {
        let Some(part) = self.parts.get(index) else {
            return Vec::new();
        };
        let mut all = vec![part];
        if let Some(definition) = argument(part.made, "task_definition") {
            let named = self.parts_in(&definition.value, part.instance);
            all.extend(named.into_iter().filter_map(|i| self.parts.get(i)));
        }
        all
    }
}
