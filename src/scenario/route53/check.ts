/**
 * What a scenario says of Route 53, checked when it is loaded: the records of hosted zones and all else that an account holds
 * by the rules of the service, and every zone, health check, VPC, policy or person that is named, since it must be there.
 */
import type { Mistake } from '../../base/mistake.ts';
import { quoted } from '../../base/mistake.ts';
import { parseName, ROOT } from '../../dns/name.ts';
import type { Fault } from '../../route53/faults.ts';
import { asList, asMap, type Data } from '../data.ts';
import { ZONES } from '../internet.ts';
import { mistakeAt, type Origin, valueText } from '../mistakes.ts';
import { nearest } from '../nearest.ts';
import type { Path } from '../parse.ts';
import { zoneWord } from '../references.ts';
import type { World } from '../schema.ts';
import { originOf, recordsOf, zoneNamed, zonesOf } from '../zones.ts';
import { readHoldings } from './holdings.ts';
import { ROLES } from './requests.ts';

type Report = (path: Path, found: string, expected: string, at?: 'key' | 'value') => void;

const FIELDS = ['hostedZones', 'healthChecks', 'cidrCollections', 'trafficPolicies', 'vpcs'] as const;

/**
 * Every mistake about Route 53 in a scenario's data. `worlds` are its world and those of its what-ifs as far as they have the
 * right shape: only these can be read by the rules of the service.
 */
export function checkRoute53(
  data: unknown,
  origin: Origin,
  worlds: { readonly world?: World | undefined; readonly overlays: readonly (World | undefined)[] },
): Mistake[] {
  const mistakes: Mistake[] = [];
  const report: Report = (path, found, expected, at = 'value') =>
    void mistakes.push(mistakeAt(origin, path, { found, expected, at }));
  const scenario = asMap(data);
  const whatIfs = asList(scenario.whatIf).map(asMap);
  const tries = asList(scenario.questions).flatMap((question, i) =>
    asList(asMap(question).choices).flatMap((choice, j) => {
      const { line } = asMap(asMap(choice).try);
      return line === undefined ? [] : [{ line, path: ['questions', i, 'choices', j, 'try', 'line'] }];
    }),
  );
  const added = [...whatIfs.flatMap((one) => asList(one.lines)), ...tries.map(({ line }) => line)];
  const lines = [...asList(scenario.stimuli), ...added].map(asMap);
  const known = knownIn([asMap(scenario.world), ...whatIfs.map((one) => asMap(one.world))], lines);

  checkMentions(asMap(scenario.world), ['world'], known, report);
  asList(scenario.stimuli).forEach((line, i) => {
    checkLine(asMap(line), ['stimuli', i], known, report);
  });
  for (const { line, path } of tries) checkLine(asMap(line), path, known, report);
  whatIfs.forEach((one, i) => {
    checkMentions(asMap(one.world), ['whatIf', i, 'world'], known, report);
    asList(one.lines).forEach((line, j) => {
      checkLine(asMap(line), ['whatIf', i, 'lines', j], known, report);
    });
  });

  // What the zones' names do not allow to be read, no rule of the service can be asked about.
  const isReadable = (world: World | undefined): boolean => unnamable(world?.hostedZones).length === 0;
  const base = worlds.world !== undefined && isReadable(worlds.world) ? worlds.world : {};
  const own = faultsOf([base]);
  const tell = (path: Path, world: unknown, faults: readonly Fault[]): void => {
    for (const { path: whole, text, code, expected } of faults) {
      const { at, words } = missing(world, whole, code, known);
      const here = valueAt(world, at);
      const meant = words ? nearest(String(here), words) : undefined;
      const found = here === undefined || typeof here === 'object' ? `"${text}"` : valueText(here);
      report([...path, ...at], found, meant === undefined ? expected : `${expected}, perhaps "${meant}"`);
    }
  };
  tell(['world'], asMap(scenario.world), own);
  const before = new Set(own.map(faultKey));
  for (const [i, overlay] of worlds.overlays.entries())
    if (overlay !== undefined && isReadable(overlay))
      tell(
        ['whatIf', i, 'world'],
        whatIfs[i]?.world,
        faultsOf([base, overlay]).filter((fault) => !before.has(faultKey(fault)) && isIn(overlay, fault)),
      );
  return mistakes;
}

/** Keys of hosted zones that are no names for one, where no other name is given (API Reference, CreateHostedZone). */
const unnamable = (zones: unknown): string[] =>
  Object.entries(asMap(zones)).flatMap(([key, zone]) => {
    const name = asMap(zone).name === undefined ? parseName(key.replace(/\.?$/, '.')) : undefined;
    return name === undefined || (typeof name === 'string' && name !== ROOT && !name.startsWith('*')) ? [] : [key];
  });

const faultKey = ({ path, text }: Fault): string => `${path.join('/')} ${text}`;
/** Whether a fault of two layers is about the upper one. */
const isIn = (world: World, { path }: Fault): boolean => valueAt(world, path.slice(0, 2)) !== undefined;

/** What the service finds wrong in what the layers hold; nothing where they say nothing of it. */
function faultsOf(layers: readonly World[]): readonly Fault[] {
  if (!layers.some((world) => FIELDS.some((field) => world[field] !== undefined))) return [];
  const zones = zonesOf(layers);
  const plain = (word: string) => {
    const found = zoneNamed(zones, originOf(word));
    return found ? recordsOf(found.zone) : [];
  };
  return readHoldings(layers, plain, true).faults;
}

// --- what is named must be there

/** Words by what they name, as far as a scenario has it anywhere. */
interface Known {
  readonly zones: ReadonlySet<string>;
  readonly checks: ReadonlySet<string>;
  readonly collections: ReadonlySet<string>;
  readonly policies: ReadonlySet<string>;
  readonly resources: ReadonlySet<string>;
  /** DNS names of resources. */
  readonly targets: ReadonlySet<string>;
  readonly vpcs: ReadonlySet<string>;
  readonly people: ReadonlySet<string>;
}

function knownIn(worlds: readonly Data[], lines: readonly Data[]): Known {
  const keys = (field: string): string[] => worlds.flatMap((world) => Object.keys(asMap(world[field])));
  const said = (field: string, isMade: (line: Data) => boolean = () => true): string[] =>
    lines.flatMap((line) => (typeof line[field] === 'string' && isMade(line) ? [line[field]] : []));
  const hosted = worlds.flatMap((world) => Object.entries(asMap(world.hostedZones)));
  const named = hosted.flatMap(([key, zone]) =>
    [key, asMap(zone).name, asMap(zone).id].filter((word) => typeof word === 'string'),
  );
  const made = [...said('register'), ...said('createZone'), ...said('as'), ...said('transfer')];
  return {
    zones: new Set([...named, ...made].flatMap((word) => [word, zoneWord(word)])),
    checks: new Set([...keys('healthChecks'), ...said('check', (line) => line.config !== undefined)]),
    collections: new Set([...keys('cidrCollections'), ...said('collection', makesCollection)]),
    policies: new Set([...keys('trafficPolicies'), ...said('policy', (line) => line.document !== undefined)]),
    resources: new Set(keys('resources')),
    targets: new Set(
      worlds.flatMap((world) => Object.values(asMap(world.resources)).map((one) => bare(String(asMap(one).DNSName)))),
    ),
    vpcs: new Set(keys('vpcs')),
    people: new Set([...keys('people'), ...ROLES]),
  };
}

/** A line that names a collection and takes nothing from it creates it where there is none. */
const makesCollection = (line: Data): boolean => line.put !== undefined || (line.remove === undefined && line.delete !== true);

/** Where a fault that something is not there has its word, and which words there are. */
function missing(world: unknown, path: Path, code: string, known: Known): { at: Path; words?: Iterable<string> } {
  if (code === 'NoSuchHealthCheck') return { at: path, words: known.checks };
  if (code !== 'NoSuchCidrCollectionException') return { at: path };
  const collection = asMap(valueAt(world, path)).CollectionId;
  if (typeof collection !== 'string' || !known.collections.has(collection))
    return { at: [...path, 'CollectionId'], words: known.collections };
  const locations = Object.keys(asMap(asMap(asMap(world).cidrCollections)[collection]));
  return { at: [...path, 'LocationName'], words: [...locations, '*'] };
}

function mustBe(found: unknown, path: Path, what: string, words: ReadonlySet<string>, report: Report): void {
  if (typeof found !== 'string' || words.has(found)) return;
  const meant = nearest(found, words);
  report(path, quoted(found), meant === undefined ? what : `${what}, perhaps "${meant}"`);
}

const each = (field: unknown, path: Path, work: (one: unknown, path: Path) => void): void => {
  if (Array.isArray(field)) field.forEach((one, i) => void work(one, [...path, i]));
  else if (field !== undefined) work(field, path);
};

/** What a world names beside what the service itself checks. */
function checkMentions(world: Data, path: Path, known: Known, report: Report): void {
  for (const zone of unnamable(world.hostedZones))
    report(
      [...path, 'hostedZones', zone],
      quoted(zone),
      'the name of a zone ("example.com"), or a `name` beside the word',
      'key',
    );
  for (const [key, zone] of Object.entries(asMap(world.hostedZones))) {
    const here: Path = [...path, 'hostedZones', key];
    each(asMap(zone).vpcs, [...here, 'vpcs'], (vpc, at) => mustBe(vpc, at, 'a VPC of this world', known.vpcs, report));
    each(asMap(zone).records, [...here, 'records'], (set, at) => {
      const target = asMap(asMap(set).AliasTarget).DNSName;
      const meant = typeof target === 'string' ? mistypedTarget(bare(target), known) : undefined;
      if (meant !== undefined)
        report(
          [...at, 'AliasTarget', 'DNSName'],
          quoted(String(target)),
          `the name of a resource of this world, perhaps "${meant}"`,
        );
    });
  }
  for (const [id, check] of Object.entries(asMap(world.healthChecks)))
    each(
      asMap(asMap(check).config).ChildHealthChecks,
      [...path, 'healthChecks', id, 'config', 'ChildHealthChecks'],
      (child, at) => mustBe(child, at, 'a health check of this world', known.checks, report),
    );
  for (const [id, policy] of Object.entries(asMap(world.trafficPolicies)))
    checkPolicy(asMap(policy).document, [...path, 'trafficPolicies', id, 'document'], known, report);
  for (const [name, person] of Object.entries(asMap(world.people)))
    each(asMap(person).zones, [...path, 'people', name, 'zones'], (zone, at) => mustBeZone(zone, at, known, report));
}

/** A resource of nearly this name, when none has it: a slip of the pen, not a resource that stays unknown on purpose. */
function mistypedTarget(target: string, { targets }: Known): string | undefined {
  if (targets.has(target)) return undefined;
  const meant = nearest(target, targets);
  return meant !== undefined && Math.abs(meant.length - target.length) < 3 && sharesMost(meant, target) ? meant : undefined;
}

/** Whether two names begin alike or end alike for most of their length. */
function sharesMost(a: string, b: string): boolean {
  let front = 0;
  while (front < a.length && a[front] === b[front]) front++;
  let back = 0;
  while (back < a.length - front && a.at(-1 - back) === b.at(-1 - back)) back++;
  return front + back >= Math.max(a.length, b.length) - 3;
}

const bare = (name: string): string =>
  name
    .toLowerCase()
    .replace(/^dualstack\./, '')
    .replace(/\.$/, '');

/** The health checks that the branches of a policy name. */
function checkPolicy(document: unknown, path: Path, known: Known, report: Report): void {
  for (const [id, rule] of Object.entries(asMap(asMap(document).Rules)))
    for (const [field, branch] of Object.entries(asMap(rule)))
      each(branch, [...path, 'Rules', id, field], (item, at) =>
        mustBe(asMap(item).HealthCheck, [...at, 'HealthCheck'], 'a health check of this world', known.checks, report),
      );
}

/** Lines of people in front of computers: `by` is a host there. */
const CLIENT_ACTIONS = ['visit', 'ask', 'mail', 'forge'];
const ZONE_FIELDS = ['change', 'undo', 'deleteZone', 'associate', 'disassociate', 'lightsail', 'sign', 'unsign', 'signingKey'];

const KEY_ACTIONS = ['create', 'activate', 'deactivate', 'delete'];
const VPC_ACTIONS = ['createZone', 'associate', 'disassociate'];

function checkLine(line: Data, path: Path, known: Known, report: Report): void {
  for (const field of ZONE_FIELDS) if (field in line) mustBeZone(line[field], [...path, field], known, report);
  if (!CLIENT_ACTIONS.some((action) => action in line))
    mustBe(line.by, [...path, 'by'], 'one of the people of this world, or a role', known.people, report);
  if ('on' in line) mustBe(asMap(line.on).alarm, [...path, 'on', 'alarm'], 'a health check of this world', known.checks, report);
  if (VPC_ACTIONS.some((action) => action in line)) mustBe(line.vpc, [...path, 'vpc'], 'a VPC of this world', known.vpcs, report);
  if ('check' in line) {
    mustBe(line.check, [...path, 'check'], 'a health check of this world', known.checks, report);
    each(asMap(line.config).ChildHealthChecks, [...path, 'config', 'ChildHealthChecks'], (child, at) =>
      mustBe(child, at, 'a health check of this world', known.checks, report),
    );
  }
  each(line.health, [...path, 'health'], (id, at) => mustBe(id, at, 'a health check of this world', known.checks, report));
  if ('resource' in line) mustBe(line.resource, [...path, 'resource'], 'a resource of this world', known.resources, report);
  if ('collection' in line)
    mustBe(line.collection, [...path, 'collection'], 'a CIDR collection of this world', known.collections, report);
  if ('signingKey' in line) {
    const acts = KEY_ACTIONS.filter((action) => action in line);
    if (acts.length !== 1)
      report(path, acts.length === 0 ? 'nothing to do' : acts.join(' and '), `one of ${KEY_ACTIONS.join(', ')}`);
  }
  if ('policy' in line) {
    mustBe(line.policy, [...path, 'policy'], 'a traffic policy of this world', known.policies, report);
    checkPolicy(line.document, [...path, 'document'], known, report);
  }
}

function mustBeZone(found: unknown, path: Path, known: Known, report: Report): void {
  if (typeof found !== 'string' || known.zones.has(found) || known.zones.has(zoneWord(found))) return;
  const plain = Object.keys(ZONES).some((zone) => zoneWord(zone) === zoneWord(found));
  const meant = nearest(found, known.zones);
  const what = plain ? 'a hosted zone of this world: name it under "hostedZones"' : 'a hosted zone of this world';
  report(path, quoted(found), meant === undefined ? what : `${what}, perhaps "${meant}"`);
}

const valueAt = (data: unknown, path: Path): unknown =>
  path.reduce<unknown>(
    (here, part) => (typeof here === 'object' && here !== null ? (here as Record<string | number, unknown>)[part] : undefined),
    data,
  );
