/**
 * A link that carries everything: which scenario, what the reader changed, and the moment. In the address's fragment, which
 * never leaves the reader's computer; packed, since a fragment should stay short.
 */
import { shortened } from '../../base/text.ts';
import { later, parseDuration, START } from '../../base/time.ts';
import type { Scenario } from '../../scenario/schema.ts';
import type { Position } from '../../trace/scene.ts';
import { BEGINNING } from '../../trace/timeline.ts';
import { library } from './library.ts';
import type { Change } from './theatre.svelte.ts';

/** Longer links break in some programs; beyond this a file is offered. */
export const LONGEST_LINK = 8_000;

export interface Shared {
  /** A lesson of the library by name, or a scenario of the reader's own. */
  readonly lesson?: string;
  readonly scenario?: { readonly name: string; readonly data: Scenario };
  readonly changes: readonly Change[];
  readonly position: Position;
  readonly view: string;
}

interface Packed {
  readonly v: 1;
  readonly l?: string;
  readonly s?: { readonly name: string; readonly data: Scenario };
  readonly c?: readonly Change[];
  readonly p: readonly [at: number, turn?: number, move?: number];
  readonly w?: string;
}

export async function packed(shared: Shared): Promise<string> {
  const { deflateSync, strToU8 } = await import('fflate');
  const { position } = shared;
  const content: Packed = {
    v: 1,
    ...(shared.lesson === undefined ? {} : { l: shared.lesson }),
    ...(shared.scenario ? { s: shared.scenario } : {}),
    ...(shared.changes.length > 0 ? { c: shared.changes } : {}),
    p: [
      position.at,
      ...(position.turn === undefined ? [] : [position.turn, ...(position.move === undefined ? [] : [position.move])]),
    ] as unknown as Packed['p'],
    ...(shared.view === 'Map' ? {} : { w: shared.view }),
  };
  return `#r=${base64(deflateSync(strToU8(JSON.stringify(content)), { level: 9 }))}`;
}

/** Why a link cannot be followed, in a sentence; and the lesson it means, where that much is clear. */
export interface Broken {
  readonly problem: string;
  readonly lesson?: string;
}

/** "#first-visit" or "#first-visit@48.6ms": a link that a person can write. */
function written(fragment: string): Shared | Broken {
  const text = decoded(fragment.slice(1));
  const [, lesson = '', moment] = /^([^@]*)(?:@(.+))?$/.exec(text) ?? [];
  if (!library.some((card) => card.name === lesson)) return { problem: `There is no lesson “${shortened(text)}”.` };
  const at = moment === undefined ? undefined : parseDuration(moment.replaceAll('+', ' '));
  if (moment !== undefined && at === undefined)
    return { problem: `“${shortened(moment)}” is no moment; write it like 48.6ms.`, lesson };
  return { lesson, changes: [], position: at === undefined ? BEGINNING : { at: later(START, at) }, view: 'Map' };
}

/** What a fragment says, or in a sentence why it cannot be read. Absent when the address carries nothing. */
export async function unpacked(fragment: string): Promise<Shared | Broken | undefined> {
  if (fragment.length > 1 && !fragment.startsWith('#r=')) return written(fragment);
  const found = /^#r=(.*)$/.exec(fragment);
  if (!found) return undefined;
  const { inflateSync, strFromU8 } = await import('fflate');
  let content: Packed;
  try {
    content = JSON.parse(strFromU8(inflateSync(octets(found[1] as string)))) as Packed;
  } catch {
    return { problem: 'This link is damaged: part of it is missing or was changed.' };
  }
  if (content?.v !== 1 || !Array.isArray(content.p)) return { problem: 'This link was made by another version of Rootwalk.' };
  if (content.l !== undefined && !library.some((card) => card.name === content.l))
    return { problem: `This link names the lesson “${String(content.l)}”, which is no longer here.` };
  const [at, turn, move] = content.p;
  const position = { at, ...(turn === undefined ? {} : { turn }), ...(move === undefined ? {} : { move }) } as Position;
  return {
    ...(content.l === undefined ? {} : { lesson: content.l }),
    ...(content.s ? { scenario: content.s } : {}),
    changes: content.c ?? [],
    position,
    view: content.w ?? 'Map',
  };
}

/** As a browser shows it; what is no text stays as it is. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function base64(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

function octets(text: string): Uint8Array {
  return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));
}
