/** Settings of the storefront; every address comes from the environment. */
export const config = {
  port: Number(process.env.PORT ?? 3000),
  logLevel: process.env.LOG_LEVEL ?? "info",
  catalogueUrl: process.env.CATALOGUE_URL ?? "http://localhost:8081",
  catalogueGrpcAddr: process.env.CATALOGUE_GRPC_ADDR ?? "localhost:9081",
  basketUrl: process.env.BASKET_URL ?? "http://localhost:8000",
  ordersUrl: process.env.ORDERS_URL ?? "http://localhost:8080",
  shippingUrl: process.env.SHIPPING_URL ?? "http://localhost:8082",
  oidcIssuer: process.env.OIDC_ISSUER ?? "https://login.quayside-id.example/harbourstreet",
  oidcAudience: process.env.OIDC_AUDIENCE ?? "storefront",
  protoDir: process.env.PROTO_DIR ?? "../../proto",
  /** A page waits no longer than this for a service behind it. */
  callTimeoutMs: Number(process.env.CALL_TIMEOUT_MS ?? 1500),
  /** Reads are tried again this often; writes never are. */
  readRetries: Number(process.env.READ_RETRIES ?? 2),
};
