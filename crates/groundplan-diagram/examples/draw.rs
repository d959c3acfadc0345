//! Draws a view: `draw FILE [svg|mermaid|text|description] [PREVIOUS.svg]`, where FILE is a view or a neutral diagram as JSON.

use std::io::Write;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().ok_or("expected a file with a view")?;
    let source = std::fs::read_to_string(path)?;
    let view = match serde_json::from_str::<groundplan_model::View>(&source) {
        Ok(view) => view,
        Err(_) => serde_json::from_str::<groundplan_diagram::Neutral>(&source)?.view("diagram"),
    };
    let out = match arguments.next().as_deref() {
        Some("mermaid") => groundplan_diagram::mermaid(&view),
        Some("text") => groundplan_diagram::text(&view),
        Some("description") => groundplan_diagram::description(&view).join("\n"),
        _ => {
            let previous = arguments.next().map(std::fs::read_to_string);
            let previous = previous.transpose()?.unwrap_or_default();
            groundplan_diagram::svg_after(&view, &groundplan_diagram::Hints::from_svg(&previous))
        }
    };
    std::io::stdout().write_all(out.as_bytes())?;
    Ok(())
}
