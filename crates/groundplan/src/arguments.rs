//! The command line. Help, man pages and completions come from these definitions.

use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Writes complete software-architecture documents that stay true.
#[derive(Debug, Parser)]
#[command(
    name = "groundplan",
    version,
    max_term_width = 100,
    arg_required_else_help = true
)]
#[command(after_help = "\
Examples:
  groundplan generate                     document the repository in this folder
  groundplan generate PATH --outline all  all five documents of another one
  groundplan generate --brief brief.yaml  design a system from its brief and document it
  groundplan design brief.yaml --what-if scale.peak_rps=5000
                                          what would change
  groundplan simulate brief.yaml          run the design under its peak load
  groundplan explain cartservice          why an element stands in the documents
  groundplan init                         write what code cannot say to groundplan.yaml

Exit status: 0 done, 1 findings, 2 error.")]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
    /// How diagnostics are printed to standard error.
    #[arg(long, global = true, value_enum, default_value = "text")]
    pub(crate) diagnostics: DiagnosticForm,
    /// Print errors only, no warnings, notes or progress.
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum DiagnosticForm {
    /// For people: file, line, caret and help.
    Text,
    /// One JSON object per line.
    Json,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Survey a repository and write its documents.
    Generate(Generate),
    /// Print the as-built blueprint of a repository as JSON.
    Survey(Survey),
    /// Print the as-designed blueprint of a brief as JSON, or what a change of it changes.
    Design(Design),
    /// List the views of a repository, brief or blueprint, or draw them.
    Diagram(Diagram),
    /// Run the designed flows under the stated load, by discrete events.
    Simulate(Simulate),
    /// Print why an element, number, question or decision stands in the blueprint.
    Explain(Explain),
    /// Write groundplan.yaml, pre-filled from the survey, by dialogue or options.
    Init(Init),
    /// List or show the built-in outlines.
    #[command(subcommand)]
    Outline(OutlineCommand),
    /// Print the JSON Schema of a file that Groundplan reads or writes.
    Schema(Schema),
    /// Print completions for a shell.
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
    /// Print the man page.
    Man,
}

/// What to survey, and how.
#[derive(Debug, Args)]
pub(crate) struct Source {
    /// Folder to survey: a repository or a part of one.
    #[arg(default_value = ".")]
    pub(crate) path: PathBuf,
    /// Survey only paths that match this glob; may be given more than once.
    #[arg(long, value_name = "GLOB")]
    pub(crate) include: Vec<String>,
    /// Leave out paths that match this glob; may be given more than once.
    #[arg(long, value_name = "GLOB")]
    pub(crate) exclude: Vec<String>,
    /// Take facts from history as of this commit (hash, tag or branch).
    #[arg(long, value_name = "COMMIT")]
    pub(crate) as_of: Option<String>,
    /// Leave git history out: no revision, authors or releases in the documents.
    #[arg(long)]
    pub(crate) no_history: bool,
    /// Threads to read with; 0 means one per core. The result is the same for any number.
    #[arg(long, short = 'j', value_name = "N", default_value_t = 0,
        value_parser = clap::value_parser!(u16).range(0..=256))]
    pub(crate) threads: u16,
    /// Folder for facts kept between runs.
    #[arg(long, value_name = "DIR")]
    pub(crate) cache: Option<PathBuf>,
    /// Keep no facts between runs.
    #[arg(long)]
    pub(crate) no_cache: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Generate {
    #[command(flatten)]
    pub(crate) source: Source,
    /// Design the system of this brief instead of surveying a repository.
    #[arg(long, value_name = "FILE")]
    pub(crate) brief: Option<PathBuf>,
    /// Values that were measured, as under `measured:` of a brief, YAML or JSON; they stand beside
    /// target and prediction.
    #[arg(long, value_name = "FILE")]
    pub(crate) measured: Option<PathBuf>,
    /// Write documents of a brief that holds errors too: the errors stand first, what needs a number
    /// is marked as blocked by them, and the exit status stays 2.
    #[arg(long)]
    pub(crate) allow_invalid: bool,
    /// Outlines to fill, separated by commas, or `all` (see `groundplan outline list`).
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    pub(crate) outline: Vec<String>,
    /// Formats to write, separated by commas: md, html, json.
    #[arg(
        long,
        value_name = "FORMATS",
        value_delimiter = ',',
        default_value = "md,html"
    )]
    pub(crate) to: Vec<String>,
    /// Folder to write to. Default: docs/architecture in PATH.
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// Date of the documents. Default: that of the revision, else they are undated.
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = date)]
    pub(crate) date: Option<String>,
    /// Web address under which files of the described revision can be seen, for links.
    #[arg(long, value_name = "URL", value_parser = base)]
    pub(crate) source_url: Option<String>,
    /// Colours of the diagrams: a YAML file with `light` and `dark`, each of names and #rrggbb.
    #[arg(long, value_name = "FILE")]
    pub(crate) theme: Option<PathBuf>,
    /// Places of boxes in the diagrams: a YAML file as `groundplan diagram --save-positions` writes.
    #[arg(long, value_name = "FILE")]
    pub(crate) positions: Option<PathBuf>,
    /// Overwrite files that were edited by hand or that Groundplan did not write.
    #[arg(long)]
    pub(crate) force: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Survey {
    #[command(flatten)]
    pub(crate) source: Source,
}

#[derive(Debug, Args)]
pub(crate) struct Design {
    /// The brief: a YAML file with purpose, scale, team, timeline, stack and constraints.
    pub(crate) brief: PathBuf,
    /// Change a key of the brief and print the facts and decisions that differ, decisions first;
    /// may be given more than once.
    #[arg(long, value_name = "KEY=VALUE")]
    pub(crate) what_if: Vec<String>,
}

#[derive(Debug, Args)]
#[command(mut_arg("path", |arg| arg.help(
    "Folder of a repository, a brief, a blueprint.json, or a diagram as JSON (`type`, `title`, \
     `nodes`, `boundaries`, `edges`)",
)))]
pub(crate) struct Diagram {
    #[command(flatten)]
    pub(crate) source: Source,
    /// Draw this view; without it, and without `--out`, the views are listed.
    #[arg(long, value_name = "NAME")]
    pub(crate) view: Option<String>,
    /// How to draw: ascii to the terminal and svg to files unless given.
    #[arg(long, value_name = "FORM", value_parser = forms())]
    pub(crate) to: Option<String>,
    /// Write to this file, or one file per view to this folder.
    #[arg(long, value_name = "PATH")]
    pub(crate) out: Option<PathBuf>,
    /// Boxes of a view at most, with half as many lines again; a JSON file is drawn whole unless
    /// given.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(2..=100_000))]
    pub(crate) budget: Option<u32>,
    /// Leave what an earlier SVG of the view shows where it was: a file, or a folder with one per
    /// view.
    #[arg(long, value_name = "PATH")]
    pub(crate) previous: Option<PathBuf>,
    /// Put boxes where this file says: a YAML file of places by view, as `--save-positions` writes.
    #[arg(long, value_name = "FILE")]
    pub(crate) positions: Option<PathBuf>,
    /// Write the places of all boxes of the drawn views to this file, to be edited and given to
    /// `--positions`; places of other views that `--positions` has stay in it.
    #[arg(long, value_name = "FILE")]
    pub(crate) save_positions: Option<PathBuf>,
    /// Colours of svg and png: a YAML file with `light` and `dark`, each of names and #rrggbb.
    #[arg(long, value_name = "FILE")]
    pub(crate) theme: Option<PathBuf>,
    /// Paint png dark; an svg is light or dark as its reader's system.
    #[arg(long)]
    pub(crate) dark: bool,
    /// Pixels of a png for each of the drawing's.
    #[arg(long, value_name = "N", default_value = "2", value_parser = scale)]
    pub(crate) scale: f32,
    /// Font file with letters for png that Liberation Sans lacks; may be given more than once.
    #[arg(long, value_name = "FILE")]
    pub(crate) font: Vec<PathBuf>,
}

/// A scale that gives neither an empty picture nor one that no one can open.
fn scale(text: &str) -> Result<f32, String> {
    match text.parse::<f32>() {
        Ok(n) if (0.1..=16.0).contains(&n) => Ok(n),
        _ => Err("expected a number from 0.1 to 16".to_owned()),
    }
}

/// The forms of [`Diagram::to`]: those of this program and the languages of other tools.
fn forms() -> clap::builder::PossibleValuesParser {
    let own = [
        ("svg", "A picture"),
        ("png", "A picture in pixels"),
        ("ascii", "Box-drawing characters"),
        ("mermaid", "Mermaid text"),
        ("description", "Sentences in reading order"),
    ];
    let own = own
        .into_iter()
        .map(|(name, help)| clap::builder::PossibleValue::new(name).help(help));
    let others = groundplan_diagram::TEXT_FORMS
        .iter()
        .map(|form| clap::builder::PossibleValue::new(form.name).help(form.help));
    own.chain(others).collect::<Vec<_>>().into()
}

/// What happens while the simulation runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ScenarioName {
    /// Nothing fails.
    Steady,
    /// One instance of the application is lost.
    InstanceLoss,
    /// One of three zones is lost.
    ZoneLoss,
    /// The database fails over.
    DatabaseFailover,
    /// The cache is emptied and fills again.
    CacheFlush,
    /// Systems outside answer ten times slower.
    SlowDependency,
}

/// How requests arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ProfileName {
    /// At the peak rate all the time.
    Peak,
    /// A day between its trough and the peak.
    Day,
    /// Everybody starts at once: the peak for a tenth of the run, then less.
    Start,
}

#[derive(Debug, Args)]
pub(crate) struct Simulate {
    /// A brief, or a folder whose groundplan.yaml holds one.
    #[arg(default_value = ".")]
    pub(crate) path: PathBuf,
    /// Requests to run.
    #[arg(long, value_name = "N", default_value_t = 1_000_000,
        value_parser = clap::value_parser!(u32).range(1_000..=20_000_000))]
    pub(crate) requests: u32,
    /// Seed of the random numbers; the same seed gives the same bytes.
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) seed: u64,
    /// What fails.
    #[arg(long, value_enum, default_value = "steady")]
    pub(crate) scenario: ScenarioName,
    /// How requests arrive.
    #[arg(long, value_enum, default_value = "peak")]
    pub(crate) profile: ProfileName,
    /// Years of failures and repairs for the availability.
    #[arg(long, value_name = "N", default_value_t = 10_000,
        value_parser = clap::value_parser!(u32).range(100..=100_000))]
    pub(crate) years: u32,
    /// Change a key of the brief first; may be given more than once.
    #[arg(long, value_name = "KEY=VALUE")]
    pub(crate) what_if: Vec<String>,
    /// Measured values: a JSON object from flow id to `{"p50_ms": …, "p99_ms": …}`.
    #[arg(long, value_name = "FILE")]
    pub(crate) measured: Option<PathBuf>,
    /// Print the result as JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
#[command(mut_arg("path", |arg| arg.help("Folder of a repository, or a brief")))]
pub(crate) struct Explain {
    /// Id of an element, relationship, entity, interface, fact, question or decision.
    pub(crate) id: String,
    #[command(flatten)]
    pub(crate) source: Source,
}

#[derive(Debug, Args)]
pub(crate) struct Init {
    #[command(flatten)]
    pub(crate) source: Source,
    /// What the system is for, in one or two sentences.
    #[arg(long)]
    pub(crate) purpose: Option<String>,
    /// Expected load: users, requests per second, data volume.
    #[arg(long)]
    pub(crate) scale: Option<String>,
    /// How many engineers build and run it.
    #[arg(long)]
    pub(crate) team: Option<String>,
    /// When it must be live, or that it is.
    #[arg(long)]
    pub(crate) timeline: Option<String>,
    /// Mandatory technologies.
    #[arg(long)]
    pub(crate) stack: Option<String>,
    /// Budget, compliance, systems to integrate with.
    #[arg(long)]
    pub(crate) constraints: Option<String>,
    /// Write the six answers as a brief, from which the system is designed; this is what happens
    /// in a folder where nothing is built.
    #[arg(long)]
    pub(crate) brief: bool,
    /// Ask nothing; take options and what the survey knows.
    #[arg(long)]
    pub(crate) yes: bool,
    /// Replace a groundplan.yaml that is there.
    #[arg(long)]
    pub(crate) force: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum OutlineCommand {
    /// List the outlines.
    List,
    /// Show the sections and labels of an outline.
    Show {
        /// Name of the outline.
        name: String,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Schema {
    /// Which file.
    #[arg(value_enum)]
    pub(crate) file: SchemaFile,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SchemaFile {
    /// blueprint.json
    Blueprint,
    /// facts.json
    Facts,
    /// A brief, or what stands under `brief:` in groundplan.yaml
    Brief,
    /// groundplan.yaml
    Declaration,
    /// .groundplan/technologies/*.yaml
    Technology,
}

fn date(text: &str) -> Result<String, String> {
    let parts: Vec<&str> = text.split('-').collect();
    let digits = |p: &str, n: usize| p.len() == n && p.bytes().all(|b| b.is_ascii_digit());
    let [year, month, day] = parts.as_slice() else {
        return Err(format!("expected YYYY-MM-DD, found `{text}`"));
    };
    let number = |p: &str| p.parse::<u32>().unwrap_or(0);
    let leap = |y: u32| y.is_multiple_of(4) && (!y.is_multiple_of(100) || y.is_multiple_of(400));
    let days = match number(month) {
        2 if leap(number(year)) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    let sound =
        digits(year, 4) && digits(month, 2) && digits(day, 2) && (1..=days).contains(&number(day));
    if sound {
        Ok(text.to_owned())
    } else {
        Err(format!("expected YYYY-MM-DD, found `{text}`"))
    }
}

/// A web address without its end slash.
pub(crate) fn base(text: &str) -> Result<String, String> {
    if text.starts_with("https://") || text.starts_with("http://") {
        Ok(text.trim_end_matches('/').to_owned())
    } else {
        Err(format!("expected an http or https address, found `{text}`"))
    }
}
