/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/color_scheme.h"

#define PORTAL_NAME "org.freedesktop.portal.Desktop"
#define PORTAL_PATH "/org/freedesktop/portal/desktop"
#define PORTAL_INTERFACE "org.freedesktop.portal.Settings"
#define APPEARANCE "org.freedesktop.appearance"
#define COLOR_SCHEME "color-scheme"
#define GNOME_SCHEMA "org.gnome.desktop.interface"

/* A first frame in the wrong colours is worse than a short wait, a long wait is worse than both. */
#define PORTAL_TIMEOUT_MS 250

/* Of the portal and of GNOME's setting alike. */
#define PREFER_DARK 1

struct _TramaColorScheme
{
  GObject parent_instance;

  /* owned */
  GDBusConnection *bus;
  GSettings *settings;

  /* state */
  guint portal_id;
  gboolean dark;
};

enum
{
  PROP_DARK = 1,
  N_PROPERTIES,
};

static GParamSpec *properties[N_PROPERTIES];

G_DEFINE_FINAL_TYPE (TramaColorScheme, trama_color_scheme, G_TYPE_OBJECT)

static void
apply (TramaColorScheme *self, gboolean dark)
{
  g_object_set (gtk_settings_get_default (), "gtk-application-prefer-dark-theme", dark, NULL);
  if (self->dark == dark)
    return;
  self->dark = dark;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DARK]);
}

static void
on_portal_changed (GDBusConnection *bus,
                   const char *sender,
                   const char *path,
                   const char *interface,
                   const char *signal,
                   GVariant *parameters,
                   gpointer user_data)
{
  TramaColorScheme *self = user_data;
  const char *group;
  const char *key;
  g_autoptr (GVariant) value = NULL;

  if (!g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(ssv)")))
    return;
  g_variant_get (parameters, "(&s&sv)", &group, &key, &value);
  if (g_str_equal (group, APPEARANCE) && g_str_equal (key, COLOR_SCHEME)
      && g_variant_is_of_type (value, G_VARIANT_TYPE_UINT32))
    apply (self, g_variant_get_uint32 (value) == PREFER_DARK);
}

static gboolean
follow_portal (TramaColorScheme *self)
{
  g_autoptr (GVariant) reply = NULL;
  g_autoptr (GVariant) outer = NULL;
  g_autoptr (GVariant) value = NULL;

  if (self->bus == NULL)
    return FALSE;
  reply = g_dbus_connection_call_sync (self->bus, PORTAL_NAME, PORTAL_PATH, PORTAL_INTERFACE, "Read",
                                       g_variant_new ("(ss)", APPEARANCE, COLOR_SCHEME),
                                       G_VARIANT_TYPE ("(v)"), G_DBUS_CALL_FLAGS_NO_AUTO_START,
                                       PORTAL_TIMEOUT_MS, NULL, NULL);
  if (reply == NULL)
    return FALSE;

  g_variant_get (reply, "(v)", &outer);
  /* Read wraps its answer once more than it should, and always will. */
  value = g_variant_is_of_type (outer, G_VARIANT_TYPE_VARIANT) ? g_variant_get_variant (outer)
                                                               : g_variant_ref (outer);
  if (!g_variant_is_of_type (value, G_VARIANT_TYPE_UINT32))
    return FALSE;

  apply (self, g_variant_get_uint32 (value) == PREFER_DARK);
  self->portal_id = g_dbus_connection_signal_subscribe (
      self->bus, PORTAL_NAME, PORTAL_INTERFACE, "SettingChanged", PORTAL_PATH, APPEARANCE,
      G_DBUS_SIGNAL_FLAGS_NONE, on_portal_changed, self, NULL);
  return TRUE;
}

static void
on_setting_changed (GSettings *settings, const char *key, TramaColorScheme *self)
{
  apply (self, g_settings_get_enum (settings, COLOR_SCHEME) == PREFER_DARK);
}

static void
follow_settings (TramaColorScheme *self)
{
  GSettingsSchemaSource *source = g_settings_schema_source_get_default ();
  g_autoptr (GSettingsSchema) schema = NULL;

  /* g_settings_new () aborts for a schema that is not installed. */
  if (source != NULL)
    schema = g_settings_schema_source_lookup (source, GNOME_SCHEMA, TRUE);
  if (schema == NULL || !g_settings_schema_has_key (schema, COLOR_SCHEME))
    return;

  self->settings = g_settings_new (GNOME_SCHEMA);
  g_signal_connect (self->settings, "changed::" COLOR_SCHEME, G_CALLBACK (on_setting_changed), self);
  on_setting_changed (self->settings, COLOR_SCHEME, self);
}

static void
stop_following (TramaColorScheme *self)
{
  if (self->portal_id != 0)
    g_dbus_connection_signal_unsubscribe (self->bus, self->portal_id);
  self->portal_id = 0;
  g_clear_object (&self->bus);
  if (self->settings != NULL)
    g_signal_handlers_disconnect_by_data (self->settings, self);
  g_clear_object (&self->settings);
}

static void
dispose (GObject *object)
{
  stop_following (TRAMA_COLOR_SCHEME (object));
  G_OBJECT_CLASS (trama_color_scheme_parent_class)->dispose (object);
}

static void
get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_DARK)
    g_value_set_boolean (value, TRAMA_COLOR_SCHEME (object)->dark);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
trama_color_scheme_class_init (TramaColorSchemeClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = dispose;
  object_class->get_property = get_property;

  properties[PROP_DARK] = g_param_spec_boolean ("dark", NULL, NULL, FALSE,
                                                G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
}

static void
trama_color_scheme_init (TramaColorScheme *self)
{
  g_object_get (gtk_settings_get_default (), "gtk-application-prefer-dark-theme", &self->dark, NULL);
}

TramaColorScheme *
trama_color_scheme_new (GDBusConnection *bus)
{
  TramaColorScheme *self = g_object_new (TRAMA_TYPE_COLOR_SCHEME, NULL);

  self->bus = bus != NULL ? g_object_ref (bus) : NULL;
  if (!follow_portal (self))
    follow_settings (self);
  return self;
}

gboolean
trama_color_scheme_get_dark (TramaColorScheme *self)
{
  g_return_val_if_fail (TRAMA_IS_COLOR_SCHEME (self), FALSE);
  return self->dark;
}

void
trama_color_scheme_choose (TramaColorScheme *self, gboolean dark)
{
  g_return_if_fail (TRAMA_IS_COLOR_SCHEME (self));

  stop_following (self);
  apply (self, dark);
}
