//! Draws a diagram in neutral JSON so many times and prints the SVG once:
//! `draw FILE [TIMES [PREVIOUS]]`. The difference between two numbers of times is what drawing costs
//! without the start of a process; PREVIOUS is an earlier drawing.

use groundplan_diagram::{Hints, Look, Neutral, svg_in};
use std::io::Write;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().ok_or("expected a file with a diagram")?;
    let times: usize = arguments.next().map_or(Ok(1), |n| n.parse())?;
    let hints = match arguments.next() {
        Some(previous) => Hints::from_svg(&std::fs::read_to_string(previous)?),
        None => Hints::default(),
    };
    let neutral: Neutral = serde_json::from_str(&std::fs::read_to_string(path)?)?;
    let view = neutral.view("diagram");
    let look = Look::default();
    let mut drawn = String::new();
    for _ in 0..times {
        drawn = svg_in(std::hint::black_box(&view), &hints, &look);
    }
    std::io::stdout().write_all(drawn.as_bytes())?;
    Ok(())
}
