use super::{Statement, Value, statements};

/// Words with their blocks in brackets.
fn words(all: &[Statement<'_>]) -> String {
    let one = |s: &Statement<'_>| match s.block {
        true => format!("{}({})", s.word, words(&s.body)),
        false => s.word.to_owned(),
    };
    all.iter().map(one).collect::<Vec<_>>().join(" ")
}

#[test]
fn blocks_and_modifiers() {
    let text = r#"
# a comment with an apostrophe that isn't closed
KEY = /([^\/"]+?)(?=\.json|$)/ # "
App.routes.draw do
  root to: "home#index",
    as: "root"
  get "/a" => "b#c", :as => :d, constraints: { id: /['"]/ }
  mount Panel => "/panel" unless Rails.env.production?
  constraints(lambda { |req| req.host == "x" }) do
    get :one
  end
  constraints(->(req) do req.ok? end) { get :two }
  if Rails.env.development?
    get "/dev"
  else
    get "/live"
  end
  %i[a b].each do |name|
    resources name, only: %i[index show]
  end
end
"#;
    assert_eq!(
        words(&statements(text)),
        "= draw(root get unless(mount) constraints(get) constraints(get) if(get) \
         each(resources))"
    );
}

#[test]
fn what_a_statement_is_given() {
    let all =
        statements("t.decimal \"price\", :scale => 2, default: -> { \"now()\" }, null: false\n");
    let one = &all[0];
    assert_eq!((one.on, one.word), ("t", "decimal"));
    assert_eq!(one.args, [Value::Text("price")]);
    assert_eq!(one.option("scale"), Some(&Value::Word("2")));
    assert_eq!(
        one.option("default"),
        Some(&Value::Code("-> { \"now()\" }"))
    );
    assert_eq!(one.flag("null"), Some(false));
    let all = statements(
        "execute <<~SQL\n  it's text do\nSQL\nadd_index(:a,\n  [:b, :c],\n  unique: true\n)\n",
    );
    assert_eq!(words(&all), "execute add_index");
    assert_eq!(all[1].args[1].names(), ["b", "c"]);
    assert_eq!(all[1].lines, (4, 7));
}

#[test]
fn methods_with_and_without_an_end() {
    let text = "def (A.b).add(_x, ...) = super(1)\ndef size=(n)\n  @n = n\nend\ndef up; end\nmodule B\nend\n";
    assert_eq!(words(&statements(text)), "def def(=) def() module()");
}

#[test]
fn nothing_is_too_odd() {
    for text in [
        "do do do",
        "end }",
        "get '",
        "a = [",
        "x(",
        "%w[",
        "if",
        "case\nwhen",
        "def",
        "->",
        "é do |é",
    ] {
        statements(text);
    }
    statements(&"a do\n".repeat(5000));
    statements(&"[".repeat(5000));
}
