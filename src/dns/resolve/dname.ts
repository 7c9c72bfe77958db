/** DNAME: a whole subtree stands under another name (RFC 6672). */
import type { Name } from '../name.ts';
import { isSubdomain, key, MAX_NAME, ROOT, wireLength } from '../name.ts';
import type { ResourceRecord } from '../record.ts';
import { dataOf, record } from '../record.ts';
import type { SignedSet } from './sets.ts';
import { setKey, UNSIGNED } from './sets.ts';

/** Where `name` continues under a DNAME record at `owner`; undefined when it is not below `owner` or the new name is too long. */
export function substitute(name: Name, owner: Name, target: Name): Name | 'too-long' | undefined {
  if (key(name) === key(owner) || !isSubdomain(name, owner)) return undefined;
  const prefix = owner === ROOT ? name.slice(0, -1) : name.slice(0, name.length - owner.length - 1);
  const whole = (target === ROOT ? `${prefix}.` : `${prefix}.${target}`) as Name;
  return wireLength(whole) > MAX_NAME ? 'too-long' : whole;
}

/** The CNAME that a DNAME record implies for one name (RFC 6672 §3.1), with the DNAME's TTL. */
export function synthesised(name: Name, dname: SignedSet): SignedSet | 'too-long' | undefined {
  const first = dname.records[0] as ResourceRecord;
  const data = dataOf(first, 'DNAME');
  if (!data) return undefined;
  const target = substitute(name, dname.name, data.target);
  if (target === undefined) return undefined;
  if (target === 'too-long') return 'too-long';
  const alias = record(name, 'CNAME', dname.ttl, { target });
  return {
    key: setKey(name, 'CNAME'),
    name,
    class: dname.class,
    type: 'CNAME',
    ttl: dname.ttl,
    records: [alias],
    signatures: UNSIGNED,
  };
}
