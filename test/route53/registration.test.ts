import { describe, expect, test } from 'vitest';
import type { Instant } from '../../src/base/time.ts';
import { days, instant, later, minutes, START } from '../../src/base/time.ts';
import { name } from '../../src/dns/name.ts';
import { EMPTY_ACCOUNT } from '../../src/route53/account.ts';
import { DOCUMENTATION_SET } from '../../src/route53/delegation.ts';
import { nameServersOf } from '../../src/route53/hostedZone.ts';
import type { Domain } from '../../src/route53/registration.ts';
import {
  changeNameServers,
  delegationAt,
  delegationProblem,
  glueFor,
  registerDomain,
  statusAt,
  transferDomain,
} from '../../src/route53/registration.ts';
import { emptyZone } from './sample.ts';

const at = (s: number): Instant => instant(s * 1_000_000);
const order = (text: string) => ({ name: text, years: 1, at: at(60), registryDelay: minutes(4) });
const dice = () => {
  let state = 7;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
};
function bought(text = 'blue-otter.com') {
  const result = registerDomain(EMPTY_ACCOUNT, order(text), [], dice());
  if (!result.ok) throw new Error('refused');
  return result.value;
}
const grown = (change: Partial<Domain>): Domain => ({ ...bought().domain, verified: true, ...change });

describe('registering a domain', () => {
  test('brings a public hosted zone of the same name, whose four servers go to the registry', () => {
    const { domain, zone } = bought();
    expect(zone.name).toBe('blue-otter.com.');
    expect(zone.records.size).toBe(2);
    expect(domain.nameServers).toEqual(nameServersOf(zone));
  });
  test('the registry publishes the delegation later; until then the name does not exist', () => {
    const { domain } = bought();
    expect(delegationAt(domain, at(299))).toEqual([]);
    expect(delegationAt(domain, at(300))).toEqual(domain.nameServers);
  });
  test.each(['com', '-a.com', 'a-.com', 'a_b.com', '*.com', 'é.com', ''])('%j cannot be registered', (text) => {
    expect(registerDomain(EMPTY_ACCOUNT, order(text), [], dice()).ok).toBe(false);
  });
  test('a name that somebody has cannot be had, and 20 domains are the most', () => {
    const { domain } = bought();
    expect(registerDomain(EMPTY_ACCOUNT, order('Blue-Otter.com'), [domain], dice()).ok).toBe(false);
    const twenty = Array.from({ length: 20 }, (_, i) => ({ ...domain, name: name(`d${i}.com.`) }));
    expect(registerDomain(EMPTY_ACCOUNT, order('more.com'), twenty, dice()).ok).toBe(false);
  });
  test('without a verified e-mail address the domain is put on hold and vanishes', () => {
    const { domain } = bought();
    const late = later(domain.registeredAt, days(15));
    expect(statusAt(domain, late)).toBe('clientHold');
    expect(delegationAt(domain, late)).toEqual([]);
    expect(delegationAt({ ...domain, verified: true }, late)).toEqual(domain.nameServers);
  });
  test('an expired domain vanishes too', () => {
    const domain = grown({});
    expect(delegationAt(domain, later(domain.expiresAt, minutes(-1)))).toEqual(domain.nameServers);
    expect(delegationAt(domain, domain.expiresAt)).toEqual([]);
  });
});

describe('changing hands and servers', () => {
  test('a transfer needs the lock off, 60 days and a code, and leaves the name servers', () => {
    const domain = grown({ registrar: 'elsewhere', registeredAt: START });
    expect(transferDomain(domain, later(START, days(90)), 'code').ok).toBe(false);
    const open = { ...domain, transferLock: false };
    expect(transferDomain(open, later(START, days(59)), 'code').ok).toBe(false);
    expect(transferDomain(open, later(START, days(60)), '').ok).toBe(false);
    const moved = transferDomain(open, later(START, days(60)), 'code');
    expect(moved.ok && moved.value.nameServers).toEqual(domain.nameServers);
  });
  test('new name servers show when the registry publishes them; until then the old ones do', () => {
    const domain = grown({});
    const changed = changeNameServers(domain, DOCUMENTATION_SET.nameServers, at(1000), minutes(1));
    expect(changed.ok && delegationAt(changed.value, at(1059))).toEqual(domain.nameServers);
    expect(changed.ok && delegationAt(changed.value, at(1060))).toEqual(DOCUMENTATION_SET.nameServers);
  });
  test('a domain has at most six name servers', () => {
    const seven = Array.from({ length: 7 }, (_, i) => name(`ns${i}.example.net.`));
    expect(changeNameServers(grown({}), seven, at(1), minutes(1)).ok).toBe(false);
    expect(changeNameServers(grown({}), seven.slice(1), at(1), minutes(1)).ok).toBe(true);
  });
});

describe('the delegation check', () => {
  test('the registry’s servers must equal the zone’s', () => {
    const zone = emptyZone();
    expect(delegationProblem(zone, DOCUMENTATION_SET.nameServers)).toBeUndefined();
    expect(delegationProblem(zone, DOCUMENTATION_SET.nameServers.slice(1))).toContain('ns-2048');
    expect(delegationProblem(zone, [])).toContain('does not list');
  });
  test('a second zone of the same name stays invisible until the registry is changed', () => {
    const { domain, zone } = bought();
    expect(delegationProblem({ ...emptyZone(), name: zone.name }, domain.nameServers)).toContain('never asked');
  });
  test('.com gives glue only for the server that is named under .com', () => {
    expect(glueFor(name('com.'), DOCUMENTATION_SET.nameServers)).toEqual([
      { server: 'ns-2048.awsdns-64.com.', address: '205.251.200.0' },
    ]);
  });
});
