// Readers browse, search and fill baskets; run with: k6 run tests/load/browse-and-buy.js
import { check, sleep } from "k6";
import http from "k6/http";

const base = __ENV.BASE_URL || "http://localhost:8088";

export const options = {
  scenarios: {
    readers: {
      executor: "ramping-arrival-rate",
      startRate: 5,
      timeUnit: "1s",
      preAllocatedVUs: 100,
      stages: [
        { target: 60, duration: "2m" },
        { target: 60, duration: "5m" },
        { target: 0, duration: "1m" },
      ],
    },
  },
  thresholds: {
    http_req_failed: ["rate<0.005"],
    "http_req_duration{page:books}": ["p(95)<400"],
    "http_req_duration{page:search}": ["p(95)<500"],
  },
};

export default function () {
  const books = http.get(`${base}/api/books`, { tags: { page: "books" } });
  check(books, { "books are shown": (answer) => answer.status === 200 });
  sleep(1);
  http.get(`${base}/api/search?q=harbour`, { tags: { page: "search" } });
  const shelf = books.status === 200 ? books.json() : [];
  if (shelf.length > 0) {
    http.put(`${base}/api/basket/lines/${shelf[0].isbn}`, JSON.stringify({ quantity: 1 }), {
      headers: { "content-type": "application/json" },
      tags: { page: "basket" },
    });
  }
}
