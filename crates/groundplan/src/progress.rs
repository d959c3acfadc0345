//! A line on the terminal while a survey takes long; nothing otherwise.

use groundplan_survey::Progress;
use indicatif::{ProgressBar, ProgressStyle};
use std::io::IsTerminal;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// Runs `work`; if standard error is a terminal and it takes longer than half a second, shows how
/// many files were read.
pub(crate) fn shown<T: Send>(quiet: bool, work: impl FnOnce(&Progress) -> T + Send) -> T {
    let progress = Progress::default();
    if quiet || !std::io::stderr().is_terminal() {
        return work(&progress);
    }
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| display(&progress, &done));
        let result = work(&progress);
        done.store(true, Ordering::Release);
        result
    })
}

fn display(progress: &Progress, done: &AtomicBool) {
    for _ in 0..10 {
        std::thread::sleep(Duration::from_millis(50));
        if done.load(Ordering::Acquire) {
            return;
        }
    }
    let bar = ProgressBar::new(0);
    if let Ok(style) = ProgressStyle::with_template("{spinner} reading {pos} of {len} files") {
        bar.set_style(style);
    }
    while !done.load(Ordering::Acquire) {
        bar.set_length(progress.found.load(Ordering::Relaxed));
        bar.set_position(progress.read.load(Ordering::Relaxed));
        bar.tick();
        std::thread::sleep(Duration::from_millis(80));
    }
    bar.finish_and_clear();
}
