use super::*;

fn data(text: &str) -> Data {
    let (documents, _) = crate::yaml(text);
    documents.first().map_or(Data::Null, |node| Data::of(node))
}

fn shown(template: &str, values: &str) -> String {
    let mut all = Templates::new(|_| None);
    let body = all.add(template).unwrap_or(Body(Steps::default()));
    all.render(&body, &data(values), &mut Budget(100_000)).text
}

#[test]
fn expressions_are_evaluated() {
    let values = "name: shop\nport: 8080\non: false\nlist: [a, b]\nmap: {b: '2', a: 1}\nsecret: '${helm}'\nempty: {}\nlong: \"a\\nb\"\n";
    for (template, text) in [
        ("{{ .name }}", "shop"),
        ("{{ .port }}-{{ .missing }}x", "8080-x"),
        ("{{ .missing | default .name | quote }}", "\"shop\""),
        ("{{ default \"x\" .name | upper }}", "SHOP"),
        ("a  {{- .name -}}  b", "ashopb"),
        ("{{/* a }} b */}}x", "x"),
        ("{{- /* a */ -}} x", "x"),
        ("{{ if .on }}a{{ else if .name }}b{{ else }}c{{ end }}", "b"),
        ("{{ with .missing }}a{{ else }}{{ .name }}{{ end }}", "shop"),
        ("{{ with .map }}{{ .b }}{{ $.port }}{{ end }}", "28080"),
        (
            "{{ range $i, $x := .list }}{{ $i }}{{ $x }}{{ end }}",
            "0a1b",
        ),
        ("{{ range .list }}{{ . }}{{ break }}{{ end }}", "a"),
        (
            "{{ range $k, $v := .map }}{{ $k }}{{ $v }}{{ end }}",
            "a1b2",
        ),
        (
            "{{ $x := 1 }}{{ range .list }}{{ $x = add $x 1 }}{{ end }}{{ $x }}",
            "3",
        ),
        (
            "{{ define \"n\" }}<{{ . }}>{{ end }}{{ include \"n\" .name | nindent 2 }}",
            "\n  <shop>",
        ),
        (
            "{{ define \"n\" }}<{{ . }}>{{ end }}{{ template \"n\" .port }}",
            "<8080>",
        ),
        ("{{ printf \"%s:%d%%\" .name 3 }}", "shop:3%"),
        ("{{ toYaml .map | indent 1 }}", " a: 1\n b: \"2\""),
        (
            "{{ toYaml (list (dict \"a\" (list 1 2) \"b\" (dict))) }}",
            "- a:\n  - 1\n  - 2\n  b: {}",
        ),
        ("{{ toJson .map }}", "{\"a\":1,\"b\":\"2\"}"),
        ("{{ tpl \"{{ .name }}\" . }}", "shop"),
        ("{{ ternary 1 2 (eq .name \"shop\") }}", "1"),
        ("{{ if and .name (not .on) (gt 3 2) }}y{{ end }}", "y"),
        ("{{ .secret }}", UNKNOWN),
        ("{{ if .secret }}y{{ end }}", "y"),
        ("{{ if eq .secret \"x\" }}y{{ else }}n{{ end }}z", "z"),
        ("{{ unknownFunction 1 }}", UNKNOWN),
        ("{{ (index .list 1) }}{{ len .list }}", "b2"),
        ("{{ $d := dict }}{{ $_ := set $d \"a\" 1 }}{{ $d.a }}", "1"),
        (
            "{{ (merge (dict \"a\" 1) (dict \"a\" 2 \"b\" 3)) | toJson }}",
            "{\"a\":1,\"b\":3}",
        ),
        ("{{ semverCompare \">= 1.19-0\" \"v1.30.0\" }}", "true"),
        ("{{ semverCompare \"^1.2\" \"v2.0.0\" }}", "false"),
        (
            "{{ .A.Has \"batch/v1\" }}{{ .A.Has \"monitoring.coreos.com/v1\" }}",
            "truefalse",
        ),
        ("{{ \"a-b-\" | trunc 4 | trimSuffix \"-\" }}", "a-b"),
        (
            "{{ join \",\" .list }}{{ \"a b\" | replace \" \" \"\" }}",
            "a,bab",
        ),
        ("{{ if kindIs \"string\" .port }}s{{ else }}n{{ end }}", "n"),
        ("{{ dig \"a\" \"b\" 7 (dict \"a\" dict) }}", "7"),
        ("{{ untilStep 0 3 1 }}", "[0 1 2]"),
    ] {
        assert_eq!(shown(template, values), text, "{template}");
    }
}

#[test]
fn lines_lead_back_to_the_template() {
    let template = "a: 1\n{{- if .on }}\nb:\n  {{- toYaml .map | nindent 2 }}\n{{- end }}\nc: {{ template \"x\" }}\n{{ define \"x\" }}1\n2{{ end }}\n";
    let mut all = Templates::new(|_| None);
    let body = all.add(template).unwrap_or(Body(Steps::default()));
    let values = data("on: true\nmap: {x: 1, y: 2}");
    let found = all.render(&body, &values, &mut Budget(1_000));
    assert_eq!(found.text, "a: 1\nb:\n  x: 1\n  y: 2\nc: 1\n2\n\n");
    assert_eq!(found.lines, [1, 3, 4, 4, 6, 6, 8, 8]);
}

#[test]
fn hostile_templates_end() {
    for template in [
        "{{ define \"a\" }}{{ include \"a\" . }}{{ include \"a\" . }}{{ end }}{{ include \"a\" . }}",
        "{{ define \"a\" }}{{ template \"a\" . }}x{{ end }}{{ template \"a\" . }}",
        "{{ range until 1000000000 }}x{{ end }}",
        "{{ range until 4000 }}{{ range until 4000 }}{{ range until 4000 }}xxxxxxxx{{ end }}{{ end }}{{ end }}",
        "{{ $x := \"aaaaaaaa\" }}{{ range until 4000 }}{{ $x = printf \"%s%s\" $x $x }}{{ end }}{{ $x }}",
        "{{ $x := list 1 2 }}{{ range until 4000 }}{{ $x = concat $x $x }}{{ end }}{{ len $x }}",
        "{{ $x := dict }}{{ range until 4000 }}{{ $x = dict \"a\" $x }}{{ end }}{{ toYaml $x }}",
        "{{ $x := \"{{ tpl . . }}\" }}{{ tpl $x $x }}",
        "{{ $a := dict }}{{ range until 50 }}{{ $a = dict \"l\" $a \"r\" $a }}{{ end }}{{ $b := merge (dict) $a $a }}",
        "{{ repeat 1000000000 \"abcdef\" }}{{ indent 1000000000 \"x\" }}{{ div 1 0 }}{{ mod 1 0 }}",
    ] {
        assert!(
            shown(template, "a: 1").len() <= 2 * MAX_OUTPUT,
            "{template}"
        );
    }
    for depth in [70, 50_000] {
        let nested = format!("{{{{ {}1 }}}}", "(".repeat(depth));
        assert_eq!(shown(&nested, "a: 1"), "");
        let blocks = "{{ if true }}".repeat(depth);
        assert_eq!(shown(&blocks, "a: 1"), "");
    }
    for broken in [
        "{{",
        "{{ if",
        "{{ end }}",
        "{{ \"a }}",
        "{{ . | }}",
        "{{ /* }}",
        "{{-",
        "{{ é }}",
        "{{ 'é' }}",
        "{{ .é }}",
    ] {
        shown(broken, "a: 1");
    }
}
