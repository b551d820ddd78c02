/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "app/cli_picture.h"

#include "app/cli_common.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* The most is more than any printer has, and less than any screen. */
#define ZOOM_MIN 0.1
#define ZOOM_MAX 100

static const char *const themes[] = {
  [TRAMA_THEME_LIGHT] = "light",
  [TRAMA_THEME_DARK] = "dark",
  [TRAMA_THEME_PRINT] = "print",
};

static const char *const scales[] = {
  [TRAMA_SCALE_FOLDED] = "fold",
  [TRAMA_SCALE_TO_SCALE] = "true",
  [TRAMA_SCALE_ROWS] = "even",
};

/* G_MAXUINT: it is none of them. */
static guint
find_word (const char *word, const char *const *words, guint n_words)
{
  for (guint i = 0; i < n_words; i++)
    if (g_str_equal (word, words[i]))
      return i;
  return G_MAXUINT;
}

void
trama_cli_picture_init (TramaCliPicture *picture)
{
  *picture = (TramaCliPicture){
    .zoom = trama_export_defaults.pixel_scale,
    .width_px = (int) trama_export_defaults.width_px,
  };
}

void
trama_cli_picture_clear (TramaCliPicture *picture)
{
  g_free (picture->theme);
  g_free (picture->scale);
}

int
trama_cli_picture_read (const TramaCliPicture *picture, TramaExportOptions *options)
{
  guint theme = picture->dark ? TRAMA_THEME_DARK : TRAMA_THEME_LIGHT, scale = TRAMA_SCALE_FOLDED;

  if (picture->theme != NULL)
    theme = find_word (picture->theme, themes, G_N_ELEMENTS (themes));
  if (picture->scale != NULL)
    scale = find_word (picture->scale, scales, G_N_ELEMENTS (scales));
  if (theme == G_MAXUINT)
    return trama_cli_usage_error (_ ("a theme is light, dark or print"));
  if (scale == G_MAXUINT)
    return trama_cli_usage_error (_ ("a scale is fold, true or even"));
  if (picture->width_px < 1 || picture->width_px > TRAMA_EXPORT_WIDTH_MAX_PX)
    return trama_cli_usage_error (_ ("a picture is from 1 to 32767 pixels wide, or as its columns need"));
  if (!(picture->zoom >= ZOOM_MIN && picture->zoom <= ZOOM_MAX))
    return trama_cli_usage_error (_ ("a picture is enlarged from 0.1 to 100 times"));
  options->theme = (TramaThemeName) theme;
  options->mode = (TramaScaleMode) scale;
  options->width_px = picture->width_px;
  options->pixel_scale = picture->zoom;
  return TRAMA_CLI_OK;
}

/* It was asked for one file. */
static void
tell_files (const char *path, guint n_files)
{
  const char *dot = strrchr (path, '.');
  g_autofree char *stem = g_strndup (path, (gsize) (dot - path));
  g_autofree char *shown = g_filename_display_name (stem);
  g_autofree char *message = g_strdup_printf (_ ("too high for one PNG; there are %u: %s-…%s"), n_files,
                                              shown, dot);

  trama_cli_complain (message);
}

gboolean
trama_cli_picture_draw (TramaFlowTable *table, const char *path, const TramaExportOptions *options)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TramaExporter) exporter = trama_exporter_new (table, path, options, &error);
  TramaExportSize size = { 0 };

  if (exporter != NULL)
    size = trama_exporter_get_size (exporter);
  for (guint i = 0; i < size.n_steps && error == NULL; i++)
    trama_exporter_step (exporter, &error);
  if (error != NULL)
    trama_cli_complain (error->message);
  else if (size.n_files > 1)
    tell_files (path, size.n_files);
  return error == NULL;
}
