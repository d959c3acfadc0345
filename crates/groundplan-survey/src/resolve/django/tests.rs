//! Paths and methods of Django as a caller meets them.

use super::mounted;
use crate::facts::Claim;
use crate::resolve::handlers::Handlers;
use crate::resolve::world::World;

const ROOT: &str = "
from django.urls import include, path
from shop import views
_patterns = [
    path('api/shop/', include('shop.api.urls')),
    path('shop/', include('shop.urls')),
    path('status/', views.StatusView.as_view()),
]
urlpatterns = [path(settings.BASE_PATH, include(_patterns))]
";
const API: &str = "
from rest_framework.routers import DefaultRouter
from . import views
router = DefaultRouter()
router.register(r'racks', views.RackViewSet)
router.register(r'^rules', views.RuleViewSet)
urlpatterns = router.urls
";
const API_VIEWS: &str = "
class RackViewSet(ShopViewSet):
    pass
class RuleViewSet(ReadOnlyModelViewSet):
    pass
class ShopViewSet(mixins.CustomMixin, ModelViewSet):
    pass
";
const PAGES: &str = "
from django.urls import include, path
from . import views
urlpatterns = [path('racks/<int:pk>/', views.RackView.as_view()), path('x/', include(made('x')))]
";
const LOOSE: &str = "
from django.urls import path
from . import views
urlpatterns = [path('installed/', views.InstalledView.as_view())]
";
const VIEWS: &str = "
class StatusView(APIView):
    def get(self, request):
        return Response({})
";

const SPLICED: &str = "
from django.urls import include, path, re_path
from rest_framework.routers import DefaultRouter
from . import views
router = DefaultRouter()
router.register('orders', views.OrderViewSet)
urlpatterns = [
    re_path(r'^api/', include([
        re_path('^$', RedirectView.as_view(url='schema/')),
        *router.urls,
    ])),
]
websocket_urlpatterns = [path('ws/', Feed.as_asgi())]
";
const SPLICED_VIEWS: &str = "
class OrderViewSet(PassUserMixin, ReadOnlyModelViewSet[Order]):
    def list(self, request):
        return Response([])
    @action(detail=True, methods=['post', 'delete'], url_path='pay/(?P<by>[a-z]+)')
    def pay(self, request, pk, by):
        return Response({})
    @extend_schema(responses=Summary)
    @action(detail=False)
    def summary(self, request):
        return Response({})
";

#[test]
fn a_view_set_has_its_verbs_and_actions_below_its_mount() {
    let lines = paths(&[("web/urls.py", SPLICED), ("web/views.py", SPLICED_VIEWS)]);
    let wanted = [
        "/api/ GET web/urls.py:9",
        "/api/orders/ GET web/urls.py:6",
        "/api/orders/summary/ GET web/urls.py:6",
        "/api/orders/{pk}/ GET web/urls.py:6",
        "/api/orders/{pk}/pay/{by}/ DELETE web/urls.py:6",
        "/api/orders/{pk}/pay/{by}/ POST web/urls.py:6",
        "/ws/ WEBSOCKET web/urls.py:13",
    ];
    assert_eq!(lines, wanted);
}

#[test]
fn methods_of_a_resource_say_what_they_do() {
    let api = "from flask_restful import Api
from .views import OrderResource
api = Api()
api.add_resource(OrderResource, '/orders')
";
    let views = "class OrderResource(BaseResource):
    def get(self):
        \"\"\"Lists the orders of the caller.\"\"\"
        return []
    def post(self):
        return {}
";
    let files = [("shop/api.py", api), ("shop/views.py", views)];
    let files = files.map(|(path, text)| crate::extract_file(path, text));
    let world = World::new(&files, groundplan_knowledge::knowledge());
    let found: Vec<_> = world
        .facts()
        .filter_map(|(_, fact)| match &fact.claim {
            Claim::Endpoint(endpoint) => Some((endpoint, &fact.at)),
            _ => None,
        })
        .collect();
    let said: Vec<String> = mounted(&found, &Handlers::of(&world))
        .0
        .into_iter()
        .map(|(e, _)| format!("{} {}", e.method, e.summary.unwrap_or_default()))
        .collect();
    assert_eq!(said, ["GET Lists the orders of the caller.", "POST "]);
}

#[test]
fn resources_stand_below_those_that_they_are_registered_at() {
    let routes = "from rest_framework_extensions.routers import ExtendedDefaultRouter
from shop.langs.urls import router as lang_router
from shop.views import Orders, Lines, Notes, Tags
class Quiet(ExtendedDefaultRouter):
    pass
main = Quiet()
orders = main.register(r'orders', Orders, basename='order')
lines = orders.register(r'lines', Lines, basename='line', parents_query_lookups=['order'])
lines.register(r'notes', Notes, parents_query_lookups=['order', 'line'])
main.register('shops', Orders).register('tags', Tags, parents_query_lookups=['shop'])
main.registry.extend(lang_router.registry)
url_patterns = main.urls
";
    let root = "from django.urls import include, path
from rest_framework.routers import SimpleRouter
from shop.views import Tags
from .routes import url_patterns
old = SimpleRouter()
old.register('tags', Tags)
old_urls = old.urls
urlpatterns = [
    path('api/', include((url_patterns, 'api'))),
    path('api/v0/', include((old_urls, 'v0'))),
]
";
    let langs = "from rest_framework.routers import SimpleRouter
from shop.views import Tags
router = SimpleRouter()
router.register(r'langs', Tags)
urlpatterns = []
";
    let views = "class Orders(ListModelMixin):
    pass
class Lines(ListModelMixin):
    pass
class Notes(ReadOnlyModelViewSet):
    pass
class Tags(ListModelMixin):
    pass
";
    let lines = paths(&[
        ("shop/urls.py", root),
        ("shop/routes.py", routes),
        ("shop/langs/urls.py", langs),
        ("shop/views.py", views),
    ]);
    let wanted = [
        "/api/langs/ GET shop/langs/urls.py:4",
        "/api/orders/ GET shop/routes.py:7",
        "/api/orders/{parent_lookup_order}/lines/ GET shop/routes.py:8",
        "/api/orders/{parent_lookup_order}/lines/{parent_lookup_line}/notes/ GET shop/routes.py:9",
        "/api/orders/{parent_lookup_order}/lines/{parent_lookup_line}/notes/{pk}/ GET shop/routes.py:9",
        "/api/shops/ GET shop/routes.py:10",
        "/api/shops/{parent_lookup_shop}/tags/ GET shop/routes.py:10",
        "/api/v0/tags/ GET shop/urls.py:6",
    ];
    assert_eq!(lines, wanted);
}

fn paths(files: &[(&str, &str)]) -> Vec<String> {
    let files: Vec<_> = files
        .iter()
        .map(|(path, text)| crate::extract_file(path, text))
        .collect();
    let world = World::new(&files, groundplan_knowledge::knowledge());
    let found: Vec<_> = world
        .facts()
        .filter_map(|(_, fact)| match &fact.claim {
            Claim::Endpoint(endpoint) => Some((endpoint, &fact.at)),
            _ => None,
        })
        .collect();
    let mut lines: Vec<String> = mounted(&found, &Handlers::of(&world))
        .0
        .into_iter()
        .map(|(endpoint, at)| {
            // Where a base begins a path, its default is looked for afterwards.
            let path = crate::http_paths::below_base(&endpoint.path);
            format!("{path} {} {}", endpoint.method, at.label())
        })
        .collect();
    lines.sort();
    lines
}

#[test]
fn paths_are_those_of_a_caller() {
    let lines = paths(&[
        ("web/urls.py", ROOT),
        ("shop/api/urls.py", API),
        ("shop/api/views.py", API_VIEWS),
        ("shop/urls.py", PAGES),
        ("shop/views.py", VIEWS),
        ("plugin/urls.py", LOOSE),
    ]);
    let wanted = [
        "/api/shop/ GET shop/api/urls.py:5",
        "/api/shop/racks/ GET shop/api/urls.py:5",
        "/api/shop/racks/ POST shop/api/urls.py:5",
        "/api/shop/racks/{pk}/ DELETE shop/api/urls.py:5",
        "/api/shop/racks/{pk}/ GET shop/api/urls.py:5",
        "/api/shop/racks/{pk}/ PATCH shop/api/urls.py:5",
        "/api/shop/racks/{pk}/ PUT shop/api/urls.py:5",
        "/api/shop/rules/ GET shop/api/urls.py:6",
        "/api/shop/rules/{pk}/ GET shop/api/urls.py:6",
        "/shop/racks/{pk}/ ANY shop/urls.py:4",
        "/status/ GET web/urls.py:7",
        "…/installed/ ANY plugin/urls.py:4",
    ];
    assert_eq!(lines, wanted);
}

const PACKAGE: &str = "
from .users import urlpatterns as user_urls
from . import teams
urlpatterns = [*user_urls, *teams.urlpatterns]
";
const USERS: &str = "
from django.urls import path
from shop import views
urlpatterns = [
    path('me/', views.MeView.as_view(http_method_names=['get'])),
    path('tokens/', views.TokenView.as_view()),
    path('tokens/<uuid:pk>/', views.TokenView.as_view()),
    path('teams/<str:slug>/', views.TeamView.as_view()),
]
";
const TEAMS: &str = "
from django.urls import path
from shop import views
urlpatterns = [
    path('sets/', views.TeamSet.as_view({'get': 'list', 'post': 'invite'})),
    path('ping/', views.ping),
    path('limited/', views.Limited.as_view()),
]
";
const TOKENS: &str = "
class MeView(APIView):
    def get(self, request): pass
    def patch(self, request): pass
class TokenView(APIView):
    def post(self, request): pass
    def get(self, request, pk=None): pass
    def delete(self, request, pk): pass
class TeamView(APIView):
    @with_team
    def get(self, request, team): pass
    def put(self, request, **kwargs): pass
class Limited(APIView):
    http_method_names = ['get', 'head']
    def get(self, request): pass
    def post(self, request): pass
@api_view(['POST'])
def ping(request): pass
";

#[test]
fn a_route_has_the_methods_that_it_names_and_that_take_its_path() {
    let lines = paths(&[
        (
            "web/urls.py",
            "\nfrom django.urls import include, path\nurlpatterns = [path('api/', include('shop.urls'))]\n",
        ),
        ("shop/urls/__init__.py", PACKAGE),
        ("shop/urls/users.py", USERS),
        ("shop/urls/teams.py", TEAMS),
        ("other/urls/users.py", LOOSE),
        ("shop/views.py", TOKENS),
    ]);
    let wanted = [
        "/api/limited/ GET shop/urls/teams.py:7",
        "/api/me/ GET shop/urls/users.py:5",
        "/api/ping/ POST shop/urls/teams.py:6",
        "/api/sets/ GET shop/urls/teams.py:5",
        "/api/sets/ POST shop/urls/teams.py:5",
        "/api/teams/{slug}/ GET shop/urls/users.py:8",
        "/api/teams/{slug}/ PUT shop/urls/users.py:8",
        "/api/tokens/ GET shop/urls/users.py:6",
        "/api/tokens/ POST shop/urls/users.py:6",
        "/api/tokens/{pk}/ DELETE shop/urls/users.py:7",
        "/api/tokens/{pk}/ GET shop/urls/users.py:7",
        "…/installed/ ANY other/urls/users.py:4",
    ];
    assert_eq!(lines, wanted);
}

const ROUTERS: &str = "
from rest_framework.routers import DefaultRouter, SimpleRouter
from . import views
root_router = DefaultRouter()
book_router = SimpleRouter()
book_router.register('', views.BookViewSet)
loan_router = SimpleRouter()
loan_router.register('', views.LoanViewSet)
";
const ROUTER_VIEWS: &str = "
class BookViewSet(ReadOnlyModelViewSet):
    pass
class LoanViewSet(GenericViewSet):
    @action(detail=False)
    def mine(self, request):
        return Response([])
";
const ROUTER_ROOT: &str = "
from django.urls import include, path
from library.api import routes as api_routes
from library.api.routes import loan_router
urlpatterns = [
    path('api/', include(api_routes.root_router.urls)),
    path('api/books/', include(api_routes.book_router.urls)),
    path('api/loans/', include(loan_router.urls)),
    path('api/loans/mine/', views.other),
    path('api/loans/mine/', views.never_asked),
]
";

#[test]
fn each_router_of_a_file_stands_where_it_is_included() {
    let lines = paths(&[
        ("library/urls.py", ROUTER_ROOT),
        ("library/api/routes.py", ROUTERS),
        ("library/api/views.py", ROUTER_VIEWS),
    ]);
    let wanted = [
        "/api/books/ GET library/api/routes.py:6",
        "/api/books/{pk}/ GET library/api/routes.py:6",
        "/api/loans/mine/ ANY library/urls.py:9",
        "/api/loans/mine/ GET library/api/routes.py:8",
    ];
    assert_eq!(lines, wanted);
    // One method and path has one handler.
    let calls = lines.iter().filter_map(|line| line.rsplit_once(' '));
    let calls: Vec<&str> = calls.map(|(call, _)| call).collect();
    let distinct: std::collections::BTreeSet<&&str> = calls.iter().collect();
    assert_eq!(calls.len(), distinct.len());
}

#[test]
fn of_classes_of_one_name_the_imported_one_answers() {
    let urls = |version: &str| {
        format!(
            "
from rest_framework import routers
from shop.api.{version}.views import OrderViewSet
router = routers.DefaultRouter()
router.register('{version}/orders', OrderViewSet)
urlpatterns = router.urls
"
        )
    };
    let set = |base: &str| format!("class OrderViewSet({base}):\n    pass\n");
    let lines = paths(&[
        ("shop/urls_v1.py", &urls("v1")),
        ("shop/urls_v2.py", &urls("v2")),
        ("shop/api/v1/views.py", &set("ReadOnlyModelViewSet")),
        ("shop/api/v2/views.py", &set("ModelViewSet")),
    ]);
    let orders = lines.iter().filter(|line| line.contains("orders"));
    let wanted = [
        "/v1/orders/ GET shop/urls_v1.py:5",
        "/v1/orders/{pk}/ GET shop/urls_v1.py:5",
        "/v2/orders/ GET shop/urls_v2.py:5",
        "/v2/orders/ POST shop/urls_v2.py:5",
        "/v2/orders/{pk}/ DELETE shop/urls_v2.py:5",
        "/v2/orders/{pk}/ GET shop/urls_v2.py:5",
        "/v2/orders/{pk}/ PATCH shop/urls_v2.py:5",
        "/v2/orders/{pk}/ PUT shop/urls_v2.py:5",
    ];
    assert!(orders.eq(wanted));
}

#[test]
fn of_several_files_of_a_name_the_outer_one_is_included() {
    let root = "from django.urls import include, path
urlpatterns = [path('v1/', include('api.urls'))]
";
    let own = "from django.urls import path
from api.views import orders
urlpatterns = [path('orders/', orders)]
";
    let other = "from django.urls import path
from shop.api.views import users
urlpatterns = [path('users/', users)]
";
    let lines = paths(&[
        ("web/web/urls.py", root),
        ("web/api/urls.py", own),
        ("web/shop/api/urls.py", other),
    ]);
    let wanted = [
        "/v1/orders/ ANY web/api/urls.py:3",
        "…/users/ ANY web/shop/api/urls.py:3",
    ];
    assert_eq!(lines, wanted);
}
