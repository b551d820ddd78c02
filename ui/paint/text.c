/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/paint/text.h"
#include "ui/paint/font_lock.h"

#include <math.h>
#include <string.h>

typedef enum
{
  UI_FONT,
  MONO_FONT,
  N_FONTS,
} Font;

/* The first that is there is taken. */
static const char *const families[N_FONTS] = {
  [UI_FONT] = "Inter, Cantarell, Noto Sans, sans-serif",
  [MONO_FONT] = "JetBrains Mono, DejaVu Sans Mono, monospace",
};

/* Of both fonts, in ems. */
#define HALF_CAPITAL 0.364

/* U+2028: breaks a line, and not the paragraph. */
#define LINE_SEPARATOR "\xe2\x80\xa8"

/* Of its size, by which text becomes smaller. */
#define SHRINK_STEP 0.04

/* Several screens full of labels. */
#define MAX_LAYOUTS 4096

typedef struct
{
  Font font;
  PangoWeight weight;
  double size_px;
  gboolean tabular;
} Style;

static const Style styles[TRAMA_N_TEXT_STYLES] = {
  [TRAMA_TEXT_NAME] = { UI_FONT, PANGO_WEIGHT_BOLD, 24 },
  [TRAMA_TEXT_INITIAL] = { UI_FONT, PANGO_WEIGHT_BOLD, 26 },
  [TRAMA_TEXT_SUBTITLE] = { UI_FONT, PANGO_WEIGHT_NORMAL, 16, TRUE },
  [TRAMA_TEXT_WIRE] = { UI_FONT, PANGO_WEIGHT_BOLD, 20 },
  [TRAMA_TEXT_AXIS] = { UI_FONT, PANGO_WEIGHT_SEMIBOLD, 17 },
  [TRAMA_TEXT_TICK] = { UI_FONT, PANGO_WEIGHT_NORMAL, 16, TRUE },
  [TRAMA_TEXT_TICK_ABSOLUTE] = { UI_FONT, PANGO_WEIGHT_BOLD, 16, TRUE },
  [TRAMA_TEXT_TEAR] = { UI_FONT, PANGO_WEIGHT_SEMIBOLD, 16, TRUE },
  [TRAMA_TEXT_PHASE] = { UI_FONT, PANGO_WEIGHT_SEMIBOLD, 14.5 },
  [TRAMA_TEXT_STATE] = { UI_FONT, PANGO_WEIGHT_BOLD, 14.5 },
  [TRAMA_TEXT_STATE_NOTE] = { UI_FONT, PANGO_WEIGHT_NORMAL, 13, TRUE },
  [TRAMA_TEXT_CALL_NAME] = { MONO_FONT, PANGO_WEIGHT_BOLD, 18 },
  [TRAMA_TEXT_CALL] = { MONO_FONT, PANGO_WEIGHT_NORMAL, 18 },
  [TRAMA_TEXT_PORT] = { MONO_FONT, PANGO_WEIGHT_MEDIUM, 17 },
  [TRAMA_TEXT_FLAGS] = { UI_FONT, PANGO_WEIGHT_BOLD, 18 },
  [TRAMA_TEXT_DETAIL] = { UI_FONT, PANGO_WEIGHT_MEDIUM, 18, TRUE },
  [TRAMA_TEXT_ACK_FLAGS] = { UI_FONT, PANGO_WEIGHT_SEMIBOLD, 16 },
  [TRAMA_TEXT_ACK_DETAIL] = { UI_FONT, PANGO_WEIGHT_NORMAL, 16, TRUE },
  [TRAMA_TEXT_CAPTION] = { UI_FONT, PANGO_WEIGHT_MEDIUM, 16 },
  [TRAMA_TEXT_NOTICE_MARK] = { UI_FONT, PANGO_WEIGHT_BOLD, 17 },
  [TRAMA_TEXT_COUNT] = { UI_FONT, PANGO_WEIGHT_SEMIBOLD, 15, TRUE },
  [TRAMA_TEXT_QUIET] = { UI_FONT, PANGO_WEIGHT_MEDIUM, 28 },
  [TRAMA_TEXT_LEGEND] = { UI_FONT, PANGO_WEIGHT_MEDIUM, 16 },
};

typedef struct
{
  char *text; /* owned by an entry, borrowed by a question */
  gint32 size;
  gint32 room;
  guint16 style;
  guint8 where;
  guint8 max_lines;
} Key;

typedef struct
{
  Key key; /* first: an entry is its own key */
  PangoLayout *layout;
  double width_px;
  double height_px;
  GList link;
} Entry;

typedef struct
{
  PangoContext *context;
  char *family[N_FONTS]; /* the one that is there */
  GHashTable *entries;
  GQueue recent; /* of Entry, the last used first */
} Cache;

static guint
key_hash (gconstpointer pointer)
{
  const Key *key = pointer;
  guint hash = g_str_hash (key->text);

  return ((hash * 31 + key->style) * 31 + (guint) key->size) * 31 + (guint) key->room;
}

static gboolean
key_equal (gconstpointer a_pointer, gconstpointer b_pointer)
{
  const Key *a = a_pointer;
  const Key *b = b_pointer;

  return a->style == b->style && a->size == b->size && a->room == b->room && a->where == b->where
         && a->max_lines == b->max_lines && g_str_equal (a->text, b->text);
}

static void
entry_free (gpointer pointer)
{
  Entry *entry = pointer;

  g_object_unref (entry->layout);
  g_free (entry->key.text);
  g_free (entry);
}

static void
cache_free (gpointer pointer)
{
  Cache *cache = pointer;

  trama_font_lock_take ();
  g_hash_table_unref (cache->entries);
  for (guint i = 0; i < N_FONTS; i++)
    g_free (cache->family[i]);
  g_object_unref (cache->context);
  trama_font_lock_give ();
  g_free (cache);
}

/* The default font map belongs to its thread, and so must everything made from it. */
static GPrivate cache_of_thread = G_PRIVATE_INIT (cache_free);

/*
 * Of each size Pango measures the font that it has found once more, under that font's own name. Asked for
 * by this name it need not look among all that are installed a second time. The caller's to free.
 */
static char *
find_family (PangoContext *context, const char *names)
{
  PangoFontDescription *wanted = pango_font_description_new (), *found = NULL;
  g_autoptr (PangoFont) font = NULL;
  char *family;

  pango_font_description_set_family_static (wanted, names);
  font = pango_context_load_font (context, wanted);
  if (font != NULL)
    found = pango_font_describe (font);
  family = g_strdup (found != NULL ? pango_font_description_get_family (found) : names);
  pango_font_description_free (wanted);
  pango_font_description_free (found);
  return family;
}

static Cache *
cache_new (void)
{
  Cache *cache = g_new0 (Cache, 1);
  cairo_font_options_t *options = cairo_font_options_create ();

  cairo_font_options_set_antialias (options, CAIRO_ANTIALIAS_GRAY);
  cairo_font_options_set_hint_style (options, CAIRO_HINT_STYLE_NONE);
  cairo_font_options_set_hint_metrics (options, CAIRO_HINT_METRICS_OFF);
  cache->context = pango_font_map_create_context (pango_cairo_font_map_get_default ());
  pango_cairo_context_set_font_options (cache->context, options);
  pango_cairo_context_set_resolution (cache->context, 96);
  cairo_font_options_destroy (options);
  for (guint i = 0; i < N_FONTS; i++)
    cache->family[i] = find_family (cache->context, families[i]);
  cache->entries = g_hash_table_new_full (key_hash, key_equal, NULL, entry_free);
  g_queue_init (&cache->recent);
  return cache;
}

static Cache *
cache_get (void)
{
  Cache *cache = g_private_get (&cache_of_thread);

  if (cache == NULL)
    {
      cache = cache_new ();
      g_private_set (&cache_of_thread, cache);
    }
  return cache;
}

static PangoAttrList *
attributes_new (const Cache *cache, const Style *style, int size)
{
  PangoAttrList *attributes = pango_attr_list_new ();

  pango_attr_list_insert (attributes, pango_attr_family_new (cache->family[style->font]));
  pango_attr_list_insert (attributes, pango_attr_weight_new (style->weight));
  pango_attr_list_insert (attributes, pango_attr_size_new_absolute (size));
  if (style->tabular)
    pango_attr_list_insert (attributes, pango_attr_font_features_new ("tnum=1"));
  return attributes;
}

static void
limit_layout (PangoLayout *layout, const Key *key)
{
  if (key->room <= 0)
    return;
  pango_layout_set_width (layout, key->room * PANGO_SCALE);
  pango_layout_set_ellipsize (layout, (PangoEllipsizeMode) key->where);
  if (key->max_lines > 1)
    {
      pango_layout_set_wrap (layout, PANGO_WRAP_WORD_CHAR);
      pango_layout_set_height (layout, -(int) key->max_lines);
      pango_layout_set_alignment (layout,
                                  key->style == TRAMA_TEXT_CAPTION ? PANGO_ALIGN_LEFT : PANGO_ALIGN_CENTER);
    }
}

/*
 * The height of a layout in lines counts for each paragraph: what may have several lines is
 * one paragraph, with line separators for its breaks.
 */
static char *
text_of (const Key *key)
{
  g_autofree char *valid = g_utf8_make_valid (key->text, -1);
  g_auto (GStrv) lines = NULL;

  if (key->max_lines <= 1)
    return g_steal_pointer (&valid);
  lines = g_strsplit (valid, "\n", -1);
  return g_strjoinv (LINE_SEPARATOR, lines);
}

static Entry *cache_find (Cache *cache, const Key *key);

/* Alone, in one line. */
static double
measure_word (Cache *cache, const Key *key, const char *word, gsize length)
{
  g_autofree char *copy = g_strndup (word, length);
  const Key alone = { .text = copy, .size = key->size, .style = key->style, .where = key->where };

  return cache_find (cache, &alone)->width_px;
}

/* Pango would break an address behind a colon. A word that has no room in a line is broken all the same. */
static void
keep_words (Cache *cache, const Key *key, const char *shown, PangoAttrList *attributes)
{
  for (const char *word = shown; *word != '\0';)
    {
      const char *separator = strstr (word, LINE_SEPARATOR);
      gsize length = strcspn (word, " -");

      if (separator != NULL)
        length = MIN (length, (gsize) (separator - word));

      if (memchr (word, ':', length) != NULL && measure_word (cache, key, word, length) <= key->room)
        {
          PangoAttribute *whole = pango_attr_allow_breaks_new (FALSE);

          whole->start_index = (guint) (word - shown);
          whole->end_index = (guint) (word - shown + (gssize) length);
          pango_attr_list_insert (attributes, whole);
        }
      word += length;
      word = *word != '\0' ? g_utf8_next_char (word) : word;
    }
}

static Entry *
entry_new (Cache *cache, const Key *key)
{
  Entry *entry = g_new0 (Entry, 1);
  PangoAttrList *attributes = attributes_new (cache, &styles[key->style], key->size);
  g_autofree char *shown = text_of (key);
  PangoRectangle extents;

  entry->key = *key;
  entry->key.text = g_strdup (key->text);
  entry->link.data = entry;
  entry->layout = pango_layout_new (cache->context);
  if (key->max_lines > 1)
    keep_words (cache, key, shown, attributes);
  pango_layout_set_attributes (entry->layout, attributes);
  pango_layout_set_auto_dir (entry->layout, FALSE);
  pango_layout_set_single_paragraph_mode (entry->layout, key->max_lines <= 1);
  limit_layout (entry->layout, key);
  pango_layout_set_text (entry->layout, shown, -1);
  /* The height of a whole layout would need metrics of the font, which it takes long to learn. */
  if (key->max_lines > 1)
    pango_layout_get_extents (entry->layout, NULL, &extents);
  else
    pango_layout_line_get_extents (pango_layout_get_line_readonly (entry->layout, 0), NULL, &extents);
  entry->width_px = (double) extents.width / PANGO_SCALE;
  entry->height_px = (double) extents.height / PANGO_SCALE;
  pango_attr_list_unref (attributes);
  return entry;
}

static Entry *
cache_find (Cache *cache, const Key *key)
{
  Entry *entry = g_hash_table_lookup (cache->entries, key);

  if (entry != NULL)
    {
      g_queue_unlink (&cache->recent, &entry->link);
      g_queue_push_head_link (&cache->recent, &entry->link);
      return entry;
    }
  if (g_queue_get_length (&cache->recent) >= MAX_LAYOUTS)
    {
      GList *last = g_queue_pop_tail_link (&cache->recent);
      g_hash_table_remove (cache->entries, last->data);
    }
  entry = entry_new (cache, key);
  g_hash_table_add (cache->entries, entry);
  g_queue_push_head_link (&cache->recent, &entry->link);
  return entry;
}

static Entry *
find_entry (const TramaText *text)
{
  const double size = styles[text->style].size_px * text->scale;
  const Key key = {
    .text = (char *) (text->text != NULL ? text->text : ""),
    .size = (gint32) lround (size * PANGO_SCALE),
    .room = (gint32) CLAMP (text->room_px, 0, 100000),
    .style = (guint16) text->style,
    .where = (guint8) (text->where != PANGO_ELLIPSIZE_NONE ? text->where : PANGO_ELLIPSIZE_END),
    .max_lines = (guint8) MIN (text->max_lines, 255),
  };

  return cache_find (cache_get (), &key);
}

void
trama_text_measure (const TramaText *text, double *width_px, double *height_px)
{
  const Entry *entry;

  trama_font_lock_take ();
  entry = find_entry (text);
  trama_font_lock_give ();
  if (width_px != NULL)
    *width_px = entry->width_px;
  if (height_px != NULL)
    *height_px = entry->height_px;
}

/*
 * In steps, as glyphs stand on whole pixels: a width does not shrink quite as its size does.
 * Those that are much too large are passed over: each size is a font to be loaded.
 */
void
trama_text_shrink (TramaText *text, double room_px, double least)
{
  const double full = text->scale;
  double full_width, width;

  trama_text_measure (text, &full_width, NULL);
  if (full_width <= room_px)
    return;
  for (double part = 1 - SHRINK_STEP; part >= least; part -= SHRINK_STEP)
    {
      text->scale = full * part;
      if (full_width * (part - SHRINK_STEP) > room_px)
        continue;
      trama_text_measure (text, &width, NULL);
      if (width <= room_px)
        return;
    }
  text->room_px = MAX (room_px, 1);
}

/* An ellipsis alone says nothing. */
static gboolean
is_worth_drawing (const TramaText *text, const Entry *entry)
{
  return text->room_px <= 0 || text->room_px >= styles[text->style].size_px * text->scale * 1.5
         || !pango_layout_is_ellipsized (entry->layout);
}

static gboolean
is_nothing (const TramaText *text)
{
  return text->text == NULL || text->text[0] == '\0';
}

/* Where its first baseline begins, or its upper left corner when it has several lines. */
static void
find_place (const TramaText *text, const Entry *entry, double align, double *x, double *y)
{
  if (text->max_lines > 1)
    {
      *x = round (*x - align * text->room_px);
      *y = round (*y - entry->height_px / 2);
    }
  else
    {
      *x = round (*x - align * entry->width_px);
      *y = round (*y + styles[text->style].size_px * text->scale * HALF_CAPITAL);
    }
}

/* Whole pixels, because cairo puts every glyph on one: else letters would dance about the baseline. */
static void
draw (cairo_t *cr, const TramaText *text, double x, double y, double align)
{
  const Entry *entry = find_entry (text);

  if (!is_worth_drawing (text, entry))
    return;
  find_place (text, entry, align, &x, &y);
  cairo_move_to (cr, x, y);
  if (text->max_lines > 1)
    pango_cairo_show_layout (cr, entry->layout);
  else
    pango_cairo_show_layout_line (cr, pango_layout_get_line_readonly (entry->layout, 0));
  cairo_new_path (cr);
}

void
trama_text_draw (cairo_t *cr, const TramaText *text, double x, double y, double align)
{
  if (is_nothing (text))
    return;
  trama_font_lock_take ();
  draw (cr, text, x, y, align);
  trama_font_lock_give ();
}

static int
compare_runs (gconstpointer a, gconstpointer b)
{
  const PangoLayoutRun *x = a, *y = b;

  return x->item->offset - y->item->offset;
}

/* In the order in which it is read; the caller's to free. */
static char *
get_line_text (PangoLayout *layout, const PangoLayoutLine *line)
{
  const char *whole = pango_layout_get_text (layout);
  g_autoptr (GSList) runs = g_slist_sort (g_slist_copy (line->runs), compare_runs);
  GString *text = g_string_new (NULL);

  for (const GSList *at = runs; at != NULL; at = at->next)
    {
      const PangoItem *item = ((const PangoLayoutRun *) at->data)->item;

      if (item->analysis.flags & PANGO_ANALYSIS_FLAG_IS_ELLIPSIS)
        g_string_append (text, "…");
      else
        g_string_append_len (text, whole + item->offset, item->length);
    }
  if (g_str_has_suffix (text->str, LINE_SEPARATOR))
    g_string_truncate (text, text->len - strlen (LINE_SEPARATOR));
  return g_string_free (text, FALSE);
}

static void
place (const TramaText *text, double x, double y, double align, TramaTextLineFunc func, gpointer user_data)
{
  const Style *style = &styles[text->style];
  const Entry *entry = find_entry (text);
  PangoLayoutIter *iter;

  if (!is_worth_drawing (text, entry))
    return;
  find_place (text, entry, align, &x, &y);
  iter = pango_layout_get_iter (entry->layout);
  do
    {
      PangoLayoutLine *line = pango_layout_iter_get_line_readonly (iter);
      g_autofree char *shown = get_line_text (entry->layout, line);
      PangoRectangle extents;
      TramaTextLine placed = { .text = shown,
                               .family = families[style->font],
                               .weight = style->weight,
                               .tabular = style->tabular,
                               .size_px = style->size_px * text->scale,
                               .x = x,
                               .baseline_y = y };

      pango_layout_iter_get_line_extents (iter, NULL, &extents);
      placed.width_px = (double) extents.width / PANGO_SCALE;
      if (text->max_lines > 1)
        {
          placed.x += (double) extents.x / PANGO_SCALE;
          placed.baseline_y += (double) pango_layout_iter_get_baseline (iter) / PANGO_SCALE;
        }
      func (&placed, user_data);
    }
  while (pango_layout_iter_next_line (iter));
  pango_layout_iter_free (iter);
}

void
trama_text_place (const TramaText *text,
                  double x,
                  double y,
                  double align,
                  TramaTextLineFunc func,
                  gpointer user_data)
{
  if (is_nothing (text))
    return;
  trama_font_lock_take ();
  place (text, x, y, align, func, user_data);
  trama_font_lock_give ();
}
