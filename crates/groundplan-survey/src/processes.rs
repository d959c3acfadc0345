//! What the command of a process makes of it: the server of requests, a worker that takes messages, a
//! scheduler that only sends them, or a tool of those who work on the code.

/// What a process is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Process {
    /// It answers requests.
    Web,
    /// It takes messages from a queue.
    Worker,
    /// It puts messages into a queue when their time comes.
    Scheduler,
    /// It builds or reloads files while somebody works on them.
    Watcher,
    /// Its command does not say.
    Other,
}

/// Servers of requests by the name of their program.
const SERVERS: [&str; 17] = [
    "puma",
    "unicorn",
    "unicorn_rails",
    "pitchfork",
    "rackup",
    "thin",
    "falcon",
    "passenger",
    "iodine",
    "gunicorn",
    "uvicorn",
    "hypercorn",
    "daphne",
    "waitress-serve",
    "granian",
    "uwsgi",
    "runserver",
];

/// Programs that take messages and do what they ask.
const WORKERS: [&str; 16] = [
    "sidekiq",
    "sidekiqswarm",
    "resque",
    "resque-pool",
    "good_job",
    "solid_queue",
    "delayed_job",
    "shoryuken",
    "sneakers",
    "que",
    "faktory-worker",
    "rq",
    "rqworker",
    "dramatiq",
    "huey_consumer",
    "qcluster",
];

/// Programs that start jobs when their time comes.
const SCHEDULERS: [&str; 5] = [
    "clockwork",
    "whenever",
    "rufus-scheduler",
    "resque-scheduler",
    "rqscheduler",
];

/// Programs that rebuild or reload files as they change.
const WATCHERS: [&str; 8] = [
    "guard",
    "livereload",
    "guard-livereload",
    "webpack-dev-server",
    "webpacker-dev-server",
    "shakapacker-dev-server",
    "browser-sync",
    "mailcatcher",
];

/// What the command of a process says of it; the name `web` is that of the one which gets requests
/// (<https://devcenter.heroku.com/articles/procfile#the-web-process-type>).
pub(crate) fn process(name: &str, command: &str) -> Process {
    let all: Vec<&str> = words(command).collect();
    let has = |list: &[&str]| all.iter().any(|word| list.contains(word));
    let next = |first: &str, second: &[&str]| {
        let mut pairs = all.windows(2);
        pairs.any(|p| p[0] == first && second.contains(&p[1]))
    };
    if is_watched(&all) || has(&WATCHERS) {
        return Process::Watcher;
    }
    if has(&SCHEDULERS) || has(&["celery"]) && has(&["beat"]) && !has(&["-B", "--beat"]) {
        return Process::Scheduler;
    }
    let artisan = |commands: &[&str]| has(&["artisan", "console"]) && has(commands);
    if artisan(&["schedule:work", "schedule:run"]) {
        return Process::Scheduler;
    }
    if artisan(&["horizon", "queue:work", "queue:listen", "messenger:consume"]) {
        return Process::Worker;
    }
    let task = |word: &&str| {
        let of = word.split(['[', ':']).next().unwrap_or(word);
        word.contains(':') && WORKERS.contains(&of) || *word == "jobs:work"
    };
    if has(&WORKERS) || has(&["celery"]) && has(&["worker"]) || all.iter().any(task) {
        return Process::Worker;
    }
    let rails = next("rails", &["server", "s"]) || next("hanami", &["server"]);
    let flask = next("flask", &["run"]) || next("fastapi", &["run", "dev"]);
    if has(&SERVERS) || rails || flask || name == "web" {
        return Process::Web;
    }
    own_word(&all)
}

/// What a command of one word says that an entry point of the program's own takes: `worker`,
/// `dev_scheduler`.
fn own_word(all: &[&str]) -> Process {
    let [only] = all else {
        return Process::Other;
    };
    let is = |wanted: &str| only.split(['_', '-']).any(|word| word == wanted);
    match (is("worker"), is("scheduler"), is("server")) {
        (true, false, false) => Process::Worker,
        (false, true, false) => Process::Scheduler,
        (false, false, true) => Process::Web,
        _ => Process::Other,
    }
}

/// Whether a command waits for changes of files that it then builds: `tailwindcss:watch`,
/// `yarn build --watch`, `vite` without a build.
fn is_watched(all: &[&str]) -> bool {
    const RUNTIMES: [&str; 8] = [
        "node", "nodemon", "tsx", "ts-node", "deno", "bun", "cargo", "dotnet",
    ];
    let task = |word: &&str| word.ends_with(":watch") || word.contains(":watch[");
    let flag = |word: &&str| *word == "--watch" || word.starts_with("--watch=");
    let is = |wanted: &str| all.contains(&wanted);
    let builds = is("build") || is("preview") || is("ssr");
    all.iter().any(task)
        || all.iter().any(flag) && !all.iter().any(|word| RUNTIMES.contains(word))
        || is("vite") && !builds
}

/// Whether a command is written for the machine of a developer: its arguments name that environment.
pub(crate) fn is_for_development(command: &str) -> bool {
    let mut parts = command.split(|c: char| !c.is_ascii_alphanumeric());
    parts.any(|word| word == "development")
}

/// The words of a command, programs without the folder that they lie in.
fn words(command: &str) -> impl Iterator<Item = &str> {
    let split = command.split(|c: char| c.is_whitespace() || "\"';&|()".contains(c));
    let bare = split.filter(|word| !word.is_empty());
    bare.map(|word| match word.starts_with('-') {
        true => word,
        false => word.rsplit('/').next().unwrap_or(word),
    })
}

#[cfg(test)]
mod tests {
    use super::{Process, is_for_development, process};

    #[test]
    fn commands_say_what_a_process_is() {
        let of = |command: &str| process("x", command);
        assert_eq!(of("bundle exec puma -C config/puma.rb"), Process::Web);
        assert_eq!(of("bin/rails server -p 3000"), Process::Web);
        assert_eq!(of("gunicorn shop.wsgi"), Process::Web);
        assert_eq!(
            of("DB_POOL=10 bundle exec sidekiq -q default"),
            Process::Worker
        );
        assert_eq!(of("QUEUE=* bundle exec rake resque:work"), Process::Worker);
        assert_eq!(of("bundle exec rake solid_queue:start"), Process::Worker);
        assert_eq!(of("celery -A shop worker -l info"), Process::Worker);
        assert_eq!(of("celery -A shop beat"), Process::Scheduler);
        assert_eq!(of("php artisan horizon"), Process::Worker);
        assert_eq!(of("php /app/artisan queue:work --tries=3"), Process::Worker);
        assert_eq!(
            of("php bin/console messenger:consume async"),
            Process::Worker
        );
        assert_eq!(of("php artisan schedule:work"), Process::Scheduler);
        assert_eq!(of("php artisan migrate"), Process::Other);
        assert_eq!(of("bundle exec clockwork lib/clock.rb"), Process::Scheduler);
        assert_eq!(of("bin/rails tailwindcss:watch"), Process::Watcher);
        assert_eq!(of("yarn build:css --watch"), Process::Watcher);
        assert_eq!(of("bin/vite dev"), Process::Watcher);
        assert_eq!(of("node --watch server.js"), Process::Other);
        assert_eq!(of("vite preview --host"), Process::Other);
        assert_eq!(process("web", "./bin/start"), Process::Web);
        assert_eq!(of("dev_worker"), Process::Worker);
        assert_eq!(of("scheduler"), Process::Scheduler);
        assert_eq!(of("server worker.js"), Process::Other);
    }

    #[test]
    fn commands_of_developers() {
        assert!(is_for_development(
            "sidekiq -C config/sidekiq-development.yml"
        ));
        assert!(is_for_development("env RAILS_ENV=development bin/jobs"));
        assert!(!is_for_development("sidekiq -C config/sidekiq.yml"));
    }
}
