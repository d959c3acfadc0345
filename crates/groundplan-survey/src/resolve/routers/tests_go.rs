//! Whole paths of routes of Go that several files give.

use super::tests::paths;

#[test]
fn namespaces_stand_before_the_comments_of_a_controller() {
    let wanted = [
        "/alive GET ",
        "/api/orders GET controllers.OrderController.List",
        "/api/orders POST controllers.OrderController.Save",
        "/api/orders PUT controllers.OrderController.Save",
        "/api/orders/{id} ANY controllers.OrderController.One",
        "/carts ANY controllers.NewCart",
        "/echo ANY controllers.Echo",
        "/v1/late DELETE controllers.LateController.Drop",
        "/v1/products GET ProductController.All",
        "/v1/products/{id} GET ProductController.One",
        "/v1/products/{id} PUT ProductController.One",
        "/v1/users GET controllers.UserController.List",
        "/v1/users/me GET controllers.Me",
    ];
    assert_eq!(paths("go-beego/routes", &[]), wanted);
}

#[test]
fn the_type_of_a_router_says_where_it_stands() {
    let wanted = [
        "/admin/orders GET h.list",
        "/admin/orders GET h.moved",
        "/admin/orders/{id} DELETE h.drop",
        "/login POST h.login",
        "/orders/export GET h.export",
        "/orders/{id} GET h.show",
        "/own GET own",
    ];
    assert_eq!(paths("go-http/own-routers", &[]), wanted);
}

#[test]
fn constants_of_other_files_are_parts_of_paths() {
    let wanted = [
        "/api/v2/quotas/users/scans GET scans",
        "/api/v2/token GET s.token",
        "/api/v2/users GET list",
        "/api/v2/users POST add",
        "/api/v2/users/groups/{name} GET group",
        "/api/v2/users/{username} PUT update",
        "/api/v3/files GET files",
        "/health GET health",
        "/health/stats GET health",
        "/pages GET pages",
        "…  ",
        "…/login GET login",
        "…/logs GET logs",
    ];
    assert_eq!(paths("go-http/constants-of-other-files", &[]), wanted);
}

#[test]
fn endpoints_stand_where_a_loop_hands_them_on() {
    let wanted = [
        "/2.0 GET rootGet",
        "/2.0/labels GET list",
        "/2.0/metrics GET metrics",
        "/2.0/pallets GET palletsGet",
        "/2.0/pallets POST palletsPost",
        "/2.0/pallets/{name} DELETE palletDelete",
        "/2.0/pallets/{name} GET palletGet",
        "/2.0/pallets/{name} PUT palletPut",
        "/2.0/pallets/{name}/seal POST palletSeal",
        "/internal/drain POST drain",
        "…  ",
        "…/former GET former",
    ];
    assert_eq!(paths("go-http/endpoint-structs", &[]), wanted);
}

#[test]
fn a_subrouter_may_have_the_whole_path() {
    let wanted = [
        "/api/ping GET pong",
        "/api/ping HEAD pong",
        "…/me GET getMe",
        "…/users/{user_id} GET getUser",
        "…/users/{user_id} HEAD getUser",
        "…/users/{user_id} PUT putUser",
    ];
    assert_eq!(paths("go-http/gorilla-subrouters", &[]), wanted);
}

#[test]
fn a_router_that_is_handed_on_stays_where_it_stands() {
    let wanted = [
        "/health GET health",
        "/offices GET rs.list",
        "/teams/{team} GET team",
        "/users POST register",
        "/users/roles/actions GET actions",
        "/users/{id} GET show",
        "/users/{id}/roles GET list",
        "/users/{id}/roles/{role} DELETE drop",
        "/{domain}/orders GET list",
        "/{domain}/orders/roles GET list",
        "/{domain}/orders/roles/{role} DELETE drop",
    ];
    assert_eq!(paths("go-http/handed-routers", &[]), wanted);
}

#[test]
fn tables_of_routes_are_read() {
    let wanted = [
        "/ GET Index",
        "/notes POST NoteCreate",
        "/notes/{note} DELETE NoteDrop",
        "/tags GET c.ListTags",
        "/v1/pets/{id} GET ShowPetHandler",
        "…  ",
    ];
    assert_eq!(paths("go-http/route-tables", &[]), wanted);
}

#[test]
fn helpers_may_be_given_the_method() {
    let wanted = [
        "/api/tokens GET a.tokens",
        "/api/tokens POST a.newToken",
        "/v1/invoices/{id}/pdf GET pdf",
        "/v1/users GET a.users",
        "/v1/users/{id} GET a.user",
        "/whoami ANY a.whoami",
    ];
    assert_eq!(paths("go-http/method-helpers", &[]), wanted);
}

#[test]
fn parts_of_a_router_that_another_file_keeps_are_handed_on() {
    let routes = "package api

import (
	\"fmt\"
	\"net/http\"

	\"github.com/acme/shop/ext\"
	\"github.com/gorilla/mux\"
)

func (h *Handler) routes() {
	prefixed := h.c.Router.PathPrefix(\"/v2\").Subrouter()
	dist := prefixed.NewRoute().Subrouter()
	dist.HandleFunc(fmt.Sprintf(\"/{name:%s}/tags\", names.Regexp.String()), h.tags).Methods(http.MethodGet)
	dist.HandleFunc(\"/{name:\"+names.Regexp.String()+\"}/blobs/{digest}\", h.blob).Methods(http.MethodHead)
	ext.Setup(h.c.Config, prefixed, h.c.Log)
}

var _ mux.Router
";
    let ext = "package ext

import \"github.com/gorilla/mux\"

func Setup(conf *Config, router *mux.Router, log Log) {
	own := router.PathPrefix(\"/_ext/prefs\").Subrouter()
	own.Methods(\"PUT\").HandlerFunc(prefs)
	router.HandleFunc(\"/_ext/search\", search).Methods(\"GET\")
}
";
    let wanted = [
        "/v2/_ext/prefs PUT prefs",
        "/v2/_ext/search GET search",
        "/v2/{name}/blobs/{digest} HEAD h.blob",
        "/v2/{name}/tags GET h.tags",
    ];
    let files = [("api/routes.go", routes), ("ext/ext.go", ext)];
    assert_eq!(super::tests::of(&files), wanted);
}

#[test]
fn a_handler_that_hands_requests_on_strips_a_prefix() {
    let front = "package handler

import (
	\"net/http\"

	\"github.com/acme/shop/http/users\"
)

type Handler struct {
	UserHandler *users.Handler
}

func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case strings.HasPrefix(r.URL.Path, \"/api/users\"):
		http.StripPrefix(\"/api\", h.UserHandler).ServeHTTP(w, r)
	}
}
";
    let users = "package users

import \"github.com/gorilla/mux\"

type Handler struct {
	*mux.Router
}

func NewHandler(store *Store) *Handler {
	h := &Handler{Router: mux.NewRouter()}
	admins := h.NewRoute().Subrouter()
	admins.Handle(\"/users\", h.create).Methods(\"POST\")
	return h
}
";
    let files = [("http/front.go", front), ("http/users/handler.go", users)];
    assert_eq!(super::tests::of(&files), ["/api/users POST h.create"]);
}

#[test]
fn a_prefix_that_a_helper_is_given_is_not_taken_for_its_name() {
    let server = "package web

import \"github.com/go-chi/chi/v5\"

func (s *Server) setup(r *chi.Mux, where string, apiBasePath string) {
	r.Route(where, func(r chi.Router) {
		s.users.Routes(r)
	})
	r.Route(apiBasePath, func(r chi.Router) {
		s.orders.Orders(r)
	})
}
";
    let users = "package users

import \"github.com/go-chi/chi/v5\"

func (u *Users) Routes(r chi.Router) {
	r.Get(\"/users\", u.list)
}

func (u *Users) Orders(r chi.Router) {
	r.Get(\"/orders\", u.orders)
}
";
    let files = [("web/server.go", server), ("users/users.go", users)];
    let wanted = ["/orders GET u.orders", "…/users GET u.list"];
    assert_eq!(super::tests::of(&files), wanted);
}

#[test]
fn what_is_written_in_place_says_which_methods_it_goes_on_with() {
    let web = "package web

import \"net/http\"

func routes(mux *http.ServeMux) {
	mux.HandleFunc(\"/save\", func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost && r.Method != \"PUT\" {
			http.Error(w, \"no\", http.StatusMethodNotAllowed)
			return
		}
	})
	mux.Handle(\"/items\", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.Method {
		case http.MethodGet, http.MethodHead:
			list(w)
		case http.MethodDelete:
			drop(w)
		default:
			w.WriteHeader(405)
		}
	}))
	mux.HandleFunc(\"/form\", func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost {
			show(w)
			return
		}
	})
	mux.HandleFunc(\"/some\", func(w http.ResponseWriter, r *http.Request) {
		switch r.Method {
		case http.MethodGet:
			list(w)
		}
	})
}
";
    let wanted = [
        "/form ANY ",
        "/items DELETE ",
        "/items GET ",
        "/items HEAD ",
        "/save POST ",
        "/save PUT ",
        "/some ANY ",
    ];
    assert_eq!(super::tests::of(&[("web/web.go", web)]), wanted);
}

#[test]
fn a_router_whose_maker_was_not_followed_stands_where_its_type_says() {
    let types = "package web

const AdminPrefix = \"/admin\"

type Router struct {
	prefix string
}
type RouterAdmin struct{ Router }

func NewRouterAdminWithPrefix() *RouterAdmin {
	r := NewRouterAdmin()
	r.prefix = AdminPrefix
	return r
}

func (r *RouterAdmin) GET(path string, handle http.HandlerFunc) {}
";
    let server = "package cmd

import \"github.com/acme/shop/web\"
import \"github.com/acme/shop/clients\"

func serve(d driver) {
	router := web.NewRouterAdminWithPrefix()
	RegisterAdmin(router)
}

func RegisterAdmin(admin *web.RouterAdmin) {
	clients.NewHandler().SetAdminRoutes(admin)
}
";
    let clients = "package clients

import \"github.com/acme/shop/web\"

func (h *Handler) SetAdminRoutes(r *web.RouterAdmin) {
	r.GET(\"/clients\", h.list)
}
";
    let files = [
        ("web/router.go", types),
        ("cmd/serve.go", server),
        ("clients/handler.go", clients),
    ];
    assert_eq!(super::tests::of(&files), ["/admin/clients GET h.list"]);
}

#[test]
fn each_thing_of_a_loop_is_registered_at_the_group() {
    let main = "package main

import (
	\"github.com/acme/shop/web\"
	\"github.com/labstack/echo/v4\"
)

func main() {
	e := echo.New()
	g := e.Group(\"/api/v1\")
	for _, h := range []web.Registrar{web.NewUsers(), web.NewOrders()} {
		h.Register(g)
	}
}
";
    let web = "package web

import \"github.com/labstack/echo/v4\"

func (u *Users) Register(g *echo.Group) {
	g.GET(\"/users\", u.list)
}

func (o *Orders) Register(g *echo.Group) {
	g.POST(\"/orders\", o.add)
}
";
    let wanted = ["/api/v1/orders POST o.add", "/api/v1/users GET u.list"];
    let files = [("main.go", main), ("web/web.go", web)];
    assert_eq!(super::tests::of(&files), wanted);
}

#[test]
fn what_a_constructor_fills_stands_where_its_handler_is_given() {
    let main = "package main

import (
	\"net/http\"

	\"github.com/acme/shop/api\"
)

func main() {
	mux := http.NewServeMux()
	a := api.New(db)
	mux.Handle(\"/api/\", http.StripPrefix(\"/api\", a.Handler()))
}
";
    let api = "package api

import \"net/http\"

type API struct{ mux *http.ServeMux }

func New(db *DB) *API {
	a := &API{mux: http.NewServeMux()}
	a.routes()
	return a
}

func (a *API) Handler() http.Handler { return a.mux }

func (a *API) routes() {
	a.mux.HandleFunc(\"GET /users/{id}\", a.user)
}
";
    let files = [("main.go", main), ("api/api.go", api)];
    assert_eq!(super::tests::of(&files), ["/api/users/{id} GET a.user"]);
}

#[test]
fn a_method_that_only_one_type_has_is_found_through_fields_of_others() {
    let start = "package initialize

import (
	\"github.com/acme/shop/router\"
	\"github.com/gin-gonic/gin\"
)

func Routers() {
	engine := gin.New()
	system := router.Groups.System
	private := engine.Group(global.CONFIG.System.RouterPrefix)
	system.InitApi(private)
}
";
    let api = "package system

import \"github.com/gin-gonic/gin\"

func (s *ApiRouter) InitApi(Router *gin.RouterGroup) {
	group := Router.Group(\"api\")
	group.POST(\"create\", create)
}
";
    let files = [
        ("initialize/router.go", start),
        ("router/system/api.go", api),
    ];
    assert_eq!(super::tests::of(&files), ["/api/create POST create"]);
}

#[test]
fn routers_are_handed_on_through_fields_of_other_files() {
    let services = "package boot

import (
	\"github.com/acme/depot/internal/crates\"
	\"github.com/acme/depot/internal/pallets\"
)

type services struct {
	crates  *crates.Module
	pallets *pallets.Module
}
";
    let router = "package boot

import \"github.com/gin-gonic/gin\"

func routes(s *services) {
	engine := gin.New()
	root := engine.Group(\"/\")
	api := engine.Group(\"/api\")
	s.crates.RegisterRoutes(api, limit())
	s.pallets.RegisterRoutes(root, api)
}
";
    let crates = "package crates

import \"github.com/gin-gonic/gin\"

func (m *Module) RegisterRoutes(api *gin.RouterGroup, limit gin.HandlerFunc) {
	group := api.Group(\"/crates\")
	group.GET(\"\", m.list)
}
";
    let pallets = "package pallets

import \"github.com/gin-gonic/gin\"

func (m *Module) RegisterRoutes(root, api *gin.RouterGroup) {
	root.GET(\"/scan\", m.scan)
	api.GET(\"/pallets\", m.list)
}
";
    let files = [
        ("boot/services.go", services),
        ("boot/router.go", router),
        ("internal/crates/module.go", crates),
        ("internal/pallets/module.go", pallets),
    ];
    let wanted = [
        "/api/crates GET m.list",
        "/api/pallets GET m.list",
        "/scan GET m.scan",
    ];
    assert_eq!(super::tests::of(&files), wanted);
}

#[test]
fn a_list_of_functions_without_a_router_leads_nowhere() {
    let server = "package api

import \"github.com/acme/depot/router\"

var AppRouters = make([]func(), 0)

func init() {
	AppRouters = append(AppRouters, router.Init)
}

func run() {
	for _, add := range AppRouters {
		add()
	}
}
";
    let router = "package router

import \"github.com/gin-gonic/gin\"

func Init() {
	var engine *gin.Engine
	engine = kept.(*gin.Engine)
	addCrates(engine)
}

func addCrates(engine *gin.Engine) {
	engine.GET(\"/crates\", list)
}
";
    let module = "module github.com/acme/depot\n";
    let files = [
        ("go.mod", module),
        ("api/server.go", server),
        ("router/router.go", router),
    ];
    assert_eq!(super::tests::of(&files), ["/crates GET list"]);
}

#[test]
fn a_loop_calls_the_functions_of_a_list() {
    let router = "package router

import \"github.com/gin-gonic/gin\"

var (
	adders = make([]func(*gin.RouterGroup, *Guard), 0)
	plain  = []func(*gin.RouterGroup){addLogin}
)

func Init(engine *gin.Engine, guard *Guard) {
	v1 := engine.Group(\"/api/v1\")
	for _, add := range adders {
		add(v1, guard)
	}
	for _, add := range plain {
		add(v1)
	}
	open := engine.Group(\"/open\")
	for _, add := range []func(*gin.RouterGroup){addPing} {
		add(open)
	}
}

func addLogin(v1 *gin.RouterGroup) {
	v1.POST(\"/login\", login)
}
";
    let crates = "package router

import \"github.com/gin-gonic/gin\"

func init() {
	adders = append(adders, addCrates, addPallets)
}

func addCrates(v1 *gin.RouterGroup, guard *Guard) {
	r := v1.Group(\"/crates\").Use(guard.Check())
	r.GET(\"/:id\", show)
}

func addPallets(v1 *gin.RouterGroup, guard *Guard) {
	v1.GET(\"/pallets\", list)
}

func addPing(open *gin.RouterGroup) {
	open.GET(\"/ping\", ping)
}
";
    let files = [("router/router.go", router), ("router/crates.go", crates)];
    let wanted = [
        "/api/v1/crates/{id} GET show",
        "/api/v1/login POST login",
        "/api/v1/pallets GET list",
        "/open/ping GET ping",
    ];
    assert_eq!(super::tests::of(&files), wanted);
}
