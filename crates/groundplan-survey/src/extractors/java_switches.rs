//! Technologies that an annotation or a supertype switches on in Java and Kotlin.

use crate::extractor::{Extractor, Reads};
use crate::facts::FileFacts;
use crate::scan::{self, Part};
use crate::source::SourceFile;
use groundplan_syntax::{Declared, Language};

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "java-switches",
    docs: "\
### What it finds
Technologies and roles that an annotation switches on (`@EnableEurekaServer`, `@EnableZuulProxy`,
`@LoadBalanced`), and the stores of Spring Data by the supertypes of repositories.

### What it does not find
What a dependency switches on by its presence.
",
    reads: &[Reads::Own(&[Language::Java, Language::Kotlin])],
    markers: &[
        "@Enable",
        "@LoadBalanced",
        "@SpringCloudApplication",
        "Repository",
    ],
    run: extract,
};

/// Annotation, knowledge id, side.
#[rustfmt::skip]
const SWITCHES: [(&str, &str, &str); 37] = [
    ("EnableAdminServer", "spring-boot-admin", "server"),
    ("EnableAsync", "spring-boot", "client"),
    ("EnableAuthorizationServer", "spring-security-oauth2", "server"),
    ("EnableBatchProcessing", "spring-batch", "client"),
    ("EnableBinding", "spring-cloud-stream", "client"),
    ("EnableCaching", "spring-cache", "client"),
    ("EnableCassandraRepositories", "spring-data-cassandra", "client"),
    ("EnableCircuitBreaker", "hystrix", "client"),
    ("EnableConfigServer", "spring-cloud-config", "server"),
    ("EnableDiscoveryClient", "eureka", "client"),
    ("EnableElasticsearchRepositories", "spring-data-elasticsearch", "client"),
    ("EnableEurekaClient", "eureka", "client"),
    ("EnableEurekaServer", "eureka", "server"),
    ("EnableFeignClients", "openfeign", "client"),
    ("EnableHystrix", "hystrix", "client"),
    ("EnableHystrixDashboard", "hystrix-dashboard", "server"),
    ("EnableJms", "spring-jms", "client"),
    ("EnableJpaRepositories", "spring-data-jpa", "client"),
    ("EnableKafka", "kafka", "client"),
    ("EnableKafkaStreams", "kafka", "client"),
    ("EnableMongoRepositories", "spring-data-mongodb", "client"),
    ("EnableNeo4jRepositories", "spring-data-neo4j", "client"),
    ("EnableOAuth2Client", "spring-security-oauth2", "client"),
    ("EnableOAuth2Sso", "spring-security-oauth2", "client"),
    ("EnableRabbit", "rabbitmq", "client"),
    ("EnableRedisHttpSession", "redis", "client"),
    ("EnableRedisRepositories", "redis", "client"),
    ("EnableResourceServer", "spring-security-oauth2", "client"),
    ("EnableScheduling", "spring-scheduling", "client"),
    ("EnableSwagger2", "springfox", "server"),
    ("EnableTurbine", "turbine", "server"),
    ("EnableTurbineAmqp", "turbine", "server"),
    ("EnableTurbineStream", "turbine", "server"),
    ("EnableZipkinServer", "zipkin", "server"),
    ("EnableZipkinStreamServer", "zipkin", "server"),
    ("EnableZuulProxy", "zuul", "server"),
    ("EnableZuulServer", "zuul", "server"),
];

/// Supertype of a Spring Data repository, knowledge id.
#[rustfmt::skip]
const REPOSITORIES: [(&str, &str); 9] = [
    ("CassandraRepository", "spring-data-cassandra"),
    ("ElasticsearchRepository", "spring-data-elasticsearch"),
    ("JpaRepository", "spring-data-jpa"),
    ("MongoRepository", "spring-data-mongodb"),
    ("Neo4jRepository", "spring-data-neo4j"),
    ("PanacheRepository", "hibernate"),
    ("R2dbcRepository", "spring-data-r2dbc"),
    ("ReactiveCassandraRepository", "spring-data-cassandra"),
    ("ReactiveMongoRepository", "spring-data-mongodb"),
];

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if scan::part(file) != Part::Own {
        return;
    }
    for declared in &file.outline().declared {
        switches(acc, file, declared);
    }
    repositories(acc, file);
}

/// Annotations that switch something on.
fn switches(acc: &mut FileFacts, file: &SourceFile<'_>, declared: &Declared) {
    for annotation in &declared.annotations {
        let name = annotation.name.rsplit('.').next().unwrap_or_default();
        if let Ok(found) = SWITCHES.binary_search_by(|row| row.0.cmp(name)) {
            let (_, technology, side) = SWITCHES[found];
            scan::uses(
                acc,
                file,
                annotation.line,
                technology,
                side,
                format!("@{name}"),
            );
        }
        match name {
            "SpringCloudApplication" => {
                let mark = "@SpringCloudApplication";
                scan::uses(acc, file, annotation.line, "eureka", "client", mark);
            }
            "LoadBalanced" => {
                let mark = "@LoadBalanced";
                scan::uses(
                    acc,
                    file,
                    annotation.line,
                    "spring-cloud-loadbalancer",
                    "client",
                    mark,
                );
            }
            _ => {}
        }
    }
}

fn repositories(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let code = file.code();
    for found in &file.outline().types {
        let super_at = |name: &str| found.heritage.clone().find(|&at| code.is(at, name));
        for (supertype, technology) in REPOSITORIES {
            if super_at(supertype).is_some() {
                let mark = format!("{} extends {supertype}", found.name);
                scan::uses(acc, file, found.line, technology, "client", mark);
            }
        }
        for supertype in ["CrudRepository", "PagingAndSortingRepository"] {
            let generic = super_at(supertype).is_some();
            let imported = |package: &str| file.text.contains(package);
            if generic && imported("org.springframework.data") {
                let mark = format!("{} extends {supertype}", found.name);
                scan::uses(acc, file, found.line, "spring-data", "client", mark);
            }
        }
    }
}
