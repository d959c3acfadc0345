fn main() {
    let a: Vec<String> = std::env::args().collect();
    let o = groundplan_survey::Options::default();
    let (b, d) = groundplan_survey::survey(std::path::Path::new(&a[1]), &[], &o, &Default::default());
    for x in d.iter().take(5) { eprintln!("{:?} {} {:?}", x.severity, x.message, x.place.as_ref().map(|p| p.label())); }
    println!("{}", serde_json::to_string_pretty(&b).unwrap());
}
