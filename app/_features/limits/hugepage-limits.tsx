'use client';

import { Field, formatBytesExact, parseBytes } from '../../_ui/index.ts';
import { IfAvailable, LimitGroup } from './limit-group.tsx';
import { useLimitsPage } from './limits-context.ts';
import { NullableNumber } from './nullable-number.tsx';

/** Bytes of huge pages of each size that the host has. */
export function HugepageLimits() {
  const { host, draft } = useLimitsPage();
  const { limits, set, errorAt } = draft;
  const change = (size: string, bytes: number | null) => {
    const others = limits.hugepages.filter((one) => one.size !== size);
    set({ hugepages: bytes === null ? others : [...others, { size, bytes }] });
  };
  return (
    <LimitGroup group="hugepages" title="Huge pages">
      <IfAvailable limit="hugepages">
        <div className="grid gap-x-6 gap-y-4 sm:grid-cols-2 xl:grid-cols-3">
          {(host?.hugepages ?? []).map(({ size, bytes, total, free }) => {
            const at = limits.hugepages.findIndex((one) => one.size === size);
            return (
              <Field
                key={size}
                label={`Pages of ${size}`}
                aside={total === 0 ? 'this host has set none aside' : `${free} of ${total} free here`}
                error={errorAt(`hugepages.${at}.bytes`)}
              >
                {(control) => (
                  <NullableNumber
                    {...control}
                    label={`huge pages of ${size}`}
                    none="unlimited"
                    start={bytes}
                    min={0}
                    max={Math.max(total, 1) * bytes}
                    value={limits.hugepages[at]?.bytes ?? null}
                    parse={parseBytes}
                    format={formatBytesExact}
                    step={(value, direction) => value + direction * bytes}
                    onChange={(value) => change(size, value)}
                  />
                )}
              </Field>
            );
          })}
        </div>
      </IfAvailable>
    </LimitGroup>
  );
}
