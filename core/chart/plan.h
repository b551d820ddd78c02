/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/chart/chart_private.h"

/* Who gets a column, and where. Private to core/chart. */

enum
{
  TRAMA_PARTY_LEFT = 1 << 0,
  TRAMA_PARTY_RIGHT = 1 << 1,
};

/* An actor, the kernel, or an endpoint where nobody recorded calls. */
typedef struct
{
  guint32 actor; /* index in the store; G_MAXUINT32: none */
  gboolean kernel;
  gint32 lane;    /* as in lanes.h */
  guint32 seat;   /* of an endpoint */
  gboolean track; /* of TCP states */
  guint sides;    /* TRAMA_PARTY_*: where it has to do with somebody, at least one */
} TramaParty;

static inline guint
trama_party_count_sides (const TramaParty *party)
{
  return ((party->sides & TRAMA_PARTY_LEFT) != 0) + ((party->sides & TRAMA_PARTY_RIGHT) != 0);
}

/*
 * A new GArray of TramaParty, from left to right: as trama_parties_new, but those who have
 * to do with one another side by side, or as the user has arranged them. From then on the layout knows the
 * columns of actors. In three steps, for each takes a while of many conversations.
 */
GArray *trama_layout_list_parties (TramaLayout *layout);
void trama_layout_arrange_parties (TramaLayout *layout, GArray *parties);
void trama_layout_face_parties (TramaLayout *layout, GArray *parties);
