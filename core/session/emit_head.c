/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/session/emit_private.h"

#include <glib/gi18n-lib.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

static const char *const header_names[TRAMA_EMIT_N_HEADERS] = {
  [TRAMA_EMIT_ERRNO_H] = "errno.h",
  [TRAMA_EMIT_FCNTL_H] = "fcntl.h",
  [TRAMA_EMIT_NETINET_IN_H] = "netinet/in.h",
  [TRAMA_EMIT_NETINET_TCP_H] = "netinet/tcp.h",
  [TRAMA_EMIT_NETINET_UDP_H] = "netinet/udp.h",
  [TRAMA_EMIT_POLL_H] = "poll.h",
  [TRAMA_EMIT_SIGNAL_H] = "signal.h",
  [TRAMA_EMIT_STDATOMIC_H] = "stdatomic.h",
  [TRAMA_EMIT_STDDEF_H] = "stddef.h",
  [TRAMA_EMIT_STDIO_H] = "stdio.h",
  [TRAMA_EMIT_STDLIB_H] = "stdlib.h",
  [TRAMA_EMIT_STRING_H] = "string.h",
  [TRAMA_EMIT_SYS_MMAN_H] = "sys/mman.h",
  [TRAMA_EMIT_SYS_PRCTL_H] = "sys/prctl.h",
  [TRAMA_EMIT_SYS_SOCKET_H] = "sys/socket.h",
  [TRAMA_EMIT_SYS_TIME_H] = "sys/time.h",
  [TRAMA_EMIT_SYS_UN_H] = "sys/un.h",
  [TRAMA_EMIT_SYS_WAIT_H] = "sys/wait.h",
  [TRAMA_EMIT_TIME_H] = "time.h",
  [TRAMA_EMIT_UNISTD_H] = "unistd.h",
};

#define HEADER(name) (1u << TRAMA_EMIT_##name##_H)

typedef struct
{
  guint32 headers;
  const char *comment; /* untranslated */
  const char *code;    /* @FAILURE@ is the exit status of a program that failed */
} Helper;

static const Helper helpers[TRAMA_EMIT_N_HELPERS] = {
  [TRAMA_EMIT_DIE] = {
    HEADER (STDIO) | HEADER (STDLIB),
    N_ ("Says which call failed, and why, and ends the program."),
    "static _Noreturn void\n"
    "die(const char *call)\n"
    "{\n"
    "    perror(call);\n"
    "    exit(@FAILURE@);\n"
    "}\n",
  },
  [TRAMA_EMIT_UNEXPECTED] = {
    HEADER (STDIO) | HEADER (STDLIB) | HEADER (STRING) | HEADER (ERRNO),
    N_ ("A call gave something else than the session says. That ends the program."),
    "static _Noreturn void\n"
    "unexpected(long result, const char *said)\n"
    "{\n"
    "    fprintf(stderr, \"%s; but it gave %ld (%s)\\n\", said, result,\n"
    "            result < 0 ? strerror(errno) : \"no error\");\n"
    "    exit(@FAILURE@);\n"
    "}\n",
  },
  [TRAMA_EMIT_FILL] = {
    0,
    N_ ("The alphabet over and over, so that it can be seen which bytes arrive."),
    "static void\n"
    "fill(char *bytes, size_t size)\n"
    "{\n"
    "    for (size_t i = 0; i < size; i++)\n"
    "        bytes[i] = \"abcdefghijklmnopqrstuvwxyz\"[i % 26];\n"
    "}\n",
  },
  [TRAMA_EMIT_ON_SIGNAL] = {
    HEADER (SIGNAL),
    N_ ("Does nothing: it is enough that the signal is caught."),
    "static void\n"
    "on_signal(int number)\n"
    "{\n"
    "    (void) number;\n"
    "}\n",
  },
  [TRAMA_EMIT_WAIT_FOR] = {
    HEADER (STDATOMIC) | HEADER (TIME),
    N_ ("Waits until a signal was given that many times, without any socket."),
    "static void\n"
    "wait_for(atomic_int *given, int times)\n"
    "{\n"
    "    while (atomic_load(given) < times)\n"
    "        nanosleep(&(struct timespec){ .tv_nsec = 100000 }, NULL);\n"
    "}\n",
  },
  [TRAMA_EMIT_PUT_RIGHTS] = {
    HEADER (STRING) | HEADER (SYS_SOCKET),
    N_ ("Puts descriptors into the control part of a message, unix(7)."),
    "static void\n"
    "put_rights(struct msghdr *message, const int *fds, int n)\n"
    "{\n"
    "    struct cmsghdr *head = CMSG_FIRSTHDR(message);\n"
    "\n"
    "    head->cmsg_level = SOL_SOCKET;\n"
    "    head->cmsg_type = SCM_RIGHTS;\n"
    "    head->cmsg_len = CMSG_LEN(n * sizeof *fds);\n"
    "    memcpy(CMSG_DATA(head), fds, n * sizeof *fds);\n"
    "}\n",
  },
  [TRAMA_EMIT_TAKE_RIGHTS] = {
    HEADER (STRING) | HEADER (SYS_SOCKET),
    N_ ("Takes them out of it; one that did not come is -1."),
    "static void\n"
    "take_rights(struct msghdr *message, int *fds, int n)\n"
    "{\n"
    "    struct cmsghdr *head = CMSG_FIRSTHDR(message);\n"
    "    size_t size = n * sizeof *fds;\n"
    "\n"
    "    for (int i = 0; i < n; i++)\n"
    "        fds[i] = -1;\n"
    "    if (head == NULL || head->cmsg_level != SOL_SOCKET || head->cmsg_type != SCM_RIGHTS)\n"
    "        return;\n"
    "    if (size > head->cmsg_len - CMSG_LEN(0))\n"
    "        size = head->cmsg_len - CMSG_LEN(0);\n"
    "    memcpy(fds, CMSG_DATA(head), size);\n"
    "}\n",
  },
};

/* One line of the comment on top; "" is an empty one. */
static void
add_line (GString *out, const char *text)
{
  if (text[0] == '\0')
    g_string_append (out, " *\n");
  else
    trama_emit_comment_lines (out, 0, text);
}

/* As it can stand in a command without quotes. */
static char *
make_file_name (const TramaEmitter *emitter)
{
  const char *name = trama_session_get_name (emitter->session);
  gboolean alone = emitter->actor >= 0 && trama_session_n_actors (emitter->session) > 1;
  g_autofree char *whole = g_strdup (name);

  if (alone)
    {
      g_free (whole);
      whole = g_strconcat (name, "-",
                           trama_session_get_actor (emitter->session, (guint) emitter->actor)->name, NULL);
    }
  g_strcanon (whole, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.", '-');
  return whole[0] == '-' || whole[0] == '.' ? g_strconcat ("x", whole, NULL) : g_steal_pointer (&whole);
}

static void
add_what (const TramaEmitter *emitter, GString *out)
{
  const char *name = trama_session_get_name (emitter->session);
  g_autofree char *text = NULL;

  if (emitter->actor < 0)
    /* Translators: the name of a session. */
    text = g_strdup_printf (
        _ ("The session \"%s\" of Trama as a C program. Each of its actors is a process."), name);
  else if (trama_session_n_actors (emitter->session) == 1)
    text = g_strdup_printf (_ ("The session \"%s\" of Trama as a C program."), name);
  else
    /* Translators: the name of a session; one of its actors. */
    text = g_strdup_printf (_ ("The session \"%s\" of Trama as a C program: the part of %s."), name,
                            trama_session_get_actor (emitter->session, (guint) emitter->actor)->name);
  add_line (out, text);
}

/* Whom this actor waits for, who is not in the program. */
static void
add_partners (TramaEmitter *emitter, GString *out)
{
  g_autoptr (GString) names = g_string_new (NULL);
  g_autofree char *text = NULL;

  for (guint i = 0; i < trama_session_n_actors (emitter->session) && emitter->actor >= 0; i++)
    {
      const TramaScript *mine = trama_session_get_actor (emitter->session, (guint) emitter->actor);
      const TramaScript *theirs = trama_session_get_actor (emitter->session, i);
      gboolean awaited = FALSE;

      for (guint k = 0; k < mine->n_steps && mine != theirs; k++)
        for (guint m = 0; m < theirs->n_steps && mine->steps[k].kind == TRAMA_STEP_WAIT; m++)
          awaited = awaited
                    || (theirs->steps[m].kind == TRAMA_STEP_SIGNAL
                        && theirs->steps[m].signal == mine->steps[k].signal);
      if (awaited)
        g_string_append_printf (names, "%s%s", names->len > 0 ? ", " : "", theirs->name);
    }
  if (names->len == 0)
    return;
  /* Translators: other actors of the session. */
  text = g_strdup_printf (_ ("Start before it: %s."), names->str);
  add_line (out, text);
}

static void
add_settings (const TramaEmitter *emitter, GString *out)
{
  const TramaLabSettings *settings = trama_session_get_settings (emitter->session);
  g_autoptr (GString) list = g_string_new (NULL);
  g_autofree char *text = NULL;

  g_string_append_printf (list, "mtu %u, offload %s, congestion %s", settings->mtu,
                          settings->offload ? "on" : "off", settings->congestion);
  for (guint i = 0; i < settings->n_sysctls; i++)
    g_string_append_printf (list, ", %s %s", settings->sysctls[i].name, settings->sysctls[i].value);
  /* Translators: settings in the words of the session's language: "mtu 1500, offload off". */
  text = g_strdup_printf (_ ("In Trama it runs with %s."), list->str);
  add_line (out, text);
}

/* Datagram sockets of ICMP are for the groups that may have them, icmp(7). */
static gboolean
needs_ping_group (const TramaEmitter *emitter)
{
  for (guint i = 0; i < trama_session_n_actors (emitter->session); i++)
    {
      const TramaScript *script = trama_session_get_actor (emitter->session, i);

      for (guint k = 0; k < script->n_steps; k++)
        {
          const TramaOperand *operands = script->steps[k].operands;

          if (script->steps[k].kind == TRAMA_STEP_CALL && script->steps[k].call == TRAMA_CALL_SOCKET
              && (operands[1].number & SOCK_RAW) == SOCK_DGRAM
              && (operands[2].number == IPPROTO_ICMP || operands[2].number == IPPROTO_ICMPV6))
            return TRUE;
        }
    }
  return FALSE;
}

/* A shell command that makes such a loopback, and then does @what in it. */
static char *
make_command (const TramaEmitter *emitter, const char *what)
{
  const TramaLabSettings *settings = trama_session_get_settings (emitter->session);
  GString *command = g_string_new ("unshare -rn sh -c '");

  g_string_append_printf (command, "ip link set lo mtu %u up; ", settings->mtu);
  g_string_append_printf (command, "sysctl -qw net.ipv4.tcp_congestion_control=%s; ", settings->congestion);
  if (needs_ping_group (emitter))
    g_string_append (command, "sysctl -qw net.ipv4.ping_group_range=\"0 0\"; ");
  for (guint i = 0; i < settings->n_sysctls; i++)
    g_string_append_printf (command, "sysctl -qw %s=\"%s\"; ", settings->sysctls[i].name,
                            settings->sysctls[i].value);
  g_string_append_printf (command, "%s'", what);
  return g_string_free (command, FALSE);
}

static void
add_usage (const TramaEmitter *emitter, GString *out)
{
  /* Of AF_UNIX alone a namespace keeps nothing apart that matters, but it has settings. */
  gboolean needs_loopback = (emitter->headers & 1u << TRAMA_EMIT_NETINET_IN_H) != 0
                            || trama_session_get_settings (emitter->session)->n_sysctls > 0;
  gboolean has_others = emitter->actor >= 0 && trama_session_n_actors (emitter->session) > 1;
  g_autofree char *file = make_file_name (emitter);
  g_autofree char *program = g_strconcat ("./", file, NULL);
  g_autofree char *command = make_command (emitter, has_others ? "exec sh" : program);

  add_line (out, _ ("To compile it:"));
  g_string_append_printf (out, " *     gcc -std=c17 -Wall -Wextra -o %s %s.c\n", file, file);
  if (needs_loopback && has_others)
    add_line (out, _ ("For a shell with a loopback of its own, as in Trama, to run it and the others in:"));
  else if (needs_loopback)
    add_line (out, _ ("To run it in a loopback of its own, as in Trama:"));
  if (needs_loopback)
    g_string_append_printf (out, " *     %s\n", command);
  if (emitter->makes_files)
    add_line (out, _ ("It makes a file for its socket in the current folder, which must not be there yet."));
}

static void
add_comment (TramaEmitter *emitter, GString *out)
{
  const char *about = trama_session_get_about (emitter->session);

  g_string_append (out, "/*\n");
  add_line (out, trama_session_get_title (emitter->session));
  add_line (out, "");
  if (about != NULL)
    {
      add_line (out, about);
      add_line (out, "");
    }
  add_what (emitter, out);
  add_partners (emitter, out);
  add_settings (emitter, out);
  add_line (out, "");
  add_usage (emitter, out);
  g_string_append (out, " */\n");
}

static void
add_includes (const TramaEmitter *emitter, GString *out)
{
  if (emitter->headers == 0)
    {
      g_string_append_c (out, '\n');
      return;
    }
  g_string_append (out, "#define _GNU_SOURCE\n\n");
  for (guint i = 0; i < TRAMA_EMIT_N_HEADERS; i++)
    if (emitter->headers & 1u << i)
      g_string_append_printf (out, "#include <%s>\n", header_names[i]);
  g_string_append_c (out, '\n');
  if (emitter->icmp_filter)
    g_string_append (out, "#define ICMP_FILTER 1 /* linux/icmp.h */\n\n");
}

static void
add_helper (TramaEmitter *emitter, const Helper *helper)
{
  g_autoptr (GString) code = g_string_new (helper->code);

  g_string_replace (code, "@FAILURE@", emitter->failure, 0);
  trama_emit_comment (emitter, _ (helper->comment));
  g_string_append_printf (emitter->code, "%s\n", code->str);
}

void
trama_emit_head (TramaEmitter *emitter)
{
  for (guint i = 0; i < TRAMA_EMIT_N_HELPERS; i++)
    if (emitter->helpers & 1u << i)
      emitter->headers |= helpers[i].headers;
  add_comment (emitter, emitter->code);
  add_includes (emitter, emitter->code);
  for (guint i = 0; i < TRAMA_EMIT_N_HELPERS; i++)
    if (emitter->helpers & 1u << i)
      add_helper (emitter, &helpers[i]);
}
