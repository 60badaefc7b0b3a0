"""The tables of the ledger, as steps that lead from one version to the next. Nothing is read or written here.

Times are UTC, ``2026-03-09T15:40:00Z``. Documents are JSON, and stand last in their rows: whoever asks for a state reads no
document. Quantities are decimal texts: they are never added by SQL. A step is never changed once it was released; what must
change is one more step.
"""

from __future__ import annotations

APPLICATION = 0x53454458  # "SEDX", in the file's header: this database is a ledger of ours

STEPS: tuple[str, ...] = (
    """
    CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

    -- every interchange that came, and every one that went out
    CREATE TABLE interchanges (
        id INTEGER PRIMARY KEY,
        way TEXT NOT NULL CHECK (way IN ('in', 'out')),
        envelope TEXT NOT NULL,          -- ISA05/ISA06>ISA07/ISA08
        usage TEXT NOT NULL,             -- ISA15
        control TEXT NOT NULL,           -- ISA13
        sha256 TEXT NOT NULL,
        size INTEGER NOT NULL,
        file TEXT NOT NULL,              -- its name as it came or went
        claim TEXT NOT NULL DEFAULT '',  -- in: the token under which its file was claimed
        archived TEXT NOT NULL,          -- its copy, from the archive's folder
        place INTEGER NOT NULL,          -- the byte in that copy at which it begins
        state TEXT NOT NULL,             -- in: taken, rejected, refused, aside, not-ours, repeated · out: sent
        why TEXT NOT NULL DEFAULT '',
        answers INTEGER REFERENCES interchanges,  -- out: whose receipt it is
        at TEXT NOT NULL
    );
    CREATE INDEX interchanges_answers ON interchanges (answers) WHERE answers IS NOT NULL;
    CREATE INDEX interchanges_number ON interchanges (envelope, usage, control);
    CREATE INDEX interchanges_hash ON interchanges (sha256);

    -- an order is known by number, type and release, for each partner
    CREATE TABLE orders (
        id INTEGER PRIMARY KEY,
        partner TEXT NOT NULL, number TEXT NOT NULL, type TEXT NOT NULL, release TEXT NOT NULL,
        interchange INTEGER NOT NULL REFERENCES interchanges,
        revision INTEGER NOT NULL DEFAULT 0,
        state TEXT NOT NULL,             -- new, open, held, cancelled, refused, closed, history, pruned
        program TEXT NOT NULL DEFAULT '',
        erp_number TEXT,
        received TEXT NOT NULL,
        handed TEXT,                     -- when the ERP's file was published
        file TEXT,                       -- that file's name
        taken TEXT,                      -- when it was first seen to be gone
        acknowledged TEXT,
        owed TEXT,                       -- the answer that goes out by itself, until it went
        original BLOB NOT NULL,          -- as it came: fill rates are held against it
        current BLOB NOT NULL,           -- as revised
        findings BLOB,                   -- of reading it
        UNIQUE (partner, number, type, release)
    );
    CREATE INDEX orders_number ON orders (number);
    CREATE INDEX orders_erp ON orders (erp_number);
    CREATE INDEX orders_state ON orders (state);
    CREATE INDEX orders_file ON orders (file) WHERE file IS NOT NULL;
    CREATE INDEX orders_owed ON orders (id) WHERE owed IS NOT NULL;
    CREATE INDEX orders_untaken ON orders (id, file) WHERE taken IS NULL AND file IS NOT NULL;

    -- what the partner wants changed
    CREATE TABLE changes (
        id INTEGER PRIMARY KEY,
        order_id INTEGER REFERENCES orders,
        number TEXT NOT NULL,
        interchange INTEGER NOT NULL REFERENCES interchanges,
        effect TEXT NOT NULL,            -- cancel, change, replace, none
        state TEXT NOT NULL,             -- pending, accepted, refused, unknown-order, repeated
        at TEXT NOT NULL,
        document BLOB NOT NULL,
        revised BLOB                     -- the order with it
    );
    CREATE INDEX changes_order ON changes (order_id);
    CREATE INDEX changes_number ON changes (number);

    -- what we answer
    CREATE TABLE documents (
        id INTEGER PRIMARY KEY,
        kind TEXT NOT NULL,
        name TEXT NOT NULL,              -- the number that it is known by
        partner TEXT NOT NULL,
        state TEXT NOT NULL,             -- held, waiting, sent, accepted, errors, rejected, withdrawn, history
        source TEXT NOT NULL DEFAULT '', -- the ERP's file
        interchange INTEGER REFERENCES interchanges,
        functional TEXT, group_control TEXT, set_control TEXT,
        archived TEXT, sha256 TEXT,
        why TEXT NOT NULL DEFAULT '',
        made TEXT NOT NULL,
        sent TEXT,
        answered TEXT,
        document BLOB NOT NULL,
        given BLOB,                      -- as the ERP gave it, while it waits or is held: it is completed when it goes
        places BLOB                      -- path in the document -> row and column in the ERP's file
    );
    CREATE UNIQUE INDEX documents_name ON documents (partner, kind, name)
        WHERE state IN ('waiting', 'sent', 'accepted', 'errors', 'history') AND kind <> 'acknowledgment';
    CREATE INDEX documents_known ON documents (partner, kind, name);
    CREATE INDEX documents_state ON documents (state);
    CREATE INDEX documents_interchange ON documents (interchange);
    CREATE INDEX documents_control ON documents (functional, group_control);
    CREATE TABLE document_orders (
        document INTEGER NOT NULL REFERENCES documents,
        order_id INTEGER NOT NULL REFERENCES orders,
        PRIMARY KEY (document, order_id)
    ) WITHOUT ROWID;
    CREATE INDEX document_orders_order ON document_orders (order_id);

    -- what a shipment or an invoice takes off the balance of a line
    CREATE TABLE movements (
        document INTEGER NOT NULL REFERENCES documents,
        order_id INTEGER NOT NULL REFERENCES orders,
        line TEXT NOT NULL,
        quantity TEXT NOT NULL,
        final INTEGER NOT NULL DEFAULT 0
    );
    CREATE INDEX movements_order ON movements (order_id);
    CREATE INDEX movements_document ON movements (document);

    CREATE TABLE numbers (series TEXT PRIMARY KEY, last INTEGER NOT NULL) WITHOUT ROWID;
    CREATE TABLE labels (
        sscc TEXT NOT NULL,
        document INTEGER NOT NULL REFERENCES documents,
        at TEXT NOT NULL,
        PRIMARY KEY (sscc, document)
    ) WITHOUT ROWID;

    -- every file that somebody else will see, from before it is there
    CREATE TABLE outbox (
        id INTEGER PRIMARY KEY,
        folder TEXT NOT NULL,
        name TEXT NOT NULL,
        data BLOB,                       -- until it is published
        sha256 TEXT NOT NULL,
        size INTEGER NOT NULL,
        document INTEGER REFERENCES documents,
        interchange INTEGER REFERENCES interchanges,
        order_id INTEGER REFERENCES orders,
        made TEXT NOT NULL,
        published TEXT
    );
    CREATE INDEX outbox_waiting ON outbox (id) WHERE published IS NULL;
    CREATE INDEX outbox_name ON outbox (folder, name);
    CREATE INDEX outbox_document ON outbox (document);
    CREATE INDEX outbox_interchange ON outbox (interchange);

    -- every file that was taken and dealt with: one that a pass which was cut short left claimed is not dealt with again
    CREATE TABLE arrivals (
        token TEXT PRIMARY KEY,          -- of its claim
        folder TEXT NOT NULL,            -- in, responses
        name TEXT NOT NULL,
        sha256 TEXT NOT NULL,
        archived TEXT NOT NULL,          -- its copy, from the archive's folder
        at TEXT NOT NULL
    ) WITHOUT ROWID;

    -- files that are not whole yet
    CREATE TABLE looks (
        folder TEXT NOT NULL, name BLOB NOT NULL, size INTEGER NOT NULL, since TEXT NOT NULL, PRIMARY KEY (folder, name)
    ) WITHOUT ROWID;

    -- what waits for a person
    CREATE TABLE holds (
        id INTEGER PRIMARY KEY,
        what TEXT NOT NULL,              -- order, change, document, file, interchange
        subject INTEGER,
        about TEXT NOT NULL,             -- the number or name that people know it by
        sentence TEXT NOT NULL,
        cure TEXT NOT NULL,
        at TEXT NOT NULL,
        closed TEXT,
        how TEXT
    );
    CREATE INDEX holds_open ON holds (id) WHERE closed IS NULL;
    CREATE INDEX holds_subject ON holds (what, subject);

    CREATE TABLE events (
        id INTEGER PRIMARY KEY,
        at TEXT NOT NULL,
        order_id INTEGER REFERENCES orders,
        document INTEGER REFERENCES documents,
        interchange INTEGER REFERENCES interchanges,
        what TEXT NOT NULL,
        sentence TEXT NOT NULL
    );
    CREATE INDEX events_order ON events (order_id);
    CREATE INDEX events_document ON events (document);
    CREATE INDEX events_interchange ON events (interchange);

    -- how far an order is: worked out anew when something happened to it, or when its next deadline is over
    CREATE TABLE watches (
        order_id INTEGER PRIMARY KEY REFERENCES orders,
        fresh INTEGER NOT NULL DEFAULT 0,  -- 0: something has happened since
        finished INTEGER NOT NULL DEFAULT 0,
        stage TEXT NOT NULL DEFAULT 'received',
        at TEXT NOT NULL DEFAULT '',       -- when it was worked out
        next TEXT,                         -- when the next thing will be late
        late INTEGER NOT NULL DEFAULT 0,   -- how many things are late by now
        dues BLOB                          -- what is due, not yet done
    );
    CREATE INDEX watches_stale ON watches (order_id) WHERE fresh = 0;
    CREATE INDEX watches_next ON watches (next) WHERE next IS NOT NULL;
    CREATE INDEX watches_late ON watches (order_id) WHERE late > 0;
    CREATE INDEX watches_open ON watches (order_id) WHERE finished = 0;
    CREATE TRIGGER order_came AFTER INSERT ON orders BEGIN
        INSERT INTO watches (order_id) VALUES (NEW.id);
    END;
    CREATE TRIGGER order_moved AFTER UPDATE OF current, state, program, received, handed, taken, acknowledged ON orders BEGIN
        UPDATE watches SET fresh = 0 WHERE order_id = NEW.id AND fresh = 1;
    END;
    CREATE TRIGGER document_came AFTER INSERT ON document_orders BEGIN
        UPDATE watches SET fresh = 0 WHERE order_id = NEW.order_id AND fresh = 1;
    END;
    CREATE TRIGGER document_moved AFTER UPDATE OF state, document, sent, answered ON documents BEGIN
        UPDATE watches SET fresh = 0
        WHERE fresh = 1 AND order_id IN (SELECT order_id FROM document_orders WHERE document = NEW.id);
    END;
    CREATE TRIGGER change_came AFTER INSERT ON changes BEGIN
        UPDATE watches SET fresh = 0 WHERE order_id = NEW.order_id AND fresh = 1;
    END;
    CREATE TRIGGER change_moved AFTER UPDATE OF state, order_id ON changes BEGIN
        UPDATE watches SET fresh = 0 WHERE order_id = NEW.order_id AND fresh = 1;
    END;

    -- copies in the archive that nothing names any more, until they are removed
    CREATE TABLE leftovers (place TEXT PRIMARY KEY) WITHOUT ROWID;
    """,
    """
    -- what is asked of a partner that has an API, to be done once each
    CREATE TABLE requests (
        id INTEGER PRIMARY KEY,
        document INTEGER NOT NULL REFERENCES documents,
        order_id INTEGER NOT NULL REFERENCES orders,
        partner TEXT NOT NULL,
        call TEXT NOT NULL,              -- as the table of the API names it
        method TEXT NOT NULL,
        path TEXT NOT NULL,
        body TEXT NOT NULL,              -- JSON, as it goes out
        state TEXT NOT NULL,             -- waiting, sending (it may have arrived), done, declined, dropped, given (as a file)
        said TEXT NOT NULL DEFAULT '',   -- what the API said of it
        made TEXT NOT NULL,
        done TEXT
    );
    CREATE INDEX requests_open ON requests (id) WHERE state IN ('waiting', 'sending');
    CREATE INDEX requests_document ON requests (document);

    -- every request that went out, from before it does, and what came back
    CREATE TABLE calls (
        id INTEGER PRIMARY KEY,
        partner TEXT NOT NULL,
        call TEXT NOT NULL,
        method TEXT NOT NULL,
        path TEXT NOT NULL,
        body TEXT,
        at TEXT NOT NULL,
        status INTEGER,                  -- none: no answer came
        said TEXT,
        answered TEXT
    );
    CREATE INDEX calls_at ON calls (at);
    """,
)
