import { readlinkSync } from 'node:fs';
import { setPriority } from 'node:os';
import { basename } from 'node:path';
import { parentPort } from 'node:worker_threads';
import { ScreenFolder } from './fold-screens.ts';
import { FoldingScreen } from './folding-screen.ts';
import type { FromScreens, ToScreens } from './screen-messages.ts';

// A thread of its own for screens, so that a flood of output never holds the server's event loop.
// Messages are worked off in turn: a screen's image stands exactly between two writes.
const screens = new Map<number, { screen: FoldingScreen; end: number }>();
const folder = new ScreenFolder(screens, () => say({ type: 'freed' }));

/** A flood's screen may wait for somebody's key, not the other way round: setpriority(2) is of a thread on Linux. */
const NICE = 5;
setPriority(Number(basename(readlinkSync('/proc/thread-self'))), NICE);

function say(message: FromScreens): void {
  parentPort?.postMessage(message);
}

function take(message: ToScreens): void {
  if (message.type === 'open') {
    screens.set(message.id, { screen: new FoldingScreen(message), end: 0 });
    folder.watch();
    return;
  }
  const entry = screens.get(message.id);
  if (!entry) return;
  const { screen } = entry;
  if (message.type === 'write') {
    screen.write(message.bytes);
    entry.end = message.end;
    say({ type: 'shown', id: message.id, end: message.end, title: screen.title });
  } else if (message.type === 'resize') screen.resize(message.columns, message.rows);
  else if (message.type === 'image') {
    const image = screen.image(message);
    say({ type: 'image', id: message.id, request: message.request, end: entry.end, image });
  } else {
    screen.dispose();
    screens.delete(message.id);
  }
  if (!screen.isFolded) folder.watch();
}

parentPort?.on('message', take);
