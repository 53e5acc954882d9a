-- Live approved offers, once under every key of the firm and of those who control it.
create table exposure (
  tenant text not null default current_setting('app.tenant') check (tenant <> ''),
  lender text not null,
  key text not null,
  application_uid uuid not null,
  is_obligor boolean not null, -- The key is the borrower's own.
  amount_fen bigint not null check (amount_fen > 0),
  primary key (tenant, lender, key, application_uid)
);
create index exposure_of_application on exposure (tenant, application_uid);

-- What a lender approved of a product in a calendar month. The one row is reserved on, never recounted.
create table programme_use (
  tenant text not null default current_setting('app.tenant') check (tenant <> ''),
  lender text not null,
  product text not null,
  month text not null,
  approved_fen bigint not null,
  primary key (tenant, lender, product, month)
) with (fillfactor = 50);

alter table exposure enable row level security;
alter table exposure force row level security;
create policy tenant_wall on exposure
  using (tenant = current_setting('app.tenant')) with check (tenant = current_setting('app.tenant'));
alter table programme_use enable row level security;
alter table programme_use force row level security;
create policy tenant_wall on programme_use
  using (tenant = current_setting('app.tenant')) with check (tenant = current_setting('app.tenant'));

-- All that a decision reads, in one round trip. First it waits for whoever else holds the application,
-- then for everybody else who decides on one of its keys of control, in the order of the keys; being
-- volatile, it sums with a snapshot taken after the wait. The application's own exposure is left out.
create function deciding_ground(
  of_application uuid, of_month text,
  out locked application, out answers jsonb,
  out obligor_fen bigint, out connected_fen bigint, out programme_fen bigint,
  out active_version text, out active_hash text
) language plpgsql volatile as $$
declare
  control_keys text[];
begin
  select * into locked from application as a where a.uid = of_application for update;
  if not found then
    return;
  end if;
  select jsonb_agg(to_jsonb(e) order by e.round, e.kind) into answers
    from evidence as e where e.application_uid = of_application;
  control_keys := (locked).controller_keys || (locked).legal_person_key;
  perform pg_advisory_xact_lock(hashtextextended(concat_ws(
      E'\x1f', 'exposure', current_setting('app.tenant'), (locked).lender, control_key), 0))
    from (select distinct unnest(control_keys) as control_key order by 1) as control;
  select coalesce(sum(x.amount_fen), 0) into obligor_fen from exposure as x
   where x.lender = (locked).lender and x.key = (locked).legal_person_key and x.is_obligor
     and x.application_uid <> of_application;
  select coalesce(sum(each_once.amount_fen), 0) into connected_fen from (
    select distinct x.application_uid, x.amount_fen from exposure as x
     where x.lender = (locked).lender and x.key = any (control_keys)
       and x.application_uid <> of_application) as each_once;
  select coalesce(max(u.approved_fen), 0) into programme_fen from programme_use as u
   where u.lender = (locked).lender and u.product = (locked).product and u.month = of_month;
  select p.name, p.content_hash into active_version, active_hash from policy_version as p
   where p.state = 'ACTIVE';
end
$$;

-- For a batch: locks all applications, then all keys that decisions on them would lock, each in order,
-- so that two batches never wait for one another in a circle.
create function lock_to_decide(of_applications uuid[]) returns void language plpgsql volatile as $$
begin
  perform 1 from application where uid = any (of_applications) order by uid for update;
  perform pg_advisory_xact_lock(hashtextextended(
      concat_ws(E'\x1f', 'exposure', current_setting('app.tenant'), lender, control_key), 0))
    from (select distinct lender, control_key
            from application, unnest(controller_keys || legal_person_key) as control (control_key)
           where uid = any (of_applications) and state = 'SUBMITTED'
           order by lender, control_key) as control;
end
$$;

-- All that is read before a submission, outside a transaction: other services are asked next.
create function submission_ground(
  of_tenant text, of_application uuid,
  out locked application, out product_row jsonb, out capital_fen bigint, out whitelist text[]
) language plpgsql volatile as $$
begin
  perform set_config('app.tenant', of_tenant, true);
  select * into locked from application as a where a.uid = of_application;
  select to_jsonb(p) into product_row from product_version as p
   where p.product = (locked).product and p.state = 'APPROVED';
  select l.capital_fen, l.whitelist into capital_fen, whitelist from lender_view as l
   where l.name = (locked).lender;
end
$$;
