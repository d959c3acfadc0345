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
