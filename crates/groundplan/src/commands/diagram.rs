//! `groundplan diagram`: views of a repository, a brief or a blueprint, or a diagram that was
//! written by hand, as pictures or text.

use crate::arguments::{Arguments, Diagram};
use crate::positions::Positions;
use crate::{described, diagnostics, outputs, stages, theme};
use anyhow::{Context, Result, bail};
use groundplan_diagram::{Hints, Look, Neutral, TEXT_FORMS, Theme};
use groundplan_model::{Blueprint, Diagnostic, Severity, View};
use groundplan_picture::Painter;
use std::io::{IsTerminal, Write};
use std::path::Path;
use std::process::ExitCode;

pub(crate) fn run(arguments: &Arguments, command: &Diagram) -> Result<ExitCode> {
    let drawer = Drawer::new(arguments, command)?;
    let Some((views, single)) = views(arguments, command)? else {
        return Ok(ExitCode::from(2));
    };
    let into_file = command.out.as_ref().is_none_or(|out| {
        let ending = out.extension().and_then(|e| e.to_str());
        ending.and_then(form_of).is_some() && !out.is_dir()
    });
    let chosen: Vec<&View> = match &command.view {
        Some(name) => vec![find(&views, name)?],
        // One diagram with its parts: a file takes the whole of it, a folder the parts too.
        None if single && into_file => views.iter().take(1).collect(),
        None => views.iter().collect(),
    };
    // One picture has the places of one view.
    let earlier = command.previous.as_ref().filter(|path| !path.is_dir());
    if let (Some(file), [_, _, ..], true) = (earlier, chosen.as_slice(), command.out.is_some()) {
        bail!(
            "expected a folder of pictures behind `--previous`, found the file {} for {} views; name \
             one with `--view`",
            file.display(),
            chosen.len()
        );
    }
    drawer.warn(&drawer.positions.unknown(&views));
    if let Some(file) = &command.save_positions {
        let mut positions = Positions::read(command.positions.as_deref())?;
        for view in &chosen {
            let pins = groundplan_diagram::pins(view, &drawer.hints(view)?);
            positions.set(&view.id, pins);
        }
        outputs::write_one(file, positions.written().as_bytes())?;
    }
    if let Some(out) = &command.out {
        let ending = out.extension().and_then(|e| e.to_str());
        let by_name = ending.and_then(form_of);
        let form = command.to.as_deref().or(by_name).unwrap_or("svg");
        // A name with an ending that a form has is a file, if there is but one view to write.
        if let ([view], Some(_)) = (chosen.as_slice(), by_name)
            && !out.is_dir()
        {
            outputs::write_one(out, &drawer.drawn(view, form)?)?;
            return super::print(&out.display().to_string());
        }
        let mut lines = Vec::new();
        for view in chosen {
            let path = out.join(format!("{}.{}", view.id, extension(form)));
            outputs::write_one(&path, &drawer.drawn(view, form)?)?;
            lines.push(path.display().to_string());
        }
        return super::print(&lines.join("\n"));
    }
    match chosen.as_slice() {
        [view] if single || command.view.is_some() => {
            let form = command.to.as_deref().unwrap_or("ascii");
            let drawn = drawer.drawn(view, form)?;
            match form {
                "png" => binary(&drawn),
                _ => super::print(&String::from_utf8_lossy(&drawn)),
            }
        }
        // One picture is no list, so that the names are the answer.
        _ => {
            let width = views.iter().map(|v| v.id.len()).max().unwrap_or(0);
            let lines: Vec<String> = views
                .iter()
                .map(|v| format!("{:width$}  {}", v.id, v.title))
                .collect();
            super::print(&lines.join("\n"))
        }
    }
}

/// The views to draw, and whether the source is a single diagram; `None` if diagnostics say why
/// there are none.
fn views(arguments: &Arguments, command: &Diagram) -> Result<Option<(Vec<View>, bool)>> {
    let path = &command.source.path;
    let boxes = command.budget.and_then(|n| usize::try_from(n).ok());
    let show = |found: &[Diagnostic], root: &Path| {
        diagnostics::print(found, root, arguments.diagnostics, arguments.quiet);
    };
    if path.extension().is_some_and(|e| e == "json") && path.is_file() {
        return in_json(path, boxes).map(Some);
    }
    let blueprint = if path.is_file() {
        let designed = described::designed(path)?;
        if designed.design.is_none() {
            show(&designed.diagnostics, &designed.root);
        }
        designed.design.map(|d| d.blueprint)
    } else {
        stages::must_be_folder(path)?;
        let mut surveyed = described::described(&command.source, &[], arguments.quiet)?;
        if surveyed.is_broken() {
            show(&surveyed.diagnostics, &surveyed.root);
            return Ok(None);
        }
        Some(surveyed.blueprint()?)
    };
    Ok(blueprint.map(|blueprint| {
        let views = match boxes {
            Some(boxes) => groundplan_diagram::views_of(&blueprint, boxes),
            None => blueprint.views,
        };
        (views, false)
    }))
}

/// The views of a JSON file: a diagram, a view, or a blueprint.
fn in_json(path: &Path, boxes: Option<usize>) -> Result<(Vec<View>, bool)> {
    let text =
        std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let value: serde_json::Value = serde_json::from_str(&text)
        .with_context(|| format!("expected JSON in {}", path.display()))?;
    let has = |key: &str| value.get(key).is_some();
    let within = |view: View| match boxes {
        Some(boxes) => groundplan_diagram::split(&view, boxes),
        None => vec![view],
    };
    if has("nodes") && !has("elements") {
        let stem = path.file_stem().and_then(|s| s.to_str());
        let view = match serde_json::from_value::<View>(value.clone()) {
            Ok(view) => view,
            Err(_) => serde_json::from_value::<Neutral>(value)
                .with_context(|| format!("expected a diagram in {}", path.display()))?
                .view(stem.unwrap_or("diagram")),
        };
        return Ok((within(view), true));
    }
    let blueprint: Blueprint = serde_json::from_value(value)
        .with_context(|| format!("expected a blueprint or a diagram in {}", path.display()))?;
    // A file is drawn whole unless a budget is given.
    let boxes = boxes.unwrap_or(usize::MAX);
    Ok((groundplan_diagram::views_of(&blueprint, boxes), false))
}

fn find<'v>(views: &'v [View], name: &str) -> Result<&'v View> {
    if let Some(view) = views.iter().find(|v| v.id == name) {
        return Ok(view);
    }
    let ids: Vec<&str> = views.iter().map(|v| v.id.as_str()).collect();
    let near = groundplan_knowledge::nearest(name, ids.iter().copied());
    let hint = near.map_or(String::new(), |n| format!("; did you mean `{n}`?"));
    bail!("expected a view ({}), found `{name}`{hint}", ids.join(", "))
}

/// How views are drawn: what the command line says of colours, fonts and earlier places.
struct Drawer<'a> {
    arguments: &'a Arguments,
    command: &'a Diagram,
    theme: Theme,
    positions: Positions,
    painter: Painter,
}

impl<'a> Drawer<'a> {
    fn new(arguments: &'a Arguments, command: &'a Diagram) -> Result<Self> {
        let read = |path: &std::path::PathBuf| {
            std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))
        };
        let fonts = command.font.iter().map(read).collect::<Result<_>>()?;
        let (theme, weak) = theme::theme(command.theme.as_deref())?;
        let drawer = Drawer {
            arguments,
            command,
            theme,
            positions: Positions::read(command.positions.as_deref())?,
            painter: Painter::new(fonts)?,
        };
        drawer.warn(&weak);
        Ok(drawer)
    }

    fn warn(&self, found: &[Diagnostic]) {
        let Arguments {
            diagnostics, quiet, ..
        } = self.arguments;
        diagnostics::print(found, Path::new(""), *diagnostics, *quiet);
    }

    /// The bytes of a file of this form.
    fn drawn(&self, view: &View, form: &str) -> Result<Vec<u8>> {
        if let Some(other) = TEXT_FORMS.iter().find(|f| f.name == form) {
            return Ok(other.write(view).into_bytes());
        }
        Ok(match form {
            "mermaid" => groundplan_diagram::mermaid(view).into_bytes(),
            "description" => groundplan_diagram::description(view)
                .join("\n")
                .into_bytes(),
            "svg" => self
                .svg(view, &Look::Switching(self.theme.clone()))?
                .into_bytes(),
            "png" => self.png(view)?,
            _ => groundplan_diagram::text(view).into_bytes(),
        })
    }

    fn svg(&self, view: &View, look: &Look) -> Result<String> {
        Ok(groundplan_diagram::svg_in(view, &self.hints(view)?, look))
    }

    /// The places of an earlier drawing, and those that a person chose.
    fn hints(&self, view: &View) -> Result<Hints> {
        let mut hints = earlier(view, self.command)?;
        self.positions.pin(view, &mut hints);
        Ok(hints)
    }

    fn png(&self, view: &View) -> Result<Vec<u8>> {
        let look = if self.command.dark {
            Look::Dark(self.theme.clone())
        } else {
            Look::Light(self.theme.clone())
        };
        let svg = self.svg(view, &look)?;
        let picture = self.painter.png(&svg, self.command.scale)?;
        if picture.reduced {
            let message = format!(
                "`{}` is smaller than asked: 100 million pixels are the most",
                view.id
            );
            self.warn(&[Diagnostic::new(
                Severity::Warning,
                "picture-reduced",
                message,
            )]);
        }
        if !picture.missing.is_empty() {
            let missing: Vec<String> = picture.missing.iter().map(|c| format!("`{c}`")).collect();
            let message = format!(
                "`{}` has letters that no font at hand has, such as {}",
                view.id,
                missing.join(", ")
            );
            let found = Diagnostic::new(Severity::Warning, "letters-missing", message)
                .help("name a font that has them with `--font FILE`, or take svg");
            self.warn(&[found]);
        }
        Ok(picture.png)
    }
}

/// Writes a picture to standard output, unless a person would see it as noise.
fn binary(bytes: &[u8]) -> Result<ExitCode> {
    let mut out = std::io::stdout();
    if out.is_terminal() {
        bail!("expected `--out FILE` or a pipe for png, found a terminal");
    }
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(why) if why.kind() != std::io::ErrorKind::BrokenPipe => Err(why.into()),
        _ => Ok(ExitCode::SUCCESS),
    }
}

/// The places of an earlier drawing; a view that a folder has no file of is new.
fn earlier(view: &View, command: &Diagram) -> Result<Hints> {
    let Some(path) = &command.previous else {
        return Ok(Hints::default());
    };
    let path = if path.is_dir() {
        let file = path.join(format!("{}.svg", view.id));
        if !file.exists() {
            return Ok(Hints::default());
        }
        file
    } else {
        path.clone()
    };
    let svg = std::fs::read_to_string(&path)
        .with_context(|| format!("cannot read {}", path.display()))?;
    let hints = Hints::from_svg(&svg);
    if hints.is_empty() {
        bail!(
            "expected an SVG that Groundplan drew, found no box in {}",
            path.display()
        );
    }
    Ok(hints)
}

fn extension(form: &str) -> &'static str {
    let other = TEXT_FORMS.iter().find(|f| f.name == form);
    match form {
        "svg" => "svg",
        "png" => "png",
        "mermaid" => "mmd",
        _ => other.map_or("txt", |f| f.extension),
    }
}

/// The form whose files end like this.
fn form_of(ending: &str) -> Option<&'static str> {
    let other = TEXT_FORMS.iter().find(|f| f.extension == ending);
    match ending {
        "svg" => Some("svg"),
        "png" => Some("png"),
        "mmd" => Some("mermaid"),
        "txt" => Some("ascii"),
        _ => other.map(|f| f.name),
    }
}
