-- What is to happen at a time: one row a kind and subject, gone with its effect.
create table timer (
  tenant text not null default current_setting('app.tenant') check (tenant <> ''),
  kind text not null,
  subject text not null,
  due_at timestamptz not null,
  attempts integer not null default 0,
  lease uuid, -- Set while an act outside a transaction runs; due_at is then the end of the lease.
  primary key (tenant, kind, subject)
);

create index timer_due on timer (tenant, due_at);

alter table timer enable row level security;
alter table timer force row level security;
create policy tenant_wall on timer
  using (tenant = current_setting('app.tenant'))
  with check (tenant = current_setting('app.tenant'));
