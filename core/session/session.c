/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/session/private.h"

#include <string.h>

/* The MTU of Ethernet, which core/lab gives its loopback. */
#define DEFAULT_MTU 1500

#define DEFAULT_CONGESTION "reno"

/* Strings are copied into blocks of this size, longer ones into blocks of their own. */
#define CHUNK_BYTES 4096

static void
clear_script (gpointer data)
{
  TramaScript *script = data;

  g_free ((gpointer) script->steps);
  g_free ((gpointer) script->variables);
}

static void
free_array (gpointer data)
{
  g_array_unref (data);
}

TramaSession *
trama_session_new (void)
{
  TramaSession *session = g_new0 (TramaSession, 1);

  g_atomic_ref_count_init (&session->references);
  session->strings = g_string_chunk_new (CHUNK_BYTES);
  session->titles = g_array_new (FALSE, FALSE, sizeof (TramaSessionText));
  session->abouts = g_array_new (FALSE, FALSE, sizeof (TramaSessionText));
  session->scripts = g_array_new (FALSE, FALSE, sizeof (TramaScript));
  g_array_set_clear_func (session->scripts, clear_script);
  session->captions = g_ptr_array_new_with_free_func (free_array);
  session->signals = g_ptr_array_new ();
  session->sysctls = g_array_new (FALSE, FALSE, sizeof (TramaSysctl));
  session->settings = (TramaLabSettings){
    .mtu = DEFAULT_MTU,
    .congestion = DEFAULT_CONGESTION,
    .time_ms = TRAMA_SESSION_DEFAULT_TIME_MS,
    .order = TRAMA_ORDER_AUTO,
  };
  session->order = G_MAXUINT;
  return session;
}

TramaSession *
trama_session_ref (TramaSession *session)
{
  g_return_val_if_fail (session != NULL, NULL);

  g_atomic_ref_count_inc (&session->references);
  return session;
}

void
trama_session_unref (TramaSession *session)
{
  g_return_if_fail (session != NULL);

  if (!g_atomic_ref_count_dec (&session->references))
    return;
  g_array_unref (session->titles);
  g_array_unref (session->abouts);
  g_array_unref (session->scripts);
  g_array_unref (session->sysctls);
  g_ptr_array_unref (session->captions);
  g_ptr_array_unref (session->signals);
  g_string_chunk_free (session->strings);
  g_free (session);
}

/* What is untagged is in English, the language of the source. */
static gboolean
is_for (const TramaSessionText *text, const char *language)
{
  if (text->language != NULL)
    return strcmp (text->language, language) == 0;
  return strcmp (language, "C") == 0 || strcmp (language, "en") == 0;
}

const char *
trama_session_choose_text (const TramaSessionText *texts, guint n_texts)
{
  g_return_val_if_fail (texts != NULL || n_texts == 0, NULL);

  for (const char *const *language = g_get_language_names (); *language != NULL; language++)
    for (guint i = 0; i < n_texts; i++)
      if (is_for (&texts[i], *language))
        return texts[i].text;
  return n_texts > 0 ? texts[0].text : NULL;
}

static const char *
choose_among (GArray *texts)
{
  return trama_session_choose_text ((const TramaSessionText *) texts->data, texts->len);
}

const char *
trama_session_get_name (const TramaSession *session)
{
  g_return_val_if_fail (session != NULL, NULL);

  return session->name;
}

const char *
trama_session_get_title (const TramaSession *session)
{
  g_return_val_if_fail (session != NULL, NULL);

  return choose_among (session->titles);
}

const char *
trama_session_get_about (const TramaSession *session)
{
  g_return_val_if_fail (session != NULL, NULL);

  return choose_among (session->abouts);
}

const char *
trama_session_get_text (const TramaSession *session)
{
  g_return_val_if_fail (session != NULL, NULL);

  return session->text;
}

guint
trama_session_get_order (const TramaSession *session)
{
  g_return_val_if_fail (session != NULL, 0);

  return session->order;
}

guint
trama_session_n_actors (const TramaSession *session)
{
  g_return_val_if_fail (session != NULL, 0);

  return session->scripts->len;
}

const TramaScript *
trama_session_get_actor (const TramaSession *session, guint index)
{
  g_return_val_if_fail (session != NULL, NULL);
  g_return_val_if_fail (index < session->scripts->len, NULL);

  return &g_array_index (session->scripts, TramaScript, index);
}

guint
trama_session_n_signals (const TramaSession *session)
{
  g_return_val_if_fail (session != NULL, 0);

  return session->signals->len;
}

const char *
trama_session_get_signal (const TramaSession *session, guint index)
{
  g_return_val_if_fail (session != NULL, NULL);
  g_return_val_if_fail (index < session->signals->len, NULL);

  return g_ptr_array_index (session->signals, index);
}

const TramaLabSettings *
trama_session_get_settings (const TramaSession *session)
{
  g_return_val_if_fail (session != NULL, NULL);

  return &session->settings;
}

void
trama_session_fill (guint8 *bytes, gsize size)
{
  g_return_if_fail (bytes != NULL || size == 0);

  for (gsize i = 0; i < size; i++)
    bytes[i] = (guint8) ('a' + i % 26);
}

int
trama_session_get_domain (const TramaSession *session)
{
  g_return_val_if_fail (session != NULL, 0);

  return session->domain;
}

int
trama_session_get_type (const TramaSession *session)
{
  g_return_val_if_fail (session != NULL, 0);

  return session->type;
}

guint
trama_session_find_step_line (const TramaSession *session, guint line)
{
  guint found = 0;

  g_return_val_if_fail (session != NULL, 0);

  for (guint i = 0; i < trama_session_n_actors (session); i++)
    {
      const TramaScript *script = trama_session_get_actor (session, i);

      for (guint k = 0; k < script->n_steps; k++)
        if (script->steps[k].line >= line && (found == 0 || script->steps[k].line < found))
          found = script->steps[k].line;
    }
  return found;
}

guint
trama_session_get_last_step_line (const TramaSession *session)
{
  guint last = 0;

  g_return_val_if_fail (session != NULL, 0);

  for (guint i = 0; i < trama_session_n_actors (session); i++)
    {
      const TramaScript *script = trama_session_get_actor (session, i);

      for (guint k = 0; k < script->n_steps; k++)
        last = MAX (last, script->steps[k].line);
    }
  return last;
}
