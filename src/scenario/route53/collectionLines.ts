/** Lines about CIDR collections. */
import { addCidrCollection, deleteCidrCollection } from '../../route53/holdings.ts';
import { type CidrChange, changeCidrCollection, newCidrCollection } from '../../route53/routing/cidr.ts';
import type { LineOf } from '../schema.ts';
import type { Commit, Living } from './living.ts';
import type { Request } from './requests.ts';

/** What the trace says of a CIDR collection. */
export interface CollectionDetail {
  readonly collection: {
    readonly id: string;
    readonly version: number;
    readonly locations: Readonly<Record<string, readonly string[]>>;
    /** The collection is gone from this instant on. */
    readonly deleted?: boolean;
  };
}

export function collecting(line: LineOf<'collection'>, living: Living): Request {
  const { collection, put = {}, remove = {} } = line;
  if (line.delete) return discarding(collection, living);
  const changes: CidrChange[] = [
    ...Object.entries(remove).map(([locationName, cidrList]) => ({
      action: 'DELETE_IF_EXISTS' as const,
      locationName,
      cidrList,
    })),
    ...Object.entries(put).map(([locationName, cidrList]) => ({ action: 'PUT' as const, locationName, cidrList })),
  ];
  const said = changes.map((one) => `${one.action} ${one.locationName} ${one.cidrList.join(' ')}`).join(', ');
  const isNew = changes.length === 0;
  return {
    action: isNew ? 'route53:CreateCidrCollection' : 'route53:ChangeCidrCollection',
    stimulus: isNew ? `create the CIDR collection ${collection}` : `change the CIDR collection ${collection}: ${said}`,
    text: `CIDR collection ${collection}`,
    judge() {
      const present = living.account.cidrCollections.get(collection);
      const fresh = newCidrCollection(collection, collection);
      const added = present ? undefined : addCidrCollection(living.account, fresh);
      if (added && !added.ok) return added;
      const result =
        isNew && !present ? { ok: true as const, collection: fresh } : changeCidrCollection(present ?? fresh, changes);
      if (!result.ok) return result;
      const next = result.collection;
      const commit: Commit = () => {
        living.account = { ...living.account, cidrCollections: new Map(living.account.cidrCollections).set(collection, next) };
      };
      const detail: CollectionDetail = {
        collection: { id: collection, version: next.version, locations: Object.fromEntries(next.locations) },
      };
      return { ok: true, outcome: `accepted, version ${next.version}`, commit, detail };
    },
  };
}

const discarding = (id: string, living: Living): Request => ({
  action: 'route53:DeleteCidrCollection',
  stimulus: `delete the CIDR collection ${id}`,
  text: `CIDR collection ${id}`,
  judge() {
    const result = deleteCidrCollection(living.account, id);
    if (!result.ok) return result;
    const commit: Commit = () => {
      living.account = { ...living.account, cidrCollections: result.account.cidrCollections };
    };
    const detail: CollectionDetail = { collection: { id, version: result.value.version, locations: {}, deleted: true } };
    return { ok: true, outcome: 'deleted', commit, detail };
  },
});
