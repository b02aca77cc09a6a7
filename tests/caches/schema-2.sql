BEGIN TRANSACTION;
CREATE TABLE asked (                 -- what asking arXiv for a listing came to, the last time
        category TEXT,
        announced TEXT,                  -- ISO date
        state TEXT NOT NULL,             -- sync.State
        said TEXT NOT NULL,              -- a sentence for the person
        tries INTEGER NOT NULL,          -- how often, since it last was complete
        last TEXT NOT NULL,              -- ISO time, UTC
        PRIMARY KEY (category, announced)
    ) WITHOUT ROWID;
INSERT INTO "asked" VALUES('cs.LG','2026-03-03','holiday','Nothing was announced.',1,'2026-03-03T09:00:00+00:00');
CREATE TABLE earlier (               -- what was known before a newer version came
        row INTEGER,
        version INTEGER,
        title TEXT NOT NULL,
        authors TEXT NOT NULL,
        abstract TEXT,
        comments TEXT,
        PRIMARY KEY (row, version)
    ) WITHOUT ROWID;
INSERT INTO "earlier" VALUES(55312740,1,'Token Management in $k$ Platforms','Ann Lee
Bo Chen','A first text.

More.','10 pages');
CREATE TABLE entry (
        listing INTEGER,
        position INTEGER,
        row INTEGER NOT NULL,
        section INTEGER NOT NULL,        -- index into model.Section
        PRIMARY KEY (listing, position)
    ) WITHOUT ROWID;
INSERT INTO "entry" VALUES(1,1,55312740,0);
INSERT INTO "entry" VALUES(2,1,12582995,1);
INSERT INTO "entry" VALUES(2,2,55312740,2);
CREATE TABLE haystack (              -- query.Haystacks, of papers that a listing announced
        row INTEGER PRIMARY KEY,
        title TEXT NOT NULL,
        authors TEXT NOT NULL,
        abstract TEXT NOT NULL,
        comments TEXT NOT NULL,
        journal TEXT NOT NULL,
        doi TEXT NOT NULL
    );
INSERT INTO "haystack" VALUES(12582995,' it s an old one with quotes ',' c d ','  ','  ','  ',' 10 1 x ');
INSERT INTO "haystack" VALUES(55312740,' token management in k clouds ',' ann lee bo chen ',' a first text more ',' 10 pages ','  ','  ');
CREATE TABLE journal (               -- how far into each journal the marks above have come
        file TEXT PRIMARY KEY,
        position TEXT NOT NULL
    ) WITHOUT ROWID;
INSERT INTO "journal" VALUES('journal-desk.jsonl','[507, 1795451066966792973, 507, 512985927, 4, 0, 0, 0]');
CREATE TABLE listing (               -- the day ledger
        id INTEGER PRIMARY KEY,
        category TEXT NOT NULL,
        announced TEXT NOT NULL,         -- ISO date
        promised TEXT NOT NULL,          -- JSON: {section: count}
        unreadable INTEGER NOT NULL,
        complete INTEGER NOT NULL,
        form TEXT NOT NULL,
        stored TEXT NOT NULL,            -- ISO time, UTC
        UNIQUE (category, announced)
    );
INSERT INTO "listing" VALUES(1,'cs.DC','2026-03-02','{"new": 1}',0,1,'listing page','2026-03-03T09:00:00+00:00');
INSERT INTO "listing" VALUES(2,'cs.DC','2026-03-03','{}',0,0,'listing page','2026-03-03T09:00:00+00:00');
CREATE TABLE mark (                  -- the journals, folded: the newest value of each field
        row INTEGER,
        field TEXT,
        value TEXT NOT NULL,             -- JSON
        lamport INTEGER NOT NULL,
        machine TEXT NOT NULL,
        at TEXT NOT NULL,                -- ISO time, UTC
        PRIMARY KEY (row, field)
    ) WITHOUT ROWID;
INSERT INTO "mark" VALUES(12582995,'note','"ask Ana;\nsoon"',3,'desk','2026-03-03T09:00:00+00:00');
INSERT INTO "mark" VALUES(12582995,'read','true',2,'desk','2026-03-03T09:00:00+00:00');
INSERT INTO "mark" VALUES(51904519,'starred','true',1,'desk','2026-03-03T09:00:00+00:00');
INSERT INTO "mark" VALUES(55312740,'starred','true',1,'desk','2026-03-03T09:00:00+00:00');
INSERT INTO "mark" VALUES(55312740,'tag:to JJ','true',4,'desk','2026-03-03T09:00:00+00:00');
CREATE TABLE memo (                  -- where the reader was, and what else is nice to remember
        key TEXT PRIMARY KEY,
        value TEXT NOT NULL
    ) WITHOUT ROWID;
INSERT INTO "memo" VALUES('cursor inbox','12 3');
INSERT INTO "memo" VALUES('papers','3');
CREATE TABLE paper (
        row INTEGER PRIMARY KEY,         -- model.row_of(id): ascending is chronological
        version INTEGER,
        title TEXT NOT NULL,
        authors TEXT NOT NULL,           -- one a line
        abstract TEXT,
        categories TEXT NOT NULL,        -- parted by blanks, primary first
        comments TEXT,
        journal_ref TEXT,
        doi TEXT,
        report_no TEXT,
        acm_class TEXT,
        msc_class TEXT,
        formats TEXT NOT NULL,           -- parted by blanks
        submitter TEXT,
        license TEXT,
        versions TEXT NOT NULL,          -- JSON: [[number, ISO time or null, kB or null], ...]
        authors_omitted INTEGER,
        withdrawn INTEGER NOT NULL
    );
INSERT INTO "paper" VALUES(12582995,NULL,'It''s an old one; with ''quotes''','C. D.',NULL,'hep-th',NULL,NULL,'10.1/x',NULL,NULL,NULL,'',NULL,NULL,'[]',NULL,1);
INSERT INTO "paper" VALUES(51904519,NULL,'From a snapshot','',NULL,'',NULL,NULL,NULL,NULL,NULL,NULL,'',NULL,NULL,'[]',0,0);
INSERT INTO "paper" VALUES(55312740,2,'Token Management in $k$ Clouds','Ann Lee
Bo Chen','A first text.

More.','cs.DC cs.LG','10 pages',NULL,NULL,NULL,NULL,NULL,'pdf html',NULL,NULL,'[[1, "2026-02-22T09:00:00+00:00", 12], [2, "2026-03-03T09:00:00+00:00", 13]]',0,0);
CREATE INDEX entry_by_row ON entry (row);
CREATE INDEX mark_by_field ON mark (field, value, row);
COMMIT;
PRAGMA user_version = 2;
