/** Hosted zones as `aws route53 list-hosted-zones` and `get-hosted-zone` print them. */
import type { Name } from '../../dns/name.ts';
import type { HostedZone, VpcReference } from '../hostedZone.ts';
import { nameServersOf } from '../hostedZone.ts';
import { LIMITS } from '../limits.ts';
import { isNameFault, parseServiceName, serviceName } from '../names.ts';
import { isRegion } from '../places/regions.ts';
import type { UnknownField } from '../records.ts';
import type { Imported } from './document.ts';
import { documentText, mistakesOf, readDocument, unknownPaths } from './document.ts';
import type { Draft, Findings } from './fields.ts';
import {
  keepUnknown,
  newFindings,
  readFlag,
  readList,
  readObject,
  readText,
  readWhole,
  refuseKind,
  restoreUnknown,
} from './fields.ts';
import type { JsonObject, JsonPath, JsonValue } from './json.ts';

/** A zone as a list shows it: everything but its records. */
export interface ListedZone {
  /** Without "/hostedzone/". */
  readonly id: string;
  readonly name: Name;
  readonly callerReference: string;
  /** Absent when the list has no Config for it. */
  readonly config?: { readonly comment?: string; readonly privateZone?: boolean };
  readonly recordCount?: number;
}

export interface ZoneList {
  /** One zone with its servers or VPCs ("HostedZone", as `get-hosted-zone` prints it) or a list ("HostedZones"). */
  readonly single: boolean;
  readonly zones: readonly ListedZone[];
  /** Of a single private zone. */
  readonly vpcs: readonly VpcReference[];
  readonly unknown: readonly UnknownField[];
}

const LIST_KEYS = new Set(['HostedZones']);
const ONE_KEYS = new Set(['HostedZone']);
/** Known, though only kept: what they say follows from the zone, or from this world. */
const BESIDE = ['DelegationSet', 'VPCs'];
const ZONE_KEYS = new Set(['Id', 'Name', 'CallerReference', 'Config', 'ResourceRecordSetCount']);
const CONFIG_KEYS = new Set(['Comment', 'PrivateZone']);
const ID_PREFIX = '/hostedzone/';

/** Reads a list of hosted zones, or one with what `get-hosted-zone` says of it. */
export function importHostedZones(text: string, file: string): Imported<ZoneList> {
  const document = readDocument(text, file);
  if ('mistakes' in document) return { mistakes: document.mistakes, unknown: [], notes: [] };
  const findings = newFindings();
  const list = readObject(findings, document.value, 'an object with HostedZones', []);
  const single = list !== undefined && Object.hasOwn(list, 'HostedZone');
  const entries = single ? [list.HostedZone as JsonValue] : listIn(findings, list);
  if (list) keepUnknown(findings, list, single ? ONE_KEYS : LIST_KEYS, []);
  const zones = entries.flatMap(
    (entry, i) => readListedZone(findings, entry, single ? ['HostedZone'] : ['HostedZones', i]) ?? [],
  );
  const vpcs = single && list.VPCs !== undefined ? readVpcs(findings, list.VPCs) : [];
  const unknown = unknownPaths(findings.unknown.filter(({ path }) => !(single && BESIDE.includes(String(path[0])))));
  if (findings.faults.length > 0)
    return { mistakes: mistakesOf(text, file, document.value, findings.faults), unknown, notes: [] };
  return { value: { single, zones, vpcs, unknown: findings.unknown }, mistakes: [], unknown, notes: [] };
}

const listIn = (findings: Findings, list: JsonObject | undefined): readonly JsonValue[] =>
  (list && readList(findings, list.HostedZones, 'a list of hosted zones', ['HostedZones'])) ?? [];

function readVpcs(findings: Findings, value: JsonValue): VpcReference[] {
  return (readList(findings, value, 'a list of VPCs', ['VPCs']) ?? []).flatMap((entry, i) => {
    const vpc = readObject(findings, entry, 'an object with VPCRegion and VPCId', ['VPCs', i]);
    const id = vpc && readText(findings, vpc.VPCId, 'the id of the VPC', ['VPCs', i, 'VPCId']);
    const region = vpc && readText(findings, vpc.VPCRegion, 'the Region of the VPC', ['VPCs', i, 'VPCRegion']);
    if (region !== undefined && !isRegion(region))
      refuseKind(findings, region, 'a Region such as us-east-1', ['VPCs', i, 'VPCRegion']);
    return id !== undefined && region !== undefined && isRegion(region) ? [{ region, id }] : [];
  });
}

function readListedZone(findings: Findings, value: JsonValue, path: JsonPath): ListedZone | undefined {
  const zone = readObject(findings, value, 'an object with Id and Name', path);
  if (!zone) return undefined;
  keepUnknown(findings, zone, ZONE_KEYS, path);
  const id = readText(findings, zone.Id, 'an id such as /hostedzone/Z0SIMZONE0EXAMPLE1', [...path, 'Id']);
  const bare = id?.startsWith(ID_PREFIX) ? id.slice(ID_PREFIX.length) : undefined;
  if (id !== undefined && (bare === undefined || bare.length > LIMITS.resourceId.most))
    refuseKind(findings, zone.Id, 'an id such as /hostedzone/Z0SIMZONE0EXAMPLE1', [...path, 'Id']);
  const text = readText(findings, zone.Name, 'the name of the zone', [...path, 'Name']);
  const name = text === undefined ? undefined : parseServiceName(text);
  if (name !== undefined && isNameFault(name))
    refuseKind(findings, zone.Name, `a domain name (${name.words})`, [...path, 'Name']);
  const callerReference = readText(findings, zone.CallerReference, 'the CallerReference', [...path, 'CallerReference']);
  const config = zone.Config === undefined ? undefined : readConfig(findings, zone.Config, [...path, 'Config']);
  const count = zone.ResourceRecordSetCount;
  const recordCount =
    count === undefined ? undefined : readWhole(findings, count, 0, Number.MAX_SAFE_INTEGER, [...path, 'ResourceRecordSetCount']);
  if (bare === undefined || name === undefined || isNameFault(name) || callerReference === undefined) return undefined;
  return {
    id: bare,
    name,
    callerReference,
    ...(config === undefined ? {} : { config }),
    ...(recordCount === undefined ? {} : { recordCount }),
  };
}

function readConfig(findings: Findings, value: JsonValue, path: JsonPath): ListedZone['config'] {
  const config = readObject(findings, value, 'an object with Comment and PrivateZone', path);
  if (!config) return undefined;
  keepUnknown(findings, config, CONFIG_KEYS, path);
  const comment =
    config.Comment === undefined ? undefined : readText(findings, config.Comment, 'a comment', [...path, 'Comment']);
  const privateZone =
    config.PrivateZone === undefined ? undefined : readFlag(findings, config.PrivateZone, [...path, 'PrivateZone']);
  return { ...(comment === undefined ? {} : { comment }), ...(privateZone === undefined ? {} : { privateZone }) };
}

/** The list in the API's shape, unknown fields where they stood. */
export function writeZoneList(list: ZoneList): JsonObject {
  const zones = list.zones.map((zone) => listedJson(zone));
  const document: { [key: string]: Draft } = list.single ? { HostedZone: zones[0] ?? {} } : { HostedZones: zones };
  restoreUnknown(document, list.unknown);
  return document as JsonObject;
}

export const exportHostedZones = (list: ZoneList): string => documentText(writeZoneList(list));

function listedJson(zone: ListedZone): Draft {
  const json: { [key: string]: Draft } = {
    Id: `${ID_PREFIX}${zone.id}`,
    Name: serviceName(zone.name),
    CallerReference: zone.callerReference,
  };
  if (zone.config) {
    const config: { [key: string]: Draft } = {};
    if (zone.config.comment !== undefined) config.Comment = zone.config.comment;
    if (zone.config.privateZone !== undefined) config.PrivateZone = zone.config.privateZone;
    json.Config = config;
  }
  if (zone.recordCount !== undefined) json.ResourceRecordSetCount = zone.recordCount;
  return json;
}

/** A zone of ours as a list shows it. */
export const listedZone = (zone: HostedZone): ListedZone => ({
  id: zone.id,
  name: zone.name,
  callerReference: zone.callerReference,
  config: { ...(zone.comment === '' ? {} : { comment: zone.comment }), privateZone: zone.scope.kind === 'private' },
  recordCount: zone.records.size,
});

/** A zone as `get-hosted-zone` shows it: with its name servers (without final dots) or its VPCs. */
export function describeHostedZone(zone: HostedZone): JsonObject {
  const json: { [key: string]: Draft } = { HostedZone: listedJson(listedZone(zone)) };
  if (zone.scope.kind === 'private') json.VPCs = zone.scope.vpcs.map((vpc) => ({ VPCRegion: vpc.region, VPCId: vpc.id }));
  else json.DelegationSet = { NameServers: nameServersOf(zone).map((server) => server.replace(/\.$/, '')) };
  return json as JsonObject;
}
