//! Draws a view: `draw FILE svg|mermaid|text|description`, where FILE is a view as JSON.

use std::io::Write;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().ok_or("expected a file with a view")?;
    let view = serde_json::from_str(&std::fs::read_to_string(path)?)?;
    let out = match arguments.next().as_deref() {
        Some("mermaid") => groundplan_diagram::mermaid(&view),
        Some("text") => groundplan_diagram::text(&view),
        Some("description") => groundplan_diagram::description(&view).join("\n"),
        _ => groundplan_diagram::svg(&view),
    };
    std::io::stdout().write_all(out.as_bytes())?;
    Ok(())
}
