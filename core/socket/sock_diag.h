/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/trace/event.h"

#include <linux/netlink.h>

/*
 * Private to the room: questions to NETLINK_SOCK_DIAG, sock_diag(7), which an ordinary user
 * may ask of the sockets of the own network namespace. Answers come at once.
 */
typedef struct _TramaSockDiag TramaSockDiag;

/* One message of an answer: a struct inet_diag_msg or unix_diag_msg with its attributes. */
typedef void (*TramaSockDiagFunc) (const struct nlmsghdr *message, gpointer user_data);

/* Its descriptor is far from those of a session, and not shared with a program that is executed. NULL with errno. */
TramaSockDiag *trama_sock_diag_new (void);
void trama_sock_diag_free (TramaSockDiag *diag);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TramaSockDiag, trama_sock_diag_free)

/* Of every socket of AF_INET or AF_INET6 and that protocol. FALSE: there was no full answer. */
gboolean trama_sock_diag_dump_inet (TramaSockDiag *diag,
                                    guint8 domain,
                                    guint8 protocol,
                                    TramaSockDiagFunc func,
                                    gpointer user_data);

/* Of every socket of AF_UNIX. */
gboolean trama_sock_diag_dump_unix (TramaSockDiag *diag, TramaSockDiagFunc func, gpointer user_data);

/* What it tells of a socket of AF_UNIX. */
typedef struct
{
  guint64 socket;
  guint64 peer;                /* TRAMA_SOCKET_NONE: none, or one that is not accepted yet */
  guint32 receive_queue_bytes; /* of a listener: connections that wait */
  guint32 send_queue_bytes;    /* of a listener: its backlog */
  gboolean listens;
} TramaUnixView;

/* FALSE: there is no such socket. */
gboolean trama_sock_diag_ask_unix (TramaSockDiag *diag, guint64 socket, TramaUnixView *view);

/* Reads a message of trama_sock_diag_dump_unix (). */
void trama_sock_diag_read_unix (const struct nlmsghdr *message, TramaUnixView *view);

/* The attribute of that type, at least @size bytes; NULL: there is none. @header_bytes are before the attributes. */
gconstpointer trama_sock_diag_find (const struct nlmsghdr *message,
                                    gsize header_bytes,
                                    guint type,
                                    gsize size,
                                    gsize *length);
