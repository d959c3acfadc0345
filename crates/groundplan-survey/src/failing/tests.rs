//! What is told of the failure of the call `load` in the forms of each language.

#![allow(clippy::unwrap_used, reason = "a test may stop where it fails")]

use super::Guards;
use crate::source::SourceFile;
use groundplan_syntax::{Call, Language};
use std::ops::Range;

/// What becomes of the error of the call of `load`, or `–`.
fn told(path: &str, text: &str) -> String {
    let file = SourceFile::new(path, text);
    let code = file.code();
    let calls: Vec<Call> = code.calls().collect();
    let call = calls.iter().find(|c| code.is(c.open - 1, "load")).copied();
    let Some(call) = call else {
        return "no call".to_owned();
    };
    let known = matches!(
        code.language,
        Language::Go | Language::Rust | Language::Python
    );
    let mut function = code.function_at(call.open);
    while let Some(at) = function.filter(|at| code.functions()[*at].name.is_empty()) {
        function = code.functions()[at].parent;
    }
    let around = crate::conditions::function_around(code, call.open);
    let body: Range<usize> = match (function.filter(|_| known), around) {
        (Some(at), _) => code.functions()[at].body.clone(),
        (None, Some((_, open))) if !known => open + 1..code.partner(open).unwrap(),
        _ => 0..code.tokens.len(),
    };
    let all = Guards::of(&file).failing(&file, &body, &[call]);
    match all.as_slice() {
        [one] => match one.outcome {
            Some(outcome) => format!("{outcome:?} {}", one.with).trim_end().to_owned(),
            None => "caught".to_owned(),
        },
        _ => "–".to_owned(),
    }
}

#[test]
fn errors_of_go_are_told_by_what_follows_the_call() {
    for (body, wanted) in [
        (
            "x, err := load(c)\n\tif err != nil {\n\t\treturn nil, err\n\t}\n\treturn x, nil",
            "Returned",
        ),
        (
            "x, err := load(c)\n\tif err != nil {\n\t\treturn nil, status.Errorf(codes.Internal, \"%v\", err)\n\t}\n\treturn x, nil",
            "Returned Internal",
        ),
        (
            "if err := load(c); err != nil {\n\t\tlog.Warnf(\"%v\", err)\n\t} else {\n\t\tlog.Info(1)\n\t}\n\treturn nil, nil",
            "Logged",
        ),
        ("_ = load(c)\n\treturn nil, nil", "Ignored"),
        ("x, _ := load(c)\n\treturn x, nil", "Ignored"),
        (
            "x, err := load(c)\n\tif err != nil {\n\t\tx = none\n\t}\n\treturn x, nil",
            "Fallback",
        ),
        (
            "x, err := load(c)\n\tif err != nil {\n\t\tlog.Print(err)\n\t\treturn none, nil\n\t}\n\treturn x, nil",
            "Fallback",
        ),
        (
            "x, err := load(c)\n\treturn x.Get(), errors.Wrap(err, \"load\")",
            "Returned",
        ),
        ("return load(c)", "Returned"),
        (
            "x, err := load(c)\n\tif err != nil {\n\t\tlog.Fatal(err)\n\t}\n\treturn x, nil",
            "Stops",
        ),
        (
            "req, err := http.NewRequest(\"GET\", load(c), nil)\n\treturn req, err",
            "–",
        ),
        // What is done in one case is not what is done in all.
        (
            "x, err := load(c)\n\tif err != nil {\n\t\tif late(err) {\n\t\t\treturn nil, nil\n\t\t}\n\t\tlog.Print(err)\n\t}\n\treturn x, nil",
            "–",
        ),
        (
            "x, err := load(c)\n\tif err != nil && strict {\n\t\treturn nil, err\n\t}\n\treturn x, nil",
            "–",
        ),
        ("x, err := load(c)\n\tcheck(err)\n\treturn x, nil", "–"),
        ("load(c)\n\treturn nil, nil", "–"),
        // What is given back by its name, kept or counted is no other value.
        (
            "x, err = load(c)\n\tif err != nil {\n\t\tlog.Print(err)\n\t\treturn\n\t}\n\treturn x, nil",
            "Returned",
        ),
        (
            "for {\n\t\tx, err := load(c)\n\t\tif err != nil {\n\t\t\tlast = err\n\t\t\tcontinue\n\t\t}\n\t\treturn x, nil\n\t}",
            "–",
        ),
        (
            "x, err := load(c)\n\tif err != nil {\n\t\tfailures += 1\n\t\tlog.Print(err)\n\t}\n\treturn x, nil",
            "Logged",
        ),
        (
            "x, err := load(c)\n\tif err != nil {\n\t\tif strict {\n\t\t\tpanic(err)\n\t\t}\n\t\tlog.Print(err)\n\t}\n\treturn x, nil",
            "–",
        ),
        (
            "x, err := load(c)\n\tif err != nil {\n\t\tspan.SetStatus(codes.Error, err.Error())\n\t\treturn nil, err\n\t}\n\treturn x, nil",
            "Returned",
        ),
        (
            "go func() (*X, error) {\n\t\tx, err := load(c)\n\t\tif err != nil {\n\t\t\treturn nil, err\n\t\t}\n\t}()\n\treturn nil, nil",
            "caught",
        ),
    ] {
        let text = format!("package a\n\nfunc f(c C) (*X, error) {{\n\t{body}\n}}\n");
        assert_eq!(told("a.go", &text), wanted, "{text}");
    }
    for (body, wanted) in [
        (
            "x, err := load(c)\n\tif err != nil {\n\t\tfail(w, err, http.StatusBadGateway)\n\t\treturn\n\t}\n\tshow(x)",
            "Returned 502",
        ),
        (
            "x, err := load(c)\n\tif err != nil {\n\t\tlog.Print(err)\n\t\treturn\n\t}\n\tshow(x)",
            "Logged",
        ),
        (
            "x, err := load(c)\n\tif err != nil {\n\t\tfmt.Fprintf(w, \"%v\", err)\n\t\treturn\n\t}\n\tshow(x)",
            "–",
        ),
        // What another function does with the error was not read.
        (
            "x, err := load(c)\n\tif err != nil {\n\t\th.fail(w, err)\n\t\treturn\n\t}\n\tshow(x)",
            "–",
        ),
    ] {
        let text = format!("package a\n\nfunc f(w W, c C) {{\n\t{body}\n}}\n");
        assert_eq!(told("a.go", &text), wanted, "{text}");
    }
    // An error that a function takes is none that it gives.
    let text = "package a\n\nfunc f(c C, err error) {\n\tx, e := load(c)\n\tif e != nil {\n\t\tlog.Print(e)\n\t\treturn\n\t}\n\tshow(x)\n}\n";
    assert_eq!(told("a.go", text), "Logged");
    // Errors have types of their own, and a value that is made of one tells of it.
    for (result, value, wanted) in [
        ("(*X, *model.AppError)", "nil, NewAppError(err)", "Returned"),
        ("X", "X{Error: err.Error()}", "–"),
        ("X", "X{}", "Fallback X{}"),
    ] {
        let text = format!(
            "package a\n\nfunc f(c C) {result} {{\n\tx, err := load(c)\n\tif err != nil {{\n\t\treturn {value}\n\t}}\n\treturn x\n}}\n"
        );
        assert_eq!(told("a.go", &text), wanted, "{text}");
    }
}

#[test]
fn what_is_thrown_is_told_by_who_catches_it() {
    for (path, text, wanted) in [
        (
            "A.java",
            "class A { X f() { try { return load(); } catch (Exception e) { log.error(\"x\", e); return List.of(); } } }",
            "Fallback List.of()",
        ),
        (
            "A.java",
            "class A { void f() { try { load(); } catch (IOException e) { log.warn(\"x\", e); } } }",
            "Logged",
        ),
        (
            "A.java",
            "class A { void f() { try { load(); } catch (IOException e) { throw new ResponseStatusException(HttpStatus.BAD_GATEWAY); } } }",
            "Returned 502",
        ),
        (
            "A.java",
            "class A { void f() { try { load(); } catch (IOException e) { } } }",
            "Ignored",
        ),
        (
            "A.java",
            "class A { Mono<X> f() { return load().onErrorReturn(none()); } }",
            "Fallback none()",
        ),
        (
            "A.java",
            "class A { Mono<X> f() { return load().transform(it -> { ReactiveCircuitBreaker cb = make(\"x\"); return cb.run(it, t -> none()); }); } }",
            "Fallback none()",
        ),
        (
            "A.java",
            "class A { @CircuitBreaker(name = \"x\", fallbackMethod = \"none\") X f() { return load(); } }",
            "Fallback none()",
        ),
        (
            "A.java",
            "class A { @CircuitBreaker(name = \"x\", fallbackMethod = \"none\") @PostMapping(value = {\"/a\"}) X f() { return load(); } }",
            "Fallback none()",
        ),
        (
            "A.java",
            "class A { X f() { ReactiveCircuitBreaker cb = make(\"x\"); return cb.run(() -> load(), t -> none()); } }",
            "Fallback none()",
        ),
        (
            "A.java",
            "class A { Breaker breaker; X f() { Pool cb = make(\"x\"); return cb.run(() -> load(), t -> none()); } }",
            "caught",
        ),
        (
            "A.java",
            "interface A { @CircuitBreaker(name = \"x\", fallbackMethod = \"none\") X f(); default X g() { return load(); } }",
            "–",
        ),
        (
            "A.java",
            "class A { void f() { try { try { load(); } catch (ParseException e) { } } catch (IOException e) { log.warn(\"x\"); } } }",
            "Logged",
        ),
        (
            "A.java",
            "class A { void f() { try { load(); } catch (IOException e) { String m = e.getMessage(); log.warn(m); } } }",
            "Logged",
        ),
        (
            "A.java",
            "class A { void f() { try { load(); } catch (IOException e) { this.stock = -1; } } }",
            "Fallback",
        ),
        (
            "A.java",
            "class A { void f() { try { load(); } catch (IOException e) { last = e; } } }",
            "caught",
        ),
        (
            "A.java",
            "class A { ResponseEntity<X> f() { try { return load(); } catch (IOException e) { return ResponseEntity.internalServerError().build(); } } }",
            "Returned 500",
        ),
        // What an order is in is no answer, though another type of gRPC is in the file.
        (
            "A.java",
            "class A { void f() { try { load(); } catch (IOException e) { order.setStatus(Status.LOCKED); } } }",
            "caught",
        ),
        (
            "A.java",
            "import io.grpc.StatusRuntimeException; class A { void f() { try { load(); } catch (StatusRuntimeException e) { order.setStatus(Status.CANCELLED); } } }",
            "caught",
        ),
        (
            "A.java",
            "import io.grpc.Status; class A { void f() { try { load(); } catch (IOException e) { throw Status.INTERNAL.asRuntimeException(); } } }",
            "Returned INTERNAL",
        ),
        (
            "A.java",
            "import jakarta.ws.rs.core.Response.Status; class A { Response f() { try { return load(); } catch (IOException e) { return Response.status(Status.BAD_GATEWAY).build(); } } }",
            "Returned 502",
        ),
        (
            "a.kt",
            "fun f() {\n  val x = try { load() } catch (e: IOException) { 0 }\n}",
            "Fallback 0",
        ),
        (
            "a.kt",
            "fun f() {\n  val x = runCatching { load() }\n}",
            "caught",
        ),
        (
            "a.php",
            "<?php class A { function f() { try { $this->c->load(); } catch (\\Exception $e) { Log::error($e); } } }",
            "Logged",
        ),
        (
            "a.php",
            "<?php class A { function f() { try { $this->c->load(); } catch (\\Exception $e) { return new Response('', Response::HTTP_BAD_GATEWAY); } } }",
            "Returned 502",
        ),
        (
            "A.cs",
            "class A { async Task F() { try { await load(); } catch (RpcException e) { throw; } } }",
            "Returned",
        ),
        (
            "A.cs",
            "class A { IResult F() { try { load(); } catch (IOException e) { return NotFound(); } } }",
            "Returned 404",
        ),
        (
            "A.cs",
            "class A { void F() { try { load(); } catch (IOException e) { Log.Fatal(e, \"x\"); } } }",
            "Logged",
        ),
        (
            "a.ts",
            "async function f() {\n  try {\n    await load(u)\n  } catch (e) {\n    console.error(e)\n  }\n}",
            "Logged",
        ),
        (
            "a.ts",
            "async function f(res) {\n  try {\n    await load(u)\n  } catch (e) {\n    return res.status(502).json({})\n  }\n}",
            "Returned 502",
        ),
        (
            "a.ts",
            "async function f() {\n  const x = await load(u).catch(() => [])\n  return x\n}",
            "Fallback []",
        ),
        (
            "a.ts",
            "async function f() {\n  const x = await load(u)\n  return x\n}",
            "Returned",
        ),
        (
            "a.js",
            "function f(resolve, reject) {\n  client.load(u, (err, x) => err ? reject(err) : resolve(x))\n}",
            "Returned",
        ),
        (
            "a.ts",
            "async function f() {\n  await Promise.allSettled([load(u)])\n}",
            "–",
        ),
        (
            "a.ts",
            "function f() {\n  all.forEach(async (u) => { await load(u) })\n}",
            "–",
        ),
        (
            "A.java",
            "class A { void f() { pool.submit(() -> load()); } }",
            "caught",
        ),
        (
            "A.java",
            "class A { void f() { load().subscribe(); } }",
            "caught",
        ),
        ("A.cs", "class A { void F() { LoadAsync(); load(); } }", "–"),
        // Nothing waits for it, another error is caught, or what is done depends.
        ("a.ts", "function f() {\n  load(u)\n}", "–"),
        (
            "a.ts",
            "async function f() {\n  await save(u)\n  load(u)\n}",
            "–",
        ),
        (
            "a.ts",
            "async function f() {\n  await Promise.all([\n    save(u),\n    load(u)\n  ])\n}",
            "Returned",
        ),
        (
            "a.ts",
            "async function f() {\n  await load(u).catch(function (e) { all.forEach(i => i.stop()) })\n}",
            "caught",
        ),
        ("A.java", "class A { void f() { load(); } }", "–"),
        (
            "A.java",
            "class A { void f() { try { load(); } catch (ParseException e) { log.warn(\"x\"); } } }",
            "–",
        ),
        (
            "A.java",
            "class A { void f() { try { load(); } catch (IOException e) { if (late) { throw e; } log.warn(\"x\"); } } }",
            "caught",
        ),
        (
            "A.java",
            "class A { void f() { try { load(); } catch (IOException e) { notifier.tell(e); } } }",
            "caught",
        ),
        (
            "A.java",
            "class A { void f() { try { run(() -> { load(); }); } catch (IOException e) { log.warn(\"x\"); } } }",
            "caught",
        ),
    ] {
        assert_eq!(told(path, text), wanted, "{text}");
    }
}

#[test]
fn what_is_raised_is_told_by_who_rescues_it() {
    for (path, text, wanted) in [
        (
            "a.py",
            "def f():\n    try:\n        load(u)\n    except Exception as e:\n        logger.error(e)\n",
            "Logged",
        ),
        (
            "a.py",
            "def f():\n    try:\n        load(u)\n    except RequestException:\n        return []\n",
            "Fallback []",
        ),
        (
            "a.py",
            "def f():\n    try:\n        load(u)\n    except Exception as e:\n        raise HTTPException(status_code=502)\n",
            "Returned 502",
        ),
        (
            "a.py",
            "def f():\n    try:\n        load(u)\n    except Exception:\n        pass\n",
            "Ignored",
        ),
        (
            "a.rb",
            "def f\n  load(u)\nrescue Timeout::Error => e\n  logger.warn(e)\nend\n",
            "Logged",
        ),
        (
            "a.py",
            "def f():\n    with suppress(Exception):\n        load(u)\n",
            "Ignored",
        ),
        (
            "a.py",
            "def f():\n    asyncio.create_task(load(u))\n",
            "caught",
        ),
        ("a.py", "def f():\n    load(u)\n", "–"),
        (
            "a.py",
            "def f():\n    with suppress(KeyError):\n        load(u)\n",
            "–",
        ),
        (
            "a.py",
            "def f():\n    try:\n        load(u)\n    except grpc.RpcError as e:\n        span.set_status(Status(StatusCode.ERROR))\n        raise\n",
            "Returned",
        ),
        (
            "a.py",
            "def f():\n    try:\n        load(u)\n    except Exception as e:\n        return {\"error\": str(e)}\n",
            "caught",
        ),
        (
            "a.py",
            "def f():\n    try:\n        load(u)\n    except KeyError:\n        pass\n",
            "–",
        ),
        (
            "a.py",
            "def f():\n    try:\n        load(u)\n    except Exception as e:\n        if late:\n            raise\n        logger.error(e)\n",
            "caught",
        ),
    ] {
        assert_eq!(told(path, text), wanted, "{text}");
    }
}

#[test]
fn errors_of_rust_are_told_by_what_stands_behind() {
    for (body, wanted) in [
        ("let x = load(c).await?;\n    Ok(x)", "Returned"),
        (
            "let x = load(c).await.map_err(|_| Status::unavailable(\"x\"))?;\n    Ok(x)",
            "Returned",
        ),
        ("let x = load(c).unwrap_or(0);\n    Ok(x)", "Fallback 0"),
        (
            "if let Err(e) = load(c).await {\n        warn!(\"{e}\");\n    }\n    Ok(0)",
            "Logged",
        ),
        (
            "tokio::spawn(async move {\n        load(c).await?;\n        Ok(())\n    });\n    Ok(0)",
            "caught",
        ),
        ("let _ = load(c).await;\n    Ok(0)", "Ignored"),
        ("let x = load(c).await.ok();\n    Ok(x)", "Ignored"),
        (
            "let x = load(c).await.ok().ok_or(E::X)?;\n    Ok(x)",
            "Returned",
        ),
        (
            "let x = load(c).ok().unwrap_or_default();\n    Ok(x)",
            "Fallback",
        ),
        (
            "let x = match load(c) {\n        Ok(x) => x,\n        Err(_) => return Ok(0),\n    };\n    Ok(x)",
            "–",
        ),
        (
            "let x = match load(c) {\n        Ok(x) => x,\n        Err(_) => return StatusCode::BAD_GATEWAY.into_response(), // no rpc\n    };\n    Ok(x)",
            "Returned 502",
        ),
        (
            "if let Err(e) = load(c).await {\n        return Err(Status::new(Code::Internal, \"tonic\"));\n    }\n    Ok(0)",
            "Returned Internal",
        ),
        ("let x = load(c).await.unwrap();\n    Ok(x)", "–"),
        ("let x = load(c);\n    other(x)", "–"),
    ] {
        let text = format!("fn f(c: C) -> Result<u8, E> {{\n    {body}\n}}\n");
        assert_eq!(told("a.rs", &text), wanted, "{text}");
    }
}
