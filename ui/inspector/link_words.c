/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/inspector/link_words.h"

#include <glib/gi18n-lib.h>

/* A call that polled a flood is linked with all of it. */
#define LINKS_MAX 40

static const struct
{
  const char *cause;  /* the other event is the cause of what is shown */
  const char *effect; /* it is the effect */
} words[TRAMA_LINKS_N_KINDS] = {
  [TRAMA_LINKS_SENDS] = { N_ ("was sent by"), N_ ("sent") },
  [TRAMA_LINKS_TAKES] = { N_ ("took its bytes from"), N_ ("was read by") },
  [TRAMA_LINKS_CARRIES] = { N_ ("took its bytes from"), N_ ("was read by") },
  [TRAMA_LINKS_PAIRS] = { N_ ("took its bytes from"), N_ ("was read by") },
  [TRAMA_LINKS_OPENS] = { N_ ("was sent to connect by"), N_ ("sent to connect") },
  [TRAMA_LINKS_CONNECTS] = { N_ ("was told of the connection by"), N_ ("told of the connection") },
  [TRAMA_LINKS_ACCEPTS] = { N_ ("took the connection that came with"), N_ ("the connection was taken by") },
  [TRAMA_LINKS_ENDS] = { N_ ("was ended by"), N_ ("ended with") },
  [TRAMA_LINKS_RESETS] = { N_ ("was reset by"), N_ ("reset") },
  [TRAMA_LINKS_REFUSES] = { N_ ("was refused by"), N_ ("refused") },
  [TRAMA_LINKS_REPORTS] = { N_ ("was told of an error by"), N_ ("told of an error") },
  [TRAMA_LINKS_EXPIRES] = { N_ ("gave up after"), N_ ("not answered, gave up") },
  [TRAMA_LINKS_ANSWERS] = { N_ ("answers"), N_ ("was answered with") },
  [TRAMA_LINKS_READIES] = { N_ ("found"), N_ ("was found by") },
  [TRAMA_LINKS_WAKES] = { N_ ("was woken by"), N_ ("woke") },
};

char *
trama_link_describe (const TramaLink *link, gboolean is_cause)
{
  const char *word = is_cause ? words[link->kind].cause : words[link->kind].effect;
  guint64 last = link->to_bytes - 1;

  if (link->to_bytes <= link->from_bytes)
    return g_strdup (_ (word));
  if (link->from_bytes == last)
    /* Translators: "was sent by · byte 6", counted from 0. */
    return g_strdup_printf (_ ("%s · byte %lu"), _ (word), (gulong) last);
  /* Translators: "was sent by · bytes 0–6", the first and the last, counted from 0. */
  return g_strdup_printf (_ ("%s · bytes %lu–%lu"), _ (word), (gulong) link->from_bytes, (gulong) last);
}

static void
add_all (TramaLinkList *list, const GArray *links, gboolean are_causes)
{
  for (guint i = 0; i < MIN (links->len, LINKS_MAX); i++)
    {
      const TramaLink *link = &g_array_index (links, TramaLink, i);
      TramaRef other = are_causes ? link->cause : link->effect;
      g_autofree char *caption = NULL;

      if ((other.kind != TRAMA_EVENT_PACKET && other.kind != TRAMA_EVENT_CALL)
          || link->kind >= G_N_ELEMENTS (words) || words[link->kind].cause == NULL)
        continue;
      caption = trama_link_describe (link, are_causes);
      trama_link_list_add (list, caption, other);
    }
}

gboolean
trama_link_words_add (TramaLinkList *list, TramaViewState *state, TramaRef ref)
{
  TramaLinks *links = trama_view_state_get_links (state);
  g_autoptr (GArray) causes = NULL;
  g_autoptr (GArray) effects = NULL;

  if (links == NULL)
    return FALSE;
  trama_links_get (links, ref, &causes, &effects);
  add_all (list, causes, TRUE);
  add_all (list, effects, FALSE);
  return TRUE;
}
