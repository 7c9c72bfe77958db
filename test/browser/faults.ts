/**
 * What a careful eye would find wrong with a page's geometry: content that runs out of the window, text that is cut off,
 * and text that lies on other text. Runs inside the page.
 */
import type { Page } from '@playwright/test';

/** Everything wrong at this moment, a line each. Empty means that all text can be read. */
export const faultsOf = (page: Page): Promise<readonly string[]> => page.evaluate(findFaults);

function findFaults(): string[] {
  const TOLERANCE = 1.5;
  const faults: string[] = [];
  interface Seen {
    readonly element: Element;
    readonly text: string;
    /** Where its letters are, as far as they are not rolled away. */
    readonly box: DOMRect;
    /** What of them can be seen. */
    readonly shown: DOMRect;
    readonly layer: Element | undefined;
  }

  const root = document.documentElement;
  if (root.scrollWidth > innerWidth + 1) faults.push(`the page is ${root.scrollWidth - innerWidth} px wider than the window`);
  if (root.scrollHeight > innerHeight + 1)
    faults.push(`the page is ${root.scrollHeight - innerHeight} px higher than the window`);

  const modal = document.querySelector('dialog:modal');
  const all = [...texts(modal ?? document.body)];
  for (const one of all) {
    const cut = cutOff(one);
    if (cut) faults.push(cut);
  }
  for (const [i, a] of all.entries()) {
    for (const b of all.slice(i + 1)) {
      if (a.layer !== b.layer || a.element.contains(b.element) || b.element.contains(a.element) || a.element === b.element)
        continue;
      const across = Math.min(a.shown.right, b.shown.right) - Math.max(a.shown.left, b.shown.left);
      const down = Math.min(a.shown.bottom, b.shown.bottom) - Math.max(a.shown.top, b.shown.top);
      if (across > 2 && down > Math.min(a.shown.height, b.shown.height) * 0.4)
        faults.push(`“${a.text}” and “${b.text}” overlap by ${Math.round(across)} × ${Math.round(down)} px`);
    }
  }
  return faults;

  /** Every piece of text that is meant to be seen, with the box of its letters. */
  function* texts(part: Element): Iterable<Seen> {
    const walker = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const element = node.parentElement;
      const text = (node.textContent ?? '').trim();
      if (!element || text === '' || ['SCRIPT', 'STYLE', 'OPTION', 'TITLE'].includes(element.tagName)) continue;
      if (!element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
      if (element.closest('.unseen')) continue;
      for (const line of linesOf(node, element)) {
        if (hasGivenWay(line, element)) continue;
        const box = within(line, element, ['auto', 'scroll']);
        if (box.width < 1 || box.height < 1) continue;
        const shown = within(line, element, ['auto', 'scroll', 'hidden', 'clip']);
        yield { element, text: text.replace(/\s+/g, ' ').slice(0, 60), box, shown, layer: layerOf(element) };
      }
    }
  }

  /** A label that has no room wraps below the box that would hold it: all of it or nothing. Half a label is a fault. */
  function hasGivenWay(line: DOMRect, element: Element): boolean {
    const frame = element.closest('.yields')?.getBoundingClientRect();
    return frame !== undefined && line.top >= frame.bottom - 1;
  }

  /** The letters of a text, a box for each line: a line's own box is higher than they are. */
  function linesOf(node: Node, element: Element): DOMRect[] {
    const range = document.createRange();
    range.selectNodeContents(node);
    const svg = element instanceof SVGElement && !(element instanceof SVGForeignObjectElement);
    const boxes = svg ? [element.getBoundingClientRect()] : [...range.getClientRects()];
    return boxes.map(({ left, top, width, height }) => new DOMRect(left, top + height * 0.15, width, height * 0.7));
  }

  /** What those around it leave of a box. */
  function within(box: DOMRect, element: Element, clipping: readonly string[]): DOMRect {
    let { left, right, top, bottom } = box;
    for (let at: Element | null = element; at && at !== document.body; at = at.parentElement) {
      const { overflowX, overflowY } = getComputedStyle(at);
      const frame = at.getBoundingClientRect();
      if (clipping.includes(overflowX)) {
        left = Math.max(left, frame.left);
        right = Math.min(right, frame.right);
      }
      if (clipping.includes(overflowY)) {
        top = Math.max(top, frame.top);
        bottom = Math.min(bottom, frame.bottom);
      }
    }
    return new DOMRect(left, top, Math.max(0, right - left), Math.max(0, bottom - top));
  }

  /** Slips, sheets, notices and, on a tablet, a question lie above the rest on purpose. */
  function layerOf(element: Element): Element | undefined {
    return element.closest('.slip, .q.tablet, [role=dialog], dialog, [role=alert]') ?? undefined;
  }

  function cutOff({ element, text, box }: Seen): string | undefined {
    if (element.closest('.slip')) return undefined;
    for (let at: Element | null = element; at && at !== document.body; at = at.parentElement) {
      const style = getComputedStyle(at);
      const clips =
        style.overflowX !== 'visible' ||
        style.overflowY !== 'visible' ||
        (at instanceof SVGSVGElement && style.overflow !== 'visible');
      if (!clips) {
        if (style.position === 'fixed') break;
        continue;
      }
      const frame = at.getBoundingClientRect();
      if (style.textOverflow === 'ellipsis' && at.scrollWidth > at.clientWidth + 1)
        return at.closest('[title]') ? undefined : `“${text}” is shortened by the layout in ${nameOf(at)}`;
      const beyondX = Math.max(frame.left - box.left, box.right - frame.right);
      const beyondY = Math.max(frame.top - box.top, box.bottom - frame.bottom);
      if (style.overflowX !== 'visible' && beyondX > TOLERANCE)
        return `“${text}” is cut off by ${Math.round(beyondX)} px across in ${nameOf(at)}`;
      if (style.overflowY !== 'visible' && beyondY > TOLERANCE)
        return `“${text}” is cut off by ${Math.round(beyondY)} px down in ${nameOf(at)}`;
    }
    const out = Math.max(-box.left, -box.top, box.right - innerWidth, box.bottom - innerHeight);
    return out > TOLERANCE ? `“${text}” runs ${Math.round(out)} px out of the window` : undefined;
  }

  function nameOf(element: Element): string {
    const classes = [...element.classList].filter((name) => !name.startsWith('svelte-'));
    return element.getAttribute('aria-label') ?? [element.localName, ...classes].join('.');
  }
}
