//! Whole paths of routes below bases that settings give, below each round of a loop, and of routers that other
//! files make.

use super::tests::of;

#[test]
fn a_default_of_a_setting_stands_before_the_routes_below_it() {
    let server = "package server

import \"github.com/go-chi/chi/v5\"

func (s *Server) Register(r *chi.Mux) {
	r.Route(s.BaseURL, func(r chi.Router) {
		r.Get(\"/orders\", s.orders)
	})
	r.Get(s.conf.Admin.PathPrefix+\"/users\", s.users)
	r.Get(s.conf.OtherPrefix+\"/files\", s.files)
}
";
    let start = "package main

func serverConfig() server.Config {
	viper.SetDefault(\"admin.path_prefix\", \"/admin\")
	viper.SetDefault(\"pages.path_prefix\", \"/pages\")
	return server.Config{BaseURL: \"/api/v3\"}
}
";
    let files = [("server/server.go", server), ("main.go", start)];
    let wanted = [
        "/admin/users GET s.users",
        "/api/v3/orders GET s.orders",
        "…/files GET s.files",
    ];
    assert_eq!(of(&files), wanted);
}

#[test]
fn a_base_with_several_defaults_or_none_is_left_out() {
    let server = "package server

import \"github.com/gin-gonic/gin\"

type Config struct {
	BasePath string `env:\"BASE_PATH\" default:\"/shop\"`
}

func (s *Server) Register(r *gin.Engine) {
	api := r.Group(s.conf.System.RouterPrefix)
	api.GET(\"/orders\", s.orders)
	r.GET(s.conf.BasePath+\"/users\", s.users)
	r.GET(s.conf.ContextPath+\"/files\", s.files)
}
";
    let one = "system:\n  router-prefix: /one\n";
    let other = "system:\n  router-prefix: /other\n";
    let files = [
        ("server/server.go", server),
        ("config.yaml", one),
        ("config.docker.yaml", other),
    ];
    let wanted = [
        "/files GET s.files",
        "/orders GET s.orders",
        "/shop/users GET s.users",
    ];
    assert_eq!(of(&files), wanted);
}

#[test]
fn a_default_of_another_section_is_not_meant() {
    let server = "package server

import \"github.com/gin-gonic/gin\"

func (s *Server) Register(r *gin.Engine) {
	r.GET(s.conf.Shop.BaseURL+\"/orders\", s.orders)
	r.GET(s.conf.Admin.BasePath+\"/files\", s.files)
	r.GET(s.BaseURL+\"/users\", s.users)
}
";
    let config = "pay:\n  base_url: /pay\nserver:\n  base_path: /shop\nui:\n  base_url: /ui\n";
    let files = [("server/server.go", server), ("config.yaml", config)];
    let wanted = [
        "/files GET s.files",
        "/orders GET s.orders",
        "/users GET s.users",
    ];
    assert_eq!(of(&files), wanted);
}

#[test]
fn each_round_of_a_loop_adds_the_routes_again() {
    let main = "package main

import (
	\"github.com/acme/shop/routes\"
	\"github.com/gin-gonic/gin\"
)

var paths = []string{\"/api/shop/v3\"}

func main() {
	app := gin.New()
	for _, path := range paths {
		api := app.Group(path)
		routes.Init(api)
	}
	for _, version := range []string{\"v1\", \"v2\"} {
		old := app.Group(\"/old/\" + version)
		old.GET(\"/users\", users)
	}
	for _, number := range []string{\"1\", \"2\"} {
		app.GET(\"/api/v\"+number+\"/files\", files)
	}
	for _, path := range load() {
		app.GET(path+\"/more\", more)
	}
}
";
    let routes = "package routes

import \"github.com/gin-gonic/gin\"

func Init(api *gin.RouterGroup) {
	api.GET(\"/orders\", orders)
}
";
    let files = [("main.go", main), ("routes/routes.go", routes)];
    let wanted = [
        "/api/shop/v3/orders GET orders",
        "/api/v1/files GET files",
        "/api/v2/files GET files",
        "/old/v1/users GET users",
        "/old/v2/users GET users",
        "…/more GET more",
    ];
    assert_eq!(of(&files), wanted);
}

#[test]
fn a_folder_may_be_called_like_a_version_and_no_package_imports_itself() {
    let start = "package router

import (
	\"github.com/labstack/echo/v4\"

	v1 \"github.com/acme/shop/router/v1\"
	v3 \"github.com/acme/shop/router/v3\"
)

type Router struct {
	v1 *v1.Handlers
	v3 *v3.Handlers
}

func Setup(r *Router) *echo.Echo {
	e := echo.New()
	api := e.Group(\"/api\")
	r.v1.Setup(api)
	r.v3.Setup(api)
	return e
}
";
    let version = |number: &str| {
        format!(
            "package v{number}

import \"github.com/labstack/echo/v4\"

func (h *Handlers) Setup(e *echo.Group) {{
	api := e.Group(\"/v{number}\")
	api.GET(\"/users\", h.users)
}}
"
        )
    };
    let (one, three) = (version("1"), version("3"));
    let files = [
        ("router/router.go", start),
        ("router/v1/router.go", one.as_str()),
        ("router/v3/router.go", three.as_str()),
    ];
    let wanted = ["/api/v1/users GET h.users", "/api/v3/users GET h.users"];
    assert_eq!(of(&files), wanted);
}

#[test]
fn a_router_of_the_program_may_have_a_type_that_only_its_package_sees() {
    let api = "package api

import \"net/http\"

func New() *API {
	r := newRouter()
	r.Get(\"/health\", api.health)
	r.Route(\"/users\", func(r *router) {
		r.With(api.asked).Post(\"/\", api.add)
		r.Route(\"/{id}\", func(r *router) {
			r.Delete(\"/\", api.drop)
		})
	})
	return api
}
";
    let router = "package api

import \"github.com/go-chi/chi/v5\"

type router struct{ chi chi.Router }

func newRouter() *router { return &router{chi.NewRouter()} }

func (r *router) Post(pattern string, fn handler) {
	r.chi.Post(pattern, wrap(fn))
}
";
    let found = of(&[("api/api.go", api), ("api/router.go", router)]);
    let wanted = [
        "/health GET api.health",
        "/users POST api.add",
        "/users/{id} DELETE api.drop",
    ];
    let read: Vec<&String> = found.iter().filter(|p| p.starts_with('/')).collect();
    assert_eq!(read, wanted);
}

#[test]
fn settings_of_rails_and_parameters_of_methods_are_parts_of_paths() {
    let routes = "Rails.application.routes.draw do
  def draw_routes(prefix)
    scope \"#{prefix}/#{Settings.app_path}\" do
      resources :orders, only: :index
    end
  end

  draw_routes(Settings.path_prefix)
  draw_routes('/old')
  scope \"#{Settings.unknown}/x\" do
    get 'users', to: 'users#index'
  end
  scope \"#{Settings.unknown_prefix}/#{Settings.app_name}\" do
    get 'carts', to: 'carts#index'
  end
  scope \"#{Settings.title_name}/y\" do
    get 'titles', to: 'titles#index'
  end
  scope \"/#{computed(1)}/y\" do
    get 'files', to: 'files#index'
  end
end
";
    let settings =
        "app_path: 'shop'\napp_name: 'market'\npath_prefix: '/api'\ntitle_name: 'A shop'\n";
    let files = [
        ("config/routes.rb", routes),
        ("config/settings.yml", settings),
    ];
    let wanted = [
        "/api/shop/orders GET orders#index",
        "/market/carts GET carts#index",
        "/old/shop/orders GET orders#index",
        "…/files GET files#index",
        "…/x/users GET users#index",
        "…/y/titles GET titles#index",
    ];
    assert_eq!(of(&files), wanted);
}

#[test]
fn classes_of_flask_classful_stand_where_they_are_registered() {
    let orders = "from flask_classful import FlaskView, route

class OrderAPI(FlaskView):
    route_base = '/orders'

    @route('', methods=['GET'])
    def index(self):
        return all()

    @route('/<int:id>', methods=['PATCH', 'DELETE'])
    @route('/by-id/<int:id>')
    def one(self, id):
        return None

    def post(self):
        return None

    def _hidden(self):
        return None

class UsersView(FlaskView):
    def get(self, key):
        return key

    def newest(self):
        return None
";
    let start = "from shop.orders import OrderAPI

def register_at(app):
    prefix = '/api/v3'
    OrderAPI.register(app, route_prefix=prefix)
";
    let files = [("shop/orders.py", orders), ("shop/__init__.py", start)];
    let wanted = [
        "/api/v3/orders GET index",
        "/api/v3/orders POST post",
        "/api/v3/orders/by-id/{id} GET one",
        "/api/v3/orders/{id} DELETE one",
        "/api/v3/orders/{id} PATCH one",
        "…/users/newest GET newest",
        "…/users/{key} GET get",
    ];
    assert_eq!(of(&files), wanted);
}

#[test]
fn an_application_is_made_with_the_routes_of_a_function() {
    let router = "from shop.router import APIRouter
from shop.orders import router as orders_router

def build_routes(base_url: str = ''):
    app_router = APIRouter(prefix=base_url)
    app_router.include_router(orders_router, prefix='/api/orders')
    return app_router.routes
";
    let orders = "from shop.router import APIRouter
router = APIRouter()

@router.post('/clear')
async def clear(request):
    pass
";
    let main = "from starlette.applications import Starlette
from shop.api import build_routes

def create(base_url):
    return Starlette(routes=build_routes(base_url=base_url))
";
    let files = [
        ("shop/api.py", router),
        ("shop/orders.py", orders),
        ("shop/main.py", main),
    ];
    assert_eq!(of(&files), ["/api/orders/clear POST clear"]);
    let mounted = "from starlette.applications import Starlette
from shop.api import build_routes

app = Starlette()
inner = Starlette(routes=build_routes())
app.mount('/inner', inner)
";
    let files = [files[0], files[1], ("shop/main.py", mounted)];
    assert_eq!(of(&files), ["/inner/api/orders/clear POST clear"]);
}

#[test]
fn versions_of_fast_endpoints_stand_before_routes_where_the_program_says_so() {
    let start = "using FastEndpoints;
app.UseFastEndpoints(x =>
{
    x.Endpoints.RoutePrefix = \"api\";
    x.Versioning.Prefix = \"v\";
    x.Versioning.PrependToRoute = true;
    x.Versioning.DefaultVersion = 1;
});
";
    let group = "using FastEndpoints;
public sealed class OwnerGroup : Group
{
    public const string RoutePrefix = \"Owner\";
    public OwnerGroup()
    {
        Configure(RoutePrefix.ToLowerInvariant(), ep => { });
    }
}
";
    let endpoint = "using FastEndpoints;
public sealed class OrdersEndpoint : EndpointWithoutRequest
{
    public override void Configure()
    {
        Get(\"orders/{id}\");
        Group<OwnerGroup>();
    }
}
";
    let files = [
        ("src/Shop/Program.cs", start),
        ("src/Shop/OwnerGroup.cs", group),
        ("src/Shop/OrdersEndpoint.cs", endpoint),
    ];
    assert_eq!(of(&files), ["/api/v1/owner/orders/{id} GET OrdersEndpoint"]);
}

#[test]
fn what_a_function_gives_away_stands_where_its_caller_says() {
    let api = "package handlers

import \"github.com/go-pkgz/routegroup\"

func NewApi(orders Orders) SetupFunc {
	return func() (string, GroupFunc) {
		return \"v1\", func(group *routegroup.Bundle) {
			group.HandleFunc(\"GET /csrf\", csrf)
		}
	}
}
";
    assert_eq!(of(&[("handlers/api.go", api)]), ["…/csrf GET csrf"]);
}

#[test]
fn the_default_of_a_variable_is_the_prefix_of_all_routes_of_nest() {
    let main = "import { NestFactory } from '@nestjs/core'
async function bootstrap() {
  const app = await NestFactory.create(AppModule)
  app.setGlobalPrefix(process.env.API_PREFIX || 'api')
  await app.listen(3000)
}
bootstrap()
";
    let orders = "import { Controller, Get } from '@nestjs/common'
@Controller('orders')
export class OrdersController {
  @Get(':id')
  one() {}
}
";
    let files = [("src/main.ts", main), ("src/orders.controller.ts", orders)];
    assert_eq!(of(&files), ["/api/orders/{id} GET one"]);
}

#[test]
fn a_default_of_the_environment_stands_before_patterns_of_django() {
    let urls = "import os
from django.urls import include, re_path
from rest_framework.urls_more import SimpleRouterWithNesting
from shop.views import OrderViewSet

API_PREFIX = os.getenv('API_PREFIX', 'api/')
router = SimpleRouterWithNesting()
router.register('orders', OrderViewSet)
commands = CommandRouter()
commands.register(ClearCommand, self.clear)
urlpatterns = [
    re_path(r'^{}v1/'.format(API_PREFIX), include(router.urls)),
    re_path(r'^{}v2/'.format(API_PREFIX), include(router.urls)),
]
";
    let found = of(&[("shop/urls.py", urls)]);
    let orders: Vec<&String> = found.iter().filter(|p| p.contains("Order")).collect();
    let wanted = [
        "/api/v1/orders/ ANY OrderViewSet",
        "/api/v2/orders/ ANY OrderViewSet",
    ];
    assert_eq!(orders, wanted);
    assert!(!found.iter().any(|p| p.contains("Clear")));
}

#[test]
fn a_helper_of_another_file_is_told_everything_of_a_route() {
    let orders = "package handler

import (
	\"net/http\"

	\"github.com/labstack/echo/v4\"
)

func Routes(e *echo.Echo) {
	group := e.Group(\"/api\")
	addRoute(group, http.MethodGet, \"/orders\", h.list, Read)
	addRoute(group, http.MethodGet, computed(), h.other, Read)
	addMetric(group, http.MethodGet, \"/metric\", h.metric)
	addRoute(counter, http.MethodGet, \"/count\", h.count, Read)
}
";
    assert_eq!(
        of(&[("handler/orders.go", orders)]),
        ["/api/orders GET h.list"]
    );
}

#[test]
fn a_setting_of_django_stands_before_what_is_included() {
    let urls = "from django.conf import settings
from django.urls import include, path
from shop.views import orders

API_PATH_PREFIX = settings.API_PATH_PREFIX
if API_PATH_PREFIX.startswith('/'):
    API_PATH_PREFIX = API_PATH_PREFIX[1:]
urlpatterns = [
    path(f'{API_PATH_PREFIX}v1/orders/', orders),
]
";
    let settings = "API_PATH_PREFIX = env.get_value('API_PATH_PREFIX', default='/api')\n";
    let files = [("shop/urls.py", urls), ("shop/settings.py", settings)];
    assert_eq!(of(&files), ["/api/v1/orders/ ANY orders"]);
}

#[test]
fn the_package_of_a_folder_that_is_a_version_is_called_after_the_one_around_it() {
    let main = "package main

import (
	\"github.com/acme/shop/api/v1\"
	\"github.com/go-chi/chi/v5\"
)

func main() {
	r := chi.NewRouter()
	r.Mount(\"/shop\", api.Routes())
}
";
    let api = "package api

import \"github.com/go-chi/chi/v5\"

func Routes() chi.Router {
	r := chi.NewRouter()
	r.Get(\"/orders\", orders)
	return r
}
";
    let files = [("main.go", main), ("api/v1/api.go", api)];
    assert_eq!(of(&files), ["/shop/orders GET orders"]);
}
