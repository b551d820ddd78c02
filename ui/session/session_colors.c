/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/session/session_colors.h"
#include "ui/session/session_words.h"

#define TAG_MISTAKE "mistake"

typedef struct
{
  const char *name;
  const char *light; /* at least 4.5:1 on white */
  const char *dark;  /* and on #2D2D2D */
  PangoWeight weight;
  PangoStyle style;
} Look;

static const Look looks[TRAMA_N_WORD_KINDS] = {
  [TRAMA_WORD_COMMENT] = { "comment", "#66707A", "#9AA5B0", PANGO_WEIGHT_NORMAL, PANGO_STYLE_ITALIC },
  [TRAMA_WORD_STRING] = { "string", "#046A55", "#4FD1A0", PANGO_WEIGHT_NORMAL, PANGO_STYLE_NORMAL },
  [TRAMA_WORD_CALL] = { "call", "#2F66CC", "#A9B6FF", PANGO_WEIGHT_BOLD, PANGO_STYLE_NORMAL },
  [TRAMA_WORD_KEYWORD] = { "keyword", "#76107A", "#D39BF0", PANGO_WEIGHT_NORMAL, PANGO_STYLE_NORMAL },
  [TRAMA_WORD_CONSTANT] = { "constant", "#B23616", "#F6917F", PANGO_WEIGHT_NORMAL, PANGO_STYLE_NORMAL },
  [TRAMA_WORD_NUMBER] = { "number", "#8A5000", "#FBB929", PANGO_WEIGHT_NORMAL, PANGO_STYLE_NORMAL },
  [TRAMA_WORD_ACTOR] = { "actor", NULL, NULL, PANGO_WEIGHT_BOLD, PANGO_STYLE_NORMAL },
};

static void
prepare_tag (GtkTextTagTable *table, const Look *look, gboolean dark)
{
  GtkTextTag *tag = gtk_text_tag_table_lookup (table, look->name);
  const char *color = dark ? look->dark : look->light;

  if (tag == NULL)
    {
      tag = gtk_text_tag_new (look->name);
      g_object_set (tag, "weight", look->weight, "style", look->style, NULL);
      gtk_text_tag_table_add (table, tag);
      g_object_unref (tag);
    }
  if (color != NULL)
    g_object_set (tag, "foreground", color, NULL);
}

static void
prepare_mistake (GtkTextTagTable *table, gboolean dark)
{
  GtkTextTag *tag = gtk_text_tag_table_lookup (table, TAG_MISTAKE);
  GdkRGBA color;

  if (tag == NULL)
    {
      tag = gtk_text_tag_new (TAG_MISTAKE);
      g_object_set (tag, "underline", PANGO_UNDERLINE_ERROR, NULL);
      gtk_text_tag_table_add (table, tag);
      g_object_unref (tag);
    }
  gdk_rgba_parse (&color, dark ? "#FF6B5B" : "#C01C28");
  g_object_set (tag, "underline-rgba", &color, NULL);
  color.alpha = 0.22f;
  g_object_set (tag, "background-rgba", &color, NULL);
}

void
trama_session_colors_prepare (GtkTextBuffer *buffer, gboolean dark)
{
  GtkTextTagTable *table = gtk_text_buffer_get_tag_table (buffer);

  for (guint i = 0; i < TRAMA_N_WORD_KINDS; i++)
    prepare_tag (table, &looks[i], dark);
  prepare_mistake (table, dark);
}

static void
clear_line (GtkTextBuffer *buffer, const GtkTextIter *start, const GtkTextIter *end)
{
  for (guint i = 0; i < TRAMA_N_WORD_KINDS; i++)
    gtk_text_buffer_remove_tag_by_name (buffer, looks[i].name, start, end);
}

static void
color_line (GtkTextBuffer *buffer, int line)
{
  g_autofree char *text = NULL;
  GtkTextIter start;
  GtkTextIter end;
  TramaWord word = { 0 };

  gtk_text_buffer_get_iter_at_line (buffer, &start, line);
  end = start;
  if (!gtk_text_iter_ends_line (&end))
    gtk_text_iter_forward_to_line_end (&end);
  clear_line (buffer, &start, &end);
  text = gtk_text_buffer_get_text (buffer, &start, &end, TRUE);
  while (trama_session_words_next (text, word.end_bytes, &word))
    {
      gtk_text_iter_set_line_index (&start, (int) word.start_bytes);
      end = start;
      gtk_text_iter_set_line_index (&end, (int) word.end_bytes);
      gtk_text_buffer_apply_tag_by_name (buffer, looks[word.kind].name, &start, &end);
    }
}

void
trama_session_colors_apply (GtkTextBuffer *buffer, int first, int last)
{
  for (int line = first; line <= last; line++)
    color_line (buffer, line);
}

static gboolean
is_word (gunichar character)
{
  return g_unichar_isalnum (character) || character == '_';
}

/* The whole word at the place; of what is no word, one character; at a line's end, the last one before it. */
static void
find_mistake (GtkTextIter *start, GtkTextIter *end)
{
  *end = *start;
  if (gtk_text_iter_ends_line (start))
    {
      while (!gtk_text_iter_starts_line (start))
        {
          gtk_text_iter_backward_char (start);
          if (!g_unichar_isspace (gtk_text_iter_get_char (start)))
            break;
        }
      return;
    }
  gtk_text_iter_forward_char (end);
  if (!is_word (gtk_text_iter_get_char (start)))
    return;
  while (!gtk_text_iter_ends_line (end) && is_word (gtk_text_iter_get_char (end)))
    gtk_text_iter_forward_char (end);
}

/* The line without the blanks before it. */
static void
find_statement (GtkTextIter *start, GtkTextIter *end)
{
  while (!gtk_text_iter_ends_line (start) && g_unichar_isspace (gtk_text_iter_get_char (start)))
    gtk_text_iter_forward_char (start);
  *end = *start;
  if (!gtk_text_iter_ends_line (end))
    gtk_text_iter_forward_to_line_end (end);
}

void
trama_session_colors_mark_mistake (GtkTextBuffer *buffer, guint line, guint column)
{
  GtkTextIter start;
  GtkTextIter end;

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  gtk_text_buffer_remove_tag_by_name (buffer, TAG_MISTAKE, &start, &end);
  if (line == 0 || (int) line > gtk_text_buffer_get_line_count (buffer))
    return;
  gtk_text_buffer_get_iter_at_line_offset (buffer, &start, (int) line - 1, MAX ((int) column - 1, 0));
  if (column > 0)
    find_mistake (&start, &end);
  else
    find_statement (&start, &end);
  gtk_text_buffer_apply_tag_by_name (buffer, TAG_MISTAKE, &start, &end);
}
