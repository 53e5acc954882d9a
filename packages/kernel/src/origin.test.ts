import { expect, it } from 'vitest';
import type { Tenant } from './brand.ts';
import type { Caller, CallerKind } from './caller.ts';
import { actorOf, originOfAct } from './origin.ts';

const caller = (kind: CallerKind, partner: string, person = partner): Caller => ({
  tenant: 'local' as Tenant,
  kind,
  partner,
  person,
  level: undefined,
});

it.each([
  [caller('PLATFORM', 'platforms/p'), 'PLATFORM platforms/p'],
  [caller('BANK', 'lenders/l', 'li'), 'BANK lenders/l li'],
  [caller('OPERATOR', '', 'wang'), 'OPERATOR wang'],
  [caller('SERVICE', 'approval'), 'SERVICE approval'],
])('names the person of a caller only where it is another than the partner', (who, actor) => {
  expect(actorOf(who)).toBe(actor);
});

it('says by which rpc and request an act caused a change', () => {
  const time = new Date('2020-02-21T01:00:00Z');
  const act = { caller: caller('OPERATOR', '', 'wang'), method: 'a.B/C', requestId: undefined };
  const origin = { time, actor: 'OPERATOR wang', cause: 'a.B/C', correlationId: 'x' };
  expect(originOfAct(act, time, 'x')).toEqual({ ...origin, causationId: '' });
  expect(originOfAct({ ...act, requestId: 'r' }, time, 'x')).toEqual({
    ...origin,
    causationId: 'r',
  });
});
