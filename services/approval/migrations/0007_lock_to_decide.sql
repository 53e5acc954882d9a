-- For a batch: locks all applications, then all keys that `deciding_ground` locks for them, each in order,
-- so that two batches never wait for one another in a circle. It locks keys whatever the state of the
-- application, as late evidence finds it referred or withdrawn, and so does this.
create or replace function lock_to_decide(of_applications uuid[]) returns void
language plpgsql volatile as $$
begin
  perform 1 from application where uid = any (of_applications) order by uid for update;
  perform pg_advisory_xact_lock(hashtextextended(
      concat_ws(E'\x1f', 'exposure', current_setting('app.tenant'), lender, control_key), 0))
    from (select distinct lender, control_key
            from application, unnest(controller_keys || legal_person_key) as control (control_key)
           where uid = any (of_applications)
           order by lender, control_key) as control;
end
$$;
