import { expect, test } from 'vitest';
import { aptOptionsOf, mirrorsOf, sourcesOf } from './debian-mirror.ts';

const DEFAULTS = {
  main: 'http://deb.debian.org/debian',
  security: 'http://deb.debian.org/debian-security',
};

test('mirrors are found in one-line sources, with options and trailing slashes', () => {
  expect(
    mirrorsOf(`# deb http://old.example/debian bookworm main
deb [arch=amd64 signed-by=/usr/share/keyrings/x.gpg] https://ftp.example/debian/ bookworm main
deb https://sec.example/debian-security bookworm-security main
deb-src https://src.example/debian bookworm main
`),
  ).toEqual({ main: 'https://ftp.example/debian', security: 'https://sec.example/debian-security' });
});

test('mirrors are found in deb822 sources', () => {
  expect(
    mirrorsOf(`Types: deb
URIs: http://mirror.example/debian
Suites: bookworm

Types: deb
URIs: http://mirror.example/debian-security
`),
  ).toEqual({ main: 'http://mirror.example/debian', security: 'http://mirror.example/debian-security' });
});

test('a host that is no Debian uses Debian’s own', () => {
  expect(mirrorsOf('')).toEqual(DEFAULTS);
  expect(mirrorsOf('deb http://archive.ubuntu.com/ubuntu noble main')).toEqual(DEFAULTS);
});

test('only what a mirror needs is carried over from the host’s apt', () => {
  const proxy = 'Acquire::http::Proxy "http://proxy.example:3128";';
  const date = 'Acquire::Check-Valid-Until "false";';
  const dump = [
    proxy,
    date,
    'APT::Update::Post-Invoke:: "rm -rf /";',
    'Acquire::http::Proxy "one\\"; APT::X \\"two";',
    'Acquire::AllowInsecureRepositories "true";',
  ];
  expect(aptOptionsOf(dump.join('\n'))).toEqual([proxy, date]);
});

test('a guest gets updates and security beside the release', () => {
  expect(sourcesOf(DEFAULTS)).toEqual([
    'deb http://deb.debian.org/debian bookworm main',
    'deb http://deb.debian.org/debian bookworm-updates main',
    'deb http://deb.debian.org/debian-security bookworm-security main',
  ]);
});
