/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/ui/window/fixture.h"
#include "ui/window/shortcuts_window.h"

/*
 * Whatever a key does, a menu or a button does, too, and the window of shortcuts tells
 * the key. Each of the three sets is taken from the widgets themselves, as they are.
 */

typedef struct
{
  guint keyval;
  GdkModifierType modifiers;
  char *action; /* with its target, "ladder.step(1)" */
} Key;

static void
key_clear (gpointer data)
{
  g_free (((Key *) data)->action);
}

static char *
describe (const char *action, GVariant *target)
{
  g_autofree char *text = target != NULL ? g_variant_print (target, FALSE) : g_strdup ("");

  return g_strdup_printf ("%s(%s)", action, text);
}

/* By menus and buttons. */

static void
add_way (GHashTable *ways, const char *action, GVariant *target)
{
  if (action == NULL)
    return;
  g_hash_table_add (ways, g_strdup (action));
  g_hash_table_add (ways, describe (action, target));
}

static void
add_menu (GHashTable *ways, GMenuModel *model)
{
  for (int i = 0; model != NULL && i < g_menu_model_get_n_items (model); i++)
    {
      g_autoptr (GMenuLinkIter) links = g_menu_model_iterate_item_links (model, i);
      g_autoptr (GVariant)
          target = g_menu_model_get_item_attribute_value (model, i, G_MENU_ATTRIBUTE_TARGET, NULL);
      g_autofree char *action = NULL;

      g_menu_model_get_item_attribute (model, i, G_MENU_ATTRIBUTE_ACTION, "s", &action);
      add_way (ways, action, target);
      while (g_menu_link_iter_next (links))
        {
          g_autoptr (GMenuModel) link = g_menu_link_iter_get_value (links);

          add_menu (ways, link);
        }
    }
}

/* What lies within a menu is in its model. */
static void
add_widget (GHashTable *ways, GtkWidget *widget)
{
  if (GTK_IS_POPOVER_MENU (widget))
    {
      add_menu (ways, gtk_popover_menu_get_menu_model (GTK_POPOVER_MENU (widget)));
      return;
    }
  if (GTK_IS_MENU_BUTTON (widget))
    add_menu (ways, gtk_menu_button_get_menu_model (GTK_MENU_BUTTON (widget)));
  if (GTK_IS_ACTIONABLE (widget))
    add_way (ways, gtk_actionable_get_action_name (GTK_ACTIONABLE (widget)),
             gtk_actionable_get_action_target_value (GTK_ACTIONABLE (widget)));
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    add_widget (ways, child);
}

static GHashTable *
list_ways (Fixture *fixture)
{
  GHashTable *ways = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  add_widget (ways, GTK_WIDGET (fixture->window));
  return ways;
}

/* By keys. */

static void
add_accelerators (GArray *keys, GtkApplication *application)
{
  g_auto (GStrv) actions = gtk_application_list_action_descriptions (application);

  for (char **action = actions; *action != NULL; action++)
    {
      g_auto (GStrv) accels = gtk_application_get_accels_for_action (application, *action);

      for (char **accel = accels; *accel != NULL; accel++)
        {
          Key key = { 0 };

          gtk_accelerator_parse (*accel, &key.keyval, &key.modifiers);
          key.action = describe (*action, NULL);
          g_array_append_val (keys, key);
        }
    }
}

static void
add_trigger (GArray *keys, GtkShortcutTrigger *trigger, const char *action)
{
  Key key = { 0 };

  if (GTK_IS_ALTERNATIVE_TRIGGER (trigger))
    {
      add_trigger (keys, gtk_alternative_trigger_get_first (GTK_ALTERNATIVE_TRIGGER (trigger)), action);
      add_trigger (keys, gtk_alternative_trigger_get_second (GTK_ALTERNATIVE_TRIGGER (trigger)), action);
      return;
    }
  if (!GTK_IS_KEYVAL_TRIGGER (trigger))
    return;
  key.keyval = gtk_keyval_trigger_get_keyval (GTK_KEYVAL_TRIGGER (trigger));
  key.modifiers = gtk_keyval_trigger_get_modifiers (GTK_KEYVAL_TRIGGER (trigger));
  key.action = g_strdup (action);
  g_array_append_val (keys, key);
}

/*
 * Undo and redo are asked first whether somebody writes; they have the action's name as their argument. @signals:
 * those that emit a signal, too, as GTK's own do, by its name.
 */
static void
add_shortcut (GArray *keys, GtkShortcut *shortcut, gboolean signals)
{
  GtkShortcutAction *action = gtk_shortcut_get_action (shortcut);
  GVariant *arguments = gtk_shortcut_get_arguments (shortcut);
  g_autofree char *name = NULL;

  if (GTK_IS_NAMED_ACTION (action))
    name = describe (gtk_named_action_get_action_name (GTK_NAMED_ACTION (action)), arguments);
  else if (arguments != NULL && g_variant_is_of_type (arguments, G_VARIANT_TYPE_STRING))
    name = g_strdup_printf ("win.%s()", g_variant_get_string (arguments, NULL));
  else if (signals && GTK_IS_SIGNAL_ACTION (action))
    name = g_strdup (gtk_signal_action_get_signal_name (GTK_SIGNAL_ACTION (action)));
  if (name != NULL)
    add_trigger (keys, gtk_shortcut_get_trigger (shortcut), name);
}

/* Of the class of a widget. */
static void
add_bindings (GArray *keys, GtkWidget *widget, gboolean signals)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (widget);

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GObject) controller = g_list_model_get_item (controllers, i);

      if (!GTK_IS_SHORTCUT_CONTROLLER (controller))
        continue;
      for (guint j = 0; j < g_list_model_get_n_items (G_LIST_MODEL (controller)); j++)
        {
          g_autoptr (GtkShortcut) shortcut = g_list_model_get_item (G_LIST_MODEL (controller), j);

          add_shortcut (keys, shortcut, signals);
        }
    }
}

static GArray *
list_keys (Fixture *fixture)
{
  GArray *keys = g_array_new (FALSE, FALSE, sizeof (Key));

  g_array_set_clear_func (keys, key_clear);
  add_accelerators (keys, GTK_APPLICATION (fixture->application));
  add_bindings (keys, GTK_WIDGET (fixture->window), FALSE);
  add_bindings (keys, GTK_WIDGET (trama_window_get_ladder (fixture->window)), FALSE);
  return keys;
}

/* By the window of shortcuts: what is told. Keys have no action. */

static void
add_told (GArray *told, GtkWidget *widget)
{
  g_autofree char *accelerators = NULL;
  g_auto (GStrv) words = NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    add_told (told, child);
  if (!GTK_IS_SHORTCUTS_SHORTCUT (widget))
    return;
  g_object_get (widget, "accelerator", &accelerators, NULL);
  words = g_strsplit (accelerators != NULL ? accelerators : "", " ", -1);
  for (char **word = words; *word != NULL; word++)
    {
      Key key = { 0 };

      if (**word == '\0')
        continue;
      g_assert_true (gtk_accelerator_parse (*word, &key.keyval, &key.modifiers));
      g_array_append_val (told, key);
    }
}

/* As long as it is looked at: one that is hidden would be the end of whoever uses a screen reader. */
static GtkWindow *
find_help (void)
{
  GListModel *windows = gtk_window_get_toplevels ();
  GtkWindow *found = NULL;

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWindow) window = g_list_model_get_item (windows, i);

      if (TRAMA_IS_SHORTCUTS_WINDOW (window))
        found = window;
    }
  return found;
}

static GArray *
list_told (Fixture *fixture)
{
  GArray *told = g_array_new (FALSE, FALSE, sizeof (Key));

  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.show-help-overlay", NULL));
  add_told (told, GTK_WIDGET (find_help ()));
  gtk_window_destroy (find_help ());
  g_assert_null (find_help ());
  g_assert_cmpuint (told->len, >, 60);
  return told;
}

static gboolean
has_key (const GArray *keys, const Key *key)
{
  for (guint i = 0; i < keys->len; i++)
    {
      const Key *other = &g_array_index (keys, Key, i);

      if (gdk_keyval_to_lower (other->keyval) == gdk_keyval_to_lower (key->keyval)
          && other->modifiers == key->modifiers)
        return TRUE;
    }
  return FALSE;
}

/* Keys that open the menus themselves, and one that the window's frame has a button for. */
static gboolean
is_exempt (const char *action)
{
  static const char *const exempt[] = { "win.menu()", "ladder.menu()", "window.close()" };

  for (gsize i = 0; i < G_N_ELEMENTS (exempt); i++)
    if (g_str_equal (exempt[i], action))
      return TRUE;
  return FALSE;
}

static void
test_keys_have_entries (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GHashTable) ways = list_ways (fixture);
  g_autoptr (GArray) keys = list_keys (fixture);
  guint n_missing = 0;

  g_assert_cmpuint (keys->len, >, 80);
  for (guint i = 0; i < keys->len; i++)
    {
      const Key *key = &g_array_index (keys, Key, i);
      g_autofree char *name = gtk_accelerator_name (key->keyval, key->modifiers);

      if (g_hash_table_contains (ways, key->action) || is_exempt (key->action))
        continue;
      g_test_message ("%s does %s, and no menu or button does", name, key->action);
      n_missing++;
    }
  g_assert_cmpuint (n_missing, ==, 0);
}

static void
test_keys_are_told (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GArray) keys = list_keys (fixture);
  g_autoptr (GArray) told = list_told (fixture);
  guint n_missing = 0;

  for (guint i = 0; i < keys->len; i++)
    {
      const char *action = g_array_index (keys, Key, i).action;
      gboolean is_told = FALSE;

      for (guint j = 0; j < keys->len && !is_told; j++)
        is_told = g_str_equal (g_array_index (keys, Key, j).action, action)
                  && has_key (told, &g_array_index (keys, Key, j));
      if (is_told)
        continue;
      g_test_message ("no key for %s is told", action);
      n_missing++;
    }
  g_assert_cmpuint (n_missing, ==, 0);
}

static void
test_told_keys_work (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GArray) keys = list_keys (fixture);
  g_autoptr (GArray) told = list_told (fixture);

  add_bindings (keys, GTK_WIDGET (trama_window_get_overview (fixture->window)), FALSE);
  add_bindings (keys, GTK_WIDGET (fixture->window), TRUE);
  for (guint i = 0; i < told->len; i++)
    {
      const Key *key = &g_array_index (told, Key, i);
      g_autofree char *name = gtk_accelerator_name (key->keyval, key->modifiers);

      if (!has_key (keys, key))
        g_error ("%s is told, and does nothing", name);
    }
}

static void
add_shown (GtkWidget *widget, guint *n)
{
  if (!gtk_widget_get_visible (widget))
    return;
  *n += GTK_IS_SHORTCUTS_SHORTCUT (widget);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    add_shown (child, n);
}

static GtkWidget *
find_entry (GtkWidget *widget)
{
  GtkWidget *found = GTK_IS_SEARCH_ENTRY (widget) ? widget : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_entry (child);
  return found;
}

/* What is searched for, and how many keys are found: by what they do, and by their names. */
static void
test_shortcuts_window (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *typed;
    guint n_least, n_most;
  } cases[] = { { "REDO", 1, 1 }, { "f1", 3, 8 }, { "", 60, 1000 }, { "no such words", 0, 0 } };
  GtkWidget *help;
  int width, height;

  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.show-help-overlay", NULL));
  help = GTK_WIDGET (find_help ());
  gtk_widget_measure (help, GTK_ORIENTATION_HORIZONTAL, -1, &width, NULL, NULL, NULL);
  gtk_widget_measure (help, GTK_ORIENTATION_VERTICAL, -1, &height, NULL, NULL, NULL);
  g_assert_cmpint (width, <, 800);
  g_assert_cmpint (height, <, 600);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      guint n = 0;

      gtk_editable_set_text (GTK_EDITABLE (find_entry (help)), cases[i].typed);
      g_signal_emit_by_name (find_entry (help), "search-changed");
      add_shown (gtk_window_get_child (GTK_WINDOW (help)), &n);
      g_assert_cmpuint (n, >=, cases[i].n_least);
      g_assert_cmpuint (n, <=, cases[i].n_most);
    }
  gtk_window_destroy (GTK_WINDOW (help));
}

static void
assert_reachable (GHashTable *ways, const char *prefix, GActionGroup *group)
{
  g_auto (GStrv) names = g_action_group_list_actions (group);
  guint n_missing = 0;

  for (char **name = names; *name != NULL; name++)
    {
      g_autofree char *action = g_strdup_printf ("%s.%s", prefix, *name);

      /* One opens the menu, one is about a note that is pressed upon, and one about a file that was opened before. */
      if (g_hash_table_contains (ways, action) || g_str_equal (action, "win.menu")
          || g_str_equal (action, "win.edit-note") || g_str_equal (action, "win.open-recent"))
        continue;
      g_test_message ("no menu and no button does %s", action);
      n_missing++;
    }
  g_assert_cmpuint (n_missing, ==, 0);
}

static void
test_actions_have_entries (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GHashTable) ways = list_ways (fixture);

  assert_reachable (ways, "win", G_ACTION_GROUP (fixture->window));
  assert_reachable (ways, "app", G_ACTION_GROUP (fixture->application));
}

int
main (int argc, char **argv)
{
  if (!fixture_init (&argc, &argv))
    return 0;
  fixture_add ("/reach/keys-have-entries", test_keys_have_entries);
  fixture_add ("/reach/keys-are-told", test_keys_are_told);
  fixture_add ("/reach/told-keys-work", test_told_keys_work);
  fixture_add ("/reach/actions-have-entries", test_actions_have_entries);
  fixture_add ("/reach/shortcuts-window", test_shortcuts_window);
  return g_test_run ();
}
