//! Elixir: what a process does again and again by a timer of its own.

use crate::elixir::{self, Statement};
use crate::extractor::{Extractor, Reads};
use crate::facts::FileFacts;
use crate::paths;
use crate::scan;
use crate::source::SourceFile;
use groundplan_model::Topic;
use std::collections::BTreeSet;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "elixir-timers",
    docs: "\
### What it finds
Modules that are a process (`use GenServer`, `GenStateMachine`, `GenStage`) and do something again and
again: `:timer.send_interval` and `apply_interval`, and `Process.send_after` of a message whose own handler,
or a function that it calls, sends it once more, whatever it meets
(<https://hexdocs.pm/elixir/GenServer.html#module-receiving-regular-messages>). The interval where it is
written as a literal, in a variable of the function or in an attribute of the module.

### What it does not find
Timeouts that start once, what is tried once more where it failed, timers of pages of a browser (`live_view`), what a macro makes.
",
    reads: &[Reads::Paths(&["*.ex"])],
    markers: &["send_interval", "apply_interval", "send_after"],
    run: extract,
};

/// Blocks in blocks at most.
const DEEPEST: u32 = 12;

/// Timers of one module that are looked at, at most.
const MOST: usize = 200;

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if paths::is_test(file.path) || scan::is_test(file.path) {
        return;
    }
    for (name, module) in elixir::modules(&elixir::statements(file.text)) {
        process(acc, file, &module.body, &name);
    }
}

/// A function of a module, one of its clauses.
struct Function<'s> {
    name: &'s str,
    /// Its first argument as written: of a handler the message.
    first: &'s str,
    /// What stands in it, with blocks inside of blocks.
    inside: Vec<Step>,
}

/// A statement of a function.
struct Step {
    text: String,
    lines: (u32, u32),
    /// Whether it is done whenever the function is: it stands in no block and below no condition.
    always: bool,
}

impl Step {
    fn of(text: String, lines: (u32, u32), always: bool) -> Self {
        let asked = ["if ", "unless ", "case ", "with ", "fn "];
        let asked = asked.iter().any(|word| text.starts_with(word)) || text.contains("&&");
        Self {
            text,
            lines,
            always: always && !asked,
        }
    }
}

fn process(acc: &mut FileFacts, file: &SourceFile<'_>, body: &[Statement], module: &str) {
    const PROCESSES: [&str; 3] = ["GenServer", "GenStage", "GenStateMachine"];
    let used = |s: &Statement| {
        let first = s.arguments.first().map_or("", String::as_str);
        s.word == "use" && PROCESSES.contains(&first)
    };
    if !body.iter().any(used) {
        return;
    }
    let attributes = elixir::attributes(body);
    let functions: Vec<Function<'_>> = body.iter().filter_map(function).collect();
    let mut said = BTreeSet::new();
    let mut seen = 0;
    for function in &functions {
        for step in &function.inside {
            let Some(timer) = timer(&step.text) else {
                continue;
            };
            seen += 1;
            if seen > MOST {
                return;
            }
            let again = || step.always && again(&functions, function, timer.message);
            if !timer.repeats && !again() {
                continue;
            }
            let interval = span(timer.interval)
                .or_else(|| attributes.get(timer.interval).and_then(|text| span(text)))
                .or_else(|| variable(function, timer.interval));
            let doing = elixir::name(timer.message).map(|name| format!("`{name}`"));
            let detail = match (interval, doing) {
                (Some(every), Some(doing)) => format!("{doing} every {every}"),
                (Some(every), None) => format!("every {every}"),
                (None, Some(doing)) => format!("{doing} by a timer of its own"),
                (None, None) => "by a timer of its own".to_owned(),
            };
            if said.insert(timer.message.to_owned()) {
                let topic = Topic::ScheduledJob;
                scan::mark(acc, file, step.lines.0, topic, module, Some(detail));
            }
        }
    }
}

/// `def handle_info(:poll, state) do`
fn function(statement: &Statement) -> Option<Function<'_>> {
    if !matches!(statement.word.as_str(), "def" | "defp") {
        return None;
    }
    let head = statement.arguments.first()?;
    let end = head
        .find(|c: char| !(c.is_alphanumeric() || "_!?".contains(c)))
        .unwrap_or(head.len());
    let (name, rest) = head.split_at_checked(end)?;
    let rest = rest.strip_prefix('(').unwrap_or_default();
    let first = rest.split([',', ')']).next().unwrap_or_default().trim();
    let mut inside = Vec::new();
    // `defp schedule, do: Process.send_after(…)`
    if let Some(given) = statement.option("do") {
        inside.push(Step::of(given.to_owned(), statement.lines, true));
    }
    gather(&statement.body, &mut inside, 0);
    Some(Function {
        name,
        first,
        inside,
    })
}

fn gather(all: &[Statement], inside: &mut Vec<Step>, depth: u32) {
    if depth > DEEPEST {
        return;
    }
    for statement in all {
        let text = format!("{} {}", statement.word, statement.arguments.join(", "));
        inside.push(Step::of(text, statement.lines, depth == 0));
        gather(&statement.body, inside, depth + 1);
    }
}

/// A timer that a statement starts.
struct Timer<'t> {
    interval: &'t str,
    message: &'t str,
    /// Whether it starts by itself again.
    repeats: bool,
}

/// `:timer.send_interval(time, self(), :poll)`, `Process.send_after(self(), :poll, time)`, also where the first
/// argument is handed to it: `time |> :timer.send_interval(:poll)`.
fn timer(text: &str) -> Option<Timer<'_>> {
    const CALLS: [(&str, bool); 5] = [
        (":timer.send_interval", true),
        (":timer.apply_interval", true),
        ("Process.send_after", false),
        (":erlang.send_after", false),
        (":timer.send_after", false),
    ];
    let (at, word, repeats) =
        (CALLS.iter()).find_map(|(word, repeats)| Some((text.find(word)?, *word, *repeats)))?;
    let rest = text.get(at + word.len()..)?.trim_start();
    // A call without brackets lost its word to the statement: `Process.send_after self(), :poll, 5`.
    let inner = match rest.strip_prefix('(') {
        Some(inner) => elixir::closed(inner)?,
        None => rest,
    };
    let mut parts = elixir::parts(inner);
    let before = text.get(..at)?.trim_end();
    if let Some(given) = before.strip_suffix("|>") {
        let given = given.rsplit_once('=').map_or(given, |(_, given)| given);
        parts.insert(0, given.trim());
    }
    parts.retain(|part| !matches!(*part, "self()" | "self"));
    let (interval, message) = match (word, parts.as_slice()) {
        // `apply_interval(time, Module, :function, [])`
        (":timer.apply_interval", [time, _, function, ..]) => (*time, *function),
        (":timer.send_interval" | ":timer.send_after", [time, message]) => (*time, *message),
        ("Process.send_after", [message, time, ..]) => (*time, *message),
        (":erlang.send_after", [time, message, ..]) => (*time, *message),
        _ => return None,
    };
    Some(Timer {
        interval,
        message,
        repeats,
    })
}

/// Whether the handler of a message starts the timer for it once more: it is the function that does so, or calls it.
fn again(functions: &[Function<'_>], starts: &Function<'_>, message: &str) -> bool {
    // `{:retry, token}` is about one of many things.
    if elixir::name(message).is_none() {
        return false;
    }
    let handles =
        |f: &&Function<'_>| matches!(f.name, "handle_info" | "handle_event") && f.first == message;
    functions.iter().filter(handles).any(|handler| {
        std::ptr::eq(handler, starts) || {
            let call = format!("{}(", starts.name);
            let own = |text: &str| {
                // A statement that begins with a call has lost the brackets.
                let first = text.split(' ').next() == Some(starts.name);
                first && !text.contains('=')
                    || text.match_indices(&call).any(|(at, _)| {
                        let before = text.get(..at).and_then(|t| t.chars().next_back());
                        !before.is_some_and(|c| c.is_alphanumeric() || "_.".contains(c))
                    })
            };
            let mut always = handler.inside.iter().filter(|step| step.always);
            starts.name.len() > 2 && always.any(|step| own(&step.text))
        }
    })
}

/// What a variable of a function is given, where that is a time: `interval = opts[:interval] || :timer.hours(72)`.
fn variable(function: &Function<'_>, name: &str) -> Option<String> {
    let given = function.inside.iter().find_map(|step| {
        let rest = step
            .text
            .strip_prefix(name)?
            .trim_start()
            .strip_prefix('=')?;
        (!rest.starts_with('=')).then_some(rest.trim())
    })?;
    span(given)
}

/// A time as a reader says it: `:timer.hours(72)`, `60 * 1000`, `5_000`; of `set || :timer.hours(1)` what holds
/// unless something else is set.
fn span(text: &str) -> Option<String> {
    const UNLESS: &str = " unless set";
    let text = text.trim();
    for (start, end) in [("Keyword.get_lazy(", "fn -> "), ("Keyword.get(", ", ")] {
        if let Some(at) = text.find(start) {
            let rest = text.get(at + start.len()..)?;
            let inner = elixir::closed(rest)?;
            // `1000 * Keyword.get(…)` and `Keyword.get(…) |> to_ms()` are something else.
            let before = text.get(..at)?.trim_end();
            let alone = before.is_empty() || before.ends_with("|>");
            if !alone || rest.get(inner.len()..)?.trim() != ")" {
                return None;
            }
            let (_, default) = inner.rsplit_once(end)?;
            let default = default.trim().strip_suffix(" end").unwrap_or(default);
            let once = |time: String| match time.ends_with(UNLESS) {
                true => time,
                false => format!("{time}{UNLESS}"),
            };
            return span(default).map(once);
        }
    }
    if let Some((_, other)) = text.rsplit_once("||") {
        return span(other).map(|time| format!("{time}{UNLESS}"));
    }
    for (word, unit) in [
        (":timer.hours(", "hour"),
        (":timer.minutes(", "minute"),
        (":timer.seconds(", "second"),
        ("to_timeout(day: ", "day"),
        ("to_timeout(hour: ", "hour"),
        ("to_timeout(minute: ", "minute"),
        ("to_timeout(second: ", "second"),
    ] {
        if let Some(rest) = text.strip_prefix(word) {
            let number = rest.strip_suffix(')')?.replace('_', "");
            let whole = number.bytes().all(|b| b.is_ascii_digit());
            return (whole && !number.is_empty()).then(|| scan::many(&number, unit));
        }
    }
    let mut product: u64 = 1;
    for part in text.split('*') {
        let part = part.trim().replace('_', "");
        product = product.checked_mul(part.parse().ok()?)?;
    }
    let (number, unit) = match product {
        0 => return None,
        n if n % 1000 != 0 => (n, "millisecond"),
        n if n % 3_600_000 == 0 => (n / 3_600_000, "hour"),
        n if n % 60_000 == 0 => (n / 60_000, "minute"),
        n => (n / 1000, "second"),
    };
    Some(scan::many(&number.to_string(), unit))
}

#[cfg(test)]
mod tests {
    use super::{span, timer};

    #[test]
    fn times_as_they_are_written() {
        let of = |text| span(text);
        assert_eq!(of(":timer.hours(72)").as_deref(), Some("72 hours"));
        assert_eq!(of("60 * 1000").as_deref(), Some("1 minute"));
        assert_eq!(of("5_000").as_deref(), Some("5 seconds"));
        assert_eq!(
            of("opts[:every] || :timer.minutes(5)").as_deref(),
            Some("5 minutes unless set")
        );
        assert_eq!(
            of("opts |> Keyword.get_lazy(:every, fn -> :timer.hours(1) end)").as_deref(),
            Some("1 hour unless set")
        );
        assert_eq!(of("interval"), None);
        assert_eq!(of("Keyword.get(opts, :seconds, 5) * 1000"), None);
        assert_eq!(of("0"), None);
    }

    #[test]
    fn timers_with_what_is_handed_to_them() {
        let parts = |text| timer(text).map(|t| (t.interval, t.message, t.repeats));
        assert_eq!(
            parts(" {:ok, _} = opts[:every] |> :timer.send_interval(self(), :poll)"),
            Some(("opts[:every]", ":poll", true))
        );
        assert_eq!(
            parts("Process.send_after(self(), :poll, @every)"),
            Some(("@every", ":poll", false))
        );
        assert_eq!(parts("Process.cancel_timer(ref)"), None);
    }
}
