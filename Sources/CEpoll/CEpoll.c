#define _GNU_SOURCE  // for accept4
#include "CEpoll.h"

#include <sys/socket.h>

int cepoll_accept(int listener, void *address, uint32_t *length) {
  return accept4(listener, address, length, SOCK_NONBLOCK | SOCK_CLOEXEC);
}
