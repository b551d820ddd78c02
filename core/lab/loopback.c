/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/lab/loopback.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <sched.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

static int
write_file (const char *path, const char *text)
{
  int fd = open (path, O_WRONLY | O_CLOEXEC);
  int error = 0;

  if (fd < 0)
    return errno;
  if (write (fd, text, strlen (text)) < 0)
    error = errno;
  close (fd);
  return error;
}

/* The one line that a process without privileges may write: its own id, as itself. */
static int
write_map (const char *path, guint id)
{
  g_autofree char *line = g_strdup_printf ("%u %u 1", id, id);

  return write_file (path, line);
}

static int
enter_namespaces (const char **step)
{
  uid_t uid = geteuid ();
  gid_t gid = getegid ();
  int error;

  *step = "unshare";
  if (unshare (CLONE_NEWUSER | CLONE_NEWNET) < 0)
    return errno;
  /* Without this a gid_map of one's own is refused, user_namespaces(7). */
  *step = "setgroups";
  error = write_file ("/proc/self/setgroups", "deny");
  if (error != 0)
    return error;
  *step = "uid_map";
  error = write_map ("/proc/self/uid_map", uid);
  if (error != 0)
    return error;
  *step = "gid_map";
  return write_map ("/proc/self/gid_map", gid);
}

static int
control_interface (int fd, gulong request, struct ifreq *request_data)
{
  strcpy (request_data->ifr_name, "lo");
  return ioctl (fd, request, request_data) < 0 ? errno : 0;
}

static int
set_mtu (int fd, guint mtu)
{
  struct ifreq request = { 0 };

  request.ifr_mtu = (int) mtu;
  return control_interface (fd, SIOCSIFMTU, &request);
}

static int
set_offload (int fd, gboolean on)
{
  static const guint32 offloads[] = { ETHTOOL_STSO, ETHTOOL_SGSO, ETHTOOL_SGRO };
  int error = 0;

  for (gsize i = 0; error == 0 && i < G_N_ELEMENTS (offloads); i++)
    {
      struct ethtool_value value = { offloads[i], on };
      struct ifreq request = { 0 };

      request.ifr_data = (void *) &value;
      error = control_interface (fd, SIOCETHTOOL, &request);
    }
  return error;
}

static int
raise_interface (int fd)
{
  struct ifreq request = { 0 };
  int error = control_interface (fd, SIOCGIFFLAGS, &request);

  if (error != 0)
    return error;
  request.ifr_flags |= IFF_UP | IFF_RUNNING;
  return control_interface (fd, SIOCSIFFLAGS, &request);
}

/* A segment on lo would be as large as 64 KiB: its MTU is, and so is what it lets TCP hand down at once. */
static int
configure_interface (int fd, const char **step)
{
  int error;

  *step = "lo mtu";
  error = set_mtu (fd, TRAMA_LOOPBACK_MTU);
  if (error != 0)
    return error;
  *step = "lo offload";
  error = set_offload (fd, FALSE);
  if (error != 0)
    return error;
  *step = "lo up";
  return raise_interface (fd);
}

/* Of use, not of need: a kernel that lacks one of them still makes a good loopback. */
static void
write_sysctls (void)
{
  static const struct
  {
    const char *path;
    const char *value;
  } sysctls[] = {
    { "/proc/sys/net/ipv4/tcp_no_metrics_save", "1" },
    { "/proc/sys/net/ipv4/tcp_invalid_ratelimit", "0" },
    { "/proc/sys/net/ipv4/ip_unprivileged_port_start", "0" },
  };
  g_autofree char *groups = g_strdup_printf ("%u %u", getegid (), getegid ());

  for (gsize i = 0; i < G_N_ELEMENTS (sysctls); i++)
    write_file (sysctls[i].path, sysctls[i].value);
  write_file ("/proc/sys/net/ipv4/ping_group_range", groups);
}

int
trama_loopback_enter (const char **step)
{
  int error = enter_namespaces (step);
  int fd;

  if (error != 0)
    return error;
  *step = "socket";
  fd = socket (AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0)
    return errno;
  error = configure_interface (fd, step);
  close (fd);
  if (error != 0)
    return error;
  write_sysctls ();
  *step = NULL;
  return 0;
}

/* As sysctl(8) finds them: dots for slashes. Nothing that leads elsewhere. */
static int
write_sysctl (const char *name, const char *value)
{
  g_autofree char *place = g_strdelimit (g_strdup (name), ".", '/');
  g_autofree char *path = g_build_filename ("/proc/sys", place, NULL);

  if (!g_str_has_prefix (name, "net.") || strchr (name, '/') != NULL || strstr (name, "..") != NULL)
    return ENOENT;
  return write_file (path, value);
}

static char *
say_refused (const char *what, int error)
{
  return g_strdup_printf ("%s: %s", what, g_strerror (error));
}

/* The kernel lets a namespace have what the host's administrator allows, tcp(7). */
static char *
say_congestion_refused (const char *name, int error)
{
  g_autofree char *allowed = NULL;

  if (!g_file_get_contents ("/proc/sys/net/ipv4/tcp_allowed_congestion_control", &allowed, NULL, NULL))
    return say_refused ("congestion", error);
  return g_strdup_printf (_ ("congestion %s: %s; this kernel allows: %s"), name, g_strerror (error),
                          g_strstrip (allowed));
}

static char *
configure_as_wanted (const TramaLabSettings *settings, int fd)
{
  int error = 0;

  if (settings->mtu != TRAMA_LOOPBACK_MTU)
    error = set_mtu (fd, settings->mtu);
  if (error != 0)
    return say_refused ("mtu", error);
  if (settings->offload)
    error = set_offload (fd, TRUE);
  if (error != 0)
    return say_refused ("offload", error);
  /* Every kernel has this one, and what a session does not ask for is no reason to refuse it. */
  error = write_sysctl ("net.ipv4.tcp_congestion_control", settings->congestion);
  if (error == 0 || strcmp (settings->congestion, "reno") == 0)
    return NULL;
  return say_congestion_refused (settings->congestion, error);
}

char *
trama_loopback_configure (const TramaLabSettings *settings)
{
  int fd = socket (AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  char *refused = fd >= 0 ? configure_as_wanted (settings, fd) : say_refused ("socket", errno);

  if (fd >= 0)
    close (fd);
  for (guint i = 0; refused == NULL && i < settings->n_sysctls; i++)
    {
      const TramaSysctl *sysctl = &settings->sysctls[i];
      int error = write_sysctl (sysctl->name, sysctl->value);

      if (error != 0)
        refused = g_strdup_printf (_ ("line %u: %s: %s"), sysctl->line, sysctl->name, g_strerror (error));
    }
  return refused;
}

/* -1: there is no such sysctl. */
static gint64
read_sysctl (const char *path)
{
  g_autofree char *text = NULL;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return -1;
  return g_ascii_strtoll (text, NULL, 10);
}

static const char *
remedy_by_sysctl (void)
{
  if (read_sysctl ("/proc/sys/user/max_user_namespaces") == 0)
    return N_ ("User namespaces are switched off on this machine; an administrator can allow them with "
               "“sysctl user.max_user_namespaces=10000”.");
  if (read_sysctl ("/proc/sys/user/max_net_namespaces") == 0)
    return N_ ("Network namespaces are switched off on this machine; an administrator can allow them with "
               "“sysctl user.max_net_namespaces=10000”.");
  if (read_sysctl ("/proc/sys/kernel/unprivileged_userns_clone") == 0)
    return N_ ("User namespaces are kept from ordinary users; an administrator can allow them with "
               "“sysctl kernel.unprivileged_userns_clone=1”.");
  if (read_sysctl ("/proc/sys/kernel/apparmor_restrict_unprivileged_userns") == 1)
    return N_ ("AppArmor restricts user namespaces; install the profile that comes with Trama, or let an "
               "administrator "
               "run “sysctl kernel.apparmor_restrict_unprivileged_userns=0”.");
  return NULL;
}

typedef struct
{
  int error; /* 0: any other */
  const char *text;
} Remedy;

static const Remedy loopback_remedies[] = {
  { ENOSPC,
    N_ ("The limit of namespaces is reached; an administrator can raise “user.max_user_namespaces” and "
        "“user.max_net_namespaces”.") },
  { EPERM,
    N_ ("A sandbox (a container, Flatpak, a chroot or a seccomp filter) forbids namespaces; start Trama "
        "outside of it, or allow unshare(2) there.") },
  { ENOSYS,
    N_ ("A sandbox (a container, Flatpak, a chroot or a seccomp filter) forbids namespaces; start Trama "
        "outside of it, or allow unshare(2) there.") },
  { EACCES, N_ ("A security module (SELinux, AppArmor) or a program with file capabilities forbids it; allow "
                "user namespaces for trama-lab.") },
  { EROFS, N_ ("A sandbox (a container or a chroot) has /proc read-only; start Trama outside of it.") },
  { ENOENT,
    N_ ("A sandbox (a container or a chroot) has no /proc; mount it, or start Trama outside of it.") },
  { EAGAIN, N_ ("The limit of processes is reached; end some, or raise it with “ulimit -u”.") },
  { 0, N_ ("The kernel may lack user or network namespaces; see user_namespaces(7).") },
};

static const Remedy capture_remedies[] = {
  { EPERM,
    N_ ("A sandbox (a container or a seccomp filter) forbids packet sockets; start Trama outside of it, "
        "or allow packet(7) there.") },
  { EACCES,
    N_ ("A security module (SELinux, AppArmor) forbids packet sockets; allow packet(7) for trama-lab.") },
  { ENOMEM, N_ ("There is not enough memory for the packets; close some programs, or raise their limit.") },
  { 0, N_ ("The kernel may lack packet sockets; see packet(7).") },
};

static const char *
remedy_by_error (const Remedy *remedies, int error)
{
  while (remedies->error != 0 && remedies->error != error)
    remedies++;
  return remedies->text;
}

char *
trama_loopback_remedy (const char *step, int error)
{
  const char *remedy;

  if (g_str_has_prefix (step, "pcap"))
    return g_strdup (_ (remedy_by_error (capture_remedies, error)));
  remedy = remedy_by_sysctl ();
  return g_strdup (_ (remedy != NULL ? remedy : remedy_by_error (loopback_remedies, error)));
}
