/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/trace/call.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define FD                                                                                                   \
  {                                                                                                          \
    "sockfd", "int", TRAMA_PARAMETER_FD, FALSE                                                               \
  }

static const TramaCallInfo calls[] = {
  [TRAMA_CALL_SOCKET] = {
    .name = "socket",
    .prototype = "int socket(int domain, int type, int protocol);",
    .man = "socket(2)",
    .purpose = N_ ("Makes an endpoint for communication and returns a descriptor for it."),
    .returns = N_ ("the new descriptor: the lowest number that is free"),
    .traits = TRAMA_CALL_MAKES_FD,
    .n_parameters = 3,
    .parameters = {
      { "domain", "int", TRAMA_PARAMETER_DOMAIN, FALSE },
      { "type", "int", TRAMA_PARAMETER_TYPE, FALSE },
      { "protocol", "int", TRAMA_PARAMETER_PROTOCOL, FALSE },
    },
  },
  [TRAMA_CALL_BIND] = {
    .name = "bind",
    .prototype = "int bind(int sockfd, const struct sockaddr *addr, socklen_t addrlen);",
    .man = "bind(2)",
    .purpose = N_ ("Gives the socket a local address: where others can reach it."),
    .returns = N_ ("success"),
    .n_parameters = 3,
    .parameters = {
      FD,
      { "addr", "const struct sockaddr *", TRAMA_PARAMETER_ADDRESS, FALSE },
      { "addrlen", "socklen_t", TRAMA_PARAMETER_ADDRESS_SIZE, FALSE },
    },
  },
  [TRAMA_CALL_LISTEN] = {
    .name = "listen",
    .prototype = "int listen(int sockfd, int backlog);",
    .man = "listen(2)",
    .purpose = N_ ("Makes the socket passive: it will take connections, and lets some wait."),
    .returns = N_ ("success"),
    .n_parameters = 2,
    .parameters = { FD, { "backlog", "int", TRAMA_PARAMETER_BACKLOG, FALSE } },
  },
  [TRAMA_CALL_ACCEPT] = {
    .name = "accept",
    .prototype = "int accept(int sockfd, struct sockaddr *addr, socklen_t *addrlen);",
    .man = "accept(2)",
    .purpose = N_ ("Takes the first connection from the accept queue; waits when there is none."),
    .returns = N_ ("a new descriptor, for this connection alone"),
    .traits = TRAMA_CALL_RECEIVES | TRAMA_CALL_MAKES_FD,
    .n_parameters = 3,
    .parameters = {
      FD,
      { "addr", "struct sockaddr *", TRAMA_PARAMETER_ADDRESS, TRUE },
      { "addrlen", "socklen_t *", TRAMA_PARAMETER_ADDRESS_SIZE, TRUE },
    },
  },
  [TRAMA_CALL_CONNECT] = {
    .name = "connect",
    .prototype = "int connect(int sockfd, const struct sockaddr *addr, socklen_t addrlen);",
    .man = "connect(2)",
    .purpose = N_ ("Opens a connection to that address; of a datagram socket, sets where it sends to."),
    .returns = N_ ("success: the connection is established"),
    .traits = TRAMA_CALL_SENDS,
    .n_parameters = 3,
    .parameters = {
      FD,
      { "addr", "const struct sockaddr *", TRAMA_PARAMETER_ADDRESS, FALSE },
      { "addrlen", "socklen_t", TRAMA_PARAMETER_ADDRESS_SIZE, FALSE },
    },
  },
  [TRAMA_CALL_READ] = {
    .name = "read",
    .prototype = "ssize_t read(int fd, void *buf, size_t count);",
    .man = "read(2)",
    .purpose = N_ ("Takes received bytes, at most count; waits when there are none."),
    .returns = N_ ("bytes read; 0: the peer has closed, there will be no more"),
    .traits = TRAMA_CALL_RECEIVES,
    .n_parameters = 3,
    .parameters = {
      { "fd", "int", TRAMA_PARAMETER_FD, FALSE },
      { "buf", "void *", TRAMA_PARAMETER_DATA, TRUE },
      { "count", "size_t", TRAMA_PARAMETER_DATA_SIZE, FALSE },
    },
  },
  [TRAMA_CALL_WRITE] = {
    .name = "write",
    .prototype = "ssize_t write(int fd, const void *buf, size_t count);",
    .man = "write(2)",
    .purpose = N_ ("Hands bytes to the kernel, which sends them when it may."),
    .returns = N_ ("bytes the kernel has taken"),
    .traits = TRAMA_CALL_SENDS,
    .n_parameters = 3,
    .parameters = {
      { "fd", "int", TRAMA_PARAMETER_FD, FALSE },
      { "buf", "const void *", TRAMA_PARAMETER_DATA, FALSE },
      { "count", "size_t", TRAMA_PARAMETER_DATA_SIZE, FALSE },
    },
  },
  [TRAMA_CALL_SENDTO] = {
    .name = "sendto",
    .prototype = "ssize_t sendto(int sockfd, const void *buf, size_t len, int flags, "
                 "const struct sockaddr *dest_addr, socklen_t addrlen);",
    .man = "sendto(2)",
    .purpose = N_ ("Sends one datagram to that address."),
    .returns = N_ ("bytes sent"),
    .traits = TRAMA_CALL_SENDS,
    .n_parameters = 6,
    .parameters = {
      FD,
      { "buf", "const void *", TRAMA_PARAMETER_DATA, FALSE },
      { "len", "size_t", TRAMA_PARAMETER_DATA_SIZE, FALSE },
      { "flags", "int", TRAMA_PARAMETER_FLAGS, FALSE },
      { "dest_addr", "const struct sockaddr *", TRAMA_PARAMETER_ADDRESS, FALSE },
      { "addrlen", "socklen_t", TRAMA_PARAMETER_ADDRESS_SIZE, FALSE },
    },
  },
  [TRAMA_CALL_RECVFROM] = {
    .name = "recvfrom",
    .prototype = "ssize_t recvfrom(int sockfd, void *buf, size_t len, int flags, "
                 "struct sockaddr *src_addr, socklen_t *addrlen);",
    .man = "recvfrom(2)",
    .purpose = N_ ("Takes one datagram and learns who sent it; waits when there is none."),
    .returns = N_ ("bytes received"),
    .traits = TRAMA_CALL_RECEIVES,
    .n_parameters = 6,
    .parameters = {
      FD,
      { "buf", "void *", TRAMA_PARAMETER_DATA, TRUE },
      { "len", "size_t", TRAMA_PARAMETER_DATA_SIZE, FALSE },
      { "flags", "int", TRAMA_PARAMETER_FLAGS, FALSE },
      { "src_addr", "struct sockaddr *", TRAMA_PARAMETER_ADDRESS, TRUE },
      { "addrlen", "socklen_t *", TRAMA_PARAMETER_ADDRESS_SIZE, TRUE },
    },
  },
  [TRAMA_CALL_CLOSE] = {
    .name = "close",
    .prototype = "int close(int fd);",
    .man = "close(2)",
    .purpose = N_ ("Gives the descriptor back; the last one of a stream sends FIN."),
    .returns = N_ ("success"),
    .traits = TRAMA_CALL_SENDS,
    .n_parameters = 1,
    .parameters = { { "fd", "int", TRAMA_PARAMETER_FD, FALSE } },
  },
  [TRAMA_CALL_ACCEPT4] = {
    .name = "accept4",
    .prototype = "int accept4(int sockfd, struct sockaddr *addr, socklen_t *addrlen, int flags);",
    .man = "accept4(2)",
    .purpose = N_ ("Takes the first connection from the accept queue, and gives it flags at once."),
    .returns = N_ ("a new descriptor, for this connection alone"),
    .traits = TRAMA_CALL_RECEIVES | TRAMA_CALL_MAKES_FD,
    .n_parameters = 4,
    .parameters = {
      FD,
      { "addr", "struct sockaddr *", TRAMA_PARAMETER_ADDRESS, TRUE },
      { "addrlen", "socklen_t *", TRAMA_PARAMETER_ADDRESS_SIZE, TRUE },
      { "flags", "int", TRAMA_PARAMETER_SOCKET_FLAGS, FALSE },
    },
  },
  [TRAMA_CALL_RECV] = {
    .name = "recv",
    .prototype = "ssize_t recv(int sockfd, void *buf, size_t len, int flags);",
    .man = "recv(2)",
    .purpose = N_ ("Takes received bytes as read() does, in the way its flags say."),
    .returns = N_ ("bytes received; of a stream, 0: the peer has closed, there will be no more"),
    .traits = TRAMA_CALL_RECEIVES,
    .n_parameters = 4,
    .parameters = {
      FD,
      { "buf", "void *", TRAMA_PARAMETER_DATA, TRUE },
      { "len", "size_t", TRAMA_PARAMETER_DATA_SIZE, FALSE },
      { "flags", "int", TRAMA_PARAMETER_FLAGS, FALSE },
    },
  },
  /* What struct msghdr holds is told flat. */
  [TRAMA_CALL_RECVMSG] = {
    .name = "recvmsg",
    .prototype = "ssize_t recvmsg(int sockfd, struct msghdr *msg, int flags);",
    .man = "recvmsg(2)",
    .purpose = N_ ("Takes a message with all that came with it: sender, descriptors, flags."),
    .returns = N_ ("bytes received; of a stream, 0: the peer has closed, there will be no more"),
    .traits = TRAMA_CALL_RECEIVES,
    .n_parameters = 7,
    .parameters = {
      FD,
      { "msg_iov", "void *", TRAMA_PARAMETER_DATA, TRUE },
      { "iov_len", "size_t", TRAMA_PARAMETER_DATA_SIZE, FALSE },
      { "msg_name", "struct sockaddr *", TRAMA_PARAMETER_ADDRESS, TRUE },
      { "msg_control", "struct cmsghdr *", TRAMA_PARAMETER_CONTROL, TRUE },
      { "flags", "int", TRAMA_PARAMETER_FLAGS, FALSE },
      { "msg_flags", "int", TRAMA_PARAMETER_FLAGS, TRUE },
    },
  },
  [TRAMA_CALL_SEND] = {
    .name = "send",
    .prototype = "ssize_t send(int sockfd, const void *buf, size_t len, int flags);",
    .man = "send(2)",
    .purpose = N_ ("Hands bytes to the kernel as write() does, in the way its flags say."),
    .returns = N_ ("bytes the kernel has taken"),
    .traits = TRAMA_CALL_SENDS,
    .n_parameters = 4,
    .parameters = {
      FD,
      { "buf", "const void *", TRAMA_PARAMETER_DATA, FALSE },
      { "len", "size_t", TRAMA_PARAMETER_DATA_SIZE, FALSE },
      { "flags", "int", TRAMA_PARAMETER_FLAGS, FALSE },
    },
  },
  [TRAMA_CALL_SENDMSG] = {
    .name = "sendmsg",
    .prototype = "ssize_t sendmsg(int sockfd, const struct msghdr *msg, int flags);",
    .man = "sendmsg(2)",
    .purpose = N_ ("Sends a message, with an address or descriptors if wanted."),
    .returns = N_ ("bytes the kernel has taken"),
    .traits = TRAMA_CALL_SENDS,
    .n_parameters = 6,
    .parameters = {
      FD,
      { "msg_iov", "const void *", TRAMA_PARAMETER_DATA, FALSE },
      { "iov_len", "size_t", TRAMA_PARAMETER_DATA_SIZE, FALSE },
      { "msg_name", "const struct sockaddr *", TRAMA_PARAMETER_ADDRESS, FALSE },
      { "msg_control", "const struct cmsghdr *", TRAMA_PARAMETER_CONTROL, FALSE },
      { "flags", "int", TRAMA_PARAMETER_FLAGS, FALSE },
    },
  },
  [TRAMA_CALL_SHUTDOWN] = {
    .name = "shutdown",
    .prototype = "int shutdown(int sockfd, int how);",
    .man = "shutdown(2)",
    .purpose = N_ ("Ends one direction of a connection, or both; the descriptor stays."),
    .returns = N_ ("success"),
    .traits = TRAMA_CALL_SENDS,
    .n_parameters = 2,
    .parameters = { FD, { "how", "int", TRAMA_PARAMETER_HOW, FALSE } },
  },
  [TRAMA_CALL_GETSOCKOPT] = {
    .name = "getsockopt",
    .prototype = "int getsockopt(int sockfd, int level, int optname, void *optval, socklen_t *optlen);",
    .man = "getsockopt(2)",
    .purpose = N_ ("Asks for the value of an option of the socket."),
    .returns = N_ ("success"),
    .n_parameters = 5,
    .parameters = {
      FD,
      { "level", "int", TRAMA_PARAMETER_LEVEL, FALSE },
      { "optname", "int", TRAMA_PARAMETER_OPTION, FALSE },
      { "optval", "void *", TRAMA_PARAMETER_OPTION_VALUE, TRUE },
      { "optlen", "socklen_t *", TRAMA_PARAMETER_OPTION_SIZE, TRUE },
    },
  },
  [TRAMA_CALL_SETSOCKOPT] = {
    .name = "setsockopt",
    .prototype = "int setsockopt(int sockfd, int level, int optname, const void *optval, socklen_t optlen);",
    .man = "setsockopt(2)",
    .purpose = N_ ("Sets an option of the socket."),
    .returns = N_ ("success"),
    .n_parameters = 5,
    .parameters = {
      FD,
      { "level", "int", TRAMA_PARAMETER_LEVEL, FALSE },
      { "optname", "int", TRAMA_PARAMETER_OPTION, FALSE },
      { "optval", "const void *", TRAMA_PARAMETER_OPTION_VALUE, FALSE },
      { "optlen", "socklen_t", TRAMA_PARAMETER_OPTION_SIZE, FALSE },
    },
  },
  [TRAMA_CALL_GETSOCKNAME] = {
    .name = "getsockname",
    .prototype = "int getsockname(int sockfd, struct sockaddr *addr, socklen_t *addrlen);",
    .man = "getsockname(2)",
    .purpose = N_ ("Asks for the socket's local address."),
    .returns = N_ ("success"),
    .n_parameters = 3,
    .parameters = {
      FD,
      { "addr", "struct sockaddr *", TRAMA_PARAMETER_ADDRESS, TRUE },
      { "addrlen", "socklen_t *", TRAMA_PARAMETER_ADDRESS_SIZE, TRUE },
    },
  },
  [TRAMA_CALL_GETPEERNAME] = {
    .name = "getpeername",
    .prototype = "int getpeername(int sockfd, struct sockaddr *addr, socklen_t *addrlen);",
    .man = "getpeername(2)",
    .purpose = N_ ("Asks for the address of the peer the socket is connected to."),
    .returns = N_ ("success"),
    .n_parameters = 3,
    .parameters = {
      FD,
      { "addr", "struct sockaddr *", TRAMA_PARAMETER_ADDRESS, TRUE },
      { "addrlen", "socklen_t *", TRAMA_PARAMETER_ADDRESS_SIZE, TRUE },
    },
  },
  [TRAMA_CALL_POLL] = {
    .name = "poll",
    .prototype = "int poll(struct pollfd *fds, nfds_t nfds, int timeout);",
    .man = "poll(2)",
    .purpose = N_ ("Waits until one of several sockets is ready, or the time is over."),
    .returns = N_ ("how many of them are ready; 0: the time was over first"),
    .traits = TRAMA_CALL_RECEIVES,
    .n_parameters = 3,
    .parameters = {
      { "fds", "struct pollfd *", TRAMA_PARAMETER_POLL, FALSE },
      { "nfds", "nfds_t", TRAMA_PARAMETER_POLL_COUNT, FALSE },
      { "timeout", "int", TRAMA_PARAMETER_TIMEOUT, FALSE },
    },
  },
  [TRAMA_CALL_FCNTL] = {
    .name = "fcntl",
    .prototype = "int fcntl(int fd, int cmd, ... /* arg */);",
    .man = "fcntl(2)",
    .purpose = N_ ("Asks for the flags of a descriptor, or sets them."),
    .returns = N_ ("what the command asks for; of one that sets, success"),
    .n_parameters = 3,
    .parameters = {
      { "fd", "int", TRAMA_PARAMETER_FD, FALSE },
      { "cmd", "int", TRAMA_PARAMETER_COMMAND, FALSE },
      { "arg", "int", TRAMA_PARAMETER_STATUS_FLAGS, FALSE },
    },
  },
  [TRAMA_CALL_SOCKETPAIR] = {
    .name = "socketpair",
    .prototype = "int socketpair(int domain, int type, int protocol, int sv[2]);",
    .man = "socketpair(2)",
    .purpose = N_ ("Makes two sockets that are connected to each other."),
    .returns = N_ ("success"),
    .n_parameters = 4,
    .parameters = {
      { "domain", "int", TRAMA_PARAMETER_DOMAIN, FALSE },
      { "type", "int", TRAMA_PARAMETER_TYPE, FALSE },
      { "protocol", "int", TRAMA_PARAMETER_PROTOCOL, FALSE },
      { "sv", "int", TRAMA_PARAMETER_PAIR, TRUE },
    },
  },
  [TRAMA_CALL_UNLINK] = {
    .name = "unlink",
    .prototype = "int unlink(const char *pathname);",
    .man = "unlink(2)",
    .purpose = N_ ("Takes a name out of the file system; of a socket, so that it can be bound again."),
    .returns = N_ ("success"),
    .n_parameters = 1,
    .parameters = { { "pathname", "const char *", TRAMA_PARAMETER_PATH, FALSE } },
  },
  [TRAMA_CALL_DUP] = {
    .name = "dup",
    .prototype = "int dup(int oldfd);",
    .man = "dup(2)",
    .purpose = N_ ("Makes a second descriptor for the same socket."),
    .returns = N_ ("the new descriptor: the lowest number that is free"),
    .traits = TRAMA_CALL_MAKES_FD,
    .n_parameters = 1,
    .parameters = { { "oldfd", "int", TRAMA_PARAMETER_FD, FALSE } },
  },
  [TRAMA_CALL_FORK] = {
    .name = "fork",
    .prototype = "pid_t fork(void);",
    .man = "fork(2)",
    .purpose = N_ ("Makes a second process like this one, with the same descriptors."),
    .returns = N_ ("the child's number; in the child itself, 0"),
  },
  [TRAMA_CALL_EXIT] = {
    .name = "exit",
    .prototype = "noreturn void exit(int status);",
    .man = "exit(3)",
    .purpose = N_ ("Ends the process; the kernel closes what it has open."),
    .returns = N_ ("nothing: it does not return"),
    .n_parameters = 1,
    .parameters = { { "status", "int", TRAMA_PARAMETER_STATUS, FALSE } },
  },
  [TRAMA_CALL_KILL] = {
    .name = "kill",
    .prototype = "int kill(pid_t pid, int sig);",
    .man = "kill(2)",
    .purpose = N_ ("Sends a signal to another process."),
    .returns = N_ ("success"),
    .n_parameters = 2,
    .parameters = {
      { "pid", "pid_t", TRAMA_PARAMETER_PROCESS, FALSE },
      { "sig", "int", TRAMA_PARAMETER_SIGNAL, FALSE },
    },
  },
};

const TramaCallInfo *
trama_call_info (guint name)
{
  if (name >= G_N_ELEMENTS (calls) || calls[name].name == NULL)
    return NULL;
  return &calls[name];
}

guint
trama_call_from_name (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (calls); i++)
    if (calls[i].name != NULL && strcmp (calls[i].name, name) == 0)
      return i;
  return 0;
}
