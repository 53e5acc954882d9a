-- Work for a lender's people; one task a target, kind and round, by its uid.
create table lender_task (
  tenant text not null default current_setting('app.tenant') check (tenant <> ''),
  uid uuid not null,
  name text not null,
  lender text not null,
  kind text not null check (kind in ('UNDERWRITE')),
  state text not null check (state in ('OPEN', 'LEASED', 'ACKNOWLEDGED', 'DONE', 'CANCELLED')),
  target text not null,
  target_uid uuid not null,
  due_at timestamptz not null,
  green boolean not null,
  attempt integer not null,
  lease_token text,
  lease_holder text,
  lease_expire_at timestamptz,
  overdue boolean not null,
  revision bigint not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (tenant, uid),
  unique (tenant, name),
  check (num_nulls(lease_token, lease_holder, lease_expire_at) in (0, 3))
) with (fillfactor = 70);
create index task_to_lease on lender_task (tenant, lender, green desc, due_at, uid)
  where state = 'OPEN';
create index task_of_target on lender_task (tenant, target_uid);
create index task_of_lender on lender_task (tenant, lender, created_at, uid);
create index task_by_age on lender_task (tenant, created_at, uid);

alter table lender_task enable row level security;
alter table lender_task force row level security;
create policy tenant_wall on lender_task
  using (tenant = current_setting('app.tenant')) with check (tenant = current_setting('app.tenant'));
