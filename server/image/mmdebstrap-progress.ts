/** How far mmdebstrap is when it says so; measured on a build of debian/12. */
const STAGES: readonly [says: RegExp, at: number, text: string][] = [
  [/I: running apt-get update/, 0.02, 'reading package lists'],
  [/I: downloading packages with apt/, 0.1, 'downloading packages'],
  [/I: extracting archives/, 0.25, 'unpacking the essential packages'],
  [/I: installing essential packages/, 0.35, 'installing the essential packages'],
  [/I: installing remaining packages/, 0.55, 'installing the other packages'],
  [/I: cleaning package lists/, 0.97, 'cleaning up'],
];
/** `Setting up` lines of a whole stage, about; they move the fraction between two stages. */
const SETTING_UP_PER_STAGE = 60;

// biome's rule on control characters does not see a constructor's argument: ESC begins colours and the like.
const ESCAPES = new RegExp(`${String.fromCharCode(27)}\\[[0-9;?]*[A-Za-z]`, 'g');

/** Follows the output of mmdebstrap, which comes in pieces that end anywhere. */
export class MmdebstrapProgress {
  fraction = 0;
  message = 'starting';
  /** The first error that mmdebstrap or apt told of: those after it only say what it broke. */
  error: string | null = null;
  #rest = '';
  #stage = -1;
  #settingUp = 0;

  /** Take the next piece of output. */
  feed(text: string): void {
    const lines = (this.#rest + text.replaceAll(ESCAPES, '')).split(/[\r\n]+/);
    this.#rest = (lines.pop() ?? '').slice(-4096);
    for (const line of lines) this.#line(line);
  }

  #line(line: string): void {
    if (line.startsWith('E: ')) this.error ??= line.slice(3).trim();
    const stage = STAGES.findIndex(([says]) => says.test(line));
    if (stage > this.#stage) {
      this.#stage = stage;
      this.#settingUp = 0;
      this.message = STAGES[stage]?.[2] ?? this.message;
    } else if (/^Setting up /.test(line)) {
      this.#settingUp++;
      this.message = line
        .replace(/ \(.*$/, '')
        .replace(/^S/, 's')
        .slice(0, 100);
    }
    const from = STAGES[this.#stage]?.[1] ?? 0;
    const to = STAGES[this.#stage + 1]?.[1] ?? 1;
    this.fraction = from + (to - from) * Math.min(this.#settingUp / SETTING_UP_PER_STAGE, 0.95);
  }
}
