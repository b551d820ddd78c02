/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/chart/abridge.h"

#include <string.h>

#define TEXT_LETTERS 6
#define TEXT_LEAST_LETTERS 2
#define ELLIPSIS "…"

enum
{
  STEP_HOSTS = 1,
  STEP_TEXTS,
  STEP_NUMBERS,
  STEP_LEVELS,
  STEP_MESSAGES,
  STEP_DESCRIPTOR,
  STEP_NOTHING,
};

/* The step of a result from which on an error is but a name. */
#define STEP_ERROR 3

/* The length of the argument that begins there: up to a comma outside quotes and brackets. */
static gsize
measure_argument (const char *text, gsize length)
{
  guint depth = 0;
  gboolean quoted = FALSE;

  for (gsize i = 0; i < length; i++)
    if (quoted)
      {
        if (text[i] == '\\')
          i++;
        else if (text[i] == '"')
          quoted = FALSE;
      }
    else if (text[i] == '"')
      quoted = TRUE;
    else if (strchr ("([{", text[i]) != NULL)
      depth++;
    else if (strchr (")]}", text[i]) != NULL)
      depth -= depth > 0;
    else if (text[i] == ',' && depth == 0)
      return i;
  return length;
}

/* Takes the text between the brackets apart. */
static GPtrArray *
split (const char *args, gsize length)
{
  GPtrArray *arguments = g_ptr_array_new_with_free_func (g_free);

  for (gsize i = 0; i < length;)
    {
      gsize size = measure_argument (args + i, length - i);

      g_ptr_array_add (arguments, g_strchomp (g_strndup (args + i, size)));
      i += size + 1;
      while (i < length && args[i] == ' ')
        i++;
    }
  return arguments;
}

/* "127.0.0.1:5000" and "[::1]:5000"; a time and a text have no port. */
static char *
abridge_host (const char *argument)
{
  const char *port = strrchr (argument, ':');

  if (port == NULL || port[1] == '\0' || port[1 + strspn (port + 1, "0123456789")] != '\0'
      || (strchr (argument, '.') == NULL && strchr (argument, ']') == NULL)
      || strspn (argument, "0123456789abcdef.:[]%lo") != strlen (argument))
    return NULL;
  return g_strdup (port);
}

static char *
abridge_text (const char *argument, guint n_letters)
{
  const char *end = argument;

  if (argument[0] != '"' || g_utf8_strlen (argument, -1) <= n_letters + 3)
    return NULL;
  for (guint i = 0; i <= n_letters; i++)
    end = g_utf8_next_char (*end == '\\' && end[1] != '\0' ? end + 1 : end);
  return g_strdup_printf ("%.*s" ELLIPSIS "\"", (int) (end - argument), argument);
}

static gboolean
is_number (const char *argument)
{
  return argument[0] != '\0' && argument[strspn (argument, "0123456789")] == '\0';
}

static gboolean
is_level (const char *argument)
{
  return g_str_has_prefix (argument, "AF_") || g_str_has_prefix (argument, "SOL_")
         || g_str_has_prefix (argument, "IPPROTO_");
}

/* By more than a length: by flags with names, or by where it goes. */
static gboolean
is_followed (const GPtrArray *arguments, guint index)
{
  for (guint i = index + 1; i < arguments->len; i++)
    if (!is_number (g_ptr_array_index (arguments, i)))
      return TRUE;
  return FALSE;
}

/* A digit at the end takes no more room than the mark that it is left out. */
static gboolean
can_be_missed (const GPtrArray *arguments, guint index, guint step)
{
  const char *argument = g_ptr_array_index (arguments, index);
  gboolean last = index + 1 == arguments->len;

  if (step >= STEP_MESSAGES && argument[0] == '"' && is_followed (arguments, index))
    return TRUE;
  if (step >= STEP_LEVELS && is_level (argument))
    return TRUE;
  return step >= STEP_NUMBERS && index > 0 && is_number (argument) && (!last || argument[1] != '\0');
}

/* NULL: it stays as it is. */
static char *
abridge (const GPtrArray *arguments, guint index, guint step)
{
  const char *argument = g_ptr_array_index (arguments, index);
  char *rest = NULL;

  if (can_be_missed (arguments, index, step))
    return g_strdup (ELLIPSIS);
  if (step >= STEP_TEXTS)
    rest = abridge_text (argument, step < STEP_MESSAGES ? TEXT_LETTERS : TEXT_LEAST_LETTERS);
  return rest != NULL ? rest : abridge_host (argument);
}

/* Several that are left out one after the other leave one mark. */
static char *
join (const GPtrArray *arguments)
{
  GString *text = g_string_new ("(");

  for (guint i = 0; i < arguments->len; i++)
    {
      const char *argument = g_ptr_array_index (arguments, i);

      if (i > 0 && strcmp (argument, ELLIPSIS) == 0
          && strcmp (g_ptr_array_index (arguments, i - 1), ELLIPSIS) == 0)
        continue;
      g_string_append_printf (text, "%s%s", i > 0 ? ", " : "", argument);
    }
  g_string_append_c (text, ')');
  return g_string_free (text, FALSE);
}

/* A single argument takes no more room than the mark that it is left out, or is all there is to say. */
static char *
leave_out_most (const GPtrArray *arguments, guint step)
{
  const char *first = g_ptr_array_index (arguments, 0);

  if (step < STEP_NOTHING && is_number (first))
    return g_strdup_printf ("(%s, " ELLIPSIS ")", first);
  return g_strdup ("(" ELLIPSIS ")");
}

char *
trama_args_abridge (const char *args, guint step)
{
  g_autoptr (GPtrArray) arguments = NULL;
  gsize length = strlen (args);

  if (step == 0 || length < 2 || args[0] != '(' || args[length - 1] != ')')
    return g_strdup (args);
  arguments = split (args + 1, length - 2);
  if (step >= STEP_DESCRIPTOR && arguments->len > 1)
    return leave_out_most (arguments, step);
  for (guint i = 0; i < arguments->len; i++)
    {
      char *rest = abridge (arguments, i, step);

      if (rest == NULL)
        continue;
      g_free (arguments->pdata[i]);
      arguments->pdata[i] = rest;
    }
  return join (arguments);
}

char *
trama_args_cut (const char *args, guint n_letters)
{
  g_autofree char *cut = NULL;
  char *part;

  if (g_utf8_strlen (args, -1) <= n_letters || n_letters < 2)
    return g_strdup (args);
  cut = g_utf8_substring (args, 0, n_letters - 2);
  part = g_strrstr (cut, " · ");
  if (part != NULL)
    *part = '\0';
  while (g_str_has_suffix (cut, " ") || g_str_has_suffix (cut, ","))
    cut[strlen (cut) - 1] = '\0';
  return g_strconcat (cut, g_str_has_suffix (cut, ELLIPSIS) ? "" : ELLIPSIS, ")", NULL);
}

/* The end of the text that begins there, behind its quotation mark; NULL: it has none. */
static const char *
find_end_of_text (const char *text)
{
  for (const char *at = text + 1; *at != '\0'; at++)
    if (*at == '"')
      return at + 1;
    else if (*at == '\\' && at[1] != '\0')
      at++;
  return NULL;
}

/* Who knows the whole text has no need to be told a second time that there is more of it. */
char *
trama_result_abridge (const char *result, guint step)
{
  const char *text = strchr (result, '"'), *end = text != NULL ? find_end_of_text (text) : NULL;
  const char *arrow = strstr (end != NULL ? end : result, " ← ");
  g_autofree char *host = arrow != NULL && step > 0 ? abridge_host (arrow + strlen (" ← ")) : NULL;
  g_autofree char *from = host != NULL    ? g_strconcat (" ← ", host, NULL)
                          : arrow != NULL ? g_strdup (arrow)
                                          : NULL;
  g_autofree char *head = NULL, *whole = NULL, *rest = NULL;
  const char *events = strstr (result, " [{");

  if (step >= STEP_ERROR && g_str_has_prefix (result, "= -1 "))
    return g_strdup (result + strlen ("= -1 "));
  if (step > 1 && events != NULL && text == NULL)
    return g_strdup_printf ("%.*s [" ELLIPSIS "]", (int) (events - result), result);
  if (step == 0 || (end == NULL && arrow == NULL))
    return g_strdup (result);
  if (end == NULL)
    return g_strdup_printf ("%.*s%s", (int) (arrow - result), result, from);
  head = g_strndup (result, (gsize) (text - result));
  whole = g_strndup (text, (gsize) (end - text));
  if (step > 1)
    rest = abridge_text (whole, step > 2 ? TEXT_LEAST_LETTERS : TEXT_LETTERS);
  if (rest != NULL)
    return g_strconcat (head, rest, from, NULL);
  return g_strdup_printf ("%s%s%.*s%s", head, whole,
                          (int) ((arrow != NULL ? arrow : end + strlen (end)) - end), end,
                          from != NULL ? from : "");
}
