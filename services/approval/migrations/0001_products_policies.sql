-- Products and policies as versioned data. The content of a version never changes.
create table product_version (
  tenant text not null default current_setting('app.tenant') check (tenant <> ''),
  uid uuid not null,
  name text not null,
  product text not null,
  state text not null check (state in ('DRAFT', 'APPROVED', 'RETIRED')),
  terms jsonb not null,
  maker text not null,
  approver text check (approver <> maker),
  revision integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (tenant, uid),
  unique (tenant, name)
);
create unique index product_approved on product_version (tenant, product) where state = 'APPROVED';
create index product_by_age on product_version (tenant, created_at, uid);

create table policy_version (
  tenant text not null default current_setting('app.tenant') check (tenant <> ''),
  uid uuid not null,
  name text not null,
  policy text not null,
  state text not null check (state in ('DRAFT', 'VALIDATED', 'APPROVED', 'ACTIVE', 'RETIRED')),
  content jsonb not null,
  content_hash text not null,
  replay_report jsonb,
  proposer text not null,
  approver text check (approver <> proposer),
  effective_at timestamptz,
  revision integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (tenant, uid),
  unique (tenant, name)
);
create unique index policy_active on policy_version (tenant) where state = 'ACTIVE';
create index policy_by_age on policy_version (tenant, created_at, uid);

-- Lenders as party tells of them: it may say yes, never no.
create table lender_view (
  tenant text not null default current_setting('app.tenant') check (tenant <> ''),
  name text not null,
  capital_fen bigint not null,
  whitelist text[] not null,
  primary key (tenant, name)
);

alter table product_version enable row level security;
alter table product_version force row level security;
create policy tenant_wall on product_version
  using (tenant = current_setting('app.tenant')) with check (tenant = current_setting('app.tenant'));
alter table policy_version enable row level security;
alter table policy_version force row level security;
create policy tenant_wall on policy_version
  using (tenant = current_setting('app.tenant')) with check (tenant = current_setting('app.tenant'));
alter table lender_view enable row level security;
alter table lender_view force row level security;
create policy tenant_wall on lender_view
  using (tenant = current_setting('app.tenant')) with check (tenant = current_setting('app.tenant'));
