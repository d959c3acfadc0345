import type { NextFunction, Request, Response } from "express";
import { createRemoteJWKSet, jwtVerify } from "jose";
import { config } from "./config.js";

const keys = createRemoteJWKSet(new URL(`${config.oidcIssuer}/.well-known/jwks.json`));

/** Lets a request through only with a valid token of a customer. */
export async function requireCustomer(req: Request, res: Response, next: NextFunction) {
  const token = req.cookies?.session ?? req.get("authorization")?.replace(/^Bearer /, "");
  if (!token) {
    res.status(401).json({ error: "sign_in_required" });
    return;
  }
  try {
    const { payload } = await jwtVerify(token, keys, {
      issuer: config.oidcIssuer,
      audience: config.oidcAudience,
    });
    res.locals.customerId = payload.sub;
    res.locals.token = token;
    next();
  } catch {
    res.status(401).json({ error: "session_expired" });
  }
}
