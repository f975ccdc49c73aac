const words = (text: string) => text.split(' ');

/** Numbers of socketcall(2), from 1; of ipc(2), by themselves. */
const SOCKETCALL = words(
  'socket bind connect listen accept getsockname getpeername socketpair send recv sendto recvfrom shutdown setsockopt getsockopt sendmsg recvmsg accept4 recvmmsg sendmmsg',
);
const IPC: Readonly<Record<string, number>> = {
  semop: 1,
  semget: 2,
  semctl: 3,
  semtimedop: 4,
  msgsnd: 11,
  msgrcv: 12,
  msgget: 13,
  msgctl: 14,
  shmat: 21,
  shmdt: 22,
  shmget: 23,
  shmctl: 24,
};

/**
 * i386 has calls that hide others, and their arguments, behind a pointer. Lines for seccomp-compile that refuse those that a
 * profile looks into the arguments of: through them its conditions would not hold. The calls themselves are there beside. Pure.
 */
export function multiplexerLines(conditional: Iterable<string>): string[] {
  return [...new Set(conditional)].flatMap((name) => {
    const socket = SOCKETCALL.indexOf(name) + 1;
    if (socket > 0) return [`never EPERM socketcall arg0 ${socket}`];
    const ipc = IPC[name];
    // The upper half of ipc's first argument is a version.
    return ipc === undefined ? [] : [`never EPERM ipc arg0 ${ipc} ${0x1_0000 + ipc}`];
  });
}
