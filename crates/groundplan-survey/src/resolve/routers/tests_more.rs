//! Whole paths of routes that several files give: Kotlin, API Platform, and routers that are handed on.

use super::tests::{of, paths};

#[test]
fn functions_and_resources_of_ktor_are_joined() {
    let wanted = [
        "/api/v1/books GET ",
        "/api/v1/books POST ",
        "/api/v1/books/{isbn} GET ",
        "/api/v1/books/{isbn}/cover DELETE ",
        "/api/v1/books/{isbn}/cover/progress WEBSOCKET ",
        "/api/v1/books/{isbn}/title PATCH rename",
        "/api/v1/exports/{format} PUT ",
        "/api/v1/loans GET ",
        "/api/v1/loans/{id} GET ",
        "/api/v1/loans/{id}/return POST ",
        "/api/v1/overdue GET ",
        "/api/v1/shelves GET ",
        "/api/v1/shelves HEAD ",
        "/health GET ",
        "…/drafts GET ",
    ];
    assert_eq!(paths("ktor-routes/library", &[]), wanted);
}

#[test]
fn resources_of_api_platform_stand_where_the_configuration_says() {
    let wanted = [
        "/api/clerk/orders/{id} PATCH Order",
        "/api/internal/hauliers GET Carrier",
        "/api/internal/hauliers POST Carrier",
        "/api/internal/hauliers/{id} DELETE Carrier",
        "/api/internal/hauliers/{id} GET Carrier",
        "/api/internal/hauliers/{id} PATCH Carrier",
        "/api/login POST ",
        "/api/v2/categories GET ProductCategory",
        "/api/v2/categories POST ProductCategory",
        "/api/v2/categories/{id} DELETE ProductCategory",
        "/api/v2/categories/{id} GET ProductCategory",
        "/api/v2/categories/{id} PATCH ProductCategory",
        "/api/v2/customers/{customerId}/orders GET Order",
        "/api/v2/delivery-notes GET DeliveryNote",
        "/api/v2/delivery-notes/{id} GET DeliveryNote",
        "/api/v2/delivery-notes/{id}/signature POST DeliveryNote",
        "/api/v2/media POST MediaObject",
        "/api/v2/media-objects GET MediaObject",
        "/api/v2/orders GET Order",
        "/api/v2/orders/{id} GET Order",
        "/api/v2/orders/{id}/cancellation POST Order",
    ];
    assert_eq!(paths("api-platform/shop", &[]), wanted);
}

#[test]
fn methods_of_routers_are_handed_on() {
    let wanted = [
        "/.well-known/depot GET m.get",
        "/api/v1/orders GET m.list",
        "/api/v1/orders POST m.create",
        "/api/v1/orders/{IDKey} DELETE m.remove",
        "/api/v1/orders/{IDKey}/lines GET m.lines",
    ];
    assert_eq!(paths("go-http/handed-methods", &[]), wanted);
}

#[test]
fn configurations_of_actix_are_handed_on() {
    let wanted = [
        "/.well-known/depot GET info",
        "/api/orders GET list",
        "/api/orders/{id}/lines POST add",
    ];
    assert_eq!(paths("rust-http/handed-configuration", &[]), wanted);
}

#[test]
fn annotations_of_a_program_make_controllers() {
    let wanted = [
        "/admin/orders GET all",
        "/admin/orders/{id} DELETE drop",
        "/tenants/{tenant}/orders GET all",
    ];
    assert_eq!(paths("java-http/composed", &[]), wanted);
}

#[test]
fn objects_of_other_files_have_routers() {
    let wanted = [
        "/api/books GET BookController.findAll",
        "/api/books/{id} DELETE BookController.delete",
        "/ping GET ",
        "/public/shares/{slug} GET ShareController.find",
    ];
    assert_eq!(paths("js-http/objects-with-routers", &[]), wanted);
}

#[test]
fn functions_with_types_make_routers_of_rust() {
    let wanted = [
        "/catalog/v1/config GET T::config",
        "/catalog/v1/{prefix}/tables GET T::list",
        "/catalog/v1/{prefix}/tables/rename POST T::rename",
    ];
    assert_eq!(paths("rust-http/typed-routers", &[]), wanted);
}

#[test]
fn mappings_of_spring_put_prefixes_before_classes_with_an_annotation() {
    let wanted = [
        "/crews/{crew}/roster GET roster",
        "/crews/{crew}/roster/{day} PUT change",
    ];
    assert_eq!(paths("java-http/combined", &[]), wanted);
}

#[test]
fn attributes_of_laravel_stand_below_the_prefix_of_their_folder() {
    let wanted = [
        "/api/shops/{shop}/orders GET OrderController::index",
        "/api/shops/{shop}/orders/hook ANY OrderController::hook",
        "/api/shops/{shop}/orders/hooks POST OrderController::hook",
        "/api/shops/{shop}/orders/{order} PATCH OrderController::update",
        "/api/shops/{shop}/orders/{order} PUT OrderController::update",
        "/orders/{order}/line-items GET LineController::index",
        "/orders/{order}/line-items POST LineController::store",
        "/orders/{order}/line-items/{line} GET LineController::show",
        "/orders/{order}/line-items/{line} PATCH LineController::update",
        "/orders/{order}/line-items/{line} PUT LineController::update",
    ];
    assert_eq!(paths("laravel-attributes/controllers", &[]), wanted);
}

#[test]
fn a_helper_of_python_adds_routes_with_the_paths_that_its_callers_give() {
    let api = "from flask_smorest import Blueprint
from .people import PersonResource
bp = Blueprint('api', __name__, url_prefix='/api')
def register(resource: Type[Resource], url: str, name: str, tags=None):
    bp.add_url_rule(url, endpoint=name, view_func=resource, methods=['GET', 'PUT'])
def plain(path, view, verbs):
    bp.add_url_rule(f'/v2{path}', view_func=view, methods=verbs)
def mapped(path, view):
    path = scoped(path)
    bp.add_url_rule(path, view_func=view)
app.register_blueprint(bp)
register(PersonResource, '/people/<string:handle>', 'person')
register(resource=PlaceResource, url='/places/', name='places', tags=['Places'])
plain('/ping', ping, ['POST'])
mapped('/lost', lost)
";
    let wanted = [
        "/api/people/{handle} ANY PersonResource",
        "/api/places ANY PlaceResource",
        "/api/v2/ping POST ping",
        "…  ",
    ];
    assert_eq!(of(&[("shop/api.py", api)]), wanted);
}

#[test]
fn files_that_fill_groups_of_slim_stand_below_them() {
    let routes = "<?php
use Slim\\App;
use Slim\\Routing\\RouteCollectorProxy;
return static function (App $app) {
    $app->group('/api', function (RouteCollectorProxy $group) {
        $group->group('', function (RouteCollectorProxy $group) {
            call_user_func(include(__DIR__ . '/routes/api.php'), $group);
        });
        (require __DIR__ . '/routes/admin.php')($group);
    });
    $data = include(__DIR__ . '/data.php');
};
";
    let api = "<?php
use Slim\\Routing\\RouteCollectorProxy;
return static function (RouteCollectorProxy $group) {
    $group->get('/stations', Controller\\StationsAction::class);
};
";
    let admin = "<?php
use Slim\\Routing\\RouteCollectorProxy;
return function (RouteCollectorProxy $app) {
    $app->group('/admin', function ($group) {
        $group->put('/keys/{id}', Controller\\KeysAction::class);
    });
};
";
    let found = of(&[
        ("config/routes.php", routes),
        ("config/routes/api.php", api),
        ("config/routes/admin.php", admin),
    ]);
    let wanted = [
        "/api/admin/keys/{id} PUT KeysAction",
        "/api/stations GET StationsAction",
    ];
    assert_eq!(found, wanted);
}

#[test]
fn modules_of_carter_stand_below_the_path_of_their_constructor() {
    let modules = "using Carter;
public class OrdersModule : CarterModule
{
    public OrdersModule() : base(\"/orders\") { }
    public override void AddRoutes(IEndpointRouteBuilder app)
    {
        app.MapGet(\"/{id}\", Get);
    }
}
public class PlainModule : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app)
    {
        app.MapPost(\"/plain\", Add);
    }
}
";
    let wanted = ["/orders/{id} GET Get", "/plain POST Add"];
    assert_eq!(of(&[("Api/Modules.cs", modules)]), wanted);
}

#[test]
fn a_filter_of_axum_names_the_methods() {
    let main = "use axum::{routing::{self, get, on, MethodFilter}, Router};
pub fn router() -> Router {
    Router::new()
        .route(\"/orders\", on(MethodFilter::GET.or(MethodFilter::POST), orders))
        .route(\"/items\", routing::on(MethodFilter::PUT, items))
        .route(\"/ping\", get(ping))
}
";
    let wanted = [
        "/items PUT items",
        "/orders GET orders",
        "/orders POST orders",
        "/ping GET ping",
    ];
    assert_eq!(of(&[("src/main.rs", main)]), wanted);
}

#[test]
fn namespaces_stand_below_the_blueprint_of_their_api() {
    let app = "from flask import Flask, Blueprint
from flask_restx import Api
from .users import ns as users_ns
from .orders import api as orders_ns
blueprint = Blueprint('api', __name__, url_prefix='/api/1')
api = Api(blueprint, doc='/doc/')
api.add_namespace(users_ns)
api.add_namespace(orders_ns, path='/order')
def create_app():
    app = Flask(__name__)
    app.register_blueprint(blueprint)
    return app
";
    let users = "from flask_restx import Namespace, Resource
ns = Namespace('users', description='x')
@ns.route('/')
class Users(Resource):
    def get(self):
        pass
";
    let orders = "from flask_restx import Namespace, Resource
api = Namespace('orders', path='/orders')
@api.route('/<id>/lines')
class Lines(Resource):
    def get(self, id):
        pass
";
    let files = [
        ("app/__init__.py", app),
        ("app/users.py", users),
        ("app/orders.py", orders),
    ];
    let wanted = [
        "/api/1/order/{id}/lines GET Lines",
        "/api/1/users GET Users",
    ];
    assert_eq!(of(&files), wanted);
}

#[test]
fn constants_of_a_class_are_paths_of_its_attributes() {
    let controller = "<?php
use Symfony\\Component\\Routing\\Attribute\\Route;
#[Route(self::BASE . '/orders')]
final class OrderController extends AbstractController
{
    public const string BASE = '/shop';
    private const SUB = '/sub';
    #[Route(self::SUB . '/{id}', methods: ['POST'])]
    public function sub(): Response {}
    #[Route(Paths::OTHER, methods: ['PUT'])]
    public function other(): Response {}
}
";
    let found = of(&[("src/OrderController.php", controller)]);
    let wanted = [
        "/shop/orders/sub/{id} POST OrderController::sub",
        "… PUT OrderController::other",
    ];
    assert_eq!(found, wanted);
}

#[test]
fn templates_of_kotlin_name_constants() {
    let controller = "package com.acme
import org.springframework.web.bind.annotation.*
@RestController
@RequestMapping(\"$BASE/orders\")
class OrderController {
    @GetMapping(\"/{id}\")
    fun one(@PathVariable id: Long) = 1
    @PostMapping(\"\\${shop.pay}/now\")
    fun pay() {}
}
";
    let wanted = [
        "/{BASE}/orders/${shop.pay}/now POST pay",
        "/{BASE}/orders/{id} GET one",
    ];
    assert_eq!(of(&[("src/OrderController.kt", controller)]), wanted);
}
