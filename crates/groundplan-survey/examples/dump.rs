fn main() {
    let a: Vec<String> = std::env::args().collect();
    let o = groundplan_survey::Options::default();
    let (b, _) = groundplan_survey::survey(std::path::Path::new(&a[1]), &[], &o, &Default::default());
    println!("{}", serde_json::to_string_pretty(&b).unwrap());
}
