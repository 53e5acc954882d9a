-- Events out and in. Times are given by the caller's clock. Every table belongs to a tenant.

-- How often this database was restored, as the restore runbook counts it. No row: never.
create table outbox_epoch (
  tenant text not null default current_setting('app.tenant') check (tenant <> ''),
  epoch bigint not null check (epoch >= 0),
  primary key (tenant)
);

-- The last sequence given to an aggregate on a topic. Its row lock orders whoever speaks for the aggregate.
create table outbox_head (
  tenant text not null default current_setting('app.tenant') check (tenant <> ''),
  topic text not null,
  key uuid not null,
  sequence bigint not null check (sequence > 0),
  primary key (tenant, topic, key)
) with (fillfactor = 80);

-- What happened, who did it and why: the audit trail, and the events. Rows are only ever added.
-- A change that is no event has no topic, sequence, type and payload.
create table outbox (
  tenant text not null default current_setting('app.tenant') check (tenant <> ''),
  number bigint generated always as identity,
  topic text,
  key uuid not null,
  epoch bigint,
  sequence bigint,
  type text,
  subject text not null,
  time timestamptz not null,
  actor text not null,
  cause text not null,
  causation_id text not null,
  correlation_id text not null,
  traceparent text not null,
  audience text not null,
  payload bytea,
  content_sha256 bytea not null check (length(content_sha256) = 32),
  primary key (tenant, number),
  check (num_nulls(topic, epoch, sequence, type, payload) in (0, 5))
);
create unique index outbox_of_aggregate on outbox (tenant, key, topic, sequence);

-- Events that the broker has not acknowledged. A row goes once it has; nothing is ever read past.
create table outbox_pending (
  tenant text not null default current_setting('app.tenant') check (tenant <> ''),
  number bigint not null,
  shard smallint not null check (shard between 0 and 15),
  primary key (tenant, number)
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);

-- Up to where a consumer group has taken an aggregate's events in, and what keeps it from going on:
-- GAP (a sequence is missing), NOT_YET (the next event needs something that has not arrived),
-- PARKED (the next event could not be handled; an operator replays or skips it).
create table inbox_position (
  tenant text not null default current_setting('app.tenant') check (tenant <> ''),
  "group" text not null,
  topic text not null,
  key uuid not null,
  epoch bigint not null,
  sequence bigint not null,
  waiting text check (waiting in ('GAP', 'NOT_YET', 'PARKED')),
  waiting_since timestamptz,
  error text,
  primary key (tenant, "group", topic, key),
  check ((waiting is null) = (waiting_since is null))
) with (fillfactor = 80);
create index inbox_position_waiting on inbox_position (tenant, "group") where waiting is not null;

-- Events taken in, by id. May go after thirty days; the position stays.
create table inbox (
  tenant text not null default current_setting('app.tenant') check (tenant <> ''),
  "group" text not null,
  event_id uuid not null,
  taken_at timestamptz not null,
  primary key (tenant, "group", event_id)
);
create index inbox_taken_at on inbox using brin (taken_at);

-- Events that have to wait, bytes and all.
create table inbox_kept (
  tenant text not null default current_setting('app.tenant') check (tenant <> ''),
  "group" text not null,
  topic text not null,
  key uuid not null,
  epoch bigint not null,
  sequence bigint not null,
  event_id uuid not null,
  headers jsonb not null,
  payload bytea not null,
  kept_at timestamptz not null,
  primary key (tenant, "group", topic, key, epoch, sequence)
);

-- Records whose headers do not say which event they are: they have no position to wait at.
create table inbox_unreadable (
  tenant text not null default current_setting('app.tenant') check (tenant <> ''),
  number bigint generated always as identity,
  "group" text not null,
  topic text not null,
  key bytea not null,
  headers bytea not null,
  payload bytea not null,
  error text not null,
  kept_at timestamptz not null,
  primary key (tenant, number)
);

alter table outbox_epoch enable row level security;
alter table outbox_epoch force row level security;
create policy tenant_wall on outbox_epoch using (tenant = current_setting('app.tenant')) with check (tenant = current_setting('app.tenant'));
alter table outbox_head enable row level security;
alter table outbox_head force row level security;
create policy tenant_wall on outbox_head using (tenant = current_setting('app.tenant')) with check (tenant = current_setting('app.tenant'));
alter table outbox enable row level security;
alter table outbox force row level security;
create policy tenant_wall on outbox using (tenant = current_setting('app.tenant')) with check (tenant = current_setting('app.tenant'));
alter table outbox_pending enable row level security;
alter table outbox_pending force row level security;
create policy tenant_wall on outbox_pending using (tenant = current_setting('app.tenant')) with check (tenant = current_setting('app.tenant'));
alter table inbox_position enable row level security;
alter table inbox_position force row level security;
create policy tenant_wall on inbox_position using (tenant = current_setting('app.tenant')) with check (tenant = current_setting('app.tenant'));
alter table inbox enable row level security;
alter table inbox force row level security;
create policy tenant_wall on inbox using (tenant = current_setting('app.tenant')) with check (tenant = current_setting('app.tenant'));
alter table inbox_kept enable row level security;
alter table inbox_kept force row level security;
create policy tenant_wall on inbox_kept using (tenant = current_setting('app.tenant')) with check (tenant = current_setting('app.tenant'));
alter table inbox_unreadable enable row level security;
alter table inbox_unreadable force row level security;
create policy tenant_wall on inbox_unreadable using (tenant = current_setting('app.tenant')) with check (tenant = current_setting('app.tenant'));
