create table application (
  tenant text not null default current_setting('app.tenant') check (tenant <> ''),
  uid uuid not null,
  name text not null,
  platform text not null,
  external_reference text, -- Null for a review.
  seller text not null,
  lender text not null,
  product text not null,
  requested_amount_fen bigint not null check (requested_amount_fen > 0),
  term_months integer not null,
  purpose_code text not null,
  repayment_method text not null,
  consents text[] not null,
  review_of text,
  state text not null check (state in
    ('DRAFT', 'SUBMITTED', 'REFERRED', 'APPROVED', 'DECLINED', 'WITHDRAWN', 'EXPIRED')),
  round integer not null,
  revision bigint not null,
  -- Frozen at submission, all or none.
  legal_person_key text,
  controller_keys text[],
  green boolean,
  lender_capital_fen bigint,
  product_version text,
  product_hash text,
  policy_version text,
  policy_hash text,
  inputs_hash text,
  evidence_due_at timestamptz,
  expire_at timestamptz,
  submitted_at timestamptz,
  decided_at timestamptz,
  decision_number integer not null,
  reasons jsonb not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (tenant, uid),
  unique (tenant, name),
  check (num_nulls(legal_person_key, controller_keys, green, lender_capital_fen, product_version,
    product_hash, policy_version, policy_hash, inputs_hash) in (0, 9))
) with (fillfactor = 70);
create unique index application_reference on application (tenant, platform, external_reference);
-- One open application of a legal person for a product, on whatever platform.
create unique index application_open on application (tenant, legal_person_key, product)
  where state in ('SUBMITTED', 'REFERRED', 'APPROVED');
create index application_of_platform on application (tenant, platform, created_at, uid);
create index application_of_lender on application (tenant, lender, created_at, uid);

-- What other services answer, one row a kind and round, written when it is asked for.
create table evidence (
  tenant text not null default current_setting('app.tenant') check (tenant <> ''),
  application_uid uuid not null,
  round integer not null,
  kind text not null,
  state text not null check (state in ('AWAITED', 'ARRIVED', 'REFUSED', 'LATE')),
  content text, -- Canonical JSON.
  content_hash text,
  arrived_at timestamptz,
  primary key (tenant, application_uid, round, kind),
  check ((state = 'AWAITED') = (num_nulls(content, content_hash, arrived_at) = 3))
) with (fillfactor = 70);

-- What a decision rests on and what it says, as canonical JSON; rows are only ever added.
create table decision (
  tenant text not null default current_setting('app.tenant') check (tenant <> ''),
  application_uid uuid not null,
  number integer not null check (number > 0),
  mode text not null check (mode in ('AUTOMATIC', 'PERSON')),
  facts text not null,
  record text not null,
  created_at timestamptz not null,
  primary key (tenant, application_uid, number)
);
create index decision_by_age on decision (tenant, created_at);

create table offer (
  tenant text not null default current_setting('app.tenant') check (tenant <> ''),
  uid uuid not null,
  name text not null,
  application_uid uuid not null,
  decision_number integer not null,
  lender text not null,
  state text not null check (state in ('OPEN', 'REPLACED', 'EXPIRED', 'WITHDRAWN')),
  principal_fen bigint not null check (principal_fen > 0),
  term_months integer not null,
  repayment_method text not null,
  annual_rate_ppm bigint not null,
  lpr_month text not null,
  spread_bps integer not null,
  all_in_simple_ppm bigint not null,
  all_in_compound_ppm bigint not null,
  conventions jsonb not null,
  start_date date not null,
  total_interest_fen bigint not null,
  plan_hash text not null,
  instalments jsonb not null,
  replaced_by text,
  created_at timestamptz not null,
  expire_at timestamptz not null,
  revision bigint not null,
  primary key (tenant, uid)
);
create unique index offer_open on offer (tenant, application_uid) where state = 'OPEN';
create index offer_of_application on offer (tenant, application_uid, created_at, uid);

alter table application enable row level security;
alter table application force row level security;
create policy tenant_wall on application
  using (tenant = current_setting('app.tenant')) with check (tenant = current_setting('app.tenant'));
alter table evidence enable row level security;
alter table evidence force row level security;
create policy tenant_wall on evidence
  using (tenant = current_setting('app.tenant')) with check (tenant = current_setting('app.tenant'));
alter table decision enable row level security;
alter table decision force row level security;
create policy tenant_wall on decision
  using (tenant = current_setting('app.tenant')) with check (tenant = current_setting('app.tenant'));
alter table offer enable row level security;
alter table offer force row level security;
create policy tenant_wall on offer
  using (tenant = current_setting('app.tenant')) with check (tenant = current_setting('app.tenant'));
