import { randomInt } from 'node:crypto';
import type { GuestServices } from './services.ts';
import { nameTaken } from './store-errors.ts';

const FIRST =
  'able bold brave breezy bright brisk calm candid cheery civil clear clever cosy crisp daring deft eager early easy fair fancy fine fleet fond free fresh gentle glad golden good grand happy hardy honest humble jolly keen kind light lively lucky mellow merry mild modest neat noble patient placid plucky polite proud quick quiet rapid ready robust rosy silent silver simple smart snug solid spry steady still stout sunny sure swift tidy trusty vivid warm wise witty young zesty'.split(
    ' ',
  );
const SECOND =
  'albatross anchovy auk avocet beaver bittern brill bream carp cod coot cormorant crab crane curlew dab dipper dolphin duck dunlin eel egret eider finch gannet godwit goose grebe grouper gull haddock hake halibut heron herring ibis kelp knot lobster loon lugger mackerel manta marlin minnow moorhen mussel narwhal newt otter oyster pelican perch petrel pike plaice plover porpoise puffin rail ray redshank salmon sandpiper sardine scallop seal shag shrimp skate skua smelt snipe sole spoonbill sprat squid stilt stork sturgeon swan teal tern trout tuna turbot turtle walrus whale whelk whimbrel whiting wigeon wrasse'.split(
    ' ',
  );
const TRIES = 50;

/** A friendly name that no guest has: `brave-otter`; with a number when those run out. */
export function freeName(
  taken: (name: string) => boolean,
  random: (below: number) => number = randomInt,
): string {
  for (let at = 0; at < TRIES; at++) {
    const name = `${FIRST[random(FIRST.length)]}-${SECOND[random(SECOND.length)]}`;
    if (!taken(name)) return name;
  }
  const base = `${FIRST[random(FIRST.length)]}-${SECOND[random(SECOND.length)]}`;
  let number = 2;
  while (taken(`${base}-${number}`)) number++;
  return `${base}-${number}`;
}

/** Throws `name_taken` on field `name`. */
export function assertNameFree(services: Pick<GuestServices, 'guests'>, name: string): void {
  if (!services.guests.nameTaken(name)) return;
  throw nameTaken(name);
}
