import { describe, expect, it } from 'vitest';
import { parseLaunchOptions } from './options.ts';

const parse = (...argv: string[]) => parseLaunchOptions(argv, {});

describe('the launcher’s options', () => {
  it('take the data folder from the option, then from the environment, then the default', () => {
    expect(parseLaunchOptions(['--data', '/srv/a'], { BERTH_DATA: '/srv/b' }).dataDir).toBe('/srv/a');
    expect(parseLaunchOptions([], { BERTH_DATA: '/srv/b' }).dataDir).toBe('/srv/b');
    expect(parse().dataDir).toBe('/var/lib/berth');
  });

  it.each([
    [['--port', 'http'], /--port http .*1024 to 65535/],
    [['--port', '70000'], /--port 70000 .*1024 to 65535/],
    [['--port', '443'], /--port 443 .*1024 or more/],
    [['--address', 'example.org'], /--address example.org .*127\.0\.0\.1/],
    [['--plain-http'], /only for loopback/],
    [['--plain-http', '--address', '10.0.0.1'], /only for loopback/],
    [['--certificate', 'a.pem'], /--certificate and --key go together/],
    [['--trusted-proxy', '10.0.0.1,proxy'], /--trusted-proxy proxy .*10\.0\.0\.5/],
    [['--trusted-proxy', '10.0.0.0/33'], /10\.0\.0\.0\/33 .*no network/],
    [['--origin', 'berth.example'], /--origin berth\.example .*https:\/\/berth\.example/],
    [['--origin', 'https://berth.example/'], /is no origin/],
    [['--origin', 'javascript://berth.example'], /is no origin/],
    [['--join'], /--join is for a database that hosts share.*DATABASE_URL/],
    [['--colour'], /'--colour'/],
  ])('%j is refused with what would be right', (argv, message) => {
    expect(() => parse(...argv)).toThrow(message);
  });

  it('take proxies, and the word that there is none', () => {
    expect(parse('--trusted-proxy', '10.0.0.5, fd00::/8').trustedProxies).toBe('10.0.0.5, fd00::/8');
    expect(parse('--trusted-proxy', '').trustedProxies).toBe('');
  });

  it('take the origins of browsers, and the word that any will do', () => {
    expect(parse('--origin', 'https://a.example, https://b.example:8443').publicOrigins).toEqual([
      'https://a.example',
      'https://b.example:8443',
    ]);
    expect(parse('--origin', '').publicOrigins).toEqual([]);
  });

  it('join what DATABASE_URL names', () => {
    const environment = { DATABASE_URL: 'postgresql://berth@db.example/berth' };
    expect(parseLaunchOptions(['--join'], environment).join).toBe(true);
    expect(parseLaunchOptions([], environment).join).toBeUndefined();
  });

  it('take plain HTTP on loopback when asked', () => {
    expect(parse('--plain-http', '--address', '127.0.0.1')).toMatchObject({
      plainHttp: true,
      address: '127.0.0.1',
    });
  });
});
