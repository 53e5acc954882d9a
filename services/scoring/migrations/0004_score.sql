-- Scores, with all that a replay needs. Never changed.

create table score (
  tenant text not null default current_setting('app.tenant') check (tenant <> ''),
  uid uuid not null,
  name text not null,
  seller text not null,
  lender text not null,
  application text,
  round integer not null,
  points integer not null,
  grade text not null,
  pd_ppm bigint not null,
  limit_fen bigint not null,
  limit_term text not null,
  model_version text not null,
  artefact_hash text not null,
  policy_hash text not null,
  as_of date not null,
  watermark bigint not null,
  vector float8[] not null, -- NaN is missing.
  bins integer[] not null,
  bin_points integer[] not null,
  reasons_to_best jsonb not null, -- [[code, points lost], ...]
  reasons_to_mean jsonb not null,
  sales_12m_fen bigint not null,
  lowest_month_fen bigint not null,
  first_quartile_month_fen bigint not null,
  free_cash_90d_fen bigint not null,
  months_with_sales integer not null,
  newest_record_date date not null,
  missing_data text[] not null,
  inputs_hash text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  primary key (tenant, uid),
  unique (tenant, name)
);

create index score_seller on score (tenant, seller, created_at, uid);

-- One answer to an application and round, whichever it was.
create table application_answer (
  tenant text not null default current_setting('app.tenant') check (tenant <> ''),
  application text not null,
  round integer not null,
  score_uid uuid, -- Null: refused.
  refusals text[] not null,
  answered_at timestamptz not null,
  primary key (tenant, application, round)
);

do $$
declare name text;
begin
  foreach name in array array['score', 'application_answer'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format(
      'create policy tenant_wall on %I using (tenant = current_setting(''app.tenant'')) '
      'with check (tenant = current_setting(''app.tenant''))', name);
  end loop;
end
$$;
