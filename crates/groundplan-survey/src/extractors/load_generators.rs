//! Programs that put load on the system, by the folder or file that they lie in.

use crate::extractor::{Extractor, Reads};
use crate::facts::FileFacts;
use crate::scan;
use crate::source::SourceFile;
use groundplan_model::{OWN_LOAD_TEST, Topic};

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "load-generators",
    docs: "\
### What it finds
Programs and scripts in folders such as `loadgen` and `load-test`, or in files that are called so: one mark per
file; scripts called so (`scripts/orders_stress_test.py`) that people run; scripts of wrk (<https://github.com/wg/wrk/blob/master/SCRIPTING>).

### What it does not find
How much load they make, and tests of a tool for that, which are found by their own marks.
",
    reads: &[Reads::Paths(&[
        "**/{loadgen,load-gen,loadgenerator,load-generator,load_generator}/*.{go,py,js,mjs,ts,java,kt,rs,cs,rb,sh}",
        "**/{loadtest,loadtests,load-test,load-tests,load_test,load_tests}/*.{go,py,js,mjs,ts,java,kt,rs,cs,rb,sh}",
        "**/{perf-test,perf-tests,perftest,perf_test,stress-test,stress_test,stresstest}/*.{go,py,js,mjs,ts,rs,rb,sh}",
        "{loadgen,load-gen,load_gen,loadtest,load-test,load_test,stress_test,stress-test}.{go,py,js,mjs,ts,rs,rb,sh}",
        "**/{bin,dev,scripts,tools}/*{load_test,load-test,stress_test,stress-test}.{js,mjs,ts,py,rb,sh}",
        "*.lua",
    ])],
    markers: &["main", "http", "request", "connect", "wrk."],
    run: extract,
};

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if file.name().ends_with(".lua") {
        let line = file
            .text
            .lines()
            .position(|line| line.trim_start().starts_with("wrk."));
        if let Some(line) = line.and_then(|line| u32::try_from(line + 1).ok()) {
            scan::mark(acc, file, line, Topic::LoadTest, "wrk", None);
        }
        return;
    }
    // A script that is called so and lies with those that people run is none of the tests that a tool collects.
    let folder = crate::paths::lower(file.folder());
    let last = folder.rsplit('/').next().unwrap_or_default();
    let script = ["bin", "dev", "scripts", "tools"].contains(&last);
    // `scripts/download_test.py` puts no load on anything; in a folder for load tests it may be called so.
    let name = file.name().to_ascii_lowercase();
    let stem = name.split('.').next().unwrap_or_default();
    let inside = ["load_test", "load-test", "stress_test", "stress-test"]
        .iter()
        .filter_map(|end| stem.strip_suffix(end))
        .any(|before| before.ends_with(char::is_alphanumeric));
    if script && inside {
        return;
    }
    let is_code = |line: &str| {
        let line = line.trim_start();
        let comment = ["//", "#", "*", "/*"].iter().any(|c| line.starts_with(c));
        !comment || line.starts_with("#!/")
    };
    let first = |words: &[&str]| {
        let mut lines = (1_u32..).zip(file.text.lines());
        let said = |line: &str| is_code(line) && words.iter().any(|word| line.contains(word));
        lines.find(|(_, line)| said(line)).map(|(number, _)| number)
    };
    // A file of settings or of helpers starts nothing, and a tool of its own is told by its name.
    let starts = match file.name().ends_with(".js") {
        true => first(&["for (", "while (", "setInterval("]),
        false => first(&["func main(", "__main__", "fn main(", " main(", "#!/"]),
    };
    let calls = first(&[
        "http.",
        "fetch(",
        "axios",
        "requests.",
        "reqwest",
        "curl ",
        "httpx.",
        "aiohttp",
    ]);
    let tools = ["locust", "k6/", "from 'k6", "gatling", "artillery"];
    let by_tool = tools.iter().any(|word| file.text.contains(word));
    let aside = file.is_test() && !script;
    let Some(line) = starts.filter(|_| calls.is_some() && !by_tool && !aside) else {
        return;
    };
    scan::mark(acc, file, line, Topic::LoadTest, OWN_LOAD_TEST, None);
}
