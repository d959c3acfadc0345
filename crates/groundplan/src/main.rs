//! The program: arguments, environment, wiring and printing. Everything else is a library.

mod arguments;
mod commands;
mod described;
mod diagnostics;
mod kept;
mod outputs;
mod positions;
mod progress;
mod stages;
mod theme;

use clap::Parser;
use std::process::ExitCode;

/// A survey asks for some hundred pieces of memory for each file: this allocator takes a twentieth less
/// of all its time than that of the system, for a tenth more memory.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let arguments = arguments::Arguments::parse();
    match commands::run(&arguments) {
        Ok(code) => code,
        Err(error) => {
            diagnostics::world(&error);
            ExitCode::from(2)
        }
    }
}
