/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/window/window_private.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

/*
 * The files that were opened and written last, in a submenu beside "Open". They are kept where
 * all programs of the desktop keep theirs, and the desktop's privacy settings hold for them.
 */

/* More are no longer found at a glance. */
#define SHOWN_MAX 10

/* Of the section: behind "Open". */
#define PLACE_IN_SECTION 1

/* Where nothing can be kept GTK would say so each time. */
static gboolean
can_be_kept (void)
{
  const char *folder = g_get_user_data_dir ();

  return g_file_test (folder, G_FILE_TEST_IS_DIR) && g_access (folder, R_OK | W_OK | X_OK) == 0;
}

static void
forget (gpointer info)
{
  gtk_recent_info_unref (info);
}

static int
compare_newest_first (gconstpointer a, gconstpointer b)
{
  GtkRecentInfo *const *one = a, *const *other = b;

  return g_date_time_compare (gtk_recent_info_get_modified (*other), gtk_recent_info_get_modified (*one));
}

/* Ours, and still there. */
static GPtrArray *
find_files (void)
{
  GPtrArray *files = g_ptr_array_new_with_free_func (forget);
  g_autolist (GtkRecentInfo) all = gtk_recent_manager_get_items (gtk_recent_manager_get_default ());

  for (GList *link = all; link != NULL; link = link->next)
    if (gtk_recent_info_has_application (link->data, TRAMA_APP_ID) && gtk_recent_info_is_local (link->data)
        && gtk_recent_info_exists (link->data))
      g_ptr_array_add (files, gtk_recent_info_ref (link->data));
  g_ptr_array_sort (files, compare_newest_first);
  if (files->len > SHOWN_MAX)
    g_ptr_array_set_size (files, SHOWN_MAX);
  return files;
}

/* The folder, too, where another file has the same name; an underscore would underline what follows it. */
static char *
dup_label (const GPtrArray *files, guint index)
{
  GtkRecentInfo *info = g_ptr_array_index (files, index);
  const char *name = gtk_recent_info_get_display_name (info);
  g_autofree char *where = gtk_recent_info_get_uri_display (info);
  g_autoptr (GString) label = g_string_new (name);

  for (guint i = 0; i < files->len; i++)
    if (i != index && where != NULL
        && g_str_equal (name, gtk_recent_info_get_display_name (g_ptr_array_index (files, i))))
      g_string_assign (label, where);
  g_string_replace (label, "_", "__", 0);
  return g_string_free (g_steal_pointer (&label), FALSE);
}

static void
fill (TramaWindow *self)
{
  g_autoptr (GPtrArray) files = find_files ();
  const gboolean was_empty = g_menu_model_get_n_items (G_MENU_MODEL (self->recent)) == 0;

  g_menu_remove_all (self->recent);
  for (guint i = 0; i < files->len; i++)
    {
      g_autofree char *label = dup_label (files, i);
      g_autoptr (GMenuItem) item = g_menu_item_new (label, NULL);

      g_menu_item_set_action_and_target (item, "win.open-recent", "s",
                                         gtk_recent_info_get_uri (g_ptr_array_index (files, i)));
      g_menu_append_item (self->recent, item);
    }
  if (was_empty && files->len > 0)
    g_menu_insert_submenu (self->file_section, PLACE_IN_SECTION, _ ("Recentl_y Used"),
                           G_MENU_MODEL (self->recent));
  if (!was_empty && files->len == 0)
    g_menu_remove (self->file_section, PLACE_IN_SECTION);
}

static void
on_open_recent (GSimpleAction *action, GVariant *uri, gpointer user_data)
{
  g_autofree char *path = g_filename_from_uri (g_variant_get_string (uri, NULL), NULL, NULL);

  if (path != NULL)
    trama_window_start (user_data, path);
}

void
trama_window_remember (TramaWindow *self, const char *path)
{
  g_autofree char *type = NULL;
  g_autofree char *mime_type = NULL;
  g_autofree char *uri = NULL;
  g_autoptr (GFile) file = NULL;
  char program[] = "trama %f";
  char id[] = TRAMA_APP_ID;

  if (path == NULL || g_str_equal (path, "-") || !can_be_kept ())
    return;
  file = g_file_new_for_path (path);
  uri = g_file_get_uri (file);
  type = g_content_type_guess (path, NULL, 0, NULL);
  mime_type = g_content_type_get_mime_type (type);
  gtk_recent_manager_add_full (gtk_recent_manager_get_default (), uri,
                               &(GtkRecentData){ .mime_type = mime_type != NULL ? mime_type : type,
                                                 .app_name = id,
                                                 .app_exec = program });
}

void
trama_window_add_recent (TramaWindow *self)
{
  static const GActionEntry entries[] = {
    { .name = "open-recent", .activate = on_open_recent, .parameter_type = "s" },
  };

  self->recent = g_menu_new ();
  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
  if (!can_be_kept ())
    return;
  g_signal_connect_object (gtk_recent_manager_get_default (), "changed", G_CALLBACK (fill), self,
                           G_CONNECT_SWAPPED);
  fill (self);
}
