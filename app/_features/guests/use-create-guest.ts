'use client';

import { useRouter } from 'next/navigation';
import { useState } from 'react';
import type { GuestDefaults } from '../../../server/guest/schema.ts';
import { toApiError, useTRPCClient } from '../../_trpc/index.ts';
import { notify } from '../../_ui/index.ts';
import { type DraftProblems, findProblems, type GuestDraft, inputOf } from './guest-draft.ts';

const FIELDS = ['name', 'image', 'kind', 'command'];

/** Sends the sheet. Whatever goes wrong, the draft stays as it is; `problems['']` belongs to no field. */
export function useCreateGuest(onDone: () => void) {
  const api = useTRPCClient();
  const router = useRouter();
  const [busy, setBusy] = useState<'shell' | 'create' | null>(null);
  const [problems, setProblems] = useState<DraftProblems>({});

  const create = async (draft: GuestDraft, bounds: GuestDefaults['bounds'], then: 'shell' | 'create') => {
    if (busy) return;
    const found = findProblems(draft, bounds);
    setProblems(found);
    if (Object.keys(found).length > 0) return;
    setBusy(then);
    try {
      const { guest, operation } = await api.guest.create.mutate(inputOf(draft, then === 'shell'));
      onDone();
      if (then === 'shell') router.push(`/guests/${guest.name}/terminal?operation=${operation.id}`);
      else {
        notify({
          title: `${guest.name} is being made`,
          action: { label: 'See it', run: () => router.push(`/guests/${guest.name}`) },
        });
      }
    } catch (error) {
      const { field, message } = toApiError(error);
      const path = field?.join('.') ?? '';
      const known = FIELDS.includes(path) || /^(limits|isolation|init)\./.test(path);
      setProblems({ [known ? path : '']: message });
      setBusy(null);
    }
  };
  return {
    create,
    busy,
    problems,
    /** What is wrong at a path or below it is being mended. */
    forget: (path: string) =>
      setProblems((all) =>
        Object.fromEntries(
          Object.entries(all).filter(([key]) => key !== path && !key.startsWith(`${path}.`)),
        ),
      ),
  };
}
