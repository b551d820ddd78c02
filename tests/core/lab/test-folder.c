/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/lab/folder.h"

#include "core/lab/loopback.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

/* As a session does it: a socket on a name without a slash. */
static void
bind_socket (const char *name)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  int fd = socket (AF_UNIX, SOCK_STREAM, 0);

  g_strlcpy (address.sun_path, name, sizeof address.sun_path);
  g_assert_cmpint (bind (fd, (struct sockaddr *) &address, sizeof address), ==, 0);
  close (fd);
}

static void
assert_private (void)
{
  struct stat status;

  g_assert_cmpint (stat (".", &status), ==, 0);
  g_assert_cmpuint (status.st_mode & 07777, ==, 0700);
  g_assert_cmpuint (status.st_uid, ==, geteuid ());
}

static void
test_real (void)
{
  g_autofree char *path = NULL;
  TramaFolder folder;

  g_assert_cmpint (trama_folder_enter (&folder, FALSE), ==, 0);
  g_assert_nonnull (folder.path);
  assert_private ();
  bind_socket ("phone");
  bind_socket (".hidden");
  path = g_strdup (folder.path);
  g_assert_true (g_file_test (path, G_FILE_TEST_IS_DIR));
  trama_folder_leave (&folder);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  trama_folder_leave (&folder);
}

/* Whoever made it was killed. */
static void
test_killed (void)
{
  char path[512] = "";
  int fds[2];
  pid_t child;

  g_assert_cmpint (pipe (fds), ==, 0);
  child = fork ();
  g_assert_cmpint (child, >=, 0);
  if (child == 0)
    {
      TramaFolder folder;

      if (trama_folder_enter (&folder, FALSE) != 0)
        _exit (1);
      bind_socket ("phone");
      if (write (fds[1], folder.path, strlen (folder.path) + 1) < 0)
        _exit (2);
      pause ();
      _exit (3);
    }
  g_assert_cmpint (read (fds[0], path, sizeof path - 1), >, 0);
  g_assert_true (g_file_test (path, G_FILE_TEST_IS_DIR));
  kill (child, SIGKILL);
  g_assert_cmpint (waitpid (child, NULL, 0), ==, child);
  for (guint looks = 0; looks < 5000 && g_file_test (path, G_FILE_TEST_EXISTS); looks++)
    g_usleep (1000);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  close (fds[0]);
  close (fds[1]);
}

/* In its own namespaces: nothing lies above it. 77: this machine allows none. */
G_NORETURN static void
live_in_memory (void)
{
  struct stat here, above;
  const char *step;
  TramaFolder folder;

  if (trama_loopback_enter (&step) != 0)
    _exit (77);
  if (trama_folder_enter (&folder, TRUE) != 0 || folder.path != NULL)
    _exit (1);
  assert_private ();
  bind_socket ("phone");
  if (stat (".", &here) < 0 || stat ("..", &above) < 0 || here.st_ino != above.st_ino
      || here.st_dev != above.st_dev)
    _exit (2);
  trama_folder_leave (&folder);
  _exit (0);
}

static void
test_memory (void)
{
  pid_t child = fork ();
  int status;

  g_assert_cmpint (child, >=, 0);
  if (child == 0)
    live_in_memory ();
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFEXITED (status));
  if (WEXITSTATUS (status) == 77)
    g_test_skip ("no private loopback here");
  else
    g_assert_cmpint (WEXITSTATUS (status), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lab/folder/real", test_real);
  g_test_add_func ("/lab/folder/killed", test_killed);
  g_test_add_func ("/lab/folder/memory", test_memory);
  return g_test_run ();
}
