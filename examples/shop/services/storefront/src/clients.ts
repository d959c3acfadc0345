import path from "node:path";
import * as grpc from "@grpc/grpc-js";
import * as protoLoader from "@grpc/proto-loader";
import { config } from "./config.js";

export class UpstreamError extends Error {
  constructor(
    readonly service: string,
    readonly status: number,
    readonly detail: string,
  ) {
    super(`${service} answered ${status}`);
  }
}

const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

/** Calls a service; reads are retried on 5xx and broken connections, with growing pauses. */
async function call<T>(service: string, url: string, init: RequestInit = {}): Promise<T> {
  const reads = (init.method ?? "GET") === "GET";
  const attempts = reads ? config.readRetries + 1 : 1;
  let last: unknown;
  for (let attempt = 0; attempt < attempts; attempt++) {
    if (attempt > 0) await pause(50 * 2 ** attempt);
    try {
      const answer = await fetch(url, { ...init, signal: AbortSignal.timeout(config.callTimeoutMs) });
      if (answer.ok) return (answer.status === 204 ? undefined : await answer.json()) as T;
      last = new UpstreamError(service, answer.status, await answer.text());
      if (answer.status < 500) break;
    } catch (cause) {
      last = new UpstreamError(service, 504, String(cause));
    }
  }
  throw last;
}

const json = (method: string, body: unknown, headers: Record<string, string> = {}): RequestInit => ({
  method,
  headers: { "content-type": "application/json", ...headers },
  body: JSON.stringify(body),
});

export interface Book {
  isbn: string;
  title: string;
  authors: string[];
  pricePence: number;
  available: number;
}

export interface Basket {
  id: string;
  lines: { isbn: string; quantity: number; pricePence: number }[];
  totalPence: number;
}

export interface Order {
  id: string;
  status: string;
  totalPence: number;
  trackingNumber?: string;
}

export const catalogue = {
  book: (isbn: string) => call<Book>("catalogue", `${config.catalogueUrl}/v1/books/${isbn}`),
  newest: () => call<Book[]>("catalogue", `${config.catalogueUrl}/v1/books?sort=newest&limit=24`),
};

export const basket = {
  show: (id: string) => call<Basket>("basket", `${config.basketUrl}/v1/baskets/${id}`),
  put: (id: string, isbn: string, quantity: number) =>
    call<Basket>("basket", `${config.basketUrl}/v1/baskets/${id}/lines/${isbn}`, json("PUT", { quantity })),
  empty: (id: string) => call<void>("basket", `${config.basketUrl}/v1/baskets/${id}`, { method: "DELETE" }),
};

export const orders = {
  place: (body: unknown, token: string, idempotencyKey: string) =>
    call<Order>(
      "orders",
      `${config.ordersUrl}/v1/orders`,
      json("POST", body, { authorization: `Bearer ${token}`, "idempotency-key": idempotencyKey }),
    ),
  show: (id: string, token: string) =>
    call<Order>("orders", `${config.ordersUrl}/v1/orders/${id}`, {
      headers: { authorization: `Bearer ${token}` },
    }),
};

export const shipping = {
  quote: (postcode: string, items: number) =>
    call<{ pence: number; days: number }>(
      "shipping",
      `${config.shippingUrl}/v1/quotes?postcode=${encodeURIComponent(postcode)}&items=${items}`,
    ),
};

const definition = protoLoader.loadSync(path.join(config.protoDir, "catalogue/v1/search.proto"), {
  keepCase: false,
  longs: Number,
});
const loaded = grpc.loadPackageDefinition(definition) as any;
const searchClient = new loaded.catalogue.v1.CatalogueSearch(
  config.catalogueGrpcAddr,
  grpc.credentials.createInsecure(),
);

export interface SearchResult {
  hits: { isbn: string; title: string; authors: string[]; pricePence: number; inStock: boolean }[];
  total: number;
}

/** Full-text search over gRPC; the deadline is shorter than that of a page. */
export function search(query: string, offset: number): Promise<SearchResult> {
  return new Promise((resolve, reject) => {
    const deadline = new Date(Date.now() + 800);
    searchClient.search({ query, offset, limit: 20 }, { deadline }, (error: Error | null, found: SearchResult) =>
      error ? reject(new UpstreamError("catalogue", 502, error.message)) : resolve(found),
    );
  });
}
