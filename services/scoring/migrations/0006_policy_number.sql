-- In the order of arrival: of two policies in force from the same moment the later one holds.
alter table policy_view add number bigint generated always as identity;
