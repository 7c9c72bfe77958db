/** The routing policy fields of a record set in the API's shape: which of them stand there says which policy it is. */

import { LIMITS } from '../limits.ts';
import { isContinent, isCountry, isState } from '../places/continents.ts';
import { isRegion } from '../places/regions.ts';
import type { CidrRoutingConfig, GeoLocation, GeoProximityLocation, Policy, Routing } from '../records.ts';
import type { Draft, Findings } from './fields.ts';
import { keepUnknown, readObject, readText, readWhole, refuse, refuseKind } from './fields.ts';
import type { JsonObject, JsonValue } from './json.ts';

const SHAPE = 'API Reference, ResourceRecordSet';

/** Policy fields in the order in which the service names them. */
const POLICY_FIELDS = {
  Weight: 'weighted',
  Region: 'latency',
  Failover: 'failover',
  GeoLocation: 'geolocation',
  MultiValueAnswer: 'multivalue',
  CidrRoutingConfig: 'ip-based',
  GeoProximityLocation: 'geoproximity',
} as const satisfies Readonly<Record<string, Policy>>;

type PolicyField = keyof typeof POLICY_FIELDS;
const FIELD_NAMES = Object.keys(POLICY_FIELDS) as PolicyField[];
const FIELD_LIST = `[${FIELD_NAMES.slice(0, -1).join(', ')}, or ${FIELD_NAMES.at(-1)}]`;

/** Reads the routing of a set. `change` is how the service names the change in its texts. */
export function readRouting(findings: Findings, set: JsonObject, change: () => string): Routing | undefined {
  let field: PolicyField | undefined;
  for (const candidate of FIELD_NAMES) {
    const value = set[candidate];
    if (value === undefined || (candidate === 'MultiValueAnswer' && value === false)) continue;
    if (field !== undefined) {
      const text = `Invalid request: Expected exactly one of ${FIELD_LIST}, but found more than one in ${change()}`;
      return refuse(findings, 'InvalidInput', text, `one routing policy, not both ${field} and ${candidate}`, SHAPE, [candidate]);
    }
    field = candidate;
  }
  if (set.MultiValueAnswer === false) findings.unknown.push({ path: ['MultiValueAnswer'], value: false });
  const { SetIdentifier } = set;
  if (field === undefined) {
    if (SetIdentifier === undefined) return SIMPLE;
    const text = `Invalid request: Expected exactly one of ${FIELD_LIST}, but found none in ${change()}`;
    return refuse(findings, 'InvalidInput', text, 'no SetIdentifier on a simple record, or a routing policy with it', SHAPE, [
      'SetIdentifier',
    ]);
  }
  if (SetIdentifier === undefined) {
    const text = `Invalid request: Missing field 'SetIdentifier' in ${change()}`;
    return refuse(findings, 'InvalidInput', text, 'a SetIdentifier, which tells the sets of a group apart', SHAPE);
  }
  if (typeof SetIdentifier !== 'string' || SetIdentifier.length < 1 || SetIdentifier.length > LIMITS.setIdentifier.most)
    return refuseKind(findings, SetIdentifier, `text of 1 to ${LIMITS.setIdentifier.most} characters`, ['SetIdentifier']);
  return readPolicyField(findings, set[field], field, SetIdentifier);
}

const SIMPLE: Routing = { policy: 'simple' };

function readPolicyField(
  findings: Findings,
  value: JsonValue | undefined,
  field: PolicyField,
  setIdentifier: string,
): Routing | undefined {
  switch (field) {
    case 'Weight': {
      const weight = readWhole(findings, value, 0, LIMITS.weight.most, [field]);
      return weight === undefined ? undefined : { policy: 'weighted', setIdentifier, weight };
    }
    case 'Region': {
      if (typeof value === 'string' && isRegion(value)) return { policy: 'latency', setIdentifier, region: value };
      return refuseKind(findings, value, 'the name of an AWS Region, such as eu-west-1', [field]);
    }
    case 'Failover': {
      if (value === 'PRIMARY' || value === 'SECONDARY') return { policy: 'failover', setIdentifier, failover: value };
      return refuseKind(findings, value, 'PRIMARY or SECONDARY', [field]);
    }
    case 'GeoLocation': {
      const geoLocation = readGeoLocation(findings, value);
      return geoLocation && { policy: 'geolocation', setIdentifier, geoLocation };
    }
    case 'MultiValueAnswer':
      return value === true ? { policy: 'multivalue', setIdentifier } : refuseKind(findings, value, 'true', [field]);
    case 'CidrRoutingConfig': {
      const cidrRoutingConfig = readCidrRouting(findings, value);
      return cidrRoutingConfig && { policy: 'ip-based', setIdentifier, cidrRoutingConfig };
    }
    case 'GeoProximityLocation': {
      const geoProximityLocation = readGeoProximity(findings, value);
      return geoProximityLocation && { policy: 'geoproximity', setIdentifier, geoProximityLocation };
    }
  }
}

const GEO_KEYS = new Set(['ContinentCode', 'CountryCode', 'SubdivisionCode']);

/** API Reference, GeoLocation: a continent, or a country with or without a state of it, or `CountryCode: "*"`. */
function readGeoLocation(findings: Findings, value: JsonValue | undefined): GeoLocation | undefined {
  const path = ['GeoLocation'];
  const source = 'API Reference, GeoLocation';
  const geo = readObject(findings, value, 'an object with ContinentCode or CountryCode', path);
  if (!geo) return undefined;
  keepUnknown(findings, geo, GEO_KEYS, path);
  const { ContinentCode: continent, CountryCode: country, SubdivisionCode: state } = geo;
  if (continent !== undefined && (country !== undefined || state !== undefined)) {
    const text = 'Invalid request: ContinentCode cannot be specified together with CountryCode or SubdivisionCode';
    return refuse(findings, 'InvalidInput', text, 'ContinentCode alone, or CountryCode', source, [...path, 'ContinentCode']);
  }
  if (continent !== undefined) {
    if (typeof continent === 'string' && isContinent(continent)) return { kind: 'continent', continentCode: continent };
    return refuseKind(findings, continent, 'one of AF, AN, AS, EU, NA, OC, SA', [...path, 'ContinentCode']);
  }
  if (country === '*' && state === undefined) return { kind: 'default' };
  if (typeof country !== 'string' || !isCountry(country))
    return refuseKind(findings, country, 'a country code of ISO 3166-1 such as BR, or * for everywhere else', [
      ...path,
      'CountryCode',
    ]);
  if (state === undefined) return { kind: 'country', countryCode: country };
  if (country === 'US' && typeof state === 'string' && isState(state))
    return { kind: 'subdivision', countryCode: country, subdivisionCode: state };
  return refuseKind(findings, state, 'a state of the United States, such as CA, with CountryCode US', [
    ...path,
    'SubdivisionCode',
  ]);
}

const CIDR_KEYS = new Set(['CollectionId', 'LocationName']);

function readCidrRouting(findings: Findings, value: JsonValue | undefined): CidrRoutingConfig | undefined {
  const path = ['CidrRoutingConfig'];
  const config = readObject(findings, value, 'an object with CollectionId and LocationName', path);
  if (!config) return undefined;
  keepUnknown(findings, config, CIDR_KEYS, path);
  const collectionId = readText(findings, config.CollectionId, 'the id of a CIDR collection', [...path, 'CollectionId']);
  const { LocationName } = config;
  if (typeof LocationName !== 'string' || !isLocationName(LocationName))
    return refuseKind(findings, LocationName, '1 to 16 letters, digits, "-" or "_", or * for everything else', [
      ...path,
      'LocationName',
    ]);
  return collectionId === undefined ? undefined : { collectionId, locationName: LocationName };
}

/** API Reference, CidrLocationNameDefaultAllowed. */
const isLocationName = (text: string): boolean => text === '*' || /^[0-9A-Za-z_-]{1,16}$/.test(text);

const PROXIMITY_KEYS = new Set(['AWSRegion', 'LocalZoneGroup', 'Coordinates', 'Bias']);
const COORDINATE_KEYS = new Set(['Latitude', 'Longitude']);

/** API Reference, GeoProximityLocation: exactly one of Region, Local Zone group and coordinates. */
function readGeoProximity(findings: Findings, value: JsonValue | undefined): GeoProximityLocation | undefined {
  const path = ['GeoProximityLocation'];
  const location = readObject(findings, value, 'an object with AWSRegion, LocalZoneGroup or Coordinates', path);
  if (!location) return undefined;
  keepUnknown(findings, location, PROXIMITY_KEYS, path);
  const { AWSRegion, LocalZoneGroup, Coordinates, Bias } = location;
  if ([AWSRegion, LocalZoneGroup, Coordinates].filter((given) => given !== undefined).length !== 1) {
    const text = 'Invalid request: Expected exactly one of [AWSRegion, LocalZoneGroup, or Coordinates]';
    const expected = 'exactly one of AWSRegion, LocalZoneGroup and Coordinates';
    return refuse(findings, 'InvalidInput', text, expected, 'API Reference, GeoProximityLocation', path);
  }
  const site = readSite(findings, location);
  if (site === undefined) return undefined;
  if (Bias === undefined) return { site };
  const bias = readWhole(findings, Bias, -99, 99, [...path, 'Bias']);
  return bias === undefined ? undefined : { site, bias };
}

function readSite(findings: Findings, location: JsonObject): GeoProximityLocation['site'] | undefined {
  const path = ['GeoProximityLocation'];
  const { AWSRegion, LocalZoneGroup, Coordinates } = location;
  if (AWSRegion !== undefined) {
    if (typeof AWSRegion === 'string' && isRegion(AWSRegion)) return { kind: 'region', region: AWSRegion };
    return refuseKind(findings, AWSRegion, 'the name of an AWS Region', [...path, 'AWSRegion']);
  }
  if (LocalZoneGroup !== undefined) {
    const group = readText(findings, LocalZoneGroup, 'the name of a Local Zone group', [...path, 'LocalZoneGroup']);
    return group === undefined ? undefined : { kind: 'local-zone-group', group };
  }
  const place = [...path, 'Coordinates'];
  const coordinates = readObject(findings, Coordinates, 'an object with Latitude and Longitude', place);
  if (!coordinates) return undefined;
  keepUnknown(findings, coordinates, COORDINATE_KEYS, place);
  const latitude = readDegrees(findings, coordinates.Latitude, 90, [...place, 'Latitude']);
  const longitude = readDegrees(findings, coordinates.Longitude, 180, [...place, 'Longitude']);
  return latitude === undefined || longitude === undefined ? undefined : { kind: 'coordinates', latitude, longitude };
}

/** Degrees are text in the API: "-33.92". */
function readDegrees(
  findings: Findings,
  value: JsonValue | undefined,
  most: number,
  path: readonly string[],
): string | undefined {
  if (typeof value === 'string' && /^[-+]?\d{1,3}(?:\.\d+)?$/.test(value) && Math.abs(Number(value)) <= most) return value;
  return refuseKind(findings, value, `degrees from -${most} to ${most} as text, such as "-33.92"`, path);
}

/** Writes the routing fields onto a set that is being put together. */
export function writeRouting(set: { [key: string]: Draft }, routing: Routing): void {
  if (routing.policy === 'simple') return;
  set.SetIdentifier = routing.setIdentifier;
  switch (routing.policy) {
    case 'weighted':
      set.Weight = routing.weight;
      return;
    case 'latency':
      set.Region = routing.region;
      return;
    case 'failover':
      set.Failover = routing.failover;
      return;
    case 'geolocation':
      set.GeoLocation = geoLocationJson(routing.geoLocation);
      return;
    case 'multivalue':
      set.MultiValueAnswer = true;
      return;
    case 'ip-based':
      set.CidrRoutingConfig = {
        CollectionId: routing.cidrRoutingConfig.collectionId,
        LocationName: routing.cidrRoutingConfig.locationName,
      };
      return;
    case 'geoproximity':
      set.GeoProximityLocation = geoProximityJson(routing.geoProximityLocation);
  }
}

function geoLocationJson(location: GeoLocation): Draft {
  switch (location.kind) {
    case 'continent':
      return { ContinentCode: location.continentCode };
    case 'country':
      return { CountryCode: location.countryCode };
    case 'subdivision':
      return { CountryCode: location.countryCode, SubdivisionCode: location.subdivisionCode };
    case 'default':
      return { CountryCode: '*' };
  }
}

function geoProximityJson({ site, bias }: GeoProximityLocation): Draft {
  const json: { [key: string]: Draft } =
    site.kind === 'region'
      ? { AWSRegion: site.region }
      : site.kind === 'local-zone-group'
        ? { LocalZoneGroup: site.group }
        : { Coordinates: { Latitude: site.latitude, Longitude: site.longitude } };
  if (bias !== undefined) json.Bias = bias;
  return json;
}
