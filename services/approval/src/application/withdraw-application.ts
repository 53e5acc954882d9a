import { type Act, type Answer, originOfAct, resourceUid } from '@lianbao/kernel';
import { requireEtag, withdraw } from '../domain/application.ts';
import { refusals } from '../domain/refusals.ts';
import { closeApplication } from './close-application.ts';
import type { Dependencies } from './dependencies.ts';
import { type ShownApplication, shown } from './read-applications.ts';

/** Of a withdrawal and a decision at the same moment one wins: both take the application's row lock. */
export const withdrawApplication =
  ({ store, clock }: Dependencies) =>
  (act: Act<ShownApplication>, name: string): Promise<Answer> => {
    const now = clock();
    return store.once(act, now, async (tx) => {
      const application = await tx.lockApplication(resourceUid(tx.tenant, name));
      if (application === undefined) throw refusals.NAME_UNKNOWN({ name });
      requireEtag(name, application.revision, act.etag);
      const withdrawn = withdraw(application, now);
      await closeApplication(tx, originOfAct(act, now, name), application, withdrawn, now);
      return shown(tx, withdrawn);
    });
  };
