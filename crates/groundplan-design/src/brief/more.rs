//! The optional keys of a brief: closed values, flows, entities, integrations, skills.

use super::extract::{Reader, placed};
use super::keys;
use super::{Force, OwnEntity, OwnFlow, Partner, Place, Wish};
use groundplan_knowledge::nearest;
use groundplan_model::{Diagnostic, Severity};
use groundplan_syntax::Node;

impl Reader<'_> {
    /// A word that is not among those that a key takes, or more words than it takes.
    pub(super) fn closed(&mut self, name: &str, value: &str, place: &Place) {
        let Some(known) = keys::closed(name) else {
            return;
        };
        let words: Vec<&str> = keys::closed_words(value).collect();
        if keys::takes_one(name) && words.len() > 1 {
            let all = known.join("`, `");
            let message = format!("expected one word of `{all}` in `{name}`, found `{value}`");
            let fault = Diagnostic::new(Severity::Error, "V-VALUE-UNKNOWN", message);
            let help = "leave only the word that weighs most";
            self.diagnostics.push(placed(fault, place).help(help));
            return;
        }
        for word in words {
            let lower = word.to_lowercase();
            if known.contains(&lower.as_str()) {
                continue;
            }
            let all = known.join("`, `");
            let message = format!("expected one of `{all}` in `{name}`, found `{word}`");
            let fault = Diagnostic::new(Severity::Error, "V-VALUE-UNKNOWN", message);
            let near = nearest(&lower, known.iter().copied());
            let help = near.map_or_else(
                || "leave the key out if none of them fits".to_owned(),
                |near| format!("did you mean `{near}`?"),
            );
            self.diagnostics.push(placed(fault, place).help(help));
        }
    }

    /// A flow of the brief's own; what is missing or odd is told.
    fn flow(&mut self, item: &Node) {
        let place = Place {
            evidence: self.evidence(item.first, item.last),
            columns: None,
        };
        for (key, _) in item.entries() {
            if !["name", "share", "steps"].contains(&key.text.as_str()) {
                let message = format!("expected `name`, `share` or `steps`, found `{}`", key.text);
                let fault = Diagnostic::new(Severity::Error, "V-KEY-UNKNOWN", message);
                let place = Place {
                    evidence: self.evidence(key.line, key.line),
                    columns: None,
                };
                let help = "a flow has a name, a share of all requests, and steps";
                self.diagnostics.push(placed(fault, &place).help(help));
            }
        }
        let Some(name) = item.str_of("name").or(item.str()) else {
            let message = "expected a flow with a `name`, found none";
            let fault = Diagnostic::new(Severity::Error, "V-FLOW-INVALID", message);
            self.diagnostics.push(
                placed(fault, &place).help("for example `- {name: Buy a ticket, share: 5%}`"),
            );
            return;
        };
        let said = item.str_of("share").map(str::trim);
        let share = said.and_then(|text| {
            let percent = text.strip_suffix('%');
            let number = percent.unwrap_or(text).trim().parse::<f64>().ok()?;
            Some(if percent.is_some() {
                number / 100.0
            } else {
                number
            })
        });
        let sound = share.is_some_and(|s| s > 0.0 && s <= 1.0);
        if let (Some(text), false) = (said, sound) {
            let message = format!(
                "expected a share of all requests above 0 and at most 100 %, found `{text}`"
            );
            let fault = Diagnostic::new(Severity::Error, "V-FLOW-INVALID", message);
            self.diagnostics
                .push(placed(fault, &place).help("write `30%` or `0.3`"));
        }
        let said = item.get("steps").map_or(Vec::new(), Node::strings);
        let steps = said
            .into_iter()
            .map(|(text, line)| {
                let place = Place {
                    evidence: self.evidence(line, line),
                    columns: None,
                };
                (text.trim().to_owned(), place)
            })
            .collect();
        self.brief.flows.push(OwnFlow {
            name: name.trim().to_owned(),
            share: share.filter(|_| sound),
            steps,
            place,
        });
    }

    /// Shares of more than all requests.
    fn shares(&mut self) {
        let sum: f64 = self.brief.flows.iter().filter_map(|f| f.share).sum();
        if sum <= 1.0 + 1e-9 {
            return;
        }
        let message = format!(
            "expected flows with at most 100 % of the requests, found {} %",
            (sum * 1_000.0).round() / 10.0
        );
        let fault = Diagnostic::new(Severity::Error, "V-FLOW-INVALID", message);
        let place = self.brief.flows.last().map(|f| f.place.clone());
        self.diagnostics.push(
            placed(fault, &place.unwrap_or_default())
                .help("lower the shares; what is left over belongs to the other flows"),
        );
    }

    /// Measured values of the whole system, or of a flow under its id.
    pub(super) fn measured(&mut self, node: &Node) {
        for (key, value) in node.entries() {
            if !value.is_mapping() {
                self.one_measured(&key.text, &key.text, value, key.line);
                continue;
            }
            for (name, value) in value.entries() {
                let full = format!("{}.{}", key.text, name.text);
                self.one_measured(&full, &name.text, value, name.line);
            }
        }
    }

    fn one_measured(&mut self, full: &str, name: &str, node: &Node, line: u32) {
        let place = Place {
            evidence: self.evidence(line, line),
            columns: None,
        };
        let of_flow = full != name;
        // Beside those of the whole system a value may be of any service level, by its id.
        let known = ["p50_ms", "p99_ms"].contains(&name) || !of_flow;
        let text = node.str().unwrap_or_default().trim();
        let unit = |c: char| c == '%' || c == ' ' || c.is_ascii_alphabetic();
        let number = text.trim_end_matches(unit).parse::<f64>();
        let most = if name == "availability" { 100.0 } else { 1e9 };
        let level = !of_flow && !["p50_ms", "p99_ms", "availability"].contains(&name);
        // Of a service level nothing at all may have been measured: no late message, no lost row.
        let least = |n: f64| n > 0.0 || level && n == 0.0;
        let sound = number.ok().filter(|n| least(*n) && *n <= most);
        match (known, sound) {
            (true, Some(value)) => {
                let words = format!("{full}: {text}");
                let stated = super::Stated {
                    value,
                    words,
                    place,
                };
                self.brief.measured.insert(full.to_owned(), stated);
            }
            (true, None) => {
                let message = format!("expected a positive number for `{full}`, found `{text}`");
                let fault = Diagnostic::new(Severity::Error, "V-NUMBER-INVALID", message);
                let help = "write percent for `availability`, else milliseconds: `99.93`, `140`";
                self.diagnostics.push(placed(fault, &place).help(help));
            }
            (false, _) => {
                let message = format!("expected `p50_ms` or `p99_ms` of a flow, found `{name}`");
                let fault = Diagnostic::new(Severity::Error, "V-KEY-UNKNOWN", message);
                let help = nearest(name, ["p50_ms", "p99_ms"]).map_or_else(
                    || {
                        "values of one flow stand below its id: `sell-a-ticket: {p99_ms: 180}`"
                            .to_owned()
                    },
                    |near| format!("did you mean `{near}`?"),
                );
                self.diagnostics.push(placed(fault, &place).help(help));
            }
        }
    }

    /// Languages that the team knows are preferred; a name that is no language is told.
    pub(super) fn skills(&mut self) {
        let Some(said) = self.brief.answers.get("language_skills").cloned() else {
            return;
        };
        let Some(languages) = self.vocabulary.names.get("language") else {
            return;
        };
        let mut wishes = Vec::new();
        for word in said.value.split([',', ';']).map(str::trim) {
            let lower = word.to_lowercase();
            let found = languages
                .iter()
                .find(|(option, aliases)| **option == lower || aliases.contains(&lower));
            if let Some((option, _)) = found {
                wishes.push(Wish {
                    decision: "language".to_owned(),
                    value: option.clone(),
                    name: word.to_owned(),
                    force: Force::Prefer,
                    place: said.place.clone(),
                });
            } else if !word.is_empty() {
                let message = format!("expected a language in `language_skills`, found `{word}`");
                let fault = Diagnostic::new(Severity::Warning, "V-VALUE-UNKNOWN", message);
                let near = nearest(&lower, languages.keys().map(String::as_str));
                let help = near.map_or_else(
                    || "name languages that run on a server".to_owned(),
                    |near| format!("did you mean `{near}`?"),
                );
                self.diagnostics.push(placed(fault, &said.place).help(help));
            }
        }
        self.brief.wishes.extend(wishes);
    }

    pub(super) fn more(&mut self, name: &str, node: &Node, place: &Place) {
        match name {
            "payload" => {
                for (key, node) in node.entries() {
                    let full = format!("payload.{}", key.text);
                    match keys::known(&full) {
                        Some(known) => self.number(known, node, place.clone()),
                        None => self.unknown(&key.text, key.line, "payload."),
                    }
                }
            }
            "measured" => self.measured(node),
            "entities" => {
                for item in node.items() {
                    let Some(name) = item.str_of("name").or(item.str()) else {
                        continue;
                    };
                    let fields = item.get("fields").map_or(Vec::new(), |f| {
                        f.strings().into_iter().map(|(t, _)| t.to_owned()).collect()
                    });
                    let evidence = self.evidence(item.first, item.last);
                    self.brief.entities.push(OwnEntity {
                        name: name.to_owned(),
                        fields,
                        personal: item.get("pii").and_then(Node::truth).unwrap_or(false),
                        place: Place {
                            evidence,
                            columns: None,
                        },
                    });
                }
            }
            "flows" => {
                for item in node.items() {
                    self.flow(item);
                }
                self.shares();
            }
            "integrations" => {
                for item in node.items() {
                    let Some(name) = item.str_of("name").or(item.str()) else {
                        continue;
                    };
                    let evidence = self.evidence(item.first, item.last);
                    let words = super::tokens(name);
                    let all = &self.vocabulary.partners;
                    // What is known of a system stands where the brief says nothing else.
                    let known = all
                        .iter()
                        .find(|k| !super::words::find(&words, &k.alias).is_empty());
                    let said = |key: &str, known: Option<&String>, other: &str| {
                        let said = item.str_of(key).map(str::to_owned);
                        said.or(known.cloned()).unwrap_or(other.to_owned())
                    };
                    let protocol = known.map(|k| &k.protocol);
                    self.brief.partners.push(Partner {
                        name: name.to_owned(),
                        what: said("what", known.map(|k| &k.what), "external system"),
                        protocol: said("protocol", protocol, "HTTPS; to be agreed"),
                        auth: said(
                            "auth",
                            known.map(|k| &k.auth),
                            "client credentials; to be agreed",
                        ),
                        rps: item
                            .str_of("rps")
                            .and_then(|t| keys::number("scale.peak_rps", t)),
                        place: Place {
                            evidence,
                            columns: None,
                        },
                    });
                }
            }
            "capabilities" => {
                for (text, _) in node.strings() {
                    let (id, wanted) = match text.strip_prefix('-') {
                        Some(id) => (id, false),
                        None => (text.trim_start_matches('+'), true),
                    };
                    self.brief.capabilities.insert(id.trim().to_owned(), wanted);
                }
            }
            _ => {}
        }
    }
}
