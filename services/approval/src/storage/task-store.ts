import { resourceUid, type Tenant, type Uid } from '@lianbao/kernel';
import { byCreateTime, pageStart, slicedBy, sql } from '@lianbao/persistence';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { ShownTask, Tasks } from '../application/task-ports.ts';
import { refusals } from '../domain/refusals.ts';
import type { Task } from '../domain/task.ts';
import { orNull, timeOf } from './columns.ts';

interface Row {
  readonly uid: string;
  readonly name: string;
  readonly lender: string;
  readonly kind: Task['kind'];
  readonly state: Task['state'];
  readonly target: string;
  readonly due_at: string;
  readonly green: boolean;
  readonly attempt: number;
  readonly lease_token: string | null;
  readonly lease_holder: string | null;
  readonly lease_expire_at: string | null;
  readonly overdue: boolean;
  readonly revision: string;
  readonly created_at: string;
  readonly updated_at: string;
  readonly target_revision: string;
  readonly reasons: ShownTask['reasons'];
}

const shown = `select t.*, a.revision as target_revision, a.reasons
  from lender_task as t join application as a on a.uid = t.target_uid`;

export function tasksOn(em: EntityManager, tenant: Tenant): Tasks {
  const find = async (condition: string, values: readonly unknown[]) => {
    const { rows } = await sql<Row>(em, `${shown} ${condition}`, values);
    return rows.map(taskOf);
  };

  return {
    addTask: async (task, targetUid) => {
      await sql(
        em,
        `insert into lender_task (uid, name, lender, kind, state, target, target_uid, due_at, green,
           attempt, overdue, revision, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
        [
          task.uid,
          task.name,
          task.lender,
          task.kind,
          task.state,
          task.target,
          targetUid,
          task.dueTime,
          task.green,
          task.attempt,
          task.overdue,
          task.revision,
          task.createTime,
          task.updateTime,
        ],
      );
    },

    task: async (name) => {
      const [task] = await find('where t.uid = $1', [resourceUid(tenant, name)]);
      return task;
    },

    lockTask: async (uid) => {
      const [task] = await find('where t.uid = $1 for update of t', [uid]);
      return task;
    },

    lockWaitingTasks: (targetUid) =>
      find(
        `where t.target_uid = $1 and t.state in ('OPEN', 'LEASED', 'ACKNOWLEDGED')
         order by t.uid for update of t`,
        [targetUid],
      ),

    lockOpenTasks: (lender, kinds, count) =>
      find(
        `where t.lender = $1 and t.state = 'OPEN' and (cardinality($2::text[]) = 0 or t.kind = any ($2))
         order by t.green desc, t.due_at, t.uid limit $3 for update of t skip locked`,
        [lender, kinds, count],
      ),

    saveTask: async (from, to) => {
      const { rows } = await sql(
        em,
        `update lender_task set state = $3, attempt = $4, lease_token = $5, lease_holder = $6,
           lease_expire_at = $7, overdue = $8, revision = $9, updated_at = $10
          where uid = $1 and revision = $2 returning uid`,
        [
          from.uid,
          from.revision,
          to.state,
          to.attempt,
          orNull(to.lease?.token),
          orNull(to.lease?.holder),
          orNull(to.lease?.expireTime),
          to.overdue,
          to.revision,
          to.updateTime,
        ],
      );
      if (rows.length === 0) throw refusals.ETAG_MISMATCH({ name: from.name });
    },

    tasks: async ({ lender, states, overdueOnly }, slice) => {
      const start = pageStart(slice);
      const tasks = await find(
        `where ($1::text is null or t.lender = $1)
           and (cardinality($2::text[]) = 0 or t.state = any ($2))
           and (not $3::boolean or t.overdue)
           and ($4::timestamptz is null or (t.created_at, t.uid) < ($4, $5::uuid))
         order by t.created_at desc, t.uid desc limit $6`,
        [
          orNull(lender),
          states,
          overdueOnly,
          orNull(start?.createdAt),
          orNull(start?.uid),
          slice.size + 1,
        ],
      );
      return slicedBy(tasks, slice.size, byCreateTime);
    },
  };
}

const taskOf = (row: Row): ShownTask => ({
  uid: row.uid as Uid,
  name: row.name,
  lender: row.lender,
  kind: row.kind,
  state: row.state,
  target: row.target,
  dueTime: timeOf(row.due_at),
  green: row.green,
  attempt: row.attempt,
  lease:
    row.lease_token === null || row.lease_holder === null || row.lease_expire_at === null
      ? undefined
      : {
          token: row.lease_token,
          holder: row.lease_holder,
          expireTime: timeOf(row.lease_expire_at),
        },
  overdue: row.overdue,
  revision: BigInt(row.revision),
  createTime: timeOf(row.created_at),
  updateTime: timeOf(row.updated_at),
  targetRevision: BigInt(row.target_revision),
  reasons: row.reasons,
});
