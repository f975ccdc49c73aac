'use client';

import { useEffect, useRef, useState } from 'react';

/** Browsers allow about 200 changes of the address in half a minute; nobody needs one for each letter. */
const SETTLE_MS = 250;

/** The filter as it is typed, and, once typing rests, in the address. A change of the address from elsewhere wins. */
export function useFilterText(
  inAddress: string,
  write: (text: string) => void,
): [string, (text: string) => void] {
  const [text, setText] = useState(inAddress);
  const written = useRef(inAddress);

  useEffect(() => {
    if (inAddress === written.current) return;
    written.current = inAddress;
    setText(inAddress);
  }, [inAddress]);
  useEffect(() => {
    if (text === written.current) return;
    const timer = setTimeout(() => {
      written.current = text;
      write(text);
    }, SETTLE_MS);
    return () => clearTimeout(timer);
  }, [text, write]);
  return [text, setText];
}
