//! D09 to D14: cache, storage, database, stream, bandwidth.

use super::load::Load;
use crate::brief::Brief;
use crate::facts::{Facts, number};
use crate::inputs::Inputs;
use groundplan_knowledge::capability::Need;

/// Data and what carries it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Data {
    /// Write and read requests per second at peak.
    pub writes: f64,
    /// See `writes`.
    pub reads: f64,
    /// Read statements per second at peak.
    pub read_queries: f64,
    /// Whether the writes are those of the stated new records.
    pub from_items: bool,
    /// Whether the stated new records alone bring more writes than the share of the load.
    pub counted_writes: bool,
    /// Whether all of the data are rows: their amount was summed from records, no body among them.
    pub only_rows: bool,
    /// Transactions per second that reach the database.
    pub db_writes: f64,
    /// Whether a cache pays.
    pub cache: bool,
    /// Share of reads that it answers.
    pub hit: f64,
    /// GB at launch and GB that come per year.
    pub gb_initial: f64,
    /// See `gb_initial`.
    pub gb_per_year: f64,
    /// GB per year of what devices send, where something else with its own weight comes beside it.
    pub messages_gb: f64,
    /// Factor by which the yearly amount grows.
    pub growth: f64,
    /// GB at the end of year one and three.
    pub gb_year1: f64,
    /// See `gb_year1`.
    pub gb_year3: f64,
    /// Years for which all records are kept, if the brief says so.
    pub kept_years: Option<f64>,
    /// Whether large bodies go to an object store.
    pub objects: bool,
    /// Share of the data that stands in the database.
    pub db_share: f64,
    /// GB in the database after three years.
    pub db_gb_year3: f64,
    /// Bytes of a record.
    pub record: f64,
    /// Primaries now and in year three.
    pub shards: f64,
    /// See `shards`.
    pub shards_year3: f64,
    /// vCPU of a primary.
    pub db_vcpu: f64,
    /// Read replicas over all shards.
    pub replicas: f64,
    /// Partitions of the log; 0 without one.
    pub partitions: f64,
    /// MB per second into the log.
    pub stream_mb_s: f64,
    /// Hours of a full restore.
    pub restore_h: f64,
    /// KB of a response.
    pub response_kb: f64,
    /// Share that a CDN serves.
    pub cdn_share: f64,
    /// GB to the outside per month.
    pub egress_gb: f64,
}

/// GB of rows among so many GB: all, or, where bodies go to an object store, 10 % of the first
/// 10 TB, 2 % up to 1 PB and 0.5 % beyond (estimates). Brackets, so that more data never means
/// fewer rows.
pub fn in_database(gb: f64, objects: bool) -> f64 {
    if !objects {
        return gb;
    }
    let part = |from: f64, to: f64, share: f64| (gb.min(to) - from).max(0.0) * share;
    part(0.0, 1e4, 0.1) + part(1e4, 1e6, 0.02) + part(1e6, f64::INFINITY, 0.005)
}

/// The data that a load leaves behind.
pub fn data(inputs: &Inputs, load: &Load) -> Data {
    let c = |name: &str| inputs.constant(name);
    let mut out = Data {
        writes: load.peak * (1.0 - load.reads),
        reads: load.peak * load.reads,
        ..Data::default()
    };
    if let (Some(items), Some(_)) = (load.items, inputs.get("scale.peak_rps")) {
        // The stated items are the writes; three statements each, and the peak that all load has.
        let devices = if load.device_msgs > 0.0 {
            out.writes
        } else {
            0.0
        };
        let records = items * 3.0 * load.peak_factor;
        out.from_items = records >= devices;
        out.writes = devices.max(records);
    } else if let Some(items) = load.items {
        // Each new record is at least one write.
        out.counted_writes = items * load.peak_factor > out.writes;
        out.writes = out.writes.max(items * load.peak_factor);
    }
    out.read_queries = out.reads * c("queries_per_read");
    let fans = [Need::FanOut, Need::Connections, Need::Edge]
        .iter()
        .any(|n| inputs.needs(*n));
    out.cache = out.read_queries > c("cache_reads") || fans && load.peak > c("fan_out_rps");
    out.hit = if out.cache { c("cache_hit") } else { 0.0 };
    // Behind a log the database sees aggregates: one write for twenty messages.
    let behind_log = if load.streams() { 0.05 } else { 1.0 };
    out.db_writes = out.writes * c("writes_per_write") * behind_log;
    let util = c("db_utilisation");
    let v_w = out.db_writes / c("db_writes_per_vcpu") / util;
    let v_r = out.read_queries * (1.0 - out.hit) / c("db_reads_per_vcpu") / util;
    // What is written most weighs most.
    let rows = || inputs.shares.iter().filter(|s| s.record < 1e5);
    let weight = |s: &&crate::inputs::Share| s.requests.max(0.5) * (1.0 - s.reads).max(0.02);
    let written: f64 = rows().map(|s| weight(&s)).sum();
    let mean = rows().map(|s| weight(&s) * s.record).sum::<f64>() / written.max(1e-9);
    out.record = inputs.get("payload.record_b").unwrap_or_else(|| {
        let all = mean.max(300.0).round();
        // Where most of what comes are messages of devices, a record is one of them.
        let reading = inputs
            .shares
            .iter()
            .find(|s| s.id == "iot")
            .map(|s| s.record);
        reading
            .filter(|_| load.device_msgs > load.http_peak)
            .map_or(all, |r| r.max(100.0))
    });
    // Counted records without a stated amount of data weigh what a record weighs.
    let stock = inputs.stock * out.record * c("row_overhead") / 1e9;
    out.gb_initial = inputs.get("scale.gb_initial").unwrap_or(stock);
    let bodies = inputs.get("scale.object_mb").zip(load.items);
    // Work of a few days makes the data of a few days.
    let days = inputs.get("scale.days_per_year").unwrap_or(365.0) / 365.0;
    let apart = inputs.has("messages_beside");
    let reading = inputs.shares.iter().find(|s| s.id == "iot");
    let reading = reading.map_or(100.0, |s| s.record.max(100.0));
    let message = match inputs.get("payload.record_b") {
        Some(stated) if !apart => stated,
        _ => reading,
    };
    if load.items.is_some() && (bodies.is_some() || apart) {
        let bytes = load.device_msgs * message * c("row_overhead");
        out.messages_gb = bytes * days * 3.1536e7 / 1e9;
    }
    out.gb_per_year = inputs.get("scale.gb_per_year").unwrap_or_else(|| {
        if let Some((mb, items)) = bodies {
            items * days * 3.1536e7 * mb / 1e3 + out.messages_gb
        } else if let Some(items) = load.items.filter(|_| apart) {
            items * days * out.record * c("row_overhead") * 3.1536e7 / 1e9 + out.messages_gb
        } else if inputs.get("scale.gb_initial").is_some() {
            out.gb_initial * c("initial_growth")
        } else {
            let rate = match load.items.filter(|_| out.from_items) {
                Some(items) => items,
                // What is counted is kept, also where most of the load reads.
                None => (load.avg * (1.0 - load.reads)).max(load.items.unwrap_or(0.0)),
            };
            rate * days * out.record * c("row_overhead") * 3.1536e7 / 1e9
        }
    });
    let summed = inputs.get("scale.gb_per_year").is_none()
        && inputs.get("scale.gb_initial").is_none()
        && bodies.is_none();
    out.only_rows = summed && !load.streams();
    out.growth = inputs.get("growth_per_year").unwrap_or(c("growth"));
    out.kept_years = inputs
        .get("constraints.data_retention_months")
        .map(|months| months / 12.0)
        // Where the bodies make up the data, their period is that of the data.
        .or(inputs
            .get("scale.object_kept_years")
            .filter(|_| bodies.is_some()))
        // Where what comes makes up the data, so does its period.
        .or(inputs.get("scale.items_kept_years").filter(|_| summed))
        // A stated amount of what comes in is raw by itself.
        .or(inputs
            .get("scale.raw_kept_years")
            .filter(|_| inputs.get("scale.gb_per_year").is_some())
            .filter(|_| inputs.write_stream || load.stream || inputs.ids.contains("iot")));
    let kept = out.kept_years.unwrap_or(f64::INFINITY);
    out.gb_year1 = out.gb_initial + out.gb_per_year * kept.min(1.0);
    // Of the amounts of three years, the newest first, those of the period are there.
    out.gb_year3 = out.gb_initial
        + (0..3)
            .map(|i| {
                let older = f64::from(2 - i);
                out.gb_per_year * out.growth.powi(i) * (kept - older).clamp(0.0, 1.0)
            })
            .sum::<f64>();
    out.objects = inputs.needs(Need::Objects)
        || out.gb_per_year > 5_000.0 && !out.only_rows
        || load.streams();
    let bodies_too = out.objects && !out.only_rows;
    let db_gb = in_database(out.gb_year1, bodies_too);
    let db_gb3 = in_database(out.gb_year3, bodies_too);
    out.db_share = if out.gb_year1 > 0.0 {
        db_gb / out.gb_year1
    } else {
        1.0
    };
    out.db_gb_year3 = db_gb3;
    let per_shard = c("db_max_vcpu") * 0.66;
    let by_size = |gb: f64| (gb / 1_000.0 / c("db_max_tb")).ceil();
    out.shards = (v_w / per_shard).ceil().max(by_size(db_gb)).max(1.0);
    out.shards_year3 = out.shards.max(by_size(db_gb3));
    let writes = v_w / out.shards;
    let reads = v_r / out.shards;
    let need = writes + reads.min(writes + 8.0);
    let sizes = [2.0, 4.0, 8.0, 16.0, 32.0, 64.0];
    out.db_vcpu = sizes
        .into_iter()
        .find(|s| *s >= need)
        .unwrap_or(c("db_max_vcpu"));
    let spare = out.db_vcpu - writes;
    if reads > spare {
        out.replicas = ((reads - spare) / out.db_vcpu).ceil() * out.shards;
    }
    let message = if out.record < 3_000.0 {
        out.record.max(120.0)
    } else {
        200.0
    };
    let per_s = if load.device_msgs > 0.0 {
        load.device_msgs
    } else {
        out.writes
    };
    out.stream_mb_s = per_s * message / 1e6;
    if load.stream {
        let most = (out.stream_mb_s / c("partition_produce"))
            .max(out.stream_mb_s / c("partition_consume"))
            .max(per_s / c("partition_messages"));
        out.partitions = (2.0 * most.ceil()).max(3.0);
    }
    out.restore_h = db_gb3 / out.shards * 1_000.0 / c("db_restore") / 3_600.0 + 0.5;
    let small = load.device_msgs > load.http_peak || load.write_heavy;
    out.response_kb = inputs.get("payload.response_kb").unwrap_or(if small {
        0.2
    } else if inputs.asks_rules() {
        c("rules_kb")
    } else if inputs.ids.contains("gateway") {
        0.6
    } else {
        c("response_kb")
    });
    out.cdn_share = if inputs.any(&["cms", "media", "orders"]) || inputs.needs(Need::Edge) {
        0.8
    } else {
        0.3
    };
    out.egress_gb = load.avg * out.response_kb * 2.628;
    if inputs.ids.contains("media") {
        out.egress_gb += load.dau * media(inputs) * 30.4;
    }
    if let Some(stated) = inputs.get("scale.egress_gb_month") {
        out.egress_gb = stated;
    }
    out
}

/// Gigabytes that one active user plays a day: speech alone weighs a twenty-fifth of pictures.
fn media(inputs: &Inputs) -> f64 {
    inputs.constant(match inputs.has("audio_only") {
        true => "audio_gb_per_dau_day",
        false => "media_gb_per_dau_day",
    })
}

/// The share of the year in which the work comes, as a factor of a sum in words.
pub(crate) fn few(brief: &Brief) -> String {
    brief
        .numbers
        .get("scale.days_per_year")
        .map_or_else(String::new, |s| {
            format!(" × {} ÷ 365 (“{}”)", number(s.value), s.words)
        })
}

impl Data {
    /// The sum of [`in_database`] in words.
    fn bracket(&self, gb: f64) -> String {
        let gb = number(gb);
        if self.objects && !self.only_rows {
            format!(
                "of {gb} GB: 10 % of the first 10 TB, 2 % up to 1 PB, 0.5 % beyond; the rest are objects"
            )
        } else {
            format!("all of {gb} GB are rows")
        }
    }

    /// What devices send beside it, as a term of a sum.
    fn messages(&self, load: &Load) -> String {
        match self.messages_gb > 0.0 {
            true => format!(
                " + {} GB of {} messages/s of devices",
                number(self.messages_gb),
                number(load.device_msgs)
            ),
            false => String::new(),
        }
    }

    /// GB in the database after year one.
    pub fn db_gb(&self) -> f64 {
        self.gb_year1 * self.db_share
    }

    /// Writes the sums down.
    pub fn facts(&self, inputs: &Inputs, load: &Load, brief: &Brief, facts: &mut Facts) {
        let c = |name: &str| inputs.constant(name);
        let source = |name: &str| {
            let constants = &inputs.tables.performance.constants;
            constants.get(name).map_or(String::new(), |k| {
                format!("{} {} ({}; {})", number(k.value), k.unit, k.source, k.class)
            })
        };
        let f = facts;
        f.computed(
            "db.write_tps",
            "write requests at peak",
            self.writes,
            "requests/s",
            match load.items.filter(|_| self.from_items) {
                Some(items) => format!(
                    "{} new records/s × 3 statements × {} at peak",
                    number(items),
                    number(load.peak_factor)
                ),
                None if self.counted_writes => format!(
                    "{} new records/s × {} at peak",
                    number(load.items.unwrap_or(0.0)),
                    number(load.peak_factor)
                ),
                None if load.items.is_some() && inputs.get("scale.peak_rps").is_some() => {
                    "what the devices send".to_owned()
                }
                None => format!(
                    "{} requests/s × (1 − {})",
                    number(load.peak),
                    number(load.reads)
                ),
            },
            match self.from_items || self.counted_writes {
                true => &["load.create_rps_avg", "load.peak_factor"],
                false => &["load.peak_rps", "load.read_fraction"],
            },
        );
        f.computed(
            "db.read_queries_s",
            "read statements at peak",
            self.read_queries,
            "queries/s",
            format!(
                "{} × {} × {}",
                number(load.peak),
                number(load.reads),
                number(c("queries_per_read"))
            ),
            &["load.peak_rps", "load.read_fraction"],
        )
        .source(source("queries_per_read"));
        f.computed(
            "db.transactions_s",
            "transactions that reach the database",
            self.db_writes,
            "transactions/s",
            if load.streams() {
                format!(
                    "{} × {} ÷ 20: the log hands aggregates on",
                    number(self.writes),
                    number(c("writes_per_write"))
                )
            } else {
                format!(
                    "{} × {}",
                    number(self.writes),
                    number(c("writes_per_write"))
                )
            },
            &["db.write_tps"],
        )
        .source(source("writes_per_write"));
        f.computed(
            "cache.hit_target",
            "share of reads that the cache answers",
            self.hit,
            "",
            if self.cache { "target" } else { "no cache" },
            &["cache"],
        )
        .source(source("cache_hit"));
        if self.cache {
            let keys = 1e6;
            let share = self.hit.powf(5.0);
            f.computed("cache.key_share", "share of keys that the cache must hold", share, "", format!("{}^(1 ÷ (1 − 0.8)): top keys under Zipf with exponent 0.8; for 0.9 it would be {}", number(self.hit), number(0.9_f64.powf(5.0))), &["cache.hit_target"]).source("Breslau et al. 1999 (Zipf); Che et al. 2002");
            f.computed(
                "cache.gb",
                "size of the cache per million records",
                keys * share * self.record * 2.0 / 1e9,
                "GB",
                format!(
                    "1,000,000 × {} × {} B × 2",
                    number(share),
                    number(self.record)
                ),
                &["cache.key_share", "data.record_b"],
            );
        }
        f.computed(
            "data.record_b",
            "size of a record",
            self.record,
            "B",
            if load.device_msgs > load.http_peak && inputs.ids.contains("iot") {
                "a reading of a device"
            } else {
                "mean row of the capabilities, weighted with what is written, objects left out"
            },
            &["capabilities"],
        )
        .source("capability packs (E)");
        match brief.numbers.get("scale.gb_initial") {
            Some(s) => f.stated("data.gb_initial", "data at launch", s, "GB", "scale"),
            None => f.computed(
                "data.gb_initial",
                "data at launch",
                self.gb_initial,
                "GB",
                if inputs.stock > 0.0 {
                    format!(
                        "{} counted records × {} B × {}",
                        number(inputs.stock),
                        number(self.record),
                        number(c("row_overhead"))
                    )
                } else {
                    "the brief names no stock".to_owned()
                },
                &["brief.scale"],
            ),
        };
        match brief.numbers.get("scale.gb_per_year") {
            Some(s) => f.stated(
                "data.gb_per_year",
                "data that comes per year",
                s,
                "GB",
                "scale",
            ),
            None if inputs.has("messages_beside") && load.items.is_some() && self.only_rows => f
                .computed(
                    "data.gb_per_year",
                    "data that comes per year",
                    self.gb_per_year,
                    "GB",
                    format!(
                        "{} new records/s × {} B × {} × 31,536,000 s{}{}",
                        number(load.items.unwrap_or(0.0)),
                        number(self.record),
                        number(c("row_overhead")),
                        few(brief),
                        self.messages(load)
                    ),
                    &["load.create_rps_avg", "data.record_b", "load.device_msgs_s"],
                )
                .source(source("row_overhead")),
            None if inputs.get("scale.object_mb").is_some() && load.items.is_some() => {
                let (mb, items) = (
                    inputs.get("scale.object_mb").unwrap_or(0.0),
                    load.items.unwrap_or(0.0),
                );
                let words = brief.numbers.get("scale.object_mb");
                let noun = |key: &str| brief.nouns.get(key).map_or("", String::as_str);
                f.computed(
                    "data.gb_per_year",
                    "data that comes per year",
                    self.gb_per_year,
                    "GB",
                    format!(
                        "{} new {} a year × {} MB (“{}”){}{}",
                        number((items * 3.1536e7).round()),
                        crate::blueprint::plural(noun("scale.items_per_s")),
                        number(mb),
                        words.map_or("", |s| s.words.as_str()),
                        match (noun("scale.items_per_s"), noun("scale.object_mb")) {
                            _ if brief.numbers.contains_key("scale.days_per_year") => few(brief),
                            (item, body) if item == body || body.is_empty() => String::new(),
                            (item, body) => format!(", if each {item} brings one {body}"),
                        },
                        self.messages(load)
                    ),
                    &["load.create_rps_avg", "brief.scale"],
                )
            }
            None if brief.numbers.contains_key("scale.gb_initial") => f
                .computed(
                    "data.gb_per_year",
                    "data that comes per year",
                    self.gb_per_year,
                    "GB",
                    format!(
                        "{} GB × {}",
                        number(self.gb_initial),
                        number(c("initial_growth"))
                    ),
                    &["data.gb_initial"],
                )
                .source(source("initial_growth")),
            None => f
                .computed(
                    "data.gb_per_year",
                    "data that comes per year",
                    self.gb_per_year,
                    "GB",
                    format!(
                        "{} × {} B × {} × 31,536,000 s{}",
                        match load.items.filter(|items| {
                            self.from_items || *items > load.avg * (1.0 - load.reads)
                        }) {
                            Some(items) => format!("{} new records/s", number(items)),
                            None => format!(
                                "{} requests/s × (1 − {})",
                                number(load.avg),
                                number(load.reads)
                            ),
                        },
                        number(self.record),
                        number(c("row_overhead")),
                        few(brief)
                    ),
                    &["load.avg_rps", "load.read_fraction", "data.record_b"],
                )
                .source(source("row_overhead")),
        };
        f.computed(
            "data.growth",
            "growth of the yearly amount",
            self.growth,
            "per year",
            if inputs.get("growth_per_year").is_some() {
                "stated"
            } else {
                "assumed"
            },
            &["brief.growth_per_year"],
        )
        .source(source("growth"));
        f.computed(
            "data.gb_year1",
            "data after one year",
            self.gb_year1,
            "GB",
            match self.kept_years.filter(|years| *years < 1.0) {
                Some(years) => format!(
                    "{} + {} × {} days ÷ 365, since no more is kept",
                    number(self.gb_initial),
                    number(self.gb_per_year),
                    number((years * 365.0).round())
                ),
                None => format!("{} + {}", number(self.gb_initial), number(self.gb_per_year)),
            },
            &["data.gb_initial", "data.gb_per_year"],
        );
        f.computed(
            "data.gb_year3",
            "data after three years",
            self.gb_year3,
            "GB",
            match self.kept_years.filter(|years| *years < 3.0) {
                Some(years) => format!(
                    "{} + what came in the last {} months of three years, {} in the first and {} times as much in each later one",
                    number(self.gb_initial),
                    number((years * 12.0).round()),
                    number(self.gb_per_year),
                    number(self.growth)
                ),
                None => format!(
                    "{} + {} × (1 + {g} + {g}²)",
                    number(self.gb_initial),
                    number(self.gb_per_year),
                    g = number(self.growth)
                ),
            },
            &["data.gb_initial", "data.gb_per_year", "data.growth"],
        );
        f.computed(
            "db.share",
            "share of the data in the database",
            self.db_share,
            "",
            if self.objects && !self.only_rows {
                "the rest are objects"
            } else if self.objects {
                "all of it are rows; the brief says nothing of the size of a body, and none is in the sum"
            } else {
                "all of it are rows"
            },
            &["object_store", "data.gb_per_year"],
        )
        .source(
            "10 % of the first 10 TB, 2 % up to 1 PB, 0.5 % beyond, where bodies are objects (E)",
        );
        f.computed(
            "db.gb_year1",
            "data in the database after one year",
            self.db_gb(),
            "GB",
            self.bracket(self.gb_year1),
            &["data.gb_year1", "db.share"],
        );
        f.computed(
            "db.gb_year3",
            "data in the database after three years",
            self.db_gb_year3,
            "GB",
            self.bracket(self.gb_year3),
            &["data.gb_year3", "db.share"],
        );
        f.computed("db.shards", "primaries at launch", self.shards, "primaries", format!("the larger of writes ({} transactions/s ÷ {} per vCPU ÷ {} ÷ 63 vCPU) and size ({} GB ÷ 16 TB)", number(self.db_writes), number(c("db_writes_per_vcpu")), number(c("db_utilisation")), number(self.db_gb())), &["db.transactions_s", "db.gb_year1"]).source(source("db_writes_per_vcpu"));
        f.computed(
            "db.shards_year3",
            "primaries in year three",
            self.shards_year3,
            "primaries",
            format!(
                "{} GB ÷ 16 TB, at least as many as at launch",
                number(self.db_gb_year3)
            ),
            &["db.shards", "db.gb_year3"],
        );
        f.computed(
            "db.vcpu",
            "size of a primary",
            self.db_vcpu,
            "vCPU",
            "next size of 2, 4, 8, 16, 32, 64, 96 above writes and up to as many reads",
            &["db.transactions_s", "db.read_queries_s", "db.shards"],
        )
        .source(source("db_reads_per_vcpu"));
        f.computed(
            "db.replicas",
            "read replicas",
            self.replicas,
            "replicas",
            "read vCPU above what the primaries have to spare",
            &["db.read_queries_s", "db.vcpu"],
        );
        f.computed(
            "db.pool_total",
            "active connections of a primary at most",
            self.db_vcpu * 2.0 + 1.0,
            "connections",
            format!("{} cores × 2 + 1", number(self.db_vcpu)),
            &["db.vcpu"],
        )
        .source("PostgreSQL wiki and HikariCP, About Pool Sizing (S)");
        f.computed(
            "stream.partitions",
            "partitions of the log",
            self.partitions,
            "partitions",
            if load.stream {
                format!(
                    "2 × the larger of {mb} MB/s ÷ {}, {mb} MB/s ÷ {} and messages/s ÷ {}",
                    number(c("partition_produce")),
                    number(c("partition_consume")),
                    number(c("partition_messages")),
                    mb = number(self.stream_mb_s)
                )
            } else {
                "no log".to_owned()
            },
            &["load.device_msgs_s", "db.write_tps"],
        )
        .source("max(T/p, T/c), Cloudera sizing of Kafka (S); throughputs (E)");
        f.computed(
            "data.restore_h",
            "hours of a full restore",
            self.restore_h,
            "h",
            format!(
                "{} GB per primary ÷ {} MB/s + 0.5 h",
                number(self.db_gb_year3 / self.shards),
                number(c("db_restore"))
            ),
            &["db.gb_year3", "db.shards"],
        )
        .source(source("db_restore"));
        f.computed(
            "network.response_kb",
            "size of a response",
            self.response_kb,
            "KB",
            "by the kind of request",
            &["capabilities"],
        )
        .source(source(match inputs.asks_rules() {
            true => "rules_kb",
            false => "response_kb",
        }));
        f.computed(
            "network.peak_mbit_s",
            "bandwidth at peak",
            load.peak * self.response_kb * 8.0 / 1_000.0,
            "Mbit/s",
            format!(
                "{} × {} KB × 8 ÷ 1,000",
                number(load.peak),
                number(self.response_kb)
            ),
            &["load.peak_rps", "network.response_kb"],
        );
        f.computed(
            "cdn.egress_gb_month",
            "data to the outside",
            self.egress_gb,
            "GB/month",
            if let Some(s) = brief.numbers.get("scale.egress_gb_month") {
                format!("stated: “{}”", s.words)
            } else if inputs.ids.contains("media") {
                format!(
                    "{} × {} KB × 2.628, and {} viewers × {} GB × 30.4 days",
                    number(load.avg),
                    number(self.response_kb),
                    number(load.dau),
                    number(media(inputs))
                )
            } else {
                format!(
                    "{} requests/s × {} KB × 2.628",
                    number(load.avg),
                    number(self.response_kb)
                )
            },
            &["load.avg_rps", "network.response_kb"],
        );
        f.computed(
            "cdn.share",
            "share that a CDN serves",
            self.cdn_share,
            "",
            "0.8 with pages or media, else 0.3",
            &["capabilities"],
        )
        .source("estimate E");
    }
}
