/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/lab/command.h"

#include <string.h>

typedef struct
{
  const char *word;
  TramaCommandKind kind;
  gint64 max_number; /* 0: it takes none */
} CommandWord;

static const CommandWord words[] = {
  { "pause", TRAMA_COMMAND_PAUSE, 0 },
  { "run", TRAMA_COMMAND_RUN, 0 },
  { "step", TRAMA_COMMAND_STEP, 0 },
  { "until", TRAMA_COMMAND_UNTIL, G_MAXINT32 },
  { "pace", TRAMA_COMMAND_PACE, TRAMA_COMMAND_MAX_PACE_MS },
};

/* What stands behind @word and a blank; "" for the word alone; NULL: the line begins with another one. */
static const char *
skip_word (const char *line, const char *word)
{
  gsize size = strlen (word);

  if (strncmp (line, word, size) != 0)
    return NULL;
  if (line[size] == '\0')
    return line + size;
  return line[size] == ' ' ? line + size + 1 : NULL;
}

static TramaCommand
read_command (const CommandWord *word, const char *rest)
{
  TramaCommand command = { .kind = word->kind };
  guint64 number = 0;

  if (word->max_number > 0)
    {
      if (!g_ascii_string_to_unsigned (rest, 10, 0, (guint64) word->max_number, &number, NULL))
        return (TramaCommand){ .kind = TRAMA_COMMAND_NONE };
      command.number = (guint) number;
    }
  else if (word->kind == TRAMA_COMMAND_STEP && *rest != '\0')
    command.name = rest;
  else if (*rest != '\0')
    command.kind = TRAMA_COMMAND_NONE;
  return command;
}

TramaCommand
trama_command_parse (const char *line)
{
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    {
      const char *rest = skip_word (line, words[i].word);

      if (rest != NULL)
        return read_command (&words[i], rest);
    }
  return (TramaCommand){ .kind = TRAMA_COMMAND_NONE };
}
