//! Writes the views of a blueprint as JSON: `views FILE FOLDER`.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().ok_or("expected a file with a blueprint")?;
    let folder = std::path::PathBuf::from(arguments.next().ok_or("expected a folder")?);
    let blueprint = serde_json::from_str(&std::fs::read_to_string(path)?)?;
    for view in groundplan_diagram::views(&blueprint) {
        let text = serde_json::to_string_pretty(&view)?;
        std::fs::write(folder.join(format!("{}.json", view.id)), text)?;
    }
    Ok(())
}
