/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/session/emit.h"
#include "tests/core/session/render.h"

#include <string.h>

/* That the programs compile and do the same calls is for tests/live/emit.py; here is how they read. */

#define BEGIN "session \"T\"\na:\n"
#define STREAM "s = socket(AF_INET, SOCK_STREAM, 0)\n"

static char *
emit (const char *text, const char *actor)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TramaSession) session = trama_session_parse ("t.session", text, strlen (text), &error);
  char *program;

  g_assert_no_error (error);
  program = trama_session_emit_c (session, actor, &error);
  g_assert_no_error (error);
  g_assert_true (g_utf8_validate (program, -1, NULL));
  return program;
}

static void
assert_has (const char *program, const char *part)
{
  if (strstr (program, part) == NULL)
    g_error ("no\n%s\nin\n%s", part, program);
}

static void
assert_lacks (const char *program, const char *part)
{
  if (strstr (program, part) != NULL)
    g_error ("there is\n%s\nin\n%s", part, program);
}

/* One step behind a socket, and what becomes of it. */
static const struct
{
  const char *step;
  const char *program;
} steps[] = {
  { "bind(s, 127.0.0.1:5000)",
    "    if (bind(s, (const struct sockaddr *) &address, sizeof address) < 0)\n        die(\"bind\");\n" },
  { "bind(s, 127.9.0.1:80)", "        .sin_addr.s_addr = htonl(0x7f090001), /* 127.9.0.1 */\n" },
  { "bind(s, 0.0.0.0:0)", "        .sin_addr.s_addr = htonl(INADDR_ANY), /* 0.0.0.0 */\n" },
  { "bind(s, [::1]:7)", "        .sin6_addr = IN6ADDR_LOOPBACK_INIT, /* ::1 */\n" },
  { "bind(s, [::ffff:127.0.0.1]:7)", "        /* ::ffff:127.0.0.1 */\n"
                                     "        .sin6_addr.s6_addr = { [10] = 0xff, 0xff, 127, 0, 0, 1 },\n" },
  { "bind(s, unix(\"phone\"))", "    const socklen_t address_size = offsetof(struct sockaddr_un, sun_path)\n"
                                "            + sizeof \"phone\";\n" },
  { "bind(s, unix(\"@phone\"))", "        .sun_path = \"\\0phone\",\n" },
  { "bind(s, unix(\"@1\"))", "        .sun_path = \"\\0001\",\n" },
  { "connect(s, unspec)", "    const struct sockaddr no_address = { .sa_family = AF_UNSPEC };\n" },
  { "connect(s, 127.0.0.1:9) = -1 ECONNREFUSED",
    "    n = connect(s, (const struct sockaddr *) &address, sizeof address);\n"
    "    if (n != -1 || errno != ECONNREFUSED)\n"
    "        unexpected(n, \"connect(s, 127.0.0.1:9) = -1 ECONNREFUSED\");\n" },
  { "listen(s, 5) = any",
    "    /* Whatever comes of it, the session goes on. */\n    n = listen(s, 5);\n    (void) n;\n" },
  { "c = accept4(s, SOCK_NONBLOCK | SOCK_CLOEXEC)",
    "    int c = accept4(s, (struct sockaddr *) &peer, &peer_size,\n"
    "            SOCK_NONBLOCK | SOCK_CLOEXEC);\n    if (c < 0)\n" },
  { "read(s, 64) = 2 \"\\\"?\"",
    "    n = read(s, buffer, 64);\n    if (n != 2 || memcmp(buffer, \"\\\"?\", 2) != 0)\n" },
  { "read(s, 64) = 1..64", "    if (n < 1 || n > 64)\n" },
  { "read(s, 64) = 1..64 \"ab\"", "    if (n < 1 || n > 64 || n != 2 || memcmp(buffer, \"ab\", 2) != 0)\n" },
  { "n = recv(s, 64, MSG_PEEK | MSG_DONTWAIT) = -1",
    "    ssize_t n = recv(s, buffer, 64, MSG_PEEK | MSG_DONTWAIT);\n    if (n != -1)\n" },
  { "write(s, \"?\?/a\\\\\\n\")", "write(s, \"?\\?/a\\\\\\n\", 6)" },
  { "write(s, \"some text\\0\\x01b\")", "write(s, \"some text\\0\\001b\", 12)" },
  { "write(s, \"\\x01\\x02\\x03\")",
    "    static const unsigned char bytes[] = {\n        0x01, 0x02, 0x03,\n    };\n"
    "    if (write(s, bytes, sizeof bytes) < 0)\n" },
  { "write(s, \"電話\")", "write(s, \"電話\", 6)" },
  { "write(s, fill(4000))", "    fill(filled, sizeof filled);\n\n" },
  { "write(s, \"x\") = SIGPIPE", "    /* This call ends the process, by SIGPIPE. */\n"
                                 "    unexpected(write(s, \"x\", 1), \"write(s, \\\"x\\\") = SIGPIPE\");\n" },
  { "sendto(s, echo(258, \"A\"), 127.0.0.1:0)", "        8, 0, /* echo request, code */\n"
                                                "        0x61, 0xab, /* checksum */\n"
                                                "        0x54, 0x52, /* identifier */\n"
                                                "        1, 2, /* sequence number */\n"
                                                "        0x41,\n" },
  { "setsockopt(s, SOL_SOCKET, SO_REUSEADDR, 1)",
    "    if (setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &(int){ 1 }, sizeof(int)) < 0)\n" },
  { "setsockopt(s, SOL_SOCKET, SO_LINGER, {1, 0})",
    "&(struct linger){ .l_onoff = 1, .l_linger = 0 },\n            sizeof(struct linger)) < 0)\n" },
  { "setsockopt(s, IPPROTO_TCP, TCP_CONGESTION, \"reno\")",
    "setsockopt(s, IPPROTO_TCP, TCP_CONGESTION, \"reno\", 4)" },
  { "getsockopt(s, SOL_SOCKET, SO_ERROR) = 0 ECONNREFUSED",
    "    value_size = sizeof value;\n"
    "    n = getsockopt(s, SOL_SOCKET, SO_ERROR, &value, &value_size);\n"
    "    if (n != 0 || value != ECONNREFUSED)\n" },
  { "getsockname(s) = 0 127.0.0.1:5000", "    if (n != 0 || peer_size != sizeof address\n"
                                         "            || memcmp(&peer, &address, sizeof address) != 0)\n" },
  { "poll([s POLLIN], 0) = 1 POLLIN | POLLHUP",
    "    if (n != 1 || polled[0].revents != (POLLIN | POLLHUP))\n" },
  { "poll([s POLLIN | POLLOUT], -1) = 1 POLLIN",
    "        { .fd = s, .events = POLLIN | POLLOUT },\n    };\n"
    "    n = poll(polled, 1, -1);\n    if (n != 1 || polled[0].revents != POLLIN)\n" },
  { "fcntl(s, F_SETFL, O_NONBLOCK)", "fcntl(s, F_SETFL, O_NONBLOCK)" },
  { "shutdown(s, SHUT_WR)", "shutdown(s, SHUT_WR)" },
  { "unlink(\"phone\")", "unlink(\"phone\")" },
  { "sleep 1500ms", "nanosleep(&(struct timespec){ .tv_sec = 1, .tv_nsec = 500000000 }, NULL);\n" },
  { "ignore SIGPIPE", "    signal(SIGPIPE, SIG_IGN);\n" },
  { "exit 3", "    exit(3);\n" },
  { "say \"No */ end, /* no ?\?/ beginning.\"", "    /* No * / end, / * no ? ?/ beginning. */\n" },
};

static void
test_steps (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      g_autofree char *text = g_strconcat (BEGIN STREAM, steps[i].step, "\nclose(s)\n", NULL);
      g_autofree char *program = emit (text, NULL);

      assert_has (program, steps[i].program);
    }
}

/* Everything before, between and behind the calls, once in full. */
static void
test_whole (void)
{
  static const char text[] = "session \"A letter\"\nabout \"It is sent.\"\n"
                             "writer:\nsay \"Now.\"\ns = socket(AF_UNIX, SOCK_DGRAM, 0)\nsignal x\nclose(s)\n"
                             "reader:\nwait x\n";
  static const char expected[] = "/*\n"
                                 " * A letter\n"
                                 " *\n"
                                 " * It is sent.\n"
                                 " *\n"
                                 " * The session \"t\" of Trama as a C program: the part of writer.\n"
                                 " * In Trama it runs with mtu 1500, offload off, congestion reno.\n"
                                 " *\n"
                                 " * To compile it:\n"
                                 " *     gcc -std=c17 -Wall -Wextra -o t-writer t-writer.c\n"
                                 " */\n"
                                 "#define _GNU_SOURCE\n"
                                 "\n"
                                 "#include <stdio.h>\n"
                                 "#include <stdlib.h>\n"
                                 "#include <sys/socket.h>\n"
                                 "#include <unistd.h>\n"
                                 "\n"
                                 "/* Says which call failed, and why, and ends the program. */\n"
                                 "static _Noreturn void\n"
                                 "die(const char *call)\n"
                                 "{\n"
                                 "    perror(call);\n"
                                 "    exit(EXIT_FAILURE);\n"
                                 "}\n"
                                 "\n"
                                 "int\n"
                                 "main(void)\n"
                                 "{\n"
                                 "    /* Now. */\n"
                                 "    int s = socket(AF_UNIX, SOCK_DGRAM, 0);\n"
                                 "    if (s < 0)\n"
                                 "        die(\"socket\");\n"
                                 "\n"
                                 "    /* signal x: reader may go on now. */\n"
                                 "\n"
                                 "    if (close(s) < 0)\n"
                                 "        die(\"close\");\n"
                                 "\n"
                                 "    return 0;\n"
                                 "}\n";
  g_autofree char *program = emit (text, "writer");
  g_autofree char *reader = emit (text, "reader");

  g_assert_cmpstr (program, ==, expected);
  assert_has (reader, " * Start before it: writer.\n");
  assert_has (reader, "    /* Before this, writer must have come to \"signal x\". */\n");
  assert_lacks (reader, "#include");
}

static void
test_all_actors (void)
{
  g_autofree char *text = load_shipped ("telephone.session");
  g_autofree char *program = emit (text, NULL);

  assert_has (program, "static void\nrun_server(void)\n{\n");
  assert_has (program, "        die(\"server: bind\");\n");
  assert_has (program, "    atomic_fetch_add(&shared->ready, 1);\n");
  assert_has (program, "    wait_for(&shared->ready, 1);\n");
  assert_has (program, "    void (*const run[])(void) = { run_server, run_client };\n");
}

/* A name that C needs for itself, and one that the program would have taken, is still known again. */
static void
test_names (void)
{
  g_autofree char *program = emit (BEGIN "int = socket(AF_INET, SOCK_STREAM, 0)\n"
                                         "size_t = socket(AF_INET, SOCK_STREAM, 0)\n"
                                         "EOF = socket(AF_INET, SOCK_STREAM, 0)\n"
                                         "sa_handler = socket(AF_INET, SOCK_STREAM, 0)\n"
                                         "buffer = socket(AF_INET, SOCK_STREAM, 0)\n"
                                         "n = read(buffer, 1)\nread(buffer, 1) = 1\n",
                                   NULL);

  assert_has (program, "    int my_int = socket(");
  assert_has (program, "    int my_size_t_ = socket(");
  assert_has (program, "    int my_EOF = socket(");
  assert_has (program, "    int my_sa_handler = socket(");
  assert_has (program, "    ssize_t n = read(buffer, buffer_2, 1);\n");
  assert_has (program, "    n_2 = read(buffer, buffer_2, 1);\n");
}

/* A variable is declared where it is set first, or before all when it lives longer than that block. */
static void
test_blocks (void)
{
  g_autofree char *program = emit (BEGIN STREAM "repeat 2:\n  x = dup(s)\n  y = dup(s)\n  close(y)\n"
                                                "  repeat 3:\n    close(x) = any\nclose(x) = -1 EBADF\n",
                                   NULL);

  assert_has (program, "    int x = -1;\n");
  assert_has (program, "    for (int i = 0; i < 2; i++) {\n        x = dup(s);\n");
  assert_has (program, "        int y = dup(s);\n");
  assert_has (program, "        for (int j = 0; j < 3; j++) {\n");
}

static void
test_kept (void)
{
  g_autofree char *program = emit (BEGIN "s = socket(AF_INET, SOCK_DGRAM, 0)\n"
                                         "recvfrom(s, 64)\nrecvfrom(s, 80, MSG_DONTWAIT) = any\n"
                                         "sendto(s, received(s), sender(s))\n",
                                   NULL);

  assert_has (program, "    char s_received[80];\n    size_t s_received_size = 0;\n");
  assert_has (program, "    n = recvfrom(s, s_received, 64, 0, (struct sockaddr *) &s_sender,\n");
  assert_has (program, "    s_received_size = n < 64 ? n : 64;\n");
  assert_has (program,
              "    if (n >= 0) {\n        s_sender = peer;\n        s_sender_size = peer_size;\n    }\n");
  assert_has (program, "sendto(s, s_received, s_received_size, 0,\n"
                       "            (const struct sockaddr *) &s_sender, s_sender_size)");
}

static void
test_processes (void)
{
  static const char text[] = BEGIN STREAM "fork worker:\n  close(s)\n  exit 1\nwait go\nwait go\nkill b\n"
                                          "b:\nsignal go\nsignal go\nkill a SIGUSR1\n";
  g_autofree char *program = emit (text, NULL);
  g_autofree char *parent = emit (text, "worker");

  assert_has (program, "    pid_t worker = fork();\n    if (worker < 0)\n        die(\"a: fork\");\n"
                       "    if (worker == 0) {\n        if (close(s) < 0)\n"
                       "            die(\"worker: close\");\n\n        exit(1);\n    }\n");
  assert_has (program, "    wait_for(&shared->go, ++go_waits);\n");
  assert_has (program, "    wait_for(&shared->b_pid, 1);\n    if (kill(shared->b_pid, SIGKILL) < 0)\n");
  assert_has (program, "    sigaction(SIGUSR1, &(struct sigaction){ .sa_handler = on_signal }, NULL);\n");
  assert_has (program, "    prctl(PR_SET_CHILD_SUBREAPER, 1);\n");
  /* 1 is what the worker ends with of its own will. */
  assert_has (program, "    perror(call);\n    exit(2);\n");
  assert_has (program, "WEXITSTATUS(status) != 2)\n");
  assert_has (parent, ": the part of a.\n");
  assert_has (parent, "    /* Here the session kills b with SIGKILL. */\n");
}

/* Its parent knows it by its variable, where that can be seen; others from shared memory. */
static void
test_killed_forks (void)
{
  static const char text[] = BEGIN STREAM "fork near:\n  close(s)\nkill near SIGUSR1\n"
                                          "repeat 2:\n  fork far:\n    close(s)\n  kill far SIGUSR1\n"
                                          "kill far\n"
                                          "b:\nkill near\nkill far 2\n";
  g_autofree char *program = emit (text, NULL);
  g_autofree char *killer = emit (text, "b");

  assert_has (program, "    if (kill(near, SIGUSR1) < 0)\n        die(\"a: kill\");\n");
  assert_has (program, "        if (kill(far, SIGUSR1) < 0)\n            die(\"a: kill\");\n    }\n");
  assert_has (program, "    wait_for(&shared->far_pid, 1);\n    if (kill(shared->far_pid, SIGKILL) < 0)\n");
  assert_has (program, "    wait_for(&shared->near_pid, 1);\n    if (kill(shared->near_pid, SIGKILL) < 0)\n");
  assert_has (program, "    if (kill(shared->far_pids[1], SIGKILL) < 0)\n");
  assert_has (program, "    atomic_int far_pid;\n    atomic_int far_count, far_pids[2];\n");
  assert_has (program, "        atomic_store(&shared->far_pid, far);\n"
                       "        int far_number = atomic_fetch_add(&shared->far_count, 1);\n"
                       "        if (far_number < 2)\n"
                       "            atomic_store(&shared->far_pids[far_number], far);\n");
  assert_has (program, "sigaction(SIGUSR1,");
  assert_has (killer, "/* Here the session kills near with SIGKILL. */\n");
  assert_has (killer, "/* Here the session kills far 2 with SIGKILL. */\n");
}

/* A forked process has waited for no signal yet, whatever its parent did. */
static void
test_waits_of_forked (void)
{
  static const char text[] = BEGIN STREAM "wait go\nfork worker:\n  wait go\n  wait go\n"
                                          "fork other:\n  close(s)\nb:\nsignal go\nsignal go\n";
  static const char inside[] = BEGIN STREAM "fork worker:\n  wait go\n  wait go\nb:\nsignal go\nsignal go\n";
  g_autofree char *program = emit (text, NULL);
  g_autofree char *plain = emit (inside, NULL);

  assert_has (program, "    wait_for(&shared->go, ++go_waits);\n\n    pid_t worker = fork();\n");
  assert_has (program, "    if (worker == 0) {\n        go_waits = 0;\n\n"
                       "        wait_for(&shared->go, ++go_waits);\n");
  assert_has (program, "    if (other == 0) {\n        if (close(s) < 0)\n");
  assert_lacks (plain, "    go_waits = 0;\n");
}

static void
test_rights (void)
{
  g_autofree char *program = emit (BEGIN
                                   "a, b = socketpair(AF_UNIX, SOCK_STREAM, 0)\n"
                                   "sendmsg(a, \"x\", rights(a, b))\nrecvmsg(b, 8, rights(c, d))\nclose(c)\n",
                                   NULL);

  assert_has (program, "    int a = pair[0];\n    int b = pair[1];\n");
  assert_has (program, "    put_rights(&message, (const int[]){ a, b }, 2);\n");
  assert_has (program, "    take_rights(&message_2, rights, 2);\n    int c = rights[0];\n\n");
}

static void
test_unknown_actor (void)
{
  g_autofree char *text = load_shipped ("telephone.session");
  g_autoptr (GError) error = NULL;
  g_autoptr (TramaSession) session = trama_session_parse ("t", text, strlen (text), &error);

  g_assert_no_error (error);
  g_assert_null (trama_session_emit_c (session, "cleint", &error));
  g_assert_error (error, TRAMA_SESSION_ERROR, TRAMA_SESSION_ERROR_NOT_FOUND);
  g_assert_cmpstr (error->message, ==,
                   "unknown actor \"cleint\"; did you mean \"client\"? There are: server, client");
}

/* A name of a file can be anything; in the program it is in a comment, and in commands. */
static void
test_hostile_name (void)
{
  static const char text[] = BEGIN "signal x\n";
  g_autoptr (GError) error = NULL;
  g_autoptr (TramaSession) session = trama_session_parse ("; rm '$x' .session", text, strlen (text), &error);
  g_autofree char *program = trama_session_emit_c (session, NULL, &error);

  g_assert_no_error (error);
  assert_has (program, " -o x--rm---x-- x--rm---x--.c\n");
  assert_has (program, " * The session \"; rm '$x' \" of Trama as a C program.\n");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/session/emit/steps", test_steps);
  g_test_add_func ("/session/emit/whole", test_whole);
  g_test_add_func ("/session/emit/all-actors", test_all_actors);
  g_test_add_func ("/session/emit/names", test_names);
  g_test_add_func ("/session/emit/blocks", test_blocks);
  g_test_add_func ("/session/emit/kept", test_kept);
  g_test_add_func ("/session/emit/processes", test_processes);
  g_test_add_func ("/session/emit/killed-forks", test_killed_forks);
  g_test_add_func ("/session/emit/waits-of-forked", test_waits_of_forked);
  g_test_add_func ("/session/emit/rights", test_rights);
  g_test_add_func ("/session/emit/unknown-actor", test_unknown_actor);
  g_test_add_func ("/session/emit/hostile-name", test_hostile_name);
  return g_test_run ();
}
