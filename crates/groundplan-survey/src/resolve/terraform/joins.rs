//! Resources that join two others: who waits for a queue, what a gateway passes requests to.

use super::{Part, Plan, argument, arguments};
use crate::extractors::TERRAFORM_EXPRESSION as EXPRESSION;
use crate::facts::{Deployable, Placed};
use groundplan_knowledge::Knowledge;
use groundplan_model::{Evidence, RelationshipKind, Role};
use groundplan_syntax::hcl;
use std::collections::BTreeMap;

/// A kind of resource, the argument that names who goes to the other, and the one that names the
/// other.
const JOINS: [(&str, &str, &str); 27] = [
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
    (
        "AWS::Lambda::EventSourceMapping",
        "function_name",
        "event_source_arn",
    ),
    ("AWS::Events::Rule", "arn", "event_bus_name"),
    ("AWS::Events::Rule", "targets.arn", "event_bus_name"),
    ("AWS::SNS::Subscription", "endpoint", "topic_arn"),
    ("AWS::SNS::Topic", "subscription.endpoint", "self"),
    (
        "AWS::ApiGatewayV2::Integration",
        "api_id",
        "integration_uri",
    ),
    ("AWS::ApiGateway::Method", "rest_api_id", "integration.uri"),
    ("AWS::ApiGateway::Integration", "rest_api_id", "uri"),
    ("AWS::S3::BucketNotification", "endpoint", "bucket"),
    (
        "AWS::S3::Bucket",
        "notification_configuration.lambda_configurations.function",
        "self",
    ),
    (
        "AWS::S3::Bucket",
        "notification_configuration.queue_configurations.queue",
        "self",
    ),
    (
        "AWS::S3::Bucket",
        "notification_configuration.topic_configurations.topic",
        "self",
    ),
    (
        "AWS::ElasticLoadBalancingV2::Listener",
        "load_balancer_arn",
        "default_actions.target_group_arn",
    ),
    (
        "AWS::ElasticLoadBalancingV2::ListenerRule",
        "listener_arn",
        "actions.target_group_arn",
    ),
    (
        "AWS::AppSync::DataSource",
        "api_id",
        "lambda_config.lambda_function_arn",
    ),
    (
        "AWS::AppSync::DataSource",
        "api_id",
        "dynamo_db_config.table_name",
    ),
    ("AWS::Pipes::Pipe", "target", "source"),
];

/// Kinds whose own arguments name what they pass requests to.
const PASSES: [(&str, &str); 13] = [
    (
        "AWS::Serverless::Function",
        "event_invoke_config.destination_config.on_failure.destination",
    ),
    (
        "AWS::Serverless::Function",
        "event_invoke_config.destination_config.on_success.destination",
    ),
    (
        "AWS::CloudFront::Distribution",
        "distribution_config.origins.domain_name",
    ),
    ("AWS::SQS::Queue", "redrive_policy.dead_letter_target_arn"),
    ("AWS::Serverless::Api", "definition_body"),
    ("AWS::Serverless::HttpApi", "definition_body"),
    ("AWS::Serverless::Function", "dead_letter_queue.target_arn"),
    ("AWS::Lambda::Function", "dead_letter_config.target_arn"),
    ("AWS::Serverless::StateMachine", "definition_substitutions"),
    (
        "AWS::StepFunctions::StateMachine",
        "definition_substitutions",
    ),
    ("aws_cloudfront_distribution", "origin.domain_name"),
    ("aws_sfn_state_machine", "definition"),
    ("aws_sqs_queue", "redrive_policy"),
];

/// A join of a part with another.
pub(super) struct Join {
    /// What the other is called, and where that stands.
    pub(super) to: Placed<String>,
    /// The key under which the part's attributes tell what the join is, if its ends do not tell it.
    pub(super) kind: Option<&'static str>,
    /// What is asked for or handed over.
    pub(super) operation: Option<String>,
    /// Whether a policy says so.
    pub(super) granted: bool,
}

impl Join {
    fn new(to: Placed<String>, kind: Option<&'static str>) -> Self {
        let operation = None;
        Join {
            to,
            kind,
            operation,
            granted: false,
        }
    }
}

/// What keys of attributes begin with that say what a link to the part they name is.
pub(crate) const LINK: &str = "link.";

const SUBSCRIBES: &str = "link.subscribes";
const PUBLISHES: &str = "link.publishes";

/// The same, with the name of the part and the operation behind it.
pub(crate) const OPERATION: &str = "link.operation";

/// What policies allow, by the argument that names what they allow it for.
const GRANTS: [(&str, &str); 5] = [
    ("grant_calls", "link.calls"),
    ("grant_publishes", PUBLISHES),
    ("grant_reads", "link.reads"),
    ("grant_subscribes", SUBSCRIBES),
    ("grant_writes", "link.writes"),
];

/// What a link of something that is made in a cloud is: who passes requests on routes them, and a
/// function that is told the address of a queue without being woken by it puts messages there. Empty
/// where the ends tell it.
pub(crate) fn kinds_of_link(
    knowledge: &Knowledge,
    made: &Deployable,
    link: &str,
    to: Role,
) -> Vec<RelationshipKind> {
    let Some((technology, runs)) = super::product(knowledge, made) else {
        return Vec::new();
    };
    let says = |key: &str| (made.attributes.iter()).any(|(k, v)| k == key && v.value == link);
    if technology.role == Some(Role::Gateway) {
        return vec![RelationshipKind::Routes];
    }
    let told = [
        (SUBSCRIBES, RelationshipKind::Subscribes),
        (PUBLISHES, RelationshipKind::Publishes),
        ("link.writes", RelationshipKind::Writes),
        ("link.reads", RelationshipKind::Reads),
        ("link.calls", RelationshipKind::Calls),
    ];
    let told = told.into_iter().filter(|(key, _)| says(key));
    let told: Vec<RelationshipKind> = told.map(|(_, kind)| kind).collect();
    if !told.is_empty() {
        return told;
    }
    // A queue hands on what nobody could work off.
    if technology.role == Some(Role::Broker) && to == Role::Broker {
        return vec![RelationshipKind::Publishes];
    }
    let function = runs && made.kind.to_ascii_lowercase().contains("function");
    match function && to == Role::Broker {
        true => vec![RelationshipKind::Publishes],
        false => Vec::new(),
    }
}

impl<'f> Plan<'f> {
    /// Joins of each part, by its position.
    pub(super) fn joins(&self, knowledge: &Knowledge) -> BTreeMap<usize, Vec<Join>> {
        let mut all: BTreeMap<usize, Vec<Join>> = BTreeMap::new();
        for (index, part) in self.parts.iter().enumerate() {
            for (_, from, to) in JOINS.iter().filter(|(kind, ..)| *kind == part.made.kind) {
                let targets = arguments(part.made, to);
                for from in arguments(part.made, from) {
                    for start in self.starts(&from.value, part.instance) {
                        if *to == "self" {
                            self.join_self(&mut all, knowledge, start, index, &from.at);
                        }
                        for to in &targets {
                            self.join(&mut all, knowledge, start, part, &to.value);
                        }
                    }
                }
            }
            for (_, path) in PASSES.iter().filter(|(kind, _)| *kind == part.made.kind) {
                for (key, value) in &part.made.attributes {
                    let below = key
                        .strip_prefix(EXPRESSION)
                        .and_then(|k| k.strip_prefix(path));
                    if !below.is_some_and(|rest| rest.is_empty() || rest.starts_with('.')) {
                        continue;
                    }
                    for name in self.named(&value.value, part.instance) {
                        let at = value.at.clone();
                        let links = all.entry(index).or_default();
                        links.push(Join::new(Placed { value: name, at }, None));
                    }
                }
            }
            self.grants(&mut all, index, part);
        }
        all
    }

    /// Joins what goes to another with it.
    fn join(
        &self,
        all: &mut BTreeMap<usize, Vec<Join>>,
        knowledge: &Knowledge,
        start: usize,
        part: &Part<'f>,
        to: &str,
    ) {
        let placed = |name: &str| Placed {
            value: name.to_owned(),
            at: part.at.clone(),
        };
        let operation = argument(part.made, "operation");
        let operation = operation.and_then(|o| hcl::literal(&o.value));
        let kind = self.parts.get(start).map_or("", |p| p.made.kind.as_str());
        let known = knowledge.by_resource(kind);
        let role = known.and_then(|(t, _)| t.role);
        // A gateway passes requests on; a service of identities asks those whom it is told to ask.
        let passes = matches!(role, Some(Role::Gateway | Role::Auth));
        if known.is_some_and(|(_, runs)| runs) || passes {
            let ends = self.ends(to, part.instance);
            let waits = (!passes).then_some(SUBSCRIBES);
            let links = all.entry(start).or_default();
            links.extend(ends.iter().map(|name| Join {
                operation: operation.map(str::to_owned),
                ..Join::new(placed(name), waits)
            }));
        } else if let Some(name) = self.parts.get(start).and_then(|p| p.name.as_deref()) {
            // A queue takes nothing by itself: the topic puts copies into it.
            for other in self.starts(to, part.instance) {
                let links = all.entry(other).or_default();
                links.push(Join::new(placed(name), Some(PUBLISHES)));
            }
        }
    }

    /// Joins what is told of something that happens in another with that.
    fn join_self(
        &self,
        all: &mut BTreeMap<usize, Vec<Join>>,
        knowledge: &Knowledge,
        start: usize,
        index: usize,
        at: &Evidence,
    ) {
        let name = |index: usize| self.parts.get(index).and_then(|p| p.name.clone());
        let kind = self.parts.get(start).map_or("", |p| p.made.kind.as_str());
        let runs = (knowledge.by_resource(kind)).is_some_and(|(_, runs)| runs);
        let (from, to, kind) = match runs {
            true => (start, index, SUBSCRIBES),
            false => (index, start, PUBLISHES),
        };
        if let Some(value) = name(to) {
            let at = at.clone();
            let links = all.entry(from).or_default();
            links.push(Join::new(Placed { value, at }, Some(kind)));
        }
    }

    /// Joins a part with what its policies let it use: its own, those of its role, and those that are
    /// attached to its role.
    fn grants(&self, all: &mut BTreeMap<usize, Vec<Join>>, index: usize, part: &Part<'f>) {
        if part.name.is_none() {
            return;
        }
        let mut holders = vec![index];
        let mut shared = false;
        if let Some(role) = argument(part.made, "role") {
            let roles = self.parts_in(&role.value, part.instance);
            let attached = |other: &Part<'f>| {
                let to = arguments(other.made, "roles");
                let to = to
                    .iter()
                    .flat_map(|r| self.parts_in(&r.value, other.instance));
                other.name.is_none() && to.into_iter().any(|role| roles.contains(&role))
            };
            let more = self.parts.iter().enumerate();
            holders.extend(more.filter(|(_, p)| attached(p)).map(|(at, _)| at));
            let others =
                self.parts.iter().enumerate().filter(|(at, p)| {
                    *at != index && p.name.is_some() && p.instance == part.instance
                });
            shared = others
                .filter_map(|(_, p)| argument(p.made, "role"))
                .any(|of| {
                    let of = self.parts_in(&of.value, part.instance);
                    of.iter().any(|role| roles.contains(role))
                });
            holders.extend(roles);
        }
        // A role that several have allows what any of them needs.
        let told: Vec<String> = match shared {
            true => (part.made.env.iter())
                .filter_map(|e| e.from.as_deref()?.strip_prefix(EXPRESSION))
                .flat_map(|e| self.called(e, part.instance))
                .collect(),
            false => Vec::new(),
        };
        for holder in holders {
            let Some(holder) = self.parts.get(holder) else {
                continue;
            };
            for (key, kind) in GRANTS {
                for given in arguments(holder.made, key) {
                    for name in self.called(&given.value, holder.instance) {
                        if shared && !told.contains(&name) {
                            continue;
                        }
                        let to = Placed {
                            value: name,
                            at: given.at.clone(),
                        };
                        all.entry(index).or_default().push(Join {
                            granted: true,
                            ..Join::new(to, Some(kind))
                        });
                    }
                }
            }
        }
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
        let mut found = self.called(expression, instance);
        let groups = self.parts_in(expression, instance);
        for (other, part) in self.parts.iter().enumerate() {
            let registered = argument(part.made, "load_balancer.target_group_arn")
                .or_else(|| argument(part.made, "load_balancers.target_group_arn"));
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
