/** Which name one may order at a moment, and what the lines are that order it, give it a record, and verify its contact. */
import { bareName, type Name, parent, sameName } from '../../../dns/name.ts';
import { domainAbove, registrableName } from '../../../route53/registration.ts';
import type { Line } from '../../../scenario/schema.ts';
import type { Scene } from '../../../trace/scene.ts';
import type { Trace } from '../../../trace/trace.ts';
import { newsOf } from './registered.ts';

/** What somebody fills in. */
export interface OrderDraft {
  readonly name: string;
  readonly contact: string;
  readonly verified: boolean;
}

/** What is wrong with a draft, by field, in words. */
export interface OrderFaults {
  readonly name?: string;
  readonly contact?: string;
}

/** The domain that would have to be registered for a name to exist, when nobody has it; "blue-otter.com" for "www.blue-otter.com". */
export function offered(trace: Trace, scene: Scene, name: Name | undefined): string | undefined {
  const domain = name === undefined ? undefined : domainAbove(name.toLowerCase() as Name);
  const text = domain?.slice(0, -1);
  return text !== undefined && nameFault(trace, scene, text) === undefined ? text : undefined;
}

/** Why a name cannot be ordered now, in words; undefined when it can. */
export function nameFault(trace: Trace, scene: Scene, text: string): string | undefined {
  const typed = bareName(text);
  if (typed === '') return 'Type the name that you want to have, such as blue-otter.com.';
  const read = registrableName(typed, (zone) => scene.zones.some((one) => sameName(one.zone, zone)));
  if (!read.ok) {
    const [fault] = read.faults;
    const tlds = soldHere(scene).join(', ');
    return fault.code === 'UnsupportedTLD' ? `${fault.text}. Sold here: ${tlds}.` : `${fault.text}. Expected: ${fault.expected}.`;
  }
  const name = read.value;
  if (isOurs(trace, scene, typed)) return `${typed} is not available: you have ordered it already.`;
  return isListed(scene, name) ? `${typed} is not available: somebody has registered it.` : undefined;
}

/** Whether a name is registered with somebody else, from whom it could be transferred. */
export function isElsewhere(trace: Trace, scene: Scene, text: string): boolean {
  const read = registrableName(bareName(text));
  return read.ok && isListed(scene, read.value) && !isOurs(trace, scene, bareName(text));
}

const isListed = (scene: Scene, name: Name): boolean =>
  scene.zones.some(
    ({ zone, records }) =>
      sameName(zone, parent(name)) && records.some((record) => record.type === 'NS' && sameName(record.name, name)),
  );

const isOurs = (trace: Trace, scene: Scene, domain: string): boolean =>
  newsOf(trace).some(({ at, rule, detail }) => rule === 'ordered' && at <= scene.position.at && detail.domain === domain);

/** ".com", ".net": the registries of this Internet. */
const soldHere = (scene: Scene): string[] =>
  scene.zones
    .filter(({ zone, records }) => zone !== '.' && parent(zone) === '.' && records.some(({ type }) => type === 'SOA'))
    .map(({ zone }) => `.${zone.slice(0, -1)}`);

/** What is wrong with what was filled in. */
export function orderFaults(trace: Trace, scene: Scene, draft: OrderDraft): OrderFaults {
  const name = nameFault(trace, scene, draft.name);
  const contact = /^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(draft.contact.trim())
    ? undefined
    : 'An e-mail address, such as you@example.net.';
  return { ...(name === undefined ? {} : { name }), ...(contact === undefined ? {} : { contact }) };
}

/** The order as a line of the scenario, for a year. */
export const orderLine = ({ name, contact, verified }: OrderDraft): Line => ({
  register: bareName(name),
  contact: contact.trim(),
  ...(verified ? {} : { verified: false }),
});

/** A record that leads a name to an address, as the console would add it. */
export const recordLine = (domain: string, owner: string, address: string): Line => ({
  change: domain,
  Changes: [
    {
      Action: 'UPSERT',
      ResourceRecordSet: { Name: owner, Type: 'A', TTL: 300, ResourceRecords: [{ Value: address }] },
    },
  ],
});

/** The transfer of a domain from another registrar, as a line. */
export const transferLine = (name: string, code: string): Line => ({
  transfer: bareName(name),
  ...(code.trim() === '' ? {} : { code: code.trim() }),
});
