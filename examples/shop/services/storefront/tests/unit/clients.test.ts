import { afterEach, expect, test, vi } from "vitest";
import { UpstreamError, basket, catalogue } from "../../src/clients.js";

afterEach(() => vi.unstubAllGlobals());

const answer = (status: number, body: unknown) => new Response(JSON.stringify(body), { status });

test("a read is tried again after a 503", async () => {
  const fetch = vi.fn()
    .mockResolvedValueOnce(answer(503, {}))
    .mockResolvedValueOnce(answer(200, { isbn: "9780000000002", title: "Tides" }));
  vi.stubGlobal("fetch", fetch);
  expect((await catalogue.book("9780000000002")).title).toBe("Tides");
  expect(fetch).toHaveBeenCalledTimes(2);
});

test("a write is tried once", async () => {
  const fetch = vi.fn().mockResolvedValue(answer(503, {}));
  vi.stubGlobal("fetch", fetch);
  await expect(basket.put("b", "9780000000002", 1)).rejects.toBeInstanceOf(UpstreamError);
  expect(fetch).toHaveBeenCalledTimes(1);
});
