"""The cache's schema, as numbered migrations of frozen SQL: never edit one, only append."""

MIGRATIONS = (
    """
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
    CREATE TABLE earlier (               -- what was known before a newer version came
        row INTEGER,
        version INTEGER,
        title TEXT NOT NULL,
        authors TEXT NOT NULL,
        abstract TEXT,
        comments TEXT,
        PRIMARY KEY (row, version)
    ) WITHOUT ROWID;
    CREATE TABLE haystack (              -- query.Haystacks, of papers that a listing announced
        row INTEGER PRIMARY KEY,
        title TEXT NOT NULL,
        authors TEXT NOT NULL,
        abstract TEXT NOT NULL,
        comments TEXT NOT NULL,
        journal TEXT NOT NULL,
        doi TEXT NOT NULL
    );
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
    CREATE TABLE entry (
        listing INTEGER,
        position INTEGER,
        row INTEGER NOT NULL,
        section INTEGER NOT NULL,        -- index into model.Section
        PRIMARY KEY (listing, position)
    ) WITHOUT ROWID;
    CREATE INDEX entry_by_row ON entry (row);
    CREATE TABLE mark (                  -- the journals, folded: the newest value of each field
        row INTEGER,
        field TEXT,
        value TEXT NOT NULL,             -- JSON
        lamport INTEGER NOT NULL,
        machine TEXT NOT NULL,
        at TEXT NOT NULL,                -- ISO time, UTC
        PRIMARY KEY (row, field)
    ) WITHOUT ROWID;
    CREATE INDEX mark_by_field ON mark (field, value, row);
    CREATE TABLE journal (               -- how far into each journal the marks above have come
        file TEXT PRIMARY KEY,
        position TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE memo (                  -- where the reader was, and what else is nice to remember
        key TEXT PRIMARY KEY,
        value TEXT NOT NULL
    ) WITHOUT ROWID;
    """,
    """
    CREATE TABLE asked (                 -- what asking arXiv for a listing came to, the last time
        category TEXT,
        announced TEXT,                  -- ISO date
        state TEXT NOT NULL,             -- sync.State
        said TEXT NOT NULL,              -- a sentence for the person
        tries INTEGER NOT NULL,          -- how often, since it last was complete
        last TEXT NOT NULL,              -- ISO time, UTC
        PRIMARY KEY (category, announced)
    ) WITHOUT ROWID;
    """,
    """
    CREATE TABLE month (                 -- how many papers there are
        month INTEGER PRIMARY KEY,       -- of their identifiers: row >> 17
        papers INTEGER NOT NULL
    );
    INSERT INTO month SELECT row >> 17, count(*) FROM paper GROUP BY 1;
    CREATE INDEX paper_by_month ON paper (row >> 17);
    CREATE TABLE unindexed (             -- papers that the two tables below lack
        row INTEGER PRIMARY KEY
    );
    CREATE VIRTUAL TABLE words USING fts5 (  -- search.columns of each paper
        title, authors, abstract, comments, journal, doi, facts,
        content = '', columnsize = 0, tokenize = 'ascii'
    );
    CREATE TABLE term (                  -- the tokens of `words`
        term TEXT PRIMARY KEY,
        papers INTEGER NOT NULL          -- at least, how many have had it
    ) WITHOUT ROWID;
    CREATE INDEX common_term ON term (term, papers) WHERE papers >= 50;
    """,
    """
    DROP TABLE haystack;
    CREATE TABLE haystack (              -- query.Haystacks, of papers that a listing announced
        row INTEGER PRIMARY KEY,
        title TEXT NOT NULL,
        authors TEXT NOT NULL,
        abstract TEXT NOT NULL,
        comments TEXT NOT NULL,
        journal TEXT NOT NULL,
        doi TEXT NOT NULL,
        report TEXT NOT NULL
    );
    DROP TABLE words;
    CREATE VIRTUAL TABLE words USING fts5 (  -- search.columns of each paper
        title, authors, abstract, comments, journal, doi, report, facts,
        content = '', columnsize = 0, tokenize = 'ascii'
    );
    DELETE FROM term;
    INSERT OR IGNORE INTO unindexed SELECT row FROM paper;
    CREATE TABLE vector (                -- rank.Vector, of papers that are announced or marked
        row INTEGER PRIMARY KEY,
        form TEXT NOT NULL,              -- taste.FORM: others are made anew
        text TEXT NOT NULL
    );
    UPDATE mark                          -- see marks.OVERRULED
    SET value = 'overruled'
    WHERE field IN ('starred', 'skipped') AND value = 'true' AND EXISTS (
        SELECT 1 FROM mark AS other
        WHERE other.row = mark.row AND other.field <> mark.field
            AND other.field IN ('starred', 'skipped') AND other.value <> 'false'
            AND CASE WHEN other.machine = mark.machine THEN other.field = 'starred'
                ELSE (other.lamport, other.machine) > (mark.lamport, mark.machine) END
    );
    """,
    # Checksums of all that a row has, a listing's of its entries, too: see db.checksum_of.
    """
    ALTER TABLE paper ADD COLUMN checksum INTEGER;
    UPDATE paper SET checksum = checksum_of(
        row, version, title, authors, abstract, categories, comments,
        journal_ref, doi, report_no, acm_class, msc_class, formats, submitter, license, versions,
        authors_omitted, withdrawn
    );
    ALTER TABLE earlier ADD COLUMN checksum INTEGER;
    UPDATE earlier SET checksum = checksum_of(row, version, title, authors, abstract, comments);
    ALTER TABLE listing ADD COLUMN checksum INTEGER;
    UPDATE listing SET checksum = checksum_of(
        category, announced, complete,
        (SELECT group_concat(row || ' ' || section || ' ' || position) FROM (
            SELECT row, section, position FROM entry WHERE listing = id ORDER BY position
        ))
    );
    DELETE FROM haystack;
    ALTER TABLE haystack ADD COLUMN checksum INTEGER;
    ALTER TABLE mark ADD COLUMN checksum INTEGER;
    UPDATE mark SET checksum = checksum_of(
        row, field, replace(value, 'overruled', 'true'), lamport, machine, at
    );
    """,
    # Names of authors in parts, one a line, parted by tabs. What was damaged before stays so.
    """
    ALTER TABLE paper ADD COLUMN parted TEXT NOT NULL DEFAULT '';
    UPDATE paper SET checksum = checksum_of(
        row, version, title, authors, abstract, categories, comments,
        journal_ref, doi, report_no, acm_class, msc_class, formats, submitter, license, versions,
        authors_omitted, withdrawn, parted
    )
    WHERE checksum IS checksum_of(
        row, version, title, authors, abstract, categories, comments,
        journal_ref, doi, report_no, acm_class, msc_class, formats, submitter, license, versions,
        authors_omitted, withdrawn
    );
    """,
    """
    CREATE TABLE verdict (               -- which rules find a paper, of those that were asked of
        row INTEGER PRIMARY KEY,
        form TEXT NOT NULL,              -- of which rules: others are asked anew
        rules TEXT NOT NULL              -- their names, one a line
    );
    CREATE TABLE updated (               -- starred papers of which arXiv told something new since
        row INTEGER PRIMARY KEY,
        news TEXT NOT NULL               -- model.News, parted by blanks
    );
    """,
)
