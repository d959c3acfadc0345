//! How often things send that are counted elsewhere: `6,500 bikes` of which the purpose says that
//! each reports every 20 s while riding and every 10 min when parked.

use super::extract::Reader;
use super::grammar::Quantity;
use super::token::{Token, singular};
use super::{Field, Stated};

/// Verbs of what sends by itself.
const SENDS: [&str; 15] = [
    "send",
    "sending",
    "sent",
    "report",
    "reporting",
    "transmit",
    "transmitting",
    "upload",
    "emit",
    "ping",
    "push",
    "deliver",
    "broadcast",
    "post",
    "stream",
];

/// Nouns that have a body of their own, however small it is; others are rows.
const BODIES: [&str; 30] = [
    "",
    "photo",
    "picture",
    "image",
    "scan",
    "video",
    "clip",
    "file",
    "document",
    "pdf",
    "attachment",
    "recording",
    "audio",
    "song",
    "episode",
    "map",
    "tile",
    "drawing",
    "design",
    "page",
    "book",
    "paper",
    "upload",
    "body",
    "object",
    "archive",
    "backup",
    "thumbnail",
    "screenshot",
    "letter",
];

/// Whether a noun stands for a file rather than a row.
pub(super) fn is_body(noun: &str) -> bool {
    BODIES.contains(&noun)
}

/// Whether an amount of data in front of a word is what a run takes or leaves, and lies nowhere yet.
pub(super) fn of_a_run(word: &str) -> bool {
    matches!(
        word,
        "output" | "outputs" | "ram" | "memory" | "vram" | "heap"
    )
}

/// An interval of a text, and in which state of the thing it holds.
struct Beat {
    seconds: f64,
    state: Option<String>,
    next: usize,
}

/// Words of what is sent, and how.
const SENT: [&str; 14] = [
    "telemetry",
    "gps",
    "position",
    "reading",
    "measurement",
    "measure",
    "signal",
    "sensor",
    "monitor",
    "monitoring",
    "track",
    "tracker",
    "status",
    "message",
];

impl Reader<'_> {
    /// Whether a noun that may be a device sends something: what senses does, the rest where the brief
    /// speaks of sending.
    pub(super) fn sends(&self, noun: &str) -> bool {
        if self.vocabulary.sensing.iter().any(|s| s == noun) {
            return true;
        }
        if self.acts(noun) {
            return false;
        }
        let fields = [Field::Purpose, Field::Scale, Field::Constraints];
        fields.into_iter().any(|field| {
            let all = super::tokens(self.brief.text(field));
            // In one sentence with it, or of the whole system.
            let mut sentences = all.split(|t| ['.', ';', '\n'].iter().any(|c| t.is(*c)));
            sentences.any(|sentence| {
                let words = || sentence.iter().map(|t| super::story::single(t.word()));
                let of_it = words().any(|w| w == noun);
                let sent = |w: &String| SENT.contains(&w.as_str());
                let sends = |w: &String| sent(w) || SENDS.contains(&w.as_str());
                let plain =
                    |w: &String| matches!(w.as_str(), "telemetry" | "gps" | "sensor" | "tracker");
                of_it && words().any(|w| sends(&w)) || words().any(|w| plain(&w))
            })
        })
    }

    /// Whether a noun is the name of a job, and somebody of the story has it.
    pub(super) fn acts(&self, noun: &str) -> bool {
        let job = self.vocabulary.jobs.iter().any(|j| j == noun);
        job && super::story::story(&self.brief)
            .iter()
            .filter_map(|d| d.who.as_deref())
            .any(|who| who == noun || who.ends_with(&format!(" {noun}")))
    }

    /// Finds the interval of things whose count stands elsewhere, and gives the bytes of the scale
    /// that it has read.
    pub(super) fn rhythms(&mut self) -> Vec<(usize, usize)> {
        if self.brief.numbers.contains_key("scale.device_interval_s") {
            return Vec::new();
        }
        for field in [Field::Scale, Field::Purpose] {
            let text = self.brief.text(field).to_owned();
            let tokens = super::tokens(&text);
            let found = (0..tokens.len()).find_map(|i| self.rhythm(&tokens, i));
            if let Some((noun, count, beats, last)) = found {
                return self.beat(field, &tokens, (noun, count), &beats, last);
            }
        }
        self.one_each()
    }

    /// `Base units send a heartbeat every 15 minutes` of which nobody says how many there are: one for
    /// each of the only people that the scale counts, which is asked.
    fn one_each(&mut self) -> Vec<(usize, usize)> {
        /// Fewer are staff, and sit beside other things.
        const CROWD: f64 = 200.0;
        /// Who has one machine of their own, and what such machines are called.
        const OWNERS: [&str; 9] = [
            "client",
            "patient",
            "household",
            "resident",
            "tenant",
            "customer",
            "subscriber",
            "member",
            "family",
        ];
        const OWN: [&str; 7] = [
            "unit",
            "meter",
            "wearable",
            "pendant",
            "thermostat",
            "tracker",
            "collar",
        ];
        let known = self.brief.numbers.contains_key("scale.devices");
        let people = self.brief.numbers.get("scale.mau").cloned();
        let Some(people) = people.filter(|p| !known && p.value >= CROWD) else {
            return Vec::new();
        };
        let text = self.brief.text(Field::Scale).to_owned();
        let all = super::tokens(&text);
        let found = self.grammar(&all).quantities();
        let crowd = found.iter().find_map(|f| match &f.quantity {
            Quantity::Users { number, noun, .. }
                if *number * 2.0 > people.value && OWNERS.contains(&noun.as_str()) =>
            {
                Some((*number, f.start, f.end))
            }
            _ => None,
        });
        let Some((number, start, end)) = crowd else {
            return Vec::new();
        };
        let text = self.brief.text(Field::Purpose).to_owned();
        let tokens = super::tokens(&text);
        let word = |k: usize| tokens.get(k).map_or("", Token::word);
        // The machine stands right before its verb: `wearables send`, `each base unit reports`.
        let machine = |i: usize| {
            let first = self.one_beat(&tokens, i)?;
            let verb = (i.saturating_sub(6)..i)
                .rev()
                .find(|k| SENDS.contains(&singular(word(*k))))?;
            let head = super::story::single(word(verb.checked_sub(1)?));
            let device = OWN.contains(&head.as_str());
            let slow = (10.0..=21_600.0).contains(&first.seconds);
            (device && slow && self.count_of(&head).is_none()).then_some((head, first))
        };
        let Some((head, first)) = (0..tokens.len()).find_map(machine) else {
            return Vec::new();
        };
        let count = self.stated(Field::Scale, number, start, end);
        self.brief.traits.insert("devices_assumed".to_owned());
        let last = first.next;
        self.beat(Field::Purpose, &tokens, (head, count), &[first], last)
    }

    /// The thing of which the interval at `i` speaks, with its count.
    fn rhythm(
        &self,
        tokens: &[Token],
        i: usize,
    ) -> Option<(String, Stated<f64>, Vec<Beat>, usize)> {
        let word = |k: usize| tokens.get(k).map_or("", Token::word);
        let first = self.one_beat(tokens, i)?;
        let ends = |k: usize| {
            tokens
                .get(k)
                .is_none_or(|t| ['.', ';', '\n'].iter().any(|c| t.is(*c)))
        };
        let start = (0..i).rev().find(|k| ends(*k)).map_or(0, |k| k + 1);
        // `one status message per door every 30 s`
        let per = word(i.wrapping_sub(2)) == "per" && i > start + 2;
        let owner = super::story::single(word(i.wrapping_sub(1)));
        let count = self.count_of(&owner).filter(|_| per);
        if let Some(count) = count.filter(|_| !self.grammar(tokens).is_person(&owner)) {
            let last = first.next;
            return Some((owner, count, vec![first], last));
        }
        let verb = (start.max(i.saturating_sub(9))..i)
            .rev()
            .find(|k| SENDS.contains(&singular(word(*k))))?;
        let (noun, count) = (start..verb).rev().take(9).find_map(|k| {
            let noun = super::story::single(word(k));
            // `forklifts in cold stores report`: the stores only say where.
            let beside = (k.saturating_sub(3)..k)
                .filter(|b| *b >= start)
                .any(|b| super::story::links(word(b)));
            let plain = noun.len() > 2 && !beside && !self.grammar(tokens).is_person(&noun);
            let count = self.count_of(&noun).filter(|_| plain)?;
            Some((noun, count))
        })?;
        let mut last = first.next;
        let mut beats = vec![first];
        // `and every 10 min when parked`
        let more = (last..last + 5).take_while(|k| !ends(*k));
        if let Some(next) = more.into_iter().find_map(|k| self.one_beat(tokens, k)) {
            last = next.next;
            beats.push(next);
        }
        beats.retain(|b| (0.001..=21_600.0).contains(&b.seconds));
        (!beats.is_empty()).then_some((noun, count, beats, last))
    }

    /// `every 20 s while riding`, `once a minute` at a token.
    fn one_beat(&self, tokens: &[Token], i: usize) -> Option<Beat> {
        let word = |k: usize| tokens.get(k).map_or("", Token::word);
        if !matches!(word(i), "every" | "once") {
            return None;
        }
        let (seconds, mut next) = self.grammar(tokens).interval(i)?;
        let mut state = None;
        if matches!(word(next), "while" | "when" | "if") && word(next + 1).len() > 2 {
            state = Some(word(next + 1).to_owned());
            next += 2;
        }
        Some(Beat {
            seconds,
            state,
            next,
        })
    }

    /// How many of a thing the brief counts.
    fn count_of(&self, noun: &str) -> Option<Stated<f64>> {
        let numbers = &self.brief.numbers;
        let devices = self
            .brief
            .nouns
            .get("scale.devices")
            .is_some_and(|n| n == noun);
        if devices {
            return numbers.get("scale.devices").cloned();
        }
        if let Some(stock) = self.brief.stocks.get(noun) {
            return Some(stock.clone());
        }
        let text = self.brief.text(Field::Purpose);
        let tokens = super::tokens(text);
        let all = self.grammar(&tokens).quantities();
        all.iter().find_map(|f| {
            let value = match &f.quantity {
                Quantity::Devices { .. } | Quantity::Stock { .. } => {
                    super::fields::counted(&f.quantity, noun)
                }
                _ => None,
            };
            value.map(|value| Stated {
                value,
                words: self.words(Field::Purpose, f.start, f.end),
                place: self.place(Field::Purpose, f.start, f.end),
            })
        })
    }

    /// Notes devices with their interval. Of two states the share of the scale decides (`12% of them
    /// riding`); where none is stated, all are taken to send as often as they can.
    fn beat(
        &mut self,
        field: Field,
        tokens: &[Token],
        (noun, count): (String, Stated<f64>),
        beats: &[Beat],
        last: usize,
    ) -> Vec<(usize, usize)> {
        let mut read = Vec::new();
        let fastest = beats
            .iter()
            .map(|b| b.seconds)
            .fold(f64::INFINITY, f64::min);
        let mut seconds = fastest;
        let mut share_words = String::new();
        if let [one, two] = beats
            && let Some((share, of, span)) = self.share_of(beats)
        {
            let (busy, idle) = match of {
                0 => (one, two),
                _ => (two, one),
            };
            seconds = 1.0 / (share / busy.seconds + (1.0 - share) / idle.seconds);
            share_words = format!("; {}", self.words(Field::Scale, span.0, span.1));
            read.push(span);
        }
        // From the verb to the end of the last interval.
        let at = tokens
            .iter()
            .position(|t| super::story::single(t.word()) == noun)
            .unwrap_or(0);
        let start = tokens.get(at).map_or(0, |t| t.start);
        let end = tokens
            .get(last.max(1) - 1)
            .map_or(start, |t| t.end.max(start));
        let said = Stated {
            value: seconds,
            words: format!("{}{share_words}", self.words(field, start, end)),
            place: self.place(field, start, end),
        };
        self.brief.stocks.remove(&noun);
        let numbers = &mut self.brief.numbers;
        // What is counted with a weight of its own is something else than these messages.
        if numbers.contains_key("payload.record_b") && numbers.contains_key("scale.items_per_s") {
            self.brief.traits.insert("messages_beside".to_owned());
        }
        // The whole interval was read, and nothing of it is left to ask.
        if field == Field::Scale {
            read.push((start, end));
        }
        numbers.insert("scale.devices", count);
        numbers.insert("scale.device_interval_s", said);
        self.brief.nouns.insert("scale.devices", noun);
        read
    }

    /// `12% of them riding at peak`: the share, the index of its state, and its bytes in the scale.
    fn share_of(&self, beats: &[Beat]) -> Option<(f64, usize, (usize, usize))> {
        let text = self.brief.text(Field::Scale);
        let tokens = super::tokens(text);
        let found = self.grammar(&tokens).quantities();
        found.iter().find_map(|f| {
            let Quantity::Percent(p) = f.quantity else {
                return None;
            };
            let behind = tokens.get(f.next..).unwrap_or_default().iter();
            let near: Vec<&str> = behind
                .take_while(|t| !t.ends_clause())
                .take(6)
                .map(Token::word)
                .collect();
            // `riding`, `ridden`, `ride`: the first letters say it.
            let same = |state: &str| {
                let stem: String = state.chars().take(3).collect();
                near.iter().any(|w| w.starts_with(&stem))
            };
            let of = beats
                .iter()
                .position(|b| b.state.as_deref().is_some_and(same))?;
            (p > 0.0 && p <= 100.0).then_some((p / 100.0, of, (f.start, f.end)))
        })
    }

    /// `1,900 benches, a harness every 3 min, a result is 80 kB`: what devices send in a year, where
    /// each message brings a body.
    pub(super) fn bodies_sent(&mut self) {
        let numbers = &self.brief.numbers;
        let has = |key: &str| numbers.contains_key(key);
        let (Some(devices), Some(interval), Some(body)) = (
            numbers.get("scale.devices"),
            numbers.get("scale.device_interval_s"),
            numbers.get("scale.object_mb"),
        ) else {
            return;
        };
        if has("scale.items_per_s") || has("scale.gb_per_year") || interval.value <= 0.0 {
            return;
        }
        let hours = numbers.get("scale.busy_hours");
        let part = hours.map_or(1.0, |h| (h.value / 24.0).clamp(0.0, 1.0));
        let gb = devices.value / interval.value * part * 31_536_000.0 * body.value / 1e3;
        let mut words = vec![interval.words.clone()];
        words.extend(hours.map(|h| h.words.clone()));
        words.push(body.words.clone());
        let sum = Stated {
            value: gb.round(),
            words: words.join("” × “"),
            place: interval.place.clone(),
        };
        self.brief.numbers.insert("scale.gb_per_year", sum);
    }

    /// `growing 60% a year`: by how much the data of the next year is more.
    pub(super) fn growth(&mut self, percent: f64, (start, end): (usize, usize)) -> bool {
        let text = self.brief.text(Field::Scale);
        let before = text.get(..start).unwrap_or_default().to_lowercase();
        let behind = text.get(end..).unwrap_or_default().to_lowercase();
        let clause = before
            .rsplit([',', ';', '.', '\n'])
            .next()
            .unwrap_or_default();
        let rest = behind
            .split([',', ';', '.', '\n'])
            .next()
            .unwrap_or_default();
        let says = |text: &str, all: &[&str]| {
            let words = super::tokens(text);
            words.iter().any(|t| all.contains(&t.word()))
        };
        const GROWS: [&str; 9] = [
            "grow",
            "grows",
            "growing",
            "growth",
            "grew",
            "increase",
            "increases",
            "rise",
            "rising",
        ];
        let grows = says(clause, &GROWS) || says(rest, &["growth", "more", "increase"]);
        let yearly = [
            "a year",
            "per year",
            "yearly",
            "/year",
            "annual",
            "/yr",
            "p.a",
            "every year",
            "year over year",
        ];
        if !grows || !yearly.iter().any(|y| rest.contains(y)) {
            return false;
        }
        let said = Stated {
            value: 1.0 + percent / 100.0,
            words: self.words(Field::Scale, start, end),
            place: self.place(Field::Scale, start, end),
        };
        self.brief.numbers.entry("growth_per_year").or_insert(said);
        true
    }
}
