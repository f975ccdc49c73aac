import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestGround } from './test-guest.ts';

const PROBE = `
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>
int main(int argc, char** argv) {
  long a[6] = {0};
  for (int i = 2; i < argc && i < 8; i++) a[i - 2] = strtol(argv[i], 0, 0);
  errno = 0;
  long r;
  if (!strcmp(argv[1], "i386-socket")) {
    __asm__ volatile("int $0x80" : "=a"(r) : "a"(359), "b"(a[0]), "c"(a[1]), "d"(a[2]) : "memory", "r8", "r9", "r10", "r11");
    if (r < 0) { errno = -r; r = -1; }
  } else if (!strcmp(argv[1], "i386-socketcall")) {
    __asm__ volatile("int $0x80" : "=a"(r) : "a"(102), "b"(a[0]), "c"(0) : "memory", "r8", "r9", "r10", "r11");
    if (r < 0) { errno = -r; r = -1; }
  } else if (!strcmp(argv[1], "i386-getpid")) {
    __asm__ volatile("int $0x80" : "=a"(r) : "a"(20) : "memory", "r8", "r9", "r10", "r11");
    if (r < 0) { errno = -r; r = -1; }
  } else {
    r = syscall(strtol(argv[1], 0, 0), a[0], a[1], a[2], a[3], a[4], a[5]);
  }
  puts(r >= 0 ? "ok" : strerrorname_np(errno));
  return 0;
}
`;

/**
 * Put `/bin/call` into the image: `call NUMBER ARGUMENT…` makes one system call, for what no applet of busybox can ask, and prints the name
 * of the errno, or "ok". `i386-socket`, `i386-socketcall` and `i386-getpid` are made by the i386 ABI.
 */
export function installCall(ground: TestGround): void {
  const source = join(ground.dir, 'call.c');
  writeFileSync(source, PROBE);
  execFileSync('gcc', ['-static', '-O1', '-o', join(ground.image, 'bin/call'), source]);
}

/**
 * What is seen of a call by the i386 ABI: its answer, or nothing where the kernel has no such calls and ends the program (as on
 * confidential machines). Asked of the kernel itself, outside of any guest.
 */
export function byI386(ground: TestGround, answer: string): string {
  const tried = spawnSync(join(ground.image, 'bin/call'), ['i386-getpid'], { encoding: 'utf8' });
  return tried.stdout === 'ok\n' ? answer : '';
}
