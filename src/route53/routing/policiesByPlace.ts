/** Routing policies that ask where the question comes from: geolocation, latency, geoproximity, IP-based. */
import type { Cidr } from '../../base/address.ts';
import { cidrPrefix } from '../../base/address.ts';
import type { Reason } from '../../base/reason.ts';
import { reason } from '../../base/reason.ts';
import { CONTINENT_NAMES, continentOf } from '../places/continents.ts';
import type { Coordinates, Place } from '../places/location.ts';
import { distanceKm } from '../places/location.ts';
import type { RegionName } from '../places/regions.ts';
import { isRegion, latencyMs, regionPlace } from '../places/regions.ts';
import type { GeoLocation, GeoProximityLocation } from '../records.ts';
import { geoLocationText, setLabel } from '../records.ts';
import type { Candidate, Choice, Link } from './choice.ts';
import { chooseFirst } from './choice.ts';
import { longestBlock } from './cidr.ts';
import type { Circumstances } from './decision.ts';

/** State before country before continent before default; unhealthy ones give way to the next larger (routing-policy-geo). */
export function chooseGeolocation(candidates: readonly Candidate<'geolocation'>[], place: Place | undefined): Choice {
  const page = 'Developer Guide, routing-policy-geo';
  const where = place === undefined ? 'an address without a place' : placeText(place);
  const chain = GEO_KINDS.flatMap((kind) =>
    candidates.flatMap((candidate): readonly Link[] => {
      const { geoLocation } = candidate.set.routing;
      if (geoLocation.kind !== kind || !covers(geoLocation, place)) return [];
      const rule = reason('geolocation', `The smallest place that holds ${where}: ${geoLocationText(geoLocation)}`, page);
      return [{ candidate, rule, measure: { kind: 'place', place: kind } }];
    }),
  );
  return chooseFirst(candidates, chain, {
    nothing: reason('no-location', `No record for ${where}, and no default: there is no answer`, page),
    out: 'another place',
    reserve: 'a larger place that holds the asker too',
  });
}

const GEO_KINDS = ['subdivision', 'country', 'continent', 'default'] as const;

function covers(location: GeoLocation, place: Place | undefined): boolean {
  switch (location.kind) {
    case 'default':
      return true;
    case 'continent':
      return place !== undefined && (place.continent ?? continentOf(place.country)) === location.continentCode;
    case 'country':
      return place?.country === location.countryCode;
    case 'subdivision':
      return place?.country === location.countryCode && place.subdivision === location.subdivisionCode;
  }
}

/** "San Francisco, US-CA, North America". */
function placeText(place: Place): string {
  const continent = place.continent ?? continentOf(place.country);
  const country = place.subdivision === undefined ? place.country : `${place.country}-${place.subdivision}`;
  return [place.city, country, ...(continent === undefined ? [] : [CONTINENT_NAMES[continent]])].join(', ');
}

/** Where an unmapped address is taken to be when only distance or latency can decide: a default of ours. */
const UNMAPPED: RegionName = 'us-east-1';

/** The Region with the lowest latency that has a healthy set (Developer Guide, routing-policy-latency). */
export function chooseLatency(candidates: readonly Candidate<'latency'>[], circumstances: Circumstances): Choice {
  const place = circumstances.place ?? regionPlace(UNMAPPED);
  const measured = candidates.map((candidate) => {
    const { region } = candidate.set.routing;
    // A set for cn-north-1 takes all queries from China.
    const always = place.country === 'CN' && region === 'cn-north-1';
    return { candidate, region, always, milliseconds: latencyMs(place, region, circumstances.latencies) };
  });
  measured.sort((a, b) => Number(b.always) - Number(a.always) || a.milliseconds - b.milliseconds);
  const chain = measured.map(({ candidate, region, milliseconds }): Link => {
    const text = `${region} is the quickest from ${place.city}: ${milliseconds} ms`;
    return {
      candidate,
      rule: reason('latency', text, 'Developer Guide, routing-policy-latency'),
      measure: { kind: 'latency', milliseconds },
    };
  });
  return chooseFirst(candidates, chain, { out: 'no latency known', reserve: 'slower' }, unmapped(circumstances.place));
}

const unmapped = (place: Place | undefined): readonly Reason[] =>
  place === undefined
    ? [reason('unmapped', `The address has no place, so ${UNMAPPED} stands for it`, 'Rootwalk default (unconfirmed)')]
    : [];

/** The smallest distance after the bias, over the globe (Developer Guide, routing-policy-geoproximity). */
export function chooseGeoproximity(candidates: readonly Candidate<'geoproximity'>[], place: Place | undefined): Choice {
  const from = place ?? regionPlace(UNMAPPED);
  const measured = candidates.map((candidate) => {
    const { geoProximityLocation: location } = candidate.set.routing;
    const kilometres = distanceKm(from, siteCoordinates(location));
    return { candidate, kilometres, biased: biasedDistance(kilometres, location.bias ?? 0) };
  });
  measured.sort((a, b) => a.biased - b.biased);
  const chain = measured.map(({ candidate, kilometres, biased }): Link => {
    const counted = biased === kilometres ? '' : `, counted as ${Math.round(biased)} km`;
    const text = `${setLabel(candidate.set)} is the nearest to ${from.city}: ${Math.round(kilometres)} km${counted}`;
    const rule = reason('geoproximity', text, 'Developer Guide, routing-policy-geoproximity');
    return { candidate, rule, measure: { kind: 'distance', kilometres, biased } };
  });
  return chooseFirst(candidates, chain, { out: 'no distance known', reserve: 'farther' }, unmapped(place));
}

/** A positive bias shortens the distance, a negative one lengthens it; -50 doubles it (routing-policy-geoproximity). */
export const biasedDistance = (kilometres: number, bias: number): number =>
  bias >= 0 ? kilometres * (1 - bias / 100) : kilometres / (1 + bias / 100);

/** Where a geoproximity record lies. Coordinates count with two decimals, more are cut. A Local Zone group lies where its Region does, as far as we know. */
export function siteCoordinates({ site }: GeoProximityLocation): Coordinates {
  if (site.kind === 'region') return regionPlace(site.region);
  if (site.kind === 'coordinates') {
    const cut = (text: string): number => Number(/^[-+]?\d+(?:\.\d{0,2})?/.exec(text)?.[0] ?? text);
    return { latitude: cut(site.latitude), longitude: cut(site.longitude) };
  }
  const region = /^[a-z]+(?:-[a-z]+)+-\d/.exec(site.group)?.[0] ?? '';
  return regionPlace(isRegion(region) ? region : UNMAPPED);
}

/** The set of the longest block that holds the asker, else the one of location `*` (Developer Guide, routing-policy-ipbased). */
export function chooseIpBased(candidates: readonly Candidate<'ip-based'>[], circumstances: Circumstances): Choice {
  const page = 'Developer Guide, routing-policy-ipbased';
  const { block: asker } = circumstances.asker;
  const missing = new Set<string>();
  let longest: { candidate: Candidate; block: Cidr } | undefined;
  let everythingElse: Candidate | undefined;
  for (const candidate of candidates) {
    const { collectionId, locationName } = candidate.set.routing.cidrRoutingConfig;
    const collection = circumstances.collectionOf(collectionId);
    if (!collection) missing.add(collectionId);
    if (locationName === '*') everythingElse = candidate;
    const block = collection && longestBlock(collection, locationName, asker);
    if (block !== undefined && (!longest || cidrPrefix(block) > cidrPrefix(longest.block))) longest = { candidate, block };
  }
  // Only the longest match and `*` count: an unhealthy match gives way to `*` (unconfirmed).
  const chain: Link[] = [];
  if (longest) {
    const text = `${longest.block} is the longest block that holds ${asker}`;
    chain.push({
      candidate: longest.candidate,
      rule: reason('ip-based', text, page),
      measure: { kind: 'block', block: longest.block },
    });
  }
  if (everythingElse) {
    const text = longest ? 'The longest match is unhealthy: location *' : `No block holds ${asker}: location *`;
    chain.push({ candidate: everythingElse, rule: reason('ip-based', text, page) });
  }
  const extra = [...missing].map((id) =>
    reason('unknown-collection', `CIDR collection ${id} is not known here: only location * matches`, 'Rootwalk default'),
  );
  const nothing = reason('no-block', `No block holds ${asker}, and there is no location *: there is no answer`, page);
  return chooseFirst(candidates, chain, { nothing, out: 'another network', reserve: 'everything else' }, extra);
}
