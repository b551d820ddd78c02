/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <linux/sockios.h>
#include <sched.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

/*
 * refuse STEP COMMAND…: runs a command in a sandbox that forbids one step, as a
 * container would. A seccomp filter, seccomp(2), written by hand: this much needs
 * no library.
 */

#define REFUSE (SECCOMP_RET_ERRNO | EPERM)

typedef struct
{
  const char *name;
  int call;
  int argument; /* by its number, and what it must be under the mask */
  unsigned mask;
  unsigned value;
  unsigned action;
} Step;

static const Step steps[] = {
  { "namespaces", SYS_unshare, 0, CLONE_NEWUSER, CLONE_NEWUSER, REFUSE },
  { "namespaces-deadly", SYS_unshare, 0, CLONE_NEWUSER, CLONE_NEWUSER, SECCOMP_RET_KILL_PROCESS },
  { "interface", SYS_ioctl, 1, ~0u, SIOCSIFMTU, REFUSE },
  { "capture", SYS_socket, 0, ~0u, AF_PACKET, REFUSE },
};

/* Of the 64 bits of an argument, the lower 32. */
static unsigned
offset_of_argument (int argument)
{
  const unsigned one = 1;
  unsigned low = *(const unsigned char *) &one == 1 ? 0 : sizeof (unsigned);

  return (unsigned) offsetof (struct seccomp_data, args) + 8 * (unsigned) argument + low;
}

static int
forbid (const Step *step)
{
  struct sock_filter code[] = {
    BPF_STMT (BPF_LD | BPF_W | BPF_ABS, offsetof (struct seccomp_data, nr)),
    BPF_JUMP (BPF_JMP | BPF_JEQ | BPF_K, (unsigned) step->call, 0, 4),
    BPF_STMT (BPF_LD | BPF_W | BPF_ABS, offset_of_argument (step->argument)),
    BPF_STMT (BPF_ALU | BPF_AND | BPF_K, step->mask),
    BPF_JUMP (BPF_JMP | BPF_JEQ | BPF_K, step->value, 0, 1),
    BPF_STMT (BPF_RET | BPF_K, step->action),
    BPF_STMT (BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  struct sock_fprog program = { sizeof code / sizeof code[0], code };

  if (prctl (PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
    return -1;
  return prctl (PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

int
main (int argc, char **argv)
{
  for (size_t i = 0; argc > 2 && i < sizeof steps / sizeof steps[0]; i++)
    if (strcmp (argv[1], steps[i].name) == 0)
      {
        if (forbid (&steps[i]) == 0)
          execv (argv[2], argv + 2);
        perror ("refuse");
        return 1;
      }
  fputs ("refuse: wrong usage\n", stderr);
  return 2;
}
