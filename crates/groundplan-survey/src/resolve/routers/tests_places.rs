//! Whole paths of routes whose begin another file gives to a class, a module, a package or each round of a loop.

use super::tests::of;

#[test]
fn a_router_of_a_class_stands_where_the_class_takes_it_in() {
    let server = "import { Express, Router } from \"express\";

export class Pages {
  private readonly router = Router();

  constructor(private app: Express) {}

  mount() {
    this.router.get(\"/inner\", this.inner);
    this.app.use(\"/pages\", this.router);
  }
}
";
    let files = [("src/pages.ts", server)];
    assert_eq!(of(&files), ["/pages/inner GET this.inner"]);
}

#[test]
fn a_router_may_be_taken_in_below_a_list_of_paths() {
    let index = "import express from \"express\";
import { router as crates } from \"./crates\";

const app = express();
const pallets = express.Router();
pallets.get(\"/x\", one);
app.use([\"/v1\", \"/v2\"], crates);
app.use([\"/a\", \"/b\"], pallets);
";
    let crates = "import { Router } from \"express\";

export const router = Router();
router.get(\"/crates\", list);
";
    let files = [("src/index.ts", index), ("src/crates.ts", crates)];
    let wanted = [
        "/a/x GET one",
        "/b/x GET one",
        "/v1/crates GET list",
        "/v2/crates GET list",
    ];
    assert_eq!(of(&files), wanted);
}

#[test]
fn modules_of_nest_stand_where_the_router_module_says() {
    let app = "import { Module } from '@nestjs/common';
import { RouterModule } from '@nestjs/core';

@Module({
  imports: [
    CratesModule,
    RouterModule.register([
      { path: 'depot', children: [{ path: 'crates', module: CratesModule }, LabelsModule] },
    ]),
  ],
})
export class AppModule {}
";
    let crates = "import { Module } from '@nestjs/common';

@Module({ controllers: [CratesController] })
export class CratesModule {}
";
    let controller = "import { Controller, Get, Sse } from '@nestjs/common';

@Controller({ path: 'all' })
export class CratesController {
  @Get(':id')
  one() {}

  @Sse('events')
  events() {}
}
";
    let labels = "import { Controller, Get, Module } from '@nestjs/common';

@Controller('labels')
export class LabelsController {
  @Get()
  list() {}
}

@Module({ controllers: [LabelsController] })
export class LabelsModule {}
";
    let files = [
        ("src/app.module.ts", app),
        ("src/crates/crates.module.ts", crates),
        ("src/crates/crates.controller.ts", controller),
        ("src/labels.ts", labels),
    ];
    let wanted = [
        "/depot/crates/all/events GET events",
        "/depot/crates/all/{id} GET one",
        "/depot/labels GET list",
    ];
    assert_eq!(of(&files), wanted);
}

#[test]
fn actions_have_their_own_names_in_the_route_of_a_base() {
    let base = "using Microsoft.AspNetCore.Mvc;

[ApiController]
[Route(\"api/[controller]/[action]\")]
public abstract class DepotControllerBase : ControllerBase {}
";
    let bins = "using Microsoft.AspNetCore.Mvc;

public class BinsController : DepotControllerBase
{
    [HttpGet]
    public IActionResult List() => Ok();

    [HttpPost]
    public IActionResult EmptyAsync() => Ok();
}
";
    let files = [("Controllers/Base.cs", base), ("Controllers/Bins.cs", bins)];
    let wanted = ["/api/Bins/Empty POST EmptyAsync", "/api/Bins/List GET List"];
    assert_eq!(of(&files), wanted);
}

#[test]
fn packages_of_spring_stand_below_the_path_of_the_configuration() {
    let config = "package com.acme.depot;

import org.springframework.web.servlet.config.annotation.*;

@Configuration
public class WebConfig implements WebMvcConfigurer {
  @Override
  public void configurePathMatch(PathMatchConfigurer configurer) {
    configurer.addPathPrefix(\"/api\", HandlerTypePredicate.forBasePackage(\"com.acme.depot.api\"));
  }
}
";
    let controller = "package com.acme.depot.api;

import org.springframework.web.bind.annotation.*;

@RestController
@RequestMapping(\"/crates\")
public class CrateController {
  @GetMapping(\"/{id}\")
  public String one(@PathVariable String id) { return id; }
}
";
    let pages = controller.replace("com.acme.depot.api", "com.acme.depot.pages");
    let files = [
        ("src/main/java/com/acme/depot/WebConfig.java", config),
        (
            "src/main/java/com/acme/depot/api/CrateController.java",
            controller,
        ),
        (
            "src/main/java/com/acme/depot/pages/CrateController.java",
            pages.as_str(),
        ),
    ];
    let all = of(&files);
    let paths: Vec<&str> = all.iter().filter_map(|one| one.split(' ').next()).collect();
    assert_eq!(paths, ["/api/crates/{id}", "/crates/{id}"]);
}

#[test]
fn a_loop_gives_each_router_of_a_row_its_path() {
    let main = "from fastapi import APIRouter, FastAPI

from depot import crates, pallets

app = FastAPI()
api = APIRouter(prefix=\"/api\")
for router, prefix, tags in [
    (crates.router, \"/crates\", [\"a\"]),
    (pallets.router, \"/pallets\", [\"b\"]),
]:
    api.include_router(router, prefix=prefix, tags=tags)
app.include_router(api)
";
    let crates = "from fastapi import APIRouter

router = APIRouter()


@router.get(\"/{id}\")
def one(id: int): ...
";
    let pallets = "from fastapi import APIRouter

router = APIRouter()


@router.post(\"\")
def stack(): ...
";
    let files = [
        ("depot/main.py", main),
        ("depot/crates.py", crates),
        ("depot/pallets.py", pallets),
    ];
    assert_eq!(
        of(&files),
        ["/api/crates/{id} GET one", "/api/pallets POST stack"]
    );
}

#[test]
fn the_default_of_a_prefix_stands_before_the_routes() {
    let index = "import express from \"express\";
import crates from \"./crates\";

const app = express();
const PREFIX = process.env.API_PREFIX || \"/api\";
app.use(PREFIX, crates);
";
    let crates = "import { Router } from \"express\";

const router = Router();
router.get(\"/crates\", list);
export default router;
";
    let files = [("src/index.ts", index), ("src/crates.ts", crates)];
    assert_eq!(of(&files), ["/api/crates GET list"]);
}
