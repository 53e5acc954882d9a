-- What scores rest on and what came of it: `migrate` grants the app's role no update and no delete.
comment on table trading_record is 'append only';
comment on table model_artefact is 'append only';
comment on table score is 'append only';
comment on table application_answer is 'append only';
