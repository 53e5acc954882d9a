-- A table like those of a service, for the tests of this folder.
create table thing (
  tenant text not null default current_setting('app.tenant') check (tenant <> ''),
  name text not null,
  size integer not null,
  revision integer not null default 1,
  primary key (tenant, name)
);

alter table thing enable row level security;
alter table thing force row level security;
create policy tenant_wall on thing
  using (tenant = current_setting('app.tenant'))
  with check (tenant = current_setting('app.tenant'));
