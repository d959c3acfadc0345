//! The blocks of a function that run under a condition, and what runs behind those that leave it.

use super::LONGEST;
use crate::facts::{Asked, Branch};
use groundplan_syntax::{Code, Language};
use std::ops::Range;

/// The blocks that run under a condition, in order.
pub(crate) fn blocks(code: &Code<'_>) -> Vec<(Range<usize>, Branch)> {
    if matches!(code.language, Language::Python | Language::Ruby) {
        return indented(code);
    }
    let mut all = Vec::new();
    // The ends of the blocks around, the innermost last.
    let mut around: Vec<usize> = Vec::new();
    for at in 1..code.tokens.len() {
        while around.last().is_some_and(|end| *end <= at) {
            around.pop();
        }
        let outer = around.last().copied();
        if let Some(end) = outer
            && code.is(at, "if")
            && let Some(past) = bare_exit(code, at, end)
        {
            all.push((past, Branch::Past));
        }
        if code.is_byte(at, b'{')
            && let Some(close) = code.partner(at)
        {
            around.push(close);
            if let Some(kind) = head_before(code, at) {
                all.push((at..close, kind));
                if let (Branch::If, Some(end)) = (kind, outer)
                    && !code.is(close + 1, "else")
                    && exits(code, at, close)
                    && !is_off(code, at)
                {
                    all.push((close..end, Branch::Past));
                }
            }
            cases(code, at, close, &mut all);
            if code.language == Language::Rust {
                arms(code, at, close, &mut all);
            }
        }
    }
    all.sort_by_key(|(block, _)| (block.start, usize::MAX - block.end));
    all
}

/// The arms of `switch` between two brackets: from each `case` to the next one.
fn cases(code: &Code<'_>, open: usize, close: usize, all: &mut Vec<(Range<usize>, Branch)>) {
    if !matches!(code.raw(open + 1), "case" | "default") {
        return;
    }
    // `switch (req.method) { case 'POST': … }`
    let head = open.checked_sub(2).map_or("", |at| code.raw(at));
    let of_methods = matches!(head, "method" | "Method");
    let kind = |at: usize| {
        let method = code
            .string(at + 1)
            .filter(|_| of_methods)
            .and_then(Asked::of);
        method.map_or(Branch::Case, Branch::Asked)
    };
    let mut from = open + 1;
    let mut at = open + 2;
    while at < close {
        match code.raw(at) {
            "(" | "[" | "{" => at = code.partner(at).unwrap_or(at),
            "case" | "default" => {
                all.push((from..at, kind(from)));
                from = at;
            }
            _ => {}
        }
        at += 1;
    }
    all.push((from..close, kind(from)));
}

/// The arms of `match` between two brackets, but those of what went well: `Ok(order) => …`.
fn arms(code: &Code<'_>, open: usize, close: usize, all: &mut Vec<(Range<usize>, Branch)>) {
    let line = code.line(open);
    let word = |at: &usize| matches!(code.raw(*at), "match" | ";" | "{" | "}");
    let head = (0..open).rev().take(LONGEST * 3).find(word);
    if !head.is_some_and(|at| code.is(at, "match") && code.line(at) + 3 > line) {
        return;
    }
    let mut pattern = open + 1;
    let mut at = open + 1;
    while at < close {
        match code.raw(at) {
            "=" if code.is_byte(at + 1, b'>') => {
                let body = at + 2;
                let mut end = body;
                while end < close && !code.is_byte(end, b',') {
                    let whole = code.is_byte(end, b'{') && end == body;
                    end = match code.raw(end) {
                        "(" | "[" | "{" => code.partner(end).unwrap_or(end) + 1,
                        _ => end + 1,
                    };
                    if whole {
                        break;
                    }
                }
                if !matches!(code.raw(pattern), "Ok" | "Some") {
                    all.push((body..end, Branch::Case));
                }
                at = end + usize::from(code.is_byte(end, b','));
                pattern = at;
            }
            "(" | "[" | "{" => at = code.partner(at).unwrap_or(at) + 1,
            _ => at += 1,
        }
    }
}

/// The blocks of Python and Ruby: up to the next line that is not further in.
fn indented(code: &Code<'_>) -> Vec<(Range<usize>, Branch)> {
    let mut all: Vec<(Range<usize>, Branch)> = Vec::new();
    // Blocks without an end yet: their place in `all`, and the column of their first word.
    let mut open: Vec<(usize, usize)> = Vec::new();
    for at in (0..code.tokens.len()).filter(|&at| code.starts_line(at)) {
        let column = code.column(at);
        // The block for one method that ends here.
        let mut before = None;
        // The condition that ends here.
        let mut ended = None;
        while let Some((block, from)) = open.pop_if(|(_, from)| *from >= column) {
            all[block].0.end = at;
            ended = (all[block].1 == Branch::If && from == column).then_some(block);
            before = match all[block].1 {
                Branch::Asked(method) if from == column => Some((block, method)),
                _ => None,
            };
        }
        let otherwise = matches!(code.raw(at), "elif" | "elsif" | "else");
        if let Some(block) = ended.filter(|_| !otherwise && column > 0)
            && leaves(code, all[block].0.clone())
            && !fails(code, all[block].0.clone())
        {
            open.push((all.len(), column - 1));
            all.push((at.saturating_sub(1)..code.tokens.len(), Branch::Past));
        }
        if let Some((block, method)) = before
            && !otherwise
            && column > 0
            && leaves(code, all[block].0.clone())
        {
            open.push((all.len(), column - 1));
            // It has no head: its first line is the one behind the block.
            let before = at.saturating_sub(1);
            all.push((before..code.tokens.len(), Branch::Unasked(method)));
        }
        let asks = match code.raw(at) {
            "if" | "elif" => asked(code, at + 1),
            _ => None,
        };
        if let Some((_, true)) = asks {
            open.push((all.len(), column));
            all.push((at..code.tokens.len(), Branch::If));
        }
        // `return redirect_to "/" if @user` of Ruby.
        if code.is(at, "return") && column > 0 && code.language == Language::Ruby {
            let line = code.line(at);
            let next = (at..code.tokens.len()).find(|&next| code.line(next) > line);
            let end = next.unwrap_or(code.tokens.len());
            let asks = (at..end).any(|at| matches!(code.raw(at), "if" | "unless"));
            if asks && !fails(code, at..end) {
                open.push((all.len(), column - 1));
                all.push((at..code.tokens.len(), Branch::Past));
            }
        }
        let kind = match code.raw(at) {
            "if" | "elif" if asks.is_some() => asks.map_or(Branch::If, |a| Branch::Asked(a.0)),
            "if" | "unless" => Branch::If,
            "else" if before.is_some() => before.map_or(Branch::Else, |b| Branch::Unasked(b.1)),
            "elif" | "elsif" | "else" => Branch::Else,
            "except" | "rescue" => Branch::Caught,
            _ => continue,
        };
        open.push((all.len(), column));
        all.push((at..code.tokens.len(), kind));
    }
    all
}

/// The one method that a condition asks for: `request.method == "POST"`, `r.Method == http.MethodPost`;
/// and whether more has to hold.
fn asked(code: &Code<'_>, from: usize) -> Option<(Asked, bool)> {
    let from = if code.is_byte(from, b'(') {
        from + 1
    } else {
        from
    };
    let asks = matches!(code.raw(from), "request" | "req" | "r" | "self").then(|| {
        let word = |at: &usize| matches!(code.raw(*at), "method" | "Method" | "action");
        (from..from + 6).find(word)
    })??;
    let mut at = asks + 1;
    let first = at;
    while matches!(code.raw(at), "=" | "==" | "===") {
        at += 1;
    }
    if at == first {
        return None;
    }
    let word = match code.string(at) {
        Some(word) => word,
        None => (at..at + 3).find_map(|at| code.ident(at)?.strip_prefix("Method"))?,
    };
    let mut end = at + 1;
    while matches!(code.raw(end), ")" | ".")
        || code.ident(end).is_some_and(|w| w.starts_with("Method"))
    {
        end += 1;
    }
    // Each action of a view set of Django REST framework answers one method.
    let word = match (code.is(asks, "action"), word) {
        (true, "list" | "retrieve") => "GET",
        (true, "create") => "POST",
        (true, "update") => "PUT",
        (true, "partial_update") => "PATCH",
        (true, "destroy") => "DELETE",
        (true, _) => return None,
        (false, word) => word,
    };
    let more = match code.raw(end) {
        ":" | "{" => false,
        "and" => true,
        _ => return None,
    };
    Some((Asked::of(word)?, more))
}

/// Whether a block of Python ends by leaving its function.
fn leaves(code: &Code<'_>, block: Range<usize>) -> bool {
    let mut lines = block.clone().filter(|&at| code.starts_line(at)).skip(1);
    let Some(first) = lines.next() else {
        return false;
    };
    let column = code.column(first);
    let last = lines.filter(|&at| code.column(at) == column).last();
    matches!(code.raw(last.unwrap_or(first)), "return" | "raise")
}

/// Whether a block between brackets ends by leaving its function or the round of its loop, and not because
/// something failed: what stands behind it runs only where its condition does not hold.
fn exits(code: &Code<'_>, open: usize, close: usize) -> bool {
    let mut last = open + 1;
    let mut at = open + 1;
    while at < close {
        let begins = at == open + 1 || code.is_byte(at - 1, b';') || code.starts_line(at);
        if begins && code.ident(at).is_some() {
            last = at;
        }
        at = match code.raw(at) {
            "(" | "[" | "{" => code.partner(at).unwrap_or(at) + 1,
            _ => at + 1,
        };
    }
    let head = (0..open)
        .rev()
        .take(LONGEST * 3)
        .find(|&at| code.is(at, "if"));
    matches!(code.raw(last), "return" | "continue") && !fails(code, head.unwrap_or(open)..close)
}

/// Whether the condition before a block never holds, since it begins with a constant that is `false`.
fn is_off(code: &Code<'_>, open: usize) -> bool {
    let heads = (0..open).rev().take(LONGEST * 3);
    let Some(head) = heads.into_iter().find(|&at| code.is(at, "if")) else {
        return false;
    };
    let first = head + 1 + usize::from(code.is_byte(head + 1, b'('));
    let both = code.is_byte(first + 1, b'&') && code.is_byte(first + 2, b'&');
    let Some(name) = code.ident(first).filter(|_| both) else {
        return false;
    };
    let set = |at: &usize| code.is(*at, name) && code.is_byte(at + 1, b'=');
    let mut all = (0..code.tokens.len()).filter(set);
    let Some(only) = all.next().filter(|_| all.next().is_none()) else {
        return false;
    };
    let declared = (0..only).rev().take(LONGEST);
    let mut declared = declared.take_while(|&at| {
        code.line(at) == code.line(only) && !matches!(code.raw(at), ";" | "{" | "}")
    });
    let constant = |at: usize| matches!(code.raw(at), "const" | "final");
    code.is(only + 2, "false") && declared.any(constant)
}

/// What runs behind `if (…) return;` without brackets of its own.
fn bare_exit(code: &Code<'_>, at_if: usize, end: usize) -> Option<Range<usize>> {
    if !code.is_byte(at_if + 1, b'(') {
        return None;
    }
    let close = code.partner(at_if + 1)?;
    if !matches!(code.raw(close + 1), "return" | "continue") {
        return None;
    }
    // The exit ends where its statement does: brackets and lines that go on belong to it.
    let mut at = close + 2;
    let goes_on = |at: usize| {
        code.ident(at).is_none()
            && !matches!(code.raw(at), "}" | "@" | "#" | "$" | "{")
            && code.string(at).is_none()
    };
    let stop = loop {
        if at >= end {
            return None;
        }
        if code.is_byte(at, b';') {
            break at;
        }
        if code.starts_line(at) && !goes_on(at) {
            break at - 1;
        }
        at = match code.raw(at) {
            "(" | "[" | "{" => code.partner(at).unwrap_or(at) + 1,
            _ => at + 1,
        };
    };
    (!code.is(stop + 1, "else") && !fails(code, at_if..stop + 1)).then_some(stop..end)
}

/// Whether a condition or what it guards speaks of a failure: what is told of a request is what happens
/// where none does.
fn fails(code: &Code<'_>, range: Range<usize>) -> bool {
    const WORDS: [&str; 24] = [
        "err",
        "error",
        "errors",
        "fail",
        "fails",
        "failed",
        "failure",
        "abort",
        "raise",
        "throw",
        "panic",
        "exception",
        "invalid",
        "missing",
        "notfound",
        "bad",
        "forbid",
        "forbidden",
        "unauthorized",
        "unauthenticated",
        "denied",
        "deny",
        "reject",
        "rejected",
    ];
    let of_status = |at: usize| {
        (1..4).any(|back| {
            let word = at.checked_sub(back).and_then(|at| code.ident(at));
            word.is_some_and(|word| {
                let lower = word.to_ascii_lowercase();
                ["status", "code", "abort"]
                    .iter()
                    .any(|known| lower.contains(known))
            })
        })
    };
    range.into_iter().any(|at| {
        if let Some(word) = code.ident(at) {
            // `ok` of Go tells whether something was there; `Ok` of others is what went well.
            if word == "ok" && code.language == Language::Go {
                return true;
            }
            let snake = crate::scan::snake(word);
            let mut parts = snake.split('_');
            return parts.any(|part| WORDS.contains(&part)) || snake.contains("not_found");
        }
        let number = code.raw(at);
        number.len() == 3
            && number.starts_with(['4', '5'])
            && number.bytes().all(|b| b.is_ascii_digit())
            && of_status(at)
    })
}

/// What stands before the bracket of a block: `if (…) {`, `if err != nil {`, `} else {`, `catch (e) {`.
fn head_before(code: &Code<'_>, open: usize) -> Option<Branch> {
    let mut head = open - 1;
    if matches!(code.language, Language::Go | Language::Rust) {
        // The condition has no brackets of its own; in Go a statement may stand before it.
        let line = code.line(open);
        let word = |i: &usize| match code.raw(*i) {
            "if" | "else" | "{" | "}" => true,
            ";" => code.line(*i) < line,
            _ => false,
        };
        head = (0..open).rev().take(LONGEST * 3).find(word)?;
        // `if err := store.Set([]int{id}); err != nil {`: the brackets of a value open no block.
        if code.language == Language::Go
            && code.line(open + 1) == line
            && !code.is_byte(open + 1, b'}')
        {
            return None;
        }
    } else if code.is_byte(head, b')') {
        head = code.partner(head)?.checked_sub(1)?;
    }
    if code.is(head, "if")
        && let Some((method, false)) = asked(code, head + 1)
    {
        return Some(Branch::Asked(method));
    }
    match code.raw(head) {
        "if" if head > 0 && code.is(head - 1, "else") => Some(Branch::Else),
        "if" => Some(Branch::If),
        "else" | "elseif" => Some(Branch::Else),
        "catch" => Some(Branch::Caught),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::blocks;
    use crate::facts::Branch;
    use crate::source::SourceFile;

    /// The lines behind exits of a function.
    fn past(path: &str, text: &str) -> Vec<(u32, u32)> {
        let file = SourceFile::new(path, text);
        let code = file.code();
        let all = blocks(code).into_iter();
        all.filter(|(_, kind)| *kind == Branch::Past)
            .map(|(range, _)| (code.line(range.start) + 1, code.line(range.end - 1)))
            .collect()
    }

    #[test]
    fn exits_end_where_their_statements_do() {
        let bare =
            "function a(cart) {\n  if (cart.empty) return\n  orders.save(cart)\n  mail.send()\n}\n";
        assert_eq!(past("a.js", bare), [(3, 4)]);
        let long = "function b(req, res) {\n  if (req.all) return res.json(\n    find()\n  );\n  store.save();\n}\n";
        assert_eq!(past("a.js", long), [(5, 5)]);
        let chain =
            "function c(res) {\n  if (res.done) return res\n    .json(1)\n  store.save()\n}\n";
        assert_eq!(past("a.js", chain), [(4, 4)]);
    }

    #[test]
    fn failures_are_no_exits_of_a_request() {
        let refused = "function a(user, next) {\n  if (!user) return next(\n    new HttpError(401)\n  );\n  store.save();\n}\n";
        assert_eq!(past("a.js", refused), []);
        let go = "package a\n\nfunc a(s *Store) {\n\tv, ok := s.find()\n\tif !ok {\n\t\treturn\n\t}\n\ts.save(v)\n}\n";
        assert_eq!(past("a.go", go), []);
    }

    #[test]
    fn only_constants_turn_a_condition_off() {
        let off = |head: &str| {
            let text = format!(
                "{head}\nfunction a(x) {{\n  if (OFF && x) {{\n    return\n  }}\n  store.save(x)\n}}\n"
            );
            past("a.js", &text).len()
        };
        assert_eq!(off("const OFF = false;"), 0);
        assert_eq!(off("const MOST = 3; let OFF = false;"), 1);
        assert_eq!(off("const MOST = 3\nlet OFF = false"), 1);
    }

    #[test]
    fn what_went_well_is_no_failure() {
        let hit = "class A {\n  Result Get() {\n    if (cached != null) {\n      return Ok(cached);\n    }\n    repo.Save(x);\n    return Ok(x);\n  }\n}\n";
        assert_eq!(past("A.cs", hit), [(6, 7)]);
        let big =
            "function a(amount) {\n  if (amount > 500) return;\n  store.override(amount);\n}\n";
        assert_eq!(past("a.js", big), [(3, 3)]);
    }
}
