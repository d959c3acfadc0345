import { randomUUID } from "node:crypto";
import cookieParser from "cookie-parser";
import express, { type NextFunction, type Request, type Response } from "express";
import helmet from "helmet";
import pino from "pino";
import { pinoHttp } from "pino-http";
import { Histogram, collectDefaultMetrics, register } from "prom-client";
import { z } from "zod";
import { requireCustomer } from "./auth.js";
import { UpstreamError, basket, catalogue, orders, search, shipping } from "./clients.js";
import { config } from "./config.js";
import { giftWrap, searchSuggestions } from "./flags.js";

const log = pino({ level: config.logLevel, base: { service: "storefront" } });

collectDefaultMetrics();
const requestSeconds = new Histogram({
  name: "storefront_request_seconds",
  help: "Time until a request was answered",
  labelNames: ["route", "method", "status"],
  buckets: [0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6],
});

export const app = express();
app.use(helmet());
app.use(express.json({ limit: "32kb" }));
app.use(cookieParser());
app.use(pinoHttp({ logger: log }));
app.use((req, res, next) => {
  const stop = requestSeconds.startTimer({ method: req.method });
  res.on("finish", () => stop({ route: req.route?.path ?? "static", status: res.statusCode }));
  next();
});

/** The id of the basket lives in a cookie, so that customers need no account to browse. */
function basketId(req: Request, res: Response): string {
  const known = z.string().uuid().safeParse(req.cookies.basket);
  if (known.success) return known.data;
  const id = randomUUID();
  res.cookie("basket", id, { httpOnly: true, sameSite: "lax", secure: true, maxAge: 30 * 86_400_000 });
  return id;
}

const wrap =
  (handler: (req: Request, res: Response) => Promise<unknown>) =>
  (req: Request, res: Response, next: NextFunction) =>
    handler(req, res).catch(next);

app.get("/api/books", wrap(async (_req, res) => res.json(await catalogue.newest())));
app.get("/api/books/:isbn", wrap(async (req, res) => res.json(await catalogue.book(String(req.params.isbn)))));

app.get("/api/search", wrap(async (req, res) => {
  const { q, offset } = z
    .object({ q: z.string().min(2).max(100), offset: z.coerce.number().int().min(0).default(0) })
    .parse(req.query);
  res.json(await search(q, offset));
}));

app.get("/api/basket", wrap(async (req, res) => res.json(await basket.show(basketId(req, res)))));

app.put("/api/basket/lines/:isbn", wrap(async (req, res) => {
  const { quantity } = z.object({ quantity: z.number().int().min(0).max(20) }).parse(req.body);
  res.json(await basket.put(basketId(req, res), String(req.params.isbn), quantity));
}));

app.get("/api/delivery-quotes", wrap(async (req, res) => {
  const query = z.object({ postcode: z.string().max(10), items: z.coerce.number().int().min(1) }).parse(req.query);
  res.json(await shipping.quote(query.postcode, query.items));
}));

const checkout = z.object({
  name: z.string().min(1).max(120),
  address: z.string().min(5).max(400),
  postcode: z.string().min(3).max(10),
  paymentToken: z.string().min(8),
  giftWrap: z.boolean().default(false),
});

app.post("/api/checkout", requireCustomer, wrap(async (req, res) => {
  const form = checkout.parse(req.body);
  const id = basketId(req, res);
  const content = await basket.show(id);
  if (content.lines.length === 0) return res.status(409).json({ error: "basket_is_empty" });
  const order = await orders.place(
    { ...form, giftWrap: form.giftWrap && (await giftWrap()), lines: content.lines },
    res.locals.token,
    req.get("idempotency-key") ?? randomUUID(),
  );
  await basket.empty(id);
  log.info({ orderId: order.id, totalPence: order.totalPence }, "order placed");
  return res.status(201).json(order);
}));

app.get("/api/orders/:id", requireCustomer, wrap(async (req, res) =>
  res.json(await orders.show(String(req.params.id), res.locals.token))));

app.get("/api/features", wrap(async (_req, res) =>
  res.json({ giftWrap: await giftWrap(), searchSuggestions: await searchSuggestions() })));

app.get("/healthz", (_req, res) => { res.json({ status: "ok" }); });
app.get("/readyz", wrap(async (_req, res) => res.json({ catalogue: (await catalogue.newest()).length > 0 })));
app.get("/metrics", wrap(async (_req, res) => res.type(register.contentType).send(await register.metrics())));
app.use(express.static("public", { maxAge: "1h" }));

app.use((error: Error, req: Request, res: Response, _next: NextFunction) => {
  if (error instanceof z.ZodError) return res.status(400).json({ error: "invalid_input", issues: error.issues });
  if (error instanceof UpstreamError) {
    log.warn({ service: error.service, status: error.status, path: req.path }, "upstream failed");
    return res.status(error.status < 500 ? error.status : 503).json({ error: "temporarily_unavailable" });
  }
  log.error({ err: error, path: req.path }, "request failed");
  return res.status(500).json({ error: "internal" });
});

if (process.env.NODE_ENV !== "test") {
  const server = app.listen(config.port, () => log.info({ port: config.port }, "storefront listens"));
  process.on("SIGTERM", () => server.close());
}
