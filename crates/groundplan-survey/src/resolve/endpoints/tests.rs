use super::{fail, operation, path_parameters, rename};
use crate::facts::Claim;
use crate::resolve::handlers::Handlers;
use crate::resolve::python_answers::{Python, answer};
use crate::resolve::world::World;

#[test]
fn a_mistyped_operation_has_the_parameters_of_its_route() {
    let app = "const app = require('express')();\napp.get('/orders/:id', list);\n";
    let facts = crate::extract_file("shop/app.js", app).facts;
    let found = facts.iter().find_map(|fact| match &fact.claim {
        Claim::Endpoint(endpoint) => Some(operation(endpoint, &fact.at, None)),
        _ => None,
    });
    let renamed = |base: &str, route: &str| {
        let mut made = found.clone().unwrap_or_else(|| panic!("a route"));
        made.parameters = path_parameters("/orders/{id}");
        rename(&mut made, base, route);
        let names = made.parameters.into_iter().map(|p| p.name);
        (made.path, names.collect::<Vec<_>>().join(" "))
    };
    let path = |path: &str, names: &str| (path.to_owned(), names.to_owned());
    assert_eq!(renamed("", "/orders/all"), path("/orders/all", ""));
    assert_eq!(
        renamed("/api/", "/api/carts/{id}/{line}"),
        path("/carts/{id}/{line}", "id line")
    );
    assert_eq!(renamed("/api", "/apiary/all"), path("/apiary/all", ""));
}

#[test]
fn exceptions_answer_from_other_files() {
    let controller = "package shop;
@RestController
class Owners {
  @GetMapping(\"/owners/{id}\")
  Owner one(@PathVariable int id) {
    return all.findById(id).orElseThrow(() -> new OwnerNotFoundException(id));
  }
}";
    let exception = "package shop;
@ResponseStatus(HttpStatus.NOT_FOUND)
class OwnerNotFoundException extends RuntimeException {
}";
    let found = statuses(&[
        ("shop/Owners.java", controller),
        ("shop/OwnerNotFoundException.java", exception),
    ]);
    assert_eq!(found, ["200", "404"]);
}

#[test]
fn functions_of_go_answer_for_those_that_hand_on() {
    let routes = "package api
func routes(e *gin.Engine) { e.GET(\"/forges/:id\", GetForge) }
func GetForge(c *gin.Context) {
\tif err != nil {
\t\thandleDBError(c, err)
\t\treturn
\t}
\tc.JSON(http.StatusOK, forge)
}
";
    let helper = "package api
func handleDBError(c *gin.Context, err error) {
\tc.AbortWithStatus(http.StatusNotFound)
\t_ = c.AbortWithError(http.StatusInternalServerError, err)
}
";
    let import = "import \"github.com/gin-gonic/gin\"\n";
    let routes = routes.replacen('\n', &format!("\n{import}"), 1);
    let found = statuses(&[("api/routes.go", &routes), ("api/helper.go", helper)]);
    assert_eq!(found, ["200", "404", "500"]);
    assert_eq!(statuses(&[("api/routes.go", &routes)]), ["200", "more"]);
}

#[test]
fn functions_of_go_that_hand_on_to_themselves_end() {
    let routes = "package api
import \"github.com/gin-gonic/gin\"
func routes(e *gin.Engine) { e.GET(\"/tree\", Show) }
func Show(c *gin.Context) {
\tif err := tree(c.Writer, c.Request); err != nil {
\t\tc.AbortWithStatus(http.StatusInternalServerError)
\t\treturn
\t}
}
";
    let asks = |name: &str| format!("\tif err := {name}(w, r); err != nil {{ return err }}\n");
    let function = |name: &str, body: &str| {
        format!("func {name}(w http.ResponseWriter, r *http.Request) error {{\n{body}}}\n")
    };
    // One that answers nothing and asks itself, one in a circle with it, and many of both.
    for times in [1, 90] {
        let tree = asks("tree").repeat(times) + "\treturn leaf(w, r)\n";
        let leaf = asks("tree").repeat(times) + &asks("leaf").repeat(times) + "\treturn nil\n";
        let import = "package api\nimport \"net/http\"\n";
        let helpers = import.to_owned() + &function("tree", &tree) + &function("leaf", &leaf);
        let found = statuses(&[("api/routes.go", routes), ("api/tree.go", &helpers)]);
        assert!(found.contains(&"500".to_owned()), "{found:?}");
        assert!(found.contains(&"more".to_owned()), "{found:?}");
    }
}

#[test]
fn helpers_and_dependencies_answer_from_other_files() {
    let base = "from fastapi import Depends, HTTPException
from .dependencies import get_user
class Base:
    user = Depends(get_user)
    def order_or_404(self, id):
        if not id:
            raise HTTPException(404, 'none')
        return id
";
    let dependencies = "from fastapi import Depends, HTTPException, status
def get_token(token):
    raise HTTPException(status_code=status.HTTP_401_UNAUTHORIZED)
def get_user(token = Depends(get_token)):
    return token
def get_admin(user = Depends(get_user)):
    if not user.admin:
        raise HTTPException(403)
def unused():
    raise HTTPException(418)
";
    let routes = "from fastapi import APIRouter, Depends
from .base import Base
from .dependencies import get_admin
router = APIRouter()
class Orders(Base):
    @router.get('/orders/{id}', response_model=Order)
    def one(self, id: str):
        return self.order_or_404(id)
@router.delete('/all', dependencies=[Depends(get_admin)])
def drop() -> None:
    return None
";
    let found = statuses(&[
        ("shop/base.py", base),
        ("shop/dependencies.py", dependencies),
        ("shop/routes.py", routes),
    ]);
    assert_eq!(found, ["200", "401", "404", "200", "401", "403"]);
}

#[test]
fn a_handler_in_its_route_says_what_it_answers() {
    let app = "const express = require('express');
const app = express();
app.get('/cart/:id', (req, res) => {
  load(req.params.id).then((cart) => {
    if (cart == null) {
      res.status(404).send('none');
    } else {
      res.json(cart);
    }
  }).catch((err) => {
    logger.error(err.status(418));
    res.status(500).send(err);
  });
});
app.delete('/cart/:id', async function (req, res) { res.sendStatus(httpStatus.NO_CONTENT); });
app.use((err, req, res, next) => { res.status(503).send(err); });
";
    let found = statuses(&[("shop/app.js", app)]);
    assert_eq!(found, ["200", "404", "500", "204"]);
}

/// The statuses of all operations of these files, in their order.
fn statuses(files: &[(&str, &str)]) -> Vec<String> {
    let files: Vec<_> = files
        .iter()
        .map(|(path, text)| crate::extract_file(path, text))
        .collect();
    let world = World::new(&files, groundplan_knowledge::knowledge());
    let handlers = Handlers::of(&world);
    world
        .facts()
        .filter_map(|(_, fact)| match &fact.claim {
            Claim::Endpoint(endpoint) => {
                let seen = handlers.of_endpoint(endpoint, &fact.at)?;
                let mut made = operation(endpoint, &fact.at, Some(seen));
                fail(&mut made, seen, &handlers);
                answer(&mut made, endpoint, Some(seen), &Python::of(&files));
                let more = made.more_outcomes.then(|| "more".to_owned());
                Some(made.responses.into_iter().map(|r| r.status).chain(more))
            }
            _ => None,
        })
        .flatten()
        .collect()
}
