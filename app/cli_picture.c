/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "app/cli_picture.h"

#include "app/cli_common.h"

#include <glib/gi18n-lib.h>

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
  if (picture->width_px < 0)
    return trama_cli_usage_error (_ ("a picture has a width of at least one pixel"));
  options->theme = (TramaThemeName) theme;
  options->mode = (TramaScaleMode) scale;
  if (picture->width_px > 0)
    options->width_px = picture->width_px;
  return TRAMA_CLI_OK;
}
