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
