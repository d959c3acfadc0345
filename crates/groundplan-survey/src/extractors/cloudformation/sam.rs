//! What AWS SAM says in short: events of functions, defaults for all, policies
//! (<https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification.html>).

use super::shape::{Scope, Shape};
use crate::extractors::terraform::parts;
use crate::facts::{Claim, FileFacts, Mark};
use crate::source::SourceFile;
use groundplan_model::Topic;
use groundplan_syntax::{Node, Value};

/// Gateways that stand in no line of their own: SAM makes one for all functions that name none.
#[derive(Default)]
pub(in crate::extractors) struct Implied {
    rest: Option<(u32, u32)>,
    http: Option<(u32, u32)>,
}

impl Implied {
    /// Adds them where the first event asks for them.
    pub(in crate::extractors) fn add(
        self,
        acc: &mut FileFacts,
        file: &SourceFile<'_>,
        source: &str,
    ) {
        let all = [
            (self.rest, "AWS::Serverless::Api", REST),
            (self.http, "AWS::Serverless::HttpApi", HTTP),
        ];
        for (lines, kind, name) in all {
            if let Some(lines) = lines {
                let shape = Shape::new("resource", lines);
                parts::read(acc, file, &shape.block(), source, kind, name);
            }
        }
    }
}

/// Names of those gateways.
const REST: &str = "ServerlessRestApi";
const HTTP: &str = "ServerlessHttpApi";

/// What `Globals` gives to all resources of a kind.
pub(super) fn defaults<'n>(globals: &'n Node, kind: &str) -> Option<&'n Node> {
    globals.get(kind.strip_prefix("AWS::Serverless::")?)
}

/// Sources whose messages the service fetches for a function, with the property that names them.
const FETCHED: [(&str, &str); 7] = [
    ("DocumentDB", "Cluster"),
    ("DynamoDB", "Stream"),
    ("Kinesis", "Stream"),
    ("MQ", "Broker"),
    ("MSK", "Stream"),
    ("SelfManagedKafka", "KafkaBootstrapServers"),
    ("SQS", "Queue"),
];

/// Reads what wakes a function or a state machine.
pub(super) fn events(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    scope: &Scope<'_>,
    node: &Node,
    source: &str,
    function: &str,
    implied: &mut Implied,
) {
    let Some(all) = node.at(&["Properties", "Events"]) else {
        return;
    };
    for (key, event) in all.entries() {
        let kind = event.str_of("Type").unwrap_or_default();
        let lines = (key.line, event.last.max(key.line));
        let given = |name: &str| event.at(&["Properties", name]);
        let named = |name: &str| given(name).and_then(|n| scope.expression(n, 0));
        let waker = Waker {
            source,
            function,
            name: format!("{function}{}", key.text),
            lines,
        };
        if let Some((_, property)) = FETCHED.iter().find(|(k, _)| *k == kind) {
            if let Some(from) = named(property) {
                waker.fetches(acc, file, from);
            }
            continue;
        }
        match kind {
            "SNS" => {
                if let Some(topic) = named("Topic") {
                    waker.subscribes(acc, file, topic);
                }
            }
            "S3" => {
                if let Some(bucket) = named("Bucket") {
                    waker.notified(acc, file, bucket);
                }
            }
            "EventBridgeRule" | "CloudWatchEvent" => {
                if let Some(bus) = named("EventBusName") {
                    waker.listens(acc, file, bus, &detail_types(given("Pattern")));
                }
            }
            "Schedule" | "ScheduleV2" => {
                let when = given("Schedule").or_else(|| given("ScheduleExpression"));
                if let Some(when) = when.and_then(Node::str) {
                    waker.scheduled(acc, file, when);
                }
            }
            "Api" | "HttpApi" => {
                let rest = kind == "Api";
                let (property, own) = match rest {
                    true => ("RestApiId", REST),
                    false => ("ApiId", HTTP),
                };
                let api = named(property).unwrap_or_else(|| {
                    let slot = match rest {
                        true => &mut implied.rest,
                        false => &mut implied.http,
                    };
                    slot.get_or_insert(lines);
                    format!("resource.{own}")
                });
                let method = given("Method").and_then(Node::str).unwrap_or("ANY");
                let path = given("Path").and_then(Node::str).unwrap_or("/");
                waker.answers(acc, file, api, method, path);
            }
            "Cognito" => {
                if let Some(pool) = named("UserPool") {
                    waker.answers(acc, file, pool, "", "");
                }
            }
            _ => {}
        }
    }
}

/// Kinds of events that a pattern lets through.
fn detail_types(pattern: Option<&Node>) -> Vec<String> {
    let types = pattern.and_then(|p| p.get("detail-type").or_else(|| p.get("DetailType")));
    let all = types.map(Node::strings).unwrap_or_default();
    all.into_iter().map(|(text, _)| text.to_owned()).collect()
}

/// What wakes a function, in the form of the resources that SAM makes of it.
pub(in crate::extractors) struct Waker<'w> {
    pub(in crate::extractors) source: &'w str,
    pub(in crate::extractors) function: &'w str,
    pub(in crate::extractors) name: String,
    pub(in crate::extractors) lines: (u32, u32),
}

impl Waker<'_> {
    fn join(
        &self,
        acc: &mut FileFacts,
        file: &SourceFile<'_>,
        kind: &str,
        ends: &[(&str, String)],
    ) {
        let mut shape = Shape::new("resource", self.lines);
        for (name, value) in ends {
            shape.set(name, value.clone(), self.lines);
        }
        parts::read(acc, file, &shape.block(), self.source, kind, &self.name);
    }

    fn own(&self) -> String {
        format!("resource.{}", self.function)
    }

    /// Messages of a queue or a stream.
    pub(in crate::extractors) fn fetches(
        &self,
        acc: &mut FileFacts,
        file: &SourceFile<'_>,
        from: String,
    ) {
        let ends = [("function_name", self.own()), ("event_source_arn", from)];
        self.join(acc, file, "AWS::Lambda::EventSourceMapping", &ends);
    }

    /// Messages of a topic.
    pub(in crate::extractors) fn subscribes(
        &self,
        acc: &mut FileFacts,
        file: &SourceFile<'_>,
        topic: String,
    ) {
        let ends = [("endpoint", self.own()), ("topic_arn", topic)];
        self.join(acc, file, "AWS::SNS::Subscription", &ends);
    }

    /// What happens to the objects of a bucket.
    pub(in crate::extractors) fn notified(
        &self,
        acc: &mut FileFacts,
        file: &SourceFile<'_>,
        bucket: String,
    ) {
        let ends = [("endpoint", self.own()), ("bucket", bucket)];
        self.join(acc, file, "AWS::S3::BucketNotification", &ends);
    }

    /// Events of a bus.
    pub(in crate::extractors) fn listens(
        &self,
        acc: &mut FileFacts,
        file: &SourceFile<'_>,
        bus: String,
        types: &[String],
    ) {
        let mut ends = vec![("arn", self.own()), ("event_bus_name", bus)];
        if let Some(value) = operations(types) {
            ends.push(("operation", value));
        }
        self.join(acc, file, "AWS::Events::Rule", &ends);
    }

    /// Requests that a gateway passes on.
    pub(in crate::extractors) fn answers(
        &self,
        acc: &mut FileFacts,
        file: &SourceFile<'_>,
        api: String,
        method: &str,
        path: &str,
    ) {
        let mut ends = vec![("rest_api_id", api), ("uri", self.own())];
        let method = match method.to_ascii_uppercase().as_str() {
            "*" | "X-AMAZON-APIGATEWAY-ANY-METHOD" => "ANY".to_owned(),
            method => method.to_owned(),
        };
        if !path.is_empty()
            && let Some(value) = super::shape::quoted(format!("{method} {path}").trim())
        {
            ends.push(("operation", value));
        }
        self.join(acc, file, "AWS::ApiGateway::Integration", &ends);
    }

    /// A clock.
    pub(in crate::extractors) fn scheduled(
        &self,
        acc: &mut FileFacts,
        file: &SourceFile<'_>,
        when: &str,
    ) {
        let mark = Mark {
            topic: Topic::ScheduledJob,
            name: self.function.to_owned(),
            detail: Some(when.to_owned()),
        };
        acc.add(file, self.lines.0, self.lines.1, Claim::Mark(mark));
    }
}

/// Several operations as one argument.
fn operations(names: &[String]) -> Option<String> {
    const MOST: usize = 12;
    if names.is_empty() || names.len() > MOST {
        return None;
    }
    super::shape::quoted(&names.join(", "))
}

/// Templates of policies: their name, the property that names the resource, and what they allow
/// (<https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-policy-template-list.html>).
const TEMPLATES: [(&str, &str, &str); 22] = [
    ("DynamoDBCrudPolicy", "TableName", "writes"),
    ("DynamoDBReadPolicy", "TableName", "reads"),
    ("DynamoDBStreamReadPolicy", "TableName", "reads"),
    ("DynamoDBWritePolicy", "TableName", "writes"),
    ("EventBridgePutEventsPolicy", "EventBusName", "publishes"),
    ("FirehoseWritePolicy", "DeliveryStreamName", "publishes"),
    ("KinesisCrudPolicy", "StreamName", "publishes"),
    ("KinesisStreamReadPolicy", "StreamName", "subscribes"),
    ("LambdaInvokePolicy", "FunctionName", "calls"),
    ("RekognitionFacesPolicy", "CollectionId", "calls"),
    ("S3CrudPolicy", "BucketName", "writes"),
    ("S3FullAccessPolicy", "BucketName", "writes"),
    ("S3ReadPolicy", "BucketName", "reads"),
    ("S3WritePolicy", "BucketName", "writes"),
    ("SNSCrudPolicy", "TopicName", "publishes"),
    ("SNSPublishMessagePolicy", "TopicName", "publishes"),
    ("SQSPollerPolicy", "QueueName", "subscribes"),
    ("SQSSendMessagePolicy", "QueueName", "publishes"),
    ("StepFunctionsExecutionPolicy", "StateMachineName", "calls"),
    ("ElasticsearchHttpPostPolicy", "DomainName", "writes"),
    ("EFSWriteAccessPolicy", "FileSystem", "writes"),
    ("SageMakerCreateEndpointPolicy", "EndpointName", "calls"),
];

/// Actions by their beginning, and what they do with the resource.
const ACTIONS: [(&str, &str); 27] = [
    ("dynamodb:BatchGet", "reads"),
    ("dynamodb:Get", "reads"),
    ("dynamodb:Query", "reads"),
    ("dynamodb:Scan", "reads"),
    ("dynamodb:PartiQLSelect", "reads"),
    ("dynamodb:*", "writes"),
    ("dynamodb:BatchWrite", "writes"),
    ("dynamodb:Delete", "writes"),
    ("dynamodb:Put", "writes"),
    ("dynamodb:Update", "writes"),
    ("events:PutEvents", "publishes"),
    ("execute-api:Invoke", "calls"),
    ("firehose:Put", "publishes"),
    ("kinesis:Put", "publishes"),
    ("lambda:Invoke", "calls"),
    ("s3:Get", "reads"),
    ("s3:*", "writes"),
    ("s3:Delete", "writes"),
    ("s3:Put", "writes"),
    ("sns:Publish", "publishes"),
    ("sns:*", "publishes"),
    ("sqs:Receive", "subscribes"),
    ("sqs:Send", "publishes"),
    ("states:Start", "calls"),
    ("rds-data:", "writes"),
    ("es:ESHttpPost", "writes"),
    ("es:ESHttpGet", "reads"),
];

/// Adds what policies of a resource let it do, each as an argument `grant.<verb>`: the policies of a
/// function, those of a role, and those that are attached to roles, which stay with the policy.
pub(super) fn grants(scope: &Scope<'_>, node: &Node, shape: &mut Shape) {
    let Some(properties) = node.get("Properties") else {
        return;
    };
    let kind = node.str_of("Type").unwrap_or_default();
    if !matches!(
        kind,
        "AWS::Serverless::Function"
            | "AWS::Serverless::StateMachine"
            | "AWS::IAM::Role"
            | "AWS::IAM::Policy"
            | "AWS::IAM::ManagedPolicy"
    ) {
        return;
    }
    let mut found: Vec<(&'static str, String, (u32, u32))> = Vec::new();
    let mut policies: Vec<&Node> = Vec::new();
    match properties.get("Policies") {
        Some(all) if !all.items().is_empty() => {
            policies.extend(all.items().iter().map(|n| n.as_ref()));
        }
        Some(one) => policies.push(one),
        None => {}
    }
    policies.extend(properties.get("PolicyDocument"));
    for policy in policies.into_iter().take(60) {
        policy_grants(scope, policy, &mut found);
    }
    for (verb, value, lines) in found.into_iter().take(60) {
        shape.add(&format!("grant_{verb}"), value, lines);
    }
}

fn policy_grants(
    scope: &Scope<'_>,
    policy: &Node,
    found: &mut Vec<(&'static str, String, (u32, u32))>,
) {
    let Value::Mapping(entries) = &policy.value else {
        return;
    };
    for (key, given) in entries {
        if let Some((_, property, verb)) = TEMPLATES.iter().find(|(n, ..)| *n == key.text)
            && let Some(value) = given.get(property).and_then(|n| scope.expression(n, 0))
        {
            found.push((verb, value, (policy.first, policy.last)));
        }
    }
    let document = policy.get("PolicyDocument").unwrap_or(policy);
    let Some(statements) = document.get("Statement") else {
        return;
    };
    let many: Vec<&Node> = match statements.items() {
        [] => vec![statements],
        all => all.iter().map(|n| n.as_ref()).collect(),
    };
    for statement in many.into_iter().take(60) {
        statement_grants(scope, statement, found);
    }
}

/// What one statement allows.
pub(in crate::extractors) fn statement_grants(
    scope: &Scope<'_>,
    statement: &Node,
    found: &mut Vec<(&'static str, String, (u32, u32))>,
) {
    if statement.str_of("Effect").is_some_and(|e| e != "Allow") {
        return;
    }
    let (Some(actions), Some(resource)) = (statement.get("Action"), statement.get("Resource"))
    else {
        return;
    };
    let Some(value) = scope.expression(resource, 0) else {
        return;
    };
    let lines = (statement.first, statement.last);
    let mut verbs: Vec<&'static str> = Vec::new();
    for (action, _) in actions.strings() {
        let known = ACTIONS.iter().find(|(begin, _)| action.starts_with(begin));
        if let Some((_, verb)) = known
            && !verbs.contains(verb)
        {
            verbs.push(verb);
        }
    }
    for verb in verbs {
        found.push((verb, value.clone(), lines));
    }
}
