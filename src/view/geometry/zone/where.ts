/**
 * Who would get what of a group that looks at where the asker is: city by city, with the chain of records that the policy
 * tries there; and the same question asked from two places. All of it is what `decide` says.
 */
import type { Address } from '../../../base/address.ts';
import { type HostedZone, isPrivate } from '../../../route53/hostedZone.ts';
import { CONTINENT_NAMES, continentOf } from '../../../route53/places/continents.ts';
import { CITIES, networkOf, type Place } from '../../../route53/places/location.ts';
import {
  type GeoLocation,
  geoLocationText,
  type RecordGroup,
  type RecordSet,
  setLabel,
  toldApartBy,
} from '../../../route53/records.ts';
import { circumstancesOf } from '../../../route53/respond.ts';
import { decide } from '../../../route53/routing/decide.ts';
import type { Decision, Standing } from '../../../route53/routing/decision.ts';
import { leafOf } from '../../../route53/routing/decision.ts';
import { type TestInput, testDnsAnswer } from '../../../route53/testAnswer.ts';
import { thousands } from './records.ts';
import { asking, type Bench } from './test.ts';

/** One record, or one place without a record, in the order in which a policy tries them. */
export interface ChainLink {
  /** "California", "eu-west-1, 24 ms". */
  readonly words: string;
  /** Given; no record stands there; tried next; passed over because its check fails. */
  readonly standing: 'given' | 'absent' | 'next' | 'failing';
}

/** What somebody in a city would get. */
export interface Getter {
  readonly city: string;
  readonly place: Place | undefined;
  /** The record's name in its group; absent when nothing is given. */
  readonly label?: string;
  readonly set?: RecordSet;
  /** What it leads to: "192.0.2.31", "nothing". */
  readonly value: string;
  readonly why: string;
  readonly chain: readonly ChainLink[];
}

/** A resolver's address in one of the cities. */
export const resolverIn = (city: string): string => (networkOf(city) ?? '198.18.0.0/24').replace(/0\/24$/, '53');

/** The cities of the built-in world, each once. */
export const CITY_NAMES: readonly string[] = [...new Set(CITIES.map(({ city }) => city))];

/** What people in all cities would get of a group whose policy looks at where they are; nothing for other groups. */
export function whoGetsWhat(bench: Bench, group: RecordGroup): Getter[] {
  if (isPrivate(bench.zone)) return [];
  return CITY_NAMES.flatMap((city) => {
    const decision = decisionFrom(bench, group, resolverIn(city));
    return decision.dependsOnLocation ? [getterOf(decision, city)] : [];
  });
}

/** What a group decides for a question from an address, whatever else stands in the zone. */
export function decisionFrom(bench: Bench, group: RecordGroup, address: string): Decision {
  const { now, random } = asking(bench, 'where', 0);
  return decide(group, circumstancesOf(bench.zone, bench.services, { now, source: address as Address, random }));
}

/** What an asker would get of a group, record by record. */
export interface Shares {
  /** How likely each record is, by its identifier, 0 to 1. */
  readonly shares: ReadonlyMap<string, number>;
  /** What follows from weights and health for single records, in sentences. */
  readonly notes: readonly string[];
  /** The identifiers of those that are given now; of a draw by lot, of all that take part. */
  readonly given: ReadonlySet<string>;
}

/** The shares of a group for an asker: after health, with words on weights of 0 and on records that leave the draw. */
export function sharesIn(bench: Bench, group: RecordGroup, address: string): Shares {
  const { considered, failOpen, draw } = decisionFrom(bench, group, address || '192.0.2.1');
  const weights = considered.flatMap(({ measure }) => (measure?.kind === 'weight' ? [measure.weight] : []));
  const allZero = weights.length > 1 && weights.every((weight) => weight === 0);
  const out = considered.filter(
    ({ standing, measure, health }) => draw && standing === 'out' && (!health.healthy || measure?.kind === 'weight'),
  );
  return {
    shares: new Map(considered.map(({ set, share }) => [setLabel(set), share])),
    notes: [
      ...(failOpen && considered.length > 1 ? ['None is healthy, so all count as healthy (fail open).'] : []),
      ...(allZero ? ['All weights are 0: each has the same chance.'] : []),
      ...out.map(({ set, why }) => `${setLabel(set)}: ${why}.`),
    ],
    given: new Set(considered.flatMap(({ set, share }) => (share > 0 ? [setLabel(set)] : []))),
  };
}

const placeOf = (city: string): Place | undefined => CITIES.find((place) => place.city === city);

/** A few of many: the cities that are wanted, and before them one for each record that none of those gets. */
export function someOf(getters: readonly Getter[], wanted: readonly string[]): Getter[] {
  const some = wanted.flatMap((city) => getters.find((one) => one.city === city) ?? []);
  const shown = new Set(some.map(({ label }) => label));
  const others = getters.filter(({ label }) => {
    const isNew = !shown.has(label);
    shown.add(label);
    return isNew;
  });
  return [...others, ...some];
}

function getterOf(decision: Decision, city: string): Getter {
  const [set] = decision.chosen;
  const standing = decision.considered.find((one) => one.set === set);
  const place = placeOf(city);
  return {
    city,
    place,
    ...(set ? { label: setLabel(set), set } : {}),
    value: valueText(decision),
    why: standing?.why ?? decision.reasons.at(-1)?.text ?? '',
    chain: chainOf(decision, place),
  };
}

/** The addresses or other values that a decision leads to, in short. */
function valueText(decision: Decision): string {
  const leaf = leafOf(decision);
  if (leaf.branch?.kind === 'resource') return [...leaf.branch.resource.ipv4, ...leaf.branch.resource.ipv6][0] ?? 'nothing';
  const [set] = leaf.chosen;
  if (set?.content.kind !== 'values') return 'nothing';
  const [first, ...others] = set.content.values.map(({ text }) => text);
  return others.length === 0 ? (first ?? 'nothing') : `${first} and ${others.length}`;
}

// --- the chain

/** What a policy tries for an asker, in its order, given first healthy one first. */
export function chainOf(decision: Decision, place: Place | undefined): ChainLink[] {
  const { considered, group } = decision;
  switch (group.policy) {
    case 'geolocation':
      return placeChain(considered, place);
    case 'latency':
      return measured(considered, ({ set, measure }) =>
        measure?.kind === 'latency' && set.routing.policy === 'latency'
          ? [measure.milliseconds, `${set.routing.region}, ${measure.milliseconds} ms`]
          : undefined,
      );
    case 'geoproximity':
      return measured(considered, ({ set, measure }) => {
        if (measure?.kind !== 'distance') return undefined;
        const { kilometres, biased } = measure;
        const counted = Math.round(biased) === Math.round(kilometres) ? '' : ` as ${kilo(biased)}`;
        return [biased, `${setLabel(set)}, ${kilo(kilometres)}${counted}`];
      });
    case 'ip-based':
      return measured(considered, ({ set, measure }) => {
        if (set.routing.policy !== 'ip-based') return undefined;
        const { locationName } = set.routing.cidrRoutingConfig;
        if (locationName === '*') return [1, '*'];
        return measure?.kind === 'block' ? [0, `${locationName}, ${measure.block}`] : undefined;
      });
    default:
      return [];
  }
}

const kilo = (kilometres: number): string => `${thousands(Math.round(kilometres))} km`;

function measured(
  considered: readonly Standing[],
  read: (standing: Standing) => readonly [order: number, words: string] | undefined,
): ChainLink[] {
  return considered
    .flatMap((standing) => {
      const found = read(standing);
      return found ? [{ order: found[0], words: found[1], standing: standingOf(standing) }] : [];
    })
    .sort((a, b) => a.order - b.order)
    .map(({ words, standing }) => ({ words, standing }));
}

const standingOf = ({ standing, health }: Standing): ChainLink['standing'] =>
  standing === 'chosen' ? 'given' : health.healthy ? 'next' : 'failing';

/** State, country, continent, everywhere else: with a record or without. */
function placeChain(considered: readonly Standing[], place: Place | undefined): ChainLink[] {
  const continent = place && (place.continent ?? continentOf(place.country));
  const places: readonly (GeoLocation | undefined)[] = [
    place?.subdivision === undefined
      ? undefined
      : { kind: 'subdivision', countryCode: place.country, subdivisionCode: place.subdivision },
    place && { kind: 'country', countryCode: place.country },
    continent && { kind: 'continent', continentCode: continent },
    { kind: 'default' },
  ];
  return places.flatMap((location) => {
    if (!location) return [];
    const found = considered.find(
      ({ set }) => set.routing.policy === 'geolocation' && geoLocationText(set.routing.geoLocation) === geoLocationText(location),
    );
    // An empty last place is where a question ends without an answer.
    return [{ words: placeName(location), standing: found ? standingOf(found) : 'absent' }];
  });
}

const STATES: Readonly<Record<string, string>> = { CA: 'California', NY: 'New York', TX: 'Texas', VA: 'Virginia' };
const countries = new Intl.DisplayNames(['en'], { type: 'region' });

/** "California", "France", "Europe", "*". */
export function placeName(location: GeoLocation): string {
  switch (location.kind) {
    case 'default':
      return '*';
    case 'continent':
      return CONTINENT_NAMES[location.continentCode];
    case 'country':
      return countryName(location.countryCode);
    case 'subdivision':
      return STATES[location.subdivisionCode] ?? geoLocationText(location);
  }
}

function countryName(code: string): string {
  try {
    return countries.of(code) ?? code;
  } catch {
    return code;
  }
}

// --- two places side by side

/** The answer in one of two places. */
export interface Side {
  readonly city: string;
  readonly values: readonly string[];
  /** The record that was given, by its name in its group and how it is told apart. */
  readonly record: string;
  readonly why: string;
  readonly chain: readonly ChainLink[];
}

export interface Comparison {
  readonly sides: readonly Side[];
  /** Why the answers differ, or why they do not. */
  readonly words: string;
}

/** The same question from several cities; undefined when the zone cannot be asked so. */
export function compareFrom(
  bench: Bench,
  question: Pick<TestInput, 'recordName' | 'recordType'>,
  cities: readonly string[],
): Comparison | undefined {
  const asked = cities.map((city) => {
    const result = testDnsAnswer(
      bench.zone,
      bench.services,
      { ...question, resolverIp: resolverIn(city) },
      asking(bench, 'compare', 0),
    );
    return result.ok ? { city, values: result.output.recordData, decision: result.answered.decisions[0] } : undefined;
  });
  if (asked.some((one) => one === undefined)) return undefined;
  const all = asked.flatMap((one) => one ?? []);
  const sides = all.map(({ city, values, decision }): Side => {
    const [set] = decision?.chosen ?? [];
    const standing = decision?.considered.find((one) => one.set === set);
    return {
      city,
      values,
      record: set
        ? [setLabel(set), toldApartBy(set.routing)]
            .filter((part, i, parts) => part !== '' && parts.indexOf(part) === i)
            .join(', ')
        : 'no record',
      why: standing?.why ?? decision?.reasons.at(-1)?.text ?? 'no record of this name and type',
      chain: decision ? chainOf(decision, placeOf(city)) : [],
    };
  });
  return { sides, words: differenceWords(all, bench.zone) };
}

function differenceWords(
  asked: readonly { readonly values: readonly string[]; readonly decision: Decision | undefined }[],
  zone: HostedZone,
): string {
  const decision = asked[0]?.decision;
  const key = (values: readonly string[]): string => [...values].sort().join(' ');
  const isSame = new Set(asked.map(({ values }) => key(values))).size <= 1;
  if (!decision) return isSame ? 'The same, wherever the question comes from.' : `The zone ${zone.name} answers otherwise.`;
  if (isSame && decision.dependsOnLocation) return 'The same: the policy looks at the place, and finds one record for both.';
  if (isSame) return 'The same: this policy does not look at where the question comes from.';
  if (decision.dependsOnLocation) return 'They differ because the policy looks at where the question comes from.';
  return 'They differ by lot, not by place: asked again, each may get the other.';
}
