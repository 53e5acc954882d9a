-- Scoring's own copies of what party and approval say. They may say yes, never no.

create table seller_view (
  tenant text not null default current_setting('app.tenant') check (tenant <> ''),
  seller text not null,
  legal_person_key text not null,
  is_blocked boolean not null,
  primary key (tenant, seller)
);

create index seller_view_person on seller_view (tenant, legal_person_key);

create table consent_view (
  tenant text not null default current_setting('app.tenant') check (tenant <> ''),
  consent text not null,
  seller text not null,
  purpose text not null,
  data_kinds text[] not null,
  recipients text[] not null,
  expires_at timestamptz not null,
  is_ended boolean not null,
  primary key (tenant, consent)
);

create index consent_view_seller on consent_view (tenant, seller);

create table policy_view (
  tenant text not null default current_setting('app.tenant') check (tenant <> ''),
  hash text not null,
  version text not null,
  effective_at timestamptz not null,
  content jsonb not null,
  primary key (tenant, hash)
);

do $$
declare name text;
begin
  foreach name in array array['seller_view', 'consent_view', 'policy_view'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format(
      'create policy tenant_wall on %I using (tenant = current_setting(''app.tenant'')) '
      'with check (tenant = current_setting(''app.tenant''))', name);
  end loop;
end
$$;
