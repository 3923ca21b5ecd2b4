// epoll, eventfd and accept4 for Swift: the Glibc module does not have them.
#ifndef CEPOLL_H
#define CEPOLL_H

#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>

// `struct epoll_event` is packed on x86-64, so its fields are set and read here rather than from Swift.
static inline int cepoll_control(int epoll, int operation, int descriptor, uint32_t events, uint64_t token) {
  struct epoll_event event;
  event.events = events;
  event.data.u64 = token;
  return epoll_ctl(epoll, operation, descriptor, &event);
}

static inline uint64_t cepoll_token(const struct epoll_event *event) { return event->data.u64; }
static inline uint32_t cepoll_events(const struct epoll_event *event) { return event->events; }

// Accepts a connection as a non-blocking socket that child processes do not inherit. `address` is a `struct sockaddr`,
// not named here because <sys/socket.h> in this module would hide parts of it in Glibc's.
int cepoll_accept(int listener, void *address, uint32_t *length);

#endif
