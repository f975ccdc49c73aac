'use client';

import {
  type MouseEvent,
  type PointerEvent,
  type RefObject,
  useCallback,
  useEffect,
  useRef,
  useState,
} from 'react';

/** px that a pointer goes before a press is a drag, or a finger's is a scroll. */
const SLOP = 6;
/** ms that a finger rests on a tab before it takes it along: until then it scrolls the list. */
const HOLD_MS = 350;

interface Drag {
  key: string;
  x: number;
  y: number;
  pointer: number;
  isTouch: boolean;
  /** It moves the tab: a mouse beyond the slop, a finger that has rested. */
  isMoving: boolean;
}

/** The neighbour of a tab whose middle has been passed; null: neither's was. */
function passedSide(list: HTMLElement, key: string, x: number): { by: -1 | 1; tab: HTMLElement } | null {
  const tabs = [...list.querySelectorAll<HTMLElement>('[data-tab-box]')];
  const at = tabs.findIndex((tab) => tab.dataset.tabBox === key);
  const middleOf = (tab: HTMLElement) => {
    const { left, width } = tab.getBoundingClientRect();
    return left + width / 2;
  };
  const [before, after] = [tabs[at - 1], tabs[at + 1]];
  if (before && x < middleOf(before)) return { by: -1, tab: before };
  return after && x > middleOf(after) ? { by: 1, tab: after } : null;
}

/**
 * Drag a tab along its list: with a mouse or a pen at once, with a finger after it has rested on it; one that goes on at once scrolls the
 * list. The tab changes places with each one whose middle the pointer passes. `onMove` is told the tab and the side.
 */
export function useTabDrag(list: RefObject<HTMLElement | null>, onMove: (key: string, by: -1 | 1) => void) {
  const drag = useRef<Drag | null>(null);
  const wasDragged = useRef(false);
  const hold = useRef<ReturnType<typeof setTimeout>>(undefined);
  const [held, setHeld] = useState<string | null>(null);
  const end = useCallback(() => {
    clearTimeout(hold.current);
    drag.current = null;
    setHeld(null);
  }, []);
  useEffect(() => {
    const element = list.current;
    // Only a listener that is not passive keeps the browser from scrolling the list below a tab that is taken along.
    const onTouchMove = (event: TouchEvent) => {
      if (drag.current?.isMoving) event.preventDefault();
    };
    element?.addEventListener('touchmove', onTouchMove, { passive: false });
    return () => {
      clearTimeout(hold.current);
      element?.removeEventListener('touchmove', onTouchMove);
    };
  }, [list]);
  const lift = (now: Drag) => {
    // The tab is taken out of the list and put back when it moves: the list stays.
    list.current?.setPointerCapture(now.pointer);
    now.isMoving = true;
    setHeld(now.key);
  };
  const onPointerDown = (key: string) => (event: PointerEvent) => {
    wasDragged.current = false;
    if (event.button !== 0 || !event.isPrimary) return;
    const { clientX: x, clientY: y, pointerId: pointer } = event;
    const now = { key, x, y, pointer, isTouch: event.pointerType === 'touch', isMoving: false };
    drag.current = now;
    clearTimeout(hold.current);
    if (now.isTouch)
      hold.current = setTimeout(() => {
        if (drag.current === now) lift(now);
      }, HOLD_MS);
  };
  const onPointerMove = (event: PointerEvent<HTMLElement>) => {
    const now = drag.current;
    if (!now || event.pointerId !== now.pointer) return;
    if (event.buttons === 0) return end();
    const { clientX: x, clientY: y } = event;
    if (!now.isMoving) {
      if (Math.abs(x - now.x) < SLOP && (!now.isTouch || Math.abs(y - now.y) < SLOP)) return;
      if (now.isTouch) return end();
      lift(now);
    }
    wasDragged.current = true;
    const side = passedSide(event.currentTarget, now.key, x);
    if (!side) return;
    onMove(now.key, side.by);
    // The one that it changed places with may be out of sight, and the next with it.
    side.tab.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  };
  return {
    onPointerDown,
    /** The tab that is taken along; null: none is. */
    held,
    list: {
      onPointerMove,
      ...{ onPointerUp: end, onPointerCancel: end },
      // A finger's tab loses it to the list, when it is lifted.
      onLostPointerCapture: (event: PointerEvent) => event.target === event.currentTarget && end(),
      // A finger that rests asks for no menu here.
      onContextMenu: (event: MouseEvent) => drag.current?.isTouch && event.preventDefault(),
    },
    /** The click that ends a drag is none; one by a key always is. */
    isClick: (event: MouseEvent) => event.detail === 0 || !wasDragged.current,
  };
}
