'use client';

import Link from 'next/link';
import { useState } from 'react';
import type { ImageState, ImageView } from '../../../server/image/schema.ts';
import { toApiError, useMay, useTRPCClient } from '../../_trpc/index.ts';
import {
  Badge,
  Button,
  EquivalentCommands,
  formatBytes,
  formatDuration,
  IconButton,
  notify,
  plural,
  RelativeTime,
  type Tone,
} from '../../_ui/index.ts';
import { BuildProgress } from './build-progress.tsx';

const STATE: Record<ImageState, { tone: Tone; word: string }> = {
  absent: { tone: 'idle', word: 'not built' },
  building: { tone: 'wait', word: 'building' },
  ready: { tone: 'ok', word: 'ready' },
  failed: { tone: 'bad', word: 'failed' },
};

/** One image: what it is, how it stands, what can be done. */
export function ImageRow({ image, onDelete }: { image: ImageView; onDelete: () => void }) {
  const api = useTRPCClient();
  const refusal = useMay()('image.manage');
  const [asked, setAsked] = useState(false);
  const { tone, word } = STATE[image.state];
  const working = image.operation !== null;

  const build = async () => {
    setAsked(true);
    try {
      await api.image.build.mutate({ image: image.name });
    } catch (error) {
      notify({ title: `could not build ${image.name}`, detail: toApiError(error).message, tone: 'bad' });
    }
    setAsked(false);
  };

  return (
    <li className="flex flex-col gap-3 border-line border-b py-4">
      <div className="flex flex-wrap items-start gap-x-6 gap-y-3">
        <div className="min-w-0 flex-1 basis-72">
          <div className="flex flex-wrap items-center gap-3">
            <h2 className="font-medium font-mono text-base">{image.name}</h2>
            <Badge tone={tone}>{word}</Badge>
          </div>
          <p className="mt-1 text-muted text-sm">
            {image.title}. {image.description}
          </p>
          <p className="mt-1 flex flex-wrap gap-x-4 text-muted text-sm">
            <span>{image.architecture}</span>
            <span>{image.defaultKind} guests</span>
            {image.size !== null && <span>{formatBytes(image.size)} on disk</span>}
            {image.builtAt && (
              <span>
                built <RelativeTime at={image.builtAt} />
              </span>
            )}
            {image.guests > 0 ? (
              <Link href={`/guests?q=image:${image.name}`} className="rounded-sm text-accent hover:underline">
                {plural(image.guests, 'guest')} of it
              </Link>
            ) : (
              <span>no guest of it</span>
            )}
          </p>
        </div>
        <div className="flex items-center gap-2">
          {image.state !== 'ready' && !working && (
            <Button icon="play" busy={asked} disabledReason={refusal} onClick={() => void build()}>
              {image.state === 'failed' ? 'Build again' : 'Build'}
            </Button>
          )}
          {image.state !== 'absent' && !working && (
            <IconButton
              icon="trash"
              label={`Delete ${image.name}`}
              disabledReason={
                refusal ??
                (image.guests > 0
                  ? `${plural(image.guests, 'guest')} of ${image.name}: delete them first`
                  : null)
              }
              onClick={onDelete}
            />
          )}
        </div>
      </div>
      {image.problem && <p className="wrap-anywhere text-bad text-sm">{image.problem}</p>}
      {image.operation?.kind === 'image.build' && <BuildProgress id={image.operation.id} />}
      {(image.state === 'absent' || image.state === 'failed') && !working && (
        <>
          <p className="text-muted text-sm">
            A build takes about {formatDuration(image.buildSeconds * 1000)} here
            {image.needsNetwork ? ' and fetches packages: it needs a network.' : ' and needs no network.'} It
            is also built by itself when the first guest asks for it.
          </p>
          <EquivalentCommands
            cli={`berth image build ${image.name}`}
            api={{ procedure: 'image.build', input: { image: image.name } }}
          />
        </>
      )}
    </li>
  );
}
