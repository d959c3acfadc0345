import { useEffect, useState } from "react";
import { createRoot } from "react-dom/client";

interface Hit {
  isbn: string;
  title: string;
  authors: string[];
  pricePence: number;
}

const pounds = (pence: number) => `£${(pence / 100).toFixed(2)}`;

function Shelf({ books, onAdd }: { books: Hit[]; onAdd: (isbn: string) => void }) {
  return (
    <ul className="shelf">
      {books.map((book) => (
        <li key={book.isbn}>
          <h3>{book.title}</h3>
          <p>{book.authors.join(", ")}</p>
          <button onClick={() => onAdd(book.isbn)}>Add for {pounds(book.pricePence)}</button>
        </li>
      ))}
    </ul>
  );
}

export function App() {
  const [books, setBooks] = useState<Hit[]>([]);
  const [query, setQuery] = useState("");
  const [total, setTotal] = useState(0);

  useEffect(() => {
    const searching = query.trim().length >= 2;
    const url = searching ? `/api/search?q=${encodeURIComponent(query)}` : "/api/books";
    const stop = new AbortController();
    fetch(url, { signal: stop.signal })
      .then((answer) => answer.json())
      .then((found) => setBooks(searching ? found.hits : found))
      .catch(() => undefined);
    return () => stop.abort();
  }, [query]);

  async function add(isbn: string) {
    const answer = await fetch(`/api/basket/lines/${isbn}`, {
      method: "PUT",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ quantity: 1 }),
    });
    if (answer.ok) setTotal((await answer.json()).totalPence);
  }

  return (
    <main>
      <h1>Harbour Street Books</h1>
      <input aria-label="Search" value={query} onChange={(event) => setQuery(event.target.value)} />
      <p aria-live="polite">Basket: {pounds(total)}</p>
      <Shelf books={books} onAdd={add} />
    </main>
  );
}

const root = document.getElementById("root");
if (root) createRoot(root).render(<App />);
