//! What the token view of code answers: functions, definitions, folding, and the lexer under them.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use groundplan_syntax::{Code, Language};

/// The value of the first definition called `name`, folded.
fn folded(text: &str, language: Language, name: &str) -> Option<String> {
    let code = Code::new(text, language);
    let definition = code.definitions().iter().find(|d| d.name == name)?;
    code.fold(definition.value.clone())
}

fn python(text: &str) -> Option<String> {
    folded(text, Language::Python, "x")
}

fn go(text: &str) -> Option<String> {
    folded(text, Language::Go, "x")
}

fn rust(text: &str) -> Option<String> {
    folded(text, Language::Rust, "x")
}

#[test]
fn python_strings_fold() {
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(python("x = 'a' 'b'"), some("ab"));
    assert_eq!(
        python("H = 'h'\nx = f'http://{H}:{port}/y'"),
        some("http://h:{port}/y")
    );
    assert_eq!(
        python("x = 'http://{}/y'.format(host)"),
        some("http://{host}/y")
    );
    assert_eq!(
        python("x = 'http://{h}/y'.format(h=host)"),
        some("http://{host}/y")
    );
    assert_eq!(
        python("x = 'http://%s:%d/y' % (host, port)"),
        some("http://{host}:{port}/y")
    );
    assert_eq!(python("x = 'http://%s' % host"), some("http://{host}"));
    assert_eq!(python("x = ('a'\n  'b')\ny = 1"), some("ab"));
    assert_eq!(python("x = conf['URL'] + '/y'"), some("{URL}/y"));
    assert_eq!(python("x = normalize_url('http://h')"), some("http://h"));
    assert_eq!(python("x = ensureUriSlash('http://h')"), some("http://h"));
    assert_eq!(
        python("x = ensure_security('http://h')"),
        some("{ensure_security}")
    );
    assert_eq!(python("x = ','.join(parts)"), None);
    assert_eq!(python("x = 100"), None);
}

#[test]
fn go_strings_fold() {
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(go("x := \"a\" + \"/b\""), some("a/b"));
    assert_eq!(
        go("x := fmt.Sprintf(\"http://%s:%d/%%\", host, 80)"),
        some("http://{host}:{}/%")
    );
    assert_eq!(
        go("const h = \"h\"\nvar x string = h + \":1\""),
        some("h:1")
    );
    assert_eq!(go("x := net.JoinHostPort(host, \"80\")"), some("{host}:80"));
    assert_eq!(
        go("x := flag.String(\"uri\", \"mongodb://m\", \"help\")"),
        some("mongodb://m")
    );
    assert_eq!(go("x := vars[\"id\"]"), some("{id}"));
}

#[test]
fn rust_strings_fold() {
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(rust("let x = \"a\".to_string();"), some("a"));
    assert_eq!(
        rust("const H: &str = \"h\";\nlet x = format!(\"{H}/{}\", id);"),
        some("h/{id}")
    );
    assert_eq!(rust("let x = addr.as_str();"), some("{addr}"));
    assert_eq!(
        rust("let x: String = \"a\".parse::<String>().unwrap();"),
        some("a")
    );
    assert_eq!(
        rust("let x = base.parse::<String>().unwrap();"),
        some("{base}")
    );
}

#[test]
fn names_know_their_function() {
    let text = "def a(p: int, q='x'):\n    v = 1\n    def b():\n        w = 2\n    u = 3\nt = 4\n";
    let code = Code::new(text, Language::Python);
    let scope = |name: &str| {
        let found = code.definitions().iter().find(|d| d.name == name).unwrap();
        found.scope.map(|s| code.functions()[s].name)
    };
    assert_eq!(scope("v"), Some("a"));
    assert_eq!(scope("w"), Some("b"));
    assert_eq!(scope("u"), Some("a"));
    assert_eq!(scope("t"), None);
    assert_eq!(scope("p"), Some("a"));
    assert!(code.definitions().iter().any(|d| d.name == "q" && d.param));
}

#[test]
fn functions_of_go_have_bodies_and_receivers() {
    let text = "func (s *T) M(a, b string) (x interface{}, err error) {\n\tgo func(c int) { d := c }(1)\n}\nfunc G[K comparable](f func(int) bool) map[string]struct{} {\n}\ntype F func(int)\n";
    let code = Code::new(text, Language::Go);
    let names: Vec<&str> = code.functions().iter().map(|f| f.name).collect();
    assert_eq!(names, ["M", "", "G"]);
    assert_eq!(code.functions()[1].parent, Some(0));
    let b = code.definitions().iter().find(|d| d.name == "a").unwrap();
    assert_eq!(
        code.dotted(b.kind.start, b.kind.end),
        "string",
        "a, b share a type"
    );
}

#[test]
fn rust_declarations_begin_at_their_attribute() {
    let text = "/// Says.\n#[get(\"/x\")]\npub(crate) async fn h<F: Fn(u8) -> u8>(f: F) -> Vec<u8> where F: Send { f }\n";
    let code = Code::new(text, Language::Rust);
    let function = &code.functions()[0];
    assert_eq!((function.name, function.line), ("h", 2));
    assert_eq!(code.doc_of(function).as_deref(), Some("Says."));
}

#[test]
fn anonymous_lifetimes_are_no_characters() {
    let code = Code::new(
        "fn f(a: X<'_, 'b>) { let q = '\"'; let s = \"t\"; }",
        Language::Rust,
    );
    let strings: Vec<&str> = (0..code.tokens.len())
        .filter_map(|i| code.string(i))
        .collect();
    assert_eq!(strings, ["\"", "t"]);
}

#[test]
fn hostile_text_ends() {
    for language in [Language::Go, Language::Rust, Language::Python] {
        for piece in [
            "a=",
            "fn f",
            "def f(",
            "func(",
            "x=\"",
            "{(",
            "})",
            "let a = ",
            "class A:\n ",
            "f(\n",
            "'",
            "#[a(",
            "@",
        ] {
            let text = piece.repeat(5_000);
            let code = Code::new(&text, language);
            let _ = (
                code.functions().len(),
                code.definitions().len(),
                code.constants().len(),
            );
            for definition in code.definitions().iter().take(50) {
                let _ = code.fold(definition.value.clone());
            }
        }
    }
}

#[test]
fn texts_of_several_lines_of_php_are_one_token() {
    let text = "$a = <<<'EOT'\n  don't(env('X'))\n  EOTX\n  EOT;\n$b = c(1 << 2);\n";
    let code = Code::new(text, Language::Php);
    let calls: Vec<String> = code.calls().map(|call| code.name(call)).collect();
    assert_eq!(calls, ["c"]);
}
