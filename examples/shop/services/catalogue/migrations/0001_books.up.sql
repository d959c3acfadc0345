CREATE TABLE publishers (
    id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL UNIQUE
);

CREATE TABLE authors (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name      text NOT NULL,
    sort_name text NOT NULL
);
CREATE INDEX authors_sort_name ON authors (sort_name);

CREATE TABLE books (
    isbn         char(13) PRIMARY KEY CHECK (isbn ~ '^97[89][0-9]{10}$'),
    title        text NOT NULL,
    description  text NOT NULL DEFAULT '',
    publisher_id bigint NOT NULL REFERENCES publishers (id),
    price_pence  bigint NOT NULL CHECK (price_pence > 0),
    published_on date NOT NULL,
    search_text  tsvector GENERATED ALWAYS AS (
        setweight(to_tsvector('english', title), 'A') || to_tsvector('english', description)
    ) STORED
);
CREATE INDEX books_search_text ON books USING gin (search_text);
CREATE INDEX books_published_on ON books (published_on DESC);
CREATE INDEX books_title_prefix ON books (lower(title) text_pattern_ops);

CREATE TABLE book_authors (
    isbn      char(13) NOT NULL REFERENCES books (isbn) ON DELETE CASCADE,
    author_id bigint NOT NULL REFERENCES authors (id),
    position  smallint NOT NULL DEFAULT 1,
    PRIMARY KEY (isbn, author_id)
);
