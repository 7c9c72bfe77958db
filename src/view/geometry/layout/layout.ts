/** What a layout of the map is: where everything stands, for one size and form of the screen. `layouts.ts` makes them. */
import type { Point, Track } from '../map/rails.ts';

export type Form = 'wide' | 'tablet' | 'phone' | 'presenter';

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** One zone on the map: its terrace, the capsule with its servers, and where its two lines of text begin. */
export interface TerracePlace extends Box {
  readonly capsule: Box;
  readonly head: Point;
  readonly foot: Point;
  /** Where the rails end. */
  readonly station: Point;
}

export interface Layout {
  readonly form: Form;
  readonly width: number;
  readonly height: number;
  /** Little height: smaller type, addresses shortened, no notes between the terraces. */
  readonly compact: boolean;
  readonly name: { readonly x: number; readonly y: number; readonly size: number; readonly label: number; readonly room: number };
  readonly client: { readonly label: Point; readonly window: Box };
  readonly hub: Point & { readonly radius: number; readonly inner: number };
  readonly resolverLabel: Point;
  readonly ledger: Box & { readonly head: number; readonly row: number };
  readonly terraces: readonly [TerracePlace, TerracePlace, TerracePlace];
  readonly web: { readonly sign: Box; readonly label: Point };
  readonly tracks: { readonly stub: Track; readonly zones: readonly [Track, Track, Track]; readonly web: Track };
  /** Stops 1 to 9; one that has no place on this form is absent. */
  readonly stops: ReadonlyMap<number, Point>;
  readonly stopRadius: number;
  /** Where a tag says why a zone is not asked. */
  readonly tags: readonly Box[];
  /** Between which edges a slip on a hop is outside: its body is printed at one and fed in at the other. */
  readonly gaps: { readonly stub: Span; readonly zones: Span; readonly web: Span };
  readonly key?: Point;
}

export interface Span {
  readonly from: number;
  readonly to: number;
}
