//! One module per command.
mod design;
mod diagram;
mod explain;
mod generate;
mod init;
mod outline;
mod simulate;

use crate::arguments::{Arguments, Command, SchemaFile};
use crate::{diagnostics, stages};
use anyhow::Result;
use clap::CommandFactory;
use std::io::Write;
use std::process::ExitCode;

/// Runs the command and says how it ended: 0 done, 1 findings, 2 error.
pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    match &arguments.command {
        Command::Generate(command) => generate::run(arguments, command),
        Command::Survey(command) => {
            let surveyed = stages::built(&command.source, &[], arguments.quiet)?;
            diagnostics::print(
                &surveyed.diagnostics,
                &surveyed.root,
                arguments.diagnostics,
                arguments.quiet,
            );
            if surveyed.is_broken() {
                return Ok(ExitCode::from(2));
            }
            print(&surveyed.json)
        }
        Command::Design(command) => design::run(arguments, command),
        Command::Diagram(command) => diagram::run(arguments, command),
        Command::Simulate(command) => simulate::run(arguments, command),
        Command::Explain(command) => explain::run(arguments, command),
        Command::Init(command) => init::run(arguments, command),
        Command::Outline(command) => outline::run(command),
        Command::Schema(command) => {
            let schema = match command.file {
                SchemaFile::Blueprint => {
                    schemars::schema_for!(groundplan_model::Blueprint).to_value()
                }
                SchemaFile::Facts => schemars::schema_for!(groundplan_model::FactTable).to_value(),
                SchemaFile::Brief => groundplan_design::brief_schema(),
                SchemaFile::Declaration => declaration_schema(),
                SchemaFile::Technology => groundplan_knowledge::technology_schema(),
            };
            print(&serde_json::to_string_pretty(&schema)?)
        }
        Command::Completions { shell } => {
            let mut command = Arguments::command();
            let mut text = Vec::new();
            clap_complete::generate(*shell, &mut command, "groundplan", &mut text);
            print(&String::from_utf8_lossy(&text))
        }
        Command::Man => {
            let mut text = Vec::new();
            clap_mangen::Man::new(Arguments::command()).render(&mut text)?;
            print(&String::from_utf8_lossy(&text))
        }
    }
}

/// The schema of `groundplan.yaml`, with that of the brief in its place.
fn declaration_schema() -> serde_json::Value {
    groundplan_design::with_brief(groundplan_survey::declaration_schema())
}

/// Prints a result; a reader that has gone away (`| head`) is no error.
fn print(text: &str) -> Result<ExitCode> {
    let mut out = std::io::stdout().lock();
    let written = out
        .write_all(text.trim_end().as_bytes())
        .and_then(|()| out.write_all(b"\n"));
    match written {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(ExitCode::SUCCESS),
    }
}
