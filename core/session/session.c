/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/session/private.h"

#include <string.h>

G_DEFINE_QUARK (trama - session - error - quark, trama_session_error)

/* Strings are copied into blocks of this size, longer ones into blocks of their own. */
#define CHUNK_BYTES 4096

static void
clear_script (gpointer data)
{
  TramaScript *script = data;

  g_free ((gpointer) script->steps);
  g_free ((gpointer) script->variables);
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
  session->signals = g_ptr_array_new ();
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

static const char *
choose_text (GArray *texts)
{
  for (const char *const *language = g_get_language_names (); *language != NULL; language++)
    for (guint i = 0; i < texts->len; i++)
      {
        const TramaSessionText *text = &g_array_index (texts, TramaSessionText, i);

        if (is_for (text, *language))
          return text->text;
      }
  return texts->len > 0 ? g_array_index (texts, TramaSessionText, 0).text : NULL;
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

  return choose_text (session->titles);
}

const char *
trama_session_get_about (const TramaSession *session)
{
  g_return_val_if_fail (session != NULL, NULL);

  return choose_text (session->abouts);
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
