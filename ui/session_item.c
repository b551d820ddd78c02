/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/trace/call.h"
#include "ui/session_item.h"

#include <glib/gi18n-lib.h>

struct _TramaSessionItem
{
  GObject parent_instance;

  /* owned */
  TramaSession *session;
};

enum
{
  PROP_TITLE = 1,
  PROP_DETAIL,
  PROP_ABOUT,
};

G_DEFINE_FINAL_TYPE (TramaSessionItem, trama_session_item, G_TYPE_OBJECT)

/* How people call it; the C name where they have no other. */
static const char *
type_in_words (int type)
{
  static const struct
  {
    const char *c_name;
    const char *words;
  } types[] = {
    { "SOCK_STREAM", N_ ("stream") },
    { "SOCK_DGRAM", N_ ("datagram") },
    { "SOCK_SEQPACKET", N_ ("sequenced packets") },
    { "SOCK_RAW", N_ ("raw") },
  };
  const char *c_name = trama_type_name (type);
  gsize i;

  for (i = 0; i < G_N_ELEMENTS (types); i++)
    if (g_strcmp0 (types[i].c_name, c_name) == 0)
      return _ (types[i].words);
  return c_name;
}

static char *
dup_detail (TramaSession *session)
{
  const char *type = type_in_words (trama_session_get_type (session));
  const char *domain = trama_domain_name (trama_session_get_domain (session));

  if (type == NULL || domain == NULL)
    return g_strdup (_ ("no sockets"));
  return g_strdup_printf ("%s · %s", type, domain);
}

static void
get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  TramaSessionItem *self = TRAMA_SESSION_ITEM (object);

  switch (id)
    {
    case PROP_TITLE:
      g_value_set_string (value, trama_session_get_title (self->session));
      break;
    case PROP_DETAIL:
      g_value_take_string (value, dup_detail (self->session));
      break;
    case PROP_ABOUT:
      g_value_set_string (value, trama_session_get_about (self->session));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
finalize (GObject *object)
{
  TramaSessionItem *self = TRAMA_SESSION_ITEM (object);

  g_clear_pointer (&self->session, trama_session_unref);
  G_OBJECT_CLASS (trama_session_item_parent_class)->finalize (object);
}

static void
install_string (GObjectClass *object_class, guint id, const char *name)
{
  g_object_class_install_property (
      object_class, id,
      g_param_spec_string (name, NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
}

static void
trama_session_item_class_init (TramaSessionItemClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = get_property;
  object_class->finalize = finalize;

  install_string (object_class, PROP_TITLE, "title");
  install_string (object_class, PROP_DETAIL, "detail");
  install_string (object_class, PROP_ABOUT, "about");
}

static void
trama_session_item_init (TramaSessionItem *self)
{
}

TramaSessionItem *
trama_session_item_new (TramaSession *session)
{
  TramaSessionItem *self;

  g_return_val_if_fail (session != NULL, NULL);

  self = g_object_new (TRAMA_TYPE_SESSION_ITEM, NULL);
  self->session = trama_session_ref (session);
  return self;
}

TramaSession *
trama_session_item_get_session (TramaSessionItem *self)
{
  g_return_val_if_fail (TRAMA_IS_SESSION_ITEM (self), NULL);
  return self->session;
}
