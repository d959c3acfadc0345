//! A small system with a bit of everything that documents speak of.

use crate::support::Folder;

/// Path and text of each file.
pub(crate) const FILES: [(&str, &str); 14] = [
    (
        "README.md",
        "# Grocer\n\nGrocer sells groceries to people in one town.\n\n## Features\n\n- Baskets\n- Orders by phone\n",
    ),
    (
        "compose.yaml",
        r#"services:
  web:
    build: ./web
    ports: ["8080:8080"]
    environment:
      ORDERS_URL: http://orders:9000
    depends_on: [orders]
  orders:
    build: ./orders
    environment:
      DATABASE_URL: postgres://orders@db:5432/orders
      REDIS_ADDR: cache:6379
    depends_on: [db, cache]
  db:
    image: postgres:16
    volumes: ["data:/var/lib/postgresql/data"]
  cache:
    image: redis:7
volumes:
  data: {}
"#,
    ),
    (
        "web/Dockerfile",
        "FROM node:22-alpine\nCOPY . /app\nEXPOSE 8080\nCMD [\"node\", \"server.js\"]\n",
    ),
    (
        "web/package.json",
        "{\n  \"name\": \"web\",\n  \"version\": \"1.2.0\",\n  \"dependencies\": {\"express\": \"^4.19.0\", \"axios\": \"^1.7.0\"}\n}\n",
    ),
    (
        "web/server.js",
        r#"const express = require("express");
const axios = require("axios");
const app = express();
const orders = process.env.ORDERS_URL;
app.get("/basket/:id", async (req, res) => {
  const found = await axios.get(`${orders}/orders/${req.params.id}`);
  res.json(found.data);
});
app.post("/basket", (req, res) => res.status(201).end());
app.listen(8080);
"#,
    ),
    (
        "orders/Dockerfile",
        "FROM golang:1.23\nCOPY . .\nRUN go build -o /orders .\nEXPOSE 9000\nCMD [\"/orders\"]\n",
    ),
    (
        "orders/go.mod",
        "module example.org/grocer/orders\n\ngo 1.23\n\nrequire github.com/redis/go-redis/v9 v9.5.1\n",
    ),
    (
        "orders/main.go",
        r#"package main

import (
	"database/sql"
	"net/http"
	"os"

	"github.com/redis/go-redis/v9"
)

func main() {
	db, _ := sql.Open("postgres", os.Getenv("DATABASE_URL"))
	cache := redis.NewClient(&redis.Options{Addr: os.Getenv("REDIS_ADDR")})
	_, _ = db, cache
	http.HandleFunc("/orders/", func(w http.ResponseWriter, r *http.Request) {})
	// TODO: retry when the database is away
	_ = http.ListenAndServe(":9000", nil)
}
"#,
    ),
    (
        "orders/migrations/001.sql",
        "CREATE TABLE orders (\n  id BIGINT PRIMARY KEY,\n  customer TEXT NOT NULL,\n  total NUMERIC(10,2)\n);\nCREATE TABLE lines (\n  id BIGINT PRIMARY KEY,\n  order_id BIGINT REFERENCES orders(id)\n);\n",
    ),
    (
        "k8s/orders.yaml",
        r#"apiVersion: apps/v1
kind: Deployment
metadata:
  name: orders
spec:
  replicas: 3
  template:
    spec:
      containers:
        - name: orders
          image: example.org/grocer/orders:1.2
          resources:
            limits: {cpu: 500m, memory: 256Mi}
          livenessProbe:
            httpGet: {path: /healthz, port: 9000}
"#,
    ),
    (
        "docs/adr/0001-keep-orders-in-postgres.md",
        "# 1. Keep orders in PostgreSQL\n\n## Status\n\nAccepted\n\n## Context\n\nOrders need transactions.\n\n## Decision\n\nPostgreSQL keeps them.\n\n## Consequences\n\nOne more store to back up.\n",
    ),
    (
        ".github/workflows/ci.yml",
        "name: CI\non: [push]\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n      - run: go test ./...\n",
    ),
    (
        "openapi.yaml",
        "openapi: 3.0.3\ninfo: {title: Orders, version: 1.0.0}\npaths:\n  /orders/{id}:\n    get:\n      operationId: getOrder\n      responses: {'200': {description: the order}}\n",
    ),
    (
        "groundplan.yaml",
        "system:\n  name: Grocer\n  purpose: Sells groceries to people in one town.\ntargets:\n  availability: 99.5 %\n",
    ),
];

/// The system in a temporary folder.
pub(crate) fn grocer() -> Folder {
    Folder::with(FILES)
}
