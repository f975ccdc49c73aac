'use client';

import Link from 'next/link';
import { type ComponentProps, useState } from 'react';

/** A link whose page is fetched ahead as somebody points at it, not as soon as it is in sight: of many that scroll past few are meant. */
export function QuietLink(props: Omit<ComponentProps<typeof Link>, 'prefetch'>) {
  const [isMeant, setMeant] = useState(false);
  const mean = () => setMeant(true);
  return <Link {...props} prefetch={isMeant ? null : false} onPointerEnter={mean} onFocus={mean} />;
}
