//! The events: arrivals, queues, services, retries, and what fails on the way.

use super::plan::{Hop, Plan, Profile, Service, Station};
use super::random::Random;
use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

/// Nanoseconds of a second.
const SECOND: f64 = 1e9;
/// A request is given up after so many attempts at a station that does not answer.
const ATTEMPTS: u8 = 3;
/// Mean pause before an attempt: full jitter up to twice this, in seconds.
const PAUSE: f64 = 0.1;
/// Attempts may be at most this share of the requests so far.
const RETRY_BUDGET: f64 = 0.10;
/// Failures in a row that open the circuit of a station, and how long it stays open, in seconds.
const BREAKER: (u32, f64) = (20, 5.0);

/// What a run needs besides the plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Requests to generate.
    pub requests: u32,
    /// Seed of all streams.
    pub seed: u64,
}

/// What became of the requests.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outcome {
    /// Requests that arrived.
    pub generated: u64,
    /// Requests that were answered.
    pub completed: u64,
    /// Requests that a full queue turned away.
    pub rejected: u64,
    /// Requests that were given up: a timeout, or a station that did not answer.
    pub failed: u64,
    /// Requests that were still on their way when the last one had arrived.
    pub in_flight: u64,
    /// Attempts beyond the first.
    pub retries: u64,
    /// Answer times in ns by class, in the order of arrival of the end; the first tenth of the
    /// requests warms up and is left out.
    pub times: Vec<Vec<u64>>,
    /// By class: requests that were rejected or failed after the warm-up.
    pub lost: Vec<u64>,
    /// By station: share of the slots that were busy; 0 for stations without queue.
    pub busy: Vec<f64>,
    /// By station: the longest queue.
    pub longest: Vec<usize>,
    /// Simulated seconds.
    pub seconds: f64,
}

impl Outcome {
    /// Whether every request is accounted for.
    pub fn is_conserved(&self) -> bool {
        self.generated == self.completed + self.rejected + self.failed + self.in_flight
    }
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum What {
    Arrive,
    /// A request reaches its next hop.
    Enter(u32),
    /// A station has served a request.
    Served(u32),
    /// Slots of a station come back.
    Restored(u32),
}

#[derive(Clone, Copy)]
struct Request {
    class: u32,
    hop: u32,
    attempts: u8,
    /// Whether chance has sent it to this hop already: another attempt is not another chance.
    decided: bool,
    warm: bool,
    start: u64,
    queued: u64,
}

struct State {
    free: i64,
    queue: VecDeque<u32>,
    busy_ns: u128,
    longest: usize,
    failures: u32,
    open_until: u64,
}

struct Engine<'p> {
    plan: &'p Plan,
    heap: BinaryHeap<Reverse<(u64, u64, What)>>,
    sequence: u64,
    streams: Vec<Random>,
    arrivals: Random,
    choice: Random,
    states: Vec<State>,
    requests: Vec<Request>,
    idle: Vec<u32>,
    out: Outcome,
    /// When the disturbance begins and ends, ns.
    window: (u64, u64),
}

/// Runs a plan until its last request has arrived; what is on its way then is counted as such.
pub fn run(plan: &Plan, settings: Settings) -> Outcome {
    let seed = settings.seed;
    let stations = plan.stations.len();
    let expected = f64::from(settings.requests) / plan.rate.max(1e-9);
    let from = (expected * 0.4).min(120.0);
    let window = (
        (from * SECOND) as u64,
        ((from + plan.disturbance_s.min(expected * 0.3)) * SECOND) as u64,
    );
    let mut engine = Engine {
        plan,
        heap: BinaryHeap::new(),
        sequence: 0,
        streams: plan
            .stations
            .iter()
            .map(|s| Random::new(seed, &s.name))
            .collect(),
        arrivals: Random::new(seed, "arrivals"),
        choice: Random::new(seed, "choice"),
        states: plan
            .stations
            .iter()
            .map(|s| State {
                free: i64::from(s.slots.unwrap_or(0)),
                queue: VecDeque::new(),
                busy_ns: 0,
                longest: 0,
                failures: 0,
                open_until: 0,
            })
            .collect(),
        requests: Vec::new(),
        idle: Vec::new(),
        out: Outcome {
            times: vec![Vec::new(); plan.classes.len()],
            lost: vec![0; plan.classes.len()],
            ..Outcome::default()
        },
        window,
    };
    if plan.classes.is_empty() || plan.rate <= 0.0 {
        return engine.out;
    }
    engine.disturb();
    engine.push(0, What::Arrive);
    let mut last = 0;
    while let Some(Reverse((now, _, what))) = engine.heap.pop() {
        if what == What::Arrive {
            if engine.out.generated >= u64::from(settings.requests) {
                // What is on its way is counted as such, so that the end is no quiet hour.
                break;
            }
            engine.arrive(now, settings.requests);
        } else {
            engine.go(now, what);
        }
        last = now;
    }
    let total = last.max(1) as f64;
    engine.out.in_flight = (engine.requests.len() - engine.idle.len()) as u64;
    for at in 0..stations {
        let (Some(state), Some(station)) = (engine.states.get(at), plan.stations.get(at)) else {
            continue;
        };
        let slots = f64::from(station.slots.unwrap_or(0));
        let busy = if slots > 0.0 {
            state.busy_ns as f64 / total / slots
        } else {
            0.0
        };
        engine.out.busy.push(busy);
        engine.out.longest.push(state.longest);
    }
    engine.out.seconds = total / SECOND;
    engine.out
}

impl Engine<'_> {
    fn push(&mut self, at: u64, what: What) {
        self.sequence += 1;
        self.heap.push(Reverse((at, self.sequence, what)));
    }

    /// Plans the end of the disturbance, when stations that lost slots look at their queues again.
    /// Its beginning is no event: who is being served then is served to the end.
    fn disturb(&mut self) {
        for (at, station) in self.plan.stations.iter().enumerate() {
            if station.lost_slots > 0 {
                self.push(self.window.1, What::Restored(at as u32));
            }
        }
    }

    fn disturbed(&self, now: u64) -> bool {
        now >= self.window.0 && now < self.window.1
    }

    /// Slots that the disturbance keeps.
    fn withheld(&self, station: &Station, now: u64) -> i64 {
        if self.disturbed(now) {
            i64::from(station.lost_slots)
        } else {
            0
        }
    }

    fn arrive(&mut self, now: u64, all: u32) {
        let share = self.choice.uniform() * self.plan.total_share();
        let mut sum = 0.0;
        let mut class = 0;
        for (at, c) in self.plan.classes.iter().enumerate() {
            class = at as u32;
            sum += c.share;
            if share < sum {
                break;
            }
        }
        let warm = self.out.generated >= u64::from(all / 10);
        self.out.generated += 1;
        let request = Request {
            class,
            hop: 0,
            attempts: 0,
            decided: false,
            warm,
            start: now,
            queued: 0,
        };
        let id = match self.idle.pop() {
            Some(id) => {
                if let Some(place) = self.requests.get_mut(id as usize) {
                    *place = request;
                }
                id
            }
            None => {
                self.requests.push(request);
                (self.requests.len() - 1) as u32
            }
        };
        self.enter(now, id);
        // Thinning (Lewis and Shedler 1979): candidates at the highest rate, kept at the rate of now.
        let mut next = now;
        loop {
            let gap = self.arrivals.exponential(1.0 / self.plan.rate) * SECOND;
            next = next.saturating_add(gap.max(1.0) as u64);
            if self.plan.profile == Profile::Peak
                || self.arrivals.uniform() < self.plan.level(next as f64 / SECOND)
            {
                break;
            }
        }
        self.push(next, What::Arrive);
    }

    fn go(&mut self, now: u64, what: What) {
        match what {
            What::Arrive => {}
            What::Enter(id) => self.enter(now, id),
            What::Served(id) => self.served(now, id),
            What::Restored(at) => self.serve_waiting(now, at as usize),
        }
    }

    /// Moves a request on until it must wait for an event.
    fn enter(&mut self, now: u64, id: u32) {
        let plan = self.plan;
        let mut time = now;
        loop {
            let Some(request) = self.requests.get(id as usize).copied() else {
                return;
            };
            let class = plan.classes.get(request.class as usize);
            let Some(hop) = class.and_then(|c| c.hops.get(request.hop as usize)) else {
                return self.end(time, id);
            };
            let Some(station) = plan.stations.get(hop.station) else {
                return self.end(time, id);
            };
            if !request.decided && !self.decide(*hop, time, id) {
                self.step(id);
                continue;
            }
            if station.slots.is_some() {
                if time > now {
                    return self.push(time, What::Enter(id));
                }
                return self.queue(now, id, hop.station);
            }
            if time > now && station.is_disturbed() {
                // Whether it answers depends on when it is asked.
                return self.push(time, What::Enter(id));
            }
            if station.down && self.disturbed(time) {
                return self.refused(time, id, hop.station);
            }
            if let Some(state) = self.states.get_mut(hop.station) {
                if station.down && time < state.open_until {
                    return self.lose(id);
                }
                state.failures = 0;
            }
            let slow = if self.disturbed(time) {
                station.slower
            } else {
                1.0
            };
            time = time.saturating_add(self.draw(hop.station, slow));
            self.step(id);
        }
    }

    /// Whether a request goes to a hop; drawn once, so that a hop that it goes to is marked.
    fn decide(&mut self, hop: Hop, time: u64, id: u32) -> bool {
        let probability = match self.plan.flush_s {
            Some(fill) if hop.miss => self.missed(hop.probability, time, fill),
            _ => hop.probability,
        };
        let goes = probability >= 1.0 || self.choice.uniform() < probability;
        if let Some(request) = self.requests.get_mut(id as usize) {
            request.decided = goes;
        }
        goes
    }

    /// The probability of a miss after the cache was emptied: it fills exponentially.
    fn missed(&self, usual: f64, time: u64, fill: f64) -> f64 {
        if time < self.window.0 {
            return usual;
        }
        let since = (time - self.window.0) as f64 / SECOND;
        usual + (1.0 - usual) * (-since / fill).exp()
    }

    fn draw(&mut self, station: usize, slower: f64) -> u64 {
        let (Some(random), Some(s)) = (
            self.streams.get_mut(station),
            self.plan.stations.get(station),
        ) else {
            return 0;
        };
        let seconds = match s.service {
            Service::Exponential { mean_s } => random.exponential(mean_s),
            Service::LogNormal { median_s, sigma } => median_s * (sigma * random.normal()).exp(),
            Service::Constant { s } => s,
        };
        (seconds * slower * SECOND).max(1.0) as u64
    }

    fn step(&mut self, id: u32) {
        if let Some(request) = self.requests.get_mut(id as usize) {
            request.hop += 1;
            request.attempts = 0;
            request.decided = false;
        }
    }

    fn queue(&mut self, now: u64, id: u32, at: usize) {
        let Some(station) = self.plan.stations.get(at) else {
            return;
        };
        let withheld = self.withheld(station, now);
        let Some(state) = self.states.get_mut(at) else {
            return;
        };
        if state.free - withheld > 0 {
            state.free -= 1;
            return self.serve(now, id, at);
        }
        if station
            .queue_limit
            .is_some_and(|most| state.queue.len() >= most)
        {
            self.out.rejected += 1;
            return self.gone(id);
        }
        state.queue.push_back(id);
        state.longest = state.longest.max(state.queue.len());
        if let Some(request) = self.requests.get_mut(id as usize) {
            request.queued = now;
        }
    }

    fn serve(&mut self, now: u64, id: u32, at: usize) {
        let time = self.draw(at, 1.0);
        if let Some(state) = self.states.get_mut(at) {
            state.busy_ns += u128::from(time);
        }
        self.push(now.saturating_add(time), What::Served(id));
    }

    fn served(&mut self, now: u64, id: u32) {
        let Some(request) = self.requests.get(id as usize).copied() else {
            return;
        };
        let class = self.plan.classes.get(request.class as usize);
        let hop = class.and_then(|c| c.hops.get(request.hop as usize));
        if let Some(at) = hop.map(|h| h.station) {
            if let Some(state) = self.states.get_mut(at) {
                state.free += 1;
            }
            self.serve_waiting(now, at);
        }
        self.step(id);
        self.enter(now, id);
    }

    fn serve_waiting(&mut self, now: u64, at: usize) {
        let Some(station) = self.plan.stations.get(at) else {
            return;
        };
        let withheld = self.withheld(station, now);
        let patience = (station.timeout_s * SECOND) as u64;
        loop {
            let Some(state) = self.states.get_mut(at) else {
                return;
            };
            if state.free - withheld <= 0 {
                return;
            }
            let Some(id) = state.queue.pop_front() else {
                return;
            };
            let queued = self.requests.get(id as usize).map_or(now, |r| r.queued);
            if now.saturating_sub(queued) > patience {
                // Whoever asked has hung up.
                self.lose(id);
                continue;
            }
            if let Some(state) = self.states.get_mut(at) {
                state.free -= 1;
            }
            self.serve(now, id, at);
        }
    }

    /// A station does not answer: another attempt, if the budget has one.
    fn refused(&mut self, now: u64, id: u32, at: usize) {
        let budget = self.out.generated as f64 * RETRY_BUDGET;
        let Some(state) = self.states.get_mut(at) else {
            return;
        };
        state.failures += 1;
        if state.failures >= BREAKER.0 {
            state.open_until = now.saturating_add((BREAKER.1 * SECOND) as u64);
            state.failures = 0;
        }
        let open = now < state.open_until;
        let Some(request) = self.requests.get_mut(id as usize) else {
            return;
        };
        request.attempts += 1;
        if open || request.attempts >= ATTEMPTS || self.out.retries as f64 >= budget {
            return self.lose(id);
        }
        self.out.retries += 1;
        let pause = self.streams.get_mut(at).map_or(0.0, Random::uniform) * 2.0 * PAUSE;
        let pause = (pause * SECOND).max(1.0) as u64;
        self.push(now.saturating_add(pause), What::Enter(id));
    }

    fn lose(&mut self, id: u32) {
        self.out.failed += 1;
        self.gone(id);
    }

    /// A request that ends without an answer.
    fn gone(&mut self, id: u32) {
        if let Some(request) = self.requests.get(id as usize)
            && request.warm
            && let Some(lost) = self.out.lost.get_mut(request.class as usize)
        {
            *lost += 1;
        }
        self.idle.push(id);
    }

    fn end(&mut self, now: u64, id: u32) {
        self.out.completed += 1;
        if let Some(request) = self.requests.get(id as usize)
            && request.warm
            && let Some(times) = self.out.times.get_mut(request.class as usize)
        {
            times.push(now.saturating_sub(request.start));
        }
        self.idle.push(id);
    }
}
