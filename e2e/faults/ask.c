// Of the tests: `ask ADDRESS MS TEXT RATE` asks the web server of an address for its page for so many ms, a
// connection each, and prints what each answer took in µs, a line each; -1 for one that did not come within
// 10 s or lacks TEXT. It asks RATE times a second and counts from the moment when each was due, so that one
// slow answer cannot hide what the next would have taken; 0: again as soon as it has the answer. A client
// that collects garbage would measure itself.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

enum { MOST = 1 << 20 };

static long micros(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000000L + now.tv_nsec / 1000;
}

static bool ask(const struct sockaddr_in* server, const char* text) {
  static const char request[] = "GET /index.html HTTP/1.0\r\n\r\n";
  static char answer[65536];
  const struct timeval patience = {.tv_sec = 10};
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) {
    return false;
  }
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  size_t got = 0;
  if (connect(fd, (const struct sockaddr*)server, sizeof *server) == 0 &&
      write(fd, request, sizeof request - 1) == sizeof request - 1) {
    for (ssize_t more = 1; more > 0 && got < sizeof answer - 1; got += (size_t)(more > 0 ? more : 0)) {
      more = read(fd, answer + got, sizeof answer - 1 - got);
    }
  }
  close(fd);
  answer[got] = '\0';
  return strstr(answer, text) != NULL;
}

static void sleep_until(long due) {
  const struct timespec then = {.tv_sec = due / 1000000, .tv_nsec = due % 1000000 * 1000};
  while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &then, NULL) != 0) {
  }
}

int main(int count, char** words) {
  struct sockaddr_in server = {.sin_family = AF_INET, .sin_port = htons(80)};
  if (count != 5 || inet_pton(AF_INET, words[1], &server.sin_addr) != 1) {
    fprintf(stderr, "usage: ask ADDRESS MS TEXT RATE\n");
    return 2;
  }
  static long took[MOST];
  size_t asked = 0;
  const long rate = atol(words[4]);
  const long pause = rate > 0 ? 1000000 / rate : 0;
  const long start = micros();
  const long end = start + atol(words[2]) * 1000;
  for (long due = start; due < end && asked<MOST; due = pause> 0 ? due + pause : micros()) {
    if (due > micros()) {
      sleep_until(due);
    }
    const bool answered = ask(&server, words[3]);
    took[asked++] = answered ? micros() - due : -1;
  }
  for (size_t one = 0; one < asked; one++) {
    printf("%ld\n", took[one]);
  }
  return 0;
}
