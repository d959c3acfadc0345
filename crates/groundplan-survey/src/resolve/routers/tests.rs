//! Whole paths of routes that several files give.

use super::Routers;
use crate::facts::Claim;
use crate::resolve::world::World;
use std::path::Path;

/// All paths of the files of one fixture of an extractor, as a caller reaches them.
pub(super) fn paths(fixture: &str, extra: &[(&str, &str)]) -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures/extractors")
        .join(fixture)
        .join("input");
    let mut files = Vec::new();
    let mut open = vec![root.clone()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
                continue;
            }
            let name = path.strip_prefix(&root).unwrap_or(&path);
            let text = std::fs::read_to_string(&path).unwrap_or_default();
            files.push(crate::extract_file(&name.to_string_lossy(), &text));
        }
    }
    files.extend(
        extra
            .iter()
            .map(|(path, text)| crate::extract_file(path, text)),
    );
    placed(files)
}

pub(super) fn of(files: &[(&str, &str)]) -> Vec<String> {
    let files = files.iter();
    placed(
        files
            .map(|(path, text)| crate::extract_file(path, text))
            .collect(),
    )
}

fn placed(mut files: Vec<crate::facts::FileFacts>) -> Vec<String> {
    files.sort_by(|a, b| a.path.cmp(&b.path));
    let world = World::new(&files, groundplan_knowledge::knowledge());
    let routers = Routers::of(&world);
    let mut all: Vec<String> = world
        .facts()
        .filter_map(|(file, fact)| match &fact.claim {
            Claim::Endpoint(endpoint) => Some((file, endpoint)),
            _ => None,
        })
        .flat_map(|(file, endpoint)| routers.placed(endpoint.clone(), &file.path, &world))
        .map(|e| {
            let handler = e.handler.unwrap_or_default();
            let outer = handler.split('|').next().unwrap_or_default();
            format!("{} {} {outer}", e.path, e.method)
        })
        .collect();
    all.sort();
    all
}

#[test]
fn prefixes_of_python_are_joined_from_the_root() {
    let settings = "from pydantic_settings import BaseSettings
class Settings(BaseSettings):
    API_PATH: str = '/api/v1'
";
    let found = paths("python-http/joined", &[("shop/settings.py", settings)]);
    let wanted = [
        "/about GET about",
        "/api/v1/shop/admin/users GET get_all",
        "/api/v1/shop/orders/upload PUT upload",
        "/api/v1/shop/orders/{order_id}/bill GET bill",
        "/api/v1/shop/orders/{order_id}/lines DELETE drop_lines",
        "/api/v1/shop/orders/{order_id}/lines POST add_line",
        "/api/v1/shop/users GET get_all",
        "/debug GET debug",
        "/tools/reset POST reset",
    ];
    assert_eq!(found, wanted);
    // Without the value of the setting the begin of the path is not known.
    assert!(paths("python-http/joined", &[]).contains(&"…/shop/users GET get_all".to_owned()));
}

#[test]
fn route_files_of_laravel_stand_where_they_are_taken_in() {
    let route = "<?php\nRoute::get('loans', [Loans::class, 'index']);\n";
    let provider = "<?php
use Illuminate\\Support\\Facades\\Route;
Route::prefix('lending')->group(base_path('routes/api.php'));
Route::prefix('')->group(base_path('routes/web.php'));
";
    let outer = "<?php
Route::prefix('v2')->group(__DIR__ . '/api/v2.php');
Route::get('titles', Titles::class);
";
    let joined = of(&[
        ("app/Providers/RouteServiceProvider.php", provider),
        ("routes/api.php", outer),
        ("routes/api/v2.php", route),
        ("routes/web.php", route),
    ]);
    let wanted = [
        "/lending/titles GET Titles",
        "/lending/v2/loans GET Loans::index",
        "/loans GET Loans::index",
    ];
    assert_eq!(joined, wanted);
    // Where nobody says otherwise, and where a module has a provider of its own.
    assert_eq!(
        of(&[("routes/api.php", route)]),
        ["/api/loans GET Loans::index"]
    );
    let module = "<?php
use Illuminate\\Support\\Facades\\Route;
Route::prefix('halls')->group(module_path('Halls', '/routes/api.php'));
";
    let modules = of(&[
        ("modules/Halls/Providers/RouteServiceProvider.php", module),
        ("modules/Halls/routes/api.php", route),
        ("routes/api.php", route),
    ]);
    let wanted = [
        "/api/loans GET Loans::index",
        "/halls/loans GET Loans::index",
    ];
    assert_eq!(modules, wanted);
}

#[test]
fn folders_of_symfony_have_the_prefix_of_their_configuration() {
    let controller = "<?php
use Symfony\\Component\\Routing\\Attribute\\Route;
class Bills { #[Route('/bills', methods: ['GET'])] public function list() {} }
";
    let found = paths(
        "symfony-routes/shop",
        &[
            ("src/Controller/Api/Bills.php", controller),
            ("src/Controller/Bills.php", controller),
        ],
    );
    let wanted = [
        "/api/v2/bills GET Bills::list",
        "/bills GET Bills::list",
        "/terms GET LegalController",
        "/voorwaarden GET LegalController",
        "/{locale} GET HomeController::index",
        "/{locale} HEAD HomeController::index",
    ];
    assert_eq!(found, wanted);
}

#[test]
fn prefixes_of_scripts_are_joined_from_the_root() {
    let wanted = [
        "/admin/users/{id} DELETE remove",
        "/api/users/{id} GET find",
        "… POST place",
    ];
    assert_eq!(paths("js-http/joined", &[]), wanted);
}

#[test]
fn aliases_of_folders_lead_to_their_routers() {
    let app = "import express from 'express';
import routes from '@server/routes';
import users from 'server/routes/users';
const app = express();
app.use('/api/v1', routes);
routes.use('/users', users);
";
    let routes = "import { Router } from 'express';
const router = Router();
router.get('/status', status);
export default router;
";
    let found = of(&[
        ("server/index.ts", app),
        ("server/routes/index.ts", routes),
        ("src/status.ts", routes),
    ]);
    assert_eq!(found, ["/api/v1/status GET status", "…/status GET status"]);
}

#[test]
fn a_group_of_a_package_is_known_in_its_other_files() {
    let start = |group: &str| {
        format!(
            "package server
import \"github.com/gin-gonic/gin\"
func Start(conf *Config) {{
	router := gin.New()
	Group = router.Group({group})
	registerRoutes(router)
}}
"
        )
    };
    let routes = "package server
import (
	\"github.com/gin-gonic/gin\"
	\"example.org/shop/api\"
)
var Group *gin.RouterGroup
func registerRoutes(router *gin.Engine) {
	router.GET(\"/about\", about)
	Group.GET(\"/ping\", ping)
	api.Albums(Group)
}
";
    let albums = "package api
import \"github.com/gin-gonic/gin\"
func Albums(router *gin.RouterGroup) {
	router.GET(\"/albums\", list)
}
";
    let found = |group: &str| {
        of(&[
            ("server/start.go", &start(group)),
            ("server/routes.go", routes),
            ("api/albums.go", albums),
        ])
    };
    let wanted = [
        "/about GET about",
        "/api/albums GET list",
        "/api/ping GET ping",
    ];
    assert_eq!(found("\"/api\""), wanted);
    // What a function makes of the path is not read.
    let wanted = ["/about GET about", "…/albums GET list", "…/ping GET ping"];
    assert_eq!(found("conf.Uri(base)"), wanted);
}

#[test]
fn a_query_that_is_built_in_many_steps_ends() {
    let steps = "\tq = q.Where(\"a\", b).Or(c)\n".repeat(64);
    let code = format!(
        "package db\nimport \"gorm.io/gorm\"\nfunc find(q *gorm.DB) {{\n\tq = open()\n{steps}\tq.Find(q)\n}}\n"
    );
    assert!(of(&[("db/find.go", &code)]).is_empty());
}

#[test]
fn folders_are_prefixes_where_they_are_loaded() {
    let app = "const AutoLoad = require('@fastify/autoload')
module.exports = async function (fastify, opts) {
  fastify.register(AutoLoad, { dir: path.join(__dirname, 'plugins') })
  fastify.register(AutoLoad, { dir: path.join(__dirname, 'routes'), options: opts })
}";
    let route = "module.exports = async function (fastify, opts) {
  fastify.get('/', async function (request, reply) { return 1 })
}";
    let found = of(&[
        ("api/app.js", app),
        ("api/routes/root.js", route),
        ("api/routes/users/_id/index.js", route),
    ]);
    // The last stands for routes that options of the loader may add.
    assert_eq!(found, ["/ GET ", "/users/{id} GET ", "…  "]);
}

#[test]
fn tables_in_attributes_are_routes() {
    let root = "use actix_web::web;
#[routes::routes(
    routes(\"/health\" => get(get_health), \"/items\" => sub(items::ItemsApi)),
    tag = \"Root\",
)]
pub struct Api;
fn running(cfg: &mut web::ServiceConfig, path: &str) {
    cfg.service(web::resource(path).route(web::get().to(show)));
}";
    let items = "use actix_web::web;
#[routes::routes(routes(\"\" => [get(list), post(create)], \"/{id}\" => get(one)))]
pub struct ItemsApi;
";
    let found = of(&[("src/routes/mod.rs", root), ("src/routes/items.rs", items)]);
    let wanted = [
        "/health GET get_health",
        "/items GET list",
        "/items POST create",
        "/items/{id} GET one",
        "…  ",
    ];
    assert_eq!(found, wanted);
}

#[test]
fn code_of_go_belongs_to_its_module_and_says_its_paths() {
    let pages = "package ui
import \"github.com/gin-gonic/gin\"
func Register(r *gin.Engine, where string) {
	r.GET(\"/index.html\", serveFile(\"index.html\", noop))
	r.GET(where, show)
}
func serveFile(name string, change func(string) string) gin.HandlerFunc { return nil }
func noop(s string) string { return s }
";
    let found = of(&[("ui/serve.go", pages)]);
    assert_eq!(found, ["/index.html GET serveFile", "…  "]);
    let files = [
        ("go.mod", "module example.org/shop\n"),
        ("ui/package.json", "{\"name\": \"ui\"}"),
        ("ui/serve.go", pages),
        ("ui/main.ts", "export const a = 1;\n"),
    ]
    .map(|(path, text)| crate::extract_file(path, text));
    let world = World::new(&files, groundplan_knowledge::knowledge());
    assert_eq!(world.project_of("ui/serve.go"), world.project_at(""));
    assert_eq!(world.project_of("ui/main.ts"), world.project_at("ui"));
}

#[test]
fn no_name_of_code_is_a_path() {
    let api = "from flask_restful import Api
from .views import OrderResource
class OwnApi(Api):
    def add_org_resource(self, resource, *urls, **kwargs):
        urls = [scoped(url) for url in urls]
        return self.add_resource(resource, *urls, **kwargs)
api = OwnApi()
api.add_org_resource(OrderResource, '/api/orders/<order_id>', endpoint='order')
";
    let pages = "from flask import Blueprint
routes = Blueprint('pages', __name__)
@routes.route(scoped('/reset/<token>'), methods=['POST'])
def reset(token):
    return ''
@routes.route(where)
def hidden():
    return ''
@routes.route('/<path:path>')
def rest(path):
    return ''
";
    let script = "const express = require('express')
const app = express()
app.get(url, handler)
app.get(`${base}/items`, handler)
app.get('/:id', handler)
";
    let found = of(&[
        ("shop/api.py", api),
        ("shop/pages.py", pages),
        ("web/app.js", script),
    ]);
    let wanted = [
        "/{id} GET handler",
        "…  ",
        "…  ",
        "…/api/orders/{order_id} ANY OrderResource",
        "…/items GET handler",
        "…/reset/{token} POST reset",
        "…/{path} GET rest",
    ];
    assert_eq!(found, wanted);
}

#[test]
fn a_mounted_router_is_no_operation() {
    let api = "package api
import \"net/http\"
func NewHandler(s Store) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc(\"GET /items\", items)
	return mux
}";
    let found = paths("go-http/joined", &[("api/handler.go", api)]);
    let wanted = [
        "/api/items GET items",
        "/cart GET show",
        "/cart HEAD show",
        "/feed ANY feed.Serve",
        "/ready GET ready",
        "/static ANY http.FileServer",
        "/v1/users/{id} GET show",
    ];
    assert_eq!(found, wanted);
}

#[test]
fn prefixes_of_rust_are_joined_from_the_root() {
    let wanted = [
        "/ GET index",
        "/api/alive GET alive",
        "/api/users/{id} GET show",
    ];
    assert_eq!(paths("rust-http/joined", &[]), wanted);
}

#[test]
fn versions_and_prefixes_of_a_start_stand_before_all_paths() {
    let main = "import { NestFactory } from '@nestjs/core';
async function bootstrap() {
  const app = await NestFactory.create(AppModule);
  app.enableVersioning({ type: VersioningType.URI, defaultVersion: '1' });
  app.setGlobalPrefix('api', { exclude: ['sitemap.xml', { path: 'files/(.*)', method: RequestMethod.GET }] });
}
";
    let carts = "import { Controller, Get, Post, Version, VERSION_NEUTRAL } from '@nestjs/common';
@Controller('carts')
export class CartsController {
  @Get()
  all() {}
  @Get('export')
  public async export(@Query() { page }: Query): Promise<Buffer> {}
  @Post()
  @Version('2')
  add() {}
  @Get('callback')
  @Version(VERSION_NEUTRAL)
  callback() {}
}
";
    let sitemap = "import { Controller, Get } from '@nestjs/common';
@Controller({ path: 'sitemap.xml', version: VERSION_NEUTRAL })
export class SitemapController {
  @Get()
  show() {}
}
";
    let found = of(&[
        ("apps/api/src/main.ts", main),
        (
            "apps/api/src/endpoints/benchmarks/carts.controller.ts",
            carts,
        ),
        ("apps/api/src/sitemap.controller.ts", sitemap),
    ]);
    let wanted = [
        "/api/carts/callback GET callback",
        "/api/v1/carts GET all",
        "/api/v1/carts/export GET export",
        "/api/v2/carts POST add",
        "/sitemap.xml GET show",
    ];
    assert_eq!(found, wanted);
}

#[test]
fn filters_of_warp_are_put_together_across_files() {
    let rest = "use warp::{Filter, Rejection};
use crate::orders::order_routes;
fn api() -> impl Filter<Extract = (impl warp::Reply,), Error = Rejection> + Clone {
    let root = warp::path!(\"api\" / \"v1\" / ..);
    root.and(order_routes(1).or(ping()).boxed())
}
fn ping() -> impl Filter<Extract = (impl warp::Reply,), Error = Rejection> + Clone {
    warp::path!(\"ping\").and(warp::get().or(warp::head()).unify()).map(|| \"\")
}
async fn main() {
    let routes = api().or(health());
    warp::serve(routes).run(([127, 0, 0, 1], 80)).await;
}
fn health() -> impl Filter<Extract = (impl warp::Reply,), Error = Rejection> + Clone {
    warp::path!(\"live\").and(with_state()).then(live)
}
#[cfg(feature = \"queue-test-helpers\")]
pub mod helpers {
    fn mock() {
        let hello = warp::path!().map(|| \"{}\");
    }
}
";
    let orders = "use warp::{Filter, Rejection};
pub fn order_routes(n: u8) -> impl Filter<Extract = (impl warp::Reply,), Error = Rejection> + Clone {
    one_order().and(with_state()).then(show)
        .or(add_order())
}
fn one_order() -> impl Filter<Extract = (String,), Error = Rejection> + Clone {
    warp::path!(\"orders\" / String).and(warp::get()).and_then(extract_id)
}
fn add_order() -> impl Filter<Extract = (impl warp::Reply,), Error = Rejection> + Clone {
    require(1)
        .and(warp::path!(\"orders\"))
        .and(warp::header::optional::<String>(\"x\"))
        .and(warp::post())
        .then(add)
}
fn apart() -> impl Filter<Extract = (impl warp::Reply,), Error = Rejection> + Clone {
    warp::path!(\"apart\").and(warp::put()).then(put)
}
";
    let found = of(&[("src/orders.rs", orders), ("src/rest.rs", rest)]);
    let wanted = [
        "/api/v1/orders POST add",
        "/api/v1/orders/{string} GET ",
        "/api/v1/ping GET ",
        "/api/v1/ping HEAD ",
        "/live ANY live",
        "…/apart PUT put",
    ];
    assert_eq!(found, wanted);
}

#[test]
fn what_middleware_wraps_is_the_handler() {
    let routes = "package server
import (
	\"path\"
	\"github.com/labstack/echo/v4\"
)
const admin = \"/admin\"
func (a *App) routes(e *echo.Echo) {
	e.GET(path.Join(admin, \"/login\"), a.Login)
	e.POST(\"/orders/:id\", perm(hasID(a.Add), \"orders\"))
	e.GET(\"/export\", a.zip(5)(a.Export))
}
func hasID(next echo.HandlerFunc) echo.HandlerFunc { return next }
func perm(next echo.HandlerFunc, names ...string) echo.HandlerFunc { return next }
";
    let found = of(&[
        ("go.mod", "module example.org/shop\n"),
        ("server/routes.go", routes),
    ]);
    let wanted = [
        "/admin/login GET a.Login",
        "/export GET a.Export",
        "/orders/{id} POST a.Add",
    ];
    assert_eq!(found, wanted);
}

#[test]
fn a_base_of_the_configuration_stands_before_all_paths() {
    let controller = "package shop;
@RestController
class Owners {
  @GetMapping(\"/owners\")
  List<Owner> all() { return null; }
}
";
    let pom = "<project><groupId>a</groupId><artifactId>shop</artifactId></project>";
    let found = of(&[
        ("pom.xml", pom),
        ("src/main/java/shop/Owners.java", controller),
        (
            "src/main/resources/application.yml",
            "server:\n  servlet:\n    context-path: ${BASE:/shop}\nspring:\n  mvc:\n    servlet:\n      path: /api\n",
        ),
        (
            "src/main/resources/application-dev.yml",
            "server:\n  servlet:\n    context-path: /dev\n",
        ),
    ]);
    assert_eq!(found, ["/shop/api/owners GET all"]);
    let app = "from fastapi import FastAPI
app = FastAPI(title='Shop', root_path='/shop')
@app.get('/items')
def items():
    return []
";
    assert_eq!(of(&[("main.py", app)]), ["/shop/items GET items"]);
}

#[test]
fn routes_of_a_class_are_served_below_the_paths_of_those_that_extend_it() {
    let wanted = [
        "/depots POST add",
        "/depots/nearest GET nearest",
        "/depots/{id} DELETE remove",
        "/depots/{id} GET one",
        "/parcels GET all",
        "/parcels POST add",
        "/parcels/{id} DELETE remove",
        "/parcels/{id} GET one",
    ];
    assert_eq!(paths("java-http/inherited", &[]), wanted);
    let lent = "package shop;
abstract class Lent {
  @GetMapping(\"/{id}\")
  Order one() { return null; }
}
";
    let spring = format!(
        "package shop;\nimport org.springframework.web.bind.annotation.*;\n{}",
        &lent[14..]
    );
    assert_eq!(of(&[("src/main/java/shop/Lent.java", &spring)]), [""; 0]);
}

#[test]
fn actions_of_a_base_controller_stand_below_the_routes_of_those_that_extend_it() {
    let wanted = [
        "/about GET About",
        "/api/Letters/{id} GET One",
        "/api/Letters/{id}/loss POST Remove",
        "/api/Parcels GET All",
        "/api/Parcels/lost POST Lost",
        "/api/Parcels/{id} DELETE Remove",
        "/api/Parcels/{id} GET One",
        "/api/Parcels/{id}/loss POST Remove",
        "/api/Safes GET All",
        "/api/Safes/{id} DELETE Remove",
        "/api/Safes/{id}/loss POST Remove",
        "/staff/drivers/free GET Free",
        "/staff/drivers/{id} DELETE Remove",
        "/staff/drivers/{id} GET One",
        "/staff/drivers/{id}/loss POST Remove",
    ];
    assert_eq!(paths("csharp-http/inherited", &[]), wanted);
}

#[test]
fn groups_of_minimal_apis_are_filled_by_functions_of_other_files() {
    let wanted = [
        "/api/v{version}/lending GET ",
        "/api/v{version}/lending/loans POST ",
        "/api/v{version}/lending/loans/{id} GET Handler",
        "/api/v{version}/lending/loans/{id} PATCH Extend",
        "/api/v{version}/lending/returns/{id} PUT Give",
        "/staff/night GET List",
        "…/lost DELETE Lost",
    ];
    assert_eq!(paths("csharp-http/groups", &[]), wanted);
    // Each module calls its own extension of the same name.
    let module = |name: &str| {
        format!(
            "class Module {{ void Add(IEndpointRouteBuilder all) {{ all.MapGroup(\"{name}\").MapGetAll(); }} }}"
        )
    };
    let own = "static class All {
  static void MapGetAll(this IEndpointRouteBuilder all) { all.MapGet(\"/all\", List); }
}";
    let found = of(&[
        ("a/Module.cs", &module("a")),
        ("a/list/All.cs", own),
        ("b/Module.cs", &module("b")),
        ("b/list/All.cs", own),
    ]);
    assert_eq!(found, ["/a/all GET List", "/b/all GET List"]);
}

#[test]
fn a_script_gives_away_routers_of_another_under_names_of_its_own() {
    let server = "const express = require(\"express\");
const routes = require(\"./routes\");
const app = express();
app.use(\"/\", routes.render);
app.use(\"/api/v2\", routes.api);
app.use(\"/api\", routes.api);
app.listen(3000);
";
    let routes = "const { Router } = require(\"express\");
const loans = require(\"./loan.routes\");
const pages = require(\"./page.routes\");
const pageRouter = Router();
pageRouter.use(pages);
const apiRouter = Router();
apiRouter.use(\"/loans\", loans);
module.exports = {
  api: apiRouter,
  render: pageRouter,
};
";
    let one = |path: &str| {
        format!(
            "const {{ Router }} = require(\"express\");
const router = Router();
router.get(\"{path}\", handlers.answer);
module.exports = router;
"
        )
    };
    let found = of(&[
        ("server/server.js", server),
        (
            "server/routes/index.js",
            "module.exports = require(\"./routes\");",
        ),
        ("server/routes/routes.js", routes),
        ("server/routes/loan.routes.js", &one("/:id")),
        ("server/routes/page.routes.js", &one("/login")),
    ]);
    let wanted = [
        "/api/loans/{id} GET handlers.answer",
        "/api/v2/loans/{id} GET handlers.answer",
        "/login GET handlers.answer",
    ];
    assert_eq!(found, wanted);
}

#[test]
fn a_resource_has_the_actions_that_its_controller_has() {
    let routes = "<?php
use Illuminate\\Support\\Facades\\Route;
Route::apiResource('readers.loans', ReaderLoanController::class);
Route::apiResource('titles', TitleController::class);
Route::apiResource('halls', HallController::class)->only('show');
Route::get('readers', [ReaderLoanController::class, 'all']);
";
    let found = paths("laravel-controllers/lending", &[("routes/api.php", routes)]);
    let of_loans: Vec<&String> = found.iter().filter(|p| p.contains("Reader")).collect();
    let wanted = [
        "/api/readers GET ReaderLoanController::all",
        "/api/readers/{reader}/loans GET ReaderLoanController::index",
    ];
    assert_eq!(of_loans, wanted);
    // A trait may bring any action, and what was not read is not denied.
    let count = |class: &str| found.iter().filter(|p| p.contains(class)).count();
    assert_eq!((count("Title"), count("Hall")), (6, 1));
}

#[test]
fn services_of_poem_stand_where_they_are_nested() {
    let wanted = [
        "/shop/admin/api/keys GET keys",
        "/shop/admin/api/keys/{id}/stream ANY crate::streams::keys",
        "/shop/api/orders GET list",
        "/shop/api/orders/{id} DELETE delete",
        "/shop/api/orders/{id}/cancel POST cancel",
        "/shop/login GET login_page",
        "/shop/login POST login",
    ];
    assert_eq!(paths("rust-http/poem", &[]), wanted);
}
