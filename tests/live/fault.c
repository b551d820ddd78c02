/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The plain calls and those for large files are two symbols each; both are wanted here. */
#undef _FILE_OFFSET_BITS
#undef _FORTIFY_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/*
 * Preloaded into a program that saves: one call fails, and that it did is said on
 * standard error as "fault". Which one, the environment tells:
 *
 *   FAULT_FOLDER   calls on this folder, or on a temporary file of ours in it, are counted
 *   FAULT_KIND     open, write, fsync, link, close, rename; short: a write that takes
 *                  half; kill: a write that is the last thing the process does
 *   FAULT_AT       how many of that kind come through up to and with the one that fails
 *   FAULT_ERRNO    what it fails with
 */

#define TEMPORARY "/.trama-"
#define UNNAMED "/#" /* as proc(5) shows it */

static int
begins (const char *text, const char *start)
{
  return strncmp (text, start, strlen (start)) == 0;
}

static int
concerns (const char *path)
{
  const char *folder = getenv ("FAULT_FOLDER");
  size_t size = folder != NULL ? strlen (folder) : 0;

  return size > 0 && begins (path, folder)
         && (path[size] == '\0' || begins (path + size, TEMPORARY) || begins (path + size, UNNAMED));
}

/* Whether this is the call that shall fail; errno is set. */
static int
strikes (const char *kind, const char *path)
{
  static int count;
  static const char said[] = "fault\n";
  const char *wanted = getenv ("FAULT_KIND");
  const char *at = getenv ("FAULT_AT");
  const char *error = getenv ("FAULT_ERRNO");

  if (wanted == NULL || at == NULL || error == NULL || strcmp (kind, wanted) != 0 || !concerns (path)
      || ++count != atoi (at))
    return 0;
  syscall (SYS_write, STDERR_FILENO, said, sizeof said - 1);
  errno = atoi (error);
  return 1;
}

static int
strikes_fd (const char *kind, int fd)
{
  char link[64], path[PATH_MAX];
  ssize_t size;

  snprintf (link, sizeof link, "/proc/self/fd/%d", fd);
  size = readlink (link, path, sizeof path - 1);
  if (size < 0)
    return 0;
  path[size] = '\0';
  return strikes (kind, path);
}

static mode_t
get_mode (int flags, va_list arguments)
{
  return flags & O_CREAT || (flags & O_TMPFILE) == O_TMPFILE ? va_arg (arguments, mode_t) : 0;
}

int
open (const char *path, int flags, ...)
{
  int (*next) (const char *, int, ...) = dlsym (RTLD_NEXT, "open");
  va_list arguments;
  mode_t mode;

  va_start (arguments, flags);
  mode = get_mode (flags, arguments);
  va_end (arguments);
  return strikes ("open", path) ? -1 : next (path, flags, mode);
}

int
open64 (const char *path, int flags, ...)
{
  int (*next) (const char *, int, ...) = dlsym (RTLD_NEXT, "open64");
  va_list arguments;
  mode_t mode;

  va_start (arguments, flags);
  mode = get_mode (flags, arguments);
  va_end (arguments);
  return strikes ("open", path) ? -1 : next (path, flags, mode);
}

ssize_t
write (int fd, const void *bytes, size_t size)
{
  ssize_t (*next) (int, const void *, size_t) = dlsym (RTLD_NEXT, "write");

  if (strikes_fd ("write", fd))
    return -1;
  if (strikes_fd ("kill", fd))
    kill (getpid (), SIGKILL);
  return next (fd, bytes, strikes_fd ("short", fd) ? size / 2 : size);
}

int
fsync (int fd)
{
  int (*next) (int) = dlsym (RTLD_NEXT, "fsync");

  return strikes_fd ("fsync", fd) ? -1 : next (fd);
}

int
linkat (int from_fd, const char *from, int to_fd, const char *to, int flags)
{
  int (*next) (int, const char *, int, const char *, int) = dlsym (RTLD_NEXT, "linkat");

  return strikes ("link", to) ? -1 : next (from_fd, from, to_fd, to, flags);
}

/* As the kernel does: the descriptor is gone, whatever close(2) returns. */
int
close (int fd)
{
  int (*next) (int) = dlsym (RTLD_NEXT, "close");
  int struck = strikes_fd ("close", fd);
  int error = errno;
  int result = next (fd);

  if (!struck)
    return result;
  errno = error;
  return -1;
}

int
rename (const char *from, const char *to)
{
  int (*next) (const char *, const char *) = dlsym (RTLD_NEXT, "rename");

  return strikes ("rename", from) ? -1 : next (from, to);
}
