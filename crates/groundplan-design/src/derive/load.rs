//! D01 to D04: users, average and peak load, share of reads.

use crate::brief::Brief;
use crate::facts::{Facts, number};
use crate::inputs::{Inputs, Segment};
use groundplan_knowledge::capability::Need;

/// The load.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Load {
    /// Monthly users, if counted or assumed.
    pub mau: f64,
    /// Daily users.
    pub dau: f64,
    /// Daily of monthly users.
    pub stickiness: f64,
    /// Peak against average.
    pub peak_factor: f64,
    /// Requests per active user and day.
    pub per_user_day: f64,
    /// Requests of users, on average and at peak.
    pub user_avg: f64,
    /// See `user_avg`.
    pub user_peak: f64,
    /// Messages of devices per second.
    pub device_msgs: f64,
    /// Everything, per second on average.
    pub avg: f64,
    /// Everything, per second at peak.
    pub peak: f64,
    /// Requests that are no device messages, at peak.
    pub http_peak: f64,
    /// New items per second on average, if stated.
    pub items: Option<f64>,
    /// Requests with which a new item comes.
    pub visit: f64,
    /// Rows that come in one request, where the brief counts both.
    pub together: f64,
    /// Per second, at the peak within the part of the time in which most comes, if the brief says it.
    pub window: f64,
    /// Share of reads.
    pub reads: f64,
    /// CPU against a plain request.
    pub cpu_factor: f64,
    /// What the stated peak implies per active user and day.
    pub implied: Option<f64>,
    /// Whether 1,000 monthly users are assumed.
    pub assumed: bool,
    /// Whether most of the load is a stream of writes.
    pub write_heavy: bool,
    /// Whether a log carries the load: above [`stream_rate`](Inputs::constant) messages a second.
    pub stream: bool,
    /// Whether the log is there because the brief demands one, not because the load is a stream.
    pub log_demanded: bool,
    /// Device rate and stated rate differ by more than half.
    pub inconsistent_devices: bool,
}

/// Requests of a person and day above which programs ask, not people.
pub(crate) const USUAL: f64 = 2_000.0;

/// Requests of somebody who comes once, and what all capabilities have in common a day.
pub(crate) const VISIT: f64 = 10.0;

/// Peak against mean of a time that is short of a day, as in the eight hours of internal users.
const SHORT: f64 = 4.0 / 3.0;

/// Requests per person and day above which capabilities share a day.
const MANY: f64 = 100.0;

/// The load that a brief implies.
pub fn load(inputs: &Inputs) -> Load {
    let get = |key: &str| inputs.get(key);
    let (peak_stated, avg_stated) = (get("scale.peak_rps"), get("scale.avg_rps"));
    let items = get("scale.items_per_s");
    let scale = [
        "scale.mau",
        "scale.dau",
        "scale.concurrent",
        "scale.devices",
    ]
    .iter()
    .any(|key| inputs.numbers.contains_key(*key));
    let known = scale
        || peak_stated.is_some()
        || avg_stated.is_some()
        || items.is_some()
        || get("scale.looks_per_s").is_some();
    let mut out = Load {
        stickiness: match inputs.segment {
            Segment::Internal => 0.6,
            // Who is counted comes on working days, whoever else uses it.
            _ if inputs.at_work => 0.6,
            Segment::Business => 0.4,
            Segment::Consumer => 0.2,
        },
        ..Load::default()
    };
    let dau_stated = get("scale.dau");
    let global = inputs.has("global") || dau_stated.is_some_and(|d| d >= 1e7);
    out.peak_factor = if inputs.has("spike") {
        10.0
    } else {
        match inputs.segment {
            Segment::Internal => 4.0,
            Segment::Business => 3.5,
            Segment::Consumer if global => 2.0,
            Segment::Consumer => 3.0,
        }
    };
    // A day's work in fewer hours: within them the peak is a third above the mean, as it is in the
    // eight hours of internal users.
    if let Some(hours) = get("scale.busy_hours").filter(|h| *h > 0.0 && *h < 24.0) {
        out.peak_factor = out.peak_factor.max(24.0 / hours * 4.0 / 3.0);
    }
    if let Some(factor) = get("scale.peak_factor") {
        out.peak_factor = factor.max(1.0);
    }
    out.assumed = !known;
    // Who counts only organisations has somebody at work in each.
    let counted = ["scale.mau", "scale.dau", "scale.concurrent"]
        .iter()
        .any(|key| inputs.numbers.contains_key(*key));
    let rated = peak_stated.is_some() || avg_stated.is_some();
    let each = get("tenants").filter(|_| !counted && !rated && inputs.people);
    let mau = get("scale.mau").or(each).or((!known).then_some(1_000.0));
    out.mau = mau.unwrap_or(0.0);
    out.dau = dau_stated.unwrap_or(out.mau * out.stickiness);
    // Nobody uses all of many capabilities each day: what exceeds a hundred counts a quarter.
    let all = VISIT + inputs.shares.iter().map(|s| s.requests).sum::<f64>();
    out.per_user_day = all.min(MANY) + (all - MANY).max(0.0) / 4.0;
    out.user_avg = out.dau * out.per_user_day / 86_400.0;
    out.user_peak = out.user_avg * out.peak_factor;
    if let Some(concurrent) = get("scale.concurrent") {
        out.user_peak = out
            .user_peak
            .max(concurrent / inputs.constant("think_time"));
        // Who counts only those who come at once says nothing of the day: the usual factor does.
        if out.dau == 0.0 {
            out.user_avg = out.user_peak / out.peak_factor;
        }
    }
    if let (Some(devices), Some(interval)) = (get("scale.devices"), get("scale.device_interval_s"))
    {
        out.device_msgs = devices / interval;
    }
    out.items = items;
    // What is looked at is a request too, and no record.
    let looks = get("scale.looks_per_s").unwrap_or(0.0);
    // Who fills in an application comes for it, and nobody is counted who would.
    let forms = [
        "booking",
        "claims",
        "kyc",
        "lending",
        "orders",
        "recruiting",
        "support",
        "surveys",
        "workflow",
    ];
    let nobody = !counted && out.mau == 0.0 && inputs.people;
    out.visit = match nobody && !inputs.write_stream && inputs.any(&forms) {
        true => VISIT,
        false => 1.0,
    };
    // `1.5M reports a day, 40 lines per report`: a report comes at once, its lines are kept.
    out.together = get("scale.rows_together").unwrap_or(1.0).max(1.0);
    let items_avg = items.unwrap_or(0.0) / out.together * out.visit + looks;
    let (avg, peak) = match (peak_stated, avg_stated) {
        (Some(peak), avg) => (avg.unwrap_or(peak / out.peak_factor), peak),
        (None, Some(avg)) => (avg, avg * out.peak_factor),
        (None, None) => (
            out.user_avg.max(items_avg),
            out.user_peak.max(items_avg * out.peak_factor),
        ),
    };
    // A part of the time has its own mean; within a day it has the peak that all days have.
    let within = match get("scale.window_s") {
        Some(s) if s >= 86_400.0 => out.peak_factor,
        _ => SHORT,
    };
    out.window = get("scale.window_people_s").unwrap_or(0.0) * VISIT * within
        + get("scale.window_items_s").unwrap_or(0.0) * within;
    let peak = match peak_stated {
        Some(stated) => stated,
        None => peak.max(out.window),
    };
    if let Some(stated) = peak_stated.filter(|_| out.dau > 0.0) {
        out.implied = Some(stated / out.peak_factor * 86_400.0 / out.dau);
    }
    // A rate of people says nothing of what devices send: each has its own.
    if let Some(stated) = peak_stated.filter(|_| out.device_msgs > 0.0 && inputs.device_rate) {
        out.inconsistent_devices = (stated - out.device_msgs).abs() / out.device_msgs > 0.5;
    }
    out.http_peak = peak;
    let device_peak = out.device_msgs * inputs.constant("device_peak");
    out.peak = if peak_stated.is_some() && inputs.device_rate {
        peak.max(device_peak)
    } else {
        peak + device_peak
    };
    out.avg = if match avg_stated {
        Some(_) => inputs.device_mean,
        None => peak_stated.is_some() && inputs.device_rate,
    } {
        avg.max(out.device_msgs)
    } else {
        avg + out.device_msgs
    };
    let weight = |requests: f64| requests.max(0.5);
    let total: f64 = 10.0
        + inputs
            .shares
            .iter()
            .map(|s| weight(s.requests))
            .sum::<f64>();
    let mean = |start: f64, of: fn(&crate::inputs::Share) -> f64| {
        let sum: f64 = inputs
            .shares
            .iter()
            .map(|s| weight(s.requests) * of(s))
            .sum();
        (start + sum) / total
    };
    out.cpu_factor = mean(10.0, |s| s.cpu);
    out.reads = mean(9.0, |s| s.reads);
    let ratio = get("read_write_ratio");
    if let Some(ratio) = ratio {
        out.reads = ratio / (1.0 + ratio);
    }
    // What a stated peak of queries has beyond the requests of people is looked up; a stated ratio is that of all.
    let asked = peak_stated.filter(|peak| inputs.looked_up && ratio.is_none() && *peak > 0.0);
    if let Some(asked) = asked {
        let people = out.user_peak.max(items_avg * out.peak_factor).min(asked);
        let mixed = (people * out.reads + asked - people) / asked;
        out.reads = mixed.min(0.99).max(out.reads);
    }
    let ingests = inputs.needs(Need::Stream);
    // More events than the counted people could cause come from programs.
    let programs = out.implied.is_some_and(|n| n > USUAL);
    out.write_heavy = out.device_msgs > out.http_peak
        || inputs.write_stream && (ingests || programs) && peak_stated.is_some();
    if out.write_heavy {
        out.reads = 0.02;
        out.cpu_factor = out.cpu_factor.min(0.2);
    }
    if inputs.transactional {
        out.reads = out.reads.min(0.3);
    }
    let redirects = ["gateway", "admin", "batch", "accounts", "analytics"];
    if inputs.ids.contains("gateway") && inputs.ids.iter().all(|id| redirects.contains(id)) {
        out.reads = 0.99;
        out.cpu_factor = 0.2;
    }
    if inputs.asks_rules() {
        let rules = inputs.shares.iter().find(|s| s.id == "flags");
        if let Some(share) = rules {
            out.reads = share.reads;
            out.cpu_factor = share.cpu;
        }
    }
    let rate = inputs.constant("stream_rate");
    out.stream = out.device_msgs > rate
        || out.peak > rate && (inputs.write_stream || ingests) && out.reads < 0.5;
    let demanded = inputs.wished.get("queue");
    if demanded.is_some_and(|(value, must)| *must && value.starts_with("log")) && !out.stream {
        out.stream = true;
        out.log_demanded = true;
    }
    out
}

impl Load {
    /// Whether the load is a stream: a log that is only demanded carries events, and the database
    /// still takes each write.
    pub fn streams(&self) -> bool {
        self.stream && !self.log_demanded
    }

    /// What decides the peak factor, in words.
    fn why_peak(&self, inputs: &Inputs, brief: &Brief) -> String {
        let hours = inputs.get("scale.busy_hours").filter(|h| *h > 0.0);
        match (brief.numbers.get("scale.peak_factor"), hours) {
            (Some(s), _) => format!("stated: “{}”", s.words),
            (None, Some(h)) if (24.0 / h * 4.0 / 3.0 - self.peak_factor).abs() < 1e-9 => {
                let words = brief.numbers.get("scale.busy_hours");
                format!(
                    "the work of a day in {} h (“{}”): 24 ÷ {} × 1.33",
                    number(h),
                    words.map_or("", |s| s.words.as_str()),
                    number(h)
                )
            }
            _ if inputs.has("spike") => "everybody starts at once".to_owned(),
            _ => format!("{} users", inputs.segment.word()),
        }
    }

    /// The sum of the part of the time in which most comes.
    fn why_window(&self, inputs: &Inputs, brief: &Brief) -> String {
        let stated = |key: &str| brief.numbers.get(key);
        let within = match inputs.get("scale.window_s") {
            Some(s) if s >= 86_400.0 => self.peak_factor,
            _ => SHORT,
        };
        let mut sums = Vec::new();
        if let Some(people) = stated("scale.window_people_s") {
            sums.push(format!(
                "“{}”: {} people/s × {} requests × {}",
                people.words,
                number(people.value),
                number(VISIT),
                number(within)
            ));
        }
        if let Some(items) = stated("scale.window_items_s") {
            sums.push(format!(
                "“{}”: {} records/s × {}",
                items.words,
                number(items.value),
                number(within)
            ));
        }
        sums.join(" + ")
    }

    /// Writes the sums down.
    pub fn facts(&self, inputs: &Inputs, brief: &Brief, facts: &mut Facts) {
        let stated = |key: &str| brief.numbers.get(key);
        let e = "engineering estimate (E), to be replaced by a measurement";
        let table = "capability packs, requests per active user and day (E)";
        facts
            .computed(
                "load.peak_factor",
                "peak against average load",
                self.peak_factor,
                "",
                self.why_peak(inputs, brief),
                &["brief.purpose", "brief.scale"],
            )
            .source(e);
        if self.mau > 0.0 {
            match stated("scale.mau") {
                // Of those who come in a year a twelfth comes in a month.
                Some(s) if inputs.has("counted_by_year") => facts.computed(
                    "load.mau",
                    "monthly active users",
                    self.mau,
                    "users",
                    format!("“{}” a year ÷ 12 months", s.words.replace(" a year", "")),
                    &["brief.scale"],
                ),
                Some(s) => facts.stated("load.mau", "monthly active users", s, "users", "scale"),
                None if !self.assumed => facts
                    .computed(
                        "load.mau",
                        "monthly active users",
                        self.mau,
                        "users",
                        format!(
                            "one in each of the counted “{}”",
                            stated("tenants").map_or("", |s| s.words.as_str())
                        ),
                        &["brief.scale"],
                    )
                    .assumed("A-SCALE"),
                None => facts
                    .computed(
                        "load.mau",
                        "monthly active users",
                        self.mau,
                        "users",
                        "the brief counts nobody; 1,000 are assumed",
                        &["brief.scale"],
                    )
                    .assumed("A-SCALE"),
            };
        }
        if self.dau > 0.0 {
            match stated("scale.dau") {
                Some(s) => facts.stated("load.dau", "daily active users", s, "users", "scale"),
                None => facts
                    .computed(
                        "load.dau",
                        "daily active users",
                        self.dau,
                        "users",
                        format!(
                            "{} monthly users × {}{}",
                            number(self.mau),
                            number(self.stickiness),
                            match inputs.at_work && inputs.segment != Segment::Internal {
                                true => ", on working days",
                                false => "",
                            }
                        ),
                        &["load.mau"],
                    )
                    .source(e),
            };
            facts
                .computed(
                    "load.requests_per_user_day",
                    "requests per active user and day",
                    self.per_user_day,
                    "requests",
                    match self.per_user_day > MANY {
                        false => format!(
                            "10 + {} of the capabilities",
                            number(self.per_user_day - 10.0)
                        ),
                        true => {
                            let all = MANY + (self.per_user_day - MANY) * 4.0;
                            format!(
                                "{} + ({} of all capabilities − {}) ÷ 4: nobody uses all of them each day",
                                number(MANY),
                                number(all),
                                number(MANY)
                            )
                        }
                    },
                    &["capabilities"],
                )
                .source(table);
        }
        if self.device_msgs > 0.0 {
            let devices = inputs.get("scale.devices").unwrap_or(0.0);
            let interval = inputs.get("scale.device_interval_s").unwrap_or(1.0);
            let assumed = inputs.has("devices_assumed");
            let each = match (assumed, stated("scale.devices")) {
                (true, Some(s)) => format!(", one for each of “{}”,", s.words),
                _ => String::new(),
            };
            let fact = facts.computed(
                "load.device_msgs_s",
                "messages of devices",
                self.device_msgs,
                "messages/s",
                format!("{} devices{each} ÷ {} s", number(devices), number(interval)),
                &["brief.scale"],
            );
            if assumed {
                fact.assumed("A-SCALE");
            }
        }
        if let Some(items) = self.items {
            let noun = brief
                .nouns
                .get("scale.items_per_s")
                .map_or("item", String::as_str);
            facts.computed(
                "load.create_rps_avg",
                &format!("new {noun} records on average").replace("record records", "records"),
                items,
                "per second",
                format!(
                    "stated: “{}”",
                    stated("scale.items_per_s").map_or("", |s| s.words.as_str())
                ),
                &["brief.scale"],
            );
        }
        if let Some(looks) = stated("scale.looks_per_s") {
            facts.computed(
                "load.look_rps_avg",
                "records that are looked at, on average",
                looks.value,
                "per second",
                format!("stated: “{}”", looks.words),
                &["brief.scale"],
            );
        }
        let user_sum = format!(
            "{} users × {} requests ÷ 86,400 s",
            number(self.dau),
            number(self.per_user_day)
        );
        let avg = match (stated("scale.avg_rps"), stated("scale.peak_rps")) {
            (Some(s), _) if self.device_msgs > 0.0 && !inputs.device_mean => format!(
                "“{}” of people + {} of devices",
                s.words,
                number(self.device_msgs)
            ),
            (Some(s), _) => format!("stated: “{}”", s.words),
            (None, Some(_))
                if inputs.device_rate && self.device_msgs > self.http_peak / self.peak_factor =>
            {
                "the stream of the devices".to_owned()
            }
            (None, Some(_)) if self.device_msgs > 0.0 => format!(
                "{} ÷ {} of people + {} of devices",
                number(self.http_peak),
                number(self.peak_factor),
                number(self.device_msgs)
            ),
            (None, Some(_)) => format!("{} ÷ {}", number(self.http_peak), number(self.peak_factor)),
            (None, None) if self.device_msgs > 0.0 => format!(
                "{} of people + {} of devices",
                number(self.avg - self.device_msgs),
                number(self.device_msgs)
            ),
            (None, None) if self.dau == 0.0 && self.user_avg > self.items.unwrap_or(0.0) => {
                format!(
                    "{} at peak ÷ {}",
                    number(self.user_peak),
                    number(self.peak_factor)
                )
            }
            (None, None)
                if self.items.unwrap_or(0.0) / self.together.max(1.0) * self.visit
                    + inputs.get("scale.looks_per_s").unwrap_or(0.0)
                    > self.user_avg =>
            {
                let said = ["scale.items_per_s", "scale.looks_per_s"]
                    .iter()
                    .filter_map(|key| stated(key))
                    .map(|s| format!("“{}”", s.words))
                    .collect::<Vec<_>>();
                match said.is_empty() {
                    false if self.visit > 1.0 && self.items.is_some() => format!(
                        "the stated {}, {} requests for each that somebody comes for",
                        said.join(" and "),
                        number(self.visit)
                    ),
                    false if self.together > 1.0 => format!(
                        "the stated {}, one request for {} of them",
                        said.join(" and "),
                        number(self.together)
                    ),
                    false => format!("the stated {}, one request for each", said.join(" and ")),
                    true => user_sum.clone(),
                }
            }
            (None, None) => user_sum.clone(),
        };
        facts.computed(
            "load.avg_rps",
            "average load",
            self.avg,
            "requests/s",
            avg,
            &["load.dau", "load.requests_per_user_day", "load.peak_factor"],
        );
        let peak = match stated("scale.peak_rps") {
            Some(s) if self.peak <= self.http_peak => {
                facts.stated("load.peak_rps", "peak load", s, "requests/s", "scale");
                String::new()
            }
            Some(s) if !inputs.device_rate => format!(
                "“{}” of people + {} messages/s × {}",
                s.words,
                number(self.device_msgs),
                number(inputs.constant("device_peak"))
            ),
            Some(s) => format!(
                "devices × {} exceed the stated “{}”",
                number(inputs.constant("device_peak")),
                s.words
            ),
            None if inputs.get("scale.concurrent").is_some()
                && self.user_peak > self.user_avg * self.peak_factor =>
            {
                format!(
                    "{} concurrent users ÷ {} s of thinking (N/(R+Z), R small)",
                    number(inputs.get("scale.concurrent").unwrap_or(0.0)),
                    number(inputs.constant("think_time"))
                )
            }
            None if self.window > 0.0
                && self.device_msgs <= 0.0
                && (self.window - self.http_peak).abs() < 1e-9 =>
            {
                self.why_window(inputs, brief)
            }
            None if self.device_msgs > 0.0 => format!(
                "{} of users + {} messages/s × {}",
                number(self.http_peak),
                number(self.device_msgs),
                number(inputs.constant("device_peak"))
            ),
            None => format!(
                "{} × {}",
                number(self.http_peak / self.peak_factor),
                number(self.peak_factor)
            ),
        };
        if !peak.is_empty() {
            let fact = facts.computed(
                "load.peak_rps",
                "peak load",
                self.peak,
                "requests/s",
                peak,
                &["load.avg_rps", "load.peak_factor", "load.device_msgs_s"],
            );
            fact.source(e);
            if self.assumed {
                fact.assumed("A-SCALE");
            }
        }
        if let Some(implied) = self.implied {
            facts.computed(
                "load.implied_req_per_user_day",
                "requests per active user and day that the stated peak implies",
                implied,
                "requests",
                format!(
                    "{} ÷ {} × 86,400 ÷ {} users",
                    number(inputs.get("scale.peak_rps").unwrap_or(0.0)),
                    number(self.peak_factor),
                    number(self.dau)
                ),
                &["load.peak_rps", "load.peak_factor", "load.dau"],
            );
        }
        let reads = if self.write_heavy {
            "most of the load is a stream of writes"
        } else if inputs.looked_up
            && inputs.get("read_write_ratio").is_none()
            && inputs.numbers.contains_key("scale.peak_rps")
        {
            "what is looked up beyond the requests of people only reads, at most 0.99"
        } else {
            "mean of the capabilities, weighted with their requests"
        };
        facts
            .computed(
                "load.read_fraction",
                "share of reads",
                self.reads,
                "",
                reads,
                &["capabilities"],
            )
            .source(table);
        facts
            .computed(
                "load.cpu_factor",
                "CPU of a request against a plain one",
                self.cpu_factor,
                "",
                "mean of the capabilities, weighted with their requests",
                &["capabilities"],
            )
            .source("capability packs (E)");
    }
}
