/**
 * What a scenario refers to: hosts, zones, owner names and records that must exist or be well written. Works on data of any
 * shape and passes over what does not fit it, so that these mistakes are reported beside those of shape.
 */
import type { Mistake } from '../base/mistake.ts';
import { quoted } from '../base/mistake.ts';
import { parseName } from '../dns/name.ts';
import { parseType } from '../dns/record.ts';
import { parseMasterFile } from '../dns/zone/masterFile.ts';
import { checkSettings } from './checkSettings.ts';
import { asList, asMap, asOneOrMore, type Data, listPath } from './data.ts';
import { HOSTS, ZONES } from './internet.ts';
import { mistakeAt, type Origin, pathText } from './mistakes.ts';
import { nearest } from './nearest.ts';
import type { Path } from './parse.ts';

/** Every reference of `data` that leads nowhere, and every contradiction between its parts. */
export function checkReferences(data: unknown, origin: Origin): Mistake[] {
  const mistakes: Mistake[] = [];
  const report = (path: Path, found: string, expected: string, at: 'key' | 'value' = 'value'): void =>
    void mistakes.push(mistakeAt(origin, path, { found, expected, at }));
  const scenario = asMap(data);
  const world = asMap(scenario.world);
  const known = withNewZones(knownIn(world), scenario.stimuli);
  checkWorld({ world, path: ['world'], known, report, origin, mistakes });
  asList(scenario.stimuli).forEach((line, i) => {
    checkLine(asMap(line), ['stimuli', i], { known, report, origin, mistakes });
  });
  asList(scenario.notes).forEach((note, i) => {
    const { standing, when, headline } = asMap(note);
    if (standing === undefined && (when === undefined || headline === undefined))
      report(['notes', i], 'a note without words', 'either "standing", or "when" and "headline"');
  });
  asList(scenario.questions).forEach((question, i) => {
    const choices = asMap(question).choices;
    if (!Array.isArray(choices)) return;
    const right = choices.filter((c) => asMap(c).right === true).length;
    if (right !== 1)
      report(
        ['questions', i, 'choices'],
        right === 0 ? 'no choice that is right' : `${right} choices that are right`,
        'exactly one',
      );
    choices.forEach((choice, j) => {
      const path: Path = ['questions', i, 'choices', j];
      const { at, try: tried } = asMap(choice);
      asOneOrMore(at).forEach((one, k) => {
        checkHostOrZone(one, listPath(path, 'at', at, k), { known, report, origin, mistakes });
      });
      const line = asMap(asMap(tried).line);
      for (const time of ['at', 'after', 'on'])
        if (line[time] !== undefined)
          report([...path, 'try', 'line', time], `"${time}"`, 'no time: it happens when the question is asked', 'key');
      checkLine(line, [...path, 'try', 'line'], { known, report, origin, mistakes });
    });
  });
  asList(scenario.whatIf).forEach((one, i) => {
    const path: Path = ['whatIf', i];
    const overlay = asMap(asMap(one).world);
    const wider = withNewZones(merge(known, knownIn(overlay)), asMap(one).lines);
    checkWorld({ world: overlay, path: [...path, 'world'], known: wider, report, origin, mistakes });
    asList(asMap(one).lines).forEach((line, j) => {
      checkLine(asMap(line), [...path, 'lines', j], { known: wider, report, origin, mistakes });
    });
  });
  return mistakes;
}

interface Known {
  /** Host ids, and what is known of each. */
  readonly hosts: ReadonlyMap<string, Data>;
  /** Origins of zones in lower case, without the final dot; the root is "root". */
  readonly zones: ReadonlySet<string>;
  /** Those of them that are signed from the beginning. */
  readonly signed: ReadonlySet<string>;
}

interface Context {
  readonly known: Known;
  readonly report: (path: Path, found: string, expected: string, at?: 'key' | 'value') => void;
  readonly origin: Origin;
  readonly mistakes: Mistake[];
}

/** A zone as scenarios name it: "root", "com", "example.com". */
export const zoneWord = (origin: string): string => {
  const bare = origin.toLowerCase().replace(/\.$/, '');
  return bare === '' ? 'root' : bare;
};

function knownIn(world: Data): Known {
  const builtin = world.base !== 'nothing';
  const hosts = new Map<string, Data>(builtin ? Object.entries(HOSTS).map(([id, host]) => [id, { ...host }]) : []);
  for (const [id, host] of Object.entries(asMap(world.hosts))) hosts.set(id, { ...hosts.get(id), ...asMap(host) });
  for (const id of Object.keys(asMap(world.vpcs))) hosts.set(id, { role: 'resolver' });
  if (world.healthChecks !== undefined) hosts.set('health', { role: 'health-checker' });
  const named = [...Object.keys(asMap(world.zones)), ...Object.keys(asMap(world.hostedZones))];
  const zones = new Set([...(builtin ? Object.keys(ZONES) : []), ...named].map(zoneWord));
  const isSigned = ([, line]: [string, unknown]): boolean => (asMap(line).signed ?? false) !== false;
  const signed = [...Object.entries(asMap(world.zones)), ...Object.entries(asMap(world.hostedZones))].filter(isSigned);
  return { hosts, zones, signed: new Set(signed.map(([zone]) => zoneWord(zone))) };
}

/** With the zones that lines make. */
const withNewZones = (known: Known, lines: unknown): Known => {
  const made = asList(lines).flatMap((line) => {
    const { register, createZone } = asMap(line);
    return [register, createZone].flatMap((name) => (typeof name === 'string' ? [zoneWord(name)] : []));
  });
  return { ...known, zones: new Set([...known.zones, ...made]) };
};

const merge = (a: Known, b: Known): Known => ({
  hosts: new Map([...b.hosts, ...[...a.hosts].map(([id, host]) => [id, { ...host, ...b.hosts.get(id) }] as const)]),
  zones: new Set([...a.zones, ...b.zones]),
  signed: new Set([...a.signed, ...b.signed]),
});

function checkWorld({ world, path, ...context }: Context & { world: Data; path: Path }): void {
  const { known, report } = context;
  const owners = new Map<string, string>();
  for (const [id, host] of known.hosts)
    if (asMap(asMap(world.hosts)[id]).addresses === undefined)
      for (const at of asOneOrMore(host.addresses)) owners.set(String(at), id);
  for (const id of Object.keys(asMap(world.hosts))) {
    const here: Path = [...path, 'hosts', id];
    const host = known.hosts.get(id) ?? {};
    if (!/^[\w][\w.-]*$/.test(id)) report(here, quoted(id), 'an id of letters, digits, dots and hyphens', 'key');
    if (host.role === undefined)
      report(here, 'a new host without "role"', '"role": browser, program, resolver, authoritative, web or mail', 'key');
    if (host.addresses === undefined) report(here, 'a new host without "addresses"', '"addresses": at least one', 'key');
    for (const at of asOneOrMore(asMap(asMap(world.hosts)[id]).addresses)) {
      const other = owners.get(String(at));
      if (other !== undefined) report([...here, 'addresses'], `${at}, which "${other}" has`, 'an address that no other host has');
      owners.set(String(at), id);
    }
    asOneOrMore(asMap(asMap(world.hosts)[id]).resolvers).forEach((r, i) => {
      checkHost(r, listPath(here, 'resolvers', asMap(asMap(world.hosts)[id]).resolvers, i), context, 'resolver');
    });
    settingsAt(asMap(asMap(world.hosts)[id]).settings, [...here, 'settings'], context);
  }
  asList(world.links).forEach((link, i) => {
    const ends = asMap(link).between;
    if (Array.isArray(ends) && ends.length !== 2)
      report([...path, 'links', i, 'between'], `a list of ${ends.length}`, 'two hosts or places');
  });
  for (const [zone, line] of Object.entries(asMap(world.zones))) {
    const here: Path = [...path, 'zones', zone];
    const origin = zone === 'root' ? '.' : zone;
    if (typeof parseName(origin) !== 'string') {
      report(here, quoted(zone), 'the name of a zone ("example.com")', 'key');
      continue;
    }
    const { servers, records, without } = asMap(line);
    const isNew = !Object.keys(ZONES).some((z) => zoneWord(z) === zoneWord(zone)) || world.base === 'nothing';
    if (isNew && servers === undefined) report(here, 'a new zone without "servers"', '"servers": the hosts that have it', 'key');
    asList(servers).forEach((s, i) => {
      checkHost(s, [...here, 'servers', i], context, 'authoritative', 'resolver');
    });
    checkRecords(records, [...here, 'records'], origin, context);
    asList(without).forEach((w, i) => {
      checkOwnerAndType(w, [...here, 'without', i], context);
    });
  }
}

const HOST_FIELDS = ['of', 'configure'] as const;
/** Lines of people in front of computers: `by` is a host there, and a person elsewhere. */
const CLIENT_ACTIONS = ['visit', 'ask', 'mail'];
const HOST_OR_ZONE_FIELDS = ['stop', 'start', 'clear', 'cut', 'mend'] as const;

function checkLine(line: Data, path: Path, context: Context): void {
  const { report } = context;
  if (line.at !== undefined && line.after !== undefined)
    report([...path, 'after'], 'both "at" and "after"', 'one of the two', 'key');
  const isClients = CLIENT_ACTIONS.some((action) => line[action] !== undefined);
  for (const field of [...HOST_FIELDS, ...(isClients ? ['by'] : [])])
    if (line[field] !== undefined) checkHost(line[field], [...path, field], context);
  for (const field of HOST_OR_ZONE_FIELDS)
    asOneOrMore(line[field]).forEach((one, i) => {
      checkHostOrZone(one, listPath(path, field, line[field], i), context);
    });
  for (const field of ['cut', 'mend'] as const) {
    const ends = line[field];
    if (Array.isArray(ends) && ends.length !== 2) report([...path, field], `a list of ${ends.length}`, 'two hosts or zones');
  }
  settingsAt(line.settings, [...path, 'settings'], context);
  if (typeof line.edit === 'string') {
    if (!context.known.zones.has(zoneWord(line.edit)))
      unknown(line.edit, [...path, 'edit'], 'a zone', context.known.zones, context);
    checkRecords(line.set, [...path, 'set'], line.edit, context);
    asList(line.remove).forEach((r, i) => {
      checkOwnerAndType(r, [...path, 'remove', i], context);
    });
  }
}

function checkHost(id: unknown, path: Path, context: Context, ...roles: readonly string[]): void {
  if (typeof id !== 'string') return;
  const host = context.known.hosts.get(id);
  if (!host) unknown(id, path, 'a host', context.known.hosts.keys(), context);
  else if (roles.length > 0 && typeof host.role === 'string' && !roles.includes(host.role))
    context.report(path, `"${id}", whose role is ${host.role}`, `a host whose role is ${roles[0]}`);
}

function settingsAt(settings: unknown, path: Path, context: Context): void {
  const { zones, signed } = context.known;
  checkSettings(settings, path, {
    report: context.report,
    host: (id, at) => checkHost(id, at, context),
    signed: (zone) => (zones.has(zoneWord(zone)) ? signed.has(zoneWord(zone)) : undefined),
  });
}

function checkHostOrZone(id: unknown, path: Path, context: Context): void {
  if (typeof id !== 'string' || context.known.hosts.has(id) || context.known.zones.has(zoneWord(id))) return;
  unknown(id, path, 'a host or a zone', [...context.known.hosts.keys(), ...context.known.zones], context);
}

function unknown(found: string, path: Path, what: string, words: Iterable<string>, { report }: Context): void {
  const meant = nearest(found, words);
  report(path, quoted(found), meant === undefined ? `${what} of this world` : `${what} of this world, perhaps "${meant}"`);
}

function checkRecords(text: unknown, path: Path, zone: string, { mistakes, origin }: Context): void {
  if (typeof text !== 'string') return;
  const name = parseName(zone === 'root' ? '.' : zone);
  if (typeof name !== 'string') return;
  for (const mistake of parseMasterFile(text, { file: origin.file, origin: name }).mistakes) {
    const place = origin.places?.inside(path, mistake.line, mistake.column) ?? { line: 1, column: 1 };
    mistakes.push({ ...mistake, ...place, path: pathText(path) });
  }
}

/** "www A": an owner name, completed with the zone, and a type. */
function checkOwnerAndType(text: unknown, path: Path, { report }: Context): void {
  if (typeof text === 'string' && ownerAndType(text) === undefined)
    report(path, quoted(text), 'an owner name and a record type ("www A")');
}

/** Reads "www A"; undefined when it is not that. The name is as written. */
export function ownerAndType(text: string) {
  const [owner, type, ...more] = text.trim().split(/\s+/);
  const parsed = type === undefined ? undefined : parseType(type);
  return owner !== undefined && parsed !== undefined && more.length === 0 && typeof parseName(owner) === 'string'
    ? { owner, type: parsed }
    : undefined;
}
