-- Who is it? Platforms, lenders, sellers, consents. Identity numbers and sellers' legal names are sealed;
-- a person is found by keyed hash. Times are given by the service's clock.

create table platform (
  tenant text not null default current_setting('app.tenant') check (tenant <> ''),
  uid uuid not null,
  name text not null,
  display_name text not null,
  identity_sealed bytea not null,
  legal_person_key text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  revision integer not null default 1,
  primary key (tenant, uid),
  unique (tenant, name)
);
create index platform_newest on platform (tenant, created_at desc, uid desc);

create table lender (
  tenant text not null default current_setting('app.tenant') check (tenant <> ''),
  uid uuid not null,
  name text not null,
  display_name text not null,
  identity_sealed bytea not null,
  legal_person_key text not null,
  licence text not null check (licence in ('BANK', 'LICENSED')),
  capital_fen bigint not null check (capital_fen > 0),
  capital_date date not null,
  whitelist text[] not null, -- Names of platforms, sorted.
  created_at timestamptz not null,
  updated_at timestamptz not null,
  revision integer not null default 1,
  primary key (tenant, uid),
  unique (tenant, name)
);
create index lender_newest on lender (tenant, created_at desc, uid desc);

create table seller (
  tenant text not null default current_setting('app.tenant') check (tenant <> ''),
  uid uuid not null,
  name text not null,
  platform text not null,
  kind text not null check (kind in ('COMPANY', 'INDIVIDUAL_BUSINESS', 'NATURAL_PERSON')),
  legal_name_sealed bytea not null,
  identity_sealed bytea not null,
  legal_person_key text not null,
  region_code text not null,
  trade_category text not null,
  external_reference text not null,
  controllers jsonb not null default '[]', -- Persons by keyed hash only.
  net_assets_fen bigint, -- May be negative.
  net_assets_date date,
  verified_until date,
  green_state text check (green_state in ('PROPOSED', 'APPROVED', 'ENDED')),
  green_until date,
  green_document jsonb,
  green_proposer text,
  green_approver text,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  revision bigint not null default 1,
  primary key (tenant, uid),
  unique (tenant, name),
  unique (tenant, platform, external_reference),
  -- One legal person is one seller of a platform.
  constraint seller_identity unique (tenant, platform, legal_person_key),
  check (num_nulls(net_assets_fen, net_assets_date, verified_until) in (0, 3)),
  check (num_nulls(green_state, green_until, green_document, green_proposer) in (0, 4))
) with (fillfactor = 85);
create index seller_of_legal_person on seller (tenant, legal_person_key);
create index seller_newest on seller (tenant, platform, created_at desc, uid desc);

-- What was checked, by whom, when and under which policy. Rows are only ever added.
create table verification (
  tenant text not null default current_setting('app.tenant') check (tenant <> ''),
  number bigint generated always as identity,
  seller_uid uuid not null,
  documents jsonb not null,
  controllers jsonb not null,
  net_assets_fen bigint not null,
  net_assets_date date not null,
  verification_date date not null,
  verified_until date not null,
  policy_version text not null,
  verifier text not null,
  recorded_at timestamptz not null,
  primary key (tenant, number)
);
create index verification_of_seller on verification (tenant, seller_uid, number desc);

-- Blocks of legal persons, past and present: one stands for all sellers with the key, on every platform.
create table legal_person_block (
  tenant text not null default current_setting('app.tenant') check (tenant <> ''),
  number bigint generated always as identity,
  legal_person_key text not null,
  reason text not null,
  document jsonb not null,
  blocker text not null,
  blocked_at timestamptz not null,
  lift_reason text,
  lift_document jsonb,
  lifter text,
  lifted_at timestamptz,
  primary key (tenant, number),
  check (num_nulls(lift_reason, lift_document, lifter, lifted_at) in (0, 4))
);
create unique index legal_person_block_live on legal_person_block (tenant, legal_person_key)
  where lifted_at is null;

create table consent (
  tenant text not null default current_setting('app.tenant') check (tenant <> ''),
  uid uuid not null,
  name text not null,
  seller text not null,
  seller_uid uuid not null,
  state text not null check (state in ('GRANTED', 'WITHDRAWN', 'EXPIRED')),
  purpose text not null check (purpose in ('SCORING', 'SHARE_WITH_LENDER')),
  data_kinds text[] not null,
  recipients text[] not null,
  form text not null check (form in ('GENERAL', 'SEPARATE', 'WRITTEN')),
  text_version text not null,
  signature jsonb not null,
  expire_at timestamptz not null,
  withdrawn_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  revision bigint not null default 1,
  primary key (tenant, uid),
  unique (tenant, name),
  check ((state = 'WITHDRAWN') = (withdrawn_at is not null))
) with (fillfactor = 85);
create index consent_newest on consent (tenant, seller_uid, created_at desc, uid desc);

-- The last cursor given to a partner. Its row lock makes cursors commit in their order.
create table feed_head (
  tenant text not null default current_setting('app.tenant') check (tenant <> ''),
  partner text not null,
  last_cursor bigint not null check (last_cursor > 0),
  primary key (tenant, partner)
) with (fillfactor = 80);

create table feed_event (
  tenant text not null default current_setting('app.tenant') check (tenant <> ''),
  partner text not null,
  cursor bigint not null,
  event_id uuid not null,
  subject text not null,
  sequence bigint not null,
  time timestamptz not null,
  type text not null,
  payload bytea not null,
  primary key (tenant, partner, cursor)
);

-- Of each activated policy what party reads, in the order of activation.
create table policy_view (
  tenant text not null default current_setting('app.tenant') check (tenant <> ''),
  number bigint generated always as identity,
  content_hash text not null,
  policy_version text not null,
  effective_at timestamptz not null,
  verification_months_max smallint not null check (verification_months_max between 1 and 12),
  primary key (tenant, number),
  unique (tenant, content_hash, effective_at)
);
create index policy_view_effective on policy_view (tenant, effective_at desc, number desc);

alter table platform enable row level security;
alter table platform force row level security;
create policy tenant_wall on platform using (tenant = current_setting('app.tenant')) with check (tenant = current_setting('app.tenant'));
alter table lender enable row level security;
alter table lender force row level security;
create policy tenant_wall on lender using (tenant = current_setting('app.tenant')) with check (tenant = current_setting('app.tenant'));
alter table seller enable row level security;
alter table seller force row level security;
create policy tenant_wall on seller using (tenant = current_setting('app.tenant')) with check (tenant = current_setting('app.tenant'));
alter table verification enable row level security;
alter table verification force row level security;
create policy tenant_wall on verification using (tenant = current_setting('app.tenant')) with check (tenant = current_setting('app.tenant'));
alter table legal_person_block enable row level security;
alter table legal_person_block force row level security;
create policy tenant_wall on legal_person_block using (tenant = current_setting('app.tenant')) with check (tenant = current_setting('app.tenant'));
alter table consent enable row level security;
alter table consent force row level security;
create policy tenant_wall on consent using (tenant = current_setting('app.tenant')) with check (tenant = current_setting('app.tenant'));
alter table feed_head enable row level security;
alter table feed_head force row level security;
create policy tenant_wall on feed_head using (tenant = current_setting('app.tenant')) with check (tenant = current_setting('app.tenant'));
alter table feed_event enable row level security;
alter table feed_event force row level security;
create policy tenant_wall on feed_event using (tenant = current_setting('app.tenant')) with check (tenant = current_setting('app.tenant'));
alter table policy_view enable row level security;
alter table policy_view force row level security;
create policy tenant_wall on policy_view using (tenant = current_setting('app.tenant')) with check (tenant = current_setting('app.tenant'));
