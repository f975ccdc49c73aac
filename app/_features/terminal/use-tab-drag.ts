'use client';

import { type MouseEvent, type PointerEvent, useRef } from 'react';

/** px that a pointer goes before a press is a drag. */
const SLOP = 6;

/**
 * Drag a tab along its list with a mouse or a pen; a finger scrolls the list. The tab changes places with each one whose middle the
 * pointer passes. `onMove` is told the tab and the side.
 */
export function useTabDrag(onMove: (key: string, by: -1 | 1) => void) {
  const drag = useRef<{ key: string; from: number; isMoving: boolean } | null>(null);
  const wasDragged = useRef(false);
  const onPointerDown = (key: string) => (event: PointerEvent) => {
    wasDragged.current = false;
    if (event.button !== 0 || event.pointerType === 'touch') return;
    drag.current = { key, from: event.clientX, isMoving: false };
  };
  const onPointerMove = (event: PointerEvent<HTMLElement>) => {
    const now = drag.current;
    if (!now) return;
    if (event.buttons === 0) return end();
    if (!now.isMoving && Math.abs(event.clientX - now.from) < SLOP) return;
    if (!now.isMoving) event.currentTarget.setPointerCapture(event.pointerId);
    now.isMoving = true;
    wasDragged.current = true;
    const boxes = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-tab-box]')].map((tab) => {
      const { left, width } = tab.getBoundingClientRect();
      return { key: tab.dataset.tabBox, middle: left + width / 2 };
    });
    const at = boxes.findIndex(({ key }) => key === now.key);
    const [before, after] = [boxes[at - 1], boxes[at + 1]];
    if (before && event.clientX < before.middle) onMove(now.key, -1);
    else if (after && event.clientX > after.middle) onMove(now.key, 1);
  };
  const end = () => {
    drag.current = null;
  };
  return {
    onPointerDown,
    list: { onPointerMove, onPointerUp: end, onPointerCancel: end, onLostPointerCapture: end },
    /** The click that ends a drag is none; one by a key always is. */
    isClick: (event: MouseEvent) => event.detail === 0 || !wasDragged.current,
  };
}
