/** The record form's fields in the API's shape, right or wrong: the service judges them. */
import type { Name } from '../../../dns/name.ts';
import type { JsonObject } from '../../../route53/formats/json.ts';
import type { HostedZone } from '../../../route53/hostedZone.ts';
import { serviceName } from '../../../route53/names.ts';
import { CONTINENT_NAMES, type ContinentCode } from '../../../route53/places/continents.ts';
import { aliasJson } from './alias.ts';
import { numberIn } from './fields.ts';
import type { Member, RecordDraft } from './form.ts';

/** A record set in the API's shape, right or wrong. */
export function setJson(draft: RecordDraft, member: Member, zone: HostedZone): JsonObject {
  const { type, policy } = draft;
  const plain = member.alias === undefined && !isPolicyRecord(member);
  const values = member.values
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
  return {
    Name: ownerName(draft.label, zone.name),
    Type: type,
    ...(policy === 'simple' ? {} : { SetIdentifier: member.identifier.trim() }),
    ...routingJson(draft, member),
    ...(plain ? { TTL: numberIn(draft.ttl), ResourceRecords: values.map((Value) => ({ Value })) } : {}),
    ...(member.alias ? { AliasTarget: aliasJson(member.alias, zone) } : {}),
    ...(member.healthCheck === '' ? {} : { HealthCheckId: member.healthCheck }),
    ...member.kept,
  };
}

/** Whether a traffic policy has made the record: its content is the policy's tree. */
export const isPolicyRecord = ({ kept }: Member): boolean => kept.TrafficPolicyInstanceId !== undefined;

/** A label, a name in full with its final dot, or nothing (or "@") for the zone itself. */
export function ownerName(label: string, zone: Name): string {
  const typed = label.trim().replace(/^\*(?=\.|$)/, '\\052');
  if (typed === '' || typed === '@') return serviceName(zone);
  return typed.endsWith('.') ? typed : `${typed}.${serviceName(zone)}`;
}

function routingJson({ policy, collection }: RecordDraft, { apart, bias }: Member): JsonObject {
  const typed = apart.trim();
  switch (policy) {
    case 'simple':
      return {};
    case 'weighted':
      return { Weight: numberIn(typed) };
    case 'latency':
      return { Region: typed };
    case 'failover':
      return { Failover: typed };
    case 'multivalue':
      return { MultiValueAnswer: true };
    case 'geolocation':
      return { GeoLocation: placeJson(typed) };
    case 'geoproximity':
      return {
        GeoProximityLocation: {
          ...siteJson(typed),
          ...(bias.trim() === '' || bias.trim() === '0' ? {} : { Bias: numberIn(bias) }),
        },
      };
    case 'ip-based':
      return { CidrRoutingConfig: { CollectionId: collection, LocationName: typed } };
  }
}

function placeJson(text: string): JsonObject {
  const continent = (Object.keys(CONTINENT_NAMES) as ContinentCode[]).find(
    (code) => CONTINENT_NAMES[code].toLowerCase() === text.toLowerCase(),
  );
  if (continent) return { ContinentCode: continent };
  const state = /^([A-Za-z]{2})-([A-Za-z]{2})$/.exec(text);
  if (state) return { CountryCode: (state[1] as string).toUpperCase(), SubdivisionCode: (state[2] as string).toUpperCase() };
  return { CountryCode: text.toUpperCase() };
}

function siteJson(text: string): JsonObject {
  const [latitude, longitude] = text.split(',').map((part) => part.trim());
  return longitude === undefined ? { AWSRegion: text } : { Coordinates: { Latitude: latitude ?? '', Longitude: longitude } };
}
