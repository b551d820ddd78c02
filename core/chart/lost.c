/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/chart/chart_private.h"

static GHashTable *
list_lost (const TramaLinks *links)
{
  GHashTable *lost = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < trama_links_n_links (links); i++)
    {
      const TramaLink link = trama_links_get_link (links, i);

      if (link.kind == TRAMA_LINKS_LOST && link.cause.kind == TRAMA_EVENT_PACKET
          && (link.reason == TRAMA_LOSS_NO_ROOM || link.reason == TRAMA_LOSS_ON_THE_WAY))
        g_hash_table_add (lost, GUINT_TO_POINTER (link.cause.index));
    }
  return lost;
}

gboolean
trama_ladder_may_link (TramaLadder *ladder)
{
  const TramaStore *store = ladder->cast.store;

  if (trama_store_n_calls (store) + trama_store_n_packets (store) <= TRAMA_LINKED_EVENTS_MAX)
    return TRUE;
  ladder->contents |= TRAMA_CHART_IS_UNLINKED;
  return FALSE;
}

TramaLinks *
trama_ladder_link (TramaLadder *ladder, guint room)
{
  if (ladder->linking == NULL)
    ladder->linking = trama_links_builder_new (ladder->cast.table);
  if (trama_links_builder_step (ladder->linking, room))
    return NULL;
  return trama_links_builder_finish (g_steal_pointer (&ladder->linking));
}

static gboolean
may_have_lost (TramaLadder *ladder)
{
  const TramaStore *store = ladder->cast.store;

  return trama_store_n_calls (store) > 0 && trama_store_n_packets (store) > 0
         && trama_ladder_may_link (ladder);
}

gboolean
trama_ladder_list_lost (TramaLadder *ladder, guint room)
{
  g_autoptr (TramaLinks) links = NULL;

  if (ladder->links != NULL)
    links = trama_links_ref (ladder->links);
  else if (may_have_lost (ladder) && (links = trama_ladder_link (ladder, room)) == NULL)
    return TRUE;
  ladder->lost = links != NULL ? list_lost (links) : g_hash_table_new (NULL, NULL);
  return FALSE;
}

gboolean
trama_layout_is_lost (const TramaLayout *layout, guint32 packet)
{
  return g_hash_table_contains (layout->ladder->lost, GUINT_TO_POINTER (packet));
}
