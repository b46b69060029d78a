import '#server-only';

/**
 * The schema, one step a version; a step that has been released is never edited. Instants are milliseconds since 1970.
 *
 * Answers stand in `lead_revisions` only. An erased lead keeps its row in `leads` and loses revisions and mails.
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE leads (
    id TEXT PRIMARY KEY,
    number TEXT NOT NULL UNIQUE,
    submission_id TEXT UNIQUE,
    revision INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    reply_due_at INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('new', 'quarantined', 'answered', 'erased')),
    reason TEXT,
    article TEXT,
    cta TEXT,
    referrer TEXT,
    utm TEXT
  ) STRICT;
  CREATE INDEX leads_newest ON leads (received_at DESC, id DESC);
  CREATE INDEX leads_kept ON leads (received_at) WHERE state <> 'erased';
  CREATE INDEX leads_quarantined ON leads (received_at) WHERE state = 'quarantined';

  CREATE TABLE lead_revisions (
    lead_id TEXT NOT NULL REFERENCES leads (id),
    revision INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    email_key TEXT NOT NULL,
    phone TEXT NOT NULL,
    phone_e164 TEXT NOT NULL,
    start TEXT NOT NULL,
    consent_version TEXT NOT NULL,
    PRIMARY KEY (lead_id, revision)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX lead_revisions_email ON lead_revisions (email_key);

  CREATE TABLE outbox (
    seq INTEGER PRIMARY KEY,
    message_id TEXT NOT NULL UNIQUE,
    lead_id TEXT NOT NULL,
    revision INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('agent', 'visitor')),
    recipient TEXT NOT NULL,
    recipient_key TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'sent', 'dead')),
    attempts INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    next_attempt_at INTEGER NOT NULL,
    lease_until INTEGER,
    lease_token TEXT UNIQUE,
    last_error TEXT,
    sent_at INTEGER,
    UNIQUE (lead_id, revision, kind, recipient_key),
    FOREIGN KEY (lead_id, revision) REFERENCES lead_revisions (lead_id, revision)
  ) STRICT;
  CREATE INDEX outbox_pending ON outbox (seq, next_attempt_at, lease_until, created_at) WHERE state = 'pending';
  CREATE INDEX outbox_dead ON outbox (seq) WHERE state = 'dead';
  CREATE INDEX outbox_visitor ON outbox (recipient_key, created_at) WHERE kind = 'visitor';

  CREATE TABLE mail_removals (message_id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
  `,
  `
  -- What a lead says later: answers to the questions after acceptance, what a revision is for ('follow-up' or
  -- 'withdrawal'; the form's own answers have none), and when the consent was given if not with this revision.
  ALTER TABLE lead_revisions ADD COLUMN follow_up TEXT;
  ALTER TABLE lead_revisions ADD COLUMN occasion TEXT CHECK (occasion IN ('follow-up', 'withdrawal'));
  ALTER TABLE lead_revisions ADD COLUMN consent_at INTEGER;
  CREATE INDEX lead_revisions_withdrawn ON lead_revisions (received_at) WHERE occasion = 'withdrawal';
  `,
];
