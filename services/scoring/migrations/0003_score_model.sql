-- Score models. What was approved is the artefact's hash; states and persons stand outside it.

create table score_model_version (
  tenant text not null default current_setting('app.tenant') check (tenant <> ''),
  uid uuid not null,
  name text not null,
  state text not null
    check (state in ('TRAINING', 'FAILED', 'DRAFT', 'VALIDATED', 'CHAMPION', 'RETIRED')),
  as_of date not null,
  central_tendency_ppm bigint not null check (central_tendency_ppm between 1 and 500000),
  label_count integer not null,
  artefact_hash text,
  report jsonb,
  failure text,
  maker text not null,
  validator text,
  promoter text,
  revision integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (tenant, uid),
  unique (tenant, name)
);

create unique index score_model_one_champion on score_model_version (tenant)
  where state = 'CHAMPION';

create table model_artefact (
  tenant text not null default current_setting('app.tenant') check (tenant <> ''),
  hash text not null,
  content bytea not null, -- Canonical JSON.
  primary key (tenant, hash)
);

-- The sellers a model is trained on, in the order of the call, and what was known of each by then.
create table training_label (
  tenant text not null default current_setting('app.tenant') check (tenant <> ''),
  model_uid uuid not null,
  place integer not null,
  seller text not null,
  is_bad boolean not null,
  observed_date date not null,
  watermark bigint not null,
  vector float8[], -- NaN is missing. Null until it is computed.
  primary key (tenant, model_uid, place)
);

do $$
declare name text;
begin
  foreach name in array array['score_model_version', 'model_artefact', 'training_label'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format(
      'create policy tenant_wall on %I using (tenant = current_setting(''app.tenant'')) '
      'with check (tenant = current_setting(''app.tenant''))', name);
  end loop;
end
$$;
