//! Whole paths of routes of scripts that several files give.

use super::tests::{of, paths};

#[test]
fn plugins_of_fastify_stand_where_they_are_registered() {
    let wanted = [
        "/admin/cache DELETE clear",
        "/admin/reports/daily GET daily",
        "/scoped/inner GET inner",
        "/typed GET ",
        "/v1/users GET list",
        "/v1/users POST create",
        "/v1/users/{id} PUT update",
    ];
    assert_eq!(paths("js-http/plugins-of-fastify", &[]), wanted);
}

#[test]
fn chains_of_hono_are_followed_through_packages() {
    let wanted = [
        "/api/v1/books GET ",
        "/api/v1/books/{id}/copies POST copy",
        "/api/v1/notes GET ",
        "/api/v1/notes/{id} PATCH ",
        "/api/v2/any ANY any",
        "/api/v2/things/{id} DELETE change",
        "/api/v2/things/{id} PUT change",
    ];
    assert_eq!(paths("js-http/chains-of-hono", &[]), wanted);
}

#[test]
fn routers_of_koa_have_prefixes_and_names() {
    let wanted = [
        "/api/posts GET list",
        "/api/status GET status",
        "/api/users GET list",
        "/api/users POST create",
        "/api/users/by-name/{name} GET named",
        "/api/users/{id} DELETE remove",
    ];
    assert_eq!(paths("js-http/routers-of-koa", &[]), wanted);
}

#[test]
fn the_base_of_a_deployment_is_no_part_of_a_path() {
    let app = "const express = require('express')
const app = express()
app.get(config.basePath + '/old', old)
app.get(`${settings.urlPrefix}/new`, fresh)
app.get(tenant + '/other', other)
app.use(process.env.BASE_PATH || '/', require('./pages'))
";
    let pages = "const { Router } = require('express')
const router = new Router()
router.get('/ping', ping)
module.exports = router
";
    let wanted = [
        "/new GET fresh",
        "/old GET old",
        "/ping GET ping",
        "…/other GET other",
    ];
    assert_eq!(of(&[("app.js", app), ("pages.js", pages)]), wanted);
}

#[test]
fn functions_fill_each_of_the_routers_that_they_are_given() {
    let wanted = ["/api/orders GET ", "/api/v1/keys POST ", "/docs GET "];
    assert_eq!(paths("js-http/handed-routers", &[]), wanted);
}

#[test]
fn routers_that_functions_of_other_files_make_stand_where_they_are_taken_in() {
    let setup = "import type { Application } from 'express'
import { createUsers } from '@/api/userRoutes.js'
import { createOrders } from './api/orderRoutes.js'
import { createGuard } from './api/guard.js'
export const setup = (app: Application, store: Store) => {
  const users = createUsers(store.users)
  const guard = createGuard(store)
  app.use('/api/users', limiter, guard, users)
  app.use('/api/orders', createOrders(store))
}
";
    let users = "import { Router } from 'express'
export const createUsers = (users: Users): Router => {
  const router = Router()
  router.get('/me', users.me)
  return router
}
";
    let orders = "import { Router } from 'express'
export const createOrders = (store: Store): Router => {
  const orders = Router()
  orders.post('/', store.place)
  return orders
}
export const createDrafts = (store: Store): Router => {
  const drafts = Router()
  drafts.get('/drafts', store.drafts)
  return drafts
}
";
    let guard = "export const createGuard = (store) => (req, res, next) => next()\n";
    let wanted = [
        "/api/orders POST store.place",
        "/api/users/me GET users.me",
        "…/drafts GET store.drafts",
    ];
    let files = [
        ("src/setup.ts", setup),
        ("src/api/userRoutes.ts", users),
        ("src/api/orderRoutes.ts", orders),
        ("src/api/guard.ts", guard),
    ];
    assert_eq!(of(&files), wanted);
}

#[test]
fn a_function_of_the_same_file_gives_the_router_that_it_makes() {
    let app = "const express = require('express')
const app = express()
function makeUsers(store) {
  const users = express.Router()
  users.get('/:id', store.one)
  if (store.closed) {
    return users
  }
  users.post('/', store.add)
  return users
}
app.use('/users', makeUsers(store))
";
    let wanted = ["/users POST store.add", "/users/{id} GET store.one"];
    assert_eq!(of(&[("app.js", app)]), wanted);
}

#[test]
fn plugins_of_fastify_are_arrows_with_types() {
    let init = "import Fastify, { FastifyPluginAsync } from 'fastify'
import { BlockRoutes } from './blocks.js'
import { statusRoutes } from './status.js'
export const ApiRoutes: FastifyPluginAsync<
  Record<never, never>,
  Server
> = async fastify => {
  await fastify.register(statusRoutes)
  await fastify.register(
    async fastify => {
      await fastify.register(BlockRoutes, { prefix: '/blocks' })
    },
    { prefix: '/v2' }
  )
}
const fastify = Fastify({ logger: true })
fastify.get('/ping', async () => 'pong')
await fastify.register(ApiRoutes, { prefix: '/api' })
";
    let blocks = "import { FastifyPluginAsync } from 'fastify'
export const BlockRoutes: FastifyPluginAsync<Record<never, never>, Server> = async fastify => {
  fastify.get('/:hash', { schema }, async (req, reply) => reply.send(1))
}
";
    let status = "import { FastifyInstance } from 'fastify'
export async function statusRoutes(instance: FastifyInstance) {
  instance.get('/status', status)
}
";
    let wanted = [
        "/api/status GET status",
        "/api/v2/blocks/{hash} GET ",
        "/ping GET ",
    ];
    let files = [
        ("init.ts", init),
        ("blocks.ts", blocks),
        ("status.ts", status),
    ];
    assert_eq!(of(&files), wanted);
}

#[test]
fn a_list_of_objects_fills_the_class_of_an_application() {
    let server = "import { App } from './app'
import { UserRoute } from './routes/users.route'
import { AuthRoute } from './routes/auth.route'
const app = new App([new UserRoute(), new AuthRoute()])
app.listen()
";
    let app = "import express from 'express'
export class App {
  public app: express.Application
  constructor(routes: Routes[]) {
    this.app = express()
    routes.forEach(route => {
      this.app.use('/api/v1', route.router)
    })
  }
}
";
    let users = "import { Router } from 'express'
export class UserRoute implements Routes {
  public path = '/users'
  public router = Router()
  constructor() {
    this.router.get(`${this.path}/:id`, this.user.one)
  }
}
";
    let auth = "import { Router } from 'express'
export class AuthRoute implements Routes {
  public router = Router()
  constructor() {
    this.router.post('/signup', this.auth.signUp)
  }
}
";
    let files = [
        ("src/server.ts", server),
        ("src/app.ts", app),
        ("src/routes/users.route.ts", users),
        ("src/routes/auth.route.ts", auth),
    ];
    let wanted = [
        "/api/v1/signup POST this.auth.signUp",
        "/api/v1/users/{id} GET this.user.one",
    ];
    assert_eq!(of(&files), wanted);
}

#[test]
fn a_loop_takes_in_the_files_of_a_folder() {
    let index = "const express = require('express')
const fs = require('fs')
const app = express()
fs.readdirSync('./routes').forEach((file) => {
  const name = file.split('.')[0]
  app.use(`/api/${name}`, require(`./routes/${file}`))
})
";
    let users = "const router = require('express').Router()
router.get('/:id', one)
module.exports = router
";
    let files = [
        ("index.js", index),
        ("routes/users.routes.js", users),
        ("routes/orders.js", users),
        ("other/away.js", users),
    ];
    let wanted = [
        "/api/orders/{id} GET one",
        "/api/users/{id} GET one",
        "…/{id} GET one",
    ];
    assert_eq!(of(&files), wanted);
}

#[test]
fn constants_of_other_scripts_are_parts_of_paths() {
    let wanted = [
        "/api/v2/all GET list",
        "/api/v2/users/{id}/orders POST add",
        "/{UNKNOWN}/x GET x",
    ];
    assert_eq!(paths("js-path-constants/paths", &[]), wanted);
}

#[test]
fn applications_that_a_function_of_another_file_makes_are_routers() {
    let index = "import { Hono } from 'hono'
import orders from './orders'
const app = new Hono().basePath('/api')
app.route('/orders', orders)
export default app
";
    let orders = "import { createRouter } from './factory'
import * as routes from './orders.routes'
const router = createRouter()
router.get('/', (c) => c.json([]))
router.delete('/:id', (c: Context) => c.json({}))
export default router
";
    let pages = "import { createRouter } from 'vue-router'
const router = createRouter({ history, routes })
router.get('/x', (c) => c.y)
";
    let files = [
        ("index.ts", index),
        ("orders.ts", orders),
        ("pages.ts", pages),
    ];
    let wanted = ["/api/orders GET ", "/api/orders/{id} DELETE "];
    assert_eq!(of(&files), wanted);
}

#[test]
fn the_type_of_a_plugin_says_that_it_is_given_an_application() {
    let app = "import Fastify from 'fastify'
import orders from './orders'
const server = Fastify()
server.register(orders, { prefix: '/v2' })
";
    let orders = "import { FastifyPluginAsync } from 'fastify'
const routes: FastifyPluginAsync = async (f, options) => {
  f.get('/orders', list)
}
export default routes
";
    let files = [("app.ts", app), ("orders.ts", orders)];
    assert_eq!(of(&files), ["/v2/orders GET list"]);
}

#[test]
fn routers_are_followed_through_files_that_give_away_others() {
    let app = "import Koa from 'koa';
import mount from 'koa-mount';
import api from './api';
const app = new Koa();
app.use(mount('/api', api));
app.listen(3000);
";
    let api = "import Koa from 'koa';
import Router from 'koa-router';
import { views, stars } from './routes';
import other from './other';
const api = new Koa();
const router = new Router();
router.use('/', views.routes());
router.use('/stars', stars.routes());
router.use('/other', other.routes());
api.use(router.routes());
export default api;
";
    let barrel = "export { default as views } from './views';
export * from './stars';
export * from './types';
export { default as colors } from './colors';
";
    let views = "import Router from 'koa-router';
const router = new Router();
router.post('views.list', list);
export default router;
";
    let stars = "import Router from 'koa-router';
export const stars = new Router();
stars.get('/all', all);
";
    let files = [
        ("src/app.ts", app),
        ("src/api/index.ts", api),
        ("src/api/routes/index.ts", barrel),
        ("src/api/routes/views.ts", views),
        ("src/api/routes/stars.ts", stars),
        ("src/api/routes/colors.ts", "export default ['red'];\n"),
        ("src/api/routes/types.ts", "export type Star = string;\n"),
    ];
    let wanted = ["/api/stars/all GET all", "/api/views.list POST list"];
    assert_eq!(of(&files), wanted);
}

#[test]
fn a_name_that_no_file_gives_away_leads_nowhere() {
    let app = "import express from 'express';
import { orders } from './routes';
const app = express();
app.use('/api', orders);
app.listen(3000);
";
    let barrel = "export { default as users } from './users';
export * from './types';
export * from './others';
";
    // Files that give each other away, over and over, are asked once.
    let barrel = format!("{barrel}{}", "export * from './index';\n".repeat(90));
    let users = "import { Router } from 'express';
const router = Router();
router.get('/all', all);
export default router;
";
    let files = [
        ("src/app.ts", app),
        ("src/routes/index.ts", &barrel),
        ("src/routes/users.ts", users),
        ("src/routes/types.ts", "export type User = string;\n"),
        ("src/routes/others.ts", "export const size = 4;\n"),
    ];
    assert_eq!(of(&files), ["…/all GET all"]);
}

#[test]
fn routes_that_another_file_describes_stand_on_the_application_that_is_given_them() {
    let wanted = [
        "/crates GET ",
        "/crates/{id} GET ",
        "/pallets GET handlers.list",
        "/pallets/{id}/stack POST handlers.stack",
        "…  ",
    ];
    assert_eq!(paths("js-http/described-routes", &[]), wanted);
}

#[test]
fn contracts_of_ts_rest_stand_where_a_program_serves_them() {
    let wanted = [
        "/live GET ",
        "/v1/orders GET ",
        "/v1/orders POST ",
        "/v1/orders/{id} DELETE ",
    ];
    assert_eq!(paths("js-contracts/served", &[]), wanted);
}

#[test]
fn a_contract_of_ts_rest_that_only_a_client_uses_is_no_route() {
    let contract = "import { initContract } from '@ts-rest/core'
const c = initContract()
const orders = c.router({ list: { method: 'GET', path: '/orders', responses: { 200: Orders } } })
export const contract = c.router({ orders })
";
    let client = "import { initClient } from '@ts-rest/core'
import { contract } from './contract'
export const client = initClient(contract, { baseUrl: 'https://shop.example' })
";
    let server = "import { createExpressEndpoints } from '@ts-rest/express'
import { contract } from './contract'
createExpressEndpoints(contract, router, app)
";
    let none: [&str; 0] = [];
    let alone = [("src/contract.ts", contract), ("src/client.ts", client)];
    assert_eq!(of(&alone), none);
    let served = [("src/contract.ts", contract), ("src/server.ts", server)];
    assert_eq!(of(&served), ["/orders GET "]);
}

#[test]
fn procedures_of_trpc_stand_below_what_their_handler_is_given() {
    let orders = "import { procedure } from './trpc'
export const place = procedure.meta({ openapi: { method: 'POST', path: '/orders' } }).mutation(add)
";
    let handler = |text: &str| {
        let text =
            format!("import {{ createOpenApiExpressMiddleware }} from 'trpc-openapi'\n{text}\n");
        of(&[("src/orders.ts", orders), ("src/server.ts", &text)])
    };
    assert_eq!(
        handler("app.use('/api', createOpenApiExpressMiddleware({ router }))"),
        ["/api/orders POST "]
    );
    assert_eq!(
        handler("app.use(createOpenApiExpressMiddleware({ router }))"),
        ["/orders POST "]
    );
    // Where a router stands is not followed.
    assert_eq!(
        handler("inner.use('/api', createOpenApiExpressMiddleware({ router }))"),
        ["…/orders POST "]
    );
}

#[test]
fn what_describes_a_procedure_of_trpc_gives_it_a_path_or_none() {
    let said = "export const limits = { rate: { most: 5 } }
export const show = { openapi: { method: 'GET', path: '/orders' } }
";
    let orders = "import { procedure } from './trpc'
import { limits, show } from './said'
export const watch = procedure.meta(limits).query(find)
export const list = procedure.meta(show).query(find)
export const field = schema.meta(show)
";
    let all = [("src/said.ts", said), ("src/orders.ts", orders)];
    assert_eq!(of(&all), ["…/orders GET "]);
}
