/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "app/cli_trace.h"
#include "core/trace/places.h"

#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* trama-cli: what the window does, without one. Commands and their help; the work is in the files beside this one. */

typedef struct
{
  const char *name;
  const char *arguments;
  const char *help;
  int (*run) (int argc, char **argv);
} Command;

static const Command commands[] = {
  { "run", N_ ("SESSION"), N_ ("run a session, by name or from a file, and print its ladder"),
    trama_cli_run },
  { "read", N_ ("FILE"), N_ ("print the ladder of a saved trace; “-” is standard input"), trama_cli_read },
  { "info", N_ ("FILE"), N_ ("say what a capture is and holds"), trama_cli_info },
  { "flows", N_ ("FILE"), N_ ("list its conversations"), trama_cli_flows },
  { "packets", N_ ("FILE"), N_ ("list its packets"), trama_cli_packets },
  { "follow", N_ ("FILE"), N_ ("print what was said in one of its conversations; see below"),
    trama_cli_follow },
  { "calls", N_ ("FILE"), N_ ("list its calls"), trama_cli_calls },
  { "explain", N_ ("FILE"), N_ ("say what happened in it, why, and what to do about it"), trama_cli_explain },
  { "save", N_ ("IN OUT"), N_ ("write a capture anew as pcapng; see below"), trama_cli_save },
  { "sessions", "", N_ ("list the sessions that can be run"), trama_cli_sessions },
  { "check", N_ ("FILE"), N_ ("say whether sessions are well written, or where they are not"),
    trama_cli_check },
  { "c", N_ ("SESSION"),
    N_ ("print a session as a C program; with the name of an ACTOR behind it, only its part"), trama_cli_c },
};

static void
print_help (void)
{
  printf (_ ("Usage: trama-cli COMMAND [OPTION…]\n\nCommands:\n"));
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    printf ("  %-9s %-8s %s\n", commands[i].name,
            commands[i].arguments[0] != '\0' ? _ (commands[i].arguments) : "", _ (commands[i].help));
  printf (_ ("\nOptions of “run” and “read”:\n"
             "  -w, --write FILE    save the trace as pcapng; “-” is standard output\n"
             "  -o, --output FILE   draw the ladder: .svg, .pdf or .png\n"
             "      --theme THEME   in these colours: light, dark or print\n"
             "      --scale SCALE   fold idle gaps, draw time true, or every moment even\n"
             "      --width PX      as wide as this, or as the columns need; 1920\n"
             "      --zoom N        a PNG this many times as large\n"
             "      --dark          the same as --theme dark\n"
             "  -q, --quiet         do not print the ladder\n"
             "      --text CODE     print it in utf8 or ascii; as the locale has it\n"
             "      --columns N     print it as wide as this, from 72 for mail; as the terminal\n"));
  printf (_ (
      "\nOptions of “run”, “read”, “flows”, “packets”, “calls” and “explain”:\n"
      "      --flow N,N-N    only these conversations, as “flows” numbers them\n"
      "      --range A..B    only this part: times since the start, as 1.5ms..20ms, or numbers of events\n"));
  printf (_ ("\nOption of “run”:\n"
             "      --step              go on call by call; what to do next is read from standard input\n"));
  printf (
      _ ("\nOptions of “read”:\n"
         "      --links         instead of the ladder, every event with what caused it and what it caused\n"
         "      --json          the same for programs: one JSON object per event\n"));
  printf (_ ("\nOptions of “save”:\n"
             "      --no-payload    cut every packet behind its headers\n"
             "      --comments      write calls and processes beside their packets, for Wireshark\n"
             "      --flow N,N-N    keep only the packets of these conversations\n"));
  printf (_ ("\nOption of “packets”:\n"
             "  -F, --follow        go on with what is appended to the file, until Ctrl+C\n"));
  printf (_ ("\nOptions of “follow”:\n"
             "      --flow N,N-N    which conversations, as “flows” numbers them\n"
             "      --side SIDE     only what this side sent: a or b\n"
             "      --hex           as numbers\n"
             "  -o, --output FILE   write the bytes of the side as they are\n"));
  printf (_ ("\nOption of “explain”:\n"
             "  -q, --quiet         problems only\n"));
  printf (_ ("\nOptions of “info”, “flows”, “packets”, “calls”, “explain” and “sessions”:\n"
             "      --json          for programs: one JSON object per line\n"
             "\nOptions of all that read a capture:\n"
             "  -f, --filter EXPR   only packets that match; see pcap-filter(7)\n"));
  printf (_ ("\nExit status: 0 success, 1 the session or the file failed, 2 wrong usage,\n"
             "3 “explain” has found a problem.\n"));
}

/*
 * The next file opened would get the number of a standard stream that is closed, and what is printed
 * would go there. To a stream that can only be read, printing fails, as it should.
 */
static void
occupy_closed_streams (void)
{
  int fd = open ("/dev/null", O_RDONLY);

  while (fd >= 0 && fd <= STDERR_FILENO)
    fd = open ("/dev/null", O_RDONLY);
  if (fd >= 0)
    close (fd);
}

int
main (int argc, char **argv)
{
  g_autofree char *locale = trama_get_locale_folder ();
  g_autofree char *message = NULL;

  occupy_closed_streams ();
  setlocale (LC_ALL, "");
  signal (SIGXFSZ, SIG_IGN); /* a file that may not grow is an error of write(2) */
  bindtextdomain (GETTEXT_PACKAGE, locale);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  if (argc < 2)
    return trama_cli_usage_error (_ ("a command is missing"));
  if (strcmp (argv[1], "--help") == 0 || strcmp (argv[1], "-h") == 0 || strcmp (argv[1], "help") == 0)
    {
      print_help ();
      return trama_cli_end_output ();
    }
  if (strcmp (argv[1], "--version") == 0)
    {
      printf ("trama-cli %s\n", TRAMA_VERSION);
      return trama_cli_end_output ();
    }
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    if (strcmp (argv[1], commands[i].name) == 0)
      return commands[i].run (argc - 1, argv + 1);
  message = g_strdup_printf (_ ("there is no command “%s”"), argv[1]);
  return trama_cli_usage_error (message);
}
