-- What sellers traded. A seller's rows are written under the lock of its head row.

-- One row a seller that has sent records: its lock, its watermark, and its short keys.
create table trading_head (
  tenant text not null default current_setting('app.tenant') check (tenant <> ''),
  seller text not null,
  seller_key integer generated always as identity, -- Stands for the seller in the tables below.
  sources text[] not null default '{}',            -- A record's source is its place here, from 1.
  watermark bigint not null default 0,             -- Number of the last record stored.
  first_day integer,                               -- Days since 1970-01-01, of all records ever stored.
  last_day integer,
  primary key (tenant, seller)
) with (fillfactor = 70);

-- Append only. Of one identity the last revision counts that the reader's watermark lets it see.
create table trading_record (
  tenant text not null default current_setting('app.tenant') check (tenant <> ''),
  seller_key integer not null,
  source_key smallint not null,
  external_id text not null,
  revision integer not null check (revision > 0),
  ingest_seq bigint not null,
  event_day integer not null,
  is_sale boolean not null,
  is_void boolean not null,
  counterparty text not null,
  net_fen bigint not null,
  tax_fen bigint not null,
  primary key (tenant, seller_key, source_key, external_id, revision)
);

-- The same, summed by day, as the newest watermark sees it. Amounts are of valid invoices only.
create table trading_day (
  tenant text not null default current_setting('app.tenant') check (tenant <> ''),
  seller_key integer not null,
  day integer not null,
  month integer not null, -- Months since year 0.
  sale_count integer not null,
  sale_void_count integer not null,
  sale_negative_count integer not null,
  sale_net_fen bigint not null,
  sale_tax_fen bigint not null,
  purchase_count integer not null,
  purchase_void_count integer not null,
  purchase_negative_count integer not null,
  purchase_net_fen bigint not null,
  purchase_tax_fen bigint not null,
  primary key (tenant, seller_key, day)
) with (fillfactor = 80);

-- And by counterparty: valid invoices, and what those of positive amount come to.
create table trading_counterparty (
  tenant text not null default current_setting('app.tenant') check (tenant <> ''),
  seller_key integer not null,
  is_sale boolean not null,
  counterparty text not null,
  valid_count integer not null,
  positive_fen bigint not null,
  primary key (tenant, seller_key, is_sale, counterparty)
) with (fillfactor = 80);

do $$
declare name text;
begin
  foreach name in array array['trading_head', 'trading_record', 'trading_day', 'trading_counterparty'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format(
      'create policy tenant_wall on %I using (tenant = current_setting(''app.tenant'')) '
      'with check (tenant = current_setting(''app.tenant''))', name);
  end loop;
end
$$;
