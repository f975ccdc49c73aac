'use client';

import { type FormEvent, useState } from 'react';
import type { z } from 'zod';
import { toApiError } from '../../_trpc/index.ts';

/** A form at work: what it holds, what is wrong with it by field ('' for what belongs to none), and its events. */
export interface CheckedForm<Draft> {
  draft: Draft;
  problems: Readonly<Record<string, string>>;
  busy: boolean;
  change: (key: keyof Draft) => (event: { currentTarget: { value: string } }) => void;
  submit: (event: FormEvent) => Promise<void>;
}

/**
 * A form of texts that is checked by the server's own rules before it is sent, and shows what the server refuses at the field that
 * it names. `send` resolves to whether the form stays: then it is empty again, else another page is on its way.
 */
export function useCheckedForm<Draft extends Record<string, string>, Input>(form: {
  empty: Draft;
  schema: z.ZodType<unknown, unknown>;
  input: (draft: Draft) => Input;
  send: (input: Input) => Promise<{ stays: boolean }>;
}): CheckedForm<Draft> {
  const [draft, setDraft] = useState(form.empty);
  const [problems, setProblems] = useState<Record<string, string>>({});
  const [busy, setBusy] = useState(false);
  const change = (key: keyof Draft) => (event: { currentTarget: { value: string } }) => {
    const { value } = event.currentTarget;
    setDraft((old) => ({ ...old, [key]: value }));
    setProblems(({ [String(key)]: _gone, ...rest }) => rest);
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    const input = form.input(draft);
    const found: Record<string, string> = {};
    for (const { path, message } of form.schema.safeParse(input).error?.issues ?? [])
      found[String(path[0] ?? '')] ??= message;
    setProblems(found);
    if (Object.keys(found).length > 0) return;
    setBusy(true);
    try {
      const { stays } = await form.send(input);
      if (!stays) return;
      setDraft(form.empty);
    } catch (error) {
      const { field, message } = toApiError(error);
      const path = String(field?.[0] ?? '');
      setProblems({ [path in draft ? path : '']: message });
    }
    setBusy(false);
  };
  return { draft, problems, busy, change, submit };
}
