/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>

/* Without libFuzzer: brings every file of the folders given as arguments to the target. */
int LLVMFuzzerInitialize (int *argc, char ***argv);
int LLVMFuzzerTestOneInput (const guint8 *data, size_t size);

static void
test_seed (gconstpointer path)
{
  g_autofree char *text = NULL;
  g_autofree guint8 *exact = NULL;
  g_autoptr (GError) error = NULL;
  gsize size;

  g_file_get_contents (path, &text, &size, &error);
  g_assert_no_error (error);
  exact = g_memdup2 (text, MAX (size, 1)); /* without the 0 behind it, so that reading it is seen */
  LLVMFuzzerTestOneInput (exact, size);
}

static void
add_folder (const char *folder)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GDir) dir = g_dir_open (folder, 0, &error);
  const char *name;

  g_assert_no_error (error);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *test = g_strdup_printf ("/%s", name);

      g_test_add_data_func_full (test, g_build_filename (folder, name, NULL), test_seed, g_free);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  LLVMFuzzerInitialize (&argc, &argv);
  for (int i = 1; i < argc; i++)
    add_folder (argv[i]);
  return g_test_run ();
}
