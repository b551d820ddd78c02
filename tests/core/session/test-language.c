/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/trace/call.h"
#include "tests/core/session/render.h"

#include <string.h>

/*
 * The page that writes the language down cannot lie: every example in it is parsed,
 * and it names every call, every statement and every limit there is.
 */

#define FENCE "```"

/* What an example of steps supposes. */
#define BEFORE_STEPS                                                                                         \
  "session \"T\"\n"                                                                                          \
  "example:\n"                                                                                               \
  "listener = socket(AF_INET, SOCK_STREAM, 0)\n"                                                             \
  "phone = socket(AF_INET, SOCK_STREAM, 0)\n"                                                                \
  "letterbox = socket(AF_INET, SOCK_DGRAM, 0)\n"

typedef void (*BlockFunc) (const char *kind, const char *text, gpointer data);

static void
for_each_block (const char *page, BlockFunc func, gpointer data)
{
  g_auto (GStrv) lines = g_strsplit (page, "\n", -1);
  g_autoptr (GString) text = g_string_new (NULL);
  const char *kind = NULL;

  for (guint i = 0; lines[i] != NULL; i++)
    {
      gboolean fence = g_str_has_prefix (lines[i], FENCE);

      if (fence && kind == NULL)
        {
          kind = lines[i] + strlen (FENCE);
          g_string_truncate (text, 0);
        }
      else if (fence)
        {
          func (kind, text->str, data);
          kind = NULL;
        }
      else if (kind != NULL)
        g_string_append_printf (text, "%s\n", lines[i]);
    }
  g_assert_null (kind);
}

typedef struct
{
  guint n_sessions;
  guint n_steps;
  guint n_refused;
  char *message;
} Examples;

static void
try_example (const char *kind, const char *text, gpointer data)
{
  gboolean steps = g_str_equal (kind, "steps");
  g_autofree char *whole = g_strconcat (steps ? BEFORE_STEPS : "", text, NULL);
  g_autoptr (TramaSession) session = NULL;
  g_autoptr (GError) error = NULL;
  Examples *examples = data;

  if (g_str_equal (kind, "ebnf"))
    return;
  if (g_str_equal (kind, "message"))
    {
      g_assert_cmpstr (text, ==, examples->message);
      g_clear_pointer (&examples->message, g_free);
      return;
    }
  session = trama_session_parse ("slip.session", whole, strlen (whole), &error);
  if (g_str_equal (kind, "refused"))
    {
      g_assert_nonnull (error);
      examples->message = g_strconcat (error->message, "\n", NULL);
      examples->n_refused++;
      return;
    }
  g_assert_no_error (error);
  g_assert_true (steps || g_str_equal (kind, "session"));
  examples->n_steps += steps;
  examples->n_sessions += !steps;
}

static void
test_examples (void)
{
  g_autofree char *page = load_shipped ("LANGUAGE.md");
  Examples examples = { 0 };

  for_each_block (page, try_example, &examples);
  g_assert_null (examples.message);
  g_assert_cmpuint (examples.n_sessions, ==, 4);
  g_assert_cmpuint (examples.n_steps, ==, 17);
  g_assert_cmpuint (examples.n_refused, ==, 1);
}

static void
keep_steps (const char *kind, const char *text, gpointer data)
{
  if (g_str_equal (kind, "steps") || g_str_equal (kind, "session"))
    g_string_append (data, text);
}

/* A call stands in an example; fork, exit and kill are statements. */
static void
test_calls (void)
{
  g_autofree char *page = load_shipped ("LANGUAGE.md");
  g_autoptr (GString) examples = g_string_new (NULL);

  for_each_block (page, keep_steps, examples);
  for (guint i = 1; i <= TRAMA_CALL_LAST; i++)
    {
      gboolean statement = i == TRAMA_CALL_FORK || i == TRAMA_CALL_EXIT || i == TRAMA_CALL_KILL;
      g_autofree char *call = g_strdup_printf (statement ? "%s " : "%s(", trama_call_info (i)->name);

      if (strstr (examples->str, call) == NULL)
        g_error ("no example of %s", call);
    }
}

static void
keep_grammar (const char *kind, const char *text, gpointer data)
{
  if (g_str_equal (kind, "ebnf"))
    g_string_append (data, text);
}

/* What one rule is made of, another defines; every rule but the first is used. */
static void
test_rules (void)
{
  g_autofree char *page = load_shipped ("LANGUAGE.md");
  g_autoptr (GString) grammar = g_string_new (NULL);
  g_autoptr (GHashTable) defined = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GHashTable) used = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GRegex) literal = g_regex_new ("\"[^\"]*\"", 0, 0, NULL);
  g_autoptr (GRegex) rule = g_regex_new ("\\b([a-z][a-z0-9_]*)\\b(\\s*=)?", 0, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;
  g_autofree char *bare = NULL;
  GHashTableIter iter;
  gpointer name;

  for_each_block (page, keep_grammar, grammar);
  bare = g_regex_replace_literal (literal, grammar->str, -1, 0, "", 0, NULL);
  for (g_regex_match (rule, bare, 0, &match); g_match_info_matches (match); g_match_info_next (match, NULL))
    {
      g_autofree char *sign = g_match_info_fetch (match, 2);

      g_hash_table_add (sign[0] != '\0' ? defined : used, g_match_info_fetch (match, 1));
    }
  g_assert_cmpuint (g_hash_table_size (defined), >, 30);
  g_hash_table_add (used, g_strdup ("session"));
  g_assert_cmpuint (g_hash_table_size (used), ==, g_hash_table_size (defined));
  g_hash_table_iter_init (&iter, defined);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    g_assert_true (g_hash_table_contains (used, name));
}

static void
test_limits (void)
{
  static const struct
  {
    const char *what;
    guint most;
  } limits[] = {
    { "bytes of its text", TRAMA_SESSION_MAX_BYTES },
    { "actors", TRAMA_SESSION_MAX_ACTORS },
    { "processes forked", TRAMA_SESSION_MAX_FORKS },
    { "steps of one actor", TRAMA_SESSION_MAX_STEPS },
    { "variables of one actor", TRAMA_SESSION_MAX_VARIABLES },
    { "signals", TRAMA_SESSION_MAX_SIGNALS },
    { "blocks in each other", TRAMA_SESSION_MAX_DEPTH },
    { "rounds of one repetition", TRAMA_SESSION_MAX_ROUNDS },
    { "bytes of one call", TRAMA_SESSION_MAX_DATA_BYTES },
    { "bytes of text in quotes", TRAMA_SESSION_MAX_LITERAL_BYTES },
    { "data of an echo request, in bytes", TRAMA_SESSION_MAX_ECHO_BYTES },
    { "sockets of one poll or rights", TRAMA_SESSION_MAX_DESCRIPTORS },
    { "bytes of a UNIX name", TRAMA_SESSION_MAX_NAME_BYTES },
    { "sysctls", TRAMA_SESSION_MAX_SETTINGS },
    { "milliseconds in all", TRAMA_SESSION_MAX_TIME_MS },
  };
  g_autofree char *page = load_shipped ("LANGUAGE.md");

  for (gsize i = 0; i < G_N_ELEMENTS (limits); i++)
    {
      g_autofree char *row = g_strdup_printf ("\n| %s | %u |\n", limits[i].what, limits[i].most);

      if (strstr (page, row) == NULL)
        g_error ("the page does not say: %s", row);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/session/language/examples", test_examples);
  g_test_add_func ("/session/language/calls", test_calls);
  g_test_add_func ("/session/language/rules", test_rules);
  g_test_add_func ("/session/language/limits", test_limits);
  return g_test_run ();
}
