'use client';

import { useState } from 'react';
import type { GuestLimits, GuestView } from '../../../server/guest/schema.ts';
import { ALONE, type ApiError, toApiError, useTRPCClient } from '../../_trpc/index.ts';
import {
  changesOf,
  type GuestConfig,
  ruleProblems,
  type SettingChange,
  usePeers,
} from '../settings/index.ts';
import { type ConfigProblem, lineOfField, parseConfig, toYaml } from './config-yaml.ts';
import { configOf, configureInput, describeInput, recordInput } from './guest-config.ts';

/** A change that was made: what was asked, what the kernel says now, and how to go back. */
export interface Applied {
  before: GuestConfig;
  asked: GuestConfig;
  changes: SettingChange[];
  /** Null where the guest does not run: it holds from the next start on. */
  readBack: GuestLimits | null;
}

interface Draft {
  text: string;
  /** What the form shows: values that cannot be used yet too. Null once the text was edited. */
  form: GuestConfig | null;
  /** What it began as. */
  base: string;
}

/** The draft of a guest's configuration, as text and as a form: what is wrong with it, what it would change, and applying it. */
export function useConfiguration(guest: GuestView) {
  const api = useTRPCClient();
  const current = configOf(guest);
  const currentText = toYaml(current);
  const [draft, setDraft] = useState<Draft | null>(null);
  const [isApplying, setApplying] = useState(false);
  const [failure, setFailure] = useState<ApiError | null>(null);
  const [applied, setApplied] = useState<Applied | null>(null);

  const text = draft?.text ?? currentText;
  const parsed = parseConfig(text);
  const drafted = parsed.config?.isolation ?? guest.isolation;
  const peers = usePeers({ name: guest.name, isolation: drafted });
  const problemOf = ({ field, message }: { field: (string | number)[]; message: string }): ConfigProblem => ({
    line: lineOfField(text, field),
    path: field.join('.'),
    message,
  });
  const rules =
    draft && parsed.config
      ? ruleProblems({ name: guest.name, kind: guest.kind, isolation: parsed.config.isolation }, peers)
      : [];
  const problems = [
    ...parsed.problems,
    ...rules.map(problemOf),
    ...(failure?.field ? [problemOf({ field: failure.field, message: failure.message })] : []),
  ];
  const changes = parsed.config ? changesOf(current, parsed.config) : [];

  const send = async (before: GuestConfig, asked: GuestConfig) => {
    setApplying(true);
    setFailure(null);
    try {
      const input = configureInput(before, asked);
      const words = describeInput(before, asked);
      const record = recordInput(before, asked);
      const readBack =
        Object.keys(input).length > 0 || !(words || record)
          ? (await api.guest.configure.mutate({ guest: guest.id, ...input }, ALONE)).readBack
          : null;
      if (words)
        await api.guest.describe.mutate({ guest: guest.id, version: guest.version, ...words }, ALONE);
      if (record) await api.recording.setPolicy.mutate({ guest: guest.id, ...record }, ALONE);
      setApplied({ before, asked, changes: changesOf(before, asked), readBack });
      setDraft(null);
    } catch (error) {
      setFailure(toApiError(error));
    } finally {
      setApplying(false);
    }
  };
  const edit = (next: string, form: GuestConfig | null) => {
    setFailure(null);
    setDraft((before) => ({ text: next, form, base: before?.base ?? currentText }));
  };

  return {
    text,
    /** What is drafted, when it can be applied. */
    config: parsed.config,
    /** What the form shows; null while the text cannot be read. */
    form: draft?.form ?? parsed.config,
    current,
    /** Whose namespaces it would share. */
    peers,
    problems,
    /** There is something to mend before it can be sent. */
    isUnusable: parsed.config === null || rules.length > 0,
    changes,
    failure,
    applied,
    isApplying,
    isDirty: draft !== null && draft.text !== currentText,
    /** Somebody else changed it while this draft was being written. */
    isStale: draft !== null && draft.base !== currentText,
    edit: (next: string) => edit(next, null),
    editForm: (next: GuestConfig) => edit(toYaml(next), next),
    reset() {
      setFailure(null);
      setDraft(null);
    },
    apply: () => (parsed.config ? send(current, parsed.config) : Promise.resolve()),
    undo: () => (applied ? send(applied.asked, applied.before) : Promise.resolve()),
  };
}
