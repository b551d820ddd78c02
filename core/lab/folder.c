/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/lab/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

/* Names of sockets take next to nothing; nobody shall fill the memory with them. */
#define MEMORY_SIZE "1m"
#define MEMORY_INODES "4096"

#define TEMPLATE "trama-session-XXXXXX"

static int
configure_memory (int context)
{
  static const char *const settings[][2] = {
    { "mode", "0700" },
    { "size", MEMORY_SIZE },
    { "nr_inodes", MEMORY_INODES },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (settings); i++)
    if (fsconfig (context, FSCONFIG_SET_STRING, settings[i][0], settings[i][1], 0) < 0)
      return errno;
  return fsconfig (context, FSCONFIG_CMD_CREATE, NULL, NULL, 0) < 0 ? errno : 0;
}

/* Mounted nowhere: it lives as long as it is somebody's current folder. */
static int
go_to_memory (int context)
{
  int error = configure_memory (context);
  int mount_fd;

  if (error != 0)
    return error;
  mount_fd = fsmount (context, FSMOUNT_CLOEXEC, MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC);
  if (mount_fd < 0)
    return errno;
  error = fchdir (mount_fd) < 0 ? errno : 0;
  close (mount_fd);
  return error;
}

static int
enter_memory (void)
{
  int context;
  int error;

  if (unshare (CLONE_NEWNS) < 0)
    return errno;
  context = fsopen ("tmpfs", FSOPEN_CLOEXEC);
  if (context < 0)
    return errno;
  error = go_to_memory (context);
  close (context);
  return error;
}

/* What actors make there are files without folders. */
static void
remove_folder (const char *path)
{
  DIR *folder = opendir (path);
  const struct dirent *entry;

  while (folder != NULL && (entry = readdir (folder)) != NULL)
    unlinkat (dirfd (folder), entry->d_name, 0);
  if (folder != NULL)
    closedir (folder);
  rmdir (path);
}

/* Waits for the end of every process that has the lifeline, and has nothing else of the lab's. */
G_NORETURN static void
remove_when_left (const char *path, int lifeline_fd)
{
  char byte;

  signal (SIGPIPE, SIG_IGN);
  signal (SIGTERM, SIG_IGN);
  dup2 (lifeline_fd, STDIN_FILENO);
  close_range (1, ~0u, 0);
  while (read (STDIN_FILENO, &byte, 1) < 0 && errno == EINTR)
    ;
  remove_folder (path);
  _exit (0);
}

static int
start_remover (TramaFolder *folder)
{
  int fds[2];
  int error;

  if (pipe2 (fds, O_CLOEXEC) < 0)
    return errno;
  folder->pid = fork ();
  error = folder->pid < 0 ? errno : 0;
  if (folder->pid == 0)
    {
      close (fds[1]);
      remove_when_left (folder->path, fds[0]);
    }
  close (fds[0]);
  folder->lifeline_fd = fds[1];
  return error;
}

/* Where only the user has access, if there is such a place. */
static char *
make_folder (void)
{
  const char *const places[] = { g_get_user_runtime_dir (), g_get_user_cache_dir (), g_get_tmp_dir () };

  for (gsize i = 0; i < G_N_ELEMENTS (places); i++)
    {
      g_autofree char *path = g_build_filename (places[i], TEMPLATE, NULL);

      if (g_mkdtemp_full (path, 0700) != NULL)
        return g_steal_pointer (&path);
    }
  return NULL;
}

static int
enter_real_folder (TramaFolder *folder)
{
  int error;

  folder->path = make_folder ();
  if (folder->path == NULL)
    return errno;
  error = start_remover (folder);
  if (error == 0 && chdir (folder->path) < 0)
    error = errno;
  if (error != 0)
    trama_folder_leave (folder);
  return error;
}

int
trama_folder_enter (TramaFolder *folder, gboolean private)
{
  *folder = (TramaFolder){ .lifeline_fd = -1 };
  if (private && enter_memory () == 0)
    return 0;
  return enter_real_folder (folder);
}

void
trama_folder_leave (TramaFolder *folder)
{
  if (folder->path == NULL)
    return;
  remove_folder (folder->path);
  if (folder->lifeline_fd >= 0)
    close (folder->lifeline_fd);
  while (folder->pid > 0 && waitpid (folder->pid, NULL, 0) < 0 && errno == EINTR)
    ;
  g_clear_pointer (&folder->path, g_free);
}
