import http from 'node:http';
import WebSocket from 'ws';
import { Tag } from '../../server/console/protocol.ts';

/** The API as any client has it: HTTP and WebSocket on the admin socket, one connection kept open. */
export class ApiClient implements Disposable {
  readonly #socketPath: string;
  readonly #agent = new http.Agent({ keepAlive: true, maxSockets: 1 });

  constructor(socketPath: string) {
    this.#socketPath = socketPath;
  }

  query<T>(procedure: string, input?: unknown): Promise<T> {
    const query = input === undefined ? '' : `?input=${encodeURIComponent(JSON.stringify(input))}`;
    return this.#call('GET', `/api/trpc/${procedure}${query}`);
  }

  mutate<T>(procedure: string, input: unknown): Promise<T> {
    return this.#call('POST', `/api/trpc/${procedure}`, JSON.stringify(input));
  }

  #call<T>(method: string, path: string, body?: string): Promise<T> {
    return new Promise((resolve, reject) => {
      const headers = body === undefined ? {} : { 'content-type': 'application/json', 'x-berth': '1' };
      const request = http.request(
        { socketPath: this.#socketPath, agent: this.#agent, method, path, headers },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('end', () => {
            const answer = JSON.parse(Buffer.concat(chunks).toString('utf8'));
            if (answer.result) resolve(answer.result.data);
            else reject(new Error(`${path}: ${answer.error?.message}`));
          });
          response.on('error', reject);
        },
      );
      request.on('error', (error: Error & { code?: string }) => {
        // A connection that idled is closed by the server, perhaps in this moment: it has not read the request.
        if (request.reusedSocket && error.code === 'ECONNRESET')
          this.#call<T>(method, path, body).then(resolve, reject);
        else reject(error);
      });
      request.end(body);
    });
  }

  /** Run `true` in a guest: ticket, WebSocket, until its exit frame. */
  async exec(guest: string): Promise<void> {
    const { ticket } = await this.mutate<{ ticket: string }>('console.exec', { guest, command: ['true'] });
    await this.#untilFrame(`/api/exec?ticket=${ticket}`, Tag.exit);
  }

  /** Open a shell and wait for its first output (the prompt). */
  async attach(guest: string): Promise<void> {
    const { ticket } = await this.mutate<{ ticket: string }>('console.openShell', { guest });
    await this.#untilFrame(`/api/console?ticket=${ticket}&from=0`, Tag.output);
  }

  #untilFrame(path: string, tag: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const socket = new WebSocket(`ws+unix://${this.#socketPath}:${path}`, { perMessageDeflate: false });
      let seen = false;
      socket.on('message', (data: Buffer) => {
        if (data[0] !== tag || seen) return;
        seen = true;
        resolve();
        socket.close();
      });
      socket.on('error', reject);
      socket.on(
        'close',
        (code) => seen || reject(new Error(`${path} closed with ${code} before the awaited frame`)),
      );
    });
  }

  [Symbol.dispose](): void {
    this.#agent.destroy();
  }
}
