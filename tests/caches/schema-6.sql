BEGIN;
CREATE TABLE asked (                 -- what asking arXiv for a listing came to, the last time
        category TEXT,
        announced TEXT,                  -- ISO date
        state TEXT NOT NULL,             -- sync.State
        said TEXT NOT NULL,              -- a sentence for the person
        tries INTEGER NOT NULL,          -- how often, since it last was complete
        last TEXT NOT NULL,              -- ISO time, UTC
        PRIMARY KEY (category, announced)
    ) WITHOUT ROWID;
INSERT INTO asked VALUES ('cs.LG','2026-03-03','holiday','Nothing was announced.',1,'2026-03-03T09:00:00+00:00');
CREATE TABLE earlier (               -- what was known before a newer version came
        row INTEGER,
        version INTEGER,
        title TEXT NOT NULL,
        authors TEXT NOT NULL,
        abstract TEXT,
        comments TEXT, checksum INTEGER,
        PRIMARY KEY (row, version)
    ) WITHOUT ROWID;
INSERT INTO earlier VALUES (55312740,1,'Token Management in $k$ Platforms','Ann Lee
Bo Chen','A first text.

More.','10 pages',985691236);
CREATE TABLE entry (
        listing INTEGER,
        position INTEGER,
        row INTEGER NOT NULL,
        section INTEGER NOT NULL,        -- index into model.Section
        PRIMARY KEY (listing, position)
    ) WITHOUT ROWID;
INSERT INTO entry VALUES (1,1,55312740,0);
INSERT INTO entry VALUES (2,1,12582995,1);
INSERT INTO entry VALUES (2,2,55312740,2);
CREATE TABLE journal (               -- how far into each journal the marks above have come
        file TEXT PRIMARY KEY,
        position TEXT NOT NULL
    ) WITHOUT ROWID;
INSERT INTO journal VALUES ('journal-desk.jsonl','[-1, 0, 0, 0, 4, 0, 0, 0]');
CREATE TABLE listing (               -- the day ledger
        id INTEGER PRIMARY KEY,
        category TEXT NOT NULL,
        announced TEXT NOT NULL,         -- ISO date
        promised TEXT NOT NULL,          -- JSON: {section: count}
        unreadable INTEGER NOT NULL,
        complete INTEGER NOT NULL,
        form TEXT NOT NULL,
        stored TEXT NOT NULL, checksum INTEGER,            -- ISO time, UTC
        UNIQUE (category, announced)
    );
INSERT INTO listing VALUES (1,'cs.DC','2026-03-02','{"new": 1}',0,1,'listing page','2026-03-03T09:00:00+00:00',1464375817);
INSERT INTO listing VALUES (2,'cs.DC','2026-03-03','{}',0,0,'listing page','2026-03-03T09:00:00+00:00',3507586844);
CREATE TABLE mark (                  -- the journals, folded: the newest value of each field
        row INTEGER,
        field TEXT,
        value TEXT NOT NULL,             -- JSON
        lamport INTEGER NOT NULL,
        machine TEXT NOT NULL,
        at TEXT NOT NULL, checksum INTEGER,                -- ISO time, UTC
        PRIMARY KEY (row, field)
    ) WITHOUT ROWID;
INSERT INTO mark VALUES (12582995,'note','"ask Ana;\nsoon"',3,'desk','2026-03-03T09:00:00+00:00',1857420079);
INSERT INTO mark VALUES (12582995,'read','true',2,'desk','2026-03-03T09:00:00+00:00',1286565972);
INSERT INTO mark VALUES (51904519,'starred','true',1,'desk','2026-03-03T09:00:00+00:00',3089443441);
INSERT INTO mark VALUES (55312740,'starred','true',1,'desk','2026-03-03T09:00:00+00:00',1303644663);
INSERT INTO mark VALUES (55312740,'tag:to JJ','true',4,'desk','2026-03-03T09:00:00+00:00',141422119);
CREATE TABLE memo (                  -- where the reader was, and what else is nice to remember
        key TEXT PRIMARY KEY,
        value TEXT NOT NULL
    ) WITHOUT ROWID;
INSERT INTO memo VALUES ('cursor inbox','12 3');
INSERT INTO memo VALUES ('folded','3 14.0.0');
INSERT INTO memo VALUES ('papers','3');
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
    , checksum INTEGER, parted TEXT NOT NULL DEFAULT '');
INSERT INTO paper VALUES (12582995,NULL,'It''s an old one; with ''quotes''','C. D.',NULL,'hep-th',NULL,NULL,'10.1/x',NULL,NULL,NULL,'',NULL,NULL,'[]',NULL,1,700123432,'');
INSERT INTO paper VALUES (51904519,NULL,'From a snapshot','',NULL,'',NULL,NULL,NULL,NULL,NULL,NULL,'',NULL,NULL,'[]',0,0,1704776043,'');
INSERT INTO paper VALUES (55312740,2,'Token Management in $k$ Clouds','Ann Lee
Bo Chen','A first text.

More.','cs.DC cs.LG','10 pages',NULL,NULL,NULL,NULL,NULL,'pdf html',NULL,NULL,'[[1, "2026-02-22T09:00:00+00:00", 12], [2, "2026-03-03T09:00:00+00:00", 13]]',0,0,1039524112,'');
CREATE TABLE month (                 -- how many papers there are
        month INTEGER PRIMARY KEY,       -- of their identifiers: row >> 17
        papers INTEGER NOT NULL
    );
INSERT INTO month VALUES (96,1);
INSERT INTO month VALUES (396,1);
INSERT INTO month VALUES (422,1);
CREATE TABLE unindexed (             -- papers that the two tables below lack
        row INTEGER PRIMARY KEY
    );
CREATE TABLE term (                  -- the tokens of `words`
        term TEXT PRIMARY KEY,
        papers INTEGER NOT NULL          -- at least, how many have had it
    ) WITHOUT ROWID;
INSERT INTO term VALUES ('1',1);
INSERT INTO term VALUES ('10',2);
INSERT INTO term VALUES ('a',2);
INSERT INTO term VALUES ('an',1);
INSERT INTO term VALUES ('ann',1);
INSERT INTO term VALUES ('bo',1);
INSERT INTO term VALUES ('c',1);
INSERT INTO term VALUES ('chen',1);
INSERT INTO term VALUES ('clouds',1);
INSERT INTO term VALUES ('d',1);
INSERT INTO term VALUES ('first',1);
INSERT INTO term VALUES ('from',1);
INSERT INTO term VALUES ('in',1);
INSERT INTO term VALUES ('it',1);
INSERT INTO term VALUES ('k',1);
INSERT INTO term VALUES ('lee',1);
INSERT INTO term VALUES ('management',1);
INSERT INTO term VALUES ('more',1);
INSERT INTO term VALUES ('old',1);
INSERT INTO term VALUES ('one',1);
INSERT INTO term VALUES ('pages',1);
INSERT INTO term VALUES ('quotes',1);
INSERT INTO term VALUES ('s',1);
INSERT INTO term VALUES ('snapshot',1);
INSERT INTO term VALUES ('text',1);
INSERT INTO term VALUES ('token',1);
INSERT INTO term VALUES ('with',1);
INSERT INTO term VALUES ('x',1);
INSERT INTO term VALUES ('¶',3);
INSERT INTO term VALUES ('¶cat›cs‮dc',1);
INSERT INTO term VALUES ('¶cat›cs‮lg',1);
INSERT INTO term VALUES ('¶cat›hep‭th',1);
INSERT INTO term VALUES ('¶date›2024',1);
INSERT INTO term VALUES ('¶date›2024‭01',1);
INSERT INTO term VALUES ('¶date›2024‭01‭01',1);
INSERT INTO term VALUES ('¶date›2026',2);
INSERT INTO term VALUES ('¶date›2026‭03',2);
INSERT INTO term VALUES ('¶date›2026‭03‭02',1);
INSERT INTO term VALUES ('¶date›2026‭03‭03',2);
INSERT INTO term VALUES ('¶has›doi',1);
INSERT INTO term VALUES ('¶has›html',1);
INSERT INTO term VALUES ('¶is›cross',1);
INSERT INTO term VALUES ('¶is›new',1);
INSERT INTO term VALUES ('¶is›replaced',1);
INSERT INTO term VALUES ('¶is›withdrawn',1);
INSERT INTO term VALUES ('¶v›2',1);
CREATE TABLE haystack (              -- query.Haystacks, of papers that a listing announced
        row INTEGER PRIMARY KEY,
        title TEXT NOT NULL,
        authors TEXT NOT NULL,
        abstract TEXT NOT NULL,
        comments TEXT NOT NULL,
        journal TEXT NOT NULL,
        doi TEXT NOT NULL,
        report TEXT NOT NULL
    , checksum INTEGER);
CREATE VIRTUAL TABLE words USING fts5 (  -- search.columns of each paper
        title, authors, abstract, comments, journal, doi, report, facts,
        content = '', columnsize = 0, tokenize = 'ascii'
    );
DELETE FROM words_data;
INSERT INTO words_data VALUES (1,X'030F06040200030019');
INSERT INTO words_data VALUES (10,X'000000000101010001010101');
INSERT INTO words_data VALUES (137438953473,X'000002A80230318680805306010503020130868080530601050294B082110601030201016198E08007020381D0825D0601020202016E86808053020403016E9AB08264060101020102626F9AB08264060101040101638680805306010102020368656E9AB082640601010502056C6F7564739AB0826402060101648680805306010103010566697273749AB08264060102030203726F6D98E0800702020102696E9AB08264020402017486808053020201016B9AB08264020501036C65659AB0826406010103010A6D616E6167656D656E749AB08264020302036F72659AB082640601020501036F6C6486808053020502026E65868080530206010570616765739AB0826406010303010671756F74657386808053020801017386808053020302076E617073686F7498E0800702040104746578749AB082640601020402046F6B656E9AB08264020201047769746886808053020701017886808053060105040102C2B6868080530601070292DFFF340601070281D0825D06010702030D636174E280BA6373E280AE64639AB08264060107030E026C679AB08264060107040908686570E280AD74688680805306010703030B64617465E280BA3230323498E08007060107030E05E280AD303198E08007060107041305E280AD303198E08007060107050D0136868080530601070794B0821108010708050E05E280AD3033868080530601070894B0821108010709051305E280AD30329AB082640601070D170133868080530601070994B082110601070A0309686173E280BA646F698680805306010706090468746D6C9AB0826406010707030A6973E280BA63726F7373868080530601070408036E65779AB082640601070508087265706C616365649AB0826406010706080977697468647261776E8680805306010705030576E280BA329AB082640601070E040B1311090B0C0B0D0D0B0F0B0A09090D120D0B0A0F0E090F0E0C0C0B1C170C12150F0F14180F13130E140D1213');
DELETE FROM words_idx;
INSERT INTO words_idx VALUES (1,X'',2);
DELETE FROM words_config;
INSERT INTO words_config VALUES ('version',4);
CREATE TABLE vector (                -- rank.Vector, of papers that are announced or marked
        row INTEGER PRIMARY KEY,
        form TEXT NOT NULL,              -- taste.FORM: others are made anew
        text TEXT NOT NULL
    );
CREATE INDEX entry_by_row ON entry (row);
CREATE INDEX mark_by_field ON mark (field, value, row);
CREATE INDEX paper_by_month ON paper (row >> 17);
CREATE INDEX common_term ON term (term, papers) WHERE papers >= 50;
COMMIT;
PRAGMA user_version = 6;
