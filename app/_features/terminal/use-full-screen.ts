'use client';

import { useEffect, useState } from 'react';

/**
 * Whether one part of the page fills the screen, and how to change it. The whole document goes full screen, so that dialogs
 * still show; the part itself is laid over the rest by its class.
 */
export function useFullScreen(): [boolean, () => void] {
  const [isFull, setFull] = useState(false);
  useEffect(() => {
    const changed = () => document.fullscreenElement === null && setFull(false);
    document.addEventListener('fullscreenchange', changed);
    return () => document.removeEventListener('fullscreenchange', changed);
  }, []);
  const toggle = () => {
    setFull(!isFull);
    if (isFull && document.fullscreenElement) void document.exitFullscreen();
    // Where the browser does not allow it (phones), filling the page is what there is.
    if (!isFull) document.documentElement.requestFullscreen?.().catch(() => undefined);
  };
  return [isFull, toggle];
}
