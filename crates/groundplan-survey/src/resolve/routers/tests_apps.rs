//! Whole paths of routes of applications that a server or a class of several files puts in their place.

use super::tests::of;

#[test]
fn routes_of_an_app_of_nextcloud_stand_below_its_identifier() {
    let routes = "<?php return ['routes' => [
    ['name' => 'page#index', 'url' => '/', 'verb' => 'GET'],
    ['name' => 'page#show', 'url' => '/t/{id}', 'verb' => 'GET'],
], 'ocs' => [
    ['name' => 'api#list', 'url' => '/api/2/tickets', 'verb' => 'GET'],
    ['name' => 'api#all', 'root' => '/cloud', 'url' => '/tickets', 'verb' => 'GET'],
]];
";
    let info = "<info>\n    <id>tickets</id>\n</info>\n";
    let files = [("appinfo/routes.php", routes), ("appinfo/info.xml", info)];
    let wanted = [
        "/index.php/apps/tickets GET PageController::index",
        "/index.php/apps/tickets/t/{id} GET PageController::show",
        "/ocs/v2.php/apps/tickets/api/2/tickets GET ApiController::list",
        "/ocs/v2.php/cloud/tickets GET ApiController::all",
    ];
    assert_eq!(of(&files), wanted);
    // Without it nobody knows where they are.
    let wanted = [
        "/ocs/v2.php/cloud/tickets GET ApiController::all",
        "… GET PageController::index",
        "…/api/2/tickets GET ApiController::list",
        "…/t/{id} GET PageController::show",
    ];
    assert_eq!(of(&files[..1]), wanted);
}

#[test]
fn branches_of_roda_stand_where_they_are_taken_in() {
    let app = "class Shop < Roda
  route do |r|
    r.on 'api' do
      r.hash_branches(:api)
    end
    r.hash_branches('')
  end
end
";
    let orders = "class Shop
  hash_branch(:api, 'orders') do |r|
    r.on String do |name|
      r.hash_branches(:order)
    end
  end
end
";
    let notes = "class Shop
  hash_branch(:order, 'notes') do |r|
    r.get true do
      1
    end
  end
  hash_branch(:lost, 'notes') do |r|
    r.get true do
      1
    end
  end
end
";
    let pages = "class Shop
  hash_branch('pages') do |r|
    r.is do
      r.post do
        1
      end
    end
  end
end
class Desk
  hash_branch(:api, 'desks') do |r|
    r.get true do
      1
    end
  end
end
";
    let files = [
        ("app.rb", app),
        ("routes/orders.rb", orders),
        ("routes/notes.rb", notes),
        ("routes/pages.rb", pages),
    ];
    let wanted = [
        "/api/orders/{name}/notes GET Shop",
        "/pages POST Shop",
        "…/desks GET Desk",
        "…/notes GET Shop",
    ];
    assert_eq!(of(&files), wanted);
}

#[test]
fn constants_of_other_modules_stand_before_routes_of_python() {
    let paths = "API_PREFIX = \"/api\"
ADMIN_PREFIX = API_PREFIX + \"/admin\"
API_DATA = \"/var/lib/shop\"
TWICE_PREFIX = \"/one\"

def later():
    LATER_PREFIX = \"/later\"
";
    let other = "TWICE_PREFIX = \"/two\"\n";
    let orders = "from flask import Blueprint
from .const import ADMIN_PREFIX, API_PREFIX, API_DATA, LATER_PREFIX, TWICE_PREFIX

orders = Blueprint(\"orders\", __name__, url_prefix=API_PREFIX)
users = Blueprint(\"users\", __name__, url_prefix=f\"{ADMIN_PREFIX}/v1\")
files = Blueprint(\"files\", __name__, url_prefix=API_DATA)
later = Blueprint(\"later\", __name__, url_prefix=LATER_PREFIX)
twice = Blueprint(\"twice\", __name__, url_prefix=TWICE_PREFIX)

@orders.route(\"/orders\")
def all_orders():
    return 1

@users.route(\"/users\")
def all_users():
    return 1

@files.route(\"/files\")
def all_files():
    return 1

@later.route(\"/later\")
def all_later():
    return 1

@twice.route(\"/twice\")
def all_twice():
    return 1
";
    let app = "from flask import Flask
from shop.orders import files, later, orders, twice, users

app = Flask(__name__)
app.register_blueprint(orders)
app.register_blueprint(users)
app.register_blueprint(files)
app.register_blueprint(later)
app.register_blueprint(twice)
";
    let files = [
        ("app.py", app),
        ("shop/const.py", paths),
        ("shop/orders.py", orders),
        ("shop/other.py", other),
    ];
    let wanted = [
        "/api/admin/v1/users GET all_users",
        "/api/orders GET all_orders",
        "…/files GET all_files",
        "…/later GET all_later",
        "…/twice GET all_twice",
    ];
    assert_eq!(of(&files), wanted);
}

#[test]
fn typed_fields_of_classes_are_routers() {
    let orders = "import { Router } from 'express';
export class OrdersRouter {
  constructor() {
    this.router.get('/all', async (req, res) => res.json(1));
  }
  public readonly router: Router = Router();
}
";
    let index = "import express from 'express';
import { OrdersRouter } from './orders.router';
const app = express();
app.use('/orders', new OrdersRouter().router);
";
    let files = [("src/index.ts", index), ("src/orders.router.ts", orders)];
    assert_eq!(of(&files), ["/orders/all GET "]);
}
