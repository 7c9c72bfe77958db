/** The now-line in the hand: a press anywhere in a chart takes it there, and it follows until it is let go. */
import type { Attachment } from 'svelte/attachments';
import { type Axis, instantOn } from '../../geometry/stringline/axis.ts';
import type { Player } from '../../state/player.svelte.ts';

/**
 * Lets an area, whose left edge is where the axis counts its pixels from, be pressed and dragged; what can be pressed in it
 * keeps its own presses. The slider inside is the keyboard's way: this makes the same thing easier to grab.
 */
export const scrubs =
  (axis: () => Axis, player: Player): Attachment<HTMLElement> =>
  (area) => {
    /** While the now-line is dragged the axis stands still, so that the hand and the line stay together. */
    let held: Axis | undefined;
    const drag = ({ clientX }: PointerEvent): void => {
      if (held) player.seekInstant(instantOn(held, clientX - area.getBoundingClientRect().left));
    };
    const grab = (event: PointerEvent): void => {
      if (event.button !== 0 || (event.target as Element).closest('button, [role=button]')) return;
      area.setPointerCapture(event.pointerId);
      held = axis();
      drag(event);
    };
    const drop = (): void => {
      held = undefined;
    };
    const heard = new AbortController();
    area.addEventListener('pointerdown', grab, heard);
    area.addEventListener('pointermove', drag, heard);
    area.addEventListener('pointerup', drop, heard);
    area.addEventListener('pointercancel', drop, heard);
    return () => heard.abort();
  };
