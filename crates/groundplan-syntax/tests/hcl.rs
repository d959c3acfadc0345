//! HCL is read with its lines, and a fault costs its own line alone.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use groundplan_syntax::hcl::{Block, call, hcl, list, literal, object, references};
use std::fmt::Write;

fn show(blocks: &[Block<'_>], indent: usize, out: &mut String) {
    for b in blocks {
        let pad = " ".repeat(indent);
        writeln!(out, "{pad}{} {:?} {:?}", b.kind, b.labels, b.lines).unwrap();
        for a in &b.attributes {
            writeln!(out, "{pad}  {} = {} {:?}", a.name, a.value, a.lines).unwrap();
        }
        show(&b.blocks, indent + 2, out);
    }
}

#[test]
fn blocks_have_arguments_and_lines() {
    let text = r#"
# a comment with { brackets
resource "aws_sqs_queue" "orders" { # behind
  name = "${var.prefix}-orders" // why
  tags = {
    a = "x" /* { */
    "b" = var.y
  }
  policy = <<-EOT
    { "not": "read" }
  EOT
  redrive_policy {
    count = 3
  }
}

what is this
variable region { default = "eu-west-1" }
}
output "url" {
  value = aws_sqs_queue.orders.url
}
"#;
    let mut out = String::new();
    show(&hcl(text), 0, &mut out);
    let expected = r#"resource ["aws_sqs_queue", "orders"] (3, 15)
  name = "${var.prefix}-orders" (4, 4)
  tags = {
    a = "x" /* { */
    "b" = var.y
  } (5, 8)
  policy = <<-EOT
    { "not": "read" }
  EOT (9, 11)
  redrive_policy [] (12, 14)
    count = 3 (13, 13)
variable ["region"] (18, 18)
  default = "eu-west-1" (18, 18)
output ["url"] (20, 22)
  value = aws_sqs_queue.orders.url (21, 21)
"#;
    assert_eq!(out, expected);
}

#[test]
fn expressions_are_looked_into() {
    let keys = object(
        "{\n  A = aws_x.y.url, \"B\" : \"t\"\n  C = { d = 1 }\n}",
        10,
    );
    let keys: Vec<_> = keys.iter().map(|k| (k.name, k.value, k.lines.0)).collect();
    let expected = [
        ("A", "aws_x.y.url", 11),
        ("B", "\"t\"", 11),
        ("C", "{ d = 1 }", 12),
    ];
    assert_eq!(keys, expected);
    assert_eq!(
        list("[\n  { a = 1 },\n  var.x, # last\n]", 5),
        [("{ a = 1 }", 6), ("var.x", 7)]
    );
    assert_eq!(
        call("jsonencode(\n  [1, 2]\n)", 4),
        Some(("jsonencode", "[1, 2]", 5))
    );
    assert_eq!(literal("\"plain\""), Some("plain"));
    assert_eq!(literal("\"${var.x}\""), None);
    assert_eq!(literal("35"), Some("35"));
    assert_eq!(literal("var.x"), None);
    assert_eq!(
        references("merge(local.tags, { a = \"${module.n.id}-var.no\", b = aws_q.x[0].url })"),
        ["local.tags", "module.n.id", "aws_q.x.url"]
    );
}

#[test]
fn damaged_text_ends() {
    for text in [
        "resource \"a\" \"b\" {",
        "a = {",
        "a = \"${",
        "x <<",
        "a = <<EOF\nb",
        "{{{{",
        "\"",
        "a = [",
        "\\",
    ] {
        hcl(text);
        object(text, 1);
        list(text, 1);
        references(text);
    }
    hcl(&"a {".repeat(10_000));
    hcl(&format!("a = {}", "\"${".repeat(10_000)));
    object(&"{".repeat(10_000), 1);
}
